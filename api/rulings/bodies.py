"""The bodies of questions, answers and approvals, and how they are read."""

from typing import Final, TypeVar

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError
from pydantic_core import to_json

from api.described.body import JsonBody, schemas_of
from api.http.problems import FieldError, Problem
from domain.doctor.intake.intake import refusal_of
from domain.doctor.intake.plain import Json, normal
from domain.rulebook.questions import NewAnswer, NewQuestion
from domain.rules.sets.rule_set import Digest

M = TypeVar("M", bound=BaseModel)


class SeenAnswer(BaseModel):
    """The answer that was seen."""

    model_config = ConfigDict(extra="forbid")

    digest: Digest


def read(kind: type[M], body: Json) -> M:
    """What a body says; raises `Problem` with everything that is wrong with it."""
    try:
        return kind.model_validate_json(to_json(normal(body)))
    except ValidationError as error:
        raise Problem.invalid([FieldError.of(refusal_of(each)) for each in error.errors()]) from None


NEW_QUESTION: Final = JsonBody(
    "NewQuestion", "The question.", lambda: schemas_of("NewQuestion", TypeAdapter(NewQuestion))
)
NEW_ANSWER: Final = JsonBody("NewAnswer", "The answer.", lambda: schemas_of("NewAnswer", TypeAdapter(NewAnswer)))
SEEN_ANSWER: Final = JsonBody(
    "SeenAnswer", "The digest of the answer, as read.", lambda: schemas_of("SeenAnswer", TypeAdapter(SeenAnswer))
)
