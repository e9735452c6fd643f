from importlib.metadata import version

import httpx
import pytest

from api.main import create_app
from domain.casework.service import Casework
from domain.store import Store
from tests.api.asking import KEY, as_, problem, refusal, serving
from tests.issuer import identity


def test_the_process_lives_and_can_work(client: httpx.Client) -> None:
    assert client.get("health").json() == {"status": "ok", "version": version("alis")}
    assert client.get("ready").status_code == 200


def test_a_database_without_its_tables_is_not_ready(empty_database_url: str) -> None:
    store = Store(empty_database_url, KEY)
    with serving(create_app(Casework(store), identity=identity(Casework(store)))) as address:
        response = httpx.get(f"{address}/api/v1/ready")
        assert refusal(response) == (503, "not-migrated")
        assert "0001-events.sql" in problem(response)["detail"]
        assert response.headers["retry-after"] == "30"
        assert httpx.get(f"{address}/api/v1/health").status_code == 200
    store.close()


@pytest.mark.long
def test_a_database_that_does_not_answer_is_told_to_come_back_to(tmp_path_factory: pytest.TempPathFactory) -> None:
    store = Store(f"postgresql:///alis?host={tmp_path_factory.mktemp('silent')}", KEY)
    with serving(create_app(Casework(store), identity=identity(Casework(store)))) as address:
        response = httpx.get(f"{address}/api/v1/ready", timeout=30)
        assert refusal(response) == (503, "store-unavailable")
        assert response.headers["retry-after"] == "5"
        assert httpx.get(f"{address}/api/v1/health").status_code == 200
        response = httpx.get(f"{address}/api/v1/doctors/9000001/facts", headers=as_("kommune:1804"), timeout=120)
        assert refusal(response) == (503, "store-unavailable")
    store.close()
