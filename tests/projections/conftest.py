"""A desk for every test here, and a way to read what the projections show."""

from collections.abc import Iterator

import pytest

from tests.desk import desk
from tests.projections.house import House


@pytest.fixture
def at(database_url: str) -> Iterator[House]:
    """The service on a database of this test's own, with the release's rule sets published."""
    with desk(database_url) as opened:
        opened.publishes()
        yield House(opened.url, opened.store, opened.casework)
