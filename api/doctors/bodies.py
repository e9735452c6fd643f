"""Facts in the bodies of requests: how they are read, and how they are described.

A body is a fact without what the address, our clock and the caller's identity say. It is checked by the very same
classes as an imported fact; the classes made here only describe it.
"""

from collections.abc import Iterable
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Discriminator, Field, TypeAdapter, ValidationError, create_model
from pydantic_core import to_json

from api.described.body import JsonBody, Schemas, schemas_of
from api.described.examples import bodies
from api.http.bodies import MOST_BYTES
from api.http.problems import FieldError, Problem
from domain.doctor.facts.absence import LeaveRegistered
from domain.doctor.facts.fact import Fact
from domain.doctor.facts.facts import FACT, FACT_CLASSES
from domain.doctor.intake.intake import read_fact, refusal_of
from domain.doctor.intake.plain import Json, normal
from domain.rules.switch.planned import PlannedSwitch
from domain.values.fields import REPORTED_KINDS, Token
from domain.values.refusals.refusal import refused

OURS: Final = ("hpr", "recorded_at", "recorded_by")
"""Known from the address, our clock and who asks; only an import may state when something became known."""


def fact_of(given: Json, hpr: str, recorded_at: datetime, recorded_by: str, default_id: str) -> Fact:
    """The fact that a body registers; raises `Problem` with every error of it."""
    errors = [FieldError.of(refused("unknown-field", field=name)) for name in OURS if name in given]
    fact = {**given, "hpr": hpr, "recorded_at": recorded_at, "recorded_by": recorded_by}
    if fact.get("id") is None:
        fact["id"] = default_id
    try:
        made = read_fact(fact)
    except ValidationError as error:
        found = [FieldError.of(refusal_of(each)) for each in error.errors()]
        raise Problem.invalid([*errors, *found]) from None
    if errors:
        raise Problem.invalid(errors)
    return made


def planned_of(given: Json) -> PlannedSwitch:
    """The switch that a body plans; raises `Problem` with every error of it."""
    try:
        return PlannedSwitch.model_validate_json(to_json(normal(given)))
    except ValidationError as error:
        raise Problem.invalid([FieldError.of(refusal_of(each)) for each in error.errors()]) from None


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
PLANNED_SWITCH: Final = JsonBody(
    "PlannedSwitch",
    "The switch without its days, and between which days each of the two may fall.",
    lambda: schemas_of("PlannedSwitch", TypeAdapter(PlannedSwitch)),
)
