"""`alis rules ask`, `answer`, `approve-answer` and `rulings` as people run them."""

import re
from pathlib import Path
from typing import Final

import psycopg
import pytest

from tests.claiming import claiming
from tests.desk import desk
from tests.scenario import full_time, lines_of
from tests.workers.rules.test_rules import FINAL, PROVISIONAL, Run, read
from tests.workers.test_cli import main_as

ASK: Final = ("rules", "ask", "fravær", "--text", "Hva koster en dag med fullt fravær?", "--as", "rules:kari")
ANSWER: Final = (
    *("rules", "answer", "fravær", "--option", "full_leave", "--answer", "Dag for dag.", "--as", "rules:kari"),
    *("--answered-on", "2026-06-15", "--source", "brev 15. juni 2026", "--binds", "alle kommuner"),
)


def ruled(alis: Run, value: str = "days") -> None:
    alis(*ASK)
    digest = read(alis(*ANSWER, "--value", value))["answer"]["digest"]
    alis("rules", "approve-answer", "fravær", "--digest", digest, "--as", "approver:ola")


def test_a_question_goes_from_one_person_over_another_to_a_ruling(alis: Run) -> None:
    asked = read(alis(*ASK))
    assert (asked["status"], asked["effect"], asked["stored"]) == ("asked", None, True)
    assert read(alis(*ASK))["stored"] is False
    proposed = read(alis(*ANSWER, "--value", "days"))
    digest = proposed["answer"]["digest"]
    assert (proposed["status"], proposed["effect"]["decisions"]) == ("proposed", [])
    said = alis("rules", "approve-answer", "fravær", "--digest", digest, "--as", "rules:kari", code=2)
    assert "Svaret på «fravær» må godkjennes av en annen enn den som foreslo det." in said
    given = read(alis("rules", "approve-answer", "fravær", "--digest", digest, "--as", "approver:ola"))
    assert given["status"] == "given"
    text = alis("rules", "rulings", "fravær", "--format", "table")
    assert re.search(
        r"Avgjør +Hva koster en dag med fullt fravær\? At fullt fravær bare trekkes fra dag for dag\.", text
    )
    assert "Godkjent" in text
    assert "foreløpige satser (kunngjort): i strid med fortolkningen" in text
    assert "VEDTAK SOM BERØRES\n  Ingen." in text
    assert "besvart" in alis("rules", "rulings", "--format", "table")
    assert [each["id"] for each in read(alis("rules", "rulings", "--format", "json"))["questions"]] == ["fravær"]


def test_the_register_the_result_and_the_trace_say_what_the_ruling_makes_of_the_choice(
    alis: Run, tmp_path: Path
) -> None:
    history = tmp_path / "historikk"
    history.write_bytes(lines_of(full_time().leave("l1", "2026-02-10", "2026-02-10").facts))
    alis("import", history)
    ruled(alis)
    against = "I strid med fortolkning av 15. juni 2026 (brev 15. juni 2026): at fullt fravær bare trekkes"
    assert against in re.sub(r"\s+", " ", alis("rules", "show", PROVISIONAL, "--format", "table"))
    asked = ("replay", "--municipality", "1804", "--round", "2026", "--format")
    assert against in alis(*asked, "table")
    assert against in alis(*asked, "table", "--trace")
    assert against not in alis(*asked, "table", "--trace", "--known-at", "2026-07-01T00:00:00Z")
    result = read(alis(*asked, "json", "--trace"))
    assert result["lines"][0]["trace"]["options"]["full_leave"]["ruling"]["text"].startswith(against[:20])


def test_a_choice_that_follows_the_ruling_is_stated_everywhere(alis: Run, tmp_path: Path) -> None:
    ruled(alis, "month")
    stated = "oppgitt, brev 15. juni 2026"
    text = alis("rules", "show", PROVISIONAL, "--format", "table")
    assert f"Dag for dag. ({stated})" in text
    alis("rules", "book", tmp_path / "bok", "--stored")
    page = (tmp_path / "bok" / f"{PROVISIONAL}.md").read_text("utf-8")
    assert f"Det er fastsatt at én dag med fullt fravær koster hele måneden. *({stated})*" in page
    assert "## Fortolkningene\n\n- **Hva koster en dag med fullt fravær?** Dag for dag. Oppgitt i fortolkning" in page


