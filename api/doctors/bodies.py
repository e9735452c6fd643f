"""The facts in the description: what can be registered and what is read, made of the domain's own classes.

A body is a fact without what the address, our clock and the caller's identity say. The classes made here only
describe; `api.http.bodies` checks with the domain's.
"""

from collections.abc import Iterable
from functools import reduce
from operator import or_
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Discriminator, Field, TypeAdapter, create_model

from api.described.body import JsonBody, Schemas, schemas_of
from api.described.examples import bodies
from api.http.bodies import MOST_BYTES, OURS
from domain.doctor.facts.absence import LeaveRegistered
from domain.doctor.facts.fact import Fact
from domain.doctor.facts.facts import FACT, FACT_CLASSES
from domain.values.fields import REPORTED_KINDS, Token


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
    config = ConfigDict(extra="forbid", json_schema_extra={"examples": [bodies()["NewFact"][name]["value"]]})
    return create_model(f"{cls.__name__}Body", __config__=config, __doc__=cls.__doc__, **fields)


def schemas() -> Schemas:
    """The component schemas `NewFact` and `Fact`, and all that they consist of."""
    bodies: Any = Annotated[_union(map(_body, FACT_CLASSES)), Discriminator("type")]
    found = schemas_of("NewFact", TypeAdapter(bodies)) | schemas_of("Fact", FACT)
    for schema in found.values():
        if "id" in schema.get("properties", {}):
            schema["properties"]["id"].pop("default", None)
    for cls in FACT_CLASSES:
        found[cls.__name__]["required"].append("type")
    return found


NEW_FACT: Final = JsonBody("NewFact", f"The fact, by its `type`; at most {MOST_BYTES} bytes.", schemas)
