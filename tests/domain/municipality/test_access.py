"""Whom a firm, an office or a person may act for today, and who could see what on a day in the past."""

from datetime import UTC, date, datetime
from typing import Any

from domain.municipality.access import (
    Municipalities,
    access_on,
    coordinated_on,
    engaged_on,
    invited_on,
)
from domain.municipality.codes import all_codes, first_code
from domain.municipality.offers import OfferedCapacity, closed_posts, offered_on
from domain.rulebook.release import release_reference
from domain.rules.sets.municipalities import municipality_list
from domain.values.days.calendar import FOREVER
from tests.domain.municipality.given import FIRM, OFFICE, Given, engaged, said

MAY: date = date(2026, 5, 1)


def had_access(given: Given, day: str) -> list[str]:
    return [each.entry for each in access_on(given.municipality, date.fromisoformat(day))]


def known(*events: tuple[str, str, str, Any]) -> Municipalities:
    """All municipalities after some events, the first field of each being the code."""
    found = Municipalities()
    for code, entry, kind, fields in events:
        event = said("2026-01-10", entry, kind, first_day="2026-01-01", **fields)
        found = found.and_then(event.model_copy(update={"municipality": code}))
    return found


def test_nobody_had_access_on_days_before_it_was_registered_whatever_its_first_day_says() -> None:
    late = engaged(on="2026-05-10", first_day="2026-01-01")
    assert had_access(late, "2026-05-09") == []
    assert had_access(late, "2026-05-10") == ["r1"]
    [access] = access_on(late.municipality, MAY.replace(day=20))
    assert (access.since, access.given_by, access.organisation_number) == (date(2026, 5, 10), "kommune:1804", FIRM)


def test_what_was_withdrawn_later_gave_access_until_then() -> None:
    withdrawn = engaged().after("2026-05-10", "r1", "entry_withdrawn", reason="Feil firma.")
    assert had_access(withdrawn, "2026-05-01") == ["r1"]
    assert had_access(withdrawn, "2026-05-10") == ["r1"]
    assert had_access(withdrawn, "2026-05-11") == []


def test_an_end_that_was_registered_too_late_takes_back_nothing_that_was_seen() -> None:
    ended = engaged().after("2026-05-10", "r1", "entry_ended", last_day="2026-04-30")
    assert had_access(ended, "2026-05-01") == ["r1"]
    assert had_access(ended, "2026-05-11") == []
    extended = engaged(last_day="2026-04-30").after("2026-05-10", "r1", "entry_ended", last_day="2026-12-31")
    assert (had_access(extended, "2026-05-05"), had_access(extended, "2026-05-11")) == ([], ["r1"])


def test_only_revisors_offices_and_coordinators_have_access() -> None:
    days = {"first_day": "2026-01-01"}
    bodo = (
        engaged()
        .after("2026-01-10", "a1", "office_invited", organisation_number=OFFICE, **days)
        .after("2026-01-10", "k1", "coordinator_appointed", person="kommune-1804:kari", **days)
        .after("2026-01-10", "c1", "contact_given", role="grant", name="Kari", **days)
    )
    assert had_access(bodo, "2026-05-01") == ["r1", "a1", "k1"]


def test_a_firm_acts_for_those_that_have_engaged_it_today_and_an_office_for_those_that_have_invited_it() -> None:
    of_firm, of_office = {"organisation_number": FIRM}, {"organisation_number": OFFICE}
    all_of_them = known(
        ("1804", "r1", "revisor_engaged", of_firm),
        ("1875", "r1", "revisor_engaged", {**of_firm, "last_day": "2026-04-30"}),
        ("1839", "r1", "revisor_engaged", {**of_office}),
        ("1875", "a1", "office_invited", of_office),
    )
    assert engaged_on(all_of_them, FIRM, MAY) == ("1804",)
    assert engaged_on(all_of_them, FIRM, date(2026, 4, 30)) == ("1804", "1875")
    assert (engaged_on(all_of_them, OFFICE, MAY), invited_on(all_of_them, OFFICE, MAY)) == (("1839",), ("1875",))
    assert invited_on(all_of_them, FIRM, MAY) == ()
    assert engaged_on(all_of_them, "999999999", MAY) == ()


def test_one_person_coordinates_several_municipalities_and_so_do_the_people_of_another() -> None:
    kari, hamaroy = {"person": "kommune-1804:kari"}, {"organisation_number": "970542507"}
    all_of_them = known(
        ("1804", "k1", "coordinator_appointed", kari),
        ("1839", "k1", "coordinator_appointed", kari),
        ("1812", "k1", "coordinator_appointed", hamaroy),
    )
    assert coordinated_on(all_of_them, "kommune-1804:Kari", None, MAY) == ("1804", "1839")
    assert coordinated_on(all_of_them, "kommune-1875:ola", "970542507", MAY) == ("1812",)
    assert coordinated_on(all_of_them, "kommune-1875:ola", None, MAY) == ()


def test_a_municipality_is_known_by_its_first_code_also_when_later_lists_come() -> None:
    lists = [*release_reference().lists]
    assert (first_code(lists, "1508"), first_code(lists, "1507"), first_code(lists, "1804")) == ("1507", "1507", "1804")
    row = {
        "municipality": "1599",
        "name": "Stor",
        "centrality_class": "3",
        "centrality_index": "800",
        "organisation_number": "",
    }
    later = municipality_list("later", [row], [{"code": "1508", "successor": "1599"}])
    assert (first_code([*lists, later], "1508"), first_code([*lists, later], "1599")) == ("1507", "1507")
    assert all_codes(lists, "1507") == {"1507", "1508"}


def test_free_places_are_those_offered_less_the_doctors_guided_that_day() -> None:
    days = {"first_day": "2026-01-01"}
    offers = (
        Given()
        .after("2026-01-10", "v1", "supervisor_offered", supervisor="8000001", places=3, **days)
        .after("2026-01-10", "v2", "supervisor_offered", supervisor="8000002", places=1, **days)
        .after("2026-01-10", "v3", "supervisor_offered", supervisor="8000003", places=4, last_day="2026-04-30", **days)
    )
    assert offered_on(offers.municipality, {"8000001": 1, "8000002": 2, "8000003": 1}, MAY) == OfferedCapacity(4, 2)


def test_a_post_is_closed_from_its_first_day_to_its_last_and_never_where_that_was_wrong() -> None:
    closed = Given().after("2026-01-10", "p1", "post_closed", first_day="2026-03-01", post="Bodø 3")
    first, last = date(2026, 3, 1).toordinal(), date(2026, 5, 31).toordinal()
    assert closed_posts(closed.municipality) == {"bodø 3": [(first, FOREVER)]}
    opened = closed.after("2026-05-01", "p1", "entry_ended", last_day="2026-05-31")
    assert closed_posts(opened.municipality) == {"bodø 3": [(first, last)]}
    wrong = opened.after("2026-05-02", "p1", "entry_withdrawn", reason="Den er ikke nedlagt.")
    assert closed_posts(wrong.municipality) == {}
    assert closed_posts(wrong.municipality.as_known(datetime(2026, 4, 1, tzinfo=UTC))) == {"bodø 3": [(first, FOREVER)]}
