"""Later knowledge over HTTP: tasks, effects, and statements that are stale."""

from collections.abc import Iterator
from typing import Final

import httpx
import pytest
from pydantic import TypeAdapter

from api.claims.effects import NamedEffect, StatementsShape
from domain.store import Store
from projections.all import ALL
from projections.workers import Workers
from tests.api.asking import CLERK, HPR, Json, errors, refusal
from tests.api.claim_life import (
    APPROVER,
    CASEWORKER,
    CLAIM,
    KNOWN_LATER,
    MUNICIPALITY,
    NAMES,
    ONE,
    REVISOR,
    STEPS,
    by,
    documented,
    live,
    lived_until,
)
from tests.api.recorded import check

AUDITOR: Final = "auditor:gh"
EFFECT: Final = f"{ONE}/effect"
STATEMENTS: Final = f"{ONE}/statements"
REOPENING: Final = NAMES.index("reopen")


@pytest.fixture
def workers(store: Store, database_url: str) -> Iterator[Workers]:
    with Workers(ALL, store, database_url) as running:
        yield running


def overtaken(client: httpx.Client) -> str:
    """A claim that was closed before a leave became known; gives the command that told of it."""
    live(client, REOPENING)
    told = client.post(f"doctors/{HPR}/facts", json=KNOWN_LATER)
    assert told.status_code == 201, told.text
    return str(told.headers["alis-command"])


def read(client: httpx.Client, address: str, actor: str = CASEWORKER, **headers: str) -> Json:
    response = client.get(address, headers=by(actor, **headers))
    assert response.status_code == 200, response.text
    found: Json = response.json()
    return found


def tasks(client: httpx.Client, command: str, actor: str = CASEWORKER, query: str = "") -> list[Json]:
    found: list[Json] = read(client, f"tasks{query}", actor, Prefer="wait=10", Alis_After=command)["tasks"]
    return found


def test_the_answers_are_those_that_are_documented(client: httpx.Client, workers: Workers) -> None:
    del workers
    command = overtaken(client)
    found = {
        "list_tasks": read(client, "tasks", Prefer="wait=10", Alis_After=command),
        "read_claim_effect": read(client, EFFECT),
        "read_claim_statements": read(client, STATEMENTS),
    }
    TypeAdapter(NamedEffect).validate_python(found["read_claim_effect"])
    TypeAdapter(StatementsShape).validate_python(found["read_claim_statements"])
    for operation, answer in found.items():
        check(operation, 200, documented(answer))


def test_claims_effects_and_tasks_have_the_names_of_their_doctors_for_those_who_may_see_them(
    client: httpx.Client, workers: Workers
) -> None:
    del workers
    overtaken(client)
    named = client.post(f"doctors/{HPR}/facts", json={"type": "doctor_named", "name": "Biret Čáhppe"}, headers=CLERK)
    command = named.headers["alis-command"]
    for actor in (MUNICIPALITY, REVISOR, CASEWORKER, APPROVER):
        assert read(client, ONE, actor)["names"] == {HPR: "Biret Čáhppe"}, actor
        assert read(client, EFFECT, actor)["names"] == {HPR: "Biret Čáhppe"}, actor
        listed = read(client, "tasks", actor, Prefer="wait=10", Alis_After=command)
        assert (bool(listed["tasks"]), listed["names"]) == (True, {HPR: "Biret Čáhppe"}), actor
    unnamed = read(client, ONE, AUDITOR), read(client, EFFECT, AUDITOR), read(client, "tasks", AUDITOR)
    assert [each["names"] for each in unnamed] == [{}, {}, {}]
    assert "Čáhppe" not in client.get(f"{ONE}/replay", headers=by(CASEWORKER)).text


def test_a_fact_after_closing_opens_tasks_that_go_with_decision_and_statement(
    client: httpx.Client, workers: Workers
) -> None:
    del workers
    command = overtaken(client)
    assert [each["kind"] for each in tasks(client, command)] == ["attestation_stale", "changed_after_decision"]
    effect = read(client, EFFECT)
    [line] = effect["lines"]
    assert (effect["difference"], effect["outstanding"]) == (-17_531, -17_531)
    assert (line["first_month"], line["unchanged"]["identical"]) == ("2025-11", True)
    assert [[fact["id"] for fact in cause["facts"]] for cause in line["causes"]] == [[KNOWN_LATER["id"]]]
    for number, example in enumerate(STEPS[REOPENING:], REOPENING):
        response = client.post(
            f"{ONE}/steps", json=example.body, headers=by(example.actor, Idempotency_Key=f"again-{number}")
        )
        assert response.status_code == 200, response.text
        command = response.headers["alis-command"]
    assert [each["kind"] for each in tasks(client, command)] == ["attestation_stale"]
    assert read(client, EFFECT)["lines"] == []
    [statement] = read(client, STATEMENTS)["statements"][-1:]
    assert [each["state"] for each in statement["lines"]] == ["stale"]


def test_tasks_and_effects_are_seen_by_whose_claim_it_is(client: httpx.Client, workers: Workers) -> None:
    del workers
    command = overtaken(client)
    other = "kommune:1839"
    assert len(tasks(client, command, MUNICIPALITY)) == 2
    assert tasks(client, command, other) == []
    assert tasks(client, command, other, "?municipality=1804") == []
    assert len(tasks(client, command, query="?municipality=1804&round=2026&kind=attestation_stale")) == 1
    assert len(tasks(client, command, query="?claim=1804-2026")) == 2
    for none in ("round=2025", "claim=1839-2026", "municipality=1839"):
        assert tasks(client, command, query=f"?{none}") == []
    for address in (EFFECT, STATEMENTS):
        assert refusal(client.get(address, headers=by(other))) == (404, "unknown-claim")
        assert read(client, address, MUNICIPALITY)["claim"] == CLAIM


def test_tasks_are_paged(client: httpx.Client, workers: Workers) -> None:
    del workers
    command = overtaken(client)
    every = tasks(client, command)
    first = client.get("tasks", params={"limit": 1}, headers=by(CASEWORKER))
    second = client.get(client.base_url.join(first.links["next"]["url"]), headers=by(CASEWORKER))
    assert [*first.json()["tasks"], *second.json()["tasks"]] == every
    assert "next" not in second.links
    wrong = client.get("tasks", params={"cursor": "abc"}, headers=by(CASEWORKER))
    assert errors(wrong) == [("cursor", "bad-text")]


def test_a_claim_that_is_not_decided_has_no_effect_and_no_statements(client: httpx.Client) -> None:
    lived_until(client, "submit")
    assert refusal(client.get(EFFECT, headers=by(CASEWORKER))) == (409, "not-decided")
    assert read(client, STATEMENTS)["statements"] == []
    assert refusal(client.get("claims/1839-2026/effect", headers=by(CASEWORKER))) == (404, "unknown-claim")
