"""What contract.md 1 refuses, each by its code and its place, and what must not be refused."""

import json

import pytest

from domain.values.refusals.refusal import Problem
from domain.values.refusals.table import SENTENCES
from tests.scenario import BEIARN, BODO, Json, Told, full_time, lines_of, problems_with, track

DOCTOR = full_time()
POST = {"position": "p9", "municipality": BODO, "category": "gp", "percent": 100, "first_day": "2025-06-01"}
LATER = "2030-01-01T00:00:00Z"


def fact(kind: object, /, **fields: object) -> Json:
    """A fact of the doctor, recorded after all others."""
    head = {"id": "x", "type": kind, "hpr": "9000001", "recorded_at": LATER, "recorded_by": "caseworker:ab"}
    return {**head, **fields}


def post(**but: object) -> Json:
    """A post like any other, but for some fields."""
    return fact("position_started", **{**POST, **but})


def agreed(**but: object) -> Json:
    """An agreement signed on 1 June 2025."""
    days = {"signed_on": "2025-06-01", "first_day": "2025-06-01"}
    return fact("agreement_signed", agreement="a9", municipality=BODO, template="hdir-2023", **days, **but)


def session(**but: object) -> Json:
    """A session of guidance."""
    held = {"municipality": BODO, "on": "2025-06-03", "hours": 1, "supervisor": "9000101"}
    return fact("guidance_held", session="v1", **{**held, **but})


def costs(**of: object) -> Json:
    """Costs of guidance in a round."""
    return fact("costs_reported", municipality=BODO, round="2026", element="supervision", **of)


def codes(*facts: Json) -> list[str]:
    """Why facts are refused after those of a doctor with a track, a post and an agreement."""
    return [problem.refusal.code for problem in problems_with(lines_of([*DOCTOR.facts, *facts]))]


def told(doctor: Told) -> list[tuple[str | None, str]]:
    """Which facts of a doctor are refused, and why."""
    return [(problem.fact, problem.refusal.code) for problem in problems_with(lines_of(doctor.facts))]


