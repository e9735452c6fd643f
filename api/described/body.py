"""The JSON body of an operation, in the description; how it is read is said in `api.http.bodies`."""

from collections.abc import Callable
from typing import Any, Final

from pydantic import TypeAdapter

Schemas = dict[str, Any]
REF: Final = "#/components/schemas/{model}"


class JsonBody(dict[str, Any]):
    """The `openapi_extra` of an operation with a body.

    `schemas` makes the component schema of the body, and those it refers to, when the description is asked for.
    """

    def __init__(self, schema: str, description: str, schemas: Callable[[], Schemas]) -> None:
        content = {"application/json": {"schema": {"component": schema}}}
        super().__init__(requestBody={"required": True, "description": description, "content": content})
        self.schemas = schemas


def schemas_of(name: str, adapter: TypeAdapter[Any]) -> Schemas:
    """The component schema of a type under a name, and those it refers to."""
    schema = adapter.json_schema(ref_template=REF)
    found: Schemas = schema.pop("$defs", {})
    return {**found, name: {"title": name, **schema}}
