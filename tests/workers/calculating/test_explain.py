"""`alis explain`: the difference between two calculations, krone by krone."""

from pathlib import Path
from typing import Final

import pytest

from tests.desk import desk
from tests.options import NEWER_TOML
from tests.scenario import full_time, lines_of
from tests.workers.test_cli import BODO_2026, alis, refused

SINCE: Final = ("--from", "2026-02-28T00:00:00Z", "--to", "now")
LEAVE: Final = full_time().known("2026-03-01").leave("l1", "2026-01-01", "2026-02-28")


@pytest.fixture
def stored(database_url: str) -> str:
    """A database with a doctor whose leave became known on the first of March."""
    with desk(database_url) as at:
        at.publishes()
        at.imports(LEAVE.facts)
    return database_url


def test_the_difference_between_then_and_now_is_printed_as_json(stored: str) -> None:
    found = alis("explain", *BODO_2026, *SINCE, ALIS_DATABASE_URL=stored).json
    assert (found["difference"], [each["kroner"] for each in found["contributions"]]) == (-63_109, [-63_109])


def test_a_side_may_have_its_own_rules_and_the_others_those_of_the_option(stored: str, tmp_path: Path) -> None:
    own = tmp_path / "mitt.toml"
    own.write_text(
        'extends = "nasjonal-alis-2026-provisional"\nid = "mitt"\ntitle = "Mitt"\nstatus = "draft"\n'
        f'[values.productivity]\nvalue = "0"\n{NEWER_TOML}',
        "utf-8",
    )
    asked = ("--from", "now", "--to", f"rules:{own}", "--rules", "nasjonal-alis-2026-final")
    found = alis("explain", *BODO_2026, *asked, ALIS_DATABASE_URL=stored).json
    assert (found["from"]["rules"], found["to"]["rules"]) == ("nasjonal-alis-2026-final", "mitt")
    assert [each["parameters"][0]["parameter"] for each in found["contributions"]] == [
        "values.hourly_rate",
        "values.productivity",
    ]


def test_a_table_tells_each_contribution_with_source_line_and_months(stored: str, tmp_path: Path) -> None:
    more = tmp_path / "hva om.jsonl"
    more.write_bytes(lines_of(LEAVE.changed("p1", "2026-05-01", percent=50).facts[-1:]))
    to = f"now,rules:nasjonal-alis-2026-final,facts:{more}"
    ended = alis("explain", *BODO_2026, *SINCE[:2], "--to", to, "--format", "table", ALIS_DATABASE_URL=stored)
    assert ended.code == 0, ended.err
    shown = ended.out.replace("\u2009", " ").replace("\u2212", "-")
    assert "Bodø (1804), tilskuddsperioden 2026" in shown
    assert "-63 109  permisjon eller annet fravær («4») for 9000001" in shown
    assert "mai 2026 -15 778" in shown
    assert "forutsatt 1. mars 2026 kl. 10.00.01" in shown
    assert "salærsats: 1 367 → 1 375 kroner per time" in shown
    assert "kilde: advokatbladet.no, 2026 (oppgitt)" in shown
    assert "i den rekkefølgen de ble registrert" in shown


def test_a_supposed_file_changes_nothing_that_is_stored(stored: str, tmp_path: Path) -> None:
    more = tmp_path / "om.jsonl"
    more.write_bytes(lines_of(LEAVE.changed("p1", "2026-05-01", percent=50).facts[-1:]))
    before = alis("replay", *BODO_2026, ALIS_DATABASE_URL=stored).json
    found = alis("explain", *BODO_2026, "--from", "now", "--to", f"facts:{more}", ALIS_DATABASE_URL=stored).json
    assert found["difference"] == found["to"]["total"] - before["total"] != 0
    assert alis("replay", *BODO_2026, ALIS_DATABASE_URL=stored).json == before


def test_a_supposed_file_with_errors_is_refused_with_file_and_line(stored: str, tmp_path: Path) -> None:
    more = tmp_path / "om.jsonl"
    more.write_bytes(lines_of(LEAVE.ended("p8", "2026-05-01").facts[-1:]))
    told = refused("explain", *BODO_2026, "--from", f"facts:{more}", "--to", "now", ALIS_DATABASE_URL=stored)
    assert f"{more}:1: 5: Stillingen «p8» er ikke kjent" in told
    more.write_bytes(b"{}")
    told = refused("explain", *BODO_2026, "--from", "now", "--to", f"facts:{more}", ALIS_DATABASE_URL=stored)
    assert f"{more}:1:" in told


@pytest.mark.parametrize(
    ("asked", "word"),
    [
        (("--from", "i går", "--to", "now"), "«i går» er ikke en side"),
        (("--from", "now"), "--to"),
        (("--from", "now", "--to", "rules:finnes-ikke"), "finnes-ikke"),
        (("--from", "now", "--to", "rules:nasjonal-alis-2025"), "2025"),
        (("--from", "now", "--to", "facts:finnes-ikke"), "finnes-ikke"),
    ],
)
def test_a_side_that_is_not_there_is_refused(stored: str, asked: tuple[str, ...], word: str) -> None:
    assert word in refused("explain", *BODO_2026, *asked, ALIS_DATABASE_URL=stored)


def test_a_line_without_an_amount_is_told_beside_the_total(stored: str, tmp_path: Path) -> None:
    own = tmp_path / "mitt.toml"
    rate = 'value = "200000"\nunit = "kroner per år"\nbasis = "assumed"\nsource = "x"\nnote = "y."\n'
    own.write_text(f'extends = "nasjonal-alis-2025"\nid = "mitt"\n[values.productivity]\n{rate}{NEWER_TOML}', "utf-8")
    sides = ("--from", "now", "--to", f"rules:{own}", "--format", "table")
    shown = alis("explain", "--municipality", "1804", "--round", "2025", *sides, ALIS_DATABASE_URL=stored).out
    assert (
        "etter regelsettet «Nasjonal ALIS og veiledning 2025» (kunngjort); én linje har ukjent sats og er ikke med\n"
        in shown
    )