CHANGE = {"position": "p1", "first_day": "2025-06-01"}


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        (fact("position_begun"), "unknown-type"),
        (fact(""), "unknown-type"),
        (fact(["track_started"]), "unknown-type"),
        ({"id": "x", "hpr": "9000001", "recorded_at": LATER, "recorded_by": "a:b"}, "missing-field"),
        (fact("track_completed"), "missing-field"),
        (fact("track_completed", on="2025-06-01", reason="ferdig"), "unknown-field"),
        (fact("position_changed", **CHANGE, percent=50, municipality=BEIARN), "unknown-field"),
        (fact("job_switched", position="p1", last_day="2025-05-31", new={**POST, "signed_on": LATER}), "unknown-field"),
        (fact("track_completed", on="2025-02-29"), "bad-day"),
        (fact("track_completed", on="2025-13-01"), "bad-day"),
        (fact("track_completed", on="20250601"), "bad-day"),
        (fact("track_completed", on="2025-W23-1"), "bad-day"),
        (fact("track_completed", on="01.06.2025"), "bad-day"),
        (fact("track_completed", on="2025-06-01T00:00:00Z"), "bad-day"),
        (fact("track_completed", on=20250601), "bad-day"),
        (fact("track_completed", on="\u0662\u0660\u0662\u0665-06-01"), "bad-day"),
        (fact("track_completed", on="0000-01-01"), "bad-day"),
        (post(last_day="2025-05-31"), "last-before-first"),
        (fact("leave_registered", leave="l", kind="sick", first_day="2025-02-02", last_day="2025-02-01"),
         "last-before-first"),
        (fact("job_switched", position="p1", last_day="2025-06-01", new=POST), "new-before-old-ends"),
        (fact("job_switched", position="p1", last_day="2025-05-31", new={**POST, "last_day": "2025-05-31"}),
         "last-before-first"),
        (post(percent=0), "out-of-range"),
        (post(percent="0.00"), "out-of-range"),
        (post(percent=100.01), "out-of-range"),
        (post(percent=-50), "out-of-range"),
        (post(percent="33.333"), "out-of-range"),
        (post(percent=33.333), "out-of-range"),
        (post(percent="-50"), "bad-number"),
        (post(percent="5e1"), "bad-number"),
        (post(percent="50,5"), "bad-number"),
        (post(percent=" 50"), "bad-number"),
        (post(percent="\u0665\u0660"), "bad-number"),
        (post(percent=""), "bad-number"),
        (post(percent=True), "bad-number"),
        (post(percent=[50]), "bad-number"),
        (fact("leave_registered", leave="l", kind="sick", first_day="2025-06-01", percent=100.5), "out-of-range"),
        (fact("leave_registered", leave="l", kind="sick", first_day="2025-06-01", percent=0), "out-of-range"),
        (fact("guidance_recorded", municipality=BODO, month="2025-06", hours=-1), "out-of-range"),
        (fact("guidance_recorded", municipality=BODO, month="2025-13", hours=1), "bad-text"),
        (fact("guidance_recorded", municipality=BODO, month="2025-6", hours=1), "bad-text"),
        (fact("costs_reported", municipality=BODO, round="2026", element="supervision", kroner=-1), "out-of-range"),
        (fact("costs_reported", municipality=BODO, round="2026", element="supervision", kroner=1.5), "bad-number"),
        (fact("costs_reported", municipality=BODO, round="2026", element="supervision", kroner="1"), "bad-number"),
        (fact("costs_reported", municipality=BODO, round="2062", element="supervision", kroner=1), "unknown-round"),
        (fact("costs_reported", municipality=BODO, round="2026", element="centrality", kroner=1), "unknown-element"),
        (post(category="doctor"), "bad-value"),
        (post(post="Sentrum?"), "bad-text"),
        (post(post="Áŋŋel 1"), "bad-text"),
        (post(post="S" * 65), "bad-text"),
        (post(post=""), "bad-text"),
        (fact("position_ended", position="p1", last_day="2025-12-31", reason_code="bored"), "bad-value"),
        (fact("doctor_named", name=""), "bad-text"),
        (fact("doctor_named", name="K" * 201), "bad-text"),
        (fact("doctor_named", name="Kari\u200bVik"), "bad-text"),
        (fact("doctor_named"), "missing-field"),
        (agreed(signed_by_doctor_on="2025-06-02"), "signed-on-differs"),
        (agreed(signed_by_doctor_on="2025-05-01", signed_by_municipality_on="2025-05-02"), "signed-on-differs"),
        (agreed(signed_by_doctor_on="2025-06-01", signed_by_municipality_on="2025-06-02"), "signed-on-differs"),
        (session(hours=-1), "out-of-range"),
        (session(supervisor="9000001"), "own-supervisor"),
        (session(municipality="9999"), "unknown-municipality"),
        (fact("guidance_confirmed", session="v9", by="doctor"), "unknown-session"),
        (fact("guidance_confirmed", session="v9", by="leader"), "bad-value"),
        (fact("group_guidance_attended", group="g", municipality=BODO, first_day="2025-06-01", last_day="2025-05-31"),
         "last-before-first"),
        (costs(kroner=10, other_funding=[{"source": "fond2", "kroner": 5}]), "funding-without-gross"),
        (costs(kroner=10, gross=20, other_funding=[{"source": "fond2", "kroner": 5}]), "costs-do-not-add-up"),
        (costs(kroner=10, gross=20), "costs-do-not-add-up"),
        (costs(kroner=10, gross=10, other_funding=[{"source": "NAV", "kroner": 0}]), "bad-value"),
        (costs(kroner=0, gross=10, other_funding=[{"source": "fond2", "kroner": 15}]), "costs-do-not-add-up"),
        (costs(kroner=10, kind="cake"), "bad-value"),
        (fact("track_started", on="2020-01-01", scheme="newer"), "bad-value"),
        (fact("leave_registered", leave="l", kind="holiday", first_day="2025-06-01"), "bad-value"),
        (fact("leave_registered", leave="l", kind="erased_extending", first_day="2025-06-01"), "bad-value"),
        (post(employment="volunteer"), "bad-value"),
        (fact("institutional_service_registered", service="s", institution="A", municipal="nei",
              first_day="2025-06-01"), "bad-value"),
        (fact("agreement_signed", agreement="a", municipality=BODO, signed_on="2025-06-01", first_day="2025-06-01",
              template="t", elements=["centrality"]), "bad-value"),
        (post(municipality="9999"), "unknown-municipality"),
        (post(municipality="0104"), "unknown-municipality"),
        (post(municipality="180"), "bad-text"),
        (post(municipality=1804), "bad-text"),
        (fact("job_switched", position="p1", last_day="2025-05-31", new={**POST, "municipality": "9999"}),
         "unknown-municipality"),
        (fact("agreement_signed", agreement="a", municipality="9999", signed_on="2025-06-01",
              first_day="2025-06-01", template="t"), "unknown-municipality"),
        (fact("supervisor_assigned", supervisor="8000001", municipality="9999", first_day="2025-06-01"),
         "unknown-municipality"),
        (fact("guidance_recorded", municipality="9999", month="2025-06", hours=4), "unknown-municipality"),
        (post(hpr="123456"), "bad-text"),
        (post(hpr="1234567890"), "bad-text"),
        (post(hpr=9000001), "bad-text"),
        (post(hpr="9\u0660\u0660\u0660\u0660\u0660\u0661"), "bad-text"),
        (post(hpr="9000001\n"), "bad-text"),
        (post(id=""), "bad-text"),
        (post(id="x" * 65), "bad-text"),
        (post(recorded_at="2025-06-01T09:00:00"), "bad-moment"),
        (post(recorded_at="2025-06-01"), "bad-moment"),
        (post(recorded_at="2025-06-31T09:00:00Z"), "bad-moment"),
        (post(recorded_at="0001-01-01T00:00:00+01:00"), "bad-moment"),
        (post(recorded_at=1748768400), "bad-moment"),
        (post(recorded_by="kommune"), "bad-text"),
        (post(recorded_by=":1804"), "bad-text"),
        (fact("position_changed", **CHANGE), "nothing-changed"),
        (fact("agreement_amended", agreement="a1", signed_on="2025-06-01", first_day="2025-06-01"), "nothing-changed"),
    ],
)  # fmt: skip
def test_a_fact_that_says_what_cannot_be_is_refused(wrong: Json, code: str) -> None:
    assert codes(wrong) == [code]


