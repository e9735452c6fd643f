"""The documented steps of a claim, taken one after the other, with what happens between them."""

import hashlib
import json
from dataclasses import dataclass
from datetime import date
from typing import Final

import httpx

from api.described.examples import bodies
from deploy.clock import now
from domain.values import words
from domain.values.norwegian_time import norwegian_day
from tests.api.asking import CLERK, HPR, Json, as_, engage
from tests.api.recorded import EXAMPLES

TODAY: Final = norwegian_day(now())
CLAIM: Final = "1804-2026"
ONE: Final = f"claims/{CLAIM}"
STARTED: Final[Json] = {"type": "track_started", "on": "2025-09-01", "scheme": "new"}
REGISTERED_LATER: Final[Json] = {
    "type": "position_started",
    "id": "stilling-2025",
    "position": "p1",
    "municipality": "1804",
    "category": "gp",
    "percent": 100,
    "first_day": "2025-10-01",
}
"""A post of a colleague, registered when the claim was open."""
KNOWN_LATER: Final[Json] = {
    "type": "leave_registered",
    "id": "permisjon-2025",
    "leave": "l9",
    "kind": "parental",
    "first_day": "2025-11-01",
    "last_day": "2025-12-31",
}
"""A leave that nobody had told of when the claim was closed."""
MUNICIPALITY: Final = "kommune:1804"
CASEWORKER: Final = "saksbehandler:ab"
APPROVER: Final = "godkjenner:cd"
REVISOR: Final = "person:ef; role=revisor; organisation=1804"
COLLEAGUE: Final = "9000002"
DOCUMENT: Final = b"%PDF-1.7\n% ALIS-avtale\n"
DIGEST: Final = f"sha256:{hashlib.sha256(DOCUMENT).hexdigest()}"
DAY: Final = "2026-11-20"
"""The day of the examples: of payment and signing."""
_OTHERS: Final = {
    "return": CASEWORKER,
    "assess": CASEWORKER,
    "propose": CASEWORKER,
    "allow_late_submission": CASEWORKER,
    "pay": CASEWORKER,
    "accept_report": CASEWORKER,
    "close": CASEWORKER,
    "reopen": CASEWORKER,
    "reclaim": CASEWORKER,
    "send_back": APPROVER,
    "approve": APPROVER,
    "attest": REVISOR,
}
"""Who takes the steps that a municipality does not take."""


@dataclass(frozen=True, slots=True)
class Example:
    """A step: by whom, and what is asked."""

    actor: str
    body: Json

    @property
    def name(self) -> str:
        """The type of the step."""
        return str(self.body["type"])


_BODIES: Final = [each["value"] for _, each in sorted(bodies()["ClaimStep"].items())]
STEPS: Final = tuple(Example(_OTHERS.get(each["type"], MUNICIPALITY), each) for each in _BODIES)
"""Every step of one claim's life. A document is attached before `remove_document`, and again after `return`."""
NAMES: Final = [each.name for each in STEPS]
SECOND_SUBMISSION, SECOND_PROPOSAL = (
    [n for n, each in enumerate(NAMES) if each == name][1] for name in ("submit", "propose")
)


def by(actor: str, **headers: str) -> dict[str, str]:
    """Who acts, and what else stands in the headers."""
    return {**as_(actor), **{name.replace("_", "-"): value for name, value in headers.items()}}


def registered(client: httpx.Client, hpr: str, *facts: Json) -> None:
    """Register facts on a doctor."""
    for fact in facts:
        response = client.post(f"doctors/{hpr}/facts", json=fact, headers=CLERK)
        assert response.status_code == 201, response.text


def attach(
    client: httpx.Client, actor: str = MUNICIPALITY, content: bytes = DOCUMENT, hpr: str = HPR, **headers: str
) -> httpx.Response:
    """Attach the agreement of a doctor."""
    said = by(actor, **{"Content_Type": "application/pdf", **headers})
    return client.post(f"{ONE}/documents", params={"kind": "agreement", "hpr": hpr}, content=content, headers=said)


def step(client: httpx.Client, actor: str, body: Json, **headers: str) -> httpx.Response:
    """Take a step; the day of the examples is today."""
    dated = {name: TODAY.isoformat() if value == DAY else value for name, value in body.items()}
    return client.post(f"{ONE}/steps", json=dated, headers=by(actor, **headers))


def taken(client: httpx.Client, example: Example, number: int) -> Json:
    """Take a documented step, which is answered with the claim."""
    response = step(client, example.actor, example.body, Idempotency_Key=f"step-{number}")
    assert response.status_code == (201 if example.name == "open" else 200), (example, response.text)
    found: Json = response.json()
    return found


def live(client: httpx.Client, until: int = len(STEPS), since: int = 0) -> dict[str, Json]:
    """Take the documented steps in order; the answers, each under what it was to."""
    if since == 0:
        engage(client, "1804")
        registered(client, HPR, *EXAMPLES)
    kept: dict[str, Json] = {}
    for number, example in list(enumerate(STEPS))[since:until]:
        if example.name == "propose_lines":
            registered(client, COLLEAGUE, REGISTERED_LATER, STARTED)
        if example.name == "remove_document" or number == SECOND_SUBMISSION:
            response = attach(client, Idempotency_Key=f"document-{number}")
            assert response.status_code == 200, response.text
            kept["attached"] = response.json()
        if example.name == "reopen":
            registered(client, HPR, KNOWN_LATER)
        kept["opened" if example.name == "open" else "claim"] = taken(client, example, number)
    return kept


def lived_until(client: httpx.Client, name: str) -> dict[str, Json]:
    """The life up to and with the first step of a name."""
    return live(client, NAMES.index(name) + 1)


def documented(value: Json) -> Json:
    """An answer as it would be on the day of the examples."""
    text, then = json.dumps(value, ensure_ascii=False), date.fromisoformat(DAY)
    found: Json = json.loads(text.replace(TODAY.isoformat(), DAY).replace(words.day(TODAY), words.day(then)))
    return found
