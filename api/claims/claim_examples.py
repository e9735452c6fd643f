"""Every step of one claim's life, as it is asked for over HTTP, and what was answered.

The steps are taken one after the other in a test, which also sees that the answers are these.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from api.doctors import examples

Json = dict[str, Any]
MUNICIPALITY: Final = f"kommune:{examples.MUNICIPALITY}"
CASEWORKER: Final = "saksbehandler:ab"
APPROVER: Final = "godkjenner:cd"
REVISOR: Final = f"person:ef; role=revisor; organisation={examples.MUNICIPALITY}"
DOCUMENT: Final = b"%PDF-1.7\n% ALIS-avtale\n"
DIGEST: Final = f"sha256:{hashlib.sha256(DOCUMENT).hexdigest()}"
COLLEAGUE: Final = "9000002"
_APPLIED: Final[Json] = {"basis": "agreement", "first_month": "2025-06", "last_month": "2026-05", "supplement": True}
_LINE: Final = "sha256:04abe21227f24a4b23eaca55bdff65d475528e9de39ce49923af2dd8fd4da204"
DAY: Final = "2026-11-20"
"""The day of the examples: of payment and signing."""
_PAID: Final = 100_000
_TOO_MUCH: Final = 17_531


@dataclass(frozen=True, slots=True)
class Example:
    """A step: what it is about, by whom, what is asked."""

    summary: str
    actor: str
    body: Json

    @property
    def name(self) -> str:
        """The type of the step."""
        return str(self.body["type"])


def _by(actor: str, summary: str, step: str, **fields: object) -> Example:
    return Example(summary, actor, {"type": step, **fields})


STEPS: Final = (
    _by(MUNICIPALITY, "Open the claim; lines are proposed from what is registered", "open"),
    _by(MUNICIPALITY, "Take it back", "withdraw", reason="Åpnet for tidlig."),
    _by(MUNICIPALITY, "Open it again", "open"),
    _by(MUNICIPALITY, "Propose lines for doctors registered since", "propose_lines"),
    _by(MUNICIPALITY, "Leave a doctor out", "remove_line", hpr=examples.HPR, reason="Skal kontrolleres."),
    _by(MUNICIPALITY, "Add a doctor", "add_line", hpr=examples.HPR, applied=_APPLIED),
    _by(MUNICIPALITY, "Say what is applied for", "confirm_line", hpr=examples.HPR, applied=_APPLIED),
    _by(MUNICIPALITY, "Do not apply for the colleague", "remove_line", hpr=COLLEAGUE),
    _by(
        MUNICIPALITY,
        "Report costs, traceable in the accounts",
        "report_costs",
        hpr=examples.HPR,
        costs=[{"element": "learning_activities", "kroner": 11_000}, {"element": "supervision", "kroner": 60_000}],
        project_code="4711",
    ),
    _by(MUNICIPALITY, "Take a document off the claim", "remove_document", document=DIGEST),
    _by(CASEWORKER, "Allow it after the deadline", "allow_late_submission", reason="Brevet om fristen kom bort."),
    _by(MUNICIPALITY, "Submit", "submit", name="Kari Nordmann"),
    _by(
        CASEWORKER,
        "Send it back to be put right",
        "return",
        reason="Avtalen mangler.",
        lines=[{"hpr": examples.HPR, "remark": "Legg ved ALIS-avtalen."}],
    ),
    _by(MUNICIPALITY, "Submit again", "submit", name="Kari Nordmann"),
    _by(CASEWORKER, "Assess: compute it, and store all that it rests on", "assess"),
    _by(CASEWORKER, "Propose to grant every line as assessed", "propose"),
    _by(APPROVER, "Do not approve", "send_back", reason="Timelistene skal kontrolleres."),
    _by(
        CASEWORKER,
        "Propose to grant a part",
        "propose",
        lines=[
            {
                "hpr": examples.HPR,
                "outcome": "partly_granted",
                "kroner": _PAID,
                "reason_code": "costs_not_documented",
                "reason": "Timelistene for mai mangler.",
            }
        ],
    ),
    _by(APPROVER, "Approve, as another person: then it is decided", "approve"),
    _by(
        CASEWORKER,
        "Record the payment",
        "pay",
        kroner=_PAID,
        paid_on=DAY,
        organisation_number="972418013",
        account="12345678903",
        reference="Utbetaling 17",
    ),
    _by(MUNICIPALITY, "Ask the revisor", "request_attestation", revisor="person:ef"),
    _by(
        REVISOR,
        "Sign a statement over the exact content of lines",
        "attest",
        grant_scheme="Nasjonal ALIS og veiledning",
        budget_item="Kap. 762 post 63",
        addressee="Helsedirektoratet",
        attested=[{"what": "ALIS-avtalen er inngått", "document": DIGEST}],
        control_actions=["Avtalen er lest.", "Kostnadene er avstemt mot prosjektregnskapet."],
        lines=[{"hpr": examples.HPR, "digest": _LINE, "finding": "confirmed"}],
        place="Bodø",
        signed_on=DAY,
        name="Eva Fjell",
        firm="Revisjon Nord",
    ),
    _by(CASEWORKER, "Accept the report", "accept_report", remark="Ingen merknader."),
    _by(CASEWORKER, "Close", "close"),
    _by(CASEWORKER, "Reopen, for something is known now that changes a line", "reopen", reason="Permisjon meldt sent."),
    _by(CASEWORKER, "Assess it again", "assess"),
    _by(
        CASEWORKER,
        "Propose the new decision; a line that got less than it could is named",
        "propose",
        lines=[{"hpr": examples.HPR, "outcome": "granted", "kroner": _PAID - _TOO_MUCH}],
    ),
    _by(APPROVER, "Approve it", "approve"),
    _by(CASEWORKER, "Reclaim what was paid too much", "reclaim", kroner=_TOO_MUCH, due_on="2027-06-01"),
)
"""In the order of the life. A document is attached before `remove_document`, and again after `return`."""
_ANSWERS: Final = Path(__file__).with_name("claim_answers.json")


def answers() -> Mapping[str, Any]:
    """What the service answered, by address, when the claim had come to its end."""
    found: dict[str, Any] = json.loads(_ANSWERS.read_text("utf-8"))
    return found


def described() -> list[tuple[str, str, str, Any]]:
    """Path, method, status and example of every operation on claims that answers with JSON."""
    found = answers()
    one = "/claims/{claim}"
    return [
        ("/claims", "get", "200", found["list"]),
        (one, "get", "200", found["claim"]),
        (f"{one}/steps", "post", "200", found["claim"]),
        (f"{one}/steps", "post", "201", found["opened"]),
        (f"{one}/documents", "post", "200", found["attached"]),
        (f"{one}/assessments/{{assessment}}", "get", "200", found["basis"]),
        (f"{one}/replay", "get", "200", found["replay"]),
    ]
