"""Contestants in turns, and what is said of them: medians over the rounds, ratios within each round."""

import gc
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median
from time import perf_counter
from typing import Final, Literal

Json = dict[str, object]
Speeds = Mapping[str, Sequence[float]]
"""Work per second of each contestant, round by round."""


@dataclass(slots=True)
class Watch:
    """Seconds that a piece of work took."""

    seconds: float = 0.0


@contextmanager
def stopped() -> Iterator[Watch]:
    """Time a block."""
    watch = Watch()
    begun = perf_counter()
    yield watch
    watch.seconds = perf_counter() - begun


def in_turns(contestants: Mapping[str, Callable[[], float]], rounds: int) -> dict[str, list[float]]:
    """Let all work in every round, each time in the other order; a first round is only to warm up."""
    speeds: dict[str, list[float]] = {name: [] for name in contestants}
    order = list(contestants)
    for number in range(rounds + 1):
        for name in order:
            gc.collect()
            speed = contestants[name]()
            if number:
                speeds[name].append(speed)
        order.reverse()
    return speeds


@dataclass(frozen=True, slots=True)
class Goal:
    """What a figure should reach (architecture.md section 7)."""

    sign: Literal["≥", "≤"]
    bound: float
    unit: str = ""

    def __str__(self) -> str:
        """As the table has it."""
        return f"{self.sign} {self.bound:g}{self.unit}"

    def reached(self, figure: float) -> bool:
        """Whether a figure is good enough."""
        return figure >= self.bound if self.sign == "≥" else figure <= self.bound


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table: a figure with its spread, what it was made of, and its goal where there is one."""

    what: str
    figures: tuple[float, ...]
    made_of: str
    goal: Goal | None = None
    unit: str = ""

    @property
    def figure(self) -> float:
        """The median over the rounds."""
        return median(self.figures)

    @property
    def verdict(self) -> str:
        """Whether the goal was reached."""
        if self.goal is None:
            return ""
        return "yes" if self.goal.reached(self.figure) else "NO"

    def as_json(self) -> Json:
        """The line for programs."""
        return {
            "what": self.what,
            "figure": self.figure,
            "rounds": list(self.figures),
            "unit": self.unit.strip(),
            "made_of": self.made_of,
            "goal": str(self.goal) if self.goal else None,
            "reached": self.goal.reached(self.figure) if self.goal else None,
        }


@dataclass(frozen=True, slots=True)
class Heading:
    """What the lines below it have in common."""

    what: str

    def as_json(self) -> Json:
        """The heading for programs."""
        return {"heading": self.what}


def ratio(what: str, speeds: Speeds, pair: tuple[str, str], unit: str, goal: Goal | None = None) -> Line:
    """One contestant's speed divided by another's, round by round; the speeds themselves stand beside."""
    ours, base = pair
    figures = tuple(mine / other for mine, other in zip(speeds[ours], speeds[base], strict=True))
    made_of = f"{number(median(speeds[ours]))} / {number(median(speeds[base]))} {unit}"
    return Line(what, figures, made_of, goal)


def number(value: float) -> str:
    """Three digits that mean something, thousands apart."""
    if value >= _WHOLE:
        return f"{value:,.0f}".replace(",", " ")
    return f"{value:.3g}"


def quantile(values: Sequence[float], part: float) -> float:
    """The value that a part of all values does not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))]


_WHOLE: Final = 100
