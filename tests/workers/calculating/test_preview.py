"""`alis preview`: what a file would change, with nothing stored."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.claiming import claiming
from tests.desk import Desk, desk
from tests.scenario import BEIARN, Told, full_time, lines_of
from tests.workers.test_cli import Ended, alis

SWITCH = full_time().known("2025-11-20").switched("p1", "2025-11-14", to=BEIARN)


@pytest.fixture
def at(database_url: str) -> Iterator[Desk]:
    """A database with one doctor."""
    with desk(database_url) as opened:
        opened.publishes()
        opened.records_all(full_time())
        yield opened


def preview(at: Desk, folder: Path, told: Told, *options: str) -> Ended:
    file = folder / "new.jsonl"
    file.write_bytes(lines_of(told.facts[3:]))
    return alis("preview", file, *options, ALIS_DATABASE_URL=at.url)


def test_a_job_switch_is_shown_in_both_municipalities_and_nothing_is_stored(at: Desk, tmp_path: Path) -> None:
    told = preview(at, tmp_path, SWITCH, "--format", "table")
    assert told.code == 0, told.err
    lines = told.out.replace("\u2009", " ").splitlines()
    assert lines[0] == "Forhåndsvisning: én ny opplysning. Ingenting er lagret."
    assert lines[2:5] == [
        "9000001 i Bodø (1804), tilskuddsperioden 2026",
        "                                 før         etter       endring",
        "måneder                 ◆◆◆◆◆◆◆◆◆◆◆◆  ◆◆◆◆◆·······",
    ]
    assert lines[10] == "sum                          378 656       157 773      \u2212220 883"
    assert lines[12] == "9000001 i Beiarn (1839), tilskuddsperioden 2026"
    assert lines[16] == "sum                                0        45 196       +45 196"
    assert len(at.log()) == 3


def test_what_a_program_gets_is_what_is_shown_over_http(at: Desk, tmp_path: Path) -> None:
    told = preview(at, tmp_path, SWITCH).json
    assert [(each["municipality"], each["kroner"]["difference"]) for each in told["changes"]] == [
        ("1804", -220_883),
        ("1839", 45_196),
    ]


def test_what_would_be_refused_is_refused_with_file_and_line(at: Desk, tmp_path: Path) -> None:
    ended = preview(at, tmp_path, full_time().changed("p9", "2025-08-01", percent=50))
    assert (ended.code, ended.out) == (2, "")
    assert "new.jsonl:1: 4: Stillingen «p9» er ikke kjent" in ended.err


def test_the_claims_that_are_touched_are_told(at: Desk, tmp_path: Path) -> None:
    claiming(at).decided()
    told = preview(at, tmp_path, SWITCH, "--format", "table")
    assert "Søknaden 1804-2026 berøres for 9000001: vedtak 1." in told.out
