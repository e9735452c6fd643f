"""Share (rules.md 3.3): the part of full time that a post is paid for, on a day and in a month."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from domain.rules.days.positions import Post
from domain.rules.sets.rule_set import RuleSet
from domain.values.fields import Category

Weights = Mapping[tuple[str, Category], Fraction]
"""Each municipality's and category's part of full time, before leave."""
Shares = Mapping[Category, Fraction]
"""The part of full time per category in one municipality, after leave."""
MonthParts = Sequence[tuple[int, Shares]]
"""A month in order: how many days with which shares, which are empty on days of full leave."""
NOTHING: Final = Fraction(0)
ALL: Final = Fraction(1)


def weights(posts: Sequence[Post], rules: RuleSet) -> Weights:
    """The qualifying posts' parts of full time, scaled in proportion where they are over it."""
    return _weights(tuple(posts), rules.full_time, rules.options["over_100"])


@lru_cache(maxsize=8_192)
def _weights(posts: Sequence[Post], full_time: int, choice: str | bool) -> Weights:  # noqa: FBT001 - of an option
    """Nothing else decides them, and many doctors hold posts alike."""
    qualifying = [post for post in posts if post.qualifies]
    over = _OVER_100[choice]
    found: dict[tuple[str, Category], Fraction] = {}
    for post in qualifying:
        key = (post.municipality, post.category)
        part = Fraction(post.percent, max(full_time, over(post, qualifying)))
        found[key] = found[key] + part if key in found else part
    return MappingProxyType(found)


def of_month(parts: MonthParts, worth: Callable[[Shares], Fraction], rules: RuleSet) -> Shares:
    """A paid month's share per category; `worth` tells what a full month of some shares is paid."""
    if len(parts) == 1:
        return parts[0][1]
    return _CHANGED[rules.options["change_in_month"]](parts, worth)


def by_days(parts: MonthParts, _: object = None) -> Shares:
    """A change in mid-month is weighted by days."""
    total: dict[Category, tuple[int, int]] = {}
    length = sum(days for days, _ in parts)
    for days, shares in parts:
        for category, share in shares.items():
            whole, per = total.get(category, (0, 1))
            total[category] = whole * share.denominator + days * share.numerator * per, per * share.denominator
    return {category: Fraction(whole, per * length) for category, (whole, per) in total.items()}


def _of_first_day(parts: MonthParts, _: object) -> Shares:
    """The whole month takes the shares of its first day, days of full leave skipped."""
    return next(shares for _, shares in parts if shares)


def _of_lowest(parts: MonthParts, worth: Callable[[Shares], Fraction]) -> Shares:
    """The whole month takes the shares of the day that is paid least, of equals the first."""
    return min((shares for _, shares in parts if shares), key=worth)


def _everywhere(_: Post, posts: Iterable[Post]) -> int:
    return sum(each.percent for each in posts)


def _in_its_municipality(post: Post, posts: Iterable[Post]) -> int:
    return sum(each.percent for each in posts if each.municipality == post.municipality)


def _nowhere(_post: Post, _posts: Iterable[Post]) -> int:
    return 0


_OVER_100: Final[Mapping[str | bool, Callable[[Post, Sequence[Post]], int]]] = {
    "all_municipalities": _everywhere,
    "own_municipality": _in_its_municipality,
    "none": _nowhere,
}
"""Which percents are summed with a post's, and scaled where they are over full time."""
_CHANGED: Final[Mapping[str | bool, Callable[[MonthParts, Callable[[Shares], Fraction]], Shares]]] = {
    "by_days": by_days,
    "first_day": _of_first_day,
    "lowest": _of_lowest,
}
"""Whose shares a month takes in which they change."""
