"""`alis erase` as the operator runs it."""

import os
import pty
import subprocess

import pytest

from projections.doctors.search import WORKPLACE, Search
from tests.desk import desk
from tests.issuer import typed
from tests.projections.house import House
from tests.scenario import full_time
from tests.workers.test_cli import ALIS, Ended, alis, environment

HPR = "9000001"
ASK = ("erase", HPR, "--reason-code", "requested")
CONFIRM = ("erase", HPR, "--confirm")


@pytest.fixture
def url(database_url: str) -> str:
    """A database with a doctor of whom something personal is known."""
    with desk(database_url) as at:
        at.publishes()
        at.records_all(full_time().leave("l1", "2025-10-05", "2025-10-20", "sick"))
    return database_url


def erased(url: str) -> list[dict[str, object]]:
    with desk(url) as at:
        return at.asks("SELECT recorded_by, role, source FROM events WHERE topic = 'doctor-key.destroyed.v1'")


def asked_for(url: str) -> None:
    assert alis(*ASK, "--as", "operator:kari", ALIS_DATABASE_URL=url).code == 0


def test_one_operator_asks_and_another_confirms(url: str) -> None:
    asked = alis(*ASK, "--as", "operator:kari", ALIS_DATABASE_URL=url)
    assert (asked.json["erased"], asked.json["reason"], asked.json["goes"]["facts"]) == (False, "requested", 1)
    assert "Ingenting er slettet ennå" in asked.err
    assert erased(url) == []
    alone = alis(*CONFIRM, "--as", "operator:kari", ALIS_DATABASE_URL=url)
    assert (alone.code, alone.out, erased(url)) == (2, "", [])
    told = alis(*CONFIRM, "--as", "operator:ola", ALIS_DATABASE_URL=url).json
    assert (told["hpr"], told["reason"], told["times"]) == (HPR, "requested", 1)
    assert (told["erased"], told["requested_by"], told["gone"]["facts"]) == (True, asked.json["by"], 1)
    assert told["by"] != asked.json["by"]
    assert told["read_side_forgot"] is True
    assert erased(url) == [{"recorded_by": told["by"], "role": "operator", "source": "terminal"}]
    again = alis(*CONFIRM, "--as", "operator:ola", ALIS_DATABASE_URL=url)
    assert (again.code, again.out) == (2, "")
    assert "det er slettet før" in again.err


def test_what_was_asked_for_can_be_withdrawn(url: str) -> None:
    asked_for(url)
    assert alis("erase", HPR, "--withdraw", "--as", "operator:kari", ALIS_DATABASE_URL=url).json["erased"] is False
    assert alis(*CONFIRM, "--as", "operator:ola", ALIS_DATABASE_URL=url).code == 2
    assert erased(url) == []


@pytest.mark.parametrize(
    ("more", "says"),
    [
        (("--confirm", "--as", "caseworker:ab"), "saksbehandler"),
        (("--confirm",), "Si hvem du er, med --as eller ALIS_TOKEN."),
        (("--as", "operator:ola"), "--reason-code"),
        (("--as", "operator:ola", "--reason-code", "derfor"), "'derfor' finnes ikke"),
        (("--as", "operator:ola", "--reason-code", "ordered", "--confirm"), "kan ikke stå sammen"),
    ],
)
def test_without_right_reason_or_step_nothing_is_erased(url: str, more: tuple[str, ...], says: str) -> None:
    asked_for(url)
    ended = alis("erase", HPR, *more, ALIS_DATABASE_URL=url)
    assert (ended.code, ended.out) == (2, "")
    assert says in ended.err
    assert "Traceback" not in ended.err
    assert erased(url) == []


@pytest.mark.long
def test_while_no_worker_runs_it_is_said_that_the_read_side_has_not_forgotten_yet(url: str) -> None:
    with desk(url) as opened:
        at = House(opened.url, opened.store, opened.casework)
        at.records(full_time().changed("p1", "2025-09-01", workplace="Nordbyen").facts[-1] | {"id": "w"})
        at.levels([Search])
        asked_for(url)
        ended = alis(*CONFIRM, "--as", "operator:ola", ALIS_DATABASE_URL=url)
        assert ended.json["read_side_forgot"] is False
        assert "alis worker" in ended.err
        assert WORKPLACE in {kind for _, kind, *_ in at.rows(Search)}
        at.levels([Search])
        assert WORKPLACE not in {kind for _, kind, *_ in at.rows(Search)}


def at_a_terminal(url: str, answer: str) -> Ended:
    asked, signed_in = typed([*CONFIRM, "--as", "operator:ola"])
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [str(ALIS), *asked],
        stdin=theirs,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment({**signed_in, "ALIS_DATABASE_URL": url}),
    )
    os.close(theirs)
    os.write(ours, f"{answer}\n".encode())
    out, err = process.communicate(timeout=60)
    os.close(ours)
    return Ended(process.returncode, out, err)


def test_at_a_terminal_what_goes_is_told_and_the_number_is_asked_for_once_more(url: str) -> None:
    asked_for(url)
    refused = at_a_terminal(url, "ja")
    assert refused.code == 2
    assert "blir borte for alltid" in refused.err
    assert "fritekst i 1 opplysning" in refused.err
    assert erased(url) == []
    assert at_a_terminal(url, HPR).json["times"] == 1
    assert len(erased(url)) == 1
