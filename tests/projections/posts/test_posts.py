"""Who held a post, month by month."""

import random
from calendar import monthrange
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from domain.doctor.history import as_known
from domain.rulebook.release import shipped_rule_sets
from domain.values.days.calendar import FOREVER
from projections.posts.holdings import Holding, PostHoldings, holdings_in, holdings_known, holdings_of
from projections.posts.posts import Known, Post, posts_of
from projections.posts.squares import squares
from tests.projections.house import House
from tests.scenario import BEIARN, BODO, Told, judged, lines_of, track

SEEN = date(2025, 6, 15)
CODES = Known(shipped_rule_sets()[-1].municipalities.current)


def holder(hpr: str, first: str, last: str | None = None, post: str | None = "Sentrum 1", where: str = BODO) -> Told:
    """A doctor who holds a post from one day to another."""
    return track("2021-01-01", hpr=hpr).position("p1", where, first, last_day=last, post=post)


def holdings(*told: Told) -> list[Holding]:
    accepted = judged(lines_of(fact for each in told for fact in each.facts))
    return [each for hpr, facts in accepted.items() for each in holdings_of(hpr, as_known(facts))]


def posts(*told: Told, until: date = SEEN) -> list[Post]:
    return posts_of(holdings(*told), CODES, until)


def drawn(post: Post) -> str:
    """The months of a post: the number of the doctor whose each is, or a point where it is vacant."""
    return "".join(str(month.holder or ".") for month in post.months)


def named(posts: Iterable[Post]) -> dict[tuple[str, str], str]:
    return {(post.municipality, post.name): drawn(post) for post in posts}


def test_a_post_is_held_from_its_first_doctor_to_the_month_asked_about_and_vacant_between_doctors() -> None:
    [post] = posts(
        holder("9000001", "2024-10-01", "2024-12-31"),
        holder("9000002", "2025-03-01", "2025-04-30"),
    )
    assert (post.months[0].month, post.months[-1].month) == ("2024-10", "2025-06")
    assert drawn(post) == "111..22.."
    assert [(each.number, each.hpr, each.months) for each in post.holders] == [(1, "9000001", 3), (2, "9000002", 2)]
    assert (post.vacant, post.held_by) == (4, ())


def test_a_month_belongs_to_who_holds_the_post_most_days_and_to_the_first_of_two_with_as_many() -> None:
    def month(last: str, first: str) -> str | None:
        [post] = posts(holder("9000001", "2025-04-01", last), holder("9000002", first), until=date(2025, 4, 30))
        return post.months[0].hpr

    assert month("2025-04-15", "2025-04-16") == "9000001"
    assert month("2025-04-14", "2025-04-15") == "9000002"
    assert month("2025-04-16", "2025-04-17") == "9000001"


def test_a_month_with_anybody_on_any_day_is_not_vacant() -> None:
    [post] = posts(holder("9000001", "2025-03-31", "2025-04-01"))
    assert drawn(post) == "11.."


def test_two_doctors_in_the_post_at_once_are_both_told_and_one_of_them_has_the_month() -> None:
    [post] = posts(holder("9000002", "2025-04-01"), holder("9000001", "2025-05-10"))
    assert drawn(post) == "111"
    assert [month.also for month in post.months] == [(), ("9000001",), ("9000001",)]
    assert post.held_by == ("9000002", "9000001")
    assert [each.months for each in post.holders] == [3, 0]


def test_a_doctor_who_comes_back_is_the_same_holder_with_two_periods() -> None:
    first = holder("9000001", "2024-12-01", "2025-01-31")
    [post] = posts(
        first.position("p2", BODO, "2025-05-01", post="Sentrum 1"), holder("9000002", "2025-02-01", "2025-03-31")
    )
    assert drawn(post) == "1122.11"
    assert [len(each.periods) for each in post.holders] == [2, 1]
    assert post.held_by == ("9000001",)
    [before] = posts_of(holdings(first.position("p2", BODO, "2025-05-01", post="Sentrum 1")), CODES, date(2025, 4, 10))
    assert before.held_by == ()


