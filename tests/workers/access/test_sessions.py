"""`alis sessions` as an operator runs it."""

import json
from collections.abc import Callable

import pytest

from deploy.clock import new_person, now
from domain.persons.events import LinkReason
from tests.desk import desk, ordered_by

Run = Callable[..., str]


@pytest.fixture
def ids(database_url: str) -> list[str]:
    """Ada, another of her name, and a doctor, of whom no name is kept; Ada is signed in twice, the others once."""
    with desk(database_url) as at:
        found = [
            at.store.persons.person([f"pid 0181000000{number}"], name, new_person)
            for number, name in enumerate(("Ada Lie", "Bo Dahl", "ADA  LIE", ""))
        ]
        for number, person in enumerate([*found, found[0]]):
            at.store.sessions.begin(f"secret{number}", {}, f"there {number}", person, now())
    return found


def link(url: str, pair: tuple[str, str]) -> None:
    with desk(url) as at:
        at.casework.links.declare(pair, LinkReason.SEVERAL_ISSUERS, now(), ordered_by("operator:kari"))
        at.casework.links.approve(pair, now(), ordered_by("operator:ola"))


def test_who_is_signed_in_is_listed_and_signed_out_by_id_or_by_name_or_all_at_once(
    alis: Run, ids: list[str], database_url: str
) -> None:
    listed = json.loads(alis("sessions", "list"))["sessions"]
    assert [(each["person"], each["name"]) for each in listed] == [
        (f"person:{ids[0]}", "Ada Lie"),
        (f"person:{ids[1]}", "Bo Dahl"),
        (f"person:{ids[2]}", "ADA  LIE"),
        (f"person:{ids[3]}", None),
        (f"person:{ids[0]}", "Ada Lie"),
    ]
    table = alis("sessions", "list", "--format", "table")
    assert table.startswith("Fem økter\n\nperson ")
    assert f"\n–{' ' * 9}person:{ids[3]}  " in table
    several = alis("sessions", "end", "--name", "ada lie", code=2)
    assert f"--person med {ids[0]} og {ids[2]}" in several
    link(database_url, (ids[2], ids[0]))
    assert json.loads(alis("sessions", "end", "--name", "ada lie")) == {"ended": 3}, "they are one"
    assert "Ingen som har logget inn, heter «Cid»" in alis("sessions", "end", "--name", "Cid", code=2)
    assert json.loads(alis("sessions", "end", "--name", "bo dahl")) == {"ended": 1}
    assert json.loads(alis("sessions", "end", "--person", f"person:{ids[3]}")) == {"ended": 1}
    assert json.loads(alis("sessions", "end", "--person", ids[3])) == {"ended": 0}
    with desk(database_url) as at:
        at.store.sessions.begin("another", {}, "there", ids[1], now())
    assert json.loads(alis("sessions", "end", "--all")) == {"ended": 1}
    assert alis("sessions", "list", "--format", "table") == "Ingen er logget inn i en nettleser.\n"
