"""Requests made of the description by schemathesis, good and bad ones: no failure, and every answer as described.

So that they meet more than "not found", the golden cases are in the database, and most requests are about their
doctors and name what these have.
"""

import json
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from typing import Any, Final

import httpx
import pytest
import schemathesis
from fastapi import FastAPI
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import from_schema
from schemathesis.engine.events import FatalError, NonFatalError, ScenarioFinished

from deploy.clock import new_id, now
from domain.casework.commands.commands import Actor, Command
from domain.casework.service import Casework
from domain.claim.steps.applying.open import Open
from domain.rulebook.release import shipped_rule_sets
from domain.store import Store
from projections.all import ALL
from projections.workers import Workers
from tests.api.asking import as_, engage, imported, serving
from tests.golden_cases import CASES
from workers.running.demonstrated_claim import DIGEST, live

Scope = MutableMapping[str, Any]
Application = Callable[[Scope, Any, Any], Awaitable[None]]

DOCTORS: Final = {str(9_000_001 + number): case for number, case in enumerate(CASES)}
NEW_DOCTORS: Final = [str(7_000_001 + number) for number in range(20)]
DESCRIPTION: Final = "/api/v1/openapi.json"
LIKELY: Final = {
    "path.hpr": [*DOCTORS, *NEW_DOCTORS],
    "path.fact": ["9000001-001", "9000001-002"],
    "path.municipality": ["1804", "1839", "0301", "1507"],
    "path.round": ["2026", "2024"],
    "path.rule_set": ["nasjonal-alis-2026-provisional", "nasjonal-alis-2026-final"],
    "path.claim": ["1804-2026", "1839-2026"],
    "path.assessment": ["1"],
    "path.document": [DIGEST],
    "query.doctor": ["9000017"],
    "query.round": ["2026"],
    "query.municipality": ["1804", "1839"],
    "query.search": ["bod", "900"],
    "query.rules": ["nasjonal-alis-2026-provisional"],
    "query.known_at": ["2025-12-01T00:00:00Z", "2027-01-01T00:00:00+01:00"],
    "query.from": ["now", "2025-12-01T00:00:00Z", "rules:nasjonal-alis-2026-final"],
    "query.to": ["now", "now,rules:nasjonal-alis-2026-final"],
    "header.If-Match": ["*"],
    "body.extends": ["nasjonal-alis-2026-provisional"],
    "body.digest": [next(each.digest for each in shipped_rule_sets() if each.status == "draft")],
    "body.hpr": ["9000001", "9000002", "9000003"],
    "body.first_month": ["2025-06", "2025-09"],
    "body.last_month": ["2026-05"],
    "body.document": [DIGEST],
    "body.municipality": ["1804", "1839"],
    "body.position": ["p1", "p2", "p3"],
    "body.leave": ["l1", "l2"],
    "body.service": ["s1", "s2"],
    "body.affiliation": ["v1", "v2"],
    "body.interruption": ["i1", "i2"],
    "body.agreement": ["a1", "a2"],
    "body.supervisor": ["9000101", "9000102"],
    "body.corrects": ["9000001-001", "9000001-002", "9000001-003"],
    "body.element": ["supervision", "learning_activities"],
    "body.round": ["2026"],
    "body.percent": ["50", "80", "100"],
    "body.first_day": ["2025-06-01", "2025-07-15", "2026-01-01"],
    "body.last_day": ["2026-03-31", "2026-05-31", "2027-01-31"],
    "body.on": ["2026-02-01", "2026-04-01"],
    "body.signed_on": ["2025-05-20"],
}
"""What most requests name, and some do not."""


def config(who: str, examples: int, seconds: int) -> SchemathesisConfig:
    """Who asks how much, and which refusals are right."""
    return SchemathesisConfig.from_dict(
        {
            "generation": {"mode": "all", "max-examples": examples, "deterministic": True, "database": "none"},
            "headers": as_(who),
            "max-time": seconds,
            "dictionaries": {name: {"values": values} for name, values in LIKELY.items()},
            "parameters": {name: {"dictionary": name, "probability": 0.8} for name in LIKELY},
            "checks": {
                # a fact that is written as it should can still be refused for what is known, or for a lost race
                "positive_data_acceptance": {
                    "expected-statuses": ["2xx", "304", "403", "404", "409", "412", "413", "422"]
                },
                "negative_data_rejection": {
                    "expected-statuses": ["400", "401", "403", "404", "405", "409", "412", "413", "415", "422"]
                },
            },
        }
    )


