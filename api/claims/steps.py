"""The body of a step on a claim: read strictly, and made into what the decisions are asked."""

from functools import reduce
from operator import or_
from typing import Annotated, Any, Final

from fastapi import Depends, Request
from pydantic import Discriminator, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails, to_json

from api.described.body import schemas_of
from api.http.bodies import body_of
from api.http.problems import FieldError, Problem
from domain.claim.steps.commands import STEP_CLASSES, STEP_NAMES, AnyStep, AttachDocument
from domain.doctor.intake.intake import refusal_of
from domain.doctor.intake.plain import Json, normal
from domain.values.event import Strict
from domain.values.refusals.refusal import Refused

OVER_HTTP: Final[tuple[type[Strict], ...]] = tuple(cls for cls in STEP_CLASSES if cls is not AttachDocument)
"""A document is attached by sending it: then its digest, size and kind are known, not stated."""
_UNION: Any = Annotated[reduce(or_, OVER_HTTP), Discriminator("type")]
STEP: Final[TypeAdapter[AnyStep]] = TypeAdapter(_UNION)
MOST_BYTES: Final = 1024 * 1024
"""A decision or a statement can have something to say of each of a thousand lines."""


async def step_body(request: Request) -> Json:
    """The body as a JSON object."""
    return await body_of(request, MOST_BYTES)


def step_of(given: Json) -> AnyStep:
    """The step that a body asks for; raises `Problem` with every error of it."""
    try:
        return STEP.validate_json(to_json(normal(given)))
    except ValidationError as error:
        raise Problem.invalid([FieldError.of(_refusal(each)) for each in error.errors()]) from None


def _refusal(error: ErrorDetails) -> Refused:
    """Where in the body it is: the type of the step is no part of the place."""
    place = error["loc"]
    return refusal_of({**error, "loc": place[1:] if place and place[0] in STEP_NAMES else place})


StepBody = Annotated[Json, Depends(step_body)]


def components() -> dict[str, Any]:
    """The component schemas: `ClaimStep` and all that it consists of."""
    found = schemas_of("ClaimStep", STEP)
    for cls in OVER_HTTP:
        found[cls.__name__].setdefault("required", []).append("type")
    return found
