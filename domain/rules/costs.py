"""Reported costs (rules.md section 5): what they cap, and what of them is reclaimed, where the rules choose so."""

from collections.abc import Callable, Mapping
from typing import Final

from domain.rules.rule_set import RuleSet
from domain.track import SpecialisationTrack

Costs = Mapping[tuple[str, str], int]
"""Kroner by municipality (its code of today) and element, as last recorded for the round."""


def costs_of(track: SpecialisationTrack, rules: RuleSet) -> Costs:
    """The costs reported for the round of the rules."""
    if not track.costs:
        return {}
    current = rules.municipalities.current
    return {
        (current(where), element): kroner
        for (where, round_id, element), (kroner, _) in track.costs.items()
        if round_id == rules.round.id
    }


def paid(exact: Mapping[str, int], parts: int, municipality: str, costs: Costs, rules: RuleSet) -> Mapping[str, int]:
    """What is paid of the exact amounts, in parts of a krone."""
    return _PAID[rules.options["payment_basis"]](exact, parts, municipality, costs, rules)


def reclaimed(elements: Mapping[str, int], municipality: str, costs: Costs, rules: RuleSet) -> Mapping[str, int] | None:
    """What is reclaimed per element, in whole kroner; None where unused funds are kept."""
    return _RECLAIMED[rules.options["unused_funds"]](elements, municipality, costs)


def _at_fixed_rates(
    exact: Mapping[str, int], _parts: int, _municipality: str, _costs: Costs, _rules: RuleSet
) -> Mapping[str, int]:
    return exact


def _capped(exact: Mapping[str, int], parts: int, municipality: str, costs: Costs, rules: RuleSet) -> Mapping[str, int]:
    """At most the costs reported, none where none are; the centrality supplement is not a cost."""
    not_costs = {element.id for element in rules.content.elements if element.centrality}
    return {
        name: amount if name in not_costs else min(amount, costs.get((municipality, name), 0) * parts)
        for name, amount in exact.items()
    }


def _kept(_elements: Mapping[str, int], _municipality: str, _costs: Costs) -> None:
    return None


def _repaid(elements: Mapping[str, int], municipality: str, costs: Costs) -> Mapping[str, int]:
    """What the amount of an element exceeds its reported costs by, where any are reported."""
    unused = {
        name: kroner - costs[municipality, name] for name, kroner in elements.items() if (municipality, name) in costs
    }
    return {name: kroner for name, kroner in unused.items() if kroner > 0}


_PAID: Final[Mapping[str | bool, Callable[[Mapping[str, int], int, str, Costs, RuleSet], Mapping[str, int]]]] = {
    "fixed_rate": _at_fixed_rates,
    "actual_costs_capped": _capped,
}
_RECLAIMED: Final[Mapping[str | bool, Callable[[Mapping[str, int], str, Costs], Mapping[str, int] | None]]] = {
    "kept": _kept,
    "repaid": _repaid,
}
