"""Supervisor and guidance: is there anybody to guide the doctor, and is it done?"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Final

from domain.doctor.track.guidance import MonthOfGuidance, is_confirmed, months_of_guidance
from domain.doctor.track.state import Session, Supervision
from domain.rules.findings.views.view import Found, View
from domain.rules.sets.limits import GUIDANCE_HOURS, GUIDANCE_MONTHS_BELOW
from domain.values import words
from domain.values.days.calendar import Days, days_of, first_of, last_of, merged, month_number, month_of, outside
from domain.values.fields import Confirmer

_WHO: Final[Mapping[Confirmer, str]] = {Confirmer.DOCTOR: "legen", Confirmer.SUPERVISOR: "veilederen"}


def supervisor_gap(view: View) -> Iterator[Found]:
    """A day that counts without an approved supervisor in the municipality."""
    supervisors = [each for each in view.doctor.track.supervisions if _guides_here(each, view)]
    covered = merged(days_of(each) for each in supervisors if each.approved)
    gaps = [gap for days in _counting(view) for gap in outside(days, covered)]
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
    below = [month for month in asked if month not in recorded or recorded[month].hours < least]
    if len(below) > allowed * len(view.rules.months) / view.rules.numbers["months_per_year"]:
        facts = [fact for month in below if month in recorded for fact in recorded[month].facts]
        told = f"Det er registrert mindre enn {words.rounded(least)} timer veiledning i måneden"
        yield Found(below, facts, f"{told} {words.months(below)}.")


def guidance_unconfirmed(view: View) -> Iterator[Found]:
    """Sessions of the round here that the doctor or the supervisor has not confirmed as they stand."""
    sessions = [each for each in view.doctor.track.sessions.values() if view.is_here(each.municipality)]
    inside = [each for each in sessions if month_of(each.on.toordinal()) in view.rules.months]
    if open_ones := [each for each in inside if not is_confirmed(each)]:
        months = sorted({month_of(each.on.toordinal()) for each in open_ones})
        left = [_left_to(who, open_ones) for who in Confirmer if any(who not in each.confirmed for each in open_ones)]
        hours = words.rounded(sum((each.hours for each in open_ones), Decimal(0)))
        unit = "time" if hours == "1" else "timer"
        told = f"Veiledning på til sammen {hours} {unit} {words.months(months)} er ikke bekreftet av begge parter"
        yield Found(months, [each.fact for each in open_ones], f"{told}: {words.listed(left)}.")


def _left_to(who: Confirmer, sessions: Sequence[Session]) -> str:
    """How many sessions one of the two has not confirmed."""
    left = sum(who not in each.confirmed for each in sessions)
    return f"{_WHO[who]} har {words.counted(left, 'én veiledning', 'veiledninger')} igjen å bekrefte"


def _guides_here(supervision: Supervision, view: View) -> bool:
    return supervision.municipality is None or view.is_here(supervision.municipality)


def _counting(view: View) -> Iterator[Days]:
    """The days with a qualifying post here, on which nothing but an agreement lacks, of the months that are paid."""
    days = [(span.first, span.last) for span in view.spans if view.works_here(span) and not span.failing]
    for first, last in merged((first_of(month), last_of(month)) for month in view.paid):
        yield from ((max(start, first), min(end, last)) for start, end in days if start <= last and end >= first)


def _recorded(view: View) -> Mapping[int, MonthOfGuidance]:
    """Guidance here by month of the round."""
    every = months_of_guidance(view.doctor.track, view.rules.municipalities.current)
    here = {_number(month): found for (where, month), found in every.items() if where == view.municipality}
    return {month: found for month, found in here.items() if month in view.rules.months}


def _number(month: str) -> int:
    return month_number(date.fromisoformat(f"{month}-01"))
