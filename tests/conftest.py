"""Real PostgreSQL for every test: one server a test process, one fresh migrated database a test."""

import shutil
import tempfile
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import psycopg
import pytest
from hypothesis import settings
from psycopg.conninfo import make_conninfo

from deploy.database import embedded
from deploy.migrate import migrate
from domain.store.walls.roles import SERVICE
from tests.logged import nothing_told

__all__ = ["nothing_told"]  # a fixture for every test

NUMBERS = count(1)

settings.register_profile("same", derandomize=True, deadline=None)  # what passed here passes everywhere
settings.register_profile("other", deadline=None)  # other histories each time: pytest --hypothesis-profile other
settings.load_profile("same")


@pytest.fixture(scope="session")
def open_folder() -> Iterator[Path]:
    """A folder with a short name that the server of root reaches too; pytest's own folders are closed to others."""
    folder = Path(tempfile.mkdtemp(prefix="alis-test-"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def data_folder(open_folder: Path) -> Iterator[Path]:
    """A data folder that does not exist yet."""
    folder = open_folder / f"data-{next(NUMBERS)}"
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def server_url(open_folder: Path) -> Iterator[str]:
    """A server whose data is not kept safe, which makes it fast."""
    with embedded(open_folder / "server", durable=False) as url:
        yield url


@pytest.fixture(scope="session")
def migrated(server_url: str) -> str:
    """The database that the others are copies of."""
    url = _create(server_url, "migrated")
    migrate(url)
    return url


@pytest.fixture
def database_url(server_url: str, migrated: str) -> Iterator[str]:
    """A database of this test's own, as the program makes it."""
    assert migrated
    yield from _temporary(server_url, "TEMPLATE migrated")


@pytest.fixture
def service_url(database_url: str) -> str:
    """The same database for the service, which may do little in it."""
    return make_conninfo(database_url, user=SERVICE)


@pytest.fixture
def empty_database_url(server_url: str) -> Iterator[str]:
    """A database of this test's own, with nothing in it."""
    yield from _temporary(server_url, "")


def _temporary(server_url: str, how: str) -> Iterator[str]:
    name = f"test_{next(NUMBERS)}"
    yield _create(server_url, name, how)
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


def _create(server_url: str, name: str, how: str = "") -> str:
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} {how}".encode())
    return server_url.replace("/alis?", f"/{name}?")
