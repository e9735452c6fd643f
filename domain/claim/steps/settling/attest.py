"""A revisor signs a statement: who may sign, what it must say, and over which lines.

What a Norwegian særattestasjon holds are the fields of `ClaimAttested`: scheme and budget item, addressee, what is
attested and in which document it stands, the control actions, the result per line, place, date, name, firm.
"""

from typing import Annotated, Final, Literal

from pydantic import Field

from domain.claim.parts.parts import AttestedContent, AttestedLine, Finding, Written, WrittenName
from domain.claim.parts.status import Status
from domain.claim.rights.days import check_happened
from domain.claim.rights.lines import check_granted
from domain.claim.rights.step import REVISOR, Acting, ClaimStep, Events, Step
from domain.claim.stream.events import ClaimAttested
from domain.claim.stream.state import GrantClaim
from domain.values.fields import Day, Name
from domain.values.refusals.refusal import refused


class Attest(ClaimStep):
    """Sign a statement over named lines, today unless `signed_on` says another day."""

    type: Literal["attest"] = "attest"
    grant_scheme: Name
    budget_item: Name
    addressee: Name
    attested: Annotated[tuple[AttestedContent, ...], Field(min_length=1, max_length=1_000)]
    control_actions: Annotated[tuple[Written, ...], Field(min_length=1, max_length=100)]
    lines: Annotated[tuple[AttestedLine, ...], Field(min_length=1, max_length=1_000)]
    place: WrittenName
    signed_on: Day | None = None
    name: WrittenName
    firm: WrittenName


def attest(claim: GrantClaim, asked: Attest, acting: Acting) -> Events:
    """Over lines exactly as they were decided."""
    followed = "vedtaket" if claim.settled_on == claim.decided_on else "utbetalingen"
    signed_on = asked.signed_on or acting.day
    check_happened(signed_on, acting.day, claim.settled_on, followed)
    _check_documents(claim, asked)
    _check_lines(claim, asked)
    decision, statement = claim.decisions[-1].number, claim.statements + 1
    return [acting.as_asked(ClaimAttested, asked, signed_on=signed_on, statement=statement, decision=decision)]


def _check_granted_something(claim: GrantClaim) -> None:
    if not claim.granted:
        raise refused("nothing-granted")


def _check_documents(claim: GrantClaim, asked: Attest) -> None:
    """What is attested stands in documents that belong to the claim."""
    for each in asked.attested:
        if each.document not in claim.documents:
            raise refused("unknown-document", document=each.document)


def _check_lines(claim: GrantClaim, asked: Attest) -> None:
    seen: set[str] = set()
    for line in asked.lines:
        if line.hpr in seen:
            raise refused("line-twice", hpr=line.hpr)
        seen.add(line.hpr)
        check_granted(claim, line.hpr)
        if line.digest != claim.decisions[-1].assessment.lines[line.hpr].digest:
            raise refused("line-content-differs", hpr=line.hpr)
        _check_finding(line, claim.granted[line.hpr].kroner)


def _check_finding(line: AttestedLine, granted: int) -> None:
    """A deviation has kroner and words, what was not possible has words, and what is confirmed has no kroner.

    No more can be found to be too much than was granted.
    """
    if line.finding is Finding.DEVIATION and (not line.kroner or line.remark is None):
        raise refused("deviation-incomplete", hpr=line.hpr)
    if line.finding is Finding.NOT_POSSIBLE and line.remark is None:
        raise refused("remark-missing", hpr=line.hpr)
    if line.finding is not Finding.DEVIATION and line.kroner is not None:
        raise refused("kroner-without-deviation", hpr=line.hpr)
    if line.kroner is not None and line.kroner > granted:
        raise refused("deviation-beyond-granted", hpr=line.hpr, kroner=granted)


ATTEST: Final = Step(
    asked=Attest,
    decide=attest,
    statuses=frozenset({Status.PAID, Status.ATTESTED}),
    roles=REVISOR,
    help="Signerer en revisorattest; uten lines bekreftes alle innvilgede linjer (revisor).",
    too_early="not-paid",
    check=_check_granted_something,
    makes=(ClaimAttested,),
)
