"""A change touches exactly the rows that it must: all others lie where they lay, written by whom they were."""

from typing import Any

from projections.all import ALL
from projections.doctors.case_history import CaseHistory
from projections.doctors.cost_coverage import CostCoverage
from projections.doctors.eligible_months import EligibleMonths
from projections.doctors.grant_amounts import GrantAmounts
from projections.doctors.overview import Overview
from projections.doctors.productivity_window import ProductivityWindow
from projections.doctors.search import Search
from projections.engine.projection import Projection
from tests.projections.house import House, content_of, with_value
from tests.scenario import BEIARN, BODO, Told, full_time

Row = tuple[Any, ...]
PROVISIONAL = "nasjonal-alis-2026-provisional"


def other() -> Told:
    return Told("9000002").started("2024-10-01").position("p1", BEIARN).agreement("a1", BEIARN)


class Watched:
    """The rows of all projections before something happens, and what happened to them."""

    def __init__(self, at: House) -> None:
        self._at = at
        at.levels()
        self._before = {projection: at.placed(projection) for projection in ALL}

    def changes(self) -> dict[type[Projection], tuple[set[Row], set[Row]]]:
        """The rows that are gone and that are new, by projection; a row in both was written for nothing."""
        self._at.levels()
        found = {}
        for projection, before in self._before.items():
            after = self._at.placed(projection)
            gone = {row for row, place in before.items() if after.get(row) != place}
            new = {row for row, place in after.items() if before.get(row) != place}
            assert not gone & new, projection.name
            if gone or new:
                found[projection] = (gone, new)
        return found


def test_a_late_fact_changes_only_the_months_that_it_is_about(at: House) -> None:
    at.imports([*full_time().facts, *other().facts])
    watched = Watched(at)
    told = full_time().known("2026-06-10").leave("l1", "2026-01-01", "2026-01-31")
    at.records(told.facts[-1])
    changes = watched.changes()
    gone, new = changes.pop(EligibleMonths)
    assert {row[:4] for row in gone} == {row[:4] for row in new} == {("9000001", "2026", BODO, "2026-01")}
    assert {
        projection: {row[0] for row in new} for projection, (_, new) in changes.items() if projection != CaseHistory
    } == {
        CostCoverage: {"9000001"},
        GrantAmounts: {"9000001"},
        Overview: {"9000001"},
        ProductivityWindow: {"9000001"},
    }
    gone, new = changes[CaseHistory]
    assert not gone
    assert [row[3] for row in new] == ["leave_registered"]


def test_a_correction_changes_the_sentence_it_corrects_and_the_months_that_become_others(at: House) -> None:
    told = full_time().changed("p1", "2026-04-01", percent=50)
    at.imports([*told.facts, *other().facts])
    watched = Watched(at)
    at.records(told.known("2026-06-10").corrected("4", first_day="2026-05-01").facts[-1])
    changes = watched.changes()
    assert {row[3] for row in changes[EligibleMonths][1]} == {"2026-04"}
    gone, new = changes[CaseHistory]
    assert [(row[2], row[10]) for row in gone] == [("4", "stands")]
    assert {(row[2], row[10]) for row in new} == {("4", "corrected"), ("5", "stands")}
    assert Search not in changes


def test_a_withdrawn_fact_takes_its_months_away(at: House) -> None:
    told = full_time()
    at.imports([*told.facts, *other().facts])
    watched = Watched(at)
    at.records(told.known("2026-06-10").withdrawn("3").facts[-1])
    changes = watched.changes()
    gone, new = changes[EligibleMonths]
    assert {row[4] for row in gone} == {"agreement"}
    assert {row[4] for row in new} == {"guidance_only"}
    assert {row[0] for row in gone | new} == {"9000001"}
    assert {(row[2], row[10]) for row in changes[CaseHistory][1]} == {("3", "withdrawn"), ("4", "stands")}


def test_a_fact_that_changes_no_month_changes_only_the_history(at: House) -> None:
    told = full_time()
    at.imports(told.facts)
    watched = Watched(at)
    at.records(told.add("guidance_recorded", municipality=BODO, month="2025-09", hours=5).facts[-1])
    assert set(watched.changes()) == {CaseHistory}


def test_a_newly_published_rule_set_changes_the_amounts_of_its_round_and_no_month(at: House) -> None:
    at.imports([*full_time().facts, *other().facts])
    watched = Watched(at)
    at.publishes_another(with_value(content_of(PROVISIONAL, id="another-2026"), "hourly_rate", "1375"))
    changes = watched.changes()
    assert set(changes) == {CostCoverage, GrantAmounts, Overview, ProductivityWindow}
    assert {row[0] for row in changes[GrantAmounts][1]} == {"9000001", "9000002"}
    assert {row[7] for row in changes[GrantAmounts][1]} == {"another-2026"}
    gone, new = changes[ProductivityWindow]
    assert {row[:2] + row[4:] for row in gone} == {row[:2] + row[4:] for row in new}


def test_a_rule_set_of_another_round_leaves_the_rows_of_this_one(at: House) -> None:
    at.imports(full_time().facts)
    watched = Watched(at)
    round_2027 = {**content_of(PROVISIONAL)["round"], "id": "2027", "first_day": "2026-06-01", "last_day": "2027-05-31"}
    at.publishes_another(content_of(PROVISIONAL, id="another-2027", round=round_2027))
    changes = watched.changes()
    assert set(changes) == {CostCoverage, EligibleMonths, GrantAmounts, Overview, ProductivityWindow}
    for gone, new in changes.values():
        assert not gone
        assert {row[1] for row in new} == {"2027"}
    assert len(changes[EligibleMonths][1]) == 12


def test_a_rule_set_published_in_the_same_page_as_facts_counts_for_all_of_them(at: House) -> None:
    at.imports(other().facts)
    at.levels()
    at.imports(full_time().facts)
    at.publishes_another(with_value(content_of(PROVISIONAL, id="another-2026"), "hourly_rate", "1375"))
    at.levels()
    assert {(row[0], row[7]) for row in at.rows(GrantAmounts) if row[1] == "2026"} == {
        ("9000001", "another-2026"),
        ("9000002", "another-2026"),
    }
    assert [at.differs_from_fresh(projection) for projection in ALL] == [0] * len(ALL)
