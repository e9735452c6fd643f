"""What the read side says of itself: behind, without workers, without some; and waiting for it, which costs nothing."""

import asyncio
import time
from collections.abc import Callable
from typing import Final

import httpx
import psycopg
import pytest
from fastapi import FastAPI
from psycopg import sql

from domain.store import Store
from domain.values.streams import track_id
from projections.all import ALL
from projections.engine.status import wait_for
from projections.workers import Workers
from tests.api.asking import FACTS, HPR, POST, STARTED, as_, problem, refusal
from tests.projections.odd import spoils

WAITING = 120


def until(holds: Callable[[], bool], seconds: float = 30) -> bool:
    deadline = time.monotonic() + seconds
    while not holds() and time.monotonic() < deadline:
        time.sleep(0.02)
    return holds()


WHOLE: Final = as_("saksbehandler:ada")
"""Sees every doctor, as the read side has them: of others the log is asked what they see."""


def is_level(store: Store) -> bool:
    with store.datastore.get_connection() as connection:
        return wait_for(connection, store.last_position() or 0, 20)


@pytest.fixture
def stopped(store: Store, database_url: str, client: httpx.Client) -> httpx.Client:
    """The service whose workers came level and then ended."""
    with Workers(ALL, store, database_url):
        assert is_level(store)
    return client


def test_a_doctor_just_registered_is_not_yet_visible_and_no_unknown_doctor(stopped: httpx.Client) -> None:
    assert stopped.post(FACTS, json=POST).status_code == 201
    for address in (f"doctors/{HPR}", f"doctors/{HPR}/case-history"):
        response = stopped.get(address, headers=WHOLE)
        assert refusal(response) == (503, "not-yet-visible")
        assert response.headers["retry-after"]
    assert refusal(stopped.get("doctors/9999999")) == (404, "unknown-doctor")
    assert stopped.get("doctors").headers["alis-behind"] == "1"


def test_without_a_worker_the_service_is_ready_and_says_that_its_read_side_is_unattended(
    stopped: httpx.Client, store: Store, database_url: str
) -> None:
    stopped.post(FACTS, json=POST)
    found = stopped.get("ready").json()
    assert found["status"] == "degraded"
    assert {each["code"] for each in found["troubles"]} == {"read-side-unattended", "read-side-behind"}
    assert {each["status"] for each in stopped.get("projections").json()["projections"]} == {"unattended"}
    with Workers(ALL, store, database_url):
        assert until(lambda: stopped.get("ready").json() == {"status": "ok", "troubles": []})
        assert {each["status"] for each in stopped.get("projections").json()["projections"]} == {"live"}
    assert stopped.get("ready").json()["status"] == "degraded"


def test_a_worker_that_was_killed_is_missed_by_the_clock_of_the_database(
    stopped: httpx.Client, database_url: str
) -> None:
    def heard(seconds: int) -> list[str]:
        with psycopg.connect(database_url) as connection:
            connection.execute(
                "INSERT INTO workers (id, projections, seen_at)"
                " VALUES (gen_random_uuid(), %s, clock_timestamp() - make_interval(secs => %s))",
                ([each.name for each in ALL], seconds),
            )
        return [each["code"] for each in stopped.get("ready").json()["troubles"]]

    assert heard(60) == ["read-side-unattended"]
    assert heard(1) == []


def test_a_read_side_that_nobody_has_begun_is_said_to_be_missing(client: httpx.Client) -> None:
    assert [each["code"] for each in client.get("ready").json()["troubles"]] == ["read-side-missing"]


def test_a_database_that_can_only_be_read_is_not_ready_and_takes_nothing(
    client: httpx.Client, database_url: str
) -> None:
    assert client.get("ready").status_code == 200
    with psycopg.connect(database_url, autocommit=True) as connection:
        name = sql.Identifier(connection.info.dbname)
        connection.execute(sql.SQL("ALTER DATABASE {} SET default_transaction_read_only = on").format(name))
        assert refusal(client.get("ready")) == (503, "store-read-only")
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        assert until(lambda: refusal(client.get("ready")) == (503, "store-read-only"))
        assert refusal(client.post(FACTS, json=POST)) == (503, "store-read-only")
        connection.execute("SET default_transaction_read_only = off")
        connection.execute(sql.SQL("ALTER DATABASE {} RESET default_transaction_read_only").format(name))
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    assert until(lambda: client.get("ready").status_code == 200)


def test_a_doctor_who_is_set_aside_is_said_to_be_and_all_others_are_shown(
    client: httpx.Client, store: Store, database_url: str
) -> None:
    other = "9000003"
    with Workers(ALL, store, database_url):
        for hpr in (HPR, other):
            client.post(f"doctors/{hpr}/facts", json=POST)
            client.post(f"doctors/{hpr}/facts", json=STARTED)
        assert is_level(store)
        client.headers.update(WHOLE)
        assert client.get(f"doctors/{HPR}").status_code == 200
        spoils(database_url, track_id(HPR), "track.started.v1", b'{"hpr": "%s"}' % HPR.encode(), track_id(HPR))
        assert is_level(store)
        response = client.get(f"doctors/{HPR}")
        assert refusal(response) == (503, "set-aside")
        assert HPR in problem(response)["detail"]
        assert refusal(client.get(f"doctors/{HPR}/case-history")) == (503, "set-aside")
        shown = client.get(f"doctors/{other}")
        assert (shown.status_code, shown.headers["alis-set-aside"]) == (200, "1")
        assert "alis-behind" not in shown.headers
        listed = client.get("doctors")
        assert [each["hpr"] for each in listed.json()["doctors"]] == [other]
        assert listed.headers["alis-set-aside"] == "1"
        assert {each["code"] for each in client.get("ready").json()["troubles"]} == {"read-side-set-aside"}


def test_health_answers_while_many_wait_and_nobody_is_waited_for_who_has_left(
    stopped: httpx.Client, app: FastAPI
) -> None:
    written = stopped.post(FACTS, json=POST).headers["alis-command"]
    headers = as_("kommune:1804") | {"Prefer": "wait=10", "Alis-After": written}

    async def asked(address: str) -> None:
        limits = httpx.Limits(max_connections=None)
        async with httpx.AsyncClient(base_url=address, headers=headers, timeout=60, limits=limits) as many:
            reads = [asyncio.create_task(many.get("doctors")) for _ in range(WAITING)]
            while app.state.waiting.waiters < WAITING:
                assert not any(read.done() for read in reads)
                await asyncio.sleep(0.01)
            assert (await many.get("health")).status_code == 200
            assert not any(read.done() for read in reads)
            for read in reads:
                read.cancel()
            await asyncio.gather(*reads, return_exceptions=True)

    asyncio.run(asked(str(stopped.base_url)))
    assert until(lambda: app.state.waiting.waiters == 0, 5)


def test_beyond_a_bound_nobody_waits(stopped: httpx.Client, app: FastAPI) -> None:
    written = stopped.post(FACTS, json=POST).headers["alis-command"]
    app.state.waiting.waiters = 500
    began = time.monotonic()
    response = stopped.get("doctors", headers={"Prefer": "wait=10", "Alis-After": written})
    assert refusal(response) == (503, "not-yet-visible")
    assert time.monotonic() - began < 9
