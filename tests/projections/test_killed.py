"""A projector that is killed in the middle of a page leaves nothing half done."""

import multiprocessing
import random
import time

import pytest

from projections.all import ALL
from tests.benchmarks.stories import new_doctors, told
from tests.projections.house import House
from tests.projections.projector import project

SEEDS = 200
STARTING = multiprocessing.get_context("forkserver")


@pytest.mark.long
def test_a_projector_killed_at_any_moment_and_begun_again_gives_what_a_fresh_fold_gives(at: House) -> None:
    STARTING.set_forkserver_preload(["tests.projections.projector"])
    chance, short = random.Random(8), 0  # noqa: S311 - the same kills every time
    for seed in range(SEEDS):
        [hpr] = new_doctors(1)
        at.imports(told(hpr, 8))
        here, there = STARTING.Pipe()
        process = STARTING.Process(target=project, args=(at.url, 1 + seed % 5, there), daemon=True)
        process.start()
        here.recv()
        time.sleep(chance.random() * 0.1)
        process.kill()
        process.join()
        short += bool(at.asks("SELECT name FROM projections WHERE position < (SELECT max(position) FROM events)"))
    assert short > SEEDS / 10
    at.levels()
    assert [at.differs_from_fresh(projection) for projection in ALL] == [0] * len(ALL)
