"""Who may register what on a doctor, by type of fact and role, and the faults that are the reason for it."""

from dataclasses import replace
from typing import Final

import pytest

from domain.casework.access.sight import sight_of
from domain.casework.commands.commands import Actor, Command
from domain.casework.facts.recording import REGISTERING
from domain.casework.facts.registering import RIGHTS
from domain.casework.facts.seeing import decide_for
from domain.doctor.facts.facts import BY_TYPE, FACT_CLASSES
from domain.doctor.history import History, history_of
from domain.rulebook.release import release_reference
from domain.values.refusals.refusal import Refused
from tests.desk import Desk, command, fact_of, refusal
from tests.scenario import BEIARN, BODO, Json, Told, full_time, lines_of, result

HERE: Final = f"kommune:{BODO}"
THERE: Final = f"kommune:{BEIARN}"
STRANGER: Final = "kommune:0301"
DOCTOR: Final = "lege:9000001"
SUPERVISOR: Final = "lege:9000009"
OTHER_DOCTOR: Final = "lege:9000007"
CLERK: Final = "saksbehandler:ada"
YES: Final = "yes"
NO_POST: Final = "no-post-here"
NOT_HERE: Final = "not-your-municipality"
NO: Final = NO_POST
NOT_DOCTOR: Final = "not-for-the-doctor"


def by(actor: str, reason: str = "") -> Command:
    return replace(command(), actor=replace(Actor.named(actor), reason=reason))


def story() -> Told:
    """A doctor with a post in Bodø throughout (facts 1 to 10), and one in Beiarn from October 2025."""
    told = full_time().leave("l1", "2025-08-01").hospital("s1", "2025-09-01")
    told = told.add("supervisor_assigned", supervisor="9000009", municipality=BODO, first_day="2024-10-01")
    told = told.add("guidance_held", session="v1", municipality=BODO, on="2025-06-02", hours=2, supervisor="9000009")
    told = told.add("agency_affiliation_registered", affiliation="b1", agency="Vikar AS", first_day="2025-06-01")
    told = told.add("track_interrupted", interruption="i1", first_day="2025-12-01", last_day="2025-12-31")
    told = told.leave("l2", "2026-03-01", recorded_by=CLERK)
    told = told.position("p9", BEIARN, "2025-10-01", percent=20, recorded_by=THERE)
    return told.agreement("a9", BEIARN, "2025-10-01", recorded_by=THERE)


