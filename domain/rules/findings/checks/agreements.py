"""The agreement against the template it is on, and what is paid."""

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import TypeVar

from domain.doctor.agreement import Agreement
from domain.rules.findings.views.view import Found, View, clipped, facts_of_posts
from domain.rules.line.basis import Basis
from domain.rules.line.months import Month
from domain.rules.sets.limits import MANDATORY_TEMPLATE, TEMPLATES, agreed_name
from domain.rules.sets.rule_set import Terms
from domain.values import words
from domain.values.days.calendar import Days, first_of, last_of, on, runs_from
from domain.values.days.periods import Dated
from domain.values.fields import HUNDREDTHS

T = TypeVar("T")


def wrong_template(view: View) -> Iterator[Found]:
    """An agreement of the round on a template that was not valid on the day it was signed."""
    for agreement in view.agreements:
        months = view.of_round(view.in_force(agreement))
        if months and not _is_valid(agreement.template, agreement.signed_on):
            told = f"ALIS-avtalen følger malen «{agreement.template}», som ikke var gyldig da den ble signert"
            yield Found(months, agreement.facts[:1], f"{told} {words.day(agreement.signed_on)}.")


def element_not_agreed(view: View) -> Iterator[Found]:
    """An element that is paid in months of an agreement that does not list it."""
    names = {element.id: element.name for element in view.rules.content.elements}
    for agreement in view.agreements:
        lacking: dict[str, dict[int, str]] = {}
        for month, days in _agreed_months(agreement, view):
            listed, fact = value_on(agreement.elements, days[0])
            for element in _paid_elements(month, view) if listed is not None else ():
                agreed = agreed_name(element)
                if listed is not None and agreed is not None and agreed not in listed:
                    lacking.setdefault(element, {})[month.number] = fact
        for element, facts in lacking.items():
            told = f"ALIS-avtalen omfatter ikke {names[element]}, som er regnet med {words.months(facts)}"
            yield Found(list(facts), facts.values(), f"{told}.")


def percent_differs_from_agreement(view: View) -> Iterator[Found]:
    """Days on which the posts here are of another percent than the agreement states."""
    for agreement in view.agreements:
        for (stated, actual), days in _differing(agreement, view).items():
            months = view.of_round(days)
            facts = [fact for each in days for fact in facts_of_posts(view.posts.values(), each)]
            told = f"ALIS-avtalen sier {words.rounded(stated)} prosent, men stillingen er"
            text = f"{told} {words.rounded(actual)} prosent {words.months(months)}."
            yield Found(months, [value_on(agreement.percent, days[0][0])[1], *facts], text)


def value_on(dated: Dated[T], day: int) -> tuple[T, str]:
    """The value that holds on a day, and its fact; the first one before any."""
    at = max(bisect_right(dated.days, date.fromordinal(day)) - 1, 0)
    return dated.values[at], dated.facts[at]


def _is_valid(template: str, signed_on: date) -> bool:
    """Whether an agreement could be on a template; before one was mandatory it could be on any."""
    if signed_on < MANDATORY_TEMPLATE:
        return True
    return any(
        each.id == template and each.first_day <= signed_on and (each.last_day is None or signed_on <= each.last_day)
        for each in TEMPLATES
    )


def _agreed_months(agreement: Agreement, view: View) -> Iterator[tuple[Month, Days]]:
    """The months paid as agreed in which an agreement is in force, with its days in each."""
    for first, last in view.in_force(agreement) if agreement.elements.values != (None,) else ():
        for month in view.line:
            days = (max(first, first_of(month.number)), min(last, last_of(month.number)))
            if month.basis is Basis.AGREEMENT and days[0] <= days[1]:
                yield month, days


def _paid_elements(month: Month, view: View) -> list[str]:
    """The elements that a month is paid for."""
    paid: Mapping[Terms, object] = month.outcome.paid
    rates = [view.rules.rates.monthly[terms] for terms in paid]
    return [element for element in view.rules.shown if any(rate.get(element) for rate in rates)]


def _differing(agreement: Agreement, view: View) -> dict[tuple[Decimal, Decimal], list[Days]]:
    """The days of an agreement on which it states one percent and the posts here are of another."""
    found: dict[tuple[Decimal, Decimal], list[Days]] = {}
    for days in view.in_force(agreement) if any(agreement.percent.values) else ():
        for span in clipped(view.spans, days):
            held = [post.percent for post in span.posts if post.municipality == view.municipality]
            actual = Decimal(sum(held)) / HUNDREDTHS
            for each in _unchanged((span.first, span.last), agreement):
                stated, _ = value_on(agreement.percent, each[0])
                if held and stated is not None and stated != actual:
                    found.setdefault((stated, actual), []).append(each)
    return found


def _unchanged(days: Days, agreement: Agreement) -> list[Days]:
    """A run of days, cut where the agreement changes its percent."""
    changes = {day.toordinal() for day in agreement.percent.days}
    return runs_from(sorted({days[0], *(day for day in changes if on(days, day))}), days[1])
