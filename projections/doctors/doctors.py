"""The doctors: listed with filters, and one with everything that is known."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from psycopg import Connection
from psycopg.rows import dict_row, tuple_row

from domain.casework.access.sight import EVERYTHING, Sight
from projections.doctors.case_history import Entry, history_of
from projections.doctors.eligible_months import EligibleMonth, months_of
from projections.doctors.grant_amounts import Amount, amounts_of, lines_in
from projections.doctors.overview import WHOLE, Sums, total_of
from projections.doctors.productivity_window import Window, window_of
from projections.doctors.search import WITH_POST, Sought
from projections.engine.paging import MOST, Slice, seen, sliced

_LIST: Final = """
SELECT hpr FROM read.search WHERE kind = 'hpr' AND (hpr::integer, hpr) > (%(after)s::integer, %(after_text)s)
AND (%(seen_places)s::text[] IS NULL OR hpr IN ({with_post}))
AND (%(seen_doctor)s::text IS NULL OR hpr = %(seen_doctor)s)
AND (NOT %(filtered)s OR EXISTS (
    SELECT FROM read.overview o WHERE o.hpr = search.hpr
    AND (%(municipality)s::text IS NULL OR o.municipality = %(municipality)s)
    AND (%(round)s::text IS NULL OR o.round = %(round)s) AND o.category = %(category)s
    AND (%(seen_places)s::text[] IS NULL OR o.municipality = ANY(%(seen_places)s))))
{found}
GROUP BY hpr ORDER BY hpr::integer, hpr LIMIT %(limit)s
"""
_LINES: Final = """
SELECT hpr, round, municipality, months_agreement, months_guidance_only, months_none, kroner FROM read.overview
WHERE hpr = ANY(%(doctors)s) AND category = 'all'
AND (%(municipality)s::text IS NULL OR municipality = %(municipality)s)
AND (%(round)s::text IS NULL OR round = %(round)s)
AND (%(seen_places)s::text[] IS NULL OR municipality = ANY(%(seen_places)s))
ORDER BY hpr, round, municipality
"""


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which doctors: those with a line in a municipality, in a round, with months in a category, found by a text.

    Of them those who somebody sees, and of their lines likewise.
    """

    municipality: str | None = None
    round: str | None = None
    category: str | None = None
    search: Sought | None = None
    sight: Sight = EVERYTHING


@dataclass(frozen=True, slots=True)
class LineInShort:
    """What one municipality gets for a doctor in a round, without its months."""

    hpr: str
    round: str
    municipality: str
    months_agreement: int
    months_guidance_only: int
    months_none: int
    kroner: int | None


@dataclass(frozen=True, slots=True)
class Listed:
    """A doctor in a list, with the lines that were asked for."""

    hpr: str
    lines: list[LineInShort]


@dataclass(frozen=True, slots=True)
class OneDoctor:
    """A doctor with months, windows, amounts and the beginning of the history."""

    hpr: str
    months: list[EligibleMonth]
    windows: list[Window]
    amounts: list[Amount]
    history: Slice[Entry]


@dataclass(frozen=True, slots=True)
class OneMunicipality:
    """A municipality in a round: the sums, and its lines with their months."""

    sums: Sums
    lines: Slice[Amount]
    months: list[EligibleMonth]


def doctors(
    connection: Connection[Any], chosen: Chosen | None = None, after: str | None = None, limit: int = MOST
) -> Slice[Listed]:
    """The doctors in the order of the HPR number as a number."""
    chosen = chosen or Chosen()
    if chosen.search is not None and not chosen.search.words:
        return Slice([], None)
    asked = {
        **(chosen.search.asked() if chosen.search else {}),
        "filtered": replace(chosen, search=None, sight=EVERYTHING) != Chosen(),
        "municipality": chosen.municipality,
        "round": chosen.round,
        "category": chosen.category or WHOLE,
        "after": after or "-1",
        "after_text": after or "",
        "limit": limit + 1,
        **seen(chosen.sight),
    }
    found = [hpr for (hpr,) in connection.cursor(row_factory=tuple_row).execute(_list(chosen.search), asked)]
    some = sliced(found, limit, str)
    return Slice(listed(connection, some.items, chosen), some.after)