NEW: Final = {"category": "gp", "percent": 50, "first_day": "2026-02-01"}
COST: Final = {"round": "2026", "element": "facilitation", "kroner": 1000}
TABLE: Final[dict[str, tuple[Json, str, str, str]]] = {
    # a fact as Bodø would register it, and what is said to Bodø, to Oslo, where nothing of the doctor is, and to the
    # doctor; a caseworker registers each of them
    "doctor_named": ({"name": "Kari Vik"}, YES, NO_POST, NOT_DOCTOR),
    "track_started": ({"on": "2024-09-01", "scheme": "new"}, YES, NO_POST, NOT_DOCTOR),
    "track_converted": ({"on": "2026-01-01"}, "already-new-scheme", NO_POST, NOT_DOCTOR),
    "track_interrupted": ({"interruption": "i2", "first_day": "2026-03-01"}, YES, NO_POST, NOT_DOCTOR),
    "track_resumed": ({"interruption": "i1", "on": "2025-12-15"}, YES, NO_POST, NOT_DOCTOR),
    "track_completed": ({"on": "2026-05-31"}, YES, NO_POST, NOT_DOCTOR),
    "track_discontinued": ({"on": "2026-05-31"}, YES, NO_POST, NOT_DOCTOR),
    "position_started": ({"position": "p2", "municipality": BODO, **NEW}, YES, NOT_HERE, NOT_DOCTOR),
    "position_changed": (
        {"position": "p1", "first_day": "2026-01-01", "percent": 80}, YES, "unknown-position", NOT_DOCTOR,
    ),
    "position_ended": ({"position": "p1", "last_day": "2026-01-31"}, YES, "unknown-position", NOT_DOCTOR),
    "job_switched": (
        {"position": "p1", "last_day": "2026-01-31", "new": {"position": "p2", "municipality": BODO, **NEW}},
        YES, "switch-elsewhere", NOT_DOCTOR,
    ),
    "leave_registered": ({"leave": "l3", "kind": "sick", "first_day": "2026-01-01"}, YES, NO_POST, NOT_DOCTOR),
    "leave_ended": ({"leave": "l1", "last_day": "2025-08-31"}, YES, "unknown-leave", NOT_DOCTOR),
    "institutional_service_registered": (
        {"service": "s2", "institution": "NLSH", "municipal": False, "first_day": "2026-01-01"},
        YES, NO_POST, NOT_DOCTOR,
    ),
    "institutional_service_ended": ({"service": "s1", "last_day": "2025-09-30"}, YES, "unknown-service", NOT_DOCTOR),
    "supervisor_assigned": ({"supervisor": "9000008", "first_day": "2026-01-01"}, YES, NO_POST, NOT_DOCTOR),
    "supervisor_replaced": (
        {"supervisor": "9000009", "replaced_by": "9000008", "first_day": "2026-01-01"},
        YES, "unknown-supervisor", NOT_DOCTOR,
    ),
    "supervisor_ended": (
        {"supervisor": "9000009", "last_day": "2026-01-01"}, YES, "unknown-supervisor", NOT_DOCTOR,
    ),
    "guidance_recorded": ({"municipality": BODO, "month": "2025-07", "hours": 3}, YES, NOT_HERE, NOT_DOCTOR),
    "guidance_held": (
        {"session": "v2", "municipality": BODO, "on": "2025-07-02", "hours": 1, "supervisor": "9000009"},
        YES, NOT_HERE, NOT_DOCTOR,
    ),
    "guidance_confirmed": ({"session": "v1", "by": "doctor"}, "wrong-role", "wrong-role", YES),
    "group_guidance_attended": (
        {"group": "g1", "municipality": BODO, "first_day": "2025-09-01"}, YES, NOT_HERE, NOT_DOCTOR,
    ),
    "agency_affiliation_registered": (
        {"affiliation": "b2", "agency": "Vikar AS", "first_day": "2026-01-01"}, YES, NO_POST, NOT_DOCTOR,
    ),
    "agency_affiliation_ended": (
        {"affiliation": "b1", "last_day": "2025-12-31"}, YES, "unknown-affiliation", NOT_DOCTOR,
    ),
    "costs_reported": ({"municipality": BODO, **COST}, YES, NOT_HERE, NOT_DOCTOR),
    "notice_given": ({"text": "Jeg slutter i mars."}, "wrong-role", "wrong-role", YES),
    "agreement_signed": (
        {"agreement": "a2", "municipality": BODO, "signed_on": "2026-01-01", "first_day": "2026-01-01",
         "template": "hdir-2023"},
        YES, NOT_HERE, NOT_DOCTOR,
    ),
    "agreement_amended": (
        {"agreement": "a1", "signed_on": "2026-01-01", "first_day": "2026-01-01", "percent": 80},
        YES, "unknown-agreement", NOT_DOCTOR,
    ),
    "agreement_ended": ({"agreement": "a1", "last_day": "2026-01-31"}, YES, "unknown-agreement", NOT_DOCTOR),
    "fact_corrected": (
        {"corrects": "2", "replacement": {"percent": 80}, "reason": "feil"}, YES, "unknown-fact", NOT_DOCTOR,
    ),
}  # fmt: skip


def outcome(history: History, kind: str, fields: Json, actor: str) -> str:
    """`yes`, or the code by which somebody may not register a fact."""
    [fact] = Told(moment=story().moment).add(kind, id="new", recorded_by=actor, **fields).facts
    if fields.get("replacement", "") is None:
        fact = {**fact, "replacement": None}
    try:
        decide_for(history, fact_of(fact), release_reference(), sight_of(Actor.named(actor), REGISTERING))
    except Refused as refused:
        return refused.code
    return YES


@pytest.fixture(scope="module")
def history() -> History:
    return history_of(map(fact_of, story().facts))


NOBODY: Final = History()


