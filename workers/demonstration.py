"""The demonstration: the golden cases, each as a doctor of its own, Bodø's result in 2026, and its claim."""

import json
from typing import Final

from deploy.clock import now as clock
from deploy.settings import CHECKOUT
from domain.errors import Rejected
from domain.intake import read_facts
from workers.demonstrated_claim import live
from workers.session import OPERATOR, Session, command
from workers.table import short_table

FIRST_DOCTOR: Final = 9_000_001
MUNICIPALITY: Final = "1804"
ROUND: Final = "2026"
_CASES: Final = CHECKOUT / "tests" / "golden"
_MORE: Final = f"""\
Hvorfor månedene og beløpene er som de er, vises i et annet vindu med
  .venv/bin/alis replay --municipality {MUNICIPALITY} --round {ROUND} --format table
"""


def demonstrate(now: Session) -> str:
    """Import what is not there yet, and return what a person is shown."""
    taken_in = _taken_in(now)
    rules = now.casework.book.rule_set(None, ROUND)
    result = now.casework.replay(MUNICIPALITY, rules, None).result
    life = live(now.casework, MUNICIPALITY, ROUND)
    return f"{taken_in}\n\n{short_table(result)}\n{_MORE}\n{life}\n"


def _taken_in(now: Session) -> str:
    """What was imported; nothing where somebody has changed or erased what the examples tell, which stands."""
    try:
        counts = now.casework.importing.import_facts(read_facts(demonstration()), command(OPERATOR, "import"), clock())
    except Rejected:
        return "Eksemplene er endret siden de ble lest inn, og leses ikke inn på nytt."
    return (
        f"Eksemplene (oppdiktede leger): {counts.facts} opplysninger om {counts.doctors} leger,"
        f" {counts.stored} nye og {counts.already_stored} lagret fra før."
    )


def demonstration() -> bytes:
    """The facts of every golden case as one history, in the order of the cases' names."""
    facts = [
        {**fact, "hpr": str(FIRST_DOCTOR + number)}
        for number, file in enumerate(sorted(_CASES.glob("*.json")))
        for fact in json.loads(file.read_text("utf-8"))["facts"]
    ]
    return json.dumps(facts).encode()
