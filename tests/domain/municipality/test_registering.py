"""What a municipality registers of itself: entries with days, ended and withdrawn, none of them twice."""

from datetime import date
from typing import Any

import pytest

from domain.municipality.events import RevisorEngaged, SupervisorOffered
from tests.domain.municipality.given import BODO, FIRM, OFFICE, Given, engaged

ENTRIES = [
    ("contact_given", {"role": "grant", "name": "Kari Nordmann", "e_mail": "kari@bodo.example"}),
    ("account_given", {"organisation_number": BODO, "account": "1234 56 78903"}),
    ("coordinator_appointed", {"person": "kommune-1804:kari"}),
    ("revisor_engaged", {"organisation_number": FIRM, "person": "Ola Revisor"}),
    ("office_invited", {"organisation_number": OFFICE}),
    ("post_closed", {"post": "Bodø 3"}),
    ("supervisor_offered", {"supervisor": "8000001", "places": 3}),
]


@pytest.mark.parametrize(("kind", "fields"), ENTRIES, ids=[kind for kind, _ in ENTRIES])
def test_the_municipality_itself_registers_it_and_no_caseworker_does(kind: str, fields: dict[str, Any]) -> None:
    assert len(Given().decided("2026-01-10", "e1", kind, first_day="2026-01-01", **fields)) == 1
    assert Given().refuses("2026-01-10", "e1", kind, "caseworker", first_day="2026-01-01", **fields) == "wrong-role"


def test_a_training_organisation_is_registered_and_ended_by_a_caseworker() -> None:
    registered = Given().after("2026-01-10", "t1", "training_registered", first_day="2026-01-01")
    assert (
        Given().refuses("2026-01-10", "t1", "training_registered", "municipality", first_day="2026-01-01")
        == "wrong-role"
    )
    assert registered.refuses("2026-02-01", "t1", "entry_ended", "municipality", last_day="2026-06-30") == "wrong-role"
    assert len(registered.decided("2026-02-01", "t1", "entry_ended", "caseworker", last_day="2026-06-30")) == 1


def test_the_same_entry_sent_again_is_known_and_another_of_its_name_is_refused() -> None:
    same = {"first_day": "2026-01-01", "organisation_number": "974 760 673"}
    assert engaged().decided("2026-03-01", "r1", "revisor_engaged", **same) == ()
    other = {"first_day": "2026-02-01", "organisation_number": FIRM}
    assert engaged().refuses("2026-03-01", "r1", "revisor_engaged", **other) == "entry-id-used"


def test_the_same_firm_is_not_engaged_twice_on_one_day_but_again_after_the_first_time_has_ended() -> None:
    again = {"first_day": "2026-07-01", "organisation_number": FIRM}
    assert engaged().refuses("2026-03-01", "r2", "revisor_engaged", **again) == "entry-overlaps"
    ended = engaged().after("2026-03-01", "r1", "entry_ended", last_day="2026-06-30")
    both = ended.after("2026-03-01", "r2", "revisor_engaged", **again)
    assert [each.now.last_day is None for each in both.municipality.of(RevisorEngaged)] == [False, True]
    assert both.refuses("2026-04-01", "r1", "entry_ended", last_day="2026-07-01") == "entry-overlaps"
    assert engaged().decided("2026-03-01", "r2", "revisor_engaged", first_day="2026-01-01", organisation_number=OFFICE)


def test_an_entry_that_was_wrong_is_withdrawn_and_another_put_in_its_place() -> None:
    withdrawn = engaged().after("2026-02-01", "r1", "entry_withdrawn", reason="Feil firma.")
    assert withdrawn.decided("2026-02-02", "r1", "entry_withdrawn", reason="Feil firma.") == ()
    assert withdrawn.refuses("2026-02-02", "r1", "entry_ended", last_day="2026-06-30") == "entry-withdrawn"
    right = {"first_day": "2026-01-01", "organisation_number": FIRM}
    assert withdrawn.after("2026-02-02", "r2", "revisor_engaged", **right).municipality.entries.keys() == {"r1", "r2"}


def test_an_end_can_be_moved_but_never_before_the_first_day() -> None:
    ended = engaged().after("2026-02-01", "r1", "entry_ended", last_day="2026-06-30")
    assert ended.decided("2026-02-01", "r1", "entry_ended", last_day="2026-06-30") == ()
    assert len(ended.decided("2026-02-01", "r1", "entry_ended", last_day="2026-12-31")) == 1
    assert ended.refuses("2026-02-01", "r1", "entry_ended", last_day="2025-12-31") == "ends-before-it-begins"
    assert ended.refuses("2026-02-01", "r9", "entry_ended", last_day="2026-12-31") == "unknown-entry"


@pytest.mark.parametrize(
    ("kind", "fields", "code"),
    [
        ("revisor_engaged", {"organisation_number": "974760672"}, "bad-organisation-number"),
        ("office_invited", {"organisation_number": "000000000"}, "bad-organisation-number"),
        ("account_given", {"organisation_number": BODO, "account": "12345678901"}, "bad-account"),
        ("account_given", {"organisation_number": FIRM, "account": "12345678903"}, "other-organisation"),
        ("coordinator_appointed", {"organisation_number": FIRM}, "no-municipality"),
        ("coordinator_appointed", {"organisation_number": BODO}, "own-coordinator"),
        ("coordinator_appointed", {}, "one-of"),
        ("coordinator_appointed", {"organisation_number": "970542507", "person": "kommune-1875:kari"}, "one-of"),
        ("contact_given", {"role": "grant", "name": "Kari", "e_mail": "kari"}, "bad-text"),
        ("supervisor_offered", {"supervisor": "8000001", "places": 0}, "out-of-range"),
        ("revisor_engaged", {"organisation_number": FIRM, "last_day": "2025-01-01"}, "last-before-first"),
        ("revisor_engaged", {"organisation_number": FIRM, "municipality": "1875"}, "unknown-field"),
        ("revisor_hired", {}, "unknown-type"),
    ],
)
def test_what_cannot_be_right_is_refused(kind: str, fields: dict[str, Any], code: str) -> None:
    assert Given().refuses("2026-01-10", "e1", kind, first_day="2026-01-01", **fields) == code


def test_the_people_of_another_municipality_can_be_its_coordinators() -> None:
    fields = {"first_day": "2026-01-01", "organisation_number": "970542507"}
    assert len(Given().decided("2026-01-10", "k1", "coordinator_appointed", **fields)) == 1


def test_a_post_is_closed_once_however_its_name_is_written() -> None:
    closed = Given().after("2026-01-10", "p1", "post_closed", first_day="2026-03-01", post="Bodø 3")
    assert closed.refuses("2026-01-11", "p2", "post_closed", first_day="2026-04-01", post="BODØ  3") == "entry-overlaps"


def test_an_offer_holds_from_its_first_day_to_its_end() -> None:
    days = {"first_day": "2026-02-01", "last_day": "2026-06-30"}
    offered = Given().after("2026-01-10", "v1", "supervisor_offered", supervisor="8000001", places=2, **days)
    [held] = offered.municipality.of(SupervisorOffered)
    assert (held.holds_on(date(2026, 6, 30)), held.holds_on(date(2026, 7, 1))) == (True, False)
