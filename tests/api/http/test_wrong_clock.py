"""A service whose clock is not the database's: what it recorded would be known at the wrong moment."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Final

import httpx
import pytest

from api.door import metrics
from api.main import create_app
from deploy import clock
from domain.casework.service import Casework
from domain.store import OwnClock, Store
from tests.api.asking import FACTS, KEY, POST, STARTED, as_, problem, refusal, register, serving
from tests.issuer import identity

OURS = as_("kommune:1804")

HOUR: Final = timedelta(hours=1)


class Clock:
    """A clock that can be set."""

    def __init__(self, ahead: timedelta) -> None:
        self.ahead = ahead

    def __call__(self) -> datetime:
        return clock.now() + self.ahead


@contextmanager
def asking(url: str, now: Clock) -> Iterator[httpx.Client]:
    """A client of a service with this clock."""
    store = Store(url, KEY, clock=OwnClock(now))
    app = create_app(Casework(store), now=now, identity=identity(Casework(store)))
    metrics.install(app, store)
    with (
        serving(app) as address,
        httpx.Client(base_url=f"{address}/api/v1", headers=OURS, timeout=60) as client,
    ):
        yield client
    store.close()


def measured(client: httpx.Client) -> float:
    """The difference that the service tells Prometheus."""
    lines = client.get(str(client.base_url.join("/metrics"))).text.splitlines()
    return float(next(line for line in lines if line.startswith("alis_clock_difference_seconds")).split()[1])


@pytest.mark.parametrize("ahead", [-240 * HOUR, 2 * HOUR], ids=["behind", "ahead"])
def test_nothing_is_recorded_while_the_clock_is_not_the_databases(database_url: str, ahead: timedelta) -> None:
    now = Clock(ahead)
    with asking(database_url, now) as client:
        for response in (client.post(FACTS, json=POST), client.get("ready")):
            assert refusal(response) == (503, "clock-differs")
            assert ("10 dager" if ahead < HOUR else "2 timer") in problem(response)["detail"]
        assert refusal(client.get(FACTS)) == (404, "unknown-doctor")
        number = next(
            line
            for line in client.get(client.base_url.join("/metrics")).text.splitlines()
            if line.startswith("alis_clock")
        )
        assert float(number.split()[1]) == pytest.approx(ahead.total_seconds(), abs=60)
        now.ahead = timedelta()
        register(client, POST)
        assert client.get("ready").status_code == 200


def test_a_clock_that_goes_wrong_is_found_while_the_service_runs(database_url: str) -> None:
    now = Clock(timedelta())
    with asking(database_url, now) as client:
        register(client, POST)
        now.ahead = HOUR
        assert refusal(client.get("ready")) == (503, "clock-differs")
        assert refusal(client.post(FACTS, json=STARTED)) == (503, "clock-differs")


def test_a_few_seconds_are_no_matter(database_url: str) -> None:
    with asking(database_url, Clock(timedelta(seconds=3))) as client:
        register(client, POST)
        assert client.get("ready").status_code == 200