def test_every_type_of_fact_has_a_row_in_the_table_of_rights_and_in_the_one_of_this_test() -> None:
    assert {*RIGHTS} == {*FACT_CLASSES}
    assert TABLE.keys() == BY_TYPE.keys()


@pytest.mark.parametrize("kind", TABLE)
def test_a_fact_is_registered_by_whose_it_is(history: History, kind: str) -> None:
    fields, here, stranger, doctor = TABLE[kind]
    assert outcome(history, kind, fields, HERE) == here
    assert outcome(history, kind, fields, STRANGER) == stranger
    assert outcome(history, kind, fields, DOCTOR) == doctor
    assert outcome(history, kind, fields, OTHER_DOCTOR) == "unknown-doctor"
    assert outcome(history, kind, fields, CLERK) == (YES if here == "wrong-role" else here)


@pytest.mark.parametrize("kind", TABLE)
@pytest.mark.parametrize(
    "actor", ["revisor:per", "alis_office:nord", "kontrollør:eva", "godkjenner:bo", "regelverk:liv", "operator:drift"]
)
def test_others_register_nothing(history: History, kind: str, actor: str) -> None:
    assert outcome(history, kind, TABLE[kind][0], actor) == "wrong-role"


@pytest.mark.parametrize("kind", TABLE)
def test_who_has_nothing_to_do_with_the_doctor_is_answered_as_if_nobody_had(history: History, kind: str) -> None:
    fields = TABLE[kind][0]
    own = {**fields, "municipality": "0301"} if "municipality" in fields else fields
    for asked in (fields, own):
        for actor in (STRANGER, OTHER_DOCTOR, SUPERVISOR):
            if kind == "guidance_confirmed" and actor == SUPERVISOR:
                continue
            answer = outcome(NOBODY, kind, asked, actor)
            assert outcome(history, kind, asked, actor) == answer


# ---------------------------------------------------------------- what is another municipality's


@pytest.mark.parametrize(
    ("kind", "fields", "code"),
    [
        ("position_ended", {"position": "p1", "last_day": "2026-01-31"}, "unknown-position"),
        ("position_changed", {"position": "p1", "first_day": "2026-01-01", "percent": 1}, "unknown-position"),
        ("position_started", {"position": "p2", "municipality": BODO, **NEW}, NOT_HERE),
        (
            "job_switched",
            {"position": "p1", "last_day": "2026-01-31", "new": {"position": "p2", "municipality": BEIARN, **NEW}},
            "unknown-position",
        ),
        (
            "job_switched",
            {"position": "p9", "last_day": "2026-01-31", "new": {"position": "p2", "municipality": BODO, **NEW}},
            "switch-elsewhere",
        ),
        (
            "leave_registered",
            {"leave": "l3", "kind": "sick", "first_day": "2025-01-01", "last_day": "2025-09-30"},
            NO_POST,
        ),
        ("agreement_ended", {"agreement": "a1", "last_day": "2026-01-31"}, "unknown-agreement"),
        ("supervisor_ended", {"supervisor": "9000009", "last_day": "2026-01-01"}, "unknown-supervisor"),
        ("guidance_recorded", {"municipality": BODO, "month": "2025-07", "hours": 3}, NOT_HERE),
        ("costs_reported", {"municipality": BODO, **COST}, NOT_HERE),
        ("fact_corrected", {"corrects": "2", "replacement": {"percent": 1}, "reason": "x"}, "unknown-fact"),
        ("fact_corrected", {"corrects": "2", "replacement": None, "reason": "x"}, "unknown-fact"),
        ("fact_corrected", {"corrects": "1", "replacement": {"on": "2024-11-01"}, "reason": "x"}, "not-your-fact"),
        ("fact_corrected", {"corrects": "1", "replacement": None, "reason": "x"}, "not-your-fact"),
        ("fact_corrected", {"corrects": "10", "replacement": None, "reason": "x"}, "not-your-fact"),
        ("fact_corrected", {"corrects": "11", "replacement": {"municipality": BODO}, "reason": "x"}, NOT_HERE),
        ("fact_corrected", {"corrects": "11", "replacement": None, "reason": "x"}, YES),
    ],
)
def test_a_municipality_with_a_post_of_its_own_changes_nothing_of_another(
    history: History, kind: str, fields: Json, code: str
) -> None:
    assert outcome(history, kind, fields, THERE) == code


