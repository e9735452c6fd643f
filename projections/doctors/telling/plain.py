"""The sentences of facts that need no other fact to be understood: guidance, costs, leave, notices."""

from collections.abc import Callable

from domain.doctor.facts.absence import LeaveRegistered
from domain.doctor.facts.accounts import CostsReported
from domain.doctor.facts.fact import Fact
from domain.doctor.facts.notices import NoticeGiven
from domain.doctor.facts.supervision import GroupGuidanceAttended, GuidanceHeld, GuidanceRecorded
from domain.values.words import COST_KINDS, FUNDING_SOURCES, day, element, kroner, listed, month, number, percent, span

Place = Callable[[str], str]
"""The name of a municipality by its number."""


def of_guidance(fact: Fact, place: Place) -> str | None:
    """What is said of guidance; None for any other fact."""
    match fact:
        case GuidanceRecorded():
            return (
                f"{number(fact.hours)} timer veiledning er ført for {month(fact.month)} i {place(fact.municipality)}."
            )
        case GuidanceHeld():
            hours = "1 time" if fact.hours == 1 else f"{number(fact.hours)} timer"
            where = f"{day(fact.on)} i {place(fact.municipality)}"
            return f"Legen får {hours} veiledning {where} av veileder med HPR-nummer {fact.supervisor}."
        case GroupGuidanceAttended():
            where = f"i {place(fact.municipality)} {span(fact.first_day, fact.last_day)}"
            leader = f", ledet av veileder med HPR-nummer {fact.leader}" if fact.leader else ""
            return f"Legen deltar i en veiledningsgruppe {where}{leader}."
    return None


def of_account(fact: Fact, place: Place) -> str | None:
    """What is said of costs, of a leave and of a notice; None for any other fact."""
    match fact:
        case CostsReported():
            return f"{place(fact.municipality)} har ført {_cost(fact)} i tilskuddsperioden {fact.round}."
        case LeaveRegistered():
            part = percent(fact.percent)
            return f"Legen har permisjon eller annet fravær på {part} {span(fact.first_day, fact.last_day)}."
        case NoticeGiven():
            return f"Legen har gitt en melding som gjelder {day(fact.on)}." if fact.on else "Legen har gitt en melding."
    return None


def _cost(fact: CostsReported) -> str:
    kind = f", av slaget {COST_KINDS[fact.kind]}," if fact.kind else ""
    cost = f"{kroner(fact.kroner)} til {element(fact.element)}{kind}"
    if not fact.other_funding:
        return cost
    funding = listed(f"{kroner(each.kroner)} fra {FUNDING_SOURCES[each.source]}" for each in fact.other_funding)
    return f"{cost} etter fradrag av {funding}"
