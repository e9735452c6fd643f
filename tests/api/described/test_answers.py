"""The example answers are what the service answers about one doctor, from the first fact to the last, and a round."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Final

import httpx
import pytest

from api.described.examples import answers, bodies
from domain.casework.service import Casework
from domain.store import Store
from projections.all import ALL
from projections.workers import Workers
from tests.api.asking import FACTS, HPR, POST, STARTED, Json, as_, imported, register
from tests.api.recorded import EXAMPLES, check
from tests.scenario import lines_of, track

BEGAN: Final = datetime(2024, 9, 1, 8, tzinfo=UTC)
JOB_SWITCHED: Final = [fact["type"] for fact in EXAMPLES].index("job_switched")
ROUND: Final = "municipalities/1804/rounds/2026"
GUIDANCE: Final[Json] = {
    "type": "guidance_recorded",
    "id": "veiledning-2026-03",
    "municipality": "1804",
    "month": "2026-03",
    "hours": 7,
}
STABILITY: Final = "posts/stability?known_at=2024-12-31T12:00:00Z"
READ: Final = {
    "list_doctors": "doctors?limit=1",
    "read_doctor": f"doctors/{HPR}?day=2026-03-01",
    "read_case_history": f"doctors/{HPR}/case-history?limit=3",
    "read_doctor_facts": FACTS,
    "read_fact": f"{FACTS}/stilling-2024",
    "read_doctor_history": f"doctors/{HPR}/history",
    "read_doctor_meters": f"doctors/{HPR}/meters?day=2026-03-01",
    "read_municipality_round": ROUND,
    "read_calculation": f"{ROUND}/calculation",
    "read_line_calculation": f"{ROUND}/calculation/{HPR}?trace=true",
    "read_months": f"{ROUND}/months",
    "explain_difference": f"{ROUND}/explanation?from=2024-09-01T20:30:00Z",
    "list_supervisors": "supervisors?day=2025-09-01",
    "read_overview": "overview?round=2026",
    "read_projections": "projections",
    "list_posts": "posts?known_at=2024-12-31T12:00:00Z",
    "read_health": "health",
    "read_readiness": "ready",
}
"""What is asked about the doctor, by operation."""


@pytest.fixture
def workers(store: Store, database_url: str) -> Iterator[Workers]:
    with Workers(ALL, store, database_url) as running:
        yield running


def known(first: int, end: int) -> bytes:
    """Some of the examples, as an import tells them: an hour apart."""
    facts = [
        {"id": f"f{number:02}", **EXAMPLES[number], "hpr": HPR, "recorded_by": "kommune:1804"}
        | {"recorded_at": (BEGAN + timedelta(hours=number)).isoformat()}
        for number in range(first, end)
    ]
    return "\n".join(json.dumps(fact) for fact in facts).encode()


def ask(client: httpx.Client, operation: str, address: str, **more: str) -> None:
    response = client.get(address, headers=more)
    assert response.status_code == 200, response.text
    check(operation, 200, response.json())


def send(
    client: httpx.Client, operation: str, address: str, body: Json, *, status: int = 200, actor: str = "kommune:1804"
) -> Json:
    response = client.post(address, json=body, headers=as_(actor))
    assert response.status_code == status, response.text
    found: Json = response.json()
    check(operation, status, found)
    return found


def test_the_answers_about_a_doctor_and_a_round_are_the_recorded_ones(
    client: httpx.Client, casework: Casework, workers: Workers
) -> None:
    del workers
    imported(casework, known(0, JOB_SWITCHED))
    send(client, "preview_fact", f"{FACTS}/preview", EXAMPLES[JOB_SWITCHED], actor="caseworker:ada")
    planned = bodies()["PlannedSwitch"]["end_of_the_year"]["value"]
    send(client, "preview_switch", f"doctors/{HPR}/switches/preview", planned, actor="caseworker:ada")
    imported(casework, known(JOB_SWITCHED, len(EXAMPLES)))
    last = client.post("doctors/9000002/facts", json=POST)
    waiting = {"Prefer": "wait=10", "Alis-After": last.headers["alis-command"]}
    for operation, address in READ.items():
        ask(client, operation, address, **waiting)
    ask(client, "read_cost_coverage", "cost-coverage?round=2026", **as_("saksbehandler:ada"))
    ask(client, "read_post_stability", STABILITY, **as_("caseworker:ada"))
    send(client, "explain_supposed_facts", f"{ROUND}/explanation", bodies()["SidesBody"]["supposed_leave"]["value"])
    send(client, "register_fact", FACTS, next(each for each in EXAMPLES if each.get("id") == "stilling-2024"))
    send(client, "register_fact", FACTS, GUIDANCE, status=201)


def test_the_answers_about_rule_sets_are_the_recorded_ones(client: httpx.Client) -> None:
    kari, ola = "rules:kari", "approver:ola"
    draft, seen = bodies()["NewRuleSet"]["final_rates"]["value"], bodies()["SeenDraft"]["seen"]["value"]
    address = f"rule-sets/{draft['id']}"
    register(client, POST, STARTED)
    drafted = send(client, "draft_rule_set", "rule-sets", draft, status=201, actor=kari)
    assert drafted["digest"] == seen["digest"]
    send(client, "draft_rule_set", "rule-sets", draft, actor=kari)
    send(client, "approve_rule_set", f"{address}/approval", seen, actor=ola)
    send(client, "publish_rule_set", f"{address}/publication", seen, actor=kari)
    ask(client, "read_rule_set", address)
    ask(client, "read_impact", f"{address}/impact", **as_("saksbehandler:ada"))
    ask(client, "list_rule_sets", "rule-sets")


def test_the_answers_about_conversions_are_the_recorded_ones(client: httpx.Client, casework: Casework) -> None:
    for hpr in ("9000101", "9000102"):
        imported(casework, lines_of(track("2024-09-01", "old", hpr=hpr).position("p1").agreement("a1").facts))
    body, clerk = bodies()["NewConversions"]["several"]["value"], "saksbehandler:ada"
    ask(client, "list_conversions", "conversions?on=2026-01-01&municipality=1804")
    send(client, "preview_conversions", "conversions/preview", body, actor=clerk)
    response = client.post("conversions", json=body, headers={**as_(clerk), "Idempotency-Key": "k"})
    check("register_conversions", 200, response.json())


def test_the_answers_about_rulings_are_the_recorded_ones(client: httpx.Client) -> None:
    kari, ola = "rules:kari", "approver:ola"
    question, new = bodies()["NewQuestion"]["full_leave"]["value"], bodies()["NewAnswer"]["by_days"]["value"]
    address, seen = f"rulings/{question['id']}", bodies()["SeenAnswer"]["seen"]["value"]
    send(client, "ask_question", "rulings", question, status=201, actor=kari)
    send(client, "ask_question", "rulings", question, actor=kari)
    proposed = send(client, "propose_ruling", f"{address}/answer", new, actor=kari)
    assert proposed["answer"]["digest"] == seen["digest"]
    send(client, "give_ruling", f"{address}/approval", seen, actor=ola)
    ask(client, "read_ruling", address)
    ask(client, "list_rulings", "rulings")


def test_every_recorded_answer_is_one_of_an_operation(client: httpx.Client) -> None:
    paths = client.get("openapi.json").json()["paths"].values()
    answered = {
        f"{operation['operationId']}.{status}"
        for path in paths
        for operation in path.values()
        for status in operation["responses"]
    }
    assert answers().keys() <= answered
