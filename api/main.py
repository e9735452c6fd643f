"""The application: routes, problems and documentation put together."""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Final

from fastapi import FastAPI, Request, Response, status
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, RedirectResponse
from fastapi.routing import APIRoute
from pydantic_core import ErrorDetails

from api import health
from api.access_log import routes as access_log
from api.claims import documents as claim_documents
from api.claims import effects as claim_effects
from api.claims import routes as claims
from api.claims import touched as claims_touched
from api.conversions import routes as conversions
from api.described.openapi import PREFIX, Described
from api.described.page import handbook
from api.doctors import routes as doctors
from api.doctors import supervisors
from api.doctors.insight import routes as insight
from api.door.door import Door
from api.door.head import HeadAsGet
from api.http.lists import Waiting
from api.http.problems import FieldError, Problem, problem_response, refusal_response
from api.http.services import RequestLimits, Services
from api.identity.acting import Identity
from api.identity.code_flow import CodeFlow
from api.municipalities import routes as municipal_entries
from api.posts import routes as posts
from api.round import calculation as municipalities
from api.round import coverage as cost_coverage
from api.round import explanation as explanations
from api.round import read as read_side
from api.rule_sets import routes as rule_sets
from api.rulings import routes as rulings
from api.sign_in import pages as sign_in_pages
from api.sign_in import routes as sign_in
from api.start import start_page
from api.ties import routes as ties
from deploy import clock
from deploy.network import THIS_MACHINE, Network
from domain.casework.service import Casework
from domain.doctor.intake.intake import refusal_of
from domain.values.refusals.refusal import Refused, Rejected

_ROUTERS: Final = (
    doctors.router,
    supervisors.router,
    claims.router,
    claim_effects.router,
    claim_documents.router,
    conversions.router,
    municipalities.router,
    municipal_entries.router,
    explanations.router,
    insight.router,
    read_side.router,
    cost_coverage.router,
    posts.router,
    rule_sets.router,
    rulings.router,
    claims_touched.router,
    ties.router,
    access_log.router,
    health.router,
)


_LIMITS: Final = RequestLimits()


def create_app(
    casework: Casework,
    limits: RequestLimits = _LIMITS,
    now: Callable[[], datetime] = clock.now,
    network: Network = THIS_MACHINE,
    identity: Identity | None = None,
) -> FastAPI:
    """The HTTP application over a casework service and a clock; without an identity nobody can sign in."""
    app = Described(
        _ROUTERS,
        title="ALIS",
        summary="From a doctor's history to a grant amount that anyone can repeat.",
        version="1",
        docs_url=None,  # Swagger's page runs scripts of another host's beside the data of doctors
        redoc_url=None,
        redirect_slashes=False,
        telemetry={"tracing": False, "metrics": False, "logs": False, "auto_configure": False},  # paths name doctors
    )
    app.state.services = Services(casework, limits, now)
    app.state.identity = identity
    app.state.network = network
    app.state.code_flow = CodeFlow(identity.tokens, network.public) if identity else None
    app.state.waiting = Waiting(casework)
    app.add_api_route("/", _start, include_in_schema=False)
    app.include_router(sign_in.router)
    app.add_api_route(f"{PREFIX}/openapi.json", _described, include_in_schema=False)
    app.add_api_route(f"{PREFIX}/docs", _docs, include_in_schema=False, response_class=HTMLResponse)
    app.add_middleware(HeadAsGet)
    app.add_middleware(Door, network=network)
    app.add_exception_handler(Refused, _refused)
    app.add_exception_handler(Rejected, _rejected)
    app.add_exception_handler(Problem, _problem)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(404, _no_such_address)
    app.add_exception_handler(405, _method_not_allowed)
    return app


def _start(request: Request) -> Response:
    """A page for a person; the description for a program, which asks for JSON and not for HTML."""
    vary = {"Vary": "Accept"}
    accepted = request.headers.get("accept", "*/*")
    if "json" in accepted and "html" not in accepted:
        return RedirectResponse(f"{PREFIX}/openapi.json", status.HTTP_303_SEE_OTHER, headers=vary)
    header, policy = sign_in_pages.header_of(request)
    return HTMLResponse(start_page(PREFIX, header), headers={**policy, **vary})


def _described(request: Request) -> Response:
    """The documentation for programs."""
    return Response(request.app.written(), media_type="application/json")


def _docs(request: Request) -> Response:
    """The documentation as a page."""
    page, policy = handbook(request.app.openapi(), str(request.base_url))
    return HTMLResponse(page, headers={"Content-Security-Policy": policy})


def _refused(request: Request, refusal: Exception) -> Response:
    assert isinstance(refusal, Refused)  # noqa: S101 - what it is registered for, as below
    return refusal_response(request, refusal)


def _rejected(request: Request, rejected: Exception) -> Response:
    assert isinstance(rejected, Rejected)  # noqa: S101
    errors = [FieldError.of(each.refusal) for each in rejected.problems]
    return problem_response(request.scope, Problem.invalid(errors))


def _problem(request: Request, problem: Exception) -> Response:
    assert isinstance(problem, Problem)  # noqa: S101
    return problem_response(request.scope, problem)


def _invalid(request: Request, error: Exception) -> Response:
    """What FastAPI found wrong with parameters, said as everything else that is wrong is said."""
    assert isinstance(error, RequestValidationError)  # noqa: S101
    return problem_response(request.scope, Problem.invalid([_field_error(each) for each in error.errors()]))


def _field_error(error: ErrorDetails) -> FieldError:
    refusal = refusal_of({**error, "loc": error["loc"][1:]})
    if refusal.code == "unknown-field":
        return FieldError.of_code("unknown-parameter", field=refusal.details["field"])
    return FieldError.of(refusal)


def _no_such_address(request: Request, _: Exception) -> Response:
    return problem_response(request.scope, Problem("no-such-address"))


def _words(path: str) -> int:
    """How many characters of a route's path stand for themselves."""
    return len(re.sub(r"{[^}]*}", "", path))


def _method_not_allowed(request: Request, _: Exception) -> Response:
    """Name every method of the address: the framework's own answer knows those of its first route only."""
    routes = [route for router in _ROUTERS for route in router.routes if isinstance(route, APIRoute)]
    fitting = [route for route in routes if route.path_regex.match(request.url.path)]
    nearest = max((route.path for route in fitting), key=_words, default="")  # an id that may hold a slash fits more
    found = {method for route in fitting if route.path == nearest for method in route.methods or ()} or {"GET"}
    methods = ", ".join(sorted(found | {"HEAD"} if "GET" in found else found))
    problem = Problem("method-not-allowed", allowed=methods)
    problem.allow = methods
    return problem_response(request.scope, problem)
