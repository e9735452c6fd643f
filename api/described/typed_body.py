"""Bodies that say by their type what they are: described without what the address, our clock and the caller say."""

from collections.abc import Mapping
from functools import reduce
from operator import or_
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Discriminator, Field, TypeAdapter, create_model

from api.described.body import JsonBody, Schemas, schemas_of
from api.described.examples import bodies
from api.http.bodies import MOST_BYTES
from domain.values.event import Event
from domain.values.fields import Token


def typed_body(schema: str, classes: Mapping[str, type[Event]], name: str, ours: frozenset[str]) -> JsonBody:
    """The body of an operation that takes events by their type.

    `name` is the field with the id of what they are about: that of something new can be left out. `ours` are the fields
    that a body may not have.
    """
    return JsonBody(
        schema, f"By its `type`; at most {MOST_BYTES} bytes.", lambda: _schemas(schema, classes, name, ours)
    )


def _schemas(schema: str, classes: Mapping[str, type[Event]], name: str, ours: frozenset[str]) -> Schemas:
    made = [_body(schema, cls, name, ours) for cls in classes.values()]
    any_of_them: Any = Annotated[reduce(or_, made), Discriminator("type")]
    found = schemas_of(schema, TypeAdapter(any_of_them))
    for each in made:
        of = found[each.__name__]
        of["properties"][name].pop("default", None)
        of["required"] = ["type", *(field for field in of["required"] if field != "type")]
    return found


def _body(schema: str, cls: type[Event], name: str, ours: frozenset[str]) -> type[BaseModel]:
    kind = str(cls.model_fields["type"].default)
    fields: dict[str, Any] = {
        each: (field.annotation, field) for each, field in cls.model_fields.items() if each not in {*ours, name, "type"}
    }
    new = Field(default="", description="Its id; else one is made of the `Idempotency-Key`.")
    known = Field(description="The id of what this is about.")
    first: dict[str, Any] = {"type": (_literal(kind), Field()), name: (Token, new if "first_day" in fields else known)}
    config = ConfigDict(extra="forbid", json_schema_extra={"examples": [bodies()[schema][kind]["value"]]})
    return create_model(f"{cls.__name__}Body", __config__=config, __doc__=cls.__doc__, **first, **fields)


def _literal(value: str) -> Any:  # noqa: ANN401 - a type that is made here
    return Literal[value]
