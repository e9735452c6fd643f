"""Net costs beside the grant, by element, category and centrality class, with how many lines reported any."""

from typing import Any, Final

from domain.rulebook.release import choose_rule_set
from projections.doctors.cost_coverage import CostCoverage, Coverage, ElementCoverage, coverage_of
from tests.projections.house import House
from tests.scenario import BEIARN, BODO, Told, full_time

RULES: Final = choose_rule_set(None, "2026")


def doctor(number: int, where: str = BODO, category: str = "gp", **costs: int) -> Told:
    """A doctor with a post and an agreement, and costs reported by element."""
    told = Told(f"900010{number}").started("2024-10-01").position("p1", where, None, category=category)
    told = told.agreement("a1", where)
    for element, kroner in costs.items():
        told = told.add("costs_reported", municipality=where, round="2026", element=element, kroner=kroner)
    return told


def shown(at: House, *, small_cells: bool = True, rules: Any = RULES) -> dict[str, ElementCoverage]:  # noqa: ANN401
    at.levels([CostCoverage])
    with at.reads() as connection:
        return {each.element: each for each in coverage_of(connection, rules, small_cells=small_cells)}


def cell(category: str | None, central: int | None, *figures: Any, hidden: bool = False) -> Coverage:  # noqa: ANN401
    return Coverage(category, central, hidden, *figures)


def test_costs_stand_beside_the_grant_of_the_lines_that_reported_them(at: House) -> None:
    at.imports(doctor(1, supervision=100_000).facts)
    at.imports(doctor(2).facts)
    at.imports(doctor(3, BEIARN, "introductory", supervision=50_000).facts)
    found = shown(at)["supervision"]
    assert found.whole == cell(None, None, 3, 2, "0.666667", 150_000, 180_786, 0)
    assert found.cells == [
        cell("gp", 3, 2, 1, "0.500000", 100_000, 90_393, 0),
        cell("introductory", 6, 1, 1, "1.000000", 50_000, 90_393, 0),
    ]
    assert "centrality" not in shown(at)


def test_where_nobody_reported_there_are_no_costs_and_not_nothing(at: House) -> None:
    at.imports(doctor(1).facts)
    assert shown(at)["supervision"].whole == cell(None, None, 1, 0, "0.000000", None, None, 0)


def test_a_correction_changes_the_figure_and_rows_built_anew_are_the_same(at: House) -> None:
    story = doctor(1, supervision=100_000)
    at.imports(story.facts)
    assert shown(at)["supervision"].whole.net == 100_000
    at.imports(story.known("2026-08-01").corrected("4", kroner=70_000).facts)
    assert shown(at)["supervision"].whole.net == 70_000
    at.imports(story.known("2026-08-01").corrected("4", kroner=70_000).withdrawn("4").facts)
    assert shown(at)["supervision"].whole.net is None
    assert at.differs_from_fresh(CostCoverage) == 0


def test_a_grant_without_a_rate_is_unknown_and_counted(at: House) -> None:
    story = full_time("2022-10-01").add(
        "costs_reported", municipality=BODO, round="2023", element="supervision", kroner=80_000
    )
    at.imports(story.facts)
    found = shown(at, rules=choose_rule_set(None, "2023"))["supervision"].whole
    assert (found.net, found.grant, found.unknown) == (80_000, None, 1)


def test_figures_about_fewer_than_five_doctors_are_hidden_also_from_subtraction(at: House) -> None:
    for number in range(6):
        at.imports(doctor(number, supervision=100_000 + number, learning_activities=1).facts)
    at.imports(doctor(7, BEIARN, supervision=50_000).facts)
    assert not any(each.hidden for each in shown(at)["supervision"].cells)
    for element in ("supervision", "learning_activities", "practice_compensation"):
        found = shown(at, small_cells=False)[element]
        assert found.whole.hidden or not any(each.hidden for each in found.cells)
        [beiarn] = [each for each in found.cells if each.centrality_class == 6]
        assert beiarn == cell("gp", 6, *[None] * 6, hidden=True)


def test_figures_about_many_are_shown_to_all(at: House) -> None:
    for number in range(6):
        at.imports(doctor(number, supervision=100_000).facts)
    assert shown(at, small_cells=False)["supervision"] == shown(at)["supervision"]
    assert shown(at, small_cells=False)["supervision"].whole.net == 600_000
