"""`alis preview --switch`: the best days of a planned switch, with nothing stored."""

from collections.abc import Iterator

import pytest

from tests.desk import Desk, desk
from tests.scenario import full_time
from tests.workers.test_cli import Ended, alis

PLAN = ("--switch", "9000001", "--position", "p1", "--to", "1839", "--category", "gp", "--percent", "100")
AUTUMN = ("--last-day-between", "2025-10-01", "2025-11-30")


@pytest.fixture
def at(database_url: str) -> Iterator[Desk]:
    """A database with one doctor."""
    with desk(database_url) as opened:
        opened.publishes()
        opened.records_all(full_time())
        yield opened


def preview(at: Desk, *options: str) -> Ended:
    return alis("preview", *options, ALIS_DATABASE_URL=at.url)


def test_the_proposed_days_and_why_others_lose_months_are_shown(at: Desk) -> None:
    told = preview(at, *PLAN, *AUTUMN, "--format", "table")
    assert told.code == 0, told.err
    lines = told.out.replace("\u2009", " ").splitlines()
    assert lines[0] == "Bytte av stilling for 9000001, fra Bodø (1804) til Beiarn (1839). Ingenting er lagret."
    assert lines[4:6] == [
        "Forslag: siste dag 31. oktober 2025, første dag 1. november 2025",
        "  Er siste dag 31. oktober 2025 og første dag 1. november 2025, tapes ingen måned.",
    ]
    assert any("tapes november 2025" in each and "48 221 kroner mindre" in each for each in lines)
    assert "sum                          378 656       157 773      \u2212220 883" in lines
    assert len(at.log()) == 3


def test_days_that_are_as_good_are_named_as_runs(at: Desk) -> None:
    within = ("--last-day-between", "2025-10-05", "2025-10-25", "--first-day-between", "2025-10-20", "2025-11-10")
    told = preview(at, *PLAN, *within, "--format", "table")
    run = "siste dag fra 5. oktober 2025 til 25. oktober 2025, første dag fra 20. oktober 2025 til 1. november 2025"
    assert f"  {run}" in told.out.splitlines()


def test_the_new_post_can_be_asked_of_alone(at: Desk) -> None:
    alone = ("--switch", "9000001", "--to", "1839", "--category", "gp", "--percent", "100")
    told = preview(at, *alone, "--first-day-between", "2025-10-20", "2025-11-20", "--format", "table")
    assert told.code == 0, told.err
    lines = told.out.splitlines()
    assert lines[0] == "Bytte av stilling for 9000001, til Beiarn (1839). Ingenting er lagret."
    assert "Forslag: første dag 20. oktober 2025" in lines
    assert "  første dag fra 20. oktober 2025 til 1. november 2025" in lines


def test_a_program_gets_what_http_answers(at: Desk) -> None:
    told = preview(at, *PLAN, *AUTUMN).json
    assert (told["proposed"]["last_day"], told["proposed"]["first_day"]) == ("2025-10-31", "2025-11-01")


@pytest.mark.long
def test_what_is_missing_or_cannot_be_is_refused_in_a_sentence(at: Desk) -> None:
    for options, sentence in (
        (PLAN, "Et bytte av stilling trenger også --last-day-between."),
        ((*PLAN, "--last-day-between", "2025-10-01", "2025-13-01"), "«2025-13-01» er ikke en dag, som 2026-03-01"),
        ((*PLAN, "--last-day-between", "2025-10-02", "2025-10-01"), "Siste dag ligger før første dag."),
        ((*PLAN[:-1], "101", *AUTUMN), "Feltet «new.percent» er utenfor de lovlige verdiene"),
        ((), "en av disse må stå der: FIL --switch"),
    ):
        ended = preview(at, *options)
        assert (ended.code, ended.out) == (2, "")
        assert sentence in ended.err
