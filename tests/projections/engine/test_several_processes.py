"""Several services and workers on one PostgreSQL, as processes: killed, cut off, and a database that restarts.

What is asked of them: nothing lost, nothing twice, order kept, and read models that are what a fresh fold gives.
"""

import json
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from random import Random
from typing import Any, Final

import httpx
import psycopg
import pytest

from deploy.database import embedded
from deploy.migrate import migrate
from deploy.server import Server
from projections.all import ALL
from projections.doctors.case_history import CaseHistory
from tests.api.asking import CLERK, STARTED, Json
from tests.desk import desk
from tests.projections.fleet import ALIS, Fleet, fleet
from tests.projections.house import House

WRITERS: Final = 8
COMMANDS: Final = 30
BLOWS: Final = 14
SHARED: Final = [f"900000{n}" for n in range(1, 4)]
PATIENCE: Final = 120
Blow = Callable[[], None]


@dataclass
class Sent:
    """One command with its key, and the answer it got first."""

    hpr: str
    key: str
    fact: Json
    answer: tuple[int, Json] | None = None
    attempts: int = 0


@dataclass
class Writer:
    """Sends commands to whichever service answers, each until it is answered, until told that it is enough."""

    number: int
    addresses: list[str]
    chance: Random
    sent: list[Sent] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    enough: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        try:
            with httpx.Client(headers=CLERK, timeout=10) as client:
                self._send(client, Sent(self.own, f"w{self.number}-start", {**STARTED, "id": "start"}))
                for n in count():
                    if self.enough.is_set() and n >= COMMANDS:
                        return
                    self._send(client, self._command(n))
                    time.sleep(self.chance.random() * 0.2)
        except Exception as error:  # noqa: BLE001 - the test tells of it
            self.wrong.append(repr(error))

    @property
    def own(self) -> str:
        return f"910000{self.number}"

    def _command(self, n: int) -> Sent:
        name = f"w{self.number}-{n}"
        hpr = self.chance.choice([self.own, *SHARED])
        if self.chance.random() < 0.5:
            fact = {"type": "guidance_recorded", "municipality": "1804", "month": "2025-06", "hours": n % 20}
        else:
            day = f"2026-0{n % 9 + 1}-03"
            fact = {"type": "leave_registered", "leave": name, "kind": "sick", "first_day": day, "last_day": day}
        return Sent(hpr, name, {**fact, "id": name})

    def _send(self, client: httpx.Client, sent: Sent) -> None:
        deadline = time.monotonic() + PATIENCE
        self.sent.append(sent)
        while sent.answer is None:
            assert time.monotonic() < deadline, f"{sent.key} is never answered"
            sent.attempts += 1
            sent.answer = asked(client, self.chance.choice(self.addresses), sent)
            if sent.answer is None:
                time.sleep(0.05)


def asked(client: httpx.Client, address: str, sent: Sent) -> tuple[int, Json] | None:
    """The answer of a service; None where it has none, or says that it may be asked again."""
    try:
        response = client.post(
            f"{address}/doctors/{sent.hpr}/facts", json=sent.fact, headers={"Idempotency-Key": sent.key}
        )
    except httpx.TransportError:
        return None
    return None if response.status_code == 503 else (response.status_code, response.json())


def blows(chance: Random, ships: Fleet, url: str, server: Server) -> Iterator[Blow]:
    """What befalls them, in the same order every time; the database restarts in the middle."""

    def cut(most: int) -> None:
        query = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        with psycopg.connect(url, autocommit=True) as connection:
            pids = sorted(pid for (pid,) in connection.execute(query))
            for pid in chance.sample(pids, min(most, len(pids))):
                connection.execute("SELECT pg_terminate_backend(%s)", (pid,))

    def restart() -> None:
        server.stop()
        time.sleep(0.5)
        server.start()

    each: list[Blow] = [
        *(member.kill for member in ships.members),
        lambda: cut(3),
        lambda: cut(3),
        lambda: cut(1_000),
    ]
    for n in range(BLOWS):
        yield restart if n == BLOWS // 2 else each[n % len(each)] if n < len(each) else chance.choice(each)


