"""The service as it runs: uvicorn on a port of this machine, over a database of the test's own."""

from collections.abc import Callable, Iterator

import httpx
import pytest
from fastapi import FastAPI

from api.main import create_app
from deploy.clock import new_id, now
from domain.casework.commands.commands import Actor, Command
from domain.casework.service import Casework
from domain.store import NEWEST, Store
from tests.api.asking import KEY, as_, serving
from tests.desk import erased
from tests.issuer import identity

OURS = as_("kommune:1804")


@pytest.fixture
def store(service_url: str) -> Iterator[Store]:
    """As the service has it: what a test of HTTP needs, its role may do."""
    made = Store(service_url, KEY)
    yield made
    made.close()


@pytest.fixture
def casework(store: Store) -> Casework:
    """A service with the release's rule sets in its book."""
    made = Casework(store)
    release = Actor.named("release:alis")
    made.book.publish_release(now(), lambda name: Command(new_id(), release, "release", new_id(), name))
    return made


@pytest.fixture
def erases(database_url: str, store: Store) -> Iterator[Callable[[str], None]]:
    """Destroy a doctor's key, as operators do beside the service, which lets go of the key as when a worker looks."""
    owner = Store(database_url, KEY)

    def erase(hpr: str) -> None:
        erased(Casework(owner), hpr)
        store.destroyed(0, NEWEST)

    yield erase
    owner.close()


@pytest.fixture
def app(casework: Casework) -> FastAPI:
    return create_app(casework, identity=identity(casework))


@pytest.fixture
def client(app: FastAPI) -> Iterator[httpx.Client]:
    with (
        serving(app) as address,
        httpx.Client(base_url=f"{address}/api/v1", headers=OURS, timeout=60) as made,
    ):
        yield made
