"""`alis worker`: keeps the read models up to date until it is stopped."""

from argparse import ArgumentParser, Namespace
from contextlib import ExitStack

from deploy import telemetry
from deploy.ending import told_to_end
from projections.workers import Workers
from workers.running.projections import chosen, names_argument
from workers.shell.collecting import gc_seldom
from workers.shell.session import opened


def arguments(to: ArgumentParser) -> None:
    """Which read models."""
    names_argument(to)


def run(asked: Namespace) -> None:
    """Run projections until SIGTERM or Ctrl-C. A page under way is rolled back; the next worker takes it."""
    projections = chosen(asked.names)
    with told_to_end() as told, opened() as at, ExitStack() as ending:
        watcher, stop = telemetry.install_worker(at.store)
        ending.callback(stop)
        ending.enter_context(gc_seldom())
        ending.enter_context(Workers(projections, at.store, at.for_read_models(), watcher))
        told.wait()