class FromThisMachine:
    """The application as asked from the machine itself, with what it answered counted."""

    def __init__(self, app: Application) -> None:
        self._app = app
        self.answers: Counter[tuple[str, int]] = Counter()
        self.of_claims: Counter[tuple[str, int]] = Counter()

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:  # noqa: ANN401 - as ASGI has it
        """Ask under the machine's own name."""
        headers = [(name, value) for name, value in scope.get("headers", ()) if name != b"host"]
        here = {**scope, "client": ("127.0.0.1", 1), "headers": [(b"host", b"localhost"), *headers]}

        async def counted(message: Any) -> None:  # noqa: ANN401 - as above
            if message["type"] == "http.response.start":
                answer = (scope["method"], message["status"])
                self.answers[answer] += 1
                self.of_claims[answer] += "/claims" in scope["path"]
            await send(message)

        await self._app(here, receive, counted)


WHO: Final = {
    "municipality": "kommune:1804",
    "doctor": "lege:9000001",
    "alis_office": "alis_office:ole; organisation=1804",
    "revisor": "revisor:eva; organisation=1804",
    "caseworker": "saksbehandler:ada",
    "approver": "godkjenner:bo",
    "auditor": "kontrollør:kim",
    "rules": "regelverk:rut",
    "operator": "operator:dag",
}
"""Somebody in each role."""
LARGE: Final = pytest.mark.filterwarnings("ignore:Generating overly large repr")
"""A list of a body can be drawn very long, and Hypothesis warns of what it would cost to print it."""
OTHERS_RANDOM: Final = pytest.mark.filterwarnings("ignore:Do not use the `random` module inside strategies")
"""Hypothesis takes it for a strategy's when a pool of connections in another thread draws how long to wait."""


@pytest.fixture
def known(app: FastAPI, casework: Casework, store: Store, database_url: str) -> Iterator[FastAPI]:
    """The application with the golden cases, two claims, and the firm and the office that one municipality lets in."""
    facts = [fact for hpr, case in DOCTORS.items() for fact in case.of(hpr).facts]
    imported(casework, json.dumps(facts).encode())
    live(casework, "1839", "2026")
    opening = Command(new_id(), Actor.named("kommune:1804"), "api", new_id(), "open")
    casework.claims.do("1804-2026", Open(), opening, now())
    with serving(app) as address, httpx.Client(base_url=f"{address}/api/v1", timeout=60) as client:
        engage(client, "1804")
    with Workers(ALL, store, database_url):
        yield app


def failures(asked: FromThisMachine, who: str, examples: int, seconds: int) -> Iterator[str]:
    """What schemathesis finds wrong, with the command that shows it."""
    schema = schemathesis.openapi.from_asgi(DESCRIPTION, asked, config=config(who, examples, seconds))
    for event in from_schema(schema).execute():
        if isinstance(event, NonFatalError):
            yield str(event.info)
        if isinstance(event, FatalError):
            yield str(event.exception)
        if isinstance(event, ScenarioFinished):
            for checks in event.recorder.checks.values():
                for check in checks:
                    if check.failure_info is not None:
                        yield f"{check.name}: {check.failure_info.failure.message}\n{check.failure_info.code_sample}"


@LARGE
@OTHERS_RANDOM
@pytest.mark.long
def test_every_answer_to_a_municipality_is_as_described(known: FastAPI) -> None:
    asked = FromThisMachine(known)
    assert list(failures(asked, "kommune:1804", examples=4, seconds=35)) == []
    assert asked.answers["POST", 201] + asked.answers["POST", 200] > 3
    assert asked.answers["POST", 422] > 10
    assert asked.answers["GET", 200] > 10
    assert asked.of_claims["GET", 200] > 1, asked.of_claims
    assert asked.of_claims["POST", 409] > 0, asked.of_claims


@LARGE
@OTHERS_RANDOM
@pytest.mark.long
@pytest.mark.parametrize("role", WHO)
def test_every_answer_to_every_role_is_as_described(known: FastAPI, role: str) -> None:
    asked = FromThisMachine(known)
    assert "\n".join(failures(asked, WHO[role], examples=10, seconds=18)) == ""
    assert asked.answers["GET", 200] > 5, asked.answers
