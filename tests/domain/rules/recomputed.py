"""The kroner of a line from its tree alone, as whoever has the answer could compute them."""

from collections.abc import Mapping
from fractions import Fraction
from math import prod
from typing import Any

from domain.rules.days.shares import NOTHING


def recomputed(tree: Mapping[str, Any]) -> dict[str, Fraction]:
    """The exact kroner of each element, from the parameters and shares of the tree alone, where no rate is unknown.

    A full month is the product of its parameters, or its part of other elements; times shares, summed, capped where
    costs cap.
    """
    full: dict[tuple[str, ...], Fraction] = {}
    return {element["element"]: _recomputed(element, full) for element in tree["elements"]}


def _recomputed(element: Mapping[str, Any], full: dict[tuple[str, ...], Fraction]) -> Fraction:
    """The kroner of an element; adds its full months, by element, month and terms, to those of the elements above."""
    whole = NOTHING
    for month in element["months"]:
        on = (month["month"], month["category"], month["basis"])
        full[element["element"], *on] = found = _product(element, month) * _multiplied(element, on, full)
        whole += found * Fraction(month["share"])
    return min(whole, Fraction(element["cap"]["kroner"])) if "cap" in element else whole


def _product(element: Mapping[str, Any], month: Mapping[str, Any]) -> Fraction:
    values = {each["parameter"]: each["value"] for each in element["factors"]}
    named = element["factors_for"][month["category"]] if "factors_for" in element else values
    return prod((Fraction(values[name]) for name in named), start=Fraction(1))


def _multiplied(element: Mapping[str, Any], on: tuple[str, ...], full: Mapping[tuple[str, ...], Fraction]) -> Fraction:
    """What the product is taken of: full months of other elements, or a year's part."""
    if element["of"]:
        return sum((full.get((other, *on), NOTHING) for other in element["of"]), NOTHING)
    return 1 / Fraction(element["divided_by"]["value"])
