"""Which days of a planned switch lose the fewest months, and give most: computed as the facts themselves would be."""

from datetime import date, timedelta

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from domain.rules.switch.choosing import runs
from domain.rules.switch.planned import DayRange, PlannedSwitch, SwitchDays
from domain.values.days.calendar import text_of
from tests.domain.rules.switch.planning import answered, doctor_of, each_day, planned, planned_arrival, recorded
from tests.histories import histories
from tests.scenario import BEIARN, BODO, Told, full_time, track

OCTOBER = ("2025-10-01", "2025-10-31")
MID_OCTOBER = ("2025-10-05", "2025-10-25")


def best(told: Told, plan: PlannedSwitch) -> tuple[str, str]:
    last, first = answered(told, plan).choice.best.days
    return str(last), str(first)


def test_a_switch_at_the_end_of_a_month_loses_none() -> None:
    found = answered(full_time(), planned(("2025-10-01", "2025-11-30")))
    told = found.as_json()
    assert (told["proposed"]["last_day"], told["proposed"]["first_day"]) == ("2025-10-31", "2025-11-01")
    assert told["proposed"]["months_lost"] == []
    assert found.why(found.choice.best) == [
        "Er siste dag 31. oktober 2025 og første dag 1. november 2025, tapes ingen måned."
    ]
    assert {each["municipality"]: each["kroner"]["difference"] for each in told["changes"]} == {
        BODO: -220_883,
        BEIARN: 337_549,
    }
    assert [each["months_lost"] for each in told["others"]] == [["2025-10"], ["2025-11"], ["2025-10", "2025-11"]]


def test_where_the_month_is_lost_on_all_days_they_are_equally_good_and_the_condition_is_told() -> None:
    found = answered(full_time(), planned(MID_OCTOBER))
    assert [(str(each.last_days[1]), str(each.first_days[1])) for each in found.choice.equal] == [
        ("2025-10-25", "2025-10-26")
    ]
    assert best(full_time(), planned(MID_OCTOBER)) == ("2025-10-05", "2025-10-06"), "the first of those with no gap"
    assert found.why(found.choice.best)[1:] == [
        "Bodø (1804) får ikke tilskudd i oktober 2025: uten stilling som gir tilskudd, i kommunen.",
        "Beiarn (1839) får ikke tilskudd i oktober 2025: uten stilling som gir tilskudd, i kommunen.",
    ]


def test_of_days_that_lose_as_little_those_that_give_most_are_proposed() -> None:
    beiarn_pays_more = planned(("2025-09-15", "2025-11-10"))
    assert best(full_time(), beiarn_pays_more) == ("2025-09-30", "2025-10-01")
    back = full_time(municipality=BEIARN)
    assert best(back, planned(("2025-09-15", "2025-11-10"), to=BODO)) == ("2025-10-31", "2025-11-01")


def test_a_switch_between_two_rounds_is_computed_under_the_rules_of_each() -> None:
    found = answered(full_time(), planned(("2025-05-15", "2025-06-15")))
    told = found.as_json()
    assert [(each["round"], each["laid_over"]) for each in told["rounds"]] == [("2025", False), ("2026", False)]
    assert (told["proposed"]["last_day"], told["proposed"]["months_lost"]) == ("2025-05-31", [])
    assert [each["kroner"] for each in told["proposed"]["kroner"]] == [None, 0, 0, 578_656]
    assert (
        "En sats er ukjent i tilskuddsperioden 2025; kronene der teller ikke når dagene sammenlignes."
        in told["assumptions"]
    )


def test_time_after_the_last_round_is_computed_under_its_rules_and_the_answer_says_so() -> None:
    told = answered(full_time(), planned(("2026-12-05", "2027-01-20"))).as_json()
    [after] = told["rounds"]
    assert after == {
        "round": "2027",
        "first_day": "2026-06-01",
        "last_day": "2027-05-31",
        "rules": "nasjonal-alis-2026-provisional",
        "laid_over": True,
    }
    assert told["proposed"]["last_day"] == "2026-12-31"
    assert any(
        each.startswith("Det er ikke kunngjort noe regelsett for tiden fra 1. juni 2026")
        for each in told["assumptions"]
    )


