"""Which municipalities a fact is about: those whose posts, agreements, guidance, costs or supervisors it tells of."""

from collections import defaultdict
from collections.abc import Iterable

from domain.doctor.facts.agreements import AgreementSigned
from domain.doctor.facts.fact import Fact
from domain.doctor.facts.facts import municipalities_of
from domain.doctor.facts.positions import JobSwitched, PositionStarted
from domain.doctor.facts.supervision import SupervisorAssigned, SupervisorReplaced
from domain.values.places import municipality_of

Places = frozenset[str]


def recorder_of(fact: Fact) -> str | None:
    """The municipality that recorded a fact; None where its `recorded_by` names none."""
    return municipality_of(fact.recorded_by)


def places_of(facts: Iterable[Fact]) -> dict[str, Places]:
    """By the id of each fact of a doctor, in order; none where it is about the doctor alone."""
    things: dict[tuple[str, str], set[str]] = defaultdict(set)
    found: dict[str, Places] = {}
    for fact in facts:
        _remember(things, fact)
        about = (
            things.get((kind, str(fact.__dict__.get(kind))), ()) for kind in ("position", "agreement", "supervisor")
        )
        codes = frozenset((*municipalities_of(fact), *(code for some in about for code in some)))
        found[fact.id] = codes or found.get(str(fact.__dict__.get("corrects")), codes)
    return found


def _remember(things: dict[tuple[str, str], set[str]], fact: Fact) -> None:
    """What a fact brings, for those that build on it."""
    match fact:
        case PositionStarted():
            things["position", fact.position].add(fact.municipality)
        case JobSwitched():
            things["position", fact.new.position].add(fact.new.municipality)
        case AgreementSigned():
            things["agreement", fact.agreement].add(fact.municipality)
        case SupervisorAssigned(municipality=str(code)):
            things["supervisor", fact.supervisor].add(code)
        case SupervisorReplaced():
            things["supervisor", fact.replaced_by] |= things["supervisor", fact.supervisor]
