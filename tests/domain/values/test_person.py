"""Who is who: a name that a reader would take for another is the same person, and is refused where it is a disguise."""

import json
from typing import Final

import pytest

from domain.casework.commands.commands import Actor
from domain.claim.steps.settling.request_attestation import RequestAttestation
from domain.doctor.intake.intake import read_facts
from domain.values.refusals.person import check_another_person, given_name, same_person
from domain.values.refusals.refusal import Refused, refused

KARE = "rules:K\u00e5re"


@pytest.mark.parametrize(
    "other",
    [
        "approver:K\u00e5re",  # another role
        "rules:Ka\u030are",  # decomposed
        "rules:K\u00c5RE",
        "rules:K\u212bRE",  # the sign for angstrom
        "rules:k\u00e5re ",
        "rules:\uff2b\u00e5\uff52\uff45",  # full width
        "rules:K\u00e5\u200bre",  # a space of no width
        "rules:K\u00e5\u00adre",  # a soft hyphen
        "rules:\u2066K\u00e5re\u2069",  # direction marks
        "rules:K\u00e5re\ufe0f",  # a variation selector
        "rules:K\u00e5r\u0435",  # a Cyrillic e
        "rules:\u039a\u00e5re",  # a Greek capital kappa
        "rules:K\u00e5re\u3164",  # a letter that is blank
        "rules:K\u00e5re.",
        "rules:K \u00e5 r-e",  # spaced out
    ],
)
def test_a_name_that_looks_the_same_is_the_same_person(other: str) -> None:
    assert same_person(KARE, other)
    assert same_person(other, KARE)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("rules:kari", "rules:kåre"),
        ("rules:kare", "rules:kåre"),
        ("rules:ola", "rules:øla"),
        ("rules:nina", "rules:viva"),
        ("kommune:1804", "kommune:1839"),
        ("rules:kari 1", "rules:kari 2"),
        ("rules:--", "rules:++"),
    ],
)
def test_another_name_is_another_person(one: str, other: str) -> None:
    assert not same_person(one, other)


def test_words_are_compared_however_they_are_kept_apart() -> None:
    assert same_person("revisor:Anne-Lise  O\u2019Brien", "saksbehandler:anne\u2010lise o'brien")
    assert same_person("rules:NINA", "rules:\u039d\u0399\u039d\u0391")  # in Greek capitals
    assert same_person("rules:\u041a\u0438\u0440\u0430", "rules:\u043a\u0438\u0440\u0430")  # not Latin at all


def test_nobody_confirms_what_they_did_themselves_whatever_they_are_called() -> None:
    check_another_person("approver:ola", KARE, refused("same-person"))
    with pytest.raises(Refused) as found:
        check_another_person("approver:K\u00c5RE ", KARE, refused("own-draft", rules="x"))
    assert found.value.code == "own-draft"


DISGUISED = [
    "rules:kari\u0000",
    "rules:ka\u0085ri",
    "rules:ka\u200bri",
    "rules:ka\u2060ri",
    "rules:ka\u202eri",
    "rules:ka\u00adri",
    "rules:ka\ufeffri",
    "rules:ka\U000e0041ri",
    "rules:ka\ufe00ri",
    "rules:ka\u034fri",
    "rules:kari\u3164",
    "rules:kari\ue000",
    "rules:kari\ud800",
    "rules:k\u0430ri",
    "ru\u200bles:kari",
]


@pytest.mark.parametrize("said", DISGUISED, ids=ascii)
def test_a_name_with_characters_that_cannot_be_seen_or_of_two_alphabets_is_refused(said: str) -> None:
    with pytest.raises(Refused) as found:
        Actor.acting(said, "rules")
    assert found.value.code == "bad-text"
    with pytest.raises(ValueError, match="revisor"):
        RequestAttestation(revisor=said)


@pytest.mark.parametrize("said", DISGUISED, ids=ascii)
def test_a_fact_that_such_a_name_recorded_is_refused_with_its_field(said: str) -> None:
    fact = {"id": "1", "type": "track_started", "hpr": "9000001", "on": "2024-09-01", "scheme": "new"}
    told = {**fact, "recorded_at": "2024-09-01T09:00:00Z", "recorded_by": said}
    facts, problems = read_facts(json.dumps(told).encode())
    assert facts == []
    assert {each.refusal.code for each in problems} == {"bad-text"}


@pytest.mark.parametrize(
    "said", ["rules:Kåre Ødegård", "rules:Áile Čáhppe-Ŋ", "x:Łukasz O'Brien", "x:1804", "x:ab_2@kommune.no", "x:Кира"]
)
def test_a_name_that_somebody_can_have_is_taken_as_it_is_written(said: str) -> None:
    assert given_name(said, "recorded_by") == said


def test_a_name_is_recorded_composed() -> None:
    assert Actor.named("rules:Ka\u030are").subject == KARE


SIGNED_IN: Final = "godkjenner:p-aaaaaaaaaaaaaaaaaaaa"


def test_who_signed_in_is_the_person_who_was_recorded_under_the_name_before() -> None:
    assert same_person(SIGNED_IN, "saksbehandler:ada lie", "Ada Lie")
    assert not same_person(SIGNED_IN, "saksbehandler:bo dahl", "Ada Lie")


def test_two_who_signed_in_are_compared_by_id_though_they_have_one_name() -> None:
    assert not same_person(SIGNED_IN, "saksbehandler:p-bbbbbbbbbbbbbbbbbbbb", "Ada Lie")
    assert same_person(SIGNED_IN, SIGNED_IN.replace("godkjenner", "saksbehandler"), "Ada Lie")


def test_every_id_of_who_signed_in_is_compared_and_a_name_with_names_alone() -> None:
    other, third = "p-bbbbbbbbbbbbbbbbbbbb", "p-cccccccccccccccccccc"
    assert same_person(SIGNED_IN, f"saksbehandler:{other}", "Ada Lie", other)
    assert same_person(SIGNED_IN, "saksbehandler:ada lie", "Ada Lie", other)
    assert not same_person(SIGNED_IN, f"saksbehandler:{third}", "Ada Lie", other)
    with pytest.raises(Refused) as refusal:
        check_another_person(SIGNED_IN, f"saksbehandler:{other}", refused("same-person"), "Ada Lie", other)
    assert refusal.value.code == "same-person"