def test_a_municipality_does_not_end_the_post_of_another_municipality(at: Desk) -> None:
    """The fault: `kommune:1839` ended the post of a doctor in Bodø."""
    at.records_all(full_time().position("p9", BEIARN, "2025-10-01", recorded_by=THERE))
    end = {**full_time().ended("p1", "2026-01-31").facts[-1], "recorded_by": THERE, "id": "end"}
    assert refusal(lambda: at.records(end, by(THERE))) == "unknown-position"
    assert len(at.log()) == 4
    assert at.records({**end, "position": "p9"}, by(THERE)).stored


def test_a_switch_into_another_municipality_is_a_caseworker_s_and_within_one_its_own(at: Desk) -> None:
    at.records_all(full_time())
    switch = full_time().switched("p1", "2026-01-31", to=BEIARN).facts[-1]
    assert refusal(lambda: at.records(switch, by(HERE))) == "switch-elsewhere"
    within = {**switch, "new": {**switch["new"], "municipality": BODO}}
    assert at.records(within, by(HERE)).stored


@pytest.mark.parametrize("reason", ["", "  "])
def test_a_caseworker_says_why_and_nothing_is_stored_before(at: Desk, reason: str) -> None:
    fact = full_time().facts[0]
    assert refusal(lambda: at.records(fact, by(CLERK, reason))) == "fact-without-reason"
    assert at.log() == []
    assert at.records(fact, by(CLERK, "Kommunen har meldt fra.")).stored


# ---------------------------------------------------------------- a new doctor


def test_of_a_new_doctor_the_municipality_registers_its_post_first_and_then_the_track(at: Desk) -> None:
    start, post, agreement = full_time().facts
    assert refusal(lambda: at.records(start, by(HERE))) == "no-post-here"
    for fact in (post, start, agreement):
        assert at.records(fact, by(HERE)).stored
    assert at.replays(BODO)["total"] == 378_656


def test_a_municipality_starts_no_track_of_a_doctor_who_has_posts_elsewhere_only(at: Desk) -> None:
    at.records_all(full_time(municipality=BEIARN))
    start = {**full_time().facts[0], "id": "s", "on": "2023-01-01"}
    assert refusal(lambda: at.records(start, by(HERE))) == "no-post-here"
    post = {**full_time().facts[1], "id": "p", "position": "i-bodø"}
    assert at.records(post, by(HERE)).stored
    assert refusal(lambda: at.records({**start, "on": "2025-01-01"}, by(HERE))) == "track-running"


# ---------------------------------------------------------------- who guides, and notices


def test_a_session_is_confirmed_by_each_for_oneself(history: History) -> None:
    for actor, who, code in (
        (DOCTOR, "doctor", YES),
        (DOCTOR, "supervisor", "confirmed-for-another"),
        (SUPERVISOR, "supervisor", YES),
        (SUPERVISOR, "doctor", "confirmed-for-another"),
        (OTHER_DOCTOR, "supervisor", "unknown-doctor"),
        (OTHER_DOCTOR, "doctor", "unknown-doctor"),
        (HERE, "supervisor", "wrong-role"),
    ):
        assert outcome(history, "guidance_confirmed", {"session": "v1", "by": who}, actor) == code
    assert outcome(history, "guidance_confirmed", {"session": "v9", "by": "doctor"}, DOCTOR) == "unknown-session"
    assert outcome(history, "guidance_confirmed", {"session": "v9", "by": "supervisor"}, SUPERVISOR) == "unknown-doctor"


def test_a_notice_is_about_oneself_and_changes_no_month(history: History) -> None:
    assert outcome(history, "notice_given", {"text": "x"}, SUPERVISOR) == "unknown-doctor"
    assert outcome(NOBODY, "notice_given", {"text": "x"}, DOCTOR) == "unknown-doctor", "nobody has registered them"
    told = story()
    with_notice = told.add("notice_given", on="2025-09-01", text="Jeg sluttet i august.", recorded_by=DOCTOR)
    assert result(lines_of(with_notice.facts)).as_json() == result(lines_of(told.facts)).as_json()
