"""A caseworker proposes what to decide, line by line."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Final, Literal

from pydantic import Field

from domain.claim.parts.parts import AssessedLine, DecidedLine, Outcome, in_line_order
from domain.claim.parts.status import Status
from domain.claim.rights.lines import check_in_claim
from domain.claim.rights.step import CASEWORKER, Acting, ClaimStep, Events, Step
from domain.claim.stream.events import DecisionProposed
from domain.claim.stream.made import Assessment
from domain.claim.stream.state import GrantClaim
from domain.values.fields import MOST_KRONER
from domain.values.refusals.refusal import refused
from domain.values.words import listed

_REFUSAL: Final = (
    'lines=\'[{"hpr": "9000001", "outcome": "refused", "kroner": 0, '
    '"reason_code": "conditions_not_met", "reason": "Ingen stilling"}]\''
)


class Propose(ClaimStep):
    """Propose what to decide; lines that are not named are granted as assessed."""

    type: Literal["propose"] = "propose"
    lines: Annotated[tuple[DecidedLine, ...], Field(max_length=1_000)] = ()


def propose(claim: GrantClaim, asked: Propose, acting: Acting) -> Events:
    """Each line once; one that is not named is granted as assessed, unless it got less than it could before."""
    assessment = claim.assessment
    assert assessment is not None  # noqa: S101 - the status says so
    named = _by_doctor(asked.lines)
    for hpr in named:
        check_in_claim(claim, hpr)
    _check_reasons(assessment, named)
    lines = tuple(_decided(assessment.lines[hpr], named.get(hpr)) for hpr in in_line_order(assessment.lines))
    for line in lines:
        if line.hpr not in named and claim.decided and claim.decided.gave_less(line.hpr):
            raise refused("granted-less-before", hpr=line.hpr, kroner=claim.decided.lines[line.hpr].kroner)
    number = claim.proposals.next
    return [acting.event(DecisionProposed, decision=number, assessment=assessment.number, lines=lines)]


def _by_doctor(lines: Sequence[DecidedLine]) -> Mapping[str, DecidedLine]:
    found: dict[str, DecidedLine] = {}
    for line in lines:
        if line.hpr in found:
            raise refused("line-twice", hpr=line.hpr)
        found[line.hpr] = line
    return found


def _check_reasons(assessment: Assessment, named: Mapping[str, DecidedLine]) -> None:
    """Raise `Refused` with every line that comes to nothing and has no reason."""
    nothing = [hpr for hpr, line in assessment.lines.items() if line.amount == 0 and hpr not in named]
    if nothing:
        raise refused("reason-missing", lines=listed(in_line_order(nothing)))


def _decided(assessed: AssessedLine, named: DecidedLine | None) -> DecidedLine:
    """What is decided for a line; raises `Refused` where it cannot be."""
    if named is None:
        if assessed.amount is None:
            raise refused("line-without-amount", hpr=assessed.hpr)
        if assessed.amount > MOST_KRONER:
            raise refused("line-beyond-bounds", hpr=assessed.hpr)
        return DecidedLine(hpr=assessed.hpr, outcome=Outcome.GRANTED, kroner=assessed.amount)
    _check_outcome(assessed, named)
    return named


def _check_outcome(assessed: AssessedLine, named: DecidedLine) -> None:
    hpr, kroner, amount = named.hpr, named.kroner, assessed.amount
    if named.outcome is Outcome.REFUSED:
        if kroner:
            raise refused("refused-with-kroner", hpr=hpr)
    elif amount is None:
        raise refused("line-without-amount", hpr=hpr)
    elif kroner > amount or (named.outcome is Outcome.GRANTED and kroner != amount):
        raise refused("not-as-assessed", hpr=hpr, kroner=amount)
    elif named.outcome is Outcome.PARTLY_GRANTED and kroner in {0, amount}:
        raise refused("not-partly", hpr=hpr, kroner=amount)
    elif not kroner:
        raise refused("granted-nothing", hpr=hpr)
    if named.outcome is not Outcome.GRANTED and (named.reason_code is None or named.reason is None):
        raise refused("reason-missing", lines=hpr)


PROPOSE: Final = Step(
    asked=Propose,
    decide=propose,
    statuses=frozenset({Status.ASSESSED}),
    roles=CASEWORKER,
    help=(
        "Foreslår vedtak; linjer som ikke nevnes, innvilges som vurdert. Avslag og delvis innvilgelse har årsak og "
        f"begrunnelse: {_REFUSAL} (saksbehandleren)."
    ),
    too_early="not-assessed",
    makes=(DecisionProposed,),
)
