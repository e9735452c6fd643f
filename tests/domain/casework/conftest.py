"""A desk for every test here."""

from collections.abc import Iterator

import pytest

from tests.desk import Desk, desk


@pytest.fixture
def at(database_url: str) -> Iterator[Desk]:
    """The service on a database of this test's own, with the release's rule sets published."""
    with desk(database_url) as opened:
        opened.publishes()
        yield opened
