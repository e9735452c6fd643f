"""Reading an object that says by its type what it is, with everything that is wrong with it."""

from collections.abc import Mapping
from typing import TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import to_json

from domain.doctor.intake.intake import refusal_of
from domain.doctor.intake.plain import Json, normal, unreadable
from domain.values.refusals.refusal import Problem, Refused, Rejected, refused

M = TypeVar("M", bound=BaseModel)


def read_typed(given: Json, classes: Mapping[str, type[M]], ours: Json, defaults: Json) -> M:
    """What an object says, of the class that its type names; `ours` is what it may not say. Raises `Rejected`."""
    problems = [*unreadable(given), *(refused("unknown-field", field=name) for name in ours if name in given)]
    cls = classes.get(str(given.get("type")))
    if "type" not in given:
        problems.append(refused("missing-field", field="type"))
    elif cls is None:
        problems.append(refused("unknown-type", type=given["type"]))
    if problems or cls is None:
        raise _rejected(problems)
    try:
        return cls.model_validate_json(to_json({**defaults, **normal(given), **ours}))
    except ValidationError as error:
        raise _rejected([refusal_of(each) for each in error.errors()]) from None


def _rejected(problems: list[Refused]) -> Rejected:
    return Rejected([Problem(None, None, each) for each in problems])
