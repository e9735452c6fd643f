"""`alis rules` as people run it, and the rule book that is kept beside the code."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final
from xml.etree import ElementTree as ET

import pytest

from domain.rulebook.release import shipped_rule_sets
from domain.rules.sets.options import OPTIONS
from tests.options import NEWER_TOML
from tests.scenario import BEIARN, full_time, lines_of, track
from workers.cli import main
from workers.rule_book.rule_book import pages
from workers.rule_book.rule_examples import TITLES, examples
from workers.rules.rules import EXAMPLES

ROOT: Final = Path(__file__).parents[3]
PROVISIONAL: Final = "nasjonal-alis-2026-provisional"
FINAL: Final = "nasjonal-alis-2026-final"
SVG: Final = "{http://www.w3.org/2000/svg}"
Run = Callable[..., str]


def read(text: str) -> Any:  # noqa: ANN401 - whatever the program prints
    return json.loads(text)


# ---------------------------------------------------------------- the book that one can read


def test_the_rule_book_in_the_repository_is_what_the_rules_are() -> None:
    """Where this fails, run `alis rules book` and look at what changed."""
    kept = {file.name: file.read_text("utf-8") for file in (ROOT / "docs" / "rules").iterdir()}
    assert kept == pages(shipped_rule_sets(), examples(EXAMPLES))


def test_every_page_tells_each_rule_with_its_source_and_has_a_diagram_a_history_and_a_register() -> None:
    for rules in shipped_rule_sets():
        page = pages(shipped_rule_sets(), examples(EXAMPLES))[f"{rules.id}.md"]
        in_words = page.split("## Reglene\n")[1].split("## Elementene")[0]
        said = re.findall(r"^- .*", in_words, re.MULTILINE)
        assert len(said) > 20
        assert all(re.search(r"\*\((oppgitt|utledet av kilden|forutsatt), .+\)\*$", each) for each in said)
        assert page.count("```mermaid") == 1
        assert all(each.name in page for each in rules.content.elements)
        assert all(f"`{name}`" in page for name in (*rules.content.values, *OPTIONS))
        assert all(other.id.removeprefix("nasjonal-alis-") in page for other in shipped_rule_sets())


def test_the_worked_examples_are_golden_cases_with_their_kroner() -> None:
    page = pages(shipped_rule_sets(), examples(EXAMPLES))[f"{PROVISIONAL}.md"]
    for name, title in TITLES.items():
        case = read((EXAMPLES / f"{name}.json").read_text("utf-8"))
        told = page.split(f"### {title}\n")[1].split("\n### ")[0]
        for line in case["expected"]["lines"]:
            assert f"**{line['total']:,}**".replace(",", "\u2009") in told


def test_the_book_is_written_where_one_says_without_a_database(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["rules", "book", str(tmp_path / "bok")]) == 0
    told = read(capsys.readouterr().out)
    assert told["pages"] == sorted(file.name for file in (tmp_path / "bok").iterdir())


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "bok").write_text("")
    assert main(["rules", "book", str(tmp_path / "bok")]) == 2
    assert re.search(r"kan ikke skrives \((mappen|det|en del|den|du) [^A-Z]+\)\.$", capsys.readouterr().err)


# ---------------------------------------------------------------- show and list


def test_show_prints_the_days_apart_the_parameters_and_the_register(alis: Run) -> None:
    text = alis("rules", "show", PROVISIONAL, "--format", "table")
    assert re.search(
        r"Vedtatt +1\. juni 2025\nKunngjort +1\. juni 2025\nGjelder +tilskuddsperioden 2026, fra 1\.", text
    )
    assert "salærsats: 1\u2009367\u2009kroner per time (hourly_rate)" in text
    assert "valgt   at bare hele kalendermåneder teller (calendar)" in text
    assert "ellers  at hver dag teller for seg (days)" in text
    assert "Den eneste hele salærsatsen" in text


def test_show_prints_the_same_as_json_and_of_a_file_too(alis: Run, tmp_path: Path) -> None:
    own = tmp_path / "mitt.toml"
    own.write_text(f'extends = "{PROVISIONAL}"\nid = "mitt"\n[options.months]\nvalue = "days"\n{NEWER_TOML}', "utf-8")
    shown = read(alis("rules", "show", own, "--format", "json"))
    [months] = [each for each in shown["choices"] if each["option"] == "months"]
    assert (months["value"], [each["value"] for each in months["alternatives"]]) == ("days", ["calendar"])
    assert (shown["id"], shown["status"], shown["content"]["values"]["hourly_rate"]["value"]) == (
        "mitt",
        "draft",
        "1367",
    )


def test_list_has_published_and_drafts(alis: Run) -> None:
    listed = {each["id"]: each["status"] for each in read(alis("rules", "list", "--format", "json"))["rule_sets"]}
    assert (listed[PROVISIONAL], listed[FINAL]) == ("published", "draft")
    assert FINAL in alis("rules", "list", "--format", "table")


def test_a_rule_set_that_is_not_there_is_bad_usage(alis: Run) -> None:
    assert "Regelsettet «no-such» finnes ikke." in alis("rules", "show", "no-such", code=2)


# ---------------------------------------------------------------- from draft to publication


def test_a_draft_goes_from_one_person_over_another_to_publication(alis: Run) -> None:
    drafted = read(alis("rules", "draft", FINAL, "--as", "rules:kari"))
    digest = drafted["digest"]
    assert (drafted["status"], drafted["stored"]) == ("draft", True)
    assert "en annen" in alis("rules", "approve", FINAL, "--digest", digest, "--as", "rules:kari", code=2)
    assert "ikke godkjent" in alis("rules", "publish", FINAL, "--digest", digest, "--as", "rules:kari", code=2)
    approved = read(alis("rules", "approve", FINAL, "--digest", digest, "--as", "person:ola", "--role", "approver"))
    assert approved["approved"]["by"].startswith("godkjenner:p-")
    published = read(alis("rules", "publish", FINAL, "--digest", digest, "--as", "rules:kari"))
    assert (published["status"], published["supersedes"]) == ("published", PROVISIONAL)
    former = read(alis("rules", "show", PROVISIONAL, "--format", "json"))
    assert (former["status"], former["superseded_by"]) == ("superseded", FINAL)
    assert "avløst" in alis("rules", "show", PROVISIONAL, "--format", "table")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('colour = "blue"', "colour: er en ukjent nøkkel"),
        ('[values.travel]\nvalue = "1"\nunit = "x"\nsource = "x"\nnote = "y."', "values.travel.basis: mangler"),
        ("[values.hourly_rate]\nvalue = 1375.5", "values.hourly_rate.value: er et flyttall"),
        ('[round]\nid = "2099"', "round: overlapper tilskuddsperioden 2026"),
        ('[options.months]\nvalue = "weeks"', "options.months.value: valget months = weeks finnes ikke"),
        ('supersedes = "nasjonal-alis-2062"', "supersedes: regelsettet «nasjonal-alis-2062» finnes ikke"),
    ],
)
def test_a_bad_file_is_refused_with_file_key_and_reason(alis: Run, tmp_path: Path, text: str, told: str) -> None:
    own = tmp_path / "mitt.toml"
    own.write_text(f'extends = "{PROVISIONAL}"\nid = "mitt"\n{text}\n', "utf-8")
    for asked in (("draft", own, "--as", "rules:kari"), ("show", own), ("impact", own)):
        said = alis("rules", *asked, code=2)
        assert f"Regelsettet i {own} kan ikke brukes: " in said
        assert told in said
    assert "mitt" not in alis("rules", "list", "--format", "json")


# ---------------------------------------------------------------- impact


@pytest.fixture
def stored(alis: Run, tmp_path: Path) -> None:
    file = tmp_path / "historikk.jsonl"
    file.write_bytes(lines_of(full_time("2024-10-01").facts))
    alis("import", file)


@pytest.mark.usefixtures("stored")
def test_impact_computes_what_is_stored_under_the_draft_beside_the_published(alis: Run) -> None:
    found = read(alis("rules", "impact", FINAL, "--format", "json"))
    assert (found["draft"], found["published"], found["round"]) == (FINAL, PROVISIONAL, "2026")
    assert (found["total"]["before"], found["total"]["after"], found["total"]["difference"]) == (
        378_656,
        380_018,
        1_362,
    )
    assert found["gain"] == ["1804"]
    table = alis("rules", "impact", FINAL, "--format", "table")
    assert re.search(r"Alle linjer +1 +378\u2009656 +380\u2009018 +\+1\u2009362", table)
    assert "Kommuner: 1 får mer, 0 får mindre, 0 får det samme." in table


NEXT_YEAR: Final = f"""extends = "{PROVISIONAL}"
id = "neste"
title = "Neste år"
[round]
id = "2027"
first_day = 2026-06-01
last_day = 2027-05-31
basis = "assumed"
source = "prøven"
note = "Neste år."
[values.hourly_rate]
value = "1420"
[values.travel]
value = "10000"
unit = "kroner per år"
basis = "assumed"
source = "prøven"
note = "Reiser."
[[elements]]
id = "travel"
name = "reisetilskudd"
factors = ["travel"]
categories = ["gp"]
basis = "assumed"
source = "prøven"
note = "Reiser."
{NEWER_TOML}"""


@pytest.mark.usefixtures("stored")
def test_impact_of_a_draft_for_next_year_says_what_it_is_compared_with_and_remarks_on_the_five_per_cent(
    alis: Run, tmp_path: Path
) -> None:
    (tmp_path / "neste.toml").write_text(NEXT_YEAR, "utf-8")
    table = alis("rules", "impact", tmp_path / "neste.toml", "--format", "table")
    said = " ".join(table.split())
    assert said.startswith("Virkningen av «Neste år» (utkast) i tilskuddsperioden 2027 Tilskuddsperioden 2027 har ikke")
    assert "som gjelder tilskuddsperioden 2026, brukt på tiden fra 1. juni 2026 til og med 31. mai 2027." in said
    assert "Merk: Elementet reisetilskudd er nytt og står utenfor" in said
    assert "Hva ville det utgjort om det var med? +500 kroner." in said
    assert re.search(r"reisetilskudd +1 +0 +10\u2009000 +\+10\u2009000\n", table)
    assert re.search(r"Alle linjer +1 +291\u2009156 +310\u2009178 +\+19\u2009022 +\+6,5 %\n", table)
    drawn = tmp_path / "neste.svg"
    alis("rules", "impact", tmp_path / "neste.toml", "--svg", drawn)
    assert ">+10\u2009000</text>" in drawn.read_text("utf-8")
    assert "Alle søylene har samme målestokk." in drawn.read_text("utf-8")


@pytest.mark.usefixtures("stored")
def test_impact_of_a_partial_rule_set_tells_what_is_unknown_and_never_zero(alis: Run) -> None:
    table = alis("rules", "impact", PROVISIONAL, "--format", "table")
    assert re.search(r"Alle linjer +1 \(1 ukjent\) +ukjent sats +ukjent sats +ukjent sats\n", table)
    assert "1 linje har ukjent sats på en av sidene og er ikke med i kronene." in table
    found = read(alis("rules", "impact", PROVISIONAL, "--format", "json"))
    assert (found["total"]["before"], found["total"]["percent"], found["lines"][0]["after"]) == (None, None, 378_656)


def test_impact_with_nothing_published_before_says_so(alis: Run) -> None:
    said = alis("rules", "impact", "nasjonal-alis-2022", code=2)
    assert "Det er ikke kunngjort noe regelsett for 1. januar 2022 eller tiden før." in said


@pytest.mark.usefixtures("stored")
def test_impact_lists_the_lines_at_an_edge(alis: Run, tmp_path: Path) -> None:
    own = tmp_path / "mitt.toml"
    own.write_text(
        f'extends = "{PROVISIONAL}"\nid = "mitt"\n[values.window_months]\nvalue = "12"\n{NEWER_TOML}', "utf-8"
    )
    assert re.search(r"24-månedersgrensen går i perioden +0 ", alis("rules", "impact", FINAL, "--format", "table"))
    table = alis("rules", "impact", own, "--format", "table")
    assert re.search(r"24-månedersgrensen går i perioden +1 +378\u2009656 +291\u2009156 +\u221287\u2009500", table)
    assert re.search(r"9000001 i Bodø \(1804\) +378\u2009656 +291\u2009156 +\u221287\u2009500", table)


@pytest.mark.usefixtures("stored")
def test_the_chart_says_in_words_what_it_draws(alis: Run, tmp_path: Path) -> None:
    alis("rules", "impact", FINAL, "--svg", tmp_path / "virkning.svg")
    drawn = ET.parse(tmp_path / "virkning.svg").getroot()  # noqa: S314 - our own drawing
    assert (drawn.tag, drawn.get("role"), drawn.get("aria-labelledby")) == (f"{SVG}svg", "img", "title desc")
    title, description = drawn.find(f"{SVG}title"), drawn.find(f"{SVG}desc")
    assert title is not None
    assert description is not None
    assert title.text == "Virkningen av «Nasjonal ALIS og veiledning 2026, endelige satser» i tilskuddsperioden 2026"
    assert "+1\u2009362 kroner for 1 linje. 1 kommune får mer" in str(description.text)
    bars = [bar for bar in drawn.iter(f"{SVG}rect") if bar.find(f"{SVG}title") is not None]
    assert [title.text for bar in bars if (title := bar.find(f"{SVG}title")) is not None][
        -1
    ] == "Bodø: +1\u2009362 kroner, 1 linje"
    assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)", (tmp_path / "virkning.svg").read_text("utf-8"))


@pytest.mark.usefixtures("stored")
def test_all_bars_of_the_chart_have_one_scale(alis: Run, tmp_path: Path) -> None:
    other = track("2024-10-01", hpr="9000002").position("p1", BEIARN, "2024-10-01", percent=50)
    (tmp_path / "beiarn.jsonl").write_bytes(lines_of(other.facts))
    alis("import", tmp_path / "beiarn.jsonl")
    alis("rules", "impact", FINAL, "--svg", tmp_path / "virkning.svg")
    drawn = ET.parse(tmp_path / "virkning.svg").getroot()  # noqa: S314 - our own drawing
    bars = [(bar, bar.find(f"{SVG}title")) for bar in drawn.iter(f"{SVG}rect")]
    told = [(_kroner_in(str(title.text)), int(bar.get("width", ""))) for bar, title in bars if title is not None]
    largest = max(told, key=lambda each: abs(each[0]))
    assert len({kroner for kroner, _ in told}) > 1
    assert all(width == abs(kroner) * largest[1] // abs(largest[0]) for kroner, width in told)


def _kroner_in(title: str) -> int:
    found = re.search(r": ([+\u2212]?)([\d\u2009]+) kroner", title)
    assert found, title
    amount = int(found[2].replace("\u2009", ""))
    return -amount if found[1] == "\u2212" else amount


@pytest.mark.usefixtures("stored")
def test_impact_stores_nothing(alis: Run) -> None:
    before = alis("verify")
    alis("rules", "impact", FINAL)
    assert alis("verify") == before
