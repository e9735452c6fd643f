"""Headers and parameters that a request may have only once; of two, one would silently win."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, Final
from urllib.parse import parse_qsl

from fastapi.datastructures import Headers

from api.http.problems import FieldError, Problem

HEADERS: Final = (
    "Alis-After",
    "Alis-Organisation",
    "Alis-Reason",
    "Alis-Role",
    "Authorization",
    "Content-Encoding",
    "Content-Type",
    "Correlation-Id",
    "Host",
    "Idempotency-Key",
)
"""The headers that are not lists, as `If-Match`, `If-None-Match`, `Prefer` and the digest fields are."""


def check(scope: Mapping[str, Any]) -> None:
    """Raise `Problem` with every header and parameter that a request has twice."""
    errors = [*_headers(Headers(raw=list(scope["headers"]))), *_parameters(scope["query_string"])]
    if errors:
        raise Problem.invalid(errors)


def _headers(headers: Headers) -> Iterator[FieldError]:
    for name in HEADERS:
        if len(headers.getlist(name)) > 1:
            yield FieldError.of_code("header-twice", field=name)


def _parameters(query: bytes) -> Iterator[FieldError]:
    given = Counter(name for name, _ in parse_qsl(query.decode("latin-1"), keep_blank_values=True))
    for name, times in given.items():
        if times > 1:
            yield FieldError.of_code("parameter-twice", field=name)
