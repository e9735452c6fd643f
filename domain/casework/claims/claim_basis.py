"""What the steps of a claim look up in the log: the lines that can be claimed, and what the claim comes to."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from operator import attrgetter

from domain.claim.lines.applied import everything
from domain.claim.lines.assessing import Computed, ReadUpTo, computed
from domain.claim.parts.limits import Limits
from domain.claim.parts.parts import Applied
from domain.doctor.facts.fact import Fact
from domain.doctor.history import Doctor, as_known, in_order
from domain.rules.compare.explain import Side
from domain.rules.result import calculate
from domain.rules.sets.rule_set import RuleSet
from domain.store import NEWEST, LoggedFact, Store
from domain.values.streams import track_id


def registered(told: Iterable[LoggedFact], municipality: str, rules: RuleSet) -> dict[str, Applied]:
    """The lines that can be claimed for some doctors, with all that is computed of each."""
    result = calculate(doctors_of(told), municipality, rules)
    return {line.hpr: everything(line, result.municipality, rules) for line in result.lines}


def compute_of(
    told: Iterable[LoggedFact], municipality: str, limits: Mapping[str, Limits], rules: RuleSet, read: ReadUpTo
) -> Computed:
    """A claim's lines within their limits, under a rule set, of what was read of its doctors."""
    events = list(told)
    result = calculate(doctors_of(events), municipality, rules)
    return computed(result, limits, read, versions_of(events))


def told_of(store: Store, hprs: Iterable[str], until: int = NEWEST) -> list[LoggedFact]:
    """The facts of some doctors up to a position, in one question."""
    return store.facts_of([track_id(hpr) for hpr in hprs], until)


def sides_of(told: Iterable[LoggedFact], position: int, rules: tuple[RuleSet, RuleSet]) -> tuple[Side, Side]:
    """What was known of the doctors up to a position, and with all that was read; each under its rules."""
    then: dict[str, list[Fact]] = defaultdict(list)
    now: dict[str, list[Fact]] = defaultdict(list)
    for each in told:
        now[each.fact.hpr].append(each.fact)
        if each.position <= position:
            then[each.fact.hpr].append(each.fact)
    return _side(then, rules[0]), _side(now, rules[1])


def _side(facts: Mapping[str, Sequence[Fact]], rules: RuleSet) -> Side:
    return Side({hpr: in_order(known) for hpr, known in facts.items()}, rules)


def doctors_of(told: Iterable[LoggedFact]) -> Iterator[tuple[str, Doctor]]:
    """The doctors of events that stand together doctor by doctor, with all that is known."""
    for _, events in groupby(told, key=attrgetter("doctor")):
        facts = [each.fact for each in events]
        yield facts[0].hpr, as_known(facts)


def versions_of(told: Iterable[LoggedFact]) -> dict[str, int]:
    """How far each stream was read."""
    return {str(each.stream): each.version for each in told}
