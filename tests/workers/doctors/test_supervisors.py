"""`alis supervisors` as people run it."""

import json
from typing import Final

import pytest
import structlog

from projections.doctors.supervisors import Supervisors
from tests.desk import desk
from tests.projections.house import House
from tests.scenario import BEIARN, BODO, full_time
from tests.workers.test_cli import KEY
from workers.cli import main

KARI: Final = "9000101"
TABLE: Final = f"""\
Én veileder 1. september 2025

Veileder med HPR-nummer {KARI} veileder i to kommuner:
  Bodø (1804)
    lege med HPR-nummer 9000001 fra 1. januar 2025; 1,5 timer holdt, 0 bekreftet av begge
  Beiarn (1839)
    lege med HPR-nummer 9000002 fra 1. januar 2025 til og med 31. desember 2025
"""


def stored(url: str) -> None:
    """A doctor in each of two municipalities, both guided by Kari, as the read model has them."""
    story = full_time().add("supervisor_assigned", supervisor=KARI, first_day="2025-01-01")
    session = {"municipality": BODO, "on": "2025-09-03", "hours": 1.5, "supervisor": KARI}
    story = story.add("guidance_held", session="v1", **session)
    years = {"first_day": "2025-01-01", "last_day": "2025-12-31"}
    other = full_time(municipality=BEIARN).add("supervisor_assigned", supervisor=KARI, **years)
    with desk(url) as opened:
        opened.publishes()
        at = House(opened.url, opened.store, opened.casework)
        at.imports([*story.facts, *(fact | {"hpr": "9000002"} for fact in other.facts)])
        at.levels([Supervisors])


def test_who_guides_whom_is_printed_as_a_table_or_as_json(
    database_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    stored(database_url)
    monkeypatch.setenv("ALIS_DATABASE_URL", database_url)
    monkeypatch.setenv("ALIS_MASTER_KEY", KEY)
    asked = ["supervisors", "--day", "2025-09-01", "--across", "--format"]
    capsys.readouterr()
    assert main([*asked, "table"]) == 0
    assert capsys.readouterr().out == TABLE
    assert main([*asked, "json", "--municipality", BODO]) == 0
    assert json.loads(capsys.readouterr().out) == []
    assert main(["supervisors", "--municipality", "9999"]) == 2
    assert "9999 finnes ikke" in capsys.readouterr().err
    structlog.reset_defaults()  # a command sets the log up for its process, which this is not
