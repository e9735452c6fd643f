"""Work in a process of its own, beside what is measured: workers, and somebody who rebuilds."""

import multiprocessing
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from multiprocessing.connection import Connection

from domain.store import Store
from projections.all import ALL
from projections.engine.rebuilding import rebuild_all
from projections.workers import Workers
from tests.benchmarks.house import MASTER_KEY, log_to_nowhere
from workers.shell.collecting import gc_seldom

_SPAWN = multiprocessing.get_context("spawn")


@contextmanager
def process(work: Callable[[Connection, str], None], url: str) -> Iterator[Connection]:
    """Something that goes on meanwhile; given when it is ready."""
    ours, theirs = _SPAWN.Pipe()
    started = _SPAWN.Process(target=work, args=(theirs, url), daemon=True)
    started.start()
    ours.recv()
    try:
        yield ours
    finally:
        ours.send(None)
        started.join()


def workers(pipe: Connection, url: str) -> None:
    """`alis worker`, until told to end."""
    log_to_nowhere()
    with gc_seldom(), closing(Store(url, MASTER_KEY)) as store, Workers(ALL, store, url):
        pipe.send("ready")
        pipe.recv()


def rebuilder(pipe: Connection, url: str) -> None:
    """`alis projections rebuild`, as often as it is asked to."""
    log_to_nowhere()
    with gc_seldom(), closing(Store(url, MASTER_KEY)) as store:
        assert store.answers()
        pipe.send("ready")
        while pipe.recv():
            pipe.send([each.result().differences for each in rebuild_all(ALL, store, url)])
