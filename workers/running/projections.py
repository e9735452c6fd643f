"""`alis projections`: where the read models are, and rebuilding them."""

from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import asdict
from functools import partial
from typing import Any

from pydantic_core import to_jsonable_python

from deploy.limits import LONG_SECONDS
from deploy.settings import Settings
from domain.values import words
from domain.values.refusals.refusal import refused
from projections.all import ALL
from projections.engine.projection import Projection
from projections.engine.rebuilding import BeingRebuilt, Progress, Rebuilt, Unlike, rebuild_all
from projections.engine.running import Poisoned
from projections.engine.status import status
from projections.engine.troubles import troubles
from workers.shell.collecting import gc_seldom
from workers.shell.output import Progress as Told
from workers.shell.output import print_json, tell
from workers.shell.session import session, settings_read


def names_argument(to: ArgumentParser) -> None:
    """Which read models."""
    to.add_argument("names", nargs="*", metavar="NAVN", help="bare disse lesemodellene; ellers alle")


def arguments(to: ArgumentParser) -> None:
    """What to do, and with which read models."""
    to.add_argument("what", choices=("status", "rebuild"), metavar="status|rebuild", help="hva som skal gjøres")
    names_argument(to)
    to.add_argument(
        "--accept-differences", action="store_true", help="bytt også når de nye radene er annerledes enn de gamle"
    )


def run(asked: Namespace) -> None:
    """Tell where they are, or rebuild them."""
    settings = settings_read()
    if asked.what == "status":
        found, troubles_told = tell_status(settings)
        print_json(found)
        for trouble in troubles_told:
            tell(trouble)
        return
    progress = partial(Told(), "bygd til posisjon")
    print_json(rebuild_some(settings, asked.names, progress, accept_differences=asked.accept_differences))


def chosen(names: Sequence[str]) -> tuple[type[Projection], ...]:
    """The projections of these names, or all; raises `Refused` (unknown-projection)."""
    known = {projection.name: projection for projection in ALL}
    for name in names:
        if name not in known:
            raise refused("unknown-projection", name=name, known=words.listed(known))
    return tuple(known[name] for name in names) or ALL


def tell_status(settings: Settings) -> tuple[list[dict[str, Any]], list[str]]:
    """Where every generation of every projection is, and what is not as it should be."""
    with session(settings) as now, now.store.reading(None) as connection:
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
        url = now.for_read_models()
        done = rebuild_all(projections, now.store, url, progress, accept_differences=accept_differences)
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
