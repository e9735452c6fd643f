"""Reading what is stored: the log is for ever, so the bounds of new input are never asked of it."""

from functools import cache
from typing import Any, Final, TypeVar, cast

from pydantic import BaseModel
from pydantic_core import SchemaValidator

from domain.facts import FACT, Fact

E = TypeVar("E", bound=BaseModel)
_BOUNDS: Final = frozenset(
    {"pattern", "min_length", "max_length", "gt", "ge", "lt", "le", "multiple_of", "decimal_places", "max_digits"}
)
_BOUNDED_KINDS: Final = ("str", "int", "float", "decimal", "tuple", "list", "dict")
_ASKED_FIRST: Final = frozenset({"function-before"})
_EVERY_CHECK: Final = _ASKED_FIRST | {"function-after"}


def _without(checks: frozenset[str], schema: Any) -> Any:  # noqa: ANN401 - pydantic's own tree
    """A schema without its bounds and without some kinds of checks in Python."""
    match schema:
        case {"type": str(kind), "schema": inner} if kind in checks:
            return _without(checks, inner)
        case dict():
            bounded = schema.get("type") in _BOUNDED_KINDS
            return {
                name: each if name in {"serialization", "metadata"} else _without(checks, each)
                for name, each in schema.items()
                if not (bounded and name in _BOUNDS)
            }
        case list() | tuple():
            return type(schema)(_without(checks, each) for each in schema)
        case _:
            return schema


_STORED: Final = SchemaValidator(_without(_EVERY_CHECK, FACT.core_schema))
_COHERENT: Final = SchemaValidator(_without(_ASKED_FIRST, FACT.core_schema))


def stored_fact(payload: bytes) -> Fact:
    """A fact as the log holds it: checked when it was recorded, written by pydantic itself."""
    return cast("Fact", _STORED.validate_json(payload))


def coherent_fact(content: bytes) -> Fact:
    """A fact that agrees with itself, whatever its bounds: what a correction of a stored fact leads to.

    Raises `ValidationError` for what is no fact.
    """
    return cast("Fact", _COHERENT.validate_json(content))


@cache
def _reader(kind: type[BaseModel]) -> SchemaValidator:
    return SchemaValidator(_without(_EVERY_CHECK, kind.__pydantic_core_schema__))


def stored_event(kind: type[E], payload: bytes) -> E:
    """Any other event as the log holds it."""
    return cast("E", _reader(kind).validate_json(payload))
