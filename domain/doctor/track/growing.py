"""Mappings copied on every change, and those of a running fold, which are changed in place.

A fold of n facts that copied its state for each fact would take n² steps.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final, TypeVar

K = TypeVar("K")
V = TypeVar("V")
T = TypeVar("T")
NOTHING: Final[Mapping[Any, Any]] = MappingProxyType({})


class Growing(dict[K, V]):
    """A mapping that only one running fold can see, so it is changed in place."""


def put(things: Mapping[K, V], name: K, thing: V) -> Mapping[K, V]:
    """The things with one more, or another in the place of one."""
    if isinstance(things, Growing):
        things[name] = thing
        return things
    return {**things, name: thing}


def put_last(things: Mapping[K, V], name: K, thing: V) -> Mapping[K, V]:
    """The same, but what has a place already loses it, and comes last."""
    if isinstance(things, Growing):
        things.pop(name, None)
        return put(things, name, thing)
    return {**{each: value for each, value in things.items() if each != name}, name: thing}


def growing(things: T) -> T | Growing[Any, Any]:
    """A mapping as one that grows in place; anything else unchanged."""
    return Growing(things) if isinstance(things, Mapping) else things


def settled(things: T) -> T | Mapping[Any, Any]:
    """A growing mapping as a plain one for others to keep; anything else unchanged."""
    return things if not isinstance(things, Growing) else dict(things) if things else NOTHING
