"""Agreement in force (rules.md 3.2): from signing, to the end of the unbroken run of position days."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final

from domain.agreement import Agreement
from domain.rules.calendar import Days, days_of, merged
from domain.rules.positions import Held
from domain.rules.rule_set import RuleSet


def in_force(
    agreements: Iterable[Agreement], posts: Sequence[Held], services: Sequence[Days], rules: RuleSet
) -> Iterator[tuple[Days, str]]:
    """The days on which each agreement is in force, and where.

    `services` are the days of external institutional service: they do not break the run of
    position days, and belong to it also at its end.
    """
    counts_from = _COUNTS_FROM[rules.options["agreement_counts_from"]]
    for agreement in agreements:
        where = rules.municipalities.current(agreement.municipality)
        held = merged(each.days for each in posts if each.post.municipality == where)
        unbroken = merged([*held, *services]) if services else held
        days = _days((counts_from(agreement), days_of(agreement)[1]), held, unbroken)
        if days is not None:
            yield days, where


def _days(agreed: Days, held: Sequence[Days], unbroken: Sequence[Days]) -> Days | None:
    """From the first agreed day with any position, to the end of the run that the day lies in."""
    first, last = agreed
    begin = next((max(first, start) for start, end in held if end >= first), None)
    if begin is None:
        return None
    end = min(last, next(end for start, end in unbroken if start <= begin <= end))
    return (begin, end) if begin <= end else None


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