@pytest.fixture
def house(data_folder: Path) -> Iterator[tuple[House, Server]]:
    """A house on a server of this test's own, which it may stop."""
    with embedded(data_folder) as url:
        migrate(url)
        server = Server(data_folder.resolve())
        server.start()
        with desk(url, 4) as opened:
            opened.publishes()
            yield House(opened.url, opened.store, opened.casework), server


@pytest.mark.long
def test_two_services_and_two_workers_lose_nothing_however_they_are_killed(
    house: tuple[House, Server], tmp_path: Path
) -> None:
    at, server = house
    chance = Random(1804)  # noqa: S311 - the same commands and the same blows every time
    for hpr in SHARED:
        at.records({**STARTED, "id": "start", "hpr": hpr, "recorded_at": "2026-01-01T00:00:00Z", "recorded_by": "a:b"})
    with fleet(at.url, tmp_path) as ships:
        writers = [Writer(n, ships.addresses, Random(n)) for n in range(WRITERS)]  # noqa: S311
        threads = [threading.Thread(target=writer.run) for writer in writers]
        for thread in threads:
            thread.start()
        for blow in blows(chance, ships, at.url, server):
            time.sleep(0.3 + chance.random())
            blow()
            for member in ships.members:
                member.revive()
        for writer in writers:
            writer.enough.set()
        while any(thread.is_alive() for thread in threads):
            time.sleep(0.2)
            for member in ships.members:
                member.revive()
        assert [writer.wrong for writer in writers] == [[]] * WRITERS
        sent = [each for writer in writers for each in writer.sent]
        assert sum(each.attempts > 1 for each in sent) >= BLOWS  # the blows were felt
        nothing_is_lost_or_doubled(at, sent)
        order_is_kept(at, writers)
        repeated_gives_the_first_answer(ships, sent)
        nothing_is_lost_or_doubled(at, sent)
        the_read_side_comes_level(ships)
    assert [at.differs_from_fresh(projection) for projection in ALL] == [0] * len(ALL)
    assert len(at.rows(CaseHistory)) == len(at.log())


def nothing_is_lost_or_doubled(at: House, sent: list[Sent]) -> None:
    """Everything was answered as stored, and that is what the log holds, each once; its chains are whole."""
    assert {each.answer[0] for each in sent if each.answer} == {201}
    stored = [(hpr, fact) for hpr, fact in at.log() if not (hpr in SHARED and fact == "start")]
    assert sorted(stored) == sorted((each.hpr, each.fact["id"]) for each in sent)
    assert at.store.verify()


def order_is_kept(at: House, writers: list[Writer]) -> None:
    """Versions run on without a gap in the order of positions; what was answered first stands first."""
    doctors = SHARED + [writer.own for writer in writers]
    assert all(at.is_gap_free(hpr) for hpr in doctors)
    place = {fact: n for n, fact in enumerate(at.log())}
    for writer in writers:
        places = [place[each.hpr, each.fact["id"]] for each in writer.sent]
        assert places == sorted(places)  # over all doctors: position order is commit order


def repeated_gives_the_first_answer(ships: Fleet, sent: list[Sent]) -> None:
    """Whichever service is asked, now that all is quiet."""
    with httpx.Client(headers=CLERK, timeout=30) as client:
        for n, each in enumerate(sent):
            deadline, again = time.monotonic() + PATIENCE, None
            while again is None and time.monotonic() < deadline:
                again = asked(client, ships.addresses[n % 2], each)
            assert again == each.answer


def the_read_side_comes_level(ships: Fleet) -> None:
    """By itself, and it is said so by the numbers and by `alis projections status`."""
    deadline, lags = time.monotonic() + 30, {1.0}
    while lags != {0.0} and time.monotonic() < deadline:
        time.sleep(0.1)
        text = httpx.get(ships.addresses[0].replace("/api/v1", "/metrics"), timeout=10).text
        lags = {float(line.split()[-1]) for line in text.splitlines() if line.startswith("alis_projection_lag_pos")}
    assert lags == {0.0}, ships.said()
    told = subprocess.run(
        [ALIS, "projections", "status"], env=ships.workers[0].settings, capture_output=True, text=True, check=True
    )
    states: list[dict[str, Any]] = json.loads(told.stdout)
    assert {(state["name"], state["lag"], state["status"]) for state in states} == {
        (projection.name, 0, "live") for projection in ALL
    }
