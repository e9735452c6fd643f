"""The read side: catching up, rebuilding, what writers feel of it, how soon a save is seen, and how all of it grows.

All published rule sets are in force, so a doctor is computed in every round.
"""

from collections.abc import Callable, Sequence
from statistics import median
from typing import Final

from deploy.clock import now
from tests.benchmarks.catching_up import KINDS, Contest, Kind, one_after_the_other
from tests.benchmarks.house import Desk, command, stories
from tests.benchmarks.measure import Goal, Heading, Line, Speeds, in_turns, number, quantile, ratio
from tests.benchmarks.seeing import P95, Felt, Seen, felt, seen
from tests.benchmarks.sizes import IMPORTED, LARGER, Sizes
from tests.benchmarks.stories import new_doctors

UNIT: Final = "events/s"
_MILLI: Final = 1_000
_GOAL: Final = Goal("≥", 0.3)


def read_side(small: Desk, large: Desk, sizes: Sizes) -> list[Line | Heading]:
    """A log, and one that is ten times as long."""
    at, longer = _begun(small, sizes.read_doctors), _begun(large, sizes.read_doctors * LARGER)
    few, many = _speeds(at, sizes.read_rounds), _speeds(longer, 0)
    felt_few, felt_many = felt(small, sizes, sizes.read_rounds), felt(large, sizes, 1)
    seen_few, seen_many = seen(small, sizes), seen(large, sizes)
    return [
        Heading(f"The read side, {number(at.events)} events of {sizes.read_doctors} doctors, five rounds in force"),
        *_compared("caught up", "up", few),
        *_compared("rebuilt, compared, swapped", "anew", few),
        _slower(felt_few),
        _soon(seen_few),
        Heading(f"The same of {number(longer.events)} events: so many times the figure of {number(at.events)}"),
        *_grown(few, many),
        _times("save during a rebuild, p95", _of_rounds(felt_few.busy), _of_rounds(felt_many.busy)),
        _slower(felt_many),
        _times("save → visible in all, p95", _p95(seen_few.all), _p95(seen_many.all)),
        _soon(seen_many),
    ]


def _begun(desk: Desk, doctors: int) -> Contest:
    desk.casework.book.publish_release(now(), lambda _: command(source="release"))
    desk.take_in([fact for story in stories(new_doctors(doctors), (IMPORTED,)) for fact in story])
    return Contest(desk)


def _speeds(at: Contest, rounds: int) -> dict[str, list[float]]:
    """Every way of every projection, and of all six in one process."""
    contestants = {"up all": at.together, "anew all": at.rebuild_all}
    for kind in KINDS:
        contestants |= _ways(at, kind)
    found = in_turns(contestants, rounds) if rounds else {name: [turn()] for name, turn in contestants.items()}
    by_turns = zip(*(found[f"raw {kind.name}"] for kind in KINDS), strict=True)
    return {**found, "raw all": [one_after_the_other(each) for each in by_turns]}


def _ways(at: Contest, kind: Kind) -> dict[str, Callable[[], float]]:
    return {
        f"up {kind.name}": lambda: at.catch_up(kind),
        f"anew {kind.name}": lambda: at.rebuild(kind),
        f"raw {kind.name}": lambda: at.raw(kind),
    }


def _compared(done: str, way: str, speeds: Speeds) -> list[Line]:
    names = [*(kind.name for kind in KINDS), "all"]
    what = {"all": "all six in one process"}
    return [
        ratio(f"{what.get(n, n)}, {done} ÷ raw pages of the rows", speeds, (f"{way} {n}", f"raw {n}"), UNIT, _GOAL)
        for n in names
    ]


def _grown(few: Speeds, many: Speeds) -> list[Line]:
    """Events a second on the longer log, in parts of those on the shorter one: 1 where time grows as events do."""
    names = [*(f"{way} {kind.name}" for way in ("up", "anew") for kind in KINDS), "up all", "anew all", "raw all"]
    return [
        _times(_TOLD[name.split()[0]].format(name.split()[1]), median(few[name]), many[name][0], UNIT) for name in names
    ]


def _times(what: str, few: float, many: float, unit: str = "ms") -> Line:
    return Line(what, (many / few,), f"{number(many)} / {number(few)} {unit}", unit=" ×")


def _slower(found: Felt) -> Line:
    busy, idle = _of_rounds(found.busy), _of_rounds(found.idle)
    longest = max(seconds for each in found.busy for seconds in each) * _MILLI
    made_of = f"{number(busy)} / {number(idle)} ms, the longest {number(longest)} ms; it took"
    made_of += f" {number(median(found.rebuild_seconds))} s"
    return Line("a save during a rebuild of all, p95 ÷ idle", found.figures, made_of, Goal("≤", 1.5))


def _of_rounds(rounds: Sequence[Sequence[float]]) -> float:
    return median(_p95(each) for each in rounds)


def _soon(found: Seen) -> Line:
    each = ", ".join(f"{name} {number(_p95(seconds))}" for name, seconds in found.each.items())
    made_of = f"{number(_p95(found.all))} / {number(_p95(found.notified))} ms of {len(found.all)} saves: {each}"
    return Line("save → visible in the last of all ÷ commit → notified, p95", (found.figure,), made_of, Goal("≤", 15))


def _p95(seconds: Sequence[float]) -> float:
    """In milliseconds."""
    return quantile(seconds, P95) * _MILLI


_TOLD: Final = {"up": "{}, caught up", "anew": "{}, rebuilt", "raw": "{}, raw pages"}
