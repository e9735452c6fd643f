import httpx
import psycopg
import pytest

from api.http.kinds import ANSWERS, SENTENCES
from domain.casework.commands.commands import Command
from domain.casework.facts.cases import CaseCache
from domain.casework.facts.recording import Precondition, Receipt, Recording
from domain.casework.service import Casework
from domain.doctor.facts.fact import Fact
from domain.rulebook.release import release_reference
from domain.store import Store
from domain.values.fields import WORDS
from domain.values.refusals.refusal import refused
from domain.values.refusals.table import GROUPS
from tests.api.asking import FACTS, HPR, STARTED, leave, logged, problem, refusal, register


def test_every_code_has_one_answer_in_the_one_table() -> None:
    assert ANSWERS.keys() == SENTENCES.keys() > GROUPS.keys()
    assert all(400 <= answer.status < 600 and answer.title for answer in ANSWERS.values())


def test_an_address_that_is_not_there_is_a_problem_too(client: httpx.Client) -> None:
    for address in (
        "nowhere",
        "doctors/",
        f"doctors/{HPR}/nowhere",
        "health/",
        "/favicon.ico",
        "/docs",
        "/openapi.json",
    ):
        url = address if address.startswith("/") else f"/api/v1/{address}"
        assert refusal(client.get(client.base_url.join(url))) == (404, "no-such-address")


@pytest.mark.parametrize(
    ("address", "allowed"),
    [
        (FACTS, "GET, HEAD, POST"),
        (f"{FACTS}/x", "GET, HEAD"),
        (f"{FACTS}/preview", "POST"),
        (f"doctors/{HPR}/switches/preview", "POST"),
        ("rule-sets", "GET, HEAD, POST"),
        ("health", "GET, HEAD"),
        ("docs", "GET, HEAD"),
    ],
)
def test_a_method_that_an_address_does_not_know_is_answered_with_those_it_knows(
    client: httpx.Client, address: str, allowed: str
) -> None:
    for method in ("PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "NONSENSE"):
        response = client.request(method, address)
        assert refusal(response) == (405, "method-not-allowed")
        assert response.headers["allow"] == allowed


def test_a_refusal_prints_no_character_that_nobody_sees(client: httpx.Client) -> None:
    for address in ("rule-sets/a%1Bb", "municipalities/1804/rounds/a%E2%80%AEb/calculation", "overview?round=a%00b"):
        assert "a?b" in client.get(address).json()["detail"]


def test_every_pattern_of_an_address_or_a_header_is_said_in_words(client: httpx.Client) -> None:
    operations = [each for path in client.get("openapi.json").json()["paths"].values() for each in path.values()]
    said_by_their_own_checks = {"If-Match", "If-None-Match"}
    given = [each for operation in operations for each in operation.get("parameters", ())]
    parameters = [each["schema"] for each in given if each["name"] not in said_by_their_own_checks]
    schemas = [each for schema in parameters for each in (schema, *schema.get("anyOf", ()))]
    assert {each["pattern"] for each in schemas if "pattern" in each} <= WORDS.keys()


def test_an_event_that_cannot_be_read_is_named_and_nothing_of_it_told(client: httpx.Client, database_url: str) -> None:
    register(client, STARTED)
    with psycopg.connect(database_url) as connection:
        connection.execute(
            "INSERT INTO events (stream, version, topic, payload, doctor, doctor_version, recorded_at, stored_at,"
            " recorded_by, command_id, correlation_id, causation_id, source, hash)"
            " SELECT stream, 2, 'sick leave', payload, doctor, 2, recorded_at, stored_at,"
            " recorded_by, command_id, correlation_id, causation_id, source, hash FROM events WHERE doctor IS NOT NULL"
        )
    with logged(1) as logs:
        response = client.get(FACTS)
    assert refusal(response) == (500, "event-unreadable")
    assert "sick" not in response.text + str(logs)


def test_our_own_fault_tells_nothing_of_what_was_inside(client: httpx.Client, database_url: str) -> None:
    """A column that is called otherwise, whose name the exception quotes."""
    register(client, STARTED)
    with psycopg.connect(database_url) as connection:
        connection.execute("ALTER TABLE events RENAME COLUMN payload TO sick_leave")
    with logged(1) as logs:
        response = client.get(FACTS)
    assert refusal(response) == (500, "internal")
    assert response.headers["correlation-id"] in problem(response)["detail"]
    assert "sick" not in response.text
    (line,) = logs
    assert (line["event"], line["log_level"], line["problem"]) == ("request", "error", "internal")
    assert line["error"] == "PersistenceError"
    assert line["where"]
    assert "sick" not in str(line)


class AlwaysBusy(Recording):
    """As when others are first every time."""

    def record(self, fact: Fact, command: Command, precondition: Precondition | None = None) -> Receipt:
        del fact, command, precondition
        raise refused("busy")


def test_a_doctor_on_whom_others_register_all_the_time_is_tried_again_later(
    client: httpx.Client, casework: Casework, store: Store
) -> None:
    casework.recording = AlwaysBusy(store, CaseCache(lambda: 0), release_reference(), casework.ties)
    response = client.post(FACTS, json=STARTED)
    assert refusal(response) == (503, "busy")
    assert response.headers["retry-after"] == "1"


def test_every_response_tells_the_browser_to_keep_to_itself(client: httpx.Client) -> None:
    for response in (client.get("health"), client.get("nowhere"), client.post(FACTS, json=leave("l1"))):
        assert response.headers["x-content-type-options"] == "nosniff"
        assert response.headers["referrer-policy"] == "no-referrer"
        assert response.headers["cross-origin-resource-policy"] == "same-origin"
        assert response.headers["content-security-policy"].startswith("default-src 'none'")
        assert response.headers["cache-control"] == "no-store"
