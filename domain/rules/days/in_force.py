"""Agreement in force (rules.md 3.2): from signing, to the end of the unbroken run of position days."""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final

from domain.doctor.agreement import Agreement
from domain.rules.days.positions import Held
from domain.rules.sets.rule_set import RuleSet
from domain.values.days.calendar import Days, days_of, merged


def in_force(
    agreements: Iterable[Agreement], posts: Sequence[Held], services: Sequence[Days], rules: RuleSet
) -> Iterator[tuple[Days, str]]:
    """The days on which each agreement is in force, and where.

    `services` are the days of external institutional service: they do not break the run of
    position days, and belong to it also at its end.
    """
    counts_from = _COUNTS_FROM[rules.options["agreement_counts_from"]]
    runs: dict[str, tuple[list[Days], list[Days]]] = {}
    for agreement in agreements:
        where = rules.municipalities.current(agreement.municipality)
        if where not in runs:
            held = merged(each.days for each in posts if each.post.municipality == where)
            runs[where] = held, merged([*held, *services]) if services else held
        days = _days((counts_from(agreement), days_of(agreement)[1]), *runs[where])
        if days is not None:
            yield days, where


def _days(agreed: Days, held: Sequence[Days], unbroken: Sequence[Days]) -> Days | None:
    """From the first agreed day with any position, to the end of the run that the day lies in."""
    first, last = agreed
    at = bisect_left(held, first, key=_end)
    if at == len(held):
        return None
    begin = max(first, held[at][0])
    end = min(last, unbroken[bisect_left(unbroken, begin, key=_end)][1])
    return (begin, end) if begin <= end else None


def _end(days: Days) -> int:
    return days[1]


def _from_signing(agreement: Agreement) -> int:
    """No grant for time before the agreement was signed."""
    return max(agreement.first_day, agreement.signed_on).toordinal()


def _from_first_day(agreement: Agreement) -> int:
    """Its first day, even if it was signed later."""
    return agreement.first_day.toordinal()


_COUNTS_FROM: Final[Mapping[str | bool, Callable[[Agreement], int]]] = {
    "signing": _from_signing,
    "first_day": _from_first_day,
}
