"""`alis posts` as people run it."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

from tests.scenario import BEIARN, BODO, Told, lines_of, track

Run = Callable[..., str]
KNOWN: Final = ("--known-at", "2025-06-15T12:00:00Z")


def holder(hpr: str, first: str, last: str | None = None, post: str = "Sentrum 1", where: str = BODO) -> Told:
    return track("2024-01-01", hpr=hpr).position("p1", where, first, last_day=last, post=post)


@pytest.fixture(autouse=True)
def told(alis: Run, tmp_path: Path) -> None:
    """Three doctors in two municipalities."""
    stories = [
        holder("9000001", "2024-10-01", "2025-01-10"),
        holder("9000002", "2025-03-01"),
        holder("9000003", "2025-02-01", post="Moldjord", where=BEIARN),
    ]
    (tmp_path / "facts.jsonl").write_bytes(lines_of(fact for each in stories for fact in each.facts))
    alis("import", "facts.jsonl")


def test_the_table_has_a_sign_for_each_month_and_tells_of_each_doctor(alis: Run) -> None:
    assert alis("posts", *KNOWN, "--format", "table").splitlines() == [
        "Hjemler til og med 15. juni 2025",
        "",
        "Bodø (1804)",
        "              2025",
        "Sentrum 1  1111·2222",
        "           1 HPR-nummer 9000001 fra 1. oktober 2024 til og med 10. januar 2025 (fire måneder)",
        "           2 HPR-nummer 9000002 fra 1. mars 2025 (fire måneder)",
        "           · ledig i 1 av 9 måneder",
        "",
        "Beiarn (1839)",
        "              2025",
        "Moldjord       11111",
        "           1 HPR-nummer 9000003 fra 1. februar 2025 (fem måneder)",
        "",
        "1 første lege   2 andre lege, og så videre   · ledig   (før første lege: ingen opplysninger)",
    ]


def test_the_posts_of_one_municipality_are_shown_as_json(alis: Run) -> None:
    found = json.loads(alis("posts", *KNOWN, "--municipality", BEIARN))
    assert found["until"] == "2025-06-15"
    assert [(each["name"], len(each["months"])) for each in found["posts"]] == [("Moldjord", 5)]


def test_the_squares_are_drawn_in_a_file(alis: Run, tmp_path: Path) -> None:
    alis("posts", *KNOWN, "--svg", "posts.svg")
    assert "Beiarn (1839), Moldjord: lege 1 fra februar til juni 2025." in (tmp_path / "posts.svg").read_text("utf-8")


def test_the_figures_are_shown_whole_or_without_those_of_fewer_than_five_people(alis: Run) -> None:
    whole = alis("posts", *KNOWN, "--stability", "--format", "table").splitlines()
    assert " ".join(whole[4].split()) == "Bodø (1804) 1 1 0 2 1 2,0 9 1 11,1 4,0 4,0"
    hidden = alis("posts", *KNOWN, "--stability", "--hide-small", "--format", "table")
    assert "* gjelder færre enn fem personer" in hidden
    found = json.loads(alis("posts", *KNOWN, "--stability", "--hide-small", "--format", "json"))
    assert {each["figures"] for each in [found["whole"], *found["municipalities"]]} == {None}
    assert alis("posts", "--known-at", "2024-01-31T00:00:00Z", "--stability", "--format", "table") == (
        "Ingen stilling er registrert med navnet på en hjemmel.\n"
    )


def test_a_file_that_cannot_be_written_and_a_municipality_that_never_was_are_refused(alis: Run) -> None:
    assert "mappen finnes ikke" in alis("posts", "--svg", "nowhere/posts.svg", code=2)
    assert "9999" in alis("posts", "--municipality", "9999", code=2)


def test_a_post_that_the_municipality_closed_is_vacant_no_more(alis: Run, tmp_path: Path) -> None:
    nord = holder("9000004", "2024-01-01", "2024-03-31", post="Nord")
    (tmp_path / "nord.jsonl").write_bytes(lines_of(nord.facts))
    alis("import", "nord.jsonl")
    closing = ("post=NORD", "first_day=2024-06-01", "--as", "kommune:1804")
    alis("municipality", "post-closed", "1804", *closing)
    table = alis("posts", "--municipality", "1804", "--format", "table")
    assert "Nord       111··–––" in table
    assert "· ledig i 2 av 5 måneder" in table
    assert "– nedlagt" in table
    before = alis("posts", "--municipality", "1804", *KNOWN, "--format", "table")
    assert "nedlagt" not in before
