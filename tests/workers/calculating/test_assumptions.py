"""Every result that is printed tells which choices decide it, unless that is not wanted."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.scenario import full_time, lines_of
from tests.workers.test_cli import BODO_2026
from workers.cli import main


@pytest.fixture
def file(tmp_path: Path) -> str:
    made = tmp_path / "historikk.jsonl"
    made.write_bytes(lines_of(full_time().leave("l1", "2025-09-01", "2025-09-15").facts))
    return str(made)


def printed(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(["calculate", *arguments]) == 0
    return capsys.readouterr().out


def test_a_result_tells_the_choices_and_the_kroner_of_each_alternative(
    capsys: pytest.CaptureFixture[str], file: str
) -> None:
    found: dict[str, Any] = json.loads(printed(capsys, file, *BODO_2026))
    told = {each["option"]: each["alternatives"] for each in found["assumptions"]}
    assert [each["kroner"] for each in told["full_leave"]] == [15_778]
    assert {each["option"] for each in found["lines"][0]["assumptions"]} == told.keys()


def test_a_table_tells_them_in_words(capsys: pytest.CaptureFixture[str], file: str) -> None:
    shown = printed(capsys, file, *BODO_2026, "--format", "table").replace("\u2009", " ")
    assert "Beløpet hviler på at\n" in shown
    assert "  én dag med fullt fravær koster hele måneden (forutsatt)\n" in shown
    assert "       +15 778  hvis fullt fravær bare trekkes fra dag for dag\n" in shown


@pytest.mark.parametrize("form", ["json", "table"])
def test_they_can_be_left_out(capsys: pytest.CaptureFixture[str], file: str, form: str) -> None:
    shown = printed(capsys, file, *BODO_2026, "--no-assumptions", "--format", form)
    assert not [word for word in ("assumption", "hviler på") if word in shown]
