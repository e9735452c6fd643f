"""`alis worker` and `alis projections`: running, watching and rebuilding the read side."""

from collections.abc import Sequence
from concurrent.futures import Future
from contextlib import ExitStack, closing
from dataclasses import asdict
from typing import Any

from pydantic_core import to_jsonable_python

from deploy import telemetry
from deploy.ending import told_to_end
from deploy.limits import LONG_SECONDS
from deploy.settings import Settings
from domain.values.refusals.refusal import refused
from projections.all import ALL
from projections.engine.projection import Projection
from projections.engine.rebuilding import BeingRebuilt, Progress, Rebuilt, Unlike, rebuild_all
from projections.engine.running import Poisoned, connect
from projections.engine.status import status
from projections.engine.troubles import troubles
from projections.workers import Workers
from workers.shell.collecting import gc_seldom
from workers.shell.session import session


def chosen(names: Sequence[str]) -> tuple[type[Projection], ...]:
    """The projections of these names, all where none is named; raises `Refused` (unknown-projection)."""
    known = {projection.name: projection for projection in ALL}
    for name in names:
        if name not in known:
            raise refused("unknown-projection", name=name, known=", ".join(known))
    return tuple(known[name] for name in names) or ALL


def work(settings: Settings, names: Sequence[str]) -> None:
    """Run projections until told to end; a page under way is undone, and taken again by whoever comes next."""
    projections = chosen(names)
    with told_to_end() as told, session(settings) as now, ExitStack() as ending:
        watcher, stop = telemetry.install_worker(now.store)
        ending.callback(stop)
        ending.enter_context(gc_seldom())
        ending.enter_context(Workers(projections, now.store, now.url, watcher))
        told.wait()


def tell_status(settings: Settings) -> tuple[list[dict[str, Any]], list[str]]:
    """Where every generation of every projection is, and what is not as it should be."""
    with session(settings) as now, closing(connect(now.url)) as connection:
        found = status(connection)
    return [to_jsonable_python(each) for each in found], [str(each) for each in troubles(found)]


def rebuild_some(
    settings: Settings, names: Sequence[str], progress: Progress, *, accept_differences: bool
) -> list[dict[str, Any]]:
    """Rebuild projections while the old ones serve, all at the same time.

    Raises `Refused` (rebuild-differs, rebuild-stopped, rebuild-under-way) for the first that fails; of those that
    fail the old one goes on serving.
    """
    projections = tuple(dict.fromkeys(chosen(names)))
    with session(settings, LONG_SECONDS) as now, gc_seldom():
        done = rebuild_all(projections, now.store, now.url, progress, accept_differences=accept_differences)
    return [_rebuilt(projection, each) for projection, each in zip(projections, done, strict=True)]


def _rebuilt(projection: type[Projection], done: "Future[Rebuilt]") -> dict[str, Any]:
    try:
        return asdict(done.result())
    except Unlike as unlike:
        raise refused("rebuild-differs", name=projection.name, rows=unlike.rows) from None
    except Poisoned as poisoned:
        raise refused("rebuild-stopped", name=projection.name, position=poisoned.position) from poisoned
    except BeingRebuilt:
        raise refused("rebuild-under-way", name=projection.name) from None
