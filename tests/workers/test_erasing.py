"""`alis erase` as the operator runs it."""

import os
import pty
import subprocess

import pytest

from projections.search import Search
from tests.desk import desk
from tests.projections.house import House
from tests.scenario import full_time
from tests.workers.test_cli import ALIS, Ended, alis, environment

HPR = "9000001"
ERASE = ("erase", HPR, "--reason-code", "requested")


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


def test_the_operator_erases_by_saying_twice_whose_and_once_why(url: str) -> None:
    ended = alis(*ERASE, "--by", "operator:kari", "--confirm", HPR, ALIS_DATABASE_URL=url)
    told = ended.json
    assert (told["hpr"], told["reason"], told["by"], told["times"]) == (HPR, "requested", "operator:kari", 1)
    assert told["read_side_forgot"] is True
    assert erased(url) == [{"recorded_by": "operator:kari", "role": "operator", "source": "terminal"}]
    again = alis(*ERASE, "--by", "operator:kari", "--confirm", HPR, ALIS_DATABASE_URL=url)
    assert (again.code, again.out) == (2, "")
    assert "det er slettet før" in again.err


@pytest.mark.parametrize(
    ("more", "says"),
    [
        (("--by", "operator:kari"), f"--confirm {HPR}"),
        (("--by", "operator:kari", "--confirm", "9000002"), f"--confirm {HPR}"),
        (("--by", "caseworker:ab", "--confirm", HPR), "caseworker:ab kan ikke slette nøkler"),
        (("--by", "kari", "--confirm", HPR), "er ikke slag:navn"),
        (("--confirm", HPR), "mangler: --by"),
        (("--by", "operator:kari", "--confirm", HPR, "--reason-code", "derfor"), "'derfor' finnes ikke"),
    ],
)
def test_without_confirmation_right_or_reason_nothing_is_erased(url: str, more: tuple[str, ...], says: str) -> None:
    ended = alis(*ERASE, *more, ALIS_DATABASE_URL=url)
    assert (ended.code, ended.out) == (2, "")
    assert says in ended.err
    assert "Traceback" not in ended.err
    assert erased(url) == []


def test_while_no_worker_runs_it_is_said_that_the_read_side_has_not_forgotten_yet(url: str) -> None:
    with desk(url) as opened:
        at = House(opened.url, opened.store, opened.casework)
        at.records(full_time().changed("p1", "2025-09-01", workplace="Nordbyen").facts[-1] | {"id": "w"})
        at.levels([Search])
        ended = alis(*ERASE, "--by", "operator:kari", "--confirm", HPR, ALIS_DATABASE_URL=url)
        assert ended.json["read_side_forgot"] is False
        assert "alis worker" in ended.err
        assert "nordbyen" in {word for _, _, word in at.rows(Search)}
        at.levels([Search])
        assert "nordbyen" not in {word for _, _, word in at.rows(Search)}


def at_a_terminal(url: str, answer: str) -> Ended:
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [str(ALIS), *ERASE, "--by", "operator:kari"],
        stdin=theirs,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment({"ALIS_DATABASE_URL": url}),
    )
    os.close(theirs)
    os.write(ours, f"{answer}\n".encode())
    out, err = process.communicate(timeout=60)
    os.close(ours)
    return Ended(process.returncode, out, err)


def test_at_a_terminal_the_number_is_asked_for_once_more(url: str) -> None:
    refused = at_a_terminal(url, "ja")
    assert refused.code == 2
    assert "blir borte for alltid" in refused.err
    assert erased(url) == []
    assert at_a_terminal(url, HPR).json["times"] == 1
    assert len(erased(url)) == 1
