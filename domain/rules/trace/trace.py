"""The reasons for a line as a tree: from the kroner down to parameters with sources and the facts' ids.

It is recomputed when asked for and never stored. Exact numbers are texts of whole numbers or fractions
(`10936`, `1262185/8`), so that a program can compute the amount again from the tree alone. Of posts in
other municipalities it tells what they take of full time, never where they are.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import lru_cache
from typing import Final, Protocol

from domain.doctor.history import Doctor
from domain.rules.days.conditions import CONDITIONS
from domain.rules.days.duration import usage
from domain.rules.line.amounts import Amounts
from domain.rules.line.costs import facts_of, is_capped, reported
from domain.rules.line.months import Month, Record
from domain.rules.sets.content import Chosen, Element, Sourced
from domain.rules.sets.newer_values import WINDOW_RULE_FROM
from domain.rules.sets.rule_set import RuleSet
from domain.rules.trace.trace_days import DaysOfLine, Tree, exact, shares_told
from domain.values.days.calendar import first_of, last_of, text_of

_OF_FACTORS: Final = "En full måned er produktet av parameterne, delt på årets måneder; måneden er den ganger andelen."
_OF_ELEMENT: Final = (
    "En full måned er parameteren ganger summen av elementene som er nevnt, i samme måned og på samme vilkår; "
    "måneden er den ganger andelen."
)
_ROUNDING: Final = "Linjen er den eksakte summen, avrundet én gang til hele kroner; en halv krone rundes opp."
_CAPPED: Final = "Elementet er høyst de rapporterte kostnadene; er ingen rapportert, er det null."
_LARGEST_REMAINDER: Final = "Elementene vises i hele kroner som summerer til linjen, etter største rest."


class LineResult(Protocol):
    """What a line comes to."""

    @property
    def months(self) -> Sequence[Month]:
        """Its months."""

    @property
    def amounts(self) -> Amounts:
        """Its kroner."""


def trace(doctor: Doctor, record: Record, line: LineResult, municipality: str, rules: RuleSet) -> Tree:
    """The tree of one line."""
    months, found = line.months, line.amounts
    days, exactly = DaysOfLine(doctor, municipality, rules), found.exact
    caps = _caps(doctor, record, municipality, rules)
    told = [_month(month, record, days) for month in months]
    return {
        "total": {
            "exact": exact(found.sum),
            "kroner": None if found.missing else found.total,
            "rule": _ROUNDING,
        },
        "elements": [
            {**_element(each, months, found, exactly, rules), **caps.get(each.id, {})}
            for each in rules.content.elements
        ],
        "elements_rule": _LARGEST_REMAINDER,
        "months": told,
        "conditions": _conditions(told),
        "window": _window(doctor, record, rules),
        "five_years": _five_years(record, rules),
        "options": _options(rules),
    }


def _element(
    element: Element, months: Sequence[Month], found: Amounts, exactly: Mapping[str, Fraction], rules: RuleSet
) -> Tree:
    """One element: what a full month pays on each of the terms, and the share of each month on them."""
    monthly, parts = rules.rates.monthly, rules.rates.parts
    here = [
        (month, terms, share)
        for month in months
        for terms, share in month.outcome.paid.items()
        if element.id in monthly[terms]
    ]
    return {
        "element": element.id,
        "name": element.name,
        "kroner": None if found.missing else found.elements.get(element.id),
        "exact": exact(exactly[element.id]) if element.id in exactly else None,
        "factors": _factors_of(element, rules),
        **_by_category(element),
        "of": list(element.of),
        "divided_by": _months_per_year(rules),
        "rule": _OF_ELEMENT if element.of else _OF_FACTORS,
        "months": [
            {
                "month": text_of(month.number),
                "category": terms.category.value,
                "basis": "agreement" if terms.agreed else "guidance_only",
                "full_month": _full_month(monthly[terms][element.id], parts),
                "share": exact(share),
            }
            for month, terms, share in here
        ],
        **_source(element),
    }


def _caps(doctor: Doctor, record: Record, municipality: str, rules: RuleSet) -> dict[str, Tree]:
    """What reported costs cap an element at, with the fact that reports them; none where costs cap nothing."""
    capped = [element.id for element in rules.content.elements if is_capped(element, rules)]
    if not capped:
        return {}
    costs, facts = reported(record.costs, municipality), facts_of(doctor.track, municipality, rules)
    return {
        name: {"cap": {"kroner": costs.get(name, 0), "facts": facts.get(name, []), "rule": _CAPPED}} for name in capped
    }


def _factors_of(element: Element, rules: RuleSet) -> list[Tree]:
    """The parameters of an element, found once for all lines."""
    found: list[Tree] | None = rules.trees.get(element.id)
    return found or rules.trees.keep(element.id, [_parameter(name, rules) for name in _factors(element)])


def _by_category(element: Element) -> Tree:
    """Which of the factors hold for each category, where it is not all of them for all."""
    if not element.factors_for:
        return {}
    named = {category: element.factors_for.get(category, element.factors) for category in element.categories}
    return {"factors_for": {category.value: list(names) for category, names in named.items()}}


def _months_per_year(rules: RuleSet) -> Tree:
    """What an annual amount is divided by, found once for all lines."""
    found: Tree | None = rules.trees.get("months_per_year")
    return found or rules.trees.keep("months_per_year", _parameter("months_per_year", rules))


def _options(rules: RuleSet) -> Tree:
    """Every choice with its source, found once for all lines."""
    found: Tree | None = rules.trees.get("options")
    return found or rules.trees.keep(
        "options", {name: _option(name, o, rules) for name, o in rules.authorities.items()}
    )


def _option(name: str, chosen: Chosen, rules: RuleSet) -> Tree:
    """A choice with its source, and the ruling on it, where there is one."""
    ruling = rules.ruling_on(name)
    return {"value": chosen.value, **_source(chosen), **({"ruling": ruling} if ruling else {})}


def _factors(element: Element) -> list[str]:
    every = [element.factors, *element.factors_for.values()]
    return list(dict.fromkeys(name for factors in every for name in factors))


@lru_cache(maxsize=4_096)
def _full_month(rate: int | None, parts: int) -> str | None:
    """Kroner that a month at full time pays; None where a rate is unknown."""
    return None if rate is None else exact(Fraction(rate, parts))


def _parameter(name: str, rules: RuleSet) -> Tree:
    value = rules.values.get(name)
    if value is None:
        return {"parameter": name, "value": None}
    return {"parameter": name, "value": value.value, "unit": value.unit, **_source(value)}


def _source(sourced: Sourced) -> Tree:
    return {"basis": sourced.basis, "source": sourced.source, "note": sourced.note}


def _month(month: Month, record: Record, days: DaysOfLine) -> Tree:
    return {
        "month": text_of(month.number),
        "basis": month.basis.value,
        "in_window": month.number in record.window,
        "productivity": month.productivity,
        "five_years_over": month.number in record.exhausted,
        "reasons": list(month.reasons),
        "shares": shares_told(month.shares),
        "days": days.told(record.spans, first_of(month.number), last_of(month.number)),
    }


def _conditions(months: Sequence[Tree]) -> Tree:
    """Each condition that fails in any month or on any day, with the authority that it rests on."""
    failing = {code for month in months for code in month["reasons"]}
    failing |= {code for month in months for days in month["days"] for code in days["failing"]}
    return {
        code: {"sentence": each.sentence, "basis": each.basis, "source": each.source}
        for code, each in CONDITIONS.items()
        if code in failing
    }


def _window(doctor: Doctor, record: Record, rules: RuleSet) -> Tree:
    counted = sorted(record.window)
    return {
        "first_month": text_of(counted[0]) if counted else None,
        "last_month": text_of(counted[-1]) if counted else None,
        "facts": [fact for spell in doctor.track.spells for fact in spell.facts],
        "months": _parameter("window_months", rules),
        **_not_before(rules),
    }


def _not_before(rules: RuleSet) -> Tree:
    """The day before which nothing counts, where it is chosen so."""
    counts = rules.options["window_counts_before_2025_06"]
    return {} if counts else {"rule_from": _parameter(WINDOW_RULE_FROM, rules)}


def _five_years(record: Record, rules: RuleSet) -> Tree:
    used, within = usage(record.spans, rules.months)
    return {
        "used_before": exact(used),
        "used": {text_of(month): exact(part) for month, part in within.items()},
        "limit": _parameter("duration_months", rules),
    }
