"""What holds on each day of many, against asking each day of each run."""

from fractions import Fraction
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from domain.rules.days.sweep import alike, covering, holding, overlapping, summed
from domain.values.days.calendar import Days, on

RUNS = st.lists(st.tuples(st.integers(1, 30), st.integers(1, 30)), max_size=12)


def _days(runs: list[Days]) -> list[int]:
    return sorted({0, *(first for first, _ in runs), *(last + 1 for _, last in runs)})


@given(RUNS)
def test_every_part_holds_on_its_days_in_the_order_given(runs: list[Days]) -> None:
    days = _days(runs)
    parts = [(run, at) for at, run in enumerate(runs)]
    expected = [tuple(at for at, run in enumerate(runs) if on(run, day)) for day in days]
    assert holding(parts, days) == expected


@given(RUNS)
def test_a_day_is_covered_by_any_run_that_it_lies_in(runs: list[Days]) -> None:
    whole = [run for run in runs if run[0] <= run[1]]
    assert covering(whole, _days(runs)) == [any(on(run, day) for run in whole) for day in _days(runs)]


@given(RUNS)
def test_the_sum_of_a_day_is_of_what_holds_on_it(runs: list[Days]) -> None:
    parts = [(run, Fraction(1, at + 2)) for at, run in enumerate(runs)]
    expected = [sum((part for run, part in parts if on(run, day)), Fraction(0)) for day in _days(runs)]
    assert summed(parts, _days(runs)) == expected


@given(RUNS)
def test_pairs_come_in_the_order_of_the_runs(runs: list[Days]) -> None:
    both = list(combinations(range(len(runs)), 2))
    assert list(alike(runs)) == [(one, other) for one, other in both if runs[one] == runs[other]]
    shared = [(one, other) for one, other in both if runs[one][0] <= runs[other][1] and runs[other][0] <= runs[one][1]]
    assert list(overlapping(runs)) == shared