@pytest.mark.parametrize(
    ("about", "code"),
    [
        (fact("position_changed", position="p8", first_day="2025-06-01", percent=50), "unknown-position"),
        (fact("position_ended", position="p8", last_day="2025-06-01"), "unknown-position"),
        (fact("job_switched", position="p8", last_day="2025-05-31", new=POST), "unknown-position"),
        (fact("leave_ended", leave="l8", last_day="2025-06-01"), "unknown-leave"),
        (fact("institutional_service_ended", service="s8", last_day="2025-06-01"), "unknown-service"),
        (fact("agency_affiliation_ended", affiliation="t8", last_day="2025-06-01"), "unknown-affiliation"),
        (fact("track_resumed", interruption="i8", on="2025-06-01"), "unknown-interruption"),
        (fact("supervisor_ended", supervisor="8000001", last_day="2025-06-01"), "unknown-supervisor"),
        (fact("supervisor_replaced", supervisor="8000001", replaced_by="8000002",
          first_day="2025-06-01"), "unknown-supervisor"),
        (fact("agreement_ended", agreement="a8", last_day="2025-06-01"), "unknown-agreement"),
        (fact("agreement_amended", agreement="a8", signed_on="2025-06-01", first_day="2025-06-01",
          percent=50), "unknown-agreement"),
        (fact("fact_corrected", corrects="8", replacement=None, reason="feil"), "unknown-fact"),
    ],
)  # fmt: skip
def test_what_is_not_known_cannot_be_changed_ended_amended_or_corrected(about: Json, code: str) -> None:
    assert codes(about) == [code]


