"""A token that is not believed lets nobody read or change anything at the terminal, and says what to do."""

from pathlib import Path
from typing import Final

import psycopg
import pytest
import structlog

from deploy.issuer import FOLDER, ProviderConfig
from tests.api.identity.test_tokens import BAD_SIGNATURE, EXPIRED, NOW, UNREADABLE, broken, claims, config, signed
from tests.desk import desk
from tests.workers.test_cli import KEY, refused_here

__all__ = ["config"]
ASKED: Final = (
    ("claim", "show", "1804-2026"),
    ("claim", "open", "1804-2026"),
    ("insight", "9000001", "innsyn.zip"),
    ("erase", "9000001", "--reason-code", "requested"),
    ("municipality", "post-closed", "1804", "post=Nord", "first_day=2026-01-01"),
    ("rules", "draft", "nasjonal-alis-2026-final"),
    ("ties", "declare", "hpr=9000001", "kind=family", "first_day=2026-01-01"),
)


@pytest.fixture
def at(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, config: ProviderConfig
) -> pytest.MonkeyPatch:
    """Settings that name the provider, in an empty folder."""
    issuers = tmp_path / "issuers.toml"
    issuers.write_text((FOLDER / "issuers.toml").read_text().replace("http://127.0.0.1:8001", config.issuer))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ALIS_DATABASE_URL", database_url)
    monkeypatch.setenv("ALIS_MASTER_KEY", KEY)
    monkeypatch.setenv("ALIS_ISSUERS_FILE", str(issuers))
    return monkeypatch


def test_a_token_that_is_not_believed_ends_in_a_sentence_and_stores_nothing(
    at: pytest.MonkeyPatch, database_url: str, config: ProviderConfig, capsys: pytest.CaptureFixture[str]
) -> None:
    with desk(database_url) as opened:
        opened.publishes()
    bad = {signed(claims(config, exp=NOW - 60)): EXPIRED, broken(config): BAD_SIGNATURE, "tull": UNREADABLE}
    for token, why in bad.items():
        at.setenv("ALIS_TOKEN", token)
        for asked in ASKED:
            said = refused_here(capsys, *asked)
            assert said == f"alis: Innloggingen kan ikke brukes, fordi {why}. Logg inn på nytt.\n", asked
    at.delenv("ALIS_TOKEN")
    for asked in (each for each in ASKED if each[:2] not in {("claim", "show"), ("insight", "9000001")}):
        assert refused_here(capsys, *asked) == "alis: Si hvem du er, med --as eller ALIS_TOKEN.\n", asked
    with psycopg.connect(database_url) as connection:
        topics = connection.execute("SELECT DISTINCT split_part(topic, '.', 1) FROM events").fetchall()
        read = connection.execute("SELECT count(*) FROM access_log").fetchone()
    assert (topics, read, list(Path.cwd().glob("*.zip"))) == ([("rulebook",)], (0,), [])
    structlog.reset_defaults()  # a command sets the log up for its process, which this is not
