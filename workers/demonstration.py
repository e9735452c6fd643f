"""The demonstration: the golden cases, each as a doctor of its own, and Bodø's claim for 2026."""

import json
from typing import Final

import structlog

from deploy.clock import now as clock
from deploy.logs import QUIET
from deploy.settings import CHECKOUT
from domain.errors import Rejected
from domain.intake import read_facts
from domain.words import grouped
from workers.demonstrated_claim import live
from workers.session import OPERATOR, Session, command

FIRST_DOCTOR: Final = 9_000_001
MUNICIPALITY: Final = "1804"
ROUND: Final = "2026"
_CASES: Final = CHECKOUT / "tests" / "golden"
_ROUND: Final = f"--municipality {MUNICIPALITY} --round {ROUND}"
_TO_TRY: Final = (
    ("Bodø måned for måned", f"replay {_ROUND} --format table"),
    ("En hel tilskuddssøknad", f"claim show {MUNICIPALITY}-{ROUND} --format table"),
    ("Kjent siden 1. april 2026", f"explain {_ROUND} --from 2026-04-01T00:00:00Z --to now --format table"),
    ("Alle kommandoene", "--help"),
)


def demonstrate(now: Session) -> str:
    """Import and decide what is not there yet; gives what there is and what to try, in the same words every time."""
    with structlog.contextvars.bound_contextvars(**{QUIET: True}):
        loaded = _loaded(now)
        live(now.casework, MUNICIPALITY, ROUND)
    lines = [("Lest inn", loaded), *((what, f".venv/bin/alis {how}") for what, how in _TO_TRY)]
    return "".join(f"{what:<27}{how}\n" for what, how in lines)


def _loaded(now: Session) -> str:
    """What was imported; nothing where somebody has changed or erased what the examples tell, which stands."""
    try:
        counts = now.casework.importing.import_facts(read_facts(demonstration()), command(OPERATOR, "import"), clock())
    except Rejected:
        return "eksemplene, som er endret siden; de leses ikke inn på nytt"
    return f"{grouped(counts.facts)} opplysninger om {grouped(counts.doctors)} oppdiktede leger, i Bodø og Beiarn"


def demonstration() -> bytes:
    """The facts of every golden case as one history, in the order of the cases' names."""
    facts = [
        {**fact, "hpr": str(FIRST_DOCTOR + number)}
        for number, file in enumerate(sorted(_CASES.glob("*.json")))
        for fact in json.loads(file.read_text("utf-8"))["facts"]
    ]
    return json.dumps(facts).encode()
