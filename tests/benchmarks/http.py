"""HTTP as a caller meets it: `alis serve` in a process of its own, asked over kept connections by one who signed in.

The demonstration's examples are in the database, so Bodø has 61 lines or a few more. Every connection asks again as
soon as it is answered; so at eight connections a request waits for seven others.
"""

import base64
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any, Final, NamedTuple

from deploy.clock import now
from projections.all import ALL
from projections.workers import Workers
from tests.benchmarks.house import MASTER_KEY, Desk, command, orders
from tests.benchmarks.measure import Goal, Heading, Line, number, quantile, stopped
from tests.benchmarks.sizes import WRITERS, Sizes
from tests.benchmarks.stories import Json, facts
from tests.issuer import headers
from tests.issuer import settings as believing
from workers.running.demonstration import MUNICIPALITY, ROUND, demonstration

CONNECTIONS: Final = (1, 8, 32)
_ALIS: Final = str(Path(sys.executable).with_name("alis"))
_API: Final = "/api/v1"
_ROUND: Final = f"{_API}/municipalities/{MUNICIPALITY}/rounds/{ROUND}"
_START_SECONDS: Final = 60
_MS: Final = 1_000
_MOMENT: Final = "2026-03-01T00:00:00.MICROSECONDSZ"
"""Another at each request, so that nothing is remembered of it."""
_FACT: Final = {"type": "guidance_recorded", "municipality": MUNICIPALITY, "month": "2025-06", "hours": "TURN"}


def get(path: str) -> Json:
    return {"method": "GET", "path": path, "timed": True}


def post(*, timed: bool) -> Json:
    body = json.dumps(_FACT).replace('"TURN"', "TURN")
    return {"method": "POST", "path": f"{_API}/doctors/HPR/facts", "body": body, "timed": timed}


QUESTIONS: Final[Mapping[str, Sequence[Json]]] = {
    "health": [get(f"{_API}/health")],
    "months": [get(f"{_ROUND}/months")],
    "one line": [get(f"{_ROUND}/calculation/HPR")],
    "overview": [get(f"{_API}/overview?round={ROUND}")],
    "calculation": [get(f"{_ROUND}/calculation")],
    "calculation without assumptions": [get(f"{_ROUND}/calculation?assumptions=false")],
    "calculation, a doctor changed just before": [post(timed=False), get(f"{_ROUND}/calculation")],
    "calculation, as known at a moment never asked for": [get(f"{_ROUND}/calculation?known_at={_MOMENT}")],
    "a registered fact": [post(timed=True)],
}

GOALS: Final = {
    "calculation": Goal("≤", 20, " ms"),
    "calculation, a doctor changed just before": Goal("≤", 100, " ms"),
    "calculation, as known at a moment never asked for": Goal("≤", 100, " ms"),
}
"""For one connection alone."""


class Answers(NamedTuple):
    """Milliseconds of every timed request, and how many there were a second."""

    ms: Sequence[float]
    rate: float


class Caller:
    """The process that asks."""

    def __init__(self, port: int, hprs: Sequence[str], process: "subprocess.Popen[str]") -> None:
        who = {**headers("saksbehandler:ada"), "Alis-Reason": "benchmark"}
        host = f"127.0.0.1:{port}"
        self._fixed = {"address": ["127.0.0.1", port], "host": host, "hprs": list(hprs), "headers": who}
        self._process = process

    def asks(self, steps: Sequence[Json], connections: int, seconds: float, *, keep: bool = True) -> "Answers":
        """Ask for some seconds, and wait for every answer."""
        load = {**self._fixed, "steps": list(steps), "connections": connections, "seconds": seconds, "keep": keep}
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(load) + "\n")
        self._process.stdin.flush()
        told = json.loads(self._process.stdout.readline())
        return Answers([each * _MS for each in told["each"]], len(told["each"]) / told["all"])


def http(desk: Desk, sizes: Sizes) -> list[Line | Heading]:
    """Every question at every number of connections, and what HTTP costs beside the command itself."""
    hprs = _filled(desk)
    with _served(desk.url) as port, _caller(port, hprs) as caller:
        # First: every fact that the other rows register makes the doctors longer, and so what is answered.
        beside = _beside_the_command(desk, caller, hprs, sizes)
        lines = [_row(what, caller, connections, sizes) for what in QUESTIONS for connections in CONNECTIONS]
        return [
            Heading(f"HTTP, {len(hprs)} lines: p50 of a request (made of: p95, p99, answers a second)"),
            *lines,
            _kept(caller, sizes),
            beside,
        ]


def _filled(desk: Desk) -> list[str]:
    """The examples in the log and in the read side; gives whose lines Bodø has."""
    desk.casework.book.publish_release(now(), lambda _: command(source="release"))
    desk.take_in(json.loads(demonstration()))
    with Workers(ALL, desk.store, desk.url):
        while _behind(desk):
            time.sleep(0.1)
    rules = desk.casework.book.rule_set(None, ROUND)
    return [line.hpr for line in desk.casework.replay(MUNICIPALITY, rules, None).result.lines]


