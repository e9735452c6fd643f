"""`alis forget` as the operator runs it."""

import psycopg
import pytest

from domain.store import AccessLog
from tests.domain.store.test_access_log import entry, log, looking, written
from tests.domain.store.test_forgotten_reads import Looking, aged
from tests.workers.access_log.test_reads import ME, entries
from tests.workers.test_cli import alis, refused

__all__ = ["log", "looking"]  # fixtures
BASIS = "vedtak 12/2026 om lagring av innsynslogg"
YEARS = {"ALIS_ACCESS_LOG_YEARS": "2", "ALIS_ACCESS_LOG_BASIS": BASIS}


def test_old_reads_go_and_it_is_logged_who_let_them_go_and_why(
    log: AccessLog, looking: Looking, database_url: str
) -> None:
    written(log, *map(entry, range(1, 5)))
    aged(looking, 3)
    done = alis("forget", ALIS_DATABASE_URL=database_url, **YEARS).json
    assert done == {"forgotten": 3, "older_than_years": 2, "basis": BASIS}
    assert entries(database_url, "position", "subject", "operation", "reason")[1] == (5, ME, "keep", BASIS)
    told = alis("verify", ALIS_DATABASE_URL=database_url).json
    assert told["intact"]
    assert alis("forget", ALIS_DATABASE_URL=database_url, **YEARS).json["forgotten"] == 0


@pytest.mark.parametrize("given", [{}, {"ALIS_ACCESS_LOG_YEARS": "2"}, {"ALIS_ACCESS_LOG_BASIS": BASIS}])
def test_without_how_long_and_why_all_reads_are_kept(database_url: str, given: dict[str, str]) -> None:
    assert "beholdes for alltid" in refused("forget", ALIS_DATABASE_URL=database_url, **given)
    with psycopg.connect(database_url) as connection:
        assert connection.execute("SELECT FROM access_log_leaves").rowcount == 0


def test_the_service_lets_no_reads_go(service_url: str) -> None:
    ended = alis("forget", ALIS_DATABASE_URL=service_url, **YEARS)
    assert (ended.code, ended.out) == (1, "")
    assert "ALIS_MIGRATION_URL" in ended.err
