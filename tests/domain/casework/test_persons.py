"""Persons who have signed in, as they are stored."""

from deploy.clock import new_person
from domain.store.persons import Persons
from tests.desk import Desk


def test_one_identity_is_one_person_with_the_name_that_was_given_last(at: Desk) -> None:
    first = at.store.persons.person(["pid 01810000001"], "Kari Nes", new_person)
    assert at.store.persons.person(["pid 01810000001"], "Kari Nes Dahl", new_person) == first
    assert at.store.persons.person(["pid 01810000002"], "Kari Nes", new_person) != first
    assert at.store.persons.names([first]) == {first: "Kari Nes Dahl"}


def test_who_signs_in_without_a_name_to_keep_keeps_the_one_there_is(at: Desk) -> None:
    person = at.store.persons.person(["pid 01810000001"], "Kari Nes", new_person)
    assert at.store.persons.person(["pid 01810000001"], "", new_person) == person
    assert at.store.persons.names([person]) == {person: "Kari Nes"}


def test_who_was_known_by_another_identity_still_is_when_the_issuer_states_a_number(at: Desk) -> None:
    persons = at.store.persons
    person = persons.person(["sub https://here.example kn"], "Kari Nes", new_person)
    assert persons.person(["pid 01810000001", "sub https://here.example kn"], "Kari Nes", new_person) == person
    assert persons.person(["pid 01810000001", "sub https://there.example x"], "Kari Nes", new_person) == person
    assert persons.person(["sub https://there.example x"], "Kari Nes", new_person) != person, "which was not stated"


def test_the_hpr_number_that_an_issuer_stated_last_is_kept_by_a_digest_of_the_identity(at: Desk) -> None:
    persons, elsewhere = at.store.persons, Persons(at.store.datastore, at.store.keys)
    assert persons.hpr("pid 01810000001", None) is None
    for stated in ("9000001", "9000001", "9000002"):
        assert persons.hpr("pid 01810000001", stated) == stated
        assert elsewhere.hpr("pid 01810000001", None) == stated
    assert persons.hpr("pid 01810000002", None) is None
    assert (len(persons.hpr_stated("9000001")), len(persons.hpr_stated("9000002"))) == (0, 1)
    assert "01810000001" not in str(at.asks("SELECT * FROM hpr_numbers"))


def test_no_national_identity_number_and_no_name_stands_in_clear(at: Desk) -> None:
    at.store.persons.person(["pid 01810000001"], "Kari Nes", new_person)
    with at.store.datastore.get_connection() as connection:
        persons = connection.execute("SELECT * FROM persons").fetchall()
        identities = connection.execute("SELECT * FROM person_identities").fetchall()
    assert persons
    assert identities
    assert "01810000001" not in str(persons + identities)
    assert "Kari" not in str(persons + identities)