def test_a_change_of_percent_or_category_leaves_the_post_and_a_new_name_begins_another() -> None:
    told = holder("9000001", "2025-01-01").changed("p1", "2025-02-10", percent=50)
    told = told.changed("p1", "2025-03-01", category="introductory").changed("p1", "2025-05-01", post="Sentrum 2")
    assert named(posts(told)) == {(BODO, "Sentrum 1"): "1111..", (BODO, "Sentrum 2"): "11"}


def test_a_name_is_the_same_whatever_its_case_and_spaces_and_is_shown_as_last_written() -> None:
    told = posts(
        holder("9000001", "2025-01-01", "2025-02-28", "sentrum  1"), holder("9000002", "2025-03-01", post="SENTRUM 1")
    )
    assert named(told) == {(BODO, "SENTRUM 1"): "112222"}


def test_posts_of_one_name_in_two_municipalities_are_two() -> None:
    told = posts(holder("9000001", "2025-05-01"), holder("9000002", "2025-05-01", where=BEIARN))
    assert named(told) == {(BODO, "Sentrum 1"): "11", (BEIARN, "Sentrum 1"): "11"}


def test_a_municipality_that_has_another_code_now_has_the_same_posts() -> None:
    told = posts(
        holder("9000001", "2023-11-01", "2024-01-31", where="3005"),
        holder("9000002", "2024-02-01", where="3301"),
        until=date(2024, 3, 1),
    )
    assert named(told) == {("3301", "Sentrum 1"): "11122"}


def test_a_position_without_a_name_of_the_post_is_no_post() -> None:
    assert posts(holder("9000001", "2025-01-01", post=None)) == []


def test_a_post_that_begins_after_the_month_asked_about_is_not_there_yet() -> None:
    assert posts(holder("9000001", "2025-07-01")) == []
    assert named(posts(holder("9000001", "2025-06-30"))) == {(BODO, "Sentrum 1"): "1"}


def test_a_job_switch_leaves_one_post_and_takes_up_another() -> None:
    told = holder("9000001", "2025-03-01").switched("p1", "2025-04-30", BEIARN, post="Moldjord")
    assert named(posts(told)) == {(BODO, "Sentrum 1"): "11..", (BEIARN, "Moldjord"): "11"}


@pytest.mark.parametrize(
    ("told", "months"),
    [
        (holder("9000001", "2025-01-01").corrected("2", post="Vest"), {(BODO, "Vest"): "111111"}),
        (holder("9000001", "2025-01-01").corrected("2", first_day="2025-04-01"), {(BODO, "Sentrum 1"): "111"}),
        (holder("9000001", "2025-01-01").corrected("2", post=None), {}),
        (holder("9000001", "2025-01-01").withdrawn("2"), {}),
        (holder("9000001", "2025-01-01").ended("p1", "2025-01-31").withdrawn("3"), {(BODO, "Sentrum 1"): "111111"}),
    ],
)
def test_a_correction_changes_what_it_corrects(told: Told, months: dict[tuple[str, str], str]) -> None:
    assert named(posts(told)) == months


def test_the_rows_follow_a_correction_and_are_the_same_when_built_in_one_go_or_read_from_the_log(at: House) -> None:
    story = holder("9000001", "2024-10-01")
    at.imports([*story.facts, *holder("9000002", "2025-01-01", post="Vest", where=BEIARN).facts])
    at.levels([PostHoldings])
    at.imports(story.known("2026-06-01").ended("p1", "2024-12-31").facts)
    at.imports(holder("9000003", "2025-01-01").facts)
    at.levels([PostHoldings])
    with at.reads() as connection:
        found, here = holdings_in(connection), holdings_in(connection, [BODO])
    assert named(posts_of(found, CODES, SEEN)) == {(BODO, "Sentrum 1"): "111222222", (BEIARN, "Vest"): "111111"}
    assert {each.municipality for each in here} == {BODO}
    assert at.differs_from_fresh(PostHoldings) == 0
    assert sorted(found, key=str) == sorted(holdings_known(at.store, None), key=str)
    assert sorted(here, key=str) == sorted(holdings_known(at.store, None, [BODO]), key=str)
    before = posts_of(holdings_known(at.store, story.moment, [BODO]), CODES, SEEN)
    assert [drawn(each) for each in before] == ["111111111"]


