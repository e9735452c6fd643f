"""Reported costs (rules.md section 5): what they cap, and what of them is reclaimed, where the rules choose so."""

from collections.abc import Callable, Mapping
from typing import Final

from domain.doctor.track.state import SpecialisationTrack
from domain.rules.sets.content import Element
from domain.rules.sets.rule_set import RuleSet
from domain.values.fields import CostKind

Costs = Mapping[tuple[str, str], int]
"""Kroner by municipality (its code of today) and element, as last recorded for the round."""
Part = tuple[int, str]
"""Kroner, and the fact that reports them."""
Exact = Mapping[str, int]
"""An amount per element, in parts of a krone."""
Reported = Mapping[str, int]
"""Kroner per element, as reported by one municipality."""


def costs_of(track: SpecialisationTrack, rules: RuleSet) -> Costs:
    """The costs reported for the round of the rules."""
    return {place: sum(kroner for kroner, _ in parts.values()) for place, parts in _parts(track, rules).items()}


def reported(costs: Costs, municipality: str) -> Reported:
    """The costs reported by one municipality."""
    return {element: kroner for (where, element), kroner in costs.items() if where == municipality}


def facts_of(track: SpecialisationTrack, municipality: str, rules: RuleSet) -> Mapping[str, list[str]]:
    """The facts that the costs reported by one municipality for the round of the rules stand in, per element."""
    return {
        element: [fact for _, fact in parts.values()]
        for (where, element), parts in _parts(track, rules).items()
        if where == municipality
    }


def _parts(track: SpecialisationTrack, rules: RuleSet) -> Mapping[tuple[str, str], dict[CostKind | None, Part]]:
    """What is reported by municipality and element for each kind of cost.

    A report without a kind is the whole element, and replaces all before it; the first with a kind replaces a whole.
    """
    found: dict[tuple[str, str], dict[CostKind | None, Part]] = {}
    for key, cost in track.costs.items():
        if key.round == rules.round.id:
            place = (rules.municipalities.current(key.municipality), key.element)
            kinds = {kind: each for kind, each in found.get(place, {}).items() if kind and key.kind}
            found[place] = {**{kind: each for kind, each in kinds.items() if kind != key.kind}, key.kind: cost}
    return found


def is_capped(element: Element, rules: RuleSet) -> bool:
    """Whether what is paid of an element is at most the costs reported; the centrality supplement is not a cost."""
    return rules.options["payment_basis"] == "actual_costs_capped" and not element.centrality


def paid(exact: Exact, parts: int, costs: Reported, rules: RuleSet) -> Exact:
    """What is paid of the exact amounts."""
    return _PAID[rules.options["payment_basis"]](exact, parts, costs, rules)


def reclaimed(elements: Mapping[str, int], costs: Reported, rules: RuleSet) -> Mapping[str, int] | None:
    """What is reclaimed per element, in whole kroner; None where unused funds are kept."""
    return _RECLAIMED[rules.options["unused_funds"]](elements, costs)


def _at_fixed_rates(exact: Exact, _parts: int, _costs: Reported, _rules: RuleSet) -> Exact:
    return exact


def _capped(exact: Exact, parts: int, costs: Reported, rules: RuleSet) -> Exact:
    """At most the costs reported, none where none are."""
    capped = {element.id for element in rules.content.elements if is_capped(element, rules)}
    return {
        name: min(amount, costs.get(name, 0) * parts) if name in capped else amount for name, amount in exact.items()
    }


def _kept(_elements: Mapping[str, int], _costs: Reported) -> None:
    return None


def _repaid(elements: Mapping[str, int], costs: Reported) -> Mapping[str, int]:
    """What the amount of an element exceeds its reported costs by, where any are reported."""
    return {name: kroner - costs[name] for name, kroner in elements.items() if name in costs and kroner > costs[name]}


_PAID: Final[Mapping[str | bool, Callable[[Exact, int, Reported, RuleSet], Exact]]] = {
    "fixed_rate": _at_fixed_rates,
    "actual_costs_capped": _capped,
}
"""What decides what is paid."""
_RECLAIMED: Final[Mapping[str | bool, Callable[[Mapping[str, int], Reported], Mapping[str, int] | None]]] = {
    "kept": _kept,
    "repaid": _repaid,
}
"""What becomes of funds that are not used."""
