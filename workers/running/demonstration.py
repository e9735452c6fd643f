"""The demonstration: invented doctors, and three claims of municipalities.

Bodø's has come to its end, Beiarn's waits for a caseworker, and in Hamarøy something was learnt after the decision.
"""

import json
from pathlib import Path
from typing import Any, Final

import structlog

from deploy.clock import now as clock
from deploy.issuer import people
from deploy.logs import QUIET
from deploy.settings import CHECKOUT
from domain.casework.commands.commands import Actor
from domain.casework.facts.importing import Imported
from domain.casework.service import Casework
from domain.doctor.intake.intake import read_facts
from domain.values.refusals.refusal import Rejected
from domain.values.words import grouped
from workers.running.demonstrated_claim import IN_SPRING, SUBMITTED, live
from workers.shell.collecting import gc_paused
from workers.shell.session import OPERATOR, Session, command

FIRST_DOCTOR: Final = 9_000_001
MUNICIPALITY: Final = "1804"
ROUND: Final = "2026"
_CASES: Final = CHECKOUT / "tests" / "golden"
_GIVEN: Final = ("Biret", "Ola", "Åse", "Máhtte", "Ingrid", "Łukasz", "Sunniva", "Ánte", "Jörg")
_FAMILY: Final = ("Vik", "Čáhppe", "Nordmo", "Ødegård", "Šuoš-Lie", "Dahl", "Weiß", "O’Brien", "Sandnes", "Hætta")
"""Of numbers without a common factor, so that each doctor has another name."""
_HERE: Final = Path(__file__).parent
_BEIARN: Final = "1839"
_HAMAROY: Final = "1875"
_REVISOR: Final = {"type": "revisor_engaged", "first_day": "2026-01-01", "organisation_number": "999990010"}
_OFFICE: Final = {"type": "office_invited", "first_day": "2026-01-01", "organisation_number": "999990029"}
_LET_IN: Final = (
    (MUNICIPALITY, {**_REVISOR, "entry": "revisor"}),
    (_BEIARN, {**_REVISOR, "entry": "revisor"}),
    (MUNICIPALITY, {**_OFFICE, "entry": "kontor"}),
)
"""The firm and the office that the demonstration's people work for."""
_TO_TRY: Final = (
    ("Bodø måned for måned", f"replay --municipality {MUNICIPALITY} --round {ROUND}"),
    ("En hel tilskuddssøknad", f"claim show {MUNICIPALITY}-{ROUND}"),
    ("Vedtatt i vår, nytt i høst", f"claim effect {_HAMAROY}-{ROUND}"),
    ("Alle kommandoene", "--help"),
)


def demonstrate(now: Session) -> str:
    """Import and decide what is not there yet; gives what there is and what to try, in the same words every time."""
    with structlog.contextvars.bound_contextvars(**{QUIET: True}):
        loaded = _loaded(now)
    lines = [("Lest inn", loaded), *((what, f".venv/bin/alis {how}") for what, how in _TO_TRY)]
    lines += [("Hvem du kan være", ".venv/bin/alis claim list --as ada; til curl: .venv/bin/alis token --as ada")]
    lines += [(f"  {each['id']}", f"{each['name']}, {each['what']}") for each in people()]
    lines += [("BARE FOR PRØVING", "alle er oppdiktet, og hvem som helst på denne maskinen kan logge inn som dem")]
    return "".join(f"{what:<28}{how}\n" for what, how in lines)


def _loaded(now: Session) -> str:
    """What was imported; nothing if the examples were changed or erased since, which is left as it is."""
    try:
        _let_in(now.casework)
        examples, spring = _imported(now, demonstration()), _imported(now, (_HERE / "spring.jsonl").read_bytes())
        live(now.casework, MUNICIPALITY, ROUND)
        live(now.casework, _HAMAROY, ROUND, IN_SPRING)
        live(now.casework, _BEIARN, ROUND, SUBMITTED)
        autumn = _imported(now, (_HERE / "autumn.jsonl").read_bytes())
    except Rejected:
        return "eksemplene, som er endret siden; de leses ikke inn på nytt"
    facts, doctors = examples.facts + spring.facts + autumn.facts, examples.doctors + spring.doctors
    return f"{grouped(facts)} opplysninger om {grouped(doctors)} oppdiktede leger i Bodø, Beiarn og Hamarøy"


def _let_in(casework: Casework) -> None:
    """What lets the demonstration's revisor and ALIS office in: they act for whoever has engaged or invited them."""
    for municipality, entry in _LET_IN:
        order = command(Actor.named(f"kommune:{municipality}"), "terminal")
        casework.municipalities.register(municipality, entry, clock(), order)


@gc_paused()
def _imported(now: Session, facts: bytes) -> Imported:
    return now.casework.importing.import_facts(read_facts(facts), command(OPERATOR, "import"), clock())


def demonstration() -> bytes:
    """The facts of every golden case as one history, in the order of the cases' names."""
    facts = [
        {**fact, "hpr": str(FIRST_DOCTOR + number)}
        for number, file in enumerate(sorted(_CASES.glob("*.json")))
        for fact in _with_name(number, json.loads(file.read_text("utf-8"))["facts"])
    ]
    return json.dumps(facts).encode()


def _with_name(number: int, facts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """A doctor's facts, and an invented name that was recorded with the first of them."""
    name = f"{_GIVEN[number % len(_GIVEN)]} {_FAMILY[number % len(_FAMILY)]}"
    head = {key: facts[0][key] for key in ("recorded_at", "recorded_by")}
    return [*facts, {"id": "navn", "type": "doctor_named", "name": name, **head}]