def _list(sought: Sought | None) -> bytes:
    """The query, narrowed to those who are found."""
    found = f"AND hpr IN ({sought.query()})" if sought else ""
    return _LIST.format(found=found, with_post=WITH_POST.format(codes="seen_places")).encode()


def listed(connection: Connection[Any], names: Sequence[str], chosen: Chosen | None = None) -> list[Listed]:
    """Some doctors as a list has them, as after a search."""
    chosen = chosen or Chosen()
    asked = {"doctors": list(names), "municipality": chosen.municipality, "round": chosen.round, **seen(chosen.sight)}
    lines = [LineInShort(**row) for row in connection.cursor(row_factory=dict_row).execute(_LINES, asked)]
    return [Listed(hpr, [line for line in lines if line.hpr == hpr]) for hpr in names]


def with_post_in(connection: Connection[Any], hprs: Collection[str], codes: Collection[str] | None) -> list[str]:
    """Those of some doctors who hold or held a post in a municipality, by all its codes; None: all of them."""
    if codes is None:
        return list(hprs)
    asked = {"hprs": list(hprs), "codes": list(codes)}
    query = f"{WITH_POST.format(codes='codes')} AND hpr = ANY(%(hprs)s)".encode()
    found = connection.cursor(row_factory=tuple_row).execute(query, asked)
    return sorted({hpr for (hpr,) in found})


def doctor(
    connection: Connection[Any], hpr: str, day: date, limit: int = MOST, sight: Sight = EVERYTHING
) -> OneDoctor | None:
    """One doctor as things stand on a day, with the lines that somebody sees; None for one that is not known.

    The history is for those who see all of it: to a municipality the database shows none of its rows.
    """
    history = history_of(connection, hpr, limit=limit)
    rounds = _rounds(connection, hpr)
    if not (history.items if sight.whole or sight.doctor else rounds):
        return None
    months = [each for each in months_of(connection, [hpr]) if _is_seen(each, sight)]
    here = None if sight.whole or sight.doctor else {each.month for each in months}
    found = (window_of(connection, hpr, round_id, day) for round_id in rounds)
    windows = [_given_here(each, here) for each in found if each]
    amounts = [each for each in amounts_of(connection, [hpr]) if _is_seen(each, sight)]
    return OneDoctor(hpr, months, windows, amounts, history)


def _rounds(connection: Connection[Any], hpr: str) -> list[str]:
    """The rounds in which a doctor has a window."""
    query = "SELECT round FROM read.productivity_window WHERE hpr = %s ORDER BY round"
    return [found for (found,) in connection.cursor(row_factory=tuple_row).execute(query, (hpr,))]


def _given_here(window: Window, here: Collection[str] | None) -> Window:
    """A window with those of its months alone that somebody sees (None: all)."""
    return window if here is None else replace(window, given=[month for month in window.given if month in here])


def _is_seen(line: EligibleMonth | Amount, sight: Sight) -> bool:
    return sight.doctor is not None or sight.sees_municipality(line.municipality)


def municipality(  # noqa: PLR0913, PLR0917 - as `lines_in`
    connection: Connection[Any],
    code: str,
    round_id: str,
    after: str | None = None,
    limit: int = MOST,
    sight: Sight = EVERYTHING,
) -> OneMunicipality:
    """What somebody sees of a municipality in a round; one without doctors has no lines."""
    lines = lines_in(connection, code, round_id, after, limit, sight)
    months = months_of(connection, [line.hpr for line in lines.items], round_id, code)
    return OneMunicipality(total_of(connection, round_id, code, sight), lines, months)