def test_what_was_withdrawn_cannot_be_changed_or_corrected() -> None:
    gone = full_time().leave("l1", "2025-06-01").withdrawn("4")
    assert told(gone.add("leave_ended", leave="l1", last_day="2025-06-30")) == [("6", "unknown-leave")]
    assert told(gone.corrected("4", percent=50)) == [("6", "fact-withdrawn")]
    assert told(gone.withdrawn("4")) == [("6", "fact-withdrawn")]


def test_what_was_not_known_yet_cannot_be_ended() -> None:
    doctor = full_time().leave("l1", "2025-06-01")
    early = fact("leave_ended", leave="l1", last_day="2025-06-30", recorded_at="2023-12-31T23:59:59Z")
    assert told(Told(facts=(*doctor.facts, early))) == [("x", "unknown-leave")]


BEGUN = (
    full_time()
    .leave("l1", "2025-06-10")
    .hospital("s1", "2025-06-10")
    .add("agency_affiliation_registered", affiliation="t1", agency="Vikar AS", first_day="2025-06-10")
    .add("track_interrupted", interruption="i1", first_day="2025-06-10")
    .add("supervisor_assigned", supervisor="8000001", first_day="2025-06-10")
    .agreement("a2", BODO, "2025-06-10")
    .position("p2", BODO, "2025-06-10")
)


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("leave_ended", {"leave": "l1", "last_day": "2025-06-09"}),
        ("institutional_service_ended", {"service": "s1", "last_day": "2025-06-09"}),
        ("agency_affiliation_ended", {"affiliation": "t1", "last_day": "2025-06-09"}),
        ("track_resumed", {"interruption": "i1", "on": "2025-06-10"}),
        ("supervisor_ended", {"supervisor": "8000001", "last_day": "2025-06-09"}),
        ("supervisor_replaced", {"supervisor": "8000001", "replaced_by": "8000002", "first_day": "2025-06-10"}),
        ("agreement_ended", {"agreement": "a2", "last_day": "2025-06-09"}),
        ("agreement_amended", {"agreement": "a2", "signed_on": "2025-06-01", "first_day": "2025-06-01",
                               "last_day": "2025-06-09"}),
        ("position_ended", {"position": "p2", "last_day": "2025-06-09"}),
        ("job_switched", {"position": "p2", "last_day": "2025-06-09",
                          "new": {"position": "p3", "municipality": BODO, "category": "gp", "percent": 100,
                                  "first_day": "2025-06-10"}}),
    ],
)  # fmt: skip
def test_an_end_before_the_beginning_is_refused_and_one_on_the_first_day_is_not(kind: str, fields: Json) -> None:
    assert told(BEGUN.add(kind, **fields)) == [("11", "ends-before-it-begins")]
    a_day_later = json.dumps(fields).replace("06-10", "06-11").replace("06-09", "06-10")
    assert told(BEGUN.add(kind, **json.loads(a_day_later))) == []


NAMED = full_time().add("doctor_named", name="Kari Åse Vik-Nord")
HELD = full_time().position("p2", BODO, "2025-06-01", percent=10, post="Vik")


@pytest.mark.parametrize("name", ["Kari", "KARI", "åse", "Vik", "nord"])
def test_a_post_is_not_called_after_the_doctor_who_holds_it(name: str) -> None:
    begun = NAMED.position("p2", BODO, "2025-06-01", percent=10, post=name)
    changed = NAMED.changed("p1", "2025-06-01", post=name)
    switched = NAMED.switched("p1", "2025-11-14", BEIARN, post=name)
    assert [told(each)[0][1] for each in (begun, changed, switched)] == ["post-named-after-holder"] * 3


