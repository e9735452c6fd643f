"""The OpenAPI description: FastAPI's, with the components and examples that it does not know of."""

from collections.abc import Iterable, Sequence
from threading import Lock
from typing import Any, Final

from fastapi import APIRouter, FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute
from pydantic import TypeAdapter
from pydantic_core import to_json

from api.access.operations import OPEN, OPERATIONS
from api.described.body import REF, JsonBody, schemas_of
from api.described.examples import answers, bodies
from api.http.problems import ProblemDocument

PREFIX: Final = "/api/v1"
_ABOUT: Final = """
Facts about doctors who specialise in general practice, and the months and kroner that follow from them under the rules
of a round.

**Who acts** is told by a bearer token of one of the issuers that the service believes, or by the session of a person
who signed in. Somebody with several roles, or who acts for several municipalities, chooses: `Alis-Role: revisor`,
`Alis-Organisation: 1804`. What each role may do and how far it sees stands in one table, which is asked before anything
else; what one may not see is not found. Which steps two different people must take is checked with each command.

**Time.** Days are ISO dates, inclusive; moments are RFC 3339. `known_at` asks what was known at a moment, which is
not to come. Facts that had become known by then but were stored later are part of the answer, and a calculation lists
them.

**Problems** follow RFC 9457. `code` and `type` are stable, `detail` is a Norwegian sentence for a person, `errors` has
every field in error at once (a header or parameter that stands twice is one), and `instance` is the correlation id of
the request: the caller's own `Correlation-Id` where that is a UUID. It comes back with every response.

**Repeating and competing.** A request sent again with the same `Idempotency-Key` gets its first answer. `If-Match` with
the `ETag` of the doctor's facts refuses a registration if another one came first. `ETag` is a digest of what is
answered; with `If-None-Match` an answer that still holds is 304.

**Reading what one has just written.** Lists, sums and overviews follow the facts within moments. A read with
`Prefer: wait=5` and, in `Alis-After`, the `Alis-Command` of a registration waits up to 5 seconds (10 at most) until it
shows that registration, and says `Preference-Applied: wait`; when the time is out it answers `not-yet-visible`.
"""
_TAGS: Final = (
    {"name": "doctors", "description": "Facts about doctors, and the history that they make."},
    {
        "name": "municipalities",
        "description": "Months and kroner of a municipality in a round, and what it says of itself.",
    },
    {"name": "conversions", "description": "Conversions from the old scheme to the new one, many at once."},
    {"name": "claims", "description": "A municipality's claim for a round, from opening to closing and after."},
    {"name": "overview", "description": "A round as a whole, and how far the read side has come."},
    {"name": "posts", "description": "Posts that doctors hold in turn, and how stable they are."},
    {"name": "rule sets", "description": "The rules, as data, each number with its source."},
    {"name": "ties", "description": "Ties that keep somebody from handling a case."},
    {"name": "access", "description": "Who read which case, when and why."},
    {"name": "operation", "description": "Whether the service lives and works."},
)


class Described(FastAPI):
    """An application with our description, made and written when it is first asked for, and once."""

    def __init__(self, routers: Sequence[APIRouter], **given: Any) -> None:  # noqa: ANN401
        super().__init__(openapi_url=None, **given)  # FastAPI's own address writes it anew for everybody
        for router in routers:
            self.include_router(router)
        self._routes = [route for router in routers for route in router.routes if isinstance(route, APIRoute)]
        self._describing = Lock()
        self._written = b""

    def openapi(self) -> dict[str, Any]:
        """The description."""
        with self._describing:
            if self.openapi_schema is None:
                self.openapi_schema = _description(self, self._routes)
                self._written = to_json(self.openapi_schema)
        return self.openapi_schema

    def written(self) -> bytes:
        """The description as JSON."""
        self.openapi()
        return self._written


def _description(app: FastAPI, routes: Iterable[APIRoute]) -> dict[str, Any]:
    made = get_openapi(
        title=app.title,
        version=app.version,
        summary=app.summary,
        description=_ABOUT,
        routes=app.routes,
        tags=list(_TAGS),
    )
    schemas = made["components"]["schemas"]
    schemas |= schemas_of("ProblemDocument", TypeAdapter(ProblemDocument))
    for body in (route.openapi_extra for route in routes):
        schemas |= body.schemas() if isinstance(body, JsonBody) else {}
    made["components"]["securitySchemes"] = {"bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}}
    whole: dict[str, Any] = _standard(made)
    for name, schema in whole["components"]["schemas"].items():
        schema["title"] = name  # generated clients name their types by it
    for operations in whole["paths"].values():
        for operation in operations.values():
            operation["parameters"] = [_without_null(each) for each in operation.get("parameters", ())]
            _exemplify(operation)
            if OPERATIONS[operation["operationId"]] != OPEN:
                operation["security"] = [{"bearer": []}]
    return whole


def _without_null(parameter: dict[str, Any]) -> dict[str, Any]:
    """A parameter that may be left out is not therefore null."""
    schema = parameter["schema"]
    options = [each for each in schema.get("anyOf", ()) if each != {"type": "null"}]
    if len(options) != 1:
        return parameter
    rest = {name: value for name, value in schema.items() if name not in {"anyOf", "default"}}
    return {**parameter, "schema": {**options[0], **rest}}


def _exemplify(operation: dict[str, Any]) -> None:
    """Give the bodies and the answers of an operation their examples."""
    for status, response in operation["responses"].items():
        if (answer := answers().get(f"{operation['operationId']}.{status}")) is not None:
            response["content"]["application/json"]["example"] = answer
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    if (examples := bodies().get(body.get("schema", {}).get("$ref", "").rpartition("/")[2])) is not None:
        body["examples"] = examples


def _standard(schema: Any) -> Any:  # noqa: ANN401 - any part of a schema
    """Say in JSON Schema's words what pydantic says in its own: bounds of decimals, and our marks for components."""
    if isinstance(schema, list):
        return [_standard(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    if isinstance(name := schema.get("component"), str):
        return {"$ref": REF.format(model=name)}
    if "decimal_places" in schema or "le" in schema:
        return _decimal(schema)
    return {name: _standard(each) for name, each in schema.items()}


def _decimal(schema: dict[str, Any]) -> dict[str, Any]:
    """A decimal within bounds, as a number or as a text."""
    words = {"gt": "exclusiveMinimum", "ge": "minimum", "le": "maximum"}
    bounds = {words[name]: schema[name] for name in words if name in schema}
    places = schema.get("decimal_places", 20)
    text = {"type": "string", "pattern": rf"^[0-9]{{1,3}}(\.[0-9]{{1,{places}}})?$"}
    kept = {name: value for name, value in schema.items() if name in {"title", "description", "default"}}
    return {"anyOf": [{"type": "number", **bounds}, text], **kept}
