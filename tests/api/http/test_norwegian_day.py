"""Half past midnight on 1 June in Oslo, which is still 31 May in UTC."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final

import httpx
import pytest

from api.main import create_app
from domain.casework.service import Casework
from domain.store import Store
from projections.all import ALL
from projections.workers import Workers
from tests.api.asking import FACTS, HPR, POST, STARTED, as_, refusal, serving
from tests.api.rule_sets.test_rule_sets import FINAL, KARI, OLA, drafted, step
from tests.issuer import identity

OURS = as_("kommune:1804")

MIDNIGHT: Final = datetime(2027, 5, 31, 22, 30, tzinfo=UTC)
ROUND: Final = "2026"


@pytest.fixture
def client(casework: Casework) -> Iterator[httpx.Client]:
    app = create_app(casework, now=lambda: MIDNIGHT, identity=identity(casework))
    with (
        serving(app) as address,
        httpx.Client(base_url=f"{address}/api/v1", headers=OURS, timeout=60) as made,
    ):
        yield made


def test_a_doctor_without_a_day_is_shown_as_of_the_norwegian_day(
    client: httpx.Client, store: Store, database_url: str
) -> None:
    with Workers(ALL, store, database_url):
        known = client.post(FACTS, json=POST).headers["Alis-Command"]
        seen = client.get(f"doctors/{HPR}", headers={"Prefer": "wait=10", "Alis-After": known})
    assert seen.json()["day"] == "2027-06-01"


def test_a_rule_set_is_published_on_the_norwegian_day(client: httpx.Client) -> None:
    digest = drafted(client).json()["digest"]
    step(client, "approval", digest, OLA)
    published = step(client, "publication", client.get(f"rule-sets/{FINAL}").json()["digest"], KARI)
    assert published.json()["content"]["published_on"] == "2027-06-01"


def test_a_claim_is_taken_late_until_the_end_of_the_norwegian_day(client: httpx.Client) -> None:
    for fact in (POST, STARTED):
        client.post(FACTS, json=fact)
    steps = f"claims/1804-{ROUND}/steps"
    client.post(steps, json={"type": "open"})
    late = {"type": "allow_late_submission", "reason": "Avtalt."}
    caseworker = as_("saksbehandler:ada")
    over = client.post(steps, json={**late, "until": "2027-05-31"}, headers=caseworker)
    assert refusal(over) == (422, "day-is-over")
    assert client.post(steps, json={**late, "until": "2027-06-01"}, headers=caseworker).status_code == 200
