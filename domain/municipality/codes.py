"""The stable identity of a municipality behind its dated codes: the first code that is known of it."""

from collections.abc import Collection, Iterator

from domain.rules.sets.municipalities import MunicipalityList
from domain.values.refusals.refusal import refused


def first_code(lists: Collection[MunicipalityList], code: str) -> str:
    """The first code known of a municipality; of several that became one, the first in the list.

    It stays the same when later lists come. Raises `Refused` (unknown-municipality) for a code that no list has.
    """
    if not any(code in each.by_code or code in each.successors for each in lists):
        raise refused("unknown-municipality", municipality=code)
    return _first(lists, code, {code})


def all_codes(lists: Collection[MunicipalityList], code: str) -> frozenset[str]:
    """Every code of a municipality, in all lists that have it."""
    known = (each for each in lists if code in each.by_code or code in each.successors)
    return frozenset([code, *(other for each in known for other in each.codes_of(each.current(code)))])


def _first(lists: Collection[MunicipalityList], code: str, seen: set[str]) -> str:
    earlier = next((each for each in _before(lists, code) if each not in seen), None)
    return code if earlier is None else _first(lists, earlier, seen | {earlier})


def _before(lists: Collection[MunicipalityList], code: str) -> Iterator[str]:
    """The codes that ended and became another."""
    for each in lists:
        yield from (ended for ended, successor in each.successors.items() if successor == code)
