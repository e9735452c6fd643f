"""Supervisor and guidance: is there anybody to guide the doctor, and is it done?"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal

from domain.doctor.track.state import Supervision
from domain.rules.findings.view import Found, View
from domain.rules.sets.limits import GUIDANCE_HOURS, GUIDANCE_MONTHS_BELOW
from domain.values import words
from domain.values.days.calendar import Days, days_of, first_of, last_of, merged, month_number


def supervisor_gap(view: View) -> Iterator[Found]:
    """A day that counts without an approved supervisor in the municipality."""
    supervisors = [each for each in view.doctor.track.supervisions if _guides_here(each, view)]
    covered = merged(days_of(each) for each in supervisors if each.approved)
    gaps = [gap for days in _counting(view) for gap in _uncovered(days, covered)]
    if gaps:
        months = view.of_round(gaps)
        facts = [fact for each in supervisors for fact in each.facts]
        days = sum(last - first + 1 for first, last in gaps)
        told = f"{days} {'dag' if days == 1 else 'dager'} {words.months(months)}"
        yield Found(months, facts, f"Legen mangler godkjent veileder i kommunen i {told}.")


def guidance_below_minimum(view: View) -> Iterator[Found]:
    """Too little guidance in too many months, of those up to the last that any is recorded for."""
    recorded = _recorded(view)
    if not recorded:
        return
    least, allowed = GUIDANCE_HOURS.value, GUIDANCE_MONTHS_BELOW.value
    asked = [month for month in view.rules.months if month in view.paid and month <= max(recorded)]
    below = [month for month in asked if recorded.get(month, (Decimal(0), ""))[0] < least]
    if len(below) > allowed * len(view.rules.months) / view.rules.numbers["months_per_year"]:
        facts = [recorded[month][1] for month in below if month in recorded]
        told = f"Det er registrert mindre enn {words.rounded(least)} timer veiledning i måneden"
        yield Found(below, facts, f"{told} {words.months(below)}.")


def _guides_here(supervision: Supervision, view: View) -> bool:
    return supervision.municipality is None or view.is_here(supervision.municipality)


def _counting(view: View) -> Iterator[Days]:
    """The days with a qualifying post here, on which nothing but an agreement lacks, of the months that are paid."""
    days = [(span.first, span.last) for span in view.spans if view.works_here(span) and not span.failing]
    for first, last in merged((first_of(month), last_of(month)) for month in view.paid):
        yield from ((max(start, first), min(end, last)) for start, end in days if start <= last and end >= first)


def _uncovered(days: Days, covered: Sequence[Days]) -> Iterator[Days]:
    """What is left of a run of days outside others, which are in order."""
    first, last = days
    for start, end in covered:
        if end >= first and start <= last:
            if start > first:
                yield first, start - 1
            first = end + 1
    if first <= last:
        yield first, last


def _recorded(view: View) -> Mapping[int, tuple[Decimal, str]]:
    """Hours and fact by month of the round, of guidance here."""
    every = {_number(month): told for (where, month), told in view.doctor.track.guidance.items() if view.is_here(where)}
    return {month: told for month, told in every.items() if month in view.rules.months}


def _number(month: str) -> int:
    return month_number(date.fromisoformat(f"{month}-01"))
