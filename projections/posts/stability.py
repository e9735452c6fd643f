"""How stable posts are, in the figures of FAFO 2023:02, 4.6: by municipality, by centrality class, and as a whole.

A doctor who has held two posts has two times in a post. Averages are of exact fractions and rounded once, half up, to
one decimal.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from statistics import median
from typing import Final

from domain.rules.sets.municipalities import MunicipalityList
from domain.values.rounding import round_half_up
from projections.engine.small_cells import hidden
from projections.posts.posts import Post

_TENTHS: Final = 10
_PERCENT: Final = 100


@dataclass(frozen=True, slots=True)
class Stability:
    """The figures of some posts; those that may be null are null where they would tell of fewer than five people.

    `held` counts the posts that somebody holds on the day, `same_doctor` those with one doctor and no vacant month,
    `left` the doctors who hold none of the posts any more.
    """

    posts: int
    held: int | None
    same_doctor: int | None
    doctors: int
    left: int | None
    doctors_per_post: Decimal
    months: int
    months_vacant: int
    vacant_percent: Decimal
    mean_months: Decimal
    median_months: Decimal


@dataclass(frozen=True, slots=True)
class Group:
    """The posts of a municipality, a centrality class or the whole; no figures where they tell of too few people."""

    name: str
    figures: Stability | None


@dataclass(frozen=True, slots=True)
class StabilityTable:
    """The figures on a day: of all posts, by centrality class, and by municipality.

    `whole` is null where there are no posts.
    """

    until: date
    whole: Group | None
    by_centrality_class: Sequence[Group]
    municipalities: Sequence[Group]

    def seen_by(self, municipality: str | None) -> "StabilityTable":
        """The figures without other municipalities than one (its code of today); with all of them, for None."""
        own = [each for each in self.municipalities if municipality in {None, each.name}]
        return replace(self, municipalities=own)


@dataclass(frozen=True, slots=True)
class _Levels:
    """Figures with nothing hidden: of the municipalities in each class, and of each class."""

    municipalities: Mapping[str, Mapping[str, Stability]]
    classes: Mapping[str, Stability]


_WHOLE: Final = "all"
_People = Callable[[Stability], int]
_DOCTORS: Final[tuple[_People, ...]] = (lambda of: of.doctors,)
_PARTS: Final[tuple[_People, ...]] = (
    *_DOCTORS,
    lambda of: of.left or 0,
    lambda of: of.doctors - (of.left or 0),
    lambda of: of.same_doctor or 0,
)
"""Each number of people that can be read from the figures; a post that one doctor has had all the time is one."""


def stability(posts: Sequence[Post], places: MunicipalityList, until: date, *, small_cells: bool) -> StabilityTable:
    """The figures of some posts, with or without those that tell of too few people."""
    by_class = defaultdict[str, dict[str, list[Post]]](dict)
    for post in posts:
        in_class = by_class[str(places.centrality_class(post.municipality))]
        in_class.setdefault(post.municipality, []).append(post)
    levels = _Levels(
        {name: {where: _figures(mine) for where, mine in each.items()} for name, each in by_class.items()},
        {name: _figures([post for mine in each.values() for post in mine]) for name, each in sorted(by_class.items())},
    )
    of_municipalities = {where: found for each in levels.municipalities.values() for where, found in each.items()}
    none, parts = (set(), set()) if small_cells else (_too_few(levels, _DOCTORS), _too_few(levels, _PARTS))

    def group(name: str, figures: Stability) -> Group:
        if name in none:
            return Group(name, None)
        return Group(name, replace(figures, held=None, same_doctor=None, left=None) if name in parts else figures)

    return StabilityTable(
        until,
        group(_WHOLE, _figures(posts)) if posts else None,
        [group(*each) for each in levels.classes.items()],
        [group(*each) for each in sorted(of_municipalities.items())],
    )


def _too_few(levels: _Levels, people: Iterable[_People]) -> set[str]:
    """The municipalities and classes to hide, and the whole, for numbers of people that can be read from the figures.

    A class whose sum would tell of a municipality is hidden, and so are all municipalities in a hidden class.
    """
    found, telling = set[str](), set[str]()
    for name, mine in levels.municipalities.items():
        for number in people:
            inner = hidden({where: number(figures) for where, figures in mine.items()})
            found |= inner.cells
            telling |= {name} if inner.total else set()
    for number in people:
        outer = hidden({name: number(figures) for name, figures in levels.classes.items()}, telling)
        found |= outer.cells | ({_WHOLE} if outer.total else set())
    return found.union(*(levels.municipalities[name] for name in found & levels.classes.keys()))


def _figures(posts: Sequence[Post]) -> Stability:
    """The figures of at least one post, nothing hidden."""
    doctors = {each.hpr for post in posts for each in post.holders}
    holding = {hpr for post in posts for hpr in post.held_by}
    times = [each.months for post in posts for each in post.holders]
    months, vacant = sum(post.open for post in posts), sum(post.vacant for post in posts)
    return Stability(
        posts=len(posts),
        held=sum(bool(post.held_by) for post in posts),
        same_doctor=sum(len(post.holders) == 1 and not post.vacant for post in posts),
        doctors=len(doctors),
        left=len(doctors - holding),
        doctors_per_post=_tenths(Fraction(len(times), len(posts))),
        months=months,
        months_vacant=vacant,
        vacant_percent=_tenths(Fraction(_PERCENT * vacant, months)),
        mean_months=_tenths(Fraction(sum(times), len(times))),
        median_months=_tenths(median(map(Fraction, times))),
    )


def _tenths(exact: Fraction) -> Decimal:
    """An exact number with one decimal, half up."""
    return Decimal(round_half_up(exact * _TENTHS)).scaleb(-1)
