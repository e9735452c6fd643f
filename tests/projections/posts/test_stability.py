"""How stable posts are, and what is hidden of it."""

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal

from domain.rulebook.release import shipped_rule_sets
from projections.posts.holdings import Holding
from projections.posts.posts import Known, posts_of
from projections.posts.stability import Group, Stability, StabilityTable, stability

PLACES = shipped_rule_sets()[-1].municipalities
SEEN = date(2025, 12, 31)
BODO, TROMSO, BEIARN, OSLO = "1804", "5501", "1839", "0301"
STAVANGER, SANDNES, BERGEN = "1103", "1108", "4601"
"""In centrality class 2; Bodø and Tromsø are in class 3, Beiarn in 6, Oslo in 1."""


def held(hpr: int, post: str, first: str, last: str | None = None, where: str = BODO) -> Holding:
    last_day = None if last is None else date.fromisoformat(last)
    return Holding(f"{9_000_000 + hpr}", "p1", date.fromisoformat(first), last_day, where, post)


def figures(*holdings: Holding, small_cells: bool = True) -> StabilityTable:
    return stability(posts_of(holdings, Known(PLACES.current), SEEN), PLACES, SEEN, small_cells=small_cells)


def staying(where: str, doctors: int, first: int) -> Iterator[Holding]:
    """Doctors who each have had a post all the time."""
    return (held(first + n, f"H{n}", "2025-01-01", where=where) for n in range(doctors))


def shown(groups: Iterable[Group]) -> dict[str, bool]:
    return {each.name: each.figures is not None for each in groups}


def test_the_figures_are_those_that_fafo_tells() -> None:
    found = figures(
        held(1, "A", "2024-01-01"),
        held(2, "B", "2024-01-01", "2024-06-30"),
        held(3, "B", "2024-09-01", "2025-03-31"),
        held(2, "C", "2025-10-01"),
        held(4, "D", "2025-12-01", "2025-12-30"),
    )
    assert found.whole == Group(
        "all",
        Stability(
            posts=4,
            held=2,
            same_doctor=3,
            doctors=4,
            left=2,
            doctors_per_post=Decimal("1.3"),
            months=24 + 24 + 3 + 1,
            months_vacant=2 + 9,
            vacant_percent=Decimal("21.2"),
            mean_months=Decimal("8.2"),
            median_months=Decimal("6.0"),
        ),
    )


def test_an_average_is_rounded_once_and_half_goes_up() -> None:
    found = figures(
        held(1, "A", "2025-12-01"),
        held(2, "B", "2025-11-01"),
        held(3, "C", "2025-09-01", "2025-10-31"),
        held(4, "D", "2025-12-01"),
    )
    assert found.whole is not None
    assert found.whole.figures is not None
    assert found.whole.figures.median_months == Decimal("1.5")
    assert found.whole.figures.mean_months == Decimal("1.5")


def test_a_doctor_in_two_posts_is_one_doctor() -> None:
    found = figures(held(1, "A", "2025-01-01"), held(1, "B", "2025-01-01", where=BEIARN))
    assert found.whole is not None
    assert found.whole.figures is not None
    assert (found.whole.figures.doctors, found.whole.figures.doctors_per_post) == (1, Decimal("1.0"))


def test_without_posts_there_are_no_figures() -> None:
    assert figures() == StabilityTable(SEEN, None, [], [])


def test_a_municipality_with_few_doctors_is_hidden_with_the_smallest_others_of_its_class() -> None:
    """Three, eight and thirty in class 2: thirty alone would be known from the sum by whoever has the eight."""
    found = figures(
        *staying(STAVANGER, 3, 0),
        *staying(SANDNES, 8, 20),
        *staying(BERGEN, 30, 40),
        *staying(BODO, 12, 80),
        *staying(TROMSO, 9, 100),
        small_cells=False,
    )
    assert shown(found.municipalities) == {BODO: True, TROMSO: True, STAVANGER: False, SANDNES: False, BERGEN: False}
    assert shown(found.by_centrality_class) == {"2": True, "3": True}


def test_a_class_whose_sum_would_tell_of_a_municipality_is_hidden_with_another_class() -> None:
    found = figures(
        *staying(BEIARN, 3, 0),
        *staying(BODO, 7, 20),
        *staying(TROMSO, 6, 40),
        *staying(BERGEN, 20, 60),
        *staying(OSLO, 30, 100),
        small_cells=False,
    )
    assert shown(found.by_centrality_class) == {"1": True, "2": False, "3": False, "6": False}
    assert shown(found.municipalities) == {OSLO: True, BODO: False, TROMSO: False, BEIARN: False, BERGEN: False}
    assert found.whole is not None
    assert found.whole.figures is not None
    assert found.whole.figures.doctors == 66


def test_how_many_left_is_hidden_with_what_it_could_be_found_from_and_the_rest_is_shown() -> None:
    found = figures(
        *staying(BODO, 12, 0),
        held(50, "H0", "2024-01-01", "2024-12-31"),
        held(51, "H1", "2024-01-01", "2024-12-31"),
        small_cells=False,
    )
    [bodo] = found.municipalities
    assert bodo.figures is not None
    assert (bodo.figures.doctors, bodo.figures.posts) == (14, 12)
    assert (bodo.figures.left, bodo.figures.held, bodo.figures.same_doctor) == (None, None, None)
