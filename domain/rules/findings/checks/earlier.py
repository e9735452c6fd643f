"""Agreements from before the national scheme: kept, converted, or run out (tildelingsbrev-tillegg-88-2021.txt, (4))."""

from collections.abc import Iterator

from domain.doctor.agreement import Agreement
from domain.rules.findings.views.view import Found, View, date_of
from domain.rules.sets.limits import NATIONAL_SCHEME_FROM
from domain.values import words
from domain.values.days.calendar import Days, first_of, last_of


def earlier_agreement(view: View) -> Iterator[Found]:
    """What has become of an agreement from before the national scheme, by the end of the round."""
    for agreement in view.agreements if view.rules.round.last_day >= NATIONAL_SCHEME_FROM else ():
        days = view.in_force(agreement) if agreement.signed_on < NATIONAL_SCHEME_FROM else []
        if days and days[0][0] <= last_of(view.rules.months[-1]):
            newer = _newer(view)
            yield from _converted(agreement, days, newer, view) if newer else _kept_or_run_out(agreement, days, view)


def _converted(agreement: Agreement, days: list[Days], newer: Agreement, view: View) -> Iterator[Found]:
    """In the round in which the new agreement takes over: the months until then."""
    since = view.in_force(newer)[0][0]
    if first_of(view.rules.months[0]) <= since:
        until = [(first, min(last, since)) for first, last in [*days, (since, since)] if first <= since]
        text = (
            f"{_told(agreement)} og avløst av ALIS-avtalen signert {words.day(newer.signed_on)}. Elementer i den gamle "
            "avtalen som ikke passer i malen, kan tas inn i malens punkt 4.3, med kommunal finansiering."
        )
        yield Found(view.of_round(until), [*agreement.facts, *newer.facts], text)


def _kept_or_run_out(agreement: Agreement, days: list[Days], view: View) -> Iterator[Found]:
    """Kept, with the months in force; or over before the end of the round, with the months of a post after it."""
    end = days[-1][1]
    if end >= last_of(view.rules.months[-1]):
        text = (
            f"{_told(agreement)} og videreført. Tildelingsbrevet (nr. 88, punkt 4) åpner for å fullføre avtaleperioden "
            "eller gå over til nasjonal ALIS, men sier ikke hvilken sats en videreført avtale har; her er den regnet "
            "som andre avtaler."
        )
        yield Found(view.of_round(days), agreement.facts, text)
        return
    after = [(max(span.first, end + 1), span.last) for span in view.spans if view.works_here(span) and span.last > end]
    if months := view.of_round(after) or view.of_round(days):
        how = "løp ut" if date_of(end) == agreement.last_day else "falt bort da legen fratrådte stillingen"
        text = f"{_told(agreement)} og {how} {words.day(date_of(end))}. Ingen ny avtale med kommunen er registrert."
        yield Found(months, agreement.facts, text)


def _newer(view: View) -> Agreement | None:
    """The first agreement under the national scheme that is in force by the end of the round."""
    closing = last_of(view.rules.months[-1])
    newer = [
        (days[0], each)
        for each in view.agreements
        if each.signed_on >= NATIONAL_SCHEME_FROM and (days := view.in_force(each)) and days[0][0] <= closing
    ]
    return min(newer, key=lambda each: each[0])[1] if newer else None


def _told(agreement: Agreement) -> str:
    return f"ALIS-avtalen signert {words.day(agreement.signed_on)} er fra før {words.day(NATIONAL_SCHEME_FROM)}"
