"""Persons who have signed in, as they are stored."""

from deploy.clock import new_person
from tests.desk import Desk


def test_one_identity_is_one_person_with_the_name_that_was_given_last(at: Desk) -> None:
    first = at.store.persons.person("pid 01810000001", "Kari Nes", new_person)
    assert at.store.persons.person("pid 01810000001", "Kari Nes Dahl", new_person) == first
    assert at.store.persons.person("pid 01810000002", "Kari Nes", new_person) != first
    assert at.store.persons.names([first]) == {first: "Kari Nes Dahl"}


def test_who_signs_in_without_a_name_to_keep_keeps_the_one_there_is(at: Desk) -> None:
    person = at.store.persons.person("pid 01810000001", "Kari Nes", new_person)
    assert at.store.persons.person("pid 01810000001", "", new_person) == person
    assert at.store.persons.names([person]) == {person: "Kari Nes"}


def test_no_national_identity_number_and_no_name_stands_in_clear(at: Desk) -> None:
    at.store.persons.person("pid 01810000001", "Kari Nes", new_person)
    with at.store.datastore.get_connection() as connection:
        persons = connection.execute("SELECT * FROM persons").fetchall()
        identities = connection.execute("SELECT * FROM person_identities").fetchall()
    assert persons
    assert identities
    assert "01810000001" not in str(persons + identities)
    assert "Kari" not in str(persons + identities)
