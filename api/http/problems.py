"""Problems: how a refusal is written over HTTP (RFC 9457)."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final
from uuid import UUID

from fastapi import Request, Response

from api.http.kinds import ANSWERS, SENTENCES, STATUS
from domain.values.refusals.kinds import Kind
from domain.values.refusals.refusal import MOST_TOLD, Refused, refused, said

MEDIA_TYPE: Final = "application/problem+json"
KEY: Final = "Idempotency-Key"
"""The header with the caller's own name for a request."""

_CHALLENGES: Final = {"not-signed-in": "Bearer", "token-refused": 'Bearer error="invalid_token"'}
"""What a caller who is not signed in should send (RFC 6750)."""
_NAMED_BY_ADDRESS: Final = frozenset({"unknown-claim", "unknown-question"})
"""Codes of things that only an address can name."""


@dataclass(frozen=True, slots=True)
class FieldError:
    """One thing wrong with a request: the field or parameter, a stable code, a sentence."""

    field: str | None
    code: str
    detail: str

    @classmethod
    def of(cls, refusal: Refused) -> "FieldError":
        """The error that a refusal of a value stands for."""
        field = refusal.details.get("field")
        return cls(str(field) if field else None, refusal.code, str(refusal))

    @classmethod
    def of_code(cls, code: str, field: object) -> "FieldError":
        """An error that only HTTP knows of."""
        return cls(str(field), code, said(SENTENCES[code], {"field": field}))


@dataclass(frozen=True, slots=True)
class ProblemDocument:
    """An RFC 9457 problem. `type` and `code` are stable; `instance` is the correlation id of the request."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    instance: str
    errors: list[FieldError] | None = None


class Problem(Exception):
    """A problem that HTTP itself finds; `details` fill the sentence."""

    allow: str | None = None
    retry_after: int | None = None
    errors: tuple[FieldError, ...] = ()

    def __init__(self, code: str, /, **details: object) -> None:
        super().__init__(code)
        self.code = code
        self.details = details

    @classmethod
    def of(cls, refusal: Refused) -> "Problem":
        """A refusal of the domain; of a rule set with each of its flaws."""
        problem = cls(refusal.code, **refusal.details)
        flaws = refusal.details.get("problems")
        if isinstance(flaws, list):
            problem.errors = tuple(FieldError(each["key"], refusal.code, each["reason"]) for each in flaws)
        return problem

    @classmethod
    def invalid(cls, found: Sequence[FieldError]) -> "Problem":
        """A request with errors in its fields or parameters, all of them at once."""
        different = tuple(dict.fromkeys(found))
        more = f" (og {len(different) - 1} til)" if len(different) > 1 else ""
        problem = cls("invalid-request", first=f"{different[0].detail}{more}")
        left = len(different) - MOST_TOLD
        untold = (cls._more(left),) if left > 0 else ()
        problem.errors = (*different[:MOST_TOLD], *untold)
        return problem

    @staticmethod
    def _more(count: int) -> FieldError:
        return FieldError.of(refused("more-errors", count=count))

    def __str__(self) -> str:
        """Give the Norwegian sentence."""
        return said(SENTENCES[self.code], self.details)


def refusal_response(request: Request, refusal: Refused) -> Response:
    """A refusal of the domain as a response.

    What the address names and does not exist is not found; what only the body names makes the body invalid.
    """
    in_body = request.method == "POST" and refusal.kind is Kind.NOT_FOUND and refusal.code not in _NAMED_BY_ADDRESS
    problem = Problem.of(refusal)
    if refusal.code == "command-id-reused":
        problem.details["command"] = request.headers.get(KEY, problem.details["command"])  # as it was sent
    return problem_response(request.scope, problem, STATUS[Kind.INVALID] if in_body else None)


def problem_response(scope: Mapping[str, Any], problem: Problem, status: int | None = None) -> Response:
    """A problem as a response, with the status of its kind unless another is given."""
    answer, state = ANSWERS[problem.code], scope["state"]
    state["problem"] = problem.code
    status = status or answer.status
    content = document(problem.code, str(problem), status, state["correlation"])
    if problem.errors:
        content["errors"] = [asdict(error) for error in problem.errors]
    retry_after = problem.retry_after or answer.retry_after
    headers = {
        "Allow": problem.allow,
        "Retry-After": retry_after and str(retry_after),
        "WWW-Authenticate": _CHALLENGES.get(problem.code),
    }
    said = {name: value for name, value in headers.items() if value}
    return Response(json.dumps(content, ensure_ascii=False).encode("utf-8", "replace"), status, said, MEDIA_TYPE)


def document(code: str, detail: str, status: int, correlation: UUID) -> dict[str, Any]:
    """The members that every problem has."""
    return {
        "type": f"urn:alis:problem:{code}",
        "title": ANSWERS[code].title,
        "status": status,
        "detail": detail,
        "code": code,
        "instance": f"urn:uuid:{correlation}",
    }
