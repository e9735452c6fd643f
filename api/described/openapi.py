"""The OpenAPI description: FastAPI's, with the components and examples that it does not know of."""

from threading import Lock
from typing import Any, Final

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import TypeAdapter
from pydantic_core import to_json, to_jsonable_python

from api.claims import steps as claim_steps
from api.claims.claim_effect_documentation import effect_answers
from api.claims.claim_examples import described as claim_answers
from api.described import responses as documentation
from api.described.fact_schemas import REF, components, standard
from api.doctors import examples
from api.http.problems import ProblemDocument
from api.round.explanation_documentation import answers as explanation_answers
from api.round.read_side_examples import answers as read_side_answers
from api.rule_sets.documentation import answers as rule_set_answers

PREFIX: Final = "/api/v1"
_TAGS: Final = (
    {"name": "doctors", "description": "Facts about doctors, and the history that they make."},
    {"name": "municipalities", "description": "Months and kroner of a municipality in a round."},
    {"name": "claims", "description": "A municipality's claim for a round, from opening to closing and after."},
    {"name": "overview", "description": "A round as a whole, and how far the read side has come."},
    {"name": "rule sets", "description": "The rules, as data, each number with its source."},
    {"name": "operation", "description": "Whether the service lives and works."},
)


class Described(FastAPI):
    """An application with our description, made and written when it is first asked for, and once."""

    def __init__(self, **given: Any) -> None:  # noqa: ANN401
        super().__init__(openapi_url=None, **given)  # FastAPI's own address writes it anew for everybody
        self._describing = Lock()
        self._written = b""

    def openapi(self) -> dict[str, Any]:
        """The description."""
        with self._describing:
            if self.openapi_schema is None:
                self.openapi_schema = _description(self)
                self._written = to_json(self.openapi_schema)
        return self.openapi_schema

    def written(self) -> bytes:
        """The description as JSON."""
        self.openapi()
        return self._written


def _description(app: FastAPI) -> dict[str, Any]:
    made = get_openapi(
        title=app.title,
        version=app.version,
        summary=app.summary,
        description=documentation.ABOUT,
        routes=app.routes,
        tags=list(_TAGS),
    )
    problem = TypeAdapter(ProblemDocument).json_schema(ref_template=REF)
    schemas = made["components"]["schemas"]
    schemas |= {**problem.pop("$defs"), "ProblemDocument": problem}
    whole: dict[str, Any] = standard(made)
    whole["components"]["schemas"] |= {**components(), **standard(claim_steps.components())}
    for name, schema in whole["components"]["schemas"].items():
        schema["title"] = name  # generated clients name their types by it
    for path, method, status, example in _examples():
        whole["paths"][PREFIX + path][method]["responses"][status]["content"]["application/json"]["example"] = example
    for operations in whole["paths"].values():
        for operation in operations.values():
            operation["parameters"] = [_without_null(each) for each in operation.get("parameters", ())]
    return whole


def _without_null(parameter: dict[str, Any]) -> dict[str, Any]:
    """A parameter that may be left out is not therefore null."""
    schema = parameter["schema"]
    options = [each for each in schema.get("anyOf", ()) if each != {"type": "null"}]
    if len(options) != 1:
        return parameter
    rest = {name: value for name, value in schema.items() if name not in {"anyOf", "default"}}
    return {**parameter, "schema": {**options[0], **rest}}


def _examples() -> list[tuple[str, str, str, Any]]:
    facts = to_jsonable_python(examples.facts())
    entry = next(each for each in facts["facts"] if each["fact"]["id"] == examples.FACT_ID)
    calculation = examples.calculation()
    months = {name: value for name, value in calculation.items() if name not in {"total", "complete", "assumptions"}}
    months["lines"] = [{"hpr": line["hpr"], "months": line["months"]} for line in calculation["lines"]]
    round_ = "/municipalities/{municipality}/rounds/{round}"
    return [
        ("/doctors/{hpr}/facts", "post", "201", entry),
        ("/doctors/{hpr}/facts", "post", "200", entry),
        ("/doctors/{hpr}/facts", "get", "200", facts),
        ("/doctors/{hpr}/facts/{fact}", "get", "200", entry),
        ("/doctors/{hpr}/facts/preview", "post", "200", examples.preview()),
        ("/doctors/{hpr}/history", "get", "200", to_jsonable_python(examples.history())),
        (f"{round_}/calculation", "get", "200", calculation),
        (f"{round_}/calculation/{{hpr}}", "get", "200", examples.calculation(traced=True)),
        (f"{round_}/months", "get", "200", months),
        *claim_answers(),
        *effect_answers(),
        *explanation_answers(),
        *rule_set_answers(),
        *read_side_answers(),
        ("/health", "get", "200", {"status": "ok", "version": "0.1.0"}),
        ("/ready", "get", "200", {"status": "ok"}),
    ]