def test_a_late_fact_moves_the_rows_of_its_doctor_alone(at: House) -> None:
    story = holder("9000001", "2024-10-01")
    at.imports([*story.facts, *holder("9000002", "2025-01-01").facts])
    at.levels([PostHoldings])
    before = at.placed(PostHoldings)
    at.imports(story.known("2026-06-01").changed("p1", "2025-02-01", post="Vest").facts)
    at.levels([PostHoldings])
    after = at.placed(PostHoldings)
    assert [row[0] for row, place in before.items() if after.get(row) != place] == ["9000001"]
    assert [(row[0], row[5]) for row, place in sorted(after.items(), key=str) if before.get(row) != place] == [
        ("9000001", "Sentrum 1"),
        ("9000001", "Vest"),
    ]


def days_held(holdings: Iterable[Holding], year: int, month: int) -> dict[str, list[int]]:
    """Which days of a month each doctor holds a post on, counted day by day."""
    found: dict[str, set[int]] = {}
    for each in holdings:
        for day in range(1, monthrange(year, month)[1] + 1):
            if each.first_day <= date(year, month, day) <= (each.last_day or date.max):
                found.setdefault(each.hpr, set()).add(day)
    return {hpr: sorted(days) for hpr, days in found.items()}


@pytest.mark.parametrize("seed", range(40))
def test_the_months_are_those_that_a_count_day_by_day_gives(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - repeated each time
    held = []
    for number in range(chance.randint(1, 8)):
        first = date(2024, 1, 1) + timedelta(chance.randrange(500))
        last = None if chance.random() < 0.2 else first + timedelta(chance.choice([0, 3, 14, 30, 60, 200]))
        held.append(Holding(f"{9_000_001 + number % 4}", f"p{number}", first, last, BODO, "Sentrum 1"))
    [post] = posts_of(held, CODES, date(2025, 8, 31))
    assert post.months[0].month == min(each.first_day for each in held).isoformat()[:7]
    assert post.months[-1].month == "2025-08"
    numbers = {each.hpr: each.number for each in post.holders}
    for month in post.months:
        days = days_held(held, *map(int, month.month.split("-")))
        there = sorted(days, key=lambda hpr: (-len(days[hpr]), days[hpr][0], numbers[hpr]))
        assert month.hpr == (there[0] if there else None)
        assert list(month.also) == there[1:]
        assert month.holder == (numbers[there[0]] if there else None)


def test_a_closed_post_is_vacant_no_more_from_the_first_month_that_it_is_closed_in_whole() -> None:
    one = holder("9000001", "2024-11-01", "2024-12-31")
    closed = replace(CODES, closed={f"{BODO}/sentrum 1": [(date(2025, 2, 10).toordinal(), FOREVER)]})
    [post] = posts_of(holdings(one), closed, SEEN)
    assert [month.month for month in post.months if month.holder is None and not month.closed] == ["2025-01", "2025-02"]
    assert (post.vacant, post.open) == (2, 4)
    assert "nedlagt fra mars til juni 2025" in squares([post], SEEN)


def test_a_closed_post_that_somebody_holds_again_is_theirs() -> None:
    one, two = holder("9000001", "2024-11-01", "2024-12-31"), holder("9000002", "2025-05-01")
    closed = replace(CODES, closed={f"{BODO}/sentrum 1": [(date(2025, 1, 1).toordinal(), FOREVER)]})
    [post] = posts_of(holdings(one, two), closed, SEEN)
    assert (post.vacant, [month.hpr for month in post.months][-2:]) == (0, ["9000002", "9000002"])