def test_a_doctor_is_not_named_as_a_post_that_he_holds_is_called() -> None:
    assert told(HELD.add("doctor_named", name="Per Vik"))[0][1] == "post-named-after-holder"
    assert told(HELD.add("doctor_named", name="Per Vikmo")) == []
    assert told(NAMED.position("p2", BODO, "2025-06-01", percent=10, post="Kari 2")) == []


def test_a_correction_of_a_name_is_checked_against_the_posts() -> None:
    named = HELD.add("doctor_named", name="Per Vikmo")
    assert told(named.corrected(named.facts[-1]["id"], name="Per Vik"))[0][1] == "correction-invalid"


def test_held_guidance_that_is_confirmed_cannot_be_withdrawn() -> None:
    held = full_time().add(
        "guidance_held", session="v1", municipality=BODO, on="2025-06-03", hours=1, supervisor="9000101"
    )
    assert told(held.withdrawn(held.facts[-1]["id"])) == []
    confirmed = held.add("guidance_confirmed", session="v1", by="doctor")
    assert told(confirmed.withdrawn(held.facts[-1]["id"]))[0][1] == "others-build-on-it"


def test_the_days_of_both_signatures_are_corrected_together() -> None:
    signed = full_time().agreement("a2", signed_on="2025-06-02", signed_by_doctor_on="2025-06-02")
    name = signed.facts[-1]["id"]
    assert told(signed.corrected(name, signed_by_doctor_on="2025-06-03"))[0][1] == "correction-invalid"
    assert told(signed.corrected(name, signed_by_doctor_on="2025-06-03", signed_on="2025-06-03")) == []


def test_the_id_of_a_fact_is_used_for_one_content_only() -> None:
    assert codes({**DOCTOR.facts[1]}) == []
    assert codes({**DOCTOR.facts[1], "percent": 90, "recorded_at": LATER}) == ["fact-id-used"]


def test_two_doctors_may_have_facts_with_the_same_id() -> None:
    assert not problems_with(lines_of([*DOCTOR.facts, *full_time().facts, *track("2024-10-01", hpr="9000002").facts]))


@pytest.mark.parametrize(
    "again",
    [
        full_time().position("p1", BEIARN),
        full_time().agreement("a1", BEIARN),
        full_time().leave("l1", "2025-06-01", "2025-06-02").leave("l1", "2025-07-01"),
        full_time().hospital("s1", "2025-06-01", "2025-06-02").hospital("s1", "2025-07-01"),
        full_time().switched("p1", "2025-08-31", BODO, position="p1"),
        full_time().ended("p1", "2025-08-31").position("p1", BODO, "2025-09-01"),
        full_time().position("p2").withdrawn("4").position("p2"),
        full_time().position("p2").corrected("4", position="p3").position("p2"),
        full_time().position("p2").corrected("4", position="p3").position("p3"),
    ],
)
def test_the_name_of_a_thing_is_never_used_again(again: Told) -> None:
    assert told(again) == [(again.facts[-1]["id"], "name-used")]


def test_a_change_begins_no_earlier_than_its_post() -> None:
    assert told(full_time().changed("p1", "2024-09-30", percent=50)) == [("4", "change-before-position")]


def test_a_change_begins_no_later_than_the_last_day_the_post_is_known_to_have() -> None:
    doctor = full_time().ended("p1", "2025-12-31")
    assert told(doctor.changed("p1", "2026-01-01", percent=50)) == [("5", "change-after-position")]
    assert told(doctor.changed("p1", "2025-12-31", percent=50)) == []


@pytest.mark.parametrize("on", ["2024-10-01", "2025-06-01"])
def test_a_track_does_not_begin_while_another_runs(on: str) -> None:
    assert told(full_time().started(on)) == [("4", "track-running")]