def _behind(desk: Desk) -> bool:
    row = desk.beside.execute("SELECT min(position) < (SELECT max(position) FROM events) FROM projections").fetchone()
    return row is None or row[0] is not False


@contextmanager
def _served(url: str) -> Iterator[int]:
    """The service as it is started, when it answers; gives its port."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    settings = {
        **believing(),
        "ALIS_REQUESTS_PER_MINUTE": "1000000",
        "ALIS_ACCESS_LOG_MILLISECONDS": "20000",  # thirty-two at once on two cores wait for one another
        "ALIS_DATABASE_URL": url,
        "ALIS_MASTER_KEY": base64.b64encode(MASTER_KEY).decode(),
        "ALIS_PORT": str(port),
    }
    env = {name: value for name, value in os.environ.items() if not name.startswith(("ALIS_", "OTEL_"))} | settings
    process = subprocess.Popen([_ALIS, "serve"], env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait_for(port)
        yield port
    finally:
        process.terminate()
        process.wait()


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        with socket.socket() as tried:
            if tried.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise TimeoutError


@contextmanager
def _caller(port: int, hprs: Sequence[str]) -> Iterator[Caller]:
    asking = [sys.executable, "-m", "tests.benchmarks.http_client"]
    with subprocess.Popen(asking, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield Caller(port, hprs, process)


def _row(what: str, caller: Caller, connections: int, sizes: Sizes) -> Line:
    steps, goal = QUESTIONS[what], GOALS.get(what) if connections == 1 else None
    caller.asks(steps, connections, sizes.http_seconds / 2)
    rounds = [caller.asks(steps, connections, sizes.http_seconds) for _ in range(sizes.http_rounds)]
    every, rate = [each for answers in rounds for each in answers.ms], median(answers.rate for answers in rounds)
    made_of = f"{number(quantile(every, 0.95))}, {number(quantile(every, 0.99))} ms, {number(rate)}/s"
    figures = tuple(median(answers.ms) for answers in rounds)
    return Line(f"{what}, {connections} connection{'s'[: connections > 1]}", figures, made_of, goal, " ms")


def _kept(caller: Caller, sizes: Sizes) -> Line:
    """Whether a connection is worth keeping; it was not while every answer on one waited."""
    steps, seconds = QUESTIONS["health"], sizes.http_seconds / 2
    kept = [caller.asks(steps, 1, seconds).rate for _ in range(sizes.http_rounds)]
    new = [caller.asks(steps, 1, seconds, keep=False).rate for _ in range(sizes.http_rounds)]
    figures = tuple(mine / other for mine, other in zip(kept, new, strict=True))
    made_of = f"{number(median(kept))} / {number(median(new))} requests/s"
    return Line("health on a kept connection / on new ones", figures, made_of, Goal("≥", 1.0))


def _beside_the_command(desk: Desk, caller: Caller, hprs: Sequence[str], sizes: Sizes) -> Line:
    """Facts registered over HTTP against the same command in the process, both by eight at once."""
    seconds = sizes.http_seconds
    caller.asks([post(timed=True)], WRITERS, seconds)
    pairs = [
        (caller.asks([post(timed=True)], WRITERS, seconds).rate, _commands(desk, hprs, seconds))
        for _ in range(sizes.http_rounds)
    ]
    over_http, inside = zip(*pairs, strict=True)
    figures = tuple(mine / other for mine, other in pairs)
    made_of = f"{number(median(over_http))} / {number(median(inside))} facts/s"
    return Line("a fact over HTTP / the command, 8 connections", figures, made_of, Goal("≥", 0.5))


def _commands(desk: Desk, hprs: Sequence[str], seconds: float) -> float:
    """Facts a second that eight threads register in this process, each on doctors of its own."""
    with ThreadPoolExecutor(WRITERS) as pool, stopped() as watch:
        until = time.perf_counter() + seconds
        done = pool.map(lambda writer: _registered(desk, hprs[writer::WRITERS], until), range(WRITERS))
        recorded = sum(done)
    return recorded / watch.seconds


def _registered(desk: Desk, hprs: Sequence[str], until: float) -> int:
    """How many facts one thread registers, going from doctor to doctor."""
    recorded = 0
    while time.perf_counter() < until:
        told: list[dict[str, Any]] = [_told(hpr, recorded) for hpr in hprs]
        for fact, by in orders(facts(told)):
            desk.casework.recording.record(fact, by)
        recorded += len(told)
    return recorded


def _told(hpr: str, turn: int) -> Json:
    """The fact as the service makes it of what is posted."""
    moment = {"id": str(command().id), "recorded_at": now().isoformat(), "recorded_by": f"kommune:{MUNICIPALITY}"}
    return {**_FACT, "hours": turn % 20, "hpr": hpr, **moment}
