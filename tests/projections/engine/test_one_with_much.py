"""One doctor of whom very much is known stalls nobody: neither the others, nor the end of a worker."""

import threading
from datetime import date, timedelta
from typing import ClassVar

import pytest

from domain.rules.sets.rule_set import RuleSet
from projections.doctors.case_history import CaseHistory
from projections.doctors.productivity_window import ProductivityWindow
from projections.engine.aside.set_aside import shown
from projections.engine.log import Known, Log
from projections.engine.projection import Row
from projections.engine.status import wait_for
from projections.workers import Workers
from tests.projections.house import House
from tests.scenario import Json, Told, full_time

MUCH = "9000002"


def posts(how_many: int) -> tuple[Json, ...]:
    """Posts that all go on for ever: what is added up of them grows with the square of their number."""
    told = Told(MUCH).started("2010-01-01")
    for number in range(how_many):
        told = told.position(f"p{number}", first=_day(number), percent=1 + number % 7)
    return told.facts


def leaves(how_many: int) -> tuple[Json, ...]:
    told = Told(MUCH).started("2010-01-01").position("p").agreement("a")
    for number in range(how_many):
        told = told.add("leave_registered", leave=f"l{number}", kind="sick", percent=1, first_day=_day(number))
    return told.facts


def _day(number: int) -> str:
    return (date(2010, 1, 1) + timedelta(days=number)).isoformat()


class Watched(ProductivityWindow):
    """Tells when it begins to compute."""

    begun: ClassVar[threading.Event]

    def rows(self, known: Known, rules: RuleSet) -> list[Row]:
        self.begun.set()
        return super().rows(known, rules)


def test_a_doctor_of_some_thousand_leaves_has_rows_and_so_has_everybody_else(at: House) -> None:
    at.imports(full_time().facts)
    at.imports(leaves(2_000))
    at.levels()
    assert {row[0] for row in at.rows(ProductivityWindow)} == {"9000001", MUCH}


@pytest.mark.long
def test_a_doctor_whose_computation_takes_too_long_is_set_aside_and_all_others_go_on(at: House) -> None:
    at.imports(full_time().facts)
    at.imports(posts(800))
    log = Log(at.store, seconds=0.1)
    with Workers([ProductivityWindow, CaseHistory], at.store, at.url, log=log), at.reads() as connection:
        assert wait_for(connection, at.store.last_position() or 0, 30)
        found = shown(connection)
    assert {row[0] for row in at.rows(ProductivityWindow)} == {"9000001"}
    mine = [each for each in found if each.projection == ProductivityWindow.name]
    assert [(each.kind, each.name, each.error.split(" ")[0]) for each in mine] == [("doctor", MUCH, "TakesTooLong")]


def test_a_worker_that_is_told_to_stop_leaves_in_the_midst_of_one_doctor(at: House) -> None:
    at.imports(posts(1_500))
    Watched.begun = threading.Event()
    with Workers([Watched], at.store, at.url):
        assert Watched.begun.wait(30)
    assert at.rows(Watched) == set()
