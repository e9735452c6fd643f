"""The Agreement stream: one ALIS agreement between a doctor and a municipality.

That it ends when the doctor leaves the post is derived in `domain.rules`, never recorded here.
"""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from domain.doctor.facts.agreements import AgreementAmended, AgreementEnded, AgreementFact, AgreementSigned
from domain.values.days.periods import Dated, Period, ends_on
from domain.values.fields import AgreementElement
from domain.values.refusals.refusal import refused

Elements = tuple[AgreementElement, ...]


@dataclass(frozen=True, slots=True)
class Agreement(Period):
    """What was signed and amended; `last_day` as the last recorded end has it."""

    municipality: str
    signed_on: date
    template: str
    percent: Dated[Decimal | None]
    elements: Dated[Elements | None]


def decide(agreement: Agreement | None, fact: AgreementFact) -> tuple[AgreementFact, ...]:
    """The events that a reported fact leads to, or a `Refused` that says what is wrong."""
    match fact:
        case AgreementSigned():
            return (fact,)
        case AgreementAmended(last_day=last) | AgreementEnded(last_day=last):
            if agreement is None:
                raise refused("unknown-agreement", name=fact.agreement)
            if last is not None:
                ends_on(agreement.first_day, last)
    return (fact,)


def evolve(agreement: Agreement | None, fact: AgreementFact) -> Agreement:
    """Fold a fact that was decided on into the state."""
    match fact:
        case AgreementSigned():
            return _signed(fact)
        case AgreementAmended() if agreement is not None:
            return _amended(agreement, fact)
        case AgreementEnded() if agreement is not None:
            facts = (*agreement.facts, fact.id)
            return replace(agreement, last_day=fact.last_day, facts=facts)
        case _:
            raise refused("unknown-agreement", name=fact.agreement)


def _signed(fact: AgreementSigned) -> Agreement:
    return Agreement(
        fact.first_day,
        fact.last_day,
        (fact.id,),
        fact.municipality,
        fact.signed_on,
        fact.template,
        Dated.since(fact.first_day, fact.percent, fact.id),
        Dated.since(fact.first_day, fact.elements, fact.id),
    )


def _amended(agreement: Agreement, fact: AgreementAmended) -> Agreement:
    percent, elements, last_day = agreement.percent, agreement.elements, agreement.last_day
    facts = agreement.facts
    if fact.percent is not None:
        percent = percent.changed(fact.first_day, fact.percent, fact.id)
    if fact.elements is not None:
        elements = elements.changed(fact.first_day, fact.elements, fact.id)
    if fact.last_day is not None:
        last_day, facts = fact.last_day, (*facts, fact.id)
    return replace(agreement, percent=percent, elements=elements, last_day=last_day, facts=facts)