def test_the_book_of_the_release_has_no_rulings_and_the_stored_one_without_any_is_the_same(
    alis: Run, tmp_path: Path
) -> None:
    alis("rules", "book", tmp_path / "utgaven")
    alis("rules", "book", tmp_path / "basen", "--stored")
    pages = [
        {file.name: file.read_text("utf-8") for file in (tmp_path / name).iterdir()} for name in ("utgaven", "basen")
    ]
    assert pages[0].keys() == pages[1].keys()
    assert "Fortolkning" not in pages[1][f"{PROVISIONAL}.md"]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        (("--value", "never"), "«Hva koster en dag med fullt fravær?» kan ikke besvares med «never»"),
        (("--value", "days", "--answered-on", "2199-01-01"), "er ikke kommet ennå"),
        (("--value", "days", "--option", "no-such"), "Valget «no-such» finnes ikke"),
        (("--value", "days", "--binds", ""), "binds"),
    ],
)
def test_what_is_wrong_with_an_answer_is_said(alis: Run, changed: tuple[str, ...], said: str) -> None:
    alis(*ASK)
    assert said in alis(*ANSWER, *changed, code=2)


def test_a_ruling_that_another_replaces_for_later_rounds_says_since_when(alis: Run) -> None:
    ruled(alis)
    alis("rules", "ask", "fravær-2", "--text", "Gjelder det også fra 2025?", "--as", "rules:kari")
    again = [each if each != "fravær" else "fravær-2" for each in ANSWER]
    proposed = read(alis(*again, "--value", "month", "--first-day", "2025-01-01"))
    assert proposed["answer"]["replaces"] == "fravær"
    alis("rules", "approve-answer", "fravær-2", "--digest", proposed["answer"]["digest"], "--as", "approver:ola")
    text = alis("rules", "rulings", "fravær", "--format", "table")
    assert "fravær (avløst)" in text
    since = "for tilskuddsperioder som begynner 1. januar 2025 eller senere"
    assert f"Avløst av  «Gjelder det også fra 2025?» (fravær-2) {since}" in text
    assert "Nasjonal ALIS og veiledning 2023 (kunngjort): i strid med fortolkningen" in text
    assert "veiledning 2026" not in text


def test_who_drafts_against_a_ruling_is_told_so_and_not_refused(
    alis: Run, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    ruled(alis)
    assert main_as(["rules", "draft", FINAL, "--as", "rules:kari"], monkeypatch) == 0
    said = capsys.readouterr()
    assert "alis: Hva koster en dag med fullt fravær? I strid med fortolkning av 15. juni 2026" in said.err
    assert [(each["ruling"], each["followed"]) for each in read(said.out)["rulings"]] == [("fravær", False)]


def test_whoever_is_told_which_decisions_an_answer_touches_is_in_the_access_log(alis: Run, database_url: str) -> None:
    with desk(database_url) as at:
        at.publishes()
        at.imports(full_time().leave("l1", "2026-02-10", "2026-02-10").facts)
        claiming(at).decided()
        ruled(alis)
        logged = at.asks("SELECT role, operation, doctors, outcome FROM access_log ORDER BY position")
    assert [tuple(each.values()) for each in logged] == [
        ("rules", "rulings.decisions", [], "answered"),
        ("approver", "rulings.decisions", ["9000001"], "answered"),
    ]


def test_an_answer_that_cannot_be_logged_tells_of_no_decision(alis: Run, database_url: str) -> None:
    alis(*ASK)
    with psycopg.connect(database_url) as holding:
        holding.execute("LOCK TABLE access_log")
        assert "innsynsloggen" in alis(*ANSWER, "--value", "days", code=1)


def test_a_question_that_is_not_there_is_bad_usage(alis: Run) -> None:
    assert "Spørsmålet «ingen» finnes ikke." in alis("rules", "rulings", "ingen", code=2)
