"""`alis coverage` as people run it."""

import json
from typing import Final

import pytest
import structlog

from projections.doctors.cost_coverage import CostCoverage
from tests.desk import desk
from tests.projections.house import House
from tests.scenario import BODO, full_time
from tests.workers.test_cli import KEY
from workers.cli import main

TABLE: Final = """\
Veiledning
stillingstype  klasse  linjer  med kostnader  andel  netto kostnad  tilskudd
alle             alle       2              1   50 %         80 000    90 393
fastlege            3       2              1   50 %         80 000    90 393
"""


def stored(url: str) -> None:
    """Two doctors in Bodø, one with costs of supervision, as the read model has them."""
    cost = {"municipality": BODO, "round": "2026", "element": "supervision", "kroner": 80_000}
    with desk(url) as opened:
        opened.publishes()
        at = House(opened.url, opened.store, opened.casework)
        at.imports(full_time().add("costs_reported", **cost).facts)
        at.imports([fact | {"hpr": "9000002"} for fact in full_time().facts])
        at.levels([CostCoverage])


def test_costs_and_grant_are_printed_as_a_table_or_as_json(
    database_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    stored(database_url)
    monkeypatch.setenv("ALIS_DATABASE_URL", database_url)
    monkeypatch.setenv("ALIS_MASTER_KEY", KEY)
    capsys.readouterr()
    assert main(["coverage", "--round", "2026", "--format", "table"]) == 0
    printed = capsys.readouterr().out.replace("\u2009", " ")
    assert TABLE in printed
    assert "Kostnadene på en linje er delt" in printed
    assert main(["coverage", "--round", "2026", "--hide-small", "--format", "json"]) == 0
    elements = json.loads(capsys.readouterr().out)["elements"]
    assert {each["element"]: each["whole"]["net"] for each in elements}["supervision"] is None
    assert main(["coverage", "--round", "2023", "--format", "table"]) == 0
    assert capsys.readouterr().out == "Ingen linjer i tilskuddsperioden 2023.\n"
    assert main(["coverage", "--round", "1999"]) == 2
    assert "1999" in capsys.readouterr().err
    structlog.reset_defaults()  # a command sets the log up for its process, which this is not
