"""Reading what is stored: the log is for ever, so the bounds of new input do not apply to it."""

from functools import cache
from typing import Any, Final, TypeVar, cast

from pydantic import BaseModel
from pydantic_core import SchemaValidator

from domain.doctor.facts.fact import Fact
from domain.doctor.facts.facts import FACT

E = TypeVar("E", bound=BaseModel)
_BOUNDS: Final = frozenset(
    {"pattern", "min_length", "max_length", "gt", "ge", "lt", "le", "multiple_of", "decimal_places", "max_digits"}
)
_BOUNDED_KINDS: Final = ("str", "int", "float", "decimal", "tuple", "list", "dict")


def _without_bounds(schema: Any, *, coherent: bool) -> Any:  # noqa: ANN401 - pydantic's own tree
    """A schema without its bounds; with what makes a fact agree with itself, or without that too."""
    match schema:
        case {"type": "function-before" | "function-after" as kind, "schema": inner}:
            bare = _without_bounds(inner, coherent=coherent)
            return {**schema, "schema": bare} if coherent and kind == "function-after" and _is_part(inner) else bare
        case dict():
            bounded = schema.get("type") in _BOUNDED_KINDS
            return {
                name: each if name in {"serialization", "metadata"} else _without_bounds(each, coherent=coherent)
                for name, each in schema.items()
                if not (bounded and name in _BOUNDS)
            }
        case list() | tuple():
            return type(schema)(_without_bounds(each, coherent=coherent) for each in schema)
        case _:
            return schema


def _is_part(schema: Any) -> bool:  # noqa: ANN401 - as above
    """Whether a schema is of a whole part: checks of single values are bounds."""
    return schema["type"] == "model" or (schema["type"] == "function-after" and _is_part(schema["schema"]))


_STORED: Final = SchemaValidator(_without_bounds(FACT.core_schema, coherent=False))
_COHERENT: Final = SchemaValidator(_without_bounds(FACT.core_schema, coherent=True))


def stored_fact(payload: bytes) -> Fact:
    """A fact as the log holds it: checked when it was recorded, written by pydantic itself."""
    return cast("Fact", _STORED.validate_json(payload))


def coherent_fact(content: bytes) -> Fact:
    """A fact that agrees with itself, without the bounds of new input: the result of correcting a stored fact.

    Raises `ValidationError` for what is no fact.
    """
    return cast("Fact", _COHERENT.validate_json(content))


@cache
def _reader(kind: type[BaseModel]) -> SchemaValidator:
    return SchemaValidator(_without_bounds(kind.__pydantic_core_schema__, coherent=False))


def stored_event(kind: type[E], payload: bytes) -> E:
    """Any other event as the log holds it."""
    return cast("E", _reader(kind).validate_json(payload))