def test_an_agreement_is_assumed_from_the_first_day_unless_one_is_registered() -> None:
    assumed = answered(full_time(), planned(OCTOBER))
    assert "Det er forutsatt at en ALIS-avtale i Beiarn (1839) er signert, og gjelder, fra den første dagen der." in (
        assumed.assumptions
    )
    later = full_time().agreement("a2", BEIARN, first="2025-12-01")
    known = answered(later, planned(OCTOBER))
    assert known.assumptions == ("Den registrerte ALIS-avtalen i Beiarn (1839) er lagt til grunn.",)
    [(_, _, bodo), (_, _, beiarn)] = known.kroner(known.choice.best)
    assert (bodo, beiarn) == (157_773, 296_861), "November is guidance only: the agreement holds from December"


def test_a_locum_post_that_a_last_day_makes_too_short_loses_all_its_months() -> None:
    locum = (
        track("2024-10-01").position("p1", first="2025-08-01", category="gp_locum").agreement("a1", first="2025-08-01")
    )
    found = answered(locum, planned(("2025-10-20", "2025-11-05"), ("2025-11-01", "2025-11-06")))
    assert str(found.choice.best.days.last_day) == "2025-11-01", "exactly three months is enough by the day number"
    short = next(
        each for each in found.choice.outcomes if each.days == SwitchDays(date(2025, 10, 31), date(2025, 11, 1))
    )
    assert [text_of(month) for month in found.choice.lost(short)] == ["2025-08", "2025-09", "2025-10"]


def test_a_month_of_leave_is_not_lost_to_the_switch() -> None:
    away = full_time().leave("l1", "2025-10-10", "2025-10-20")
    found = answered(away, planned(MID_OCTOBER))
    assert found.choice.lost(found.choice.best) == ()
    assert [
        text_of(month) for month in found.choice.lost(answered(full_time(), planned(MID_OCTOBER)).choice.best)
    ] == []


def test_percents_over_full_time_with_a_third_post_are_scaled_and_told() -> None:
    third = full_time().position("p3", "0301", first="2025-01-01", percent=50)
    found = answered(third, planned(OCTOBER, percent=80))
    alone = answered(full_time(), planned(OCTOBER, percent=80))
    assert found.choice.kroner(found.choice.best) < alone.choice.kroner(alone.choice.best)
    assert "over_100_percent" not in {each.code for each in alone.remarks}
    assert ("1839", "over_100_percent") in {(each.municipality, each.code) for each in found.remarks}


def test_a_known_end_of_the_post_is_said_to_be_put_aside() -> None:
    ends = full_time().ended("p1", "2025-10-15")
    told = "Stillingen som forlates, er registrert med siste dag 15. oktober 2025; her er dagene i perioden prøvd"
    assert f"{told} i stedet." in answered(ends, planned(OCTOBER)).assumptions


def test_a_change_of_post_within_the_municipality_loses_no_month() -> None:
    found = answered(full_time(), planned(MID_OCTOBER, to=BODO, percent=50))
    assert found.choice.lost(found.choice.best) == ()
    assert [str(day) for day in found.choice.best.days] == ["2025-10-25", "2025-10-26"], (
        "the larger post is kept longest"
    )


def test_a_month_after_the_five_years_is_not_lost_by_the_switch() -> None:
    found = answered(full_time("2020-12-01"), planned(("2025-09-15", "2025-11-15")))
    assert found.why(found.choice.best) == [
        "Er siste dag 30. september 2025 og første dag 1. oktober 2025, tapes ingen måned."
    ]
    late = next(
        each for each in found.choice.outcomes if [str(day) for day in each.days] == ["2025-09-30", "2025-11-01"]
    )
    assert [text_of(month) for month in found.choice.lost(late)] == ["2025-10"], "December counts instead"
    assert len(late.counted) == len(found.choice.best.counted)


def test_where_no_month_counts_at_all_that_is_said_and_why() -> None:
    old = track("2024-10-01", scheme="old").position("p1")
    found = answered(old, planned(OCTOBER))
    assert found.why(found.choice.best)[1:] == ["Ingen måned gir tilskudd, uansett dag: gammel ordning."]


