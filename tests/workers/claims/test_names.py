"""Whoever reads at the terminal has the master key, and reads doctors by name and number until they are erased."""

import json

import pytest

from tests.claiming import claiming
from tests.desk import desk
from tests.scenario import full_time
from tests.workers.test_cli import alis

SHOWN = ("claim", "show", "1804-2026")


@pytest.mark.long
def test_a_claim_and_its_calculation_name_the_doctors_as_long_as_the_names_last(database_url: str) -> None:
    with desk(database_url) as at:
        at.publishes()
        told = full_time("2025-06-01").add("doctor_named", name="Biret Čáhppe")
        at.imports(told.facts)
        claiming(at).decided()
        shown = alis(*SHOWN, "--format", "table", ALIS_DATABASE_URL=database_url).out
        assert next(line for line in shown.splitlines() if line.startswith("HPR-nummer")).endswith("  lege")
        assert next(line for line in shown.splitlines() if line.startswith("9000001 ")).endswith("  Biret Čáhppe")
        assert json.loads(alis(*SHOWN, ALIS_DATABASE_URL=database_url).out)["names"] == {"9000001": "Biret Čáhppe"}
        asked = ("replay", "--municipality", "1804", "--round", "2026")
        then = ("--known-at", told.facts[-2]["recorded_at"])
        for at_moment in ((), then):
            table = alis(*asked, *at_moment, "--format", "table", ALIS_DATABASE_URL=database_url).out
            assert "  Biret Čáhppe\n" in table
            assert "Čáhppe" not in alis(*asked, *at_moment, ALIS_DATABASE_URL=database_url).out
        assert "Čáhppe" not in alis("replay", "--claim", "1804-2026", ALIS_DATABASE_URL=database_url).out
        assert at.casework.erasing.goes("9000001").facts == 1
        at.erases("9000001")
    after = alis(*SHOWN, "--format", "table", ALIS_DATABASE_URL=database_url).out
    assert "9000001" in after
    assert "Čáhppe" not in after
    assert "(slettet)" not in after.split("Hva som har skjedd")[0]
