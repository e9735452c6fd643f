"""A line that a doctor has now and that the decision which holds does not have."""

from dataclasses import replace

from domain.claim.lines.effect import AffectedLine, Knowledge, KnownLine, LineSubject, affected, known_line
from domain.claim.parts.limits import EVERYTHING
from domain.claim.stream.state import GrantClaim
from domain.doctor.history import as_known


def lacking(subject: LineSubject, known: Knowledge, now: KnownLine, left_out: Knowledge | None) -> AffectedLine | None:
    """The line, compared with no line; None if it gives no kroner, or if a person removed it as it still is.

    `left_out` is what was known when a person did.
    """
    if now.amount == 0 or (left_out is not None and _as_known(subject, left_out).digest == now.digest):
        return None
    found = affected(subject, Knowledge((), known.rules), known, now)
    return None if found is None else replace(found, is_lacking=True)


def lacking_subject(claim: GrantClaim, hpr: str) -> LineSubject:
    """Whose line it is; limited where a person has limited it since."""
    line = claim.lines.get(hpr)
    return LineSubject(hpr, claim.municipality, line.limits if line else EVERYTHING)


def _as_known(subject: LineSubject, known: Knowledge) -> KnownLine:
    return known_line(subject, as_known(known.facts), known.rules)
