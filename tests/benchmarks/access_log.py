"""What it costs to know who asks: the check of a token, the table of rights, and the log of reads.

Both services are asked in this process, by somebody who signs in at the same real provider; the one without a log
answers as soon as it can.
"""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from itertools import cycle, islice
from time import perf_counter
from typing import Final

import httpx
import psycopg

from api.http.services import RequestLimits
from api.identity.acting import Identity, Somebody
from api.main import create_app
from deploy import clock
from deploy.clock import new_id
from domain.casework.access.sight import sight_of
from domain.casework.commands.commands import Actor
from domain.store import AccessLog, Entry
from domain.store.access import appending
from tests.api.asking import serving
from tests.benchmarks.house import Desk, desk, stories
from tests.benchmarks.measure import Goal, Heading, Line, in_turns, number, quantile, ratio, stopped
from tests.benchmarks.sizes import LOADED, WRITERS, Sizes
from tests.benchmarks.stories import new_doctors
from tests.benchmarks.variants import UnloggedStore
from tests.issuer import headers, identity, issuers, token

_BATCHES: Final = (1, 10, 100)
_TURNS: Final = 40
_ASKED: Final = 160
_MS: Final = 1_000
_LATEST: Final = 0.95
_LIMITS: Final = RequestLimits(requests_per_minute=1_000_000)


def access_log(at: Desk, sizes: Sizes) -> list[Line | Heading]:
    """The section of the table."""
    doctors = new_doctors(_TURNS)
    at.take_in([fact for story in stories(doctors, (LOADED,)) for fact in story])
    return [
        Heading(f"The log of reads, entries of {_TURNS} doctors (made of: p95)"),
        *(_batch(at.url, doctors, size, sizes) for size in _BATCHES),
        _waiting(at.url, doctors, sizes),
        *(_request(at, doctors, connections, sizes) for connections in (1, WRITERS)),
        Heading("Who asks, and what they may"),
        *_checks(at),
        *(_unchecked(at, doctors, connections, sizes) for connections in (1, WRITERS)),
    ]


class _Remembering(Identity):
    """Believes every token that it has believed before, and asks nothing anew."""

    def bearer(self, token: str) -> Somebody:
        known: dict[str, Somebody] = self.__dict__.setdefault("_known", {})
        if token not in known:
            known[token] = super().bearer(token)
        return known[token]


def _remembering(at: Desk) -> Identity:
    casework = at.casework
    return _Remembering(
        issuers(), casework.store.persons, casework.links.ids_of, casework.municipalities, clock.now, clock.new_person
    )


def _checks(at: Desk) -> Iterator[Line]:
    """A token checked until somebody is found, and the table of rights asked, in the process."""
    known, signed = identity(at.casework), token("saksbehandler:ada")
    actor = Actor.named("saksbehandler:ada")
    asked: dict[str, Callable[[], object]] = {
        "a token checked, and whose it is": lambda: known.bearer(signed),
        "the table of rights asked": lambda: sight_of(actor, "facts.read"),
    }
    for what, ask in asked.items():
        rounds = []
        for _ in range(_ASKED):
            with stopped() as watch:
                for _ in range(_TURNS):
                    ask()
            rounds.append(watch.seconds * _MS / _TURNS)
        yield Line(what, (quantile(rounds, 0.5),), f"{number(quantile(rounds, _LATEST))} ms", None, " ms")


def _unchecked(at: Desk, doctors: Sequence[str], connections: int, sizes: Sizes) -> Line:
    """The facts of a doctor, with each token checked and with what was believed before, in turns."""
    with (
        _asked(at, doctors, connections) as checked,
        _asked(at, doctors, connections, _remembering(at)) as unchecked,
    ):
        speeds = in_turns({"checked": checked, "unchecked": unchecked}, sizes.http_rounds)
    what = f"facts of a doctor with the token's check / without, {connections} connection{'s'[: connections > 1]}"
    return ratio(what, speeds, ("checked", "unchecked"), "requests/s")


def _entry(doctors: Sequence[str]) -> Entry:
    return Entry(
        subject="saksbehandler:p-benchmark",
        role="caseworker",
        operation="rounds.read",
        doctors=tuple(doctors),
        municipality="1804",
        channel="api",
        correlation_id=new_id(),
    )


def _batch(url: str, doctors: Sequence[str], size: int, sizes: Sizes) -> Line:
    """One transaction of so many entries, and of the count of their requests."""
    with psycopg.connect(url, autocommit=True) as connection:

        def milliseconds() -> float:
            entries = [_entry(doctors) for _ in range(size)]
            with stopped() as watch:
                appending.append(connection, entries, {("benchmark", 0): size})
            return watch.seconds * _MS

        rounds = [[milliseconds() for _ in range(_TURNS)] for _ in range(sizes.http_rounds + 1)]
    return _line(f"a batch of {size}", rounds[1:], Goal("≤", 50, " ms"))


def _waiting(url: str, doctors: Sequence[str], sizes: Sizes) -> Line:
    """How long a request waits when eight at once write at each of two services."""

    def waited(log: AccessLog) -> list[float]:
        taken = []
        for _ in range(_TURNS):
            begun = perf_counter()
            log.put(_entry(doctors)).result()
            taken.append((perf_counter() - begun) * _MS)
        return taken

    with closing(AccessLog(url)) as here, closing(AccessLog(url)) as there, ThreadPoolExecutor(2 * WRITERS) as pool:
        rounds = [
            [each for taken in pool.map(waited, [here, there] * WRITERS) for each in taken]
            for _ in range(sizes.http_rounds + 1)
        ]
    what = f"a request's wait for the log, {WRITERS} at once at each of two services"
    return _line(what, rounds[1:], Goal("≤", 50, " ms"))


def _line(what: str, rounds: Sequence[Sequence[float]], goal: Goal) -> Line:
    late = quantile([each for taken in rounds for each in taken], _LATEST)
    return Line(what, tuple(quantile(taken, 0.5) for taken in rounds), f"{number(late)} ms", goal, " ms")


def _request(at: Desk, doctors: Sequence[str], connections: int, sizes: Sizes) -> Line:
    """The facts of a doctor, answered with the log and without, in turns."""
    with (
        desk(at.url, UnloggedStore) as bare,
        _asked(at, doctors, connections) as logged,
        _asked(bare, doctors, connections) as unlogged,
    ):
        speeds = in_turns({"logged": logged, "unlogged": unlogged}, sizes.http_rounds)
    what = f"facts of a doctor with the log / without, {connections} connection{'s'[: connections > 1]}"
    return ratio(what, speeds, ("logged", "unlogged"), "requests/s")


@contextmanager
def _asked(
    at: Desk, doctors: Sequence[str], connections: int, who_asks: Identity | None = None
) -> Iterator[Callable[[], float]]:
    """A service, which tells how many requests a second it answers when it is asked."""
    app, who = (
        create_app(at.casework, _LIMITS, identity=who_asks or identity(at.casework)),
        headers("saksbehandler:ada"),
    )
    with serving(app) as address, httpx.Client(base_url=address, headers=who, timeout=60) as client:
        addresses = [f"/api/v1/doctors/{hpr}/facts" for hpr in islice(cycle(doctors), _ASKED)]

        def speed() -> float:
            with ThreadPoolExecutor(connections) as pool, stopped() as watch:
                answers = list(pool.map(client.get, addresses))
            assert {each.status_code for each in answers} == {200}
            return _ASKED / watch.seconds

        yield speed
