"""Here the caller may register everything: what is asked is how a request is read, repeated and answered."""

import httpx
import pytest

from tests.api.asking import CLERK


@pytest.fixture
def client(client: httpx.Client) -> httpx.Client:
    client.headers.update(CLERK)
    return client
