"""What one may not see is not found: nothing in an answer tells whether it is there."""

from collections.abc import Iterator
from typing import Any, Final

import httpx
import pytest
from fastapi import FastAPI

from tests.api.asking import Json, refusal
from tests.api.claim_life import NAMES, by, live, step

THERE: Final = "1804-2026"
NOT_THERE: Final = "1804-2023"
STRANGERS: Final = (
    "kommune:1839",
    "person:ef; role=revisor; organisation=1839",
    "person:ef; role=municipality; organisation=1839",
    "rules:ef",
    "lege:9000099",
)
CONDITIONS: Final[tuple[dict[str, str], ...]] = (
    {},
    {"If-Match": "*"},
    {"If-Match": '"x"'},
    {"If-Match": "nonsense"},
    {"If-None-Match": "*"},
    {"Idempotency-Key": "step-0"},
    {"Idempotency-Key": ""},
    {"Content-Type": "application/pdf"},
)
BODIES: Final = (
    b"",
    b"{",
    b'{"type": "nonsense"}',
    b"%PDF-1.4",
    *(b'{"type": "%s"}' % n.encode() for n in ("open", "pay")),
)
GIVEN: Final = {"document": f"sha256:{'0' * 64}", "assessment": "1"}


@pytest.fixture
def opened(client: httpx.Client) -> httpx.Client:
    """A claim of 1804 that is assessed."""
    live(client, NAMES.index("assess") + 1)
    return client


def operations(app: FastAPI) -> Iterator[tuple[str, str]]:
    for path, found in app.openapi()["paths"].items():
        if "/claims/{claim}" in path:
            yield from ((method, path) for method in found)


def told(response: httpx.Response, claim: str) -> tuple[int, Any, dict[str, str]]:
    """All that an answer tells, but the request's own id and the name that was asked for."""
    varying = {"correlation-id", "date", "content-length"}
    headers = {name: value for name, value in response.headers.items() if name not in varying}
    body: Json = {**response.json(), "instance": None}
    return response.status_code, str(body).replace(claim, "CLAIM"), headers


@pytest.mark.parametrize("stranger", STRANGERS)
def test_a_claim_that_one_may_not_see_answers_as_one_that_is_not_there(
    opened: httpx.Client, app: FastAPI, stranger: str
) -> None:
    for method, path in operations(app):
        for number, condition in enumerate(CONDITIONS if method == "post" else CONDITIONS[:5]):
            body = BODIES[number % len(BODIES)] if method == "post" else None
            headers = {"Content-Type": "application/json", **by(stranger), **condition}
            answers = []
            for name in (THERE, NOT_THERE):
                address = opened.base_url.join(path.format(claim=name, **GIVEN))
                answers.append(told(opened.request(method, address, content=body, headers=headers), name))
            assert answers[0] == answers[1], (method, path, condition, body)
            assert answers[0][0] in {403, 404}


def test_a_step_that_was_taken_once_is_not_repeated_to_somebody_who_may_not_see_the_claim(opened: httpx.Client) -> None:
    key = {"Idempotency_Key": "once"}
    person = "person:ef; role=municipality; organisation="
    first = step(opened, f"{person}1804", {"type": "open"}, **key)
    assert refusal(first) == (409, "already-assessed")
    withdrawn = step(opened, f"{person}1804", {"type": "withdraw", "reason": "feil"}, **key)
    assert withdrawn.status_code == 200, withdrawn.text
    assert refusal(step(opened, f"{person}1839", {"type": "withdraw", "reason": "feil"}, **key)) == (
        404,
        "unknown-claim",
    )
