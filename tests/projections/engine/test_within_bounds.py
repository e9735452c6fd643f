"""Whatever a door lets in, every read model takes: nobody is set aside, and a rebuild gives the same rows."""

import json
from contextlib import suppress
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.values.refusals.refusal import Refused, Rejected
from projections.all import ALL
from tests.claiming import claiming
from tests.desk import fact_of
from tests.projections.house import House
from tests.scenario import BEIARN, BODO, Json, track

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=2_200)
WORDS = st.text(st.characters(categories=["L", "N", "P", "Zs"]), min_size=1, max_size=220)
NUMBERS = st.one_of(st.integers(-10, 10**11), st.decimals(allow_nan=False, allow_infinity=False).map(str), WORDS)
DAYS = st.dates().map(str)
MOMENTS = st.datetimes().map(lambda moment: f"{moment.isoformat()}Z")
NEW = count(9_100_000)


@st.composite
def stories(draw: st.DrawFn) -> list[Json]:
    """A doctor with a post, and odd facts beside it, some of which a door refuses."""
    said = st.one_of(WORDS, TEXTS)
    usual = track("2024-10-01").position("p1", BODO).agreement("a1").facts
    odd: list[dict[str, Any]] = [
        {"type": "position_changed", "position": "p1", "first_day": draw(DAYS), "workplace": draw(said)},
        {"type": "position_changed", "position": "p1", "first_day": "2026-02-01", "percent": draw(NUMBERS)},
        {"type": "leave_registered", "leave": draw(said), "kind": "sick", "first_day": draw(DAYS)},
        {"type": "supervisor_assigned", "supervisor": draw(said), "name": draw(said), "first_day": "2025-01-01"},
        {"type": "guidance_recorded", "municipality": BODO, "month": "2026-03", "hours": draw(NUMBERS)},
        {
            "type": "costs_reported",
            "municipality": BEIARN,
            "round": "2026",
            "element": "supervision",
            "kroner": draw(NUMBERS),
        },
        {"type": "fact_corrected", "corrects": usual[1]["id"], "reason": draw(said)},
    ]
    moments = [{"recorded_at": draw(MOMENTS)} if draw(st.booleans()) else {} for _ in odd]
    ids = st.one_of(WORDS, st.uuids().map(str))
    hpr = str(next(NEW))
    later = (
        {"id": draw(ids), "recorded_at": "2026-01-01T00:00:00Z"} | fact | at
        for fact, at in zip(odd, moments, strict=True)
    )
    return [fact | {"hpr": hpr} for fact in (*usual, *later)]


def tells(at: House, story: list[Json]) -> None:
    """At the door of files and at that of single facts, one after the other; each may refuse."""
    for number, fact in enumerate(story):
        try:
            if number % 2:
                at.records(json.loads(json.dumps(fact)))
            else:
                at.imports([fact])
        except (Refused, Rejected):
            continue
        except AssertionError:  # the file's own reader refused it
            with pytest.raises(AssertionError):
                fact_of(fact)


def claims(at: House, text: str, kroner: object) -> None:
    """A claim whose steps say something odd; each step may refuse."""
    claim = claiming(at)
    costs = [{"element": "supervision", "kroner": kroner}]
    odd = (
        ("report_costs", {"costs": costs, "project_code": text}),
        ("submit", {"name": text}),
        ("return", {"reason": text}),
        ("withdraw", {"reason": text}),
    )
    usual: tuple[tuple[str, Json], ...] = (("open", {}), ("propose_lines", {}))
    for step, fields in (*usual, *odd):
        with suppress(Refused, ValueError):
            claim.do(step, **fields)


def holds(at: House) -> None:
    at.levels()
    assert [at.differs_from_fresh(each) for each in ALL] == [0] * len(ALL)


CHECKS = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large]


@settings(max_examples=4, suppress_health_check=CHECKS, deadline=None)
@given(story=stories(), text=st.one_of(WORDS, TEXTS), kroner=NUMBERS)
def test_whatever_a_door_lets_in_every_read_model_takes(
    at: House, story: list[Json], text: str, kroner: object
) -> None:
    tells(at, story)
    claims(at, text, kroner)
    holds(at)


@pytest.mark.long
@settings(max_examples=150, suppress_health_check=CHECKS, deadline=None)
@given(told=st.lists(stories(), min_size=1, max_size=4), text=st.one_of(WORDS, TEXTS), kroner=NUMBERS)
def test_the_same_of_many_more(at: House, told: list[list[Json]], text: str, kroner: object) -> None:
    for story in told:
        tells(at, story)
    claims(at, text, kroner)
    holds(at)
