"""Assessing and repeating a claim of a few and of many lines from the database, and how much of it is calculation."""

import json
from statistics import median

from deploy.clock import now
from domain.casework.claims.claim_basis import compute_of, told_of
from domain.claim.lines.assessing import ReadUpTo
from domain.claim.stream.state import Status, limits_in
from tests import desk as tests_desk
from tests.benchmarks.house import Desk, command, stories
from tests.benchmarks.measure import Heading, Line, number, quantile, stopped
from tests.benchmarks.sizes import IMPORTED, Sizes
from tests.benchmarks.stories import ROUND, Json, new_doctors
from tests.claiming import Claiming, claiming

_PLACES = ("0301", "4601", "5001")
"""Municipalities of claims; the stories are moved there."""
_MS = 1_000


def claims(desk: Desk, sizes: Sizes) -> list[Line | Heading]:
    """One claim of each size, each municipality with its own."""
    desk.casework.book.publish_release(now(), lambda _: command(source="release"))
    found: list[Line | Heading] = [Heading("A claim of the round 2026, from the database (p50 of each round)")]
    for where, count in zip(_PLACES, sizes.claim_lines, strict=False):
        told = [_moved(story, where) for story in stories(new_doctors(count), (IMPORTED,))]
        desk.take_in([fact for story in told for fact in story])
        desk.beside.execute("VACUUM (ANALYZE)")
        claim = claiming(tests_desk.Desk(desk.url, desk.store, desk.casework)).of(where)
        claim.assessed()
        lines, calculation = len(claim.state.lines), _calculation(desk, claim, sizes)
        assert claim.decided_as_assessed().status is Status.DECIDED
        assert desk.casework.claims.repeat(claim.name).identical
        repeated = _turns(lambda it=claim: desk.casework.claims.repeat(it.name), sizes)
        _reopen(desk, claim)
        assessed = _turns(lambda it=claim: it.do("assess"), sizes)
        found.append(_line(f"assess {lines} lines", assessed, calculation))
        found.append(_line(f"repeat the decision of {lines} lines", repeated, calculation))
    return found


def _turns(act: object, sizes: Sizes) -> list[list[float]]:
    """Milliseconds of each turn, round by round; one turn warms up."""
    assert callable(act)
    act()
    return [[_timed(act) for _ in range(sizes.claim_turns)] for _ in range(sizes.claim_rounds)]


def _timed(act: object) -> float:
    assert callable(act)
    with stopped() as watch:
        act()
    return watch.seconds * _MS


def _line(what: str, turns: list[list[float]], calculation: float) -> Line:
    every = [each for turn in turns for each in turn]
    share = calculation / median(every)
    made_of = f"p95 {number(quantile(every, 0.95))} ms; {share:.0%} is calculation"
    return Line(what, tuple(median(turn) for turn in turns), made_of, unit=" ms")


def _calculation(desk: Desk, claim: Claiming, sizes: Sizes) -> float:
    """Milliseconds that computing the lines takes once their facts are read (p50)."""
    stored = claim.stored
    rules = desk.casework.book.rule_set(None, ROUND)
    told, read = told_of(desk.store, stored.state.lines), ReadUpTo(1, stored.version, 1)

    def compute() -> None:
        compute_of(told, stored.state.municipality, limits_in(stored.state), rules, read)

    return median(each for turn in _turns(compute, sizes) for each in turn)


def _reopen(desk: Desk, claim: Claiming) -> None:
    """A leave that takes all of a granted line became known after the decision."""
    hpr = next(iter(claim.state.granted))
    moment = {"id": "late", "hpr": hpr, "recorded_at": "2026-09-01T08:00:00Z", "recorded_by": "caseworker:ab"}
    days = {"first_day": "2025-06-01", "last_day": "2026-05-31"}
    desk.take_in([{"type": "leave_registered", "leave": "late", "kind": "other", **days, **moment}])
    claim.do("reopen")


def _moved(story: list[Json], where: str) -> list[Json]:
    """A doctor's story as if it had all happened in one municipality."""
    return [_with(each, where) for each in json.loads(json.dumps(story))]


def _with(fact: Json, where: str) -> Json:
    parts = (fact, fact.get("new"), fact.get("replacement"))
    for part in parts:
        if isinstance(part, dict) and "municipality" in part:
            part["municipality"] = where
    return fact
