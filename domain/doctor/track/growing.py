"""Mappings that are copied when something is put in, and those of a fold, which alone holds them, that are not.

A fold of n facts that copied what it has for each of them would take n times n steps.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final, TypeVar

K = TypeVar("K")
V = TypeVar("V")
T = TypeVar("T")
NOTHING: Final[Mapping[Any, Any]] = MappingProxyType({})


class Growing(dict[K, V]):
    """A mapping that nobody but one fold holds: what is put in is put in it."""


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
    """A mapping that grows in place; whatever else as it is."""
    return Growing(things) if isinstance(things, Mapping) else things


def settled(things: T) -> T | Mapping[Any, Any]:
    """A mapping as others may hold it; whatever else as it is."""
    return things if not isinstance(things, Growing) else dict(things) if things else NOTHING
