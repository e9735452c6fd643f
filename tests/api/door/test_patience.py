"""What takes too long to compute is given up, and so is what nobody waits for any more."""

from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from api.door.connections import GONE
from api.door.door import Receive, Scope, Send
from api.http.services import RequestLimits
from api.main import create_app
from domain.casework.service import Casework
from tests.api.asking import Json, as_, imported, problem, refusal, serving
from tests.api.round.test_explanation import CALCULATION, EXPLANATION, LEAVE, THEN
from tests.issuer import identity
from tests.scenario import full_time, lines_of

MONTHS = CALCULATION.replace("calculation", "months")


def asked(app: Any, address: str, **query: str) -> httpx.Response:  # noqa: ANN401 - an application
    with serving(app) as at, httpx.Client(base_url=f"{at}/api/v1", headers=as_("kommune:1804"), timeout=60) as client:
        return client.get(address, params=query)


@pytest.mark.parametrize(("address", "query"), [(EXPLANATION, {"from": THEN}), (CALCULATION, {}), (MONTHS, {})])
def test_what_takes_too_long_to_compute_is_given_up(casework: Casework, address: str, query: Json) -> None:
    imported(casework, lines_of(LEAVE.facts))
    app = create_app(casework, RequestLimits(compute_seconds=-1), identity=identity(casework))
    assert refusal(asked(app, address, **query)) == (503, "takes-too-long")


@pytest.mark.parametrize(("address", "query"), [(EXPLANATION, {"from": THEN}), (CALCULATION, {}), (MONTHS, {})])
def test_what_nobody_waits_for_any_more_is_given_up(
    app: FastAPI, casework: Casework, address: str, query: Json
) -> None:
    imported(casework, lines_of(LEAVE.facts))

    async def left(scope: Scope, receive: Receive, send: Send) -> None:
        scope.setdefault("state", {})[GONE] = lambda: True
        await app(scope, receive, send)

    assert refusal(asked(left, address, **query)) == (499, "aborted")


@pytest.mark.parametrize("address", [CALCULATION, MONTHS])
def test_one_doctor_is_not_computed_to_the_end_for_a_caller_who_has_left(
    app: FastAPI, casework: Casework, address: str
) -> None:
    imported(casework, lines_of(full_time().facts))
    asks = iter([False, False])

    async def leaves(scope: Scope, receive: Receive, send: Send) -> None:
        scope.setdefault("state", {})[GONE] = lambda: next(asks, True)
        await app(scope, receive, send)

    assert refusal(asked(leaves, address)) == (499, "aborted")


def test_of_long_computations_only_so_many_go_on_at_a_time(
    app: FastAPI, client: httpx.Client, casework: Casework
) -> None:
    imported(casework, lines_of(LEAVE.facts))
    places = app.state.services.heavy
    while places.acquire(blocking=False):
        pass
    crowded = client.get(EXPLANATION, params={"from": THEN})
    assert (refusal(crowded), crowded.headers["retry-after"]) == ((503, "crowded"), "2")
    assert client.get(CALCULATION).status_code == 200
    places.release()
    assert client.get(EXPLANATION, params={"from": THEN}).status_code == 200
    assert client.get(EXPLANATION, params={"from": THEN}).status_code == 200


def test_a_doctor_with_very_many_changes_is_explained_in_parts(client: httpx.Client, casework: Casework) -> None:
    told = full_time().known("2026-03-01")
    for number in range(301):
        told = told.leave(f"l{number}", "2030-01-01", "2030-01-02")
    imported(casework, lines_of(told.facts))
    refused = client.get(EXPLANATION, params={"from": THEN})
    assert refusal(refused) == (422, "too-much-to-explain")
    assert "1. mars 2026" in problem(refused)["detail"]
