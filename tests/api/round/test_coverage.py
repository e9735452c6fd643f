"""Cost coverage over HTTP, with real workers beside the service."""

from collections.abc import Iterator

import httpx
import pytest

from domain.casework.service import Casework
from domain.store import Store
from projections.all import ALL
from projections.workers import Workers
from tests.api.asking import Json, as_, engage, imported, refusal
from tests.scenario import BEIARN, BODO, full_time, lines_of

CASEWORKER = "caseworker:ab"
OTHERS = ("approver:cd", "auditor:kl", f"kommune:{BODO}", "person:ef; role=revisor; organisation=1804", "rules:x")


@pytest.fixture
def asked(client: httpx.Client, casework: Casework, store: Store, database_url: str) -> Iterator[httpx.Client]:
    engage(client, "1804", "1839")
    """The service with five doctors in Bodø and one in Beiarn, all with costs of supervision."""
    for number in range(6):
        where = BEIARN if number == 5 else BODO
        cost = {"municipality": where, "round": "2026", "element": "supervision", "kroner": 80_000 + number}
        story = full_time(municipality=where).add("costs_reported", **cost)
        imported(casework, lines_of([fact | {"hpr": f"900000{number}"} for fact in story.facts]))
    with Workers(ALL, store, database_url):
        fact = {"type": "guidance_recorded", "municipality": BODO, "month": "2026-03", "hours": 7}
        known = client.post("doctors/9000000/facts", json=fact).headers["alis-command"]
        waiting = {**as_(CASEWORKER), "Prefer": "wait=10", "Alis-After": known}
        assert client.get("cost-coverage?round=2026", headers=waiting).status_code == 200
        yield client


def supervision(client: httpx.Client, actor: str) -> Json:
    response = client.get("cost-coverage?round=2026", headers=as_(actor))
    assert response.status_code == 200, response.text
    assert "heltidsmånedene" in response.json()["shared_by"]
    [found] = [each for each in response.json()["elements"] if each["element"] == "supervision"]
    element: Json = found
    return element


def test_a_caseworker_sees_costs_and_grant_of_every_cell(asked: httpx.Client) -> None:
    found = supervision(asked, CASEWORKER)
    assert (found["whole"]["net"], found["whole"]["grant"], found["whole"]["share"]) == (480_015, 542_358, "1.000000")
    assert [(each["centrality_class"], each["net"]) for each in found["cells"]] == [(3, 400_010), (6, 80_005)]


@pytest.mark.parametrize("actor", OTHERS)
def test_all_others_see_nothing_that_tells_of_fewer_than_five_doctors(asked: httpx.Client, actor: str) -> None:
    found = supervision(asked, actor)
    assert found["whole"]["net"] is None or all(each["net"] is not None for each in found["cells"])
    [_, beiarn] = found["cells"]
    assert beiarn["hidden"]
    assert {beiarn[name] for name in ("lines", "reported", "share", "net", "grant", "unknown")} == {None}


def test_a_round_that_nobody_knows_is_refused(asked: httpx.Client) -> None:
    who = as_(CASEWORKER)
    assert refusal(asked.get("cost-coverage?round=1999", headers=who)) == (404, "unknown-round")
    assert refusal(asked.get("cost-coverage", headers=who)) == (422, "invalid-request")
