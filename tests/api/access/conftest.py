"""The country of the tests, as a service answers about it."""

import time
from collections.abc import Iterator

import httpx
import pytest

from domain.casework.service import Casework
from domain.store import Store
from projections.all import ALL
from projections.engine.status import wait_for
from projections.workers import Workers
from tests.api.access.country import Country


@pytest.fixture
def country(client: httpx.Client, casework: Casework, store: Store, database_url: str) -> Iterator[httpx.Client]:
    """A service with the country in it, all of it visible."""
    with Workers(ALL, store, database_url):
        Country(client, casework)
        ends = time.monotonic() + 40
        while time.monotonic() < ends:
            with store.reading(None) as connection:
                if wait_for(connection, store.last_position() or 0, 0):
                    break
            time.sleep(0.02)
        yield client
