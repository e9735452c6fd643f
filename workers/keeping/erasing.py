"""`alis erase`: one operator asks that a doctor's key be destroyed, another confirms it."""

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Mapping
from contextlib import closing
from dataclasses import asdict
from typing import Any, Final

from deploy.clock import now
from deploy.roles import check_may_erase
from deploy.settings import read_settings
from domain.doctor.key import ErasureReason, KeyDestroyed
from domain.rules.result import moment_text
from domain.store import SealedUnder
from domain.values.refusals.refusal import refused
from projections.doctors.search import Search
from projections.engine.running import connect
from projections.engine.status import wait_for
from workers.access.reads import acting
from workers.keeping.destroyed_keys import add, list_logged
from workers.shell.arguments import acting_options, hpr
from workers.shell.output import print_json, tell
from workers.shell.session import Session, command

_SECONDS: Final = 3.0
"""So long the read side is waited for; a worker that runs needs much less."""


def arguments(to: ArgumentParser) -> None:
    """Whose key, which step, and who takes it."""
    to.add_argument("hpr", type=hpr, metavar="HPR", help="legens HPR-nummer")
    what = to.add_mutually_exclusive_group(required=True)
    what.add_argument(
        "--reason-code", choices=tuple(map(str, ErasureReason)), metavar="GRUNN",
        help="be om sletting; hvorfor: " + ", ".join(ErasureReason),
    )  # fmt: skip
    what.add_argument("--confirm", action="store_true", help="bekreft det en annen har bedt om, og slett")
    what.add_argument("--withdraw", action="store_true", help="trekk det noen har bedt om; ingenting slettes")
    acting_options(to)


def run(asked: Namespace) -> None:
    """Take the step, and tell what comes next."""
    done = erase(asked)
    print_json(done)
    if sentence := next_step(done):
        tell(sentence)


def erase(asked: Namespace) -> dict[str, Any]:
    """Take the step that was asked for; tells what was done, and what is gone or will be.

    Raises `Refused` (erase-unconfirmed, and as `Erasing` does).
    """
    with acting(asked, as_owner=asked.confirm) as at:
        if asked.confirm:
            check_may_erase(at.url)
            return _confirm(at, asked)
        return _withdraw(at, asked) if asked.withdraw else _request(at, asked)


def _request(at: Session, asked: Namespace) -> dict[str, Any]:
    moment = now()
    done = at.casework.erasing.request(asked.hpr, asked.reason_code, command(asked.actor, "terminal"), moment)
    goes = at.casework.erasing.goes(asked.hpr)
    return {**asdict(done), "by": asked.actor.subject, "at": moment_text(moment), "erased": False, "goes": asdict(goes)}


def _withdraw(at: Session, asked: Namespace) -> dict[str, Any]:
    moment = now()
    done = at.casework.erasing.withdraw(asked.hpr, command(asked.actor, "terminal"), moment)
    return {**asdict(done), "by": asked.actor.subject, "at": moment_text(moment), "erased": False}


def _confirm(at: Session, asked: Namespace) -> dict[str, Any]:
    """Tells whether the read side has forgotten too. The key stands on the list before it goes."""
    goes = at.casework.erasing.goes(asked.hpr)
    if not _said_again(asked.hpr, goes):
        raise refused("erase-unconfirmed", hpr=asked.hpr)
    order, moment, settings = command(asked.actor, "terminal"), now(), read_settings()
    list_logged(settings, at.store, moment)

    def on_the_list(destroyed: KeyDestroyed) -> None:
        add(settings, [destroyed], moment)

    done = at.casework.erasing.confirm(asked.hpr, order, moment, on_the_list)
    with closing(connect(at.url)) as connection:
        forgot = wait_for(connection, at.casework.position_of(order.id), _SECONDS, [Search.name])
    told = {"by": asked.actor.subject, "at": moment_text(moment), "erased": True, "gone": asdict(goes)}
    return {**done.as_json(), **told, "read_side_forgot": forgot}


def _said_again(doctor: str, goes: SealedUnder) -> bool:
    """Whether the person at the terminal, if there is one, gives the number once more, having seen what goes."""
    if not sys.stdin.isatty():
        return True
    sys.stderr.write(f"{what_goes(doctor, goes)}\nSkriv HPR-nummeret en gang til for å slette: ")
    sys.stderr.flush()
    return sys.stdin.readline().strip() == doctor


def what_goes(doctor: str, goes: SealedUnder) -> str:
    """What is about to be gone, for the person who decides it."""
    lines = [
        f"Dette om legen {doctor} blir borte for alltid; måneder og kroner blir stående:",
        f"  nøkkelen {goes.key}",
        f"  navn, permisjonstyper og fritekst i {_counted(goes.facts, 'opplysning', 'opplysninger')}",
        *(f"  tekst i {_counted(n, 'hendelse', 'hendelser')} i søknaden {claim}" for claim, n in goes.claims.items()),
        *([f"  begrunnelsen for {_counted(goes.ties, 'habilitetsforhold', 'habilitetsforhold')}"] if goes.ties else []),
        *(
            f"  vedlegget {each.document} ({each.media_type}, {each.size} byte) i søknaden {each.claim}"
            for each in goes.documents
        ),
    ]
    return "\n".join(lines)


def _counted(number: int, one: str, several: str) -> str:
    return f"{number} {one if number == 1 else several}"


def next_step(told: Mapping[str, Any]) -> str | None:
    """What the person has to know after a step."""
    if "lapses_at" in told:
        return (
            "Ingenting er slettet ennå. En annen enn deg bekrefter med alis erase"
            f" {told['hpr']} --confirm innen 30 dager; den som angrer, skriver --withdraw."
        )
    if told.get("read_side_forgot") is False:
        return "Lesemodellene har ikke glemt ennå; det gjør de når alis worker går."
    return None
