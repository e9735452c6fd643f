"""`alis erase`: the operator destroys a doctor's key, after saying twice whose."""

import sys
from argparse import Namespace
from contextlib import closing
from typing import Any, Final

from deploy.clock import now
from deploy.settings import Settings
from domain.casework.commands import Actor
from domain.errors import refused
from domain.rules.result import moment_text
from projections.running import connect
from projections.search import Search
from projections.status import wait_for
from workers.session import command, session

_SECONDS: Final = 3.0
"""So long the read side is waited for; a worker that runs needs much less."""


def erase(settings: Settings, asked: Namespace) -> dict[str, Any]:
    """Erase what is personal about a doctor; tells what was done, and whether the read side has forgotten too.

    Raises `Refused` (erase-unconfirmed, and as `Erasing.erase`).
    """
    if _confirmed(asked) != asked.hpr:
        raise refused("erase-unconfirmed", hpr=asked.hpr)
    order, moment = command(Actor.named(asked.by), "terminal"), now()
    with session(settings) as at, closing(connect(at.url)) as connection:
        done = at.casework.erasing.erase(asked.hpr, asked.reason_code, order, moment)
        forgot = wait_for(connection, at.casework.position_of(order.id), _SECONDS, [Search.name])
    return {**done.as_json(), "by": asked.by, "at": moment_text(moment), "read_side_forgot": forgot}


def _confirmed(asked: Namespace) -> str | None:
    """The number as it was given a second time: beside the first, or by the person at the terminal."""
    if asked.confirm is not None or not sys.stdin.isatty():
        confirmed: str | None = asked.confirm
        return confirmed
    sys.stderr.write(
        f"Navn, permisjonstyper, fritekst og vedlegg om legen {asked.hpr} blir borte for alltid;"
        " måneder og kroner blir stående.\n"
        "Skriv HPR-nummeret en gang til for å slette: "
    )
    sys.stderr.flush()
    return sys.stdin.readline().strip()
