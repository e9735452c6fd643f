"""Doctors with a plain year, as the peer has them: some change their post, some are on leave, some begin late."""

from collections.abc import Iterator
from datetime import date
from random import Random
from typing import Final

from domain.doctor.history import Doctor, as_known
from domain.rulebook.release import release_reference
from domain.values.days.calendar import MONTHS_PER_CALENDAR_YEAR
from tests.benchmarks.stories import Json, facts

_CATEGORIES: Final = ("gp", "gp_locum", "introductory", "other_municipal")
_FIRST_MONTH: Final = 2025 * MONTHS_PER_CALENDAR_YEAR + 5


def plain_doctors(how_many: int) -> Iterator[tuple[str, str, Doctor]]:
    """HPR number, municipality, and what is known."""
    codes = sorted(release_reference().lists[0].by_code)
    chance = Random(how_many)  # noqa: S311 - made-up data
    weights = [1 / (place + 1) ** 0.9 for place in range(len(codes))]
    for number, where in enumerate(chance.choices(codes, weights, k=how_many)):
        hpr = f"{5_000_001 + number}"
        yield hpr, where, as_known(facts(list(_told(hpr, where, chance))))


def _told(hpr: str, where: str, chance: Random) -> Iterator[Json]:
    """One in ten changes the post, one in twenty is on leave, three in ten begin within the year."""

    def fact(number: int, event: str, **fields: object) -> Json:
        said = {"id": f"{number}", "hpr": hpr, "recorded_at": "2025-06-01T08:00:00Z", "recorded_by": f"kommune:{where}"}
        return {**said, "type": event, **fields}

    begins = _first_of(chance.randrange(12)) if chance.random() < 0.3 else _first_of(-chance.randrange(48))
    post = {"position": "p", "municipality": where, **_post(chance), "first_day": begins}
    agreed = {"agreement": "a", "municipality": where, "signed_on": begins, "first_day": begins}
    yield fact(1, "track_started", on=begins, scheme="new")
    yield fact(2, "position_started", **post)
    yield fact(3, "agreement_signed", **agreed, template="hdir-2023")
    if chance.random() < 0.1:
        yield fact(4, "position_changed", position="p", **_post(chance), first_day=_first_of(12))
    if chance.random() < 0.05:
        month = chance.randrange(8)
        away = {"first_day": _first_of(month), "last_day": _first_of(month + chance.randrange(1, 5))}
        yield fact(5, "leave_registered", leave="l", kind="parental", **away)


def _post(chance: Random) -> Json:
    return {"category": chance.choice(_CATEGORIES), "percent": chance.randrange(10, 101)}


def _first_of(month: int) -> str:
    """The first day of a month, counted from the first of the round."""
    year, index = divmod(_FIRST_MONTH + month, MONTHS_PER_CALENDAR_YEAR)
    return date(year, index + 1, 1).isoformat()
