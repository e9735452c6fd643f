"""A projector that is killed in the middle of a page leaves nothing half done."""

import multiprocessing
import os
import random
import signal
import time

import pytest

from projections.all import ALL
from tests.benchmarks.stories import new_doctors, told
from tests.projections.house import House
from tests.projections.projector import project

SEEDS = 200
STARTING = multiprocessing.get_context("forkserver")


def pages_under_way(at: House) -> bool:
    """Whether somebody has written rows in a transaction that is not committed."""
    query = """
        SELECT 1 AS one FROM pg_locks JOIN pg_class ON pg_class.oid = relation
        JOIN pg_namespace ON pg_namespace.oid = relnamespace
        WHERE nspname = 'read' AND mode = 'RowExclusiveLock' AND pg_locks.granted
    """
    return bool(at.asks(query))


@pytest.mark.long
def test_a_projector_killed_at_any_moment_and_begun_again_gives_what_a_fresh_fold_gives(at: House) -> None:
    STARTING.set_forkserver_preload(["tests.projections.projector"])
    chance, within = random.Random(8), 0  # noqa: S311 - the same kills every time
    for seed in range(SEEDS):
        [hpr] = new_doctors(1)
        at.imports(told(hpr, 8))
        here, there = STARTING.Pipe()
        process = STARTING.Process(target=project, args=(at.url, 1 + seed % 5, there), daemon=True)
        process.start()
        for _ in range(chance.randrange(1, 12)):
            if here.poll(0.3):
                here.recv()
        time.sleep(chance.random() * 0.008)
        assert process.pid is not None
        os.kill(process.pid, signal.SIGSTOP)
        within += pages_under_way(at)
        process.kill()
        process.join()
    assert within > SEEDS / 5  # so many died with a page under way: rows written, position not moved
    at.levels()
    assert [at.differs_from_fresh(projection) for projection in ALL] == [0] * len(ALL)
