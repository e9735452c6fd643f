"""A caseworker records a payment; it is carried out elsewhere."""

from typing import Final, Literal

from domain.claim.lines.other_amounts import check_known
from domain.claim.parts.parts import Written
from domain.claim.parts.status import Status
from domain.claim.rights.days import check_happened
from domain.claim.rights.known import OtherAmounts
from domain.claim.rights.step import CASEWORKER, Acting, ClaimStep, Events, Step
from domain.claim.stream.events import ClaimPaid, ClaimPaidV1
from domain.claim.stream.state import GrantClaim
from domain.rules.sets.rule_set import RuleSet
from domain.values.fields import Day, Kroner, Name
from domain.values.numbers.accounts import WrittenAccount, check_account
from domain.values.numbers.organisations import WrittenOrganisationNumber, check_organisation_number
from domain.values.refusals.refusal import refused


class Pay(ClaimStep):
    """Record that kroner were paid under the decision, today unless `paid_on` says another day.

    With a reason, where what is known now says another amount.
    """

    type: Literal["pay"] = "pay"
    kroner: Kroner
    paid_on: Day | None = None
    organisation_number: WrittenOrganisationNumber
    account: WrittenAccount
    reference: Name | None = None
    reason: Written | None = None


def pay(claim: GrantClaim, asked: Pay, acting: Acting, rules: RuleSet, others: OtherAmounts) -> Events:
    """Exactly what is outstanding, to the municipality's own organisation number and an account that can be right."""
    if asked.kroner != claim.outstanding:
        raise refused("wrong-amount", kroner=claim.outstanding)
    paid_on = asked.paid_on or acting.day
    check_happened(paid_on, acting.day, claim.decided_on, "vedtaket")
    check_organisation_number(asked.organisation_number)
    check_account(asked.account)
    _check_own(claim.municipality, asked.organisation_number, rules)
    check_known(others, asked.reason)
    return [acting.as_asked(ClaimPaid, asked, paid_on=paid_on, decision=claim.decisions[-1].number)]


def _check_direction(claim: GrantClaim) -> None:
    if claim.outstanding < 0:
        raise refused("to-be-reclaimed", kroner=-claim.outstanding)


def _check_own(municipality: str, number: str, rules: RuleSet) -> None:
    """The list of the round's rules names the municipality's number; of one it does not name, any may be right."""
    known = rules.municipalities.by_code.get(municipality)
    if known is not None and known.organisation_number not in {None, number}:
        raise refused("other-organisation", number=number, municipality=known.name, own=known.organisation_number)


PAY: Final = Step(
    asked=Pay,
    decide=pay,
    statuses=frozenset({Status.DECIDED}),
    roles=CASEWORKER,
    help="Registrerer utbetalingen; uten kroner det som gjenstår (saksbehandleren).",
    too_early="not-decided",
    check=_check_direction,
    makes=(ClaimPaidV1,),
    rests_on_log=True,
)
