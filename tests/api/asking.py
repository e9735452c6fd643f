"""Asking the service: the words that the tests of HTTP share."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import httpx
import uvicorn
from fastapi import FastAPI
from structlog.testing import capture_logs

from deploy.clock import new_id, now
from domain.casework.commands.commands import Actor, Command
from domain.casework.service import Casework
from domain.doctor.intake.intake import read_facts
from tests.issuer import FIRM, OFFICE, headers

Json = dict[str, Any]
KEY: Final = bytes(range(32))
HPR: Final = "9000001"


def as_(actor: str) -> dict[str, str]:
    """The headers of a request by somebody."""
    return headers(actor)


CLERK: Final = {**as_("saksbehandler:ada"), "Alis-Reason": "for testen"}
"""Registers everything, with a reason."""
FACTS: Final = f"doctors/{HPR}/facts"
STARTED: Final[Json] = {"type": "track_started", "on": "2024-09-01", "scheme": "new"}
POST: Final[Json] = {
    "type": "position_started",
    "position": "p1",
    "municipality": "1804",
    "category": "gp",
    "percent": 80,
    "first_day": "2024-09-01",
}


def leave(name: str, first_day: str = "2026-02-01", **more: object) -> Json:
    """A leave to register."""
    return {"type": "leave_registered", "leave": name, "kind": "parental", "first_day": first_day, **more}


def engage(client: httpx.Client, *municipalities: str) -> None:
    """Let municipalities engage the tests' firm of auditors, and invite the tests' ALIS office."""
    for code in municipalities:
        for kind, number in (("revisor_engaged", FIRM), ("office_invited", OFFICE)):
            entry = {"type": kind, "entry": kind, "organisation_number": number, "first_day": "2024-01-01"}
            address = f"municipalities/{code}/entries"
            response = client.post(address, json=entry, headers=as_(f"kommune:{code}"))
            assert response.status_code == 201, response.text


def register(client: httpx.Client, *facts: Json) -> None:
    """Register facts on the doctor, one after the other."""
    for fact in facts:
        response = client.post(FACTS, json=fact)
        assert response.status_code == 201, response.text


def register_as(client: httpx.Client, actor: str, *facts: Json) -> None:
    """Register facts on the doctor as somebody else; whoever has to say why, does."""
    for fact in facts:
        response = client.post(FACTS, json=fact, headers={**CLERK, **as_(actor)})
        assert response.status_code == 201, response.text


def imported(casework: Casework, lines: bytes) -> None:
    """Import a history, which alone may state when something became known."""
    command = Command(new_id(), Actor.named("operator:alis"), "import", new_id(), "import")
    casework.importing.import_facts(read_facts(lines), command, now())


def problem(response: httpx.Response) -> Json:
    """The problem of a response, whole."""
    found: Json = response.json()
    assert response.headers["content-type"] == "application/problem+json", response.text
    assert found["status"] == response.status_code
    assert found["type"] == f"urn:alis:problem:{found['code']}"
    assert found["instance"] == f"urn:uuid:{response.headers['correlation-id']}"
    assert found["title"]
    assert found["detail"]
    return found


def refusal(response: httpx.Response) -> tuple[int, str]:
    """Status and code of a problem."""
    return response.status_code, problem(response)["code"]


def errors(response: httpx.Response) -> list[tuple[str, str]]:
    """Fields and codes of what is wrong with a request."""
    assert refusal(response) == (422, "invalid-request")
    return [(each["field"], each["code"]) for each in problem(response)["errors"]]


@contextmanager
def logged(requests: int) -> Iterator[list[Any]]:
    """What is logged meanwhile, until there is a line for so many requests: an answer can be there before its line."""
    with capture_logs() as lines:
        yield lines
        ends = time.monotonic() + 20
        while sum(line["event"] == "request" for line in lines) < requests and time.monotonic() < ends:
            time.sleep(0.005)


@contextmanager
def serving(app: FastAPI) -> Iterator[str]:
    """The address at which the application is served."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listening:  # as the service takes it
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        config = uvicorn.Config(app, log_config=None, access_log=False, lifespan="off")
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        while not server.started:
            time.sleep(0.005)
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()