def test_a_track_begins_at_the_earliest_the_day_after_the_last_one_ended() -> None:
    ended = full_time().add("track_discontinued", on="2025-08-31")
    assert told(ended.started("2025-08-31")) == [("5", "track-running")]
    assert told(ended.started("2025-09-01")) == []


@pytest.mark.parametrize("kind", ["track_converted", "track_completed", "track_discontinued"])
def test_nothing_happens_to_a_track_before_it_has_begun(kind: str) -> None:
    assert codes(fact(kind, on="2024-09-30")) == ["no-track"]


def test_no_track_is_interrupted_before_it_has_begun() -> None:
    assert codes(fact("track_interrupted", interruption="i", first_day="2024-09-30")) == ["no-track"]


def test_a_track_of_the_new_scheme_is_not_converted() -> None:
    assert codes(fact("track_converted", on="2025-01-01")) == ["already-new-scheme"]
    old = track("2024-10-01", "old").add("track_converted", on="2025-01-01")
    assert told(old.add("track_converted", on="2025-02-01")) == [("3", "already-new-scheme")]


def test_a_correction_is_not_itself_corrected() -> None:
    doctor = full_time().corrected("2", percent=60)
    assert told(doctor.corrected("4", reason="skrivefeil")) == [("5", "correction-of-correction")]
    assert told(doctor.withdrawn("4")) == [("5", "correction-of-correction")]


def test_a_fact_of_another_doctor_is_not_known_to_a_correction() -> None:
    other = fact("fact_corrected", hpr="9000002", corrects="2", replacement=None, reason="feil")
    assert codes(other) == ["unknown-fact"]


@pytest.mark.parametrize("field", ["id", "type", "hpr", "recorded_at", "recorded_by"])
def test_who_recorded_what_and_when_cannot_be_corrected(field: str) -> None:
    assert told(full_time().corrected("2", **{field: DOCTOR.facts[1][field]})) == [("4", "fixed-field")]


@pytest.mark.parametrize(
    "replacement",
    [
        {"percent": 0},
        {"percent": "33.333"},
        {"percent": None},
        {"first_day": "2025-02-30"},
        {"last_day": "2024-09-30"},
        {"municipality": "9999"},
        {"colour": "blue"},
        {"colour": None},
    ],
)
def test_a_correction_that_leaves_the_fact_itself_invalid_is_refused(replacement: Json) -> None:
    assert told(full_time().corrected("2", **replacement)) == [("4", "correction-invalid")]


def test_a_correction_that_leaves_a_later_fact_invalid_is_refused() -> None:
    doctor = full_time().changed("p1", "2025-06-01", percent=50)
    assert told(doctor.corrected("2", first_day="2025-06-02")) == [("5", "others-build-on-it")]


def test_a_withdrawal_of_what_others_build_on_is_refused() -> None:
    doctor = full_time().leave("l1", "2025-06-01").add("leave_ended", leave="l1", last_day="2025-06-30")
    assert told(doctor.withdrawn("4")) == [("6", "others-build-on-it")]
    assert told(doctor.withdrawn("5").withdrawn("4")) == []


# ---------------------------------------------------------------- what is no error


def test_a_late_fact_about_a_post_that_has_ended_since_is_no_error() -> None:
    doctor = full_time().known("2025-12-01").ended("p1", "2025-10-31")
    assert told(doctor.changed("p1", "2025-08-01", percent=50)) == []


def test_an_earlier_change_that_a_later_end_makes_moot_is_no_error() -> None:
    assert told(full_time().changed("p1", "2025-12-01", percent=50).ended("p1", "2025-10-31")) == []


def test_a_change_recorded_before_the_end_became_known_is_no_error_wherever_it_stands_in_the_file() -> None:
    doctor = full_time().changed("p1", "2025-12-01", percent=50).ended("p1", "2025-10-31")
    assert told(Told(facts=tuple(reversed(doctor.facts)))) == []


