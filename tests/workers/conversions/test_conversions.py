"""`alis conversions`: who waits, what a conversion would give, and many converted in one command."""

from collections.abc import Iterator

import pytest

from tests.desk import Desk, desk
from tests.scenario import BEIARN, track
from tests.workers.test_cli import Ended, alis
from tests.workers.test_language import slips


@pytest.fixture
def at(database_url: str) -> Iterator[Desk]:
    """Two doctors on the old scheme, one of them without an agreement, and one on the new."""
    with desk(database_url) as opened:
        opened.publishes()
        opened.imports(track("2024-09-01", "old").position("p1").agreement("a1").facts)
        opened.imports(track("2024-09-01", "old", hpr="9000002").position("p1", BEIARN).facts)
        opened.imports(track("2024-09-01", hpr="9000003").position("p1").facts)
        yield opened


def conversions(at: Desk, *asked: str) -> Ended:
    return alis("conversions", *asked, ALIS_DATABASE_URL=at.url)


def shown(at: Desk, *asked: str) -> list[str]:
    ended = conversions(at, *asked, "--format", "table")
    assert ended.code == 0, ended.err
    assert slips(ended.out) == []
    return ended.out.replace("\u2009", " ").splitlines()


def test_those_who_wait_are_listed_by_municipality_with_what_it_would_give(at: Desk) -> None:
    lines = shown(at, "list", "--on", "2026-01-01")
    assert lines[:2] == ["Gammel ordning varer til og med 31. desember 2026.", "Konvertering fra 1. januar 2026."]
    assert lines[3] == "Bodø (1804): én lege"
    assert lines[5].split() == [
        "9000001",
        "1804",
        "2026",
        "············",
        "·······◆◆◆◆◆",
        "0",
        "157",
        "773",
        "+157",
        "773",
    ]
    assert lines[6].strip() == "de 24 første månedene: sep. 2024–aug. 2026"
    assert lines[9] == "Beiarn (1839): én lege"
    assert [each["municipality"] for each in conversions(at, "list").json["municipalities"]] == ["1804", "1839"]


def test_without_a_rule_set_for_the_day_no_kroner_are_told(at: Desk) -> None:
    lines = shown(at, "list", "--on", "2028-01-01", "--municipality", "1839")
    assert lines[2].startswith("Ingen tilskuddsperiode som varer så lenge, har et regelsett ennå")
    assert lines[6] == "9000002     ingen tilskuddsperiode med regelsett berøres"


@pytest.mark.long
def test_a_wave_is_previewed_and_then_recorded_in_one_command(at: Desk) -> None:
    asked = ("9000001", "9000002", "9000003", "9000099", "--on", "2026-01-01", "--as", "saksbehandler:ada")
    before = shown(at, "preview", *asked)
    assert before[0] == "Forhåndsvisning: to leger ville blitt konvertert. Ingenting er lagret."
    assert "9000003     Spesialiseringsløpet følger allerede ny ordning." in before
    assert conversions(at, "convert", *asked).err.endswith("alis: Oppgi hvorfor legene går over til ny ordning.\n")
    since, rest = "Konvertering fra 1. januar 2026", "fulgte ny ordning fra før og én ble ikke konvertert."
    first = f"{since}: to leger er konvertert, én {rest}"
    told = ["  9000003  Spesialiseringsløpet følger allerede ny ordning."]
    told += ["  9000099  Ingen lege med HPR-nummer 9000099 er registrert."]
    assert shown(at, "convert", *asked, "--reason", "avvikles") == [first, *told]
    again = shown(at, "convert", *asked, "--reason", "avvikles")
    assert again[0] == f"{since}: tre {rest}"


@pytest.mark.long
def test_a_municipality_converts_all_of_its_own_and_a_caseworker_says_where(at: Desk) -> None:
    day = ("--on", "2026-01-01")
    lost = conversions(at, "convert", *day, "--as", "saksbehandler:ada", "--reason", "avvikles")
    assert (lost.code, lost.out) == (2, "")
    assert "Oppgi hvilke leger" in lost.err
    ours = conversions(at, "convert", *day, "--as", "kommune:1839").json
    assert [(each["hpr"], each["outcome"]) for each in ours["results"]] == [("9000002", "converted")]
    rest = conversions(at, "convert", *day, "--all", "--as", "saksbehandler:ada", "--reason", "avvikles").json
    assert [(each["hpr"], each["outcome"]) for each in rest["results"]] == [("9000001", "converted")]
    assert shown(at, "convert", *day, "--as", "kommune:1839") == ["Ingen lege med stilling venter på konvertering."]
