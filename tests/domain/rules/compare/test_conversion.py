"""What a conversion would give is what the rules give once it is recorded, whatever the history."""

from datetime import date, timedelta

from hypothesis import assume, given

from domain.doctor.facts.track import TrackConverted
from domain.doctor.history import as_known, evolve_doctor
from domain.doctor.track.deciding import decide
from domain.doctor.track.waiting import waiting_posts
from domain.rulebook.release import shipped_rule_sets
from domain.rules.compare.conversion import converted_lines
from domain.rules.result import line_for
from domain.values.days.calendar import first_of, month_number
from domain.values.fields import FIRST_RECORDED
from domain.values.refusals.refusal import Refused
from tests.histories import HPR, days, histories
from tests.scenario import BODO, Json, judged, lines_of, track

RULE_SETS = [each for each in shipped_rule_sets() if each.status == "published"]


def on_the_old_scheme(facts: list[Json]) -> list[Json]:
    return [{**facts[0], "scheme": "old"}, *(fact for fact in facts[1:] if fact["type"] != "track_converted")]


def conversion(on: date) -> TrackConverted:
    return TrackConverted(id="wave", hpr=HPR, recorded_at=FIRST_RECORDED, recorded_by="kommune:1804", on=on)


@given(histories(), days())
def test_what_it_would_give_is_what_the_line_comes_to_and_nothing_before_it_changes(
    facts: list[Json], on: date
) -> None:
    told = on_the_old_scheme(facts)
    assume(not any(fact["type"] == "fact_corrected" for fact in told))
    known = judged(lines_of(told))[HPR]
    before = as_known(known)
    try:
        decide(before.track, conversion(on))
    except Refused:
        assume(False)  # noqa: FBT003 - hypothesis' own
    last = max(fact.recorded_at for fact in known) + timedelta(seconds=1)
    recorded = as_known([*known, conversion(on).model_copy(update={"recorded_at": last})])
    for line in converted_lines(HPR, (before, evolve_doctor(before, conversion(on))), RULE_SETS, on):
        now = line_for(HPR, recorded, line.municipality, line.rules)
        assert now is not None
        assert line.after.line.canonical() == now.canonical()
        if len(before.track.spells) == 1:
            earlier = [month for month in line.rules.months if first_of(month) < first_of(month_number(on))]
            was, then = ({each.number: each.outcome for each in side.line.months} for side in (line.before, line.after))
            assert [was[month].basis for month in earlier] == [then[month].basis for month in earlier]
    if len(before.track.spells) == 1:
        assert waiting_posts(recorded.track, date.min) == []


def test_a_track_of_the_new_scheme_after_one_of_the_old_leaves_no_day_to_wait_for() -> None:
    story = track("2020-01-01", "old").position("p1").add("track_discontinued", on="2021-12-31").started("2022-02-01")
    doctor = as_known(judged(lines_of(story.facts))[HPR])
    assert waiting_posts(doctor.track, date(2022, 1, 1)) == []
    assert [post.municipality for post in waiting_posts(doctor.track, date(2021, 12, 31))] == [BODO]


def test_a_conversion_of_an_earlier_track_moves_the_window_of_rounds_that_are_over() -> None:
    story = track("2022-10-01", "old").position("p1").agreement("a1").add("track_discontinued", on="2023-06-30")
    doctor = as_known(judged(lines_of(story.started("2024-09-01").facts))[HPR])
    on = date(2023, 6, 1)
    found = converted_lines(HPR, (doctor, evolve_doctor(doctor, conversion(on))), RULE_SETS, on)
    by_round = {line.rules.round.id: line for line in found}
    assert by_round["2026"].productivity == {"before": 12, "after": 0}