def test_an_end_that_lengthens_an_ended_post_is_no_error() -> None:
    assert told(full_time().ended("p1", "2025-10-31").ended("p1", "2026-03-31")) == []


def test_a_correction_of_a_fact_that_was_corrected_is_no_error() -> None:
    assert told(full_time().corrected("2", percent=60).corrected("2", percent=70)) == []


def test_an_end_of_a_leave_before_a_correction_of_it_is_no_error() -> None:
    doctor = full_time().leave("l1", "2025-06-01").add("leave_ended", leave="l1", last_day="2025-06-30")
    assert told(doctor.corrected("4", first_day="2025-06-15")) == []


def test_codes_of_municipalities_that_ended_are_known_for_any_day() -> None:
    assert codes(post(municipality="1507"), {**post(municipality="1508", position="p8"), "id": "y"}) == []


@pytest.mark.parametrize("percent", ["100", 100, 33.33, "33.33", 0.01, 50.0, "50.00", 1e2, 5e-1, "007.5"])
def test_a_percent_is_a_number_or_a_text_of_at_most_two_decimals(percent: object) -> None:
    assert codes(post(percent=percent)) == []


@pytest.mark.parametrize(
    "moment",
    ["2025-06-01T09:00Z", "2025-06-01T09:00:00.123456Z", "2025-06-01T09:00:00+05:30", "2025-06-01T09:00:00-1200"],
)
def test_a_moment_has_a_zone_and_any_precision(moment: str) -> None:
    assert codes(post(recorded_at=moment)) == []


@pytest.mark.parametrize(
    "extreme",
    [
        fact("track_resumed", interruption="i1", on="0001-01-01"),
        fact("supervisor_replaced", supervisor="8000001", replaced_by="8000002", first_day="0001-01-01"),
        fact("track_completed", on="1899-12-31"),
    ],
)
def test_a_day_long_before_every_doctor_is_somebodys_empty_field(extreme: Json) -> None:
    doctor = full_time().add("supervisor_assigned", supervisor="8000001", first_day="2025-01-01")
    doctor = doctor.add("track_interrupted", interruption="i1", first_day="2025-01-01")
    assert told(Told(facts=(*doctor.facts, extreme))) == [("x", "bad-day")]


# ---------------------------------------------------------------- how it is told


def test_all_errors_of_a_file_are_told_at_once_with_their_lines() -> None:
    content = b"\n".join(
        [
            b"",
            lines_of([DOCTOR.facts[0]]).strip(),
            lines_of([{**DOCTOR.facts[1], "percent": 0, "category": "doctor"}]).strip(),
            b"{",
            b"   ",
            lines_of([fact("leave_ended", id="y", leave="l1", last_day="2025-06-01")]).strip(),
            lines_of([fact("track_started", id="z", on="2025-01-01", scheme="new")]).strip(),
        ]
    )
    found = sorted((p.place or 0, p.fact, p.refusal.code) for p in problems_with(content) if p.fact)
    assert found == [
        (3, "2", "bad-value"),
        (3, "2", "out-of-range"),
        (6, "y", "unknown-leave"),
        (7, "z", "track-running"),
    ]
    assert [(p.place, p.refusal.code) for p in problems_with(content) if not p.fact] == [(4, "bad-json")]


def test_the_errors_of_an_array_are_told_with_the_number_of_the_element() -> None:
    facts = [DOCTOR.facts[0], fact("position_begun"), 7, fact("track_completed", id="y")]
    found = [(p.place, p.fact, p.refusal.code) for p in problems_with(json.dumps(facts).encode())]
    assert found == [(2, "x", "unknown-type"), (3, None, "not-an-object"), (4, "y", "missing-field")]


def test_a_problem_names_its_field_and_says_what_is_wrong_in_a_sentence() -> None:
    [problem] = problems_with(lines_of([*DOCTOR.facts, post(percent=101)]))
    assert problem.as_json() == {
        "place": 4,
        "fact": "x",
        "code": "out-of-range",
        "field": "percent",
        "detail": "Feltet «percent» er utenfor de lovlige verdiene (høyst 100).",
    }


