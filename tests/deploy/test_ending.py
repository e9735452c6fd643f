"""SIGTERM, to real processes: what is under way is finished, and the end is an orderly one."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import httpx
import psycopg
import pytest

from tests.api.asking import FACTS, POST, as_
from tests.desk import Desk, desk
from tests.issuer import settings as believing
from tests.logged import look_through_pipe

ALIS: Final = str(Path(sys.executable).with_name("alis"))
MASTER_KEY: Final = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
SLOW_WORKER: Final = str(Path(__file__).with_name("slow_worker.py"))
SECONDS: Final = 30


@pytest.fixture
def at(database_url: str) -> Iterator[Desk]:
    with desk(database_url) as opened:
        opened.publishes()
        yield opened


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port: int = taken.getsockname()[1]
        return port


@contextmanager
def running(command: list[str], **settings: str) -> Iterator["subprocess.Popen[str]"]:
    env = {name: value for name, value in os.environ.items() if not name.startswith(("ALIS_", "OTEL_"))}
    env |= {"ALIS_ACCESS_LOG_MILLISECONDS": "20000", **settings}  # a machine that runs all tests can be slow to commit
    process = subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    with process:
        try:
            yield process
        finally:
            process.kill()
            for said in (process.stdout, process.stderr):
                look_through_pipe(said)


@contextmanager
def service(url: str, **more: str) -> Iterator[tuple["subprocess.Popen[str]", httpx.Client]]:
    """The service in a process of its own, when it answers."""
    port = free_port()
    settings = {"ALIS_DATABASE_URL": url, "ALIS_MASTER_KEY": MASTER_KEY, "ALIS_PORT": str(port)} | believing() | more
    address = f"http://127.0.0.1:{port}/api/v1"
    with (
        running([ALIS, "serve"], **settings) as process,
        httpx.Client(base_url=address, headers=as_("kommune:1804"), timeout=SECONDS) as client,
    ):
        for _ in range(SECONDS * 30):
            try:
                client.get("health")
                break
            except httpx.TransportError:
                assert process.poll() is None, process.communicate()
                time.sleep(0.1)
        else:
            pytest.fail("it did not answer")
        yield process, client


def end(process: "subprocess.Popen[str]") -> str:
    """Tell it, and see it end with 0; gives what it said."""
    process.send_signal(signal.SIGTERM)
    said, errors = process.communicate(timeout=SECONDS)
    assert process.returncode == 0, errors
    return said


def test_a_service_that_is_told_to_end_answers_the_request_under_way_and_takes_no_other(at: Desk) -> None:
    with service(at.url) as (process, client):
        answers: list[httpx.Response] = []
        asking = threading.Thread(target=lambda: answers.append(client.post(FACTS, json=POST)))
        with psycopg.connect(at.url) as blocker:
            blocker.execute("LOCK TABLE events IN ACCESS EXCLUSIVE MODE")
            asking.start()
            time.sleep(0.5)
            process.send_signal(signal.SIGTERM)
            time.sleep(0.5)
            assert process.poll() is None
            with pytest.raises(httpx.TransportError):
                httpx.get(f"{client.base_url}health")
        asking.join()
        assert answers[0].status_code == 201
        process.communicate(timeout=SECONDS)
        assert process.returncode == 0
    assert [fact for _, fact in at.log()] == [answers[0].json()["fact"]["id"]]


def test_an_idle_service_ends_at_once_and_with_nothing_wrong(at: Desk) -> None:
    with service(at.url) as (process, client):
        client.get("ready")
        began = time.monotonic()
        end(process)
        assert time.monotonic() - began < 5


def test_a_collector_that_is_gone_keeps_nobody_waiting(at: Desk) -> None:
    gone = f"http://127.0.0.1:{free_port()}"
    with service(at.url, OTEL_EXPORTER_OTLP_ENDPOINT=gone) as (process, client):
        assert client.post(FACTS, json=POST).status_code == 201
        began = time.monotonic()
        end(process)
        assert time.monotonic() - began < 20


def test_a_service_told_twice_still_finishes(at: Desk) -> None:
    with service(at.url) as (process, _):
        process.send_signal(signal.SIGTERM)
        end(process)


def test_a_worker_that_is_told_to_end_leaves_no_page_half_done(at: Desk) -> None:
    with running([sys.executable, SLOW_WORKER, at.url]) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "page\n"
        end(process)
    (row,) = at.asks("SELECT position FROM projections WHERE name = 'slow'")
    assert row["position"] == at.store.last_position()
    assert at.asks("SELECT last FROM read.slow") == [{"last": row["position"]}]