def test_who_sees_the_new_post_alone_is_told_of_its_days_as_if_the_others_were_left() -> None:
    found = answered(full_time(), planned_arrival(("2025-10-20", "2025-11-20")))
    assert [(str(first), str(last)) for _, (first, last) in found.choice.equal] == [
        ("2025-10-20", "2025-11-01"),
    ], "October is whole on none of the days"
    assert found.why(found.choice.best) == ["Er første dag 20. oktober 2025, tapes ingen måned."]
    later = next(each for each in found.choice.outcomes if str(each.days.first_day) == "2025-11-02")
    assert [text_of(month) for month in found.choice.lost(later)] == ["2025-11"]
    assert found.assumptions[1:] == (
        "Det er forutsatt at legen har sluttet i stillinger i andre kommuner før 20. oktober 2025.",
    )
    [(where, _, kroner)] = found.kroner(found.choice.best)
    assert (where, kroner) == (BEIARN, 337_549), "not scaled beside the post in Bodø"
    shape = found.as_json()
    assert (shape["position"], shape["municipality_left"], shape["proposed"]["last_day"]) == (None, None, None)


# ---------------------------------------------------------------- the same as fact by fact


@st.composite
def plans(draw: st.DrawFn) -> tuple[list[dict[str, object]], PlannedSwitch]:
    """A history with a switch of one of its posts within a few days."""
    facts = draw(histories())
    assume(facts)
    posts = doctor_of(facts).track.positions
    assume(posts)
    name = draw(st.sampled_from(sorted(posts)))
    begins = max(posts[name].first_day, date(2025, 4, 1)) + timedelta(draw(st.integers(0, 250)))
    last = DayRange(first_day=begins, last_day=begins + timedelta(draw(st.integers(0, 3))))
    gap = last.last_day + timedelta(draw(st.sampled_from([-1, 0, 1, 2, 30])))
    first = DayRange(first_day=gap, last_day=gap + timedelta(draw(st.integers(2, 4))))
    between = [tuple(map(str, (each.first_day, each.last_day))) for each in (last, first)]
    post = {
        "category": draw(st.sampled_from(["gp", "gp_locum", "introductory"])),
        "percent": draw(st.sampled_from([100, 60])),
        "last_day": draw(st.sampled_from([None, str(first.last_day + timedelta(90))])),
    }
    return facts, planned(between[0], between[1], draw(st.sampled_from([BODO, BEIARN])), name, **post)  # type: ignore[arg-type]


@given(plans())
@settings(max_examples=60)
def test_no_day_loses_fewer_months_or_gives_more_kroner_than_the_proposed(
    drawn: tuple[list[dict[str, object]], PlannedSwitch],
) -> None:
    facts, plan = drawn
    found = answered(Told("9000001", tuple(facts)), plan)
    choice = found.choice
    proposed = recorded(found, facts, choice.best.days)
    for each in choice.outcomes:
        other = recorded(found, facts, each.days)
        assert (other.counted, other.kroner) == (each.counted, each.kroner)
        assert len(other.counted) <= len(proposed.counted)
        if len(other.counted) == len(proposed.counted):
            assert sum(other.kroner[at] or 0 for at in choice.compared) <= sum(
                proposed.kroner[at] or 0 for at in choice.compared
            )
    assert set(expanded(choice.equal)) == {
        each.days
        for each in choice.outcomes
        if (len(each.counted), choice.kroner(each)) == (len(choice.best.counted), choice.kroner(choice.best))
    }


def expanded(found: object) -> list[SwitchDays]:
    return [
        SwitchDays(last, first)
        for run in found  # type: ignore[attr-defined]
        for last in each_day(run.last_days)
        for first in each_day(run.first_days)
        if first > last
    ]


@given(st.sets(st.tuples(st.integers(0, 9), st.integers(0, 9)).filter(lambda each: each[0] < each[1]), min_size=1))
def test_runs_name_exactly_the_days_that_they_are_made_of(drawn: set[tuple[int, int]]) -> None:
    start = date(2025, 10, 25)
    days = {SwitchDays(start + timedelta(last), start + timedelta(first)) for last, first in drawn}
    named = expanded(runs(days, min(each.first_day for each in days)))
    assert len(named) == len(days)
    assert set(named) == days
