"""The reasons for a line as a tree: from the kroner down to parameters with sources and the facts' ids.

It is recomputed when asked for and never stored. Exact numbers are texts of whole numbers or fractions
(`10936`, `1262185/8`), so that a program can compute the amount again from the tree alone. Of posts in
other municipalities it tells what they take of full time, never where they are.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any, Final, Protocol

from domain.history import Doctor
from domain.periods import Period
from domain.rules.amounts import Amounts
from domain.rules.calendar import Days, days_of, first_of, last_of, on, text_of
from domain.rules.content import Element, Sourced
from domain.rules.duration import usage
from domain.rules.months import Month, Record
from domain.rules.rule_set import RuleSet, Terms
from domain.rules.shares import NOTHING, after_leave
from domain.rules.span import Span
from domain.values import HUNDREDTHS

Tree = dict[str, Any]
_ROUNDING: Final = "Linjen er den eksakte summen, avrundet én gang til hele kroner; en halv krone rundes opp."
_LARGEST_REMAINDER: Final = "Elementene vises i hele kroner som summerer til linjen, etter største rest."


class Found(Protocol):
    """What a line comes to."""

    @property
    def months(self) -> Sequence[Month]:
        """Its months."""

    @property
    def amounts(self) -> Amounts:
        """Its kroner."""


def trace(doctor: Doctor, laid: Record, line: Found, municipality: str, rules: RuleSet) -> Tree:
    """The tree of one line."""
    months, found = line.months, line.amounts
    return {
        "total": {
            "exact": exact(sum(found.exact.values(), NOTHING)),
            "kroner": None if found.missing else found.total,
            "rule": _ROUNDING,
        },
        "elements": [_element(each, months, found, rules) for each in rules.content.elements],
        "elements_rule": _LARGEST_REMAINDER,
        "months": [_month(doctor, laid, month, municipality, rules) for month in months],
        "window": _window(doctor, laid, rules),
        "five_years": _five_years(laid, rules),
        "options": {name: {"value": o.value, **_source(o)} for name, o in rules.content.options.items()},
    }


def exact(number: Fraction) -> str:
    """A number without loss: `10936` or `1262185/8`."""
    return str(number)


def _element(element: Element, months: Sequence[Month], found: Amounts, rules: RuleSet) -> Tree:
    """One element: what a full month pays on each of the terms, and the share of each month on them."""
    paid = [(month, terms, share) for month in months for terms, share in month.outcome.paid.items()]
    here = [(month, terms, share) for month, terms, share in paid if element.id in rules.rates.monthly[terms]]
    return {
        "element": element.id,
        "name": element.name,
        "kroner": None if found.missing else found.elements.get(element.id),
        "exact": exact(found.exact[element.id]) if element.id in found.exact else None,
        "factors": [_parameter(name, rules) for name in _factors(element)],
        "of": list(element.of),
        "months": [
            {
                "month": text_of(month.number),
                "category": terms.category.value,
                "basis": "agreement" if terms.agreed else "guidance_only",
                "full_month": _full_month(element.id, terms, rules),
                "share": exact(share),
            }
            for month, terms, share in here
        ],
        **_source(element),
    }


def _factors(element: Element) -> list[str]:
    every = [element.factors, *element.factors_for.values()]
    return list(dict.fromkeys(name for factors in every for name in factors))


def _full_month(element: str, terms: Terms, rules: RuleSet) -> str | None:
    """Kroner that a month at full time pays; None where a rate is unknown."""
    rate = rules.rates.monthly[terms][element]
    return None if rate is None else exact(Fraction(rate, rules.rates.parts))


def _parameter(name: str, rules: RuleSet) -> Tree:
    value = rules.content.values.get(name)
    if value is None:
        return {"parameter": name, "value": None}
    return {"parameter": name, "value": value.value, "unit": value.unit, **_source(value)}


def _source(sourced: Sourced) -> Tree:
    return {"basis": sourced.basis, "source": sourced.source, "note": sourced.note}


def _month(doctor: Doctor, laid: Record, month: Month, municipality: str, rules: RuleSet) -> Tree:
    days = first_of(month.number), last_of(month.number)
    inside = [span for span in laid.spans if span.first <= days[1] and span.last >= days[0]]
    return {
        "month": text_of(month.number),
        "basis": month.basis.value,
        "in_window": month.number in laid.window,
        "productivity": month.productivity,
        "five_years_over": month.number in laid.exhausted,
        "reasons": list(month.reasons),
        "shares": {category.value: exact(share) for category, share in month.shares.items()},
        "days": [_days(doctor, span, _both(span, days), municipality, rules) for span in inside],
    }


def _both(span: Span, days: Days) -> Days:
    return max(span.first, days[0]), min(span.last, days[1])


def _days(doctor: Doctor, span: Span, days: Days, municipality: str, rules: RuleSet) -> Tree:
    """Days on which nothing changes: what is held, what fails, and the facts that say so."""
    here = [post for post in span.posts if post.municipality == municipality]
    elsewhere = sum(post.percent for post in span.posts if post.municipality != municipality and post.qualifies)
    qualifies = any(post.qualifies for post in here)
    agreed = municipality in span.agreed
    failing = {*span.failing, *(() if qualifies else ("no_position",)), *(() if agreed else ("no_agreement",))}
    shares = after_leave(span.weights, municipality, span.leave, rules)
    return {
        "first_day": date.fromordinal(days[0]).isoformat(),
        "last_day": date.fromordinal(days[1]).isoformat(),
        "posts": [
            {"category": p.category.value, "percent": _percent(p.percent), "qualifies": p.qualifies} for p in here
        ],
        "percent_elsewhere": _percent(elsewhere),
        "leave": exact(span.leave),
        "agreement": agreed,
        "failing": sorted(failing),
        "shares": {category.value: exact(share) for category, share in shares.items()},
        "uses_of_five_years": exact(span.used),
        "facts": sorted(set(_facts(doctor, days[0], municipality, rules))),
    }


def _percent(hundredths: int) -> str:
    return exact(Fraction(hundredths, HUNDREDTHS))


def _facts(doctor: Doctor, day: int, municipality: str, rules: RuleSet) -> Iterator[str]:
    """The ids of the facts behind what holds on a day; of posts and agreements, those of this municipality."""
    track, current = doctor.track, rules.municipalities.current
    for position in _on(track.positions.values(), day):
        if current(position.municipality) == municipality:
            yield from position.facts
            yield from _holding(position.category, day)
            yield from _holding(position.percent, day)
    for agreement in _on(doctor.agreements.values(), day):
        if current(agreement.municipality) == municipality:
            yield from agreement.facts
    for kind in (track.leaves, track.services, track.affiliations, track.interruptions):
        for each in _on(kind.values(), day):
            yield from each.facts
    begun = [spell for spell in track.spells if spell.first_day.toordinal() <= day]
    if begun:
        yield from begun[-1].facts


def _on(periods: Iterable[Any], day: int) -> list[Any]:
    return [period for period in periods if isinstance(period, Period) and on(days_of(period), day)]


def _holding(dated: Iterable[tuple[date, object, str]], day: int) -> list[str]:
    """The fact that the value on a day stands in."""
    return [fact for since, _, fact in dated if since.toordinal() <= day][-1:]


def _window(doctor: Doctor, laid: Record, rules: RuleSet) -> Tree:
    counted = sorted(laid.window)
    return {
        "first_month": text_of(counted[0]) if counted else None,
        "last_month": text_of(counted[-1]) if counted else None,
        "facts": [fact for spell in doctor.track.spells for fact in spell.facts],
        "months": _parameter("window_months", rules),
    }


def _five_years(laid: Record, rules: RuleSet) -> Tree:
    used, within = usage(laid.spans, rules.months)
    return {
        "used_before": exact(used),
        "used": {text_of(month): exact(part) for month, part in within.items()},
        "limit": _parameter("duration_months", rules),
    }


def recomputed(tree: Mapping[str, Any]) -> dict[str, Fraction]:
    """The exact kroner of each element, from the tree alone: what a full month pays x the share, summed."""
    return {
        element["element"]: sum(
            (Fraction(month["full_month"]) * Fraction(month["share"]) for month in element["months"]), NOTHING
        )
        for element in tree["elements"]
    }
