"""A step on a claim: its body read strictly and made into a command, which is carried out once."""

from typing import Annotated, Final

from fastapi import Depends, Request, Response
from pydantic import ValidationError
from pydantic_core import ErrorDetails, to_json

from api.claims.access import Asker
from api.claims.view import shown
from api.described import responses as doc
from api.described.body import JsonBody, Schemas, schemas_of
from api.http.bodies import body_of
from api.http.commands import Answered, Changing, changing
from api.http.conditions import etag_of
from api.http.kinds import codes_of
from api.http.problems import FieldError, Problem
from domain.casework.claims.claims import ClaimReceipt
from domain.claim.rights.step import ClaimStep
from domain.claim.steps.applying.attach_document import AttachDocument
from domain.claim.steps.registry import STEPS, reader_of
from domain.doctor.intake.intake import refusal_of
from domain.doctor.intake.plain import Json, normal
from domain.store import Document
from domain.values.refusals.claims import NOT_NOW, NOT_SO
from domain.values.refusals.persons import NOT_YOURS
from domain.values.refusals.refusal import Refused

PREFIX: Final = "/api/v1/claims"
_NEVER: Final = -1
"""A version that no claim has: a step that expects it is refused, unless it is a repetition."""
_OPENED: Final = "claim.opened.v1"
OVER_HTTP: Final = tuple(step.asked for step in STEPS.values() if step.asked is not AttachDocument)
"""A document is attached by sending it: then its digest, size and kind are known, not stated."""
STEP: Final = reader_of(*OVER_HTTP)
MOST_BYTES: Final = 1024 * 1024
"""A decision or a statement can have something on each of a thousand lines."""


async def step_body(request: Request) -> Json:
    """The body as a JSON object."""
    return await body_of(request, MOST_BYTES)


def step_of(given: Json) -> ClaimStep:
    """The step that a body asks for; raises `Problem` with every error of it."""
    try:
        return STEP.validate_json(to_json(normal(given)))
    except ValidationError as error:
        raise Problem.invalid([FieldError.of(_refusal(each)) for each in error.errors()]) from None


def _refusal(error: ErrorDetails) -> Refused:
    """A refusal that names the place in the body, without the type of the step."""
    place = error["loc"]
    return refusal_of({**error, "loc": place[1:] if place and place[0] in STEPS else place})


StepBody = Annotated[Json, Depends(step_body)]
Stepping = Annotated[Changing, Depends(changing("the claim"))]


def take(
    claim: str, step: ClaimStep, asked: Changing, body: Json | None = None, document: Document | None = None
) -> Response:
    """Take a step on a claim; a repeated request is known by its `body`, or else by the step."""
    do, expected = asked.serving.casework.claims.do, _expected(claim, asked)
    return asked.carry_out(
        body or step.model_dump(mode="json"),
        lambda command: do(claim, step, command, asked.serving.now(), expected, document),
        lambda receipt: _taken(receipt, asked),
    )


def _expected(claim: str, asked: Changing) -> int | None:
    """The version of the claim that the caller saw, if it is still the same."""
    if asked.condition is None:
        return None
    try:
        recorded = asked.serving.casework.claims.events(claim)
    except Refused:
        return _NEVER
    seen = asked.condition.holds(etag_of(shown(_asker(asked), recorded)))
    return len(recorded) if seen else _NEVER


def _taken(receipt: ClaimReceipt, asked: Changing) -> Answered:
    """The claim right after the step, without what came later."""
    recorded = asked.serving.casework.claims.events(receipt.claim)[: receipt.version]
    content = shown(_asker(asked), recorded, as_of_last=True)
    return Answered(content, f"{PREFIX}/{receipt.claim}", _OPENED in receipt.events)


def _asker(asked: Changing) -> Asker:
    return Asker(asked.actor, asked.request.state.sight, asked.serving)


def taking(*codes: str, opens: bool) -> doc.Responses:
    """The responses of an operation that takes a step, with the problems that only it has."""
    always = (*codes_of(NOT_NOW), *codes_of(NOT_SO), *codes_of(NOT_YOURS), "unknown-claim", "claim-busy")
    in_body = ("unknown-municipality", "unknown-round", "no-rule-set", "unknown-document", "unknown-element")
    found = doc.changing(*always, *codes, location="The address of the claim.", named_in_body=in_body)
    view = {**doc.content("ClaimView"), **found[200]}
    opened: doc.Responses = {201: {"description": "The claim is opened.", **view}} if opens else {}
    return {**found, 200: {"description": "The step is taken.", **view}, **opened}


def _schemas() -> Schemas:
    """`ClaimStep` and all that it consists of."""
    found = schemas_of("ClaimStep", STEP)
    for cls in OVER_HTTP:
        found[cls.__name__].setdefault("required", []).append("type")
    return found


STEP_BODY: Final = JsonBody("ClaimStep", "The step, by its `type`.", _schemas)
