"""The demonstration's claims, each taken through its life one step at a time from where it stands.

What is done stays done: a second run finds a claim where the first left it, and one that was broken off goes on.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from deploy.clock import now
from domain.casework.commands.commands import Actor
from domain.casework.service import Casework
from domain.claim.parts.name import name_of
from domain.claim.parts.parts import in_line_order
from domain.claim.stream.events import AttestationRequested
from domain.claim.stream.state import NO_CLAIM, GrantClaim, Status
from domain.store import Document
from domain.values.norwegian_time import norwegian_day
from domain.values.refusals.refusal import Refused
from projections.claims.claims import events_of
from workers.claims.claim_steps import all_lines, step_of, usual
from workers.shell.session import command

_AGREEMENT: Final = Document(
    "text/plain", "ALIS-avtale. Et eksempel til utprøving, ikke en avtale med noen.\n".encode()
)
DIGEST: Final = f"sha256:{_AGREEMENT.digest.hex()}"
_MOST_STEPS: Final = 1_000
Moments = Mapping[Status | None, datetime]
"""When the step is taken that leads on from each status; None is a claim that is not opened."""
IN_SPRING: Final[Moments] = {
    None: datetime(2026, 3, 16, 8, 0, tzinfo=UTC),
    Status.OPENED: datetime(2026, 3, 24, 12, 0, tzinfo=UTC),
    Status.SUBMITTED: datetime(2026, 4, 15, 9, 0, tzinfo=UTC),
    Status.ASSESSED: datetime(2026, 4, 16, 10, 0, tzinfo=UTC),
    Status.PROPOSED: datetime(2026, 4, 22, 11, 0, tzinfo=UTC),
    Status.DECIDED: datetime(2026, 4, 30, 7, 0, tzinfo=UTC),
}
"""Decided and paid in the spring of 2026, and left there."""
SUBMITTED: Final[Moments] = {status: IN_SPRING[status] for status in (None, Status.OPENED)}
"""Submitted in the spring of 2026, for a caseworker to take up."""
Step = tuple[str, str, dict[str, Any]]
"""Who, which step, and what it says."""
_CASEWORKER: Final = "saksbehandler:ada"
_APPROVER: Final = "godkjenner:bo"
_REVISOR: Final = "revisor:ciri"
_PLAIN: Final[Mapping[Status, Step]] = {
    Status.SUBMITTED: (_CASEWORKER, "assess", {}),
    Status.PROPOSED: (_APPROVER, "approve", {}),
    Status.ATTESTED: (_CASEWORKER, "accept_report", {}),
    Status.REPORT_ACCEPTED: (_CASEWORKER, "close", {}),
}
_ACCOUNT: Final = "12345678903"
_SOME_ORGANISATION: Final = "972418013"
_STATEMENT: Final[dict[str, Any]] = {
    "grant_scheme": "Nasjonal ALIS og veiledning",
    "budget_item": "Kap. 762 post 63",
    "addressee": "Helsedirektoratet",
    "attested": [{"what": "ALIS-avtalene er inngått", "document": DIGEST}],
    "control_actions": ["Avtalene er lest og sammenholdt med søknaden."],
    "place": "Bodø",
    "name": "Ciri Revisor",
    "firm": "Demorevisjon",
}


def live(casework: Casework, municipality: str, round_id: str, moments: Moments | None = None) -> None:
    """Take the claim to its end now, or as far as there are moments."""
    name = name_of(municipality, round_id)
    for _ in range(_MOST_STEPS):
        claim, version = _claim(casework, name)
        if _is_left_alone(claim) or (moments is not None and claim.status not in moments):
            break
        moment = moments[claim.status] if moments else now()
        who, step, fields = _next(casework, claim, moment) if claim.status else (f"kommune:{municipality}", "open", {})
        actor = Actor.acting(who, organisation=municipality if who.startswith("revisor") else None)
        document = _AGREEMENT if step == "attach_document" else None
        asked = step_of(step, usual(step, fields, claim))
        try:
            casework.claims.do(name, asked, command(actor, "terminal"), moment, version, document)
        except Refused:
            if _claim(casework, name)[1] == version:  # else another demonstration took a step meanwhile
                raise


def _is_left_alone(claim: GrantClaim) -> bool:
    """A claim at its end, or one that a person has reopened."""
    at_its_end = claim.status in {Status.CLOSED, Status.WITHDRAWN}
    return at_its_end or claim.reopened is not None or len(claim.decisions) > 1


def _claim(casework: Casework, name: str) -> tuple[GrantClaim, int]:
    try:
        claim = casework.claims.claim(name)
    except Refused:
        return NO_CLAIM, 0
    return claim.state, claim.version


def _next(casework: Casework, claim: GrantClaim, moment: datetime) -> Step:
    """Who does what next."""
    today = norwegian_day(moment).isoformat()
    match claim.status:
        case Status.ASSESSED:
            return _CASEWORKER, "propose", {"lines": list(_refused_lines(claim))}
        case Status.DECIDED:
            return (
                _CASEWORKER,
                "pay",
                {"paid_on": today, "account": _ACCOUNT, "organisation_number": _own(casework, claim)},
            )
        case Status.PAID if not _is_asked(casework, claim.name):
            return _CASEWORKER, "request_attestation", {"revisor": _REVISOR}
        case Status.PAID:
            return _REVISOR, "attest", {"signed_on": today, **_STATEMENT}
        case Status() if claim.status in _PLAIN:
            return _PLAIN[claim.status]
        case _:
            return _by_the_municipality(casework, claim, moment)


def _own(casework: Casework, claim: GrantClaim) -> str:
    """The municipality's organisation number; where the list has none, one that can be right."""
    where = casework.book.rule_set(None, claim.round).municipalities.by_code[claim.municipality]
    return where.organisation_number or _SOME_ORGANISATION


def _by_the_municipality(casework: Casework, claim: GrantClaim, moment: datetime) -> Step:
    municipality = f"kommune:{claim.municipality}"
    waiting = all_lines(claim)
    if waiting:
        return municipality, "confirm_line", waiting[0]
    if DIGEST not in claim.documents:
        said = {"document": DIGEST, "kind": "agreement", "media_type": _AGREEMENT.media_type}
        return municipality, "attach_document", {**said, "size": len(_AGREEMENT.content), "name": "ALIS-avtale"}
    deadline = casework.book.rule_set(None, claim.round).round.claim_deadline
    if deadline and norwegian_day(moment) > deadline and claim.late_until is None:
        return _CASEWORKER, "allow_late_submission", {"reason": "Demonstrasjon etter fristen."}
    return municipality, "submit", {"name": "Demo Demosen"}


def _refused_lines(claim: GrantClaim) -> Iterator[dict[str, Any]]:
    """The lines that nothing can be granted on."""
    assessed = claim.assessment.lines if claim.assessment else {}
    for hpr in in_line_order(assessed):
        if not assessed[hpr].amount:
            why = {"reason_code": "conditions_not_met", "reason": "Ingen tilskuddsmåned i perioden."}
            yield {"hpr": hpr, "outcome": "refused", "kroner": 0, **why}


def _is_asked(casework: Casework, name: str) -> bool:
    return any(isinstance(event, AttestationRequested) for event in events_of(casework.claims.events(name)))
