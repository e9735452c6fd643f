"""What it costs to have no agreement in force: one signed late, or none at all."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from domain.doctor.agreement import Agreement, Elements
from domain.doctor.history import Doctor
from domain.rules.days.conditions import NO_AGREEMENT
from domain.rules.findings.views.view import UNKNOWN, Found, View, date_of, facts_of_posts
from domain.rules.line.basis import Basis
from domain.rules.line.months import Month, MonthOutcome
from domain.values import words
from domain.values.days.calendar import FOREVER, Days, merged, outside
from domain.values.days.periods import Dated


def agreement_missing(view: View) -> Iterator[Found]:
    """Months without an agreement in force that would have counted for more with one from the first day without.

    Months that a late agreement would have covered are left to `agreement_signed_late`.
    """
    if not any(NO_AGREEMENT in month.reasons for month in view.line):
        return
    late = {month for found in agreement_signed_late(view) for month in found.months}
    for days in _without_agreement(view):
        changed = view.line_of(_with_agreement(view, days))
        lost = [month for month in _lost(days, changed, view) if month not in late]
        if lost:
            kroner = view.more(view.with_months(changed, frozenset(view.rules.months) - late), view.line)
            told = f"Legen har stilling i kommunen uten ALIS-avtale {words.months(lost)}"
            signed = f"en avtale som var signert og gjaldt fra {words.day(date_of(days[0]))}"
            text = f"{told}; {UNKNOWN if kroner is None else f'{signed}, ville gitt {_more(kroner)}'}."
            yield Found(lost, facts_of_posts(view.posts.values(), days), text)


def agreement_signed_late(view: View) -> Iterator[Found]:
    """Months that would have counted, or counted for more, had the agreement been signed on its first day."""
    for agreement in view.agreements:
        if agreement.signed_on <= agreement.first_day:
            continue
        changed = view.line_of(_signed_in_time(view.doctor, agreement))
        days = (agreement.first_day.toordinal(), agreement.signed_on.toordinal() - 1)
        lost = _lost(days, changed, view)
        if lost:
            kroner = view.more(changed, view.line)
            told = f"ALIS-avtalen skulle gjelde fra {words.day(agreement.first_day)}, men ble signert"
            yield Found(lost, agreement.facts, f"{told} {words.day(agreement.signed_on)}; {_cost(kroner)}.")


def _signed_in_time(doctor: Doctor, agreement: Agreement) -> Doctor:
    """The doctor as if one agreement had been signed on its first day."""
    signed = replace(agreement, signed_on=agreement.first_day)
    others = {name: signed if each is agreement else each for name, each in doctor.agreements.items()}
    return replace(doctor, agreements=others)


def _without_agreement(view: View) -> Iterator[Days]:
    """The unbroken runs of days with a post here and no agreement in force, of those that reach into the round."""
    covered = merged(view.days_in_force(view.agreements))
    for run in view.unbroken:
        for days in outside(run, covered):
            held = [max(first, days[0]) for first, last in view.held if first <= days[1] and last >= days[0]]
            if held and view.of_round([days]):
                yield held[0], days[1]


def _with_agreement(view: View, days: Days) -> Doctor:
    """The doctor as if an agreement with the municipality had been signed on the first of some days and held on all."""
    first = date_of(days[0])
    last = None if days[1] == FOREVER else date_of(days[1])
    percent = Dated[Decimal | None].since(first, None, "")
    elements = Dated[Elements | None].since(first, None, "")
    signed = Agreement(first, last, (), view.municipality, first, "", percent, elements)
    return replace(view.doctor, agreements={**view.doctor.agreements, "": signed})


def _lost(days: Days, changed: Sequence[Month], view: View) -> list[int]:
    """The months of some days that count, or count for more, in another line."""
    return [month for month in view.of_round([days]) if _counts_for_more(*view.both(month, changed))]


def _counts_for_more(now: MonthOutcome, then: MonthOutcome) -> bool:
    return then.basis is not Basis.NONE and (now.basis, now.paid) != (then.basis, then.paid)


def _cost(kroner: int | None) -> str:
    if kroner is None:
        return UNKNOWN
    return f"det koster {words.kroner(kroner)}" if kroner > 0 else f"i tide ville den likevel gitt {_more(kroner)}"


def _more(kroner: int) -> str:
    """How much more an agreement gives: less, where it uses up the five years sooner."""
    return words.more_or_less(kroner) if kroner else "det samme"
