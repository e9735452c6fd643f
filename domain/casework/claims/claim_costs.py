"""The costs of a line of a claim: those known as facts of the doctor, and the new ones that a step reports."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import Any, Final

from domain.casework.commands.commands import Command
from domain.casework.facts.cases import DoctorCase, case_of
from domain.claim.parts.parts import CostOfKind, ReportedCost
from domain.claim.rights.known import Costs
from domain.claim.steps.applying.report_costs import ReportCosts, check_elements
from domain.claim.stream.state import GrantClaim
from domain.doctor.facts.accounts import CostsReported
from domain.doctor.facts.fact import Fact
from domain.doctor.facts.facts import FactCorrected
from domain.doctor.history import Reference, decide, folded, in_order, standing
from domain.rules.line.costs import facts_of
from domain.rules.sets.rule_set import RuleSet
from domain.store import Recorded, Store
from domain.values.refusals.refusal import refused
from domain.values.streams import track_id

_TOPICS: Final = (CostsReported.event_topic, FactCorrected.event_topic)


def costs_known(stands: Mapping[str, Fact | None], municipality: str, rules: RuleSet) -> list[CostsReported]:
    """The costs known of a doctor for a municipality and the round of the rules, whoever reported them and however.

    In the order of the elements, and of the reports within each; facts that were corrected stand as they are now.
    """
    names = facts_of(folded(stands.values()).track, municipality, rules)
    found = (stands[name] for element in rules.content.elements for name in names.get(element.id, ()))
    return [each for each in found if isinstance(each, CostsReported)]


def costs_of_lines(store: Store, claim: GrantClaim, rules: RuleSet, until: int) -> dict[str, list[CostsReported]]:
    """The costs known of each line, by doctor, up to a position of the log."""
    told = store.facts_of_topics([track_id(hpr) for hpr in claim.lines], _TOPICS, until)
    doctors = (list(each) for _, each in groupby((each.fact for each in told), key=attrgetter("hpr")))
    stands = {facts[0].hpr: standing(in_order(_about_costs(facts))) for facts in doctors}
    return {hpr: costs_known(each, claim.municipality, rules) for hpr, each in stands.items()}


def _about_costs(facts: Sequence[Fact]) -> Iterator[Fact]:
    """Reports of costs, and what corrects them."""
    reports = {each.id for each in facts if isinstance(each, CostsReported)}
    return (each for each in facts if isinstance(each, CostsReported) or getattr(each, "corrects", None) in reports)


def costs_as_facts(  # noqa: PLR0913, PLR0917 - where they are recorded, for which claim and rules, by whom and when
    store: Store,
    reference: Reference,
    claim: GrantClaim,
    rules: RuleSet | None,
    asked: ReportCosts,
    command: Command,
    now: datetime,
) -> tuple[list[Recorded], Costs]:
    """The new facts, next in the doctor's log, and what the claim says of all costs; what is known is no new fact."""
    check_elements(asked)
    case, new, costs = case_of(store.facts_of([track_id(asked.hpr)])), [], []
    versions = case.versions
    known = costs_known(case.history.standing, claim.municipality, rules) if rules else []
    for n, cost in enumerate(asked.costs, start=1):
        fact = CostsReported(
            id=f"{command.id}-{n}",
            hpr=asked.hpr,
            recorded_at=now,
            recorded_by=command.actor.subject,
            municipality=claim.municipality,
            round=claim.round,
            project_code=asked.project_code,
            **_content(cost),
        )
        same = next((each for each in known if _says(each) == _says(fact)), None)
        if same is None:
            recorded, versions = versions.next(_checked(case, fact, reference), command.origin())
            new.append(recorded)
        costs.append(ReportedCost(fact=(same or fact).id, **_content(cost)))
    return new, Costs(tuple(costs))


def _content(cost: CostOfKind) -> dict[str, Any]:
    return {name: value for name, value in cost if value is not None}


def _says(fact: CostsReported) -> tuple[object, ...]:
    """What a report of costs says; who reported it and when makes no difference."""
    return fact.element, fact.kind, fact.kroner, fact.gross, fact.other_funding or (), fact.project_code


def _checked(case: DoctorCase, fact: CostsReported, reference: Reference) -> Fact:
    """The fact as it is stored; one that is stored already was recorded by this very command."""
    new = decide(case.history, case.as_known_now(fact), reference)
    if not new:
        raise refused("fact-id-used", id=fact.id)
    return new[0]
