"""`alis persons` as two operators run it."""

import json
from argparse import ArgumentTypeError
from collections.abc import Callable

import pytest

from deploy.clock import new_person
from tests.desk import desk
from workers.access.linking import person_id

Run = Callable[..., str]
REASON = ("--reason-code", "several-issuers")
BY_KARI, BY_OLA = ("--as", "operator:kari"), ("--as", "operator:ola")


@pytest.fixture
def ids(database_url: str) -> tuple[str, str]:
    """Two ids of Ada, who signs in at two issuers."""
    with desk(database_url) as at:
        first = at.store.persons.person(["pid 01810000001"], "Ada Lie", new_person)
        return first, at.store.persons.person(["sub https://there.example al"], "Ada Berg Lie", new_person)


def test_one_operator_declares_and_another_approves_that_two_ids_are_one_person(
    alis: Run, ids: tuple[str, str]
) -> None:
    assert alis("persons", "links", "--format", "table") == "Ingen er meldt som samme person.\n"
    told = json.loads(alis("persons", "link", *ids, *REASON, *BY_KARI))
    assert (told["person"], told["other"]) == tuple(f"person:{each}" for each in ids)
    assert (told["state"], told["reason"], told["settled_by"]) == ("waiting", "several-issuers", None)
    refused = alis("persons", "approve-link", *ids, *BY_KARI, code=2)
    assert "må godkjennes av en annen" in refused
    done = json.loads(alis("persons", "approve-link", *(f"saksbehandler:{each}" for each in ids), *BY_OLA))
    assert done["state"] == "approved"
    assert done["settled_by"] != done["declared_by"]
    [listed] = json.loads(alis("persons", "links"))["links"]
    assert listed == done
    table = alis("persons", "links", "--format", "table")
    assert f"\nAda Berg Lie  person:{ids[1]}  Ada Lie    person:{ids[0]}  logger inn hos flere  " in table
    assert "av driftsansvarlig kari" in table
    assert "godkjent" in table
    acts_as = {each["person"]: each["acts_as"] for each in json.loads(alis("persons", "list"))["persons"]}
    assert {acts_as[f"person:{each}"] for each in ids} == {f"person:{ids[0]}"}
    assert len(acts_as) == 4, "Ada's two ids, and the operators"
    listing = alis("persons", "list", "--format", "table")
    assert f"\nAda Berg Lie  person:{ids[1]}  person:{ids[0]}\n" in listing
    assert json.loads(alis("verify"))["intact"]


def test_what_is_declared_can_be_withdrawn_by_an_operator_alone(alis: Run, ids: tuple[str, str]) -> None:
    alis("persons", "link", *ids, *REASON, *BY_KARI)
    assert json.loads(alis("persons", "withdraw-link", *ids, *BY_OLA))["state"] == "withdrawn"
    assert "Si hvem du er" in alis("persons", "link", *ids, *REASON, code=2)
    assert "saksbehandler" in alis("persons", "link", *ids, *REASON, "--as", "saksbehandler:ada", code=2)


@pytest.mark.parametrize("text", ["Ada Lie", "p-", "saksbehandler:ada", f"p-{'a' * 19}", f"p-{'A' * 20}", ""])
def test_what_is_no_id_is_said_to_be_none(text: str) -> None:
    with pytest.raises(ArgumentTypeError, match="er ikke id-en til en person"):
        person_id(text)
