"""The facts in OpenAPI: what can be registered and what is read, made of the domain's own classes.

A body is a fact without what the address, our clock and the caller's identity say. The classes made here only
describe; `api.http.bodies` checks with the domain's.
"""

from collections.abc import Iterable
from functools import reduce
from operator import or_
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Discriminator, Field, TypeAdapter, create_model

from api.doctors.examples import by_type
from api.http.bodies import OURS
from api.round.explanation_shapes import SidesBody
from domain.doctor.facts.facts import FACT, FACT_CLASSES, Fact, LeaveRegistered
from domain.rules.sets.rule_set import Content
from domain.values.fields import REPORTED_KINDS, Token

REF: Final = "#/components/schemas/{model}"


def _literal(*values: str) -> Any:  # noqa: ANN401 - a type that is made here
    return Literal[values]


def _union(classes: Iterable[Any]) -> Any:  # noqa: ANN401 - as above
    return reduce(or_, classes)


def _body(cls: type[Fact]) -> type[BaseModel]:
    name = str(cls.model_fields["type"].default)
    others = {name: field for name, field in cls.model_fields.items() if name not in {*OURS, "id", "type"}}
    fields: dict[str, Any] = {
        "type": (_literal(name), Field()),
        "id": (Token, Field(default="", description="The fact's id; else one is made of the `Idempotency-Key`.")),
        **{name: (field.annotation, field) for name, field in others.items()},
    }
    if cls is LeaveRegistered:
        fields["kind"] = (_literal(*(kind.value for kind in REPORTED_KINDS)), Field())
    config = ConfigDict(extra="forbid", json_schema_extra={"examples": [by_type()[name]]})
    return create_model(f"{cls.__name__}Body", __config__=config, __doc__=cls.__doc__, **fields)


def components() -> dict[str, Any]:
    """The component schemas: `NewFact`, `Fact`, `RuleSetContent` and all that they consist of."""
    bodies: Any = Annotated[_union(map(_body, FACT_CLASSES)), Discriminator("type")]
    found: dict[str, Any] = {}
    for name, adapter in (
        ("NewFact", TypeAdapter(bodies)),
        ("Fact", FACT),
        ("RuleSetContent", TypeAdapter(Content)),
        ("SidesBody", TypeAdapter(SidesBody)),
    ):
        schema = adapter.json_schema(ref_template=REF)
        found |= schema.pop("$defs")
        found[name] = {"title": name, **schema}
    for schema in found.values():
        if "id" in schema.get("properties", {}):
            schema["properties"]["id"].pop("default", None)
    for cls in FACT_CLASSES:
        found[cls.__name__]["required"].append("type")
    return {name: standard(schema) for name, schema in found.items()}


def standard(schema: Any) -> Any:  # noqa: ANN401 - any part of a schema
    """Say in JSON Schema's words what pydantic says in its own: bounds of decimals, and our marks for components."""
    if isinstance(schema, list):
        return [standard(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    if isinstance(name := schema.get("component"), str):
        return {"$ref": REF.format(model=name)}
    if "decimal_places" in schema or "le" in schema:
        return _decimal(schema)
    return {name: standard(each) for name, each in schema.items()}


def _decimal(schema: dict[str, Any]) -> dict[str, Any]:
    """A decimal within bounds, as a number or as a text."""
    words = {"gt": "exclusiveMinimum", "ge": "minimum", "le": "maximum"}
    bounds = {words[name]: schema[name] for name in words if name in schema}
    places = schema.get("decimal_places", 20)
    text = {"type": "string", "pattern": rf"^[0-9]{{1,3}}(\.[0-9]{{1,{places}}})?$"}
    kept = {name: value for name, value in schema.items() if name in {"title", "description", "default"}}
    return {"anyOf": [{"type": "number", **bounds}, text], **kept}