def test_a_field_inside_another_is_named_by_its_way() -> None:
    switch = fact("job_switched", position="p1", last_day="2025-05-31", new={**POST, "percent": 0})
    [problem] = problems_with(lines_of([*DOCTOR.facts, switch]))
    assert problem.as_json()["field"] == "new.percent"


def problem_of(content: bytes) -> Problem:
    [problem] = problems_with(content)
    assert problem.refusal.code in SENTENCES
    return problem


@pytest.mark.parametrize("content", [b"", b"\n \r\n\n", b"[]", b" [ ] ", b"\xef\xbb\xbf", b"\xef\xbb\xbf\n"])
def test_an_empty_file_is_refused(content: bytes) -> None:
    assert problem_of(content).refusal.code == "empty-file"


LINE = lines_of([DOCTOR.facts[0]])


def with_number(text: str) -> bytes:
    """A fact with a percent written so."""
    return LINE + json.dumps(post(percent="@")).replace('"@"', text).encode()


@pytest.mark.parametrize(
    ("content", "place", "code"),
    [
        (LINE + b"\xff\xfe", None, "bad-encoding"),
        (LINE + '{"id": "æ"}'.encode("latin-1"), None, "bad-encoding"),
        (LINE + b"{'id': 1}", 2, "bad-json"),
        (LINE + LINE.strip() + b",", 2, "bad-json"),
        (b"[" + LINE + b"," + LINE, 3, "bad-json"),
        (b"[" + LINE + b"] x", 2, "bad-json"),
        (LINE + b"7", 2, "not-an-object"),
        (LINE + b"null", 2, "not-an-object"),
        (LINE + b'["a"]', 2, "not-an-object"),
        (LINE + b"[" * 100_000, 2, "bad-json"),
        (LINE.replace(b'"on"', b'"id": "1", "on"'), 1, "duplicate-key"),
        (LINE + json.dumps(fact("job_switched", position="p1", new=POST)).replace('"p9"', '"p9", "position": "p9"')
         .encode(), 2, "duplicate-key"),
        (with_number("NaN"), 2, "bad-number"),
        (with_number("Infinity"), 2, "bad-number"),
        (with_number("1e400"), 2, "bad-number"),
        (with_number("33.330000000000001"), 2, "bad-number"),
        (with_number("100.00000000000000000001"), 2, "bad-number"),
        (with_number("050"), 2, "bad-json"),
        (with_number("1e-5000000000000000000"), 2, "bad-number"),
        (with_number("9" * 5000), 2, "bad-number"),
        (LINE + b"[" + b'"' + b"]", 2, "bad-json"),
    ],
)  # fmt: skip
def test_what_is_no_proper_text_json_or_number_is_refused(content: bytes, place: int | None, code: str) -> None:
    problem = problem_of(content)
    assert (problem.place, problem.refusal.code) == (place, code)


def test_a_text_that_no_file_could_hold_is_refused() -> None:
    assert problem_of(LINE + json.dumps(post(workplace="\ud800")).encode()).place == 2


def test_a_byte_order_mark_blank_lines_and_the_line_ends_of_windows_are_passed_over() -> None:
    content = b"\xef\xbb\xbf\r\n" + lines_of(DOCTOR.facts).replace(b"\n", b"\r\n\r\n")
    assert not problems_with(content)
    assert not problems_with(b"\xef\xbb\xbf \n" + json.dumps(DOCTOR.facts, indent=1).encode())


def test_a_line_that_ends_with_another_unicode_line_separator_is_one_line() -> None:
    named = post(workplace="Legehuset\u2028Øst\u0085")
    found = problems_with(lines_of([*DOCTOR.facts, named, fact("track_completed", id="y")]))
    assert [(each.place, each.refusal.code) for each in found] == [(4, "bad-text"), (5, "missing-field")]
