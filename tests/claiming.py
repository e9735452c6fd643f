"""The life of a claim in the words of those who take its steps, on a desk.

`claiming(at).submitted()` is Bodø's claim for 2026 with every proposed line confirmed; each step is taken by the
person whose it is, unless said otherwise.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any, Final
from uuid import UUID

from pydantic_core import to_json

from deploy.clock import new_id
from domain.casework.claims.claim_loading import StoredClaim
from domain.casework.claims.claims import ClaimReceipt
from domain.casework.commands.commands import Actor, Command, request_digest
from domain.claim.steps.registry import STEP
from domain.claim.stream.state import GrantClaim, Status
from domain.rulebook.release import choose_rule_set
from domain.values.norwegian_time import norwegian_day
from tests.desk import MASTER_KEY, Desk
from tests.scenario import BODO, MONTHS, ROUND, Json

MUNICIPALITY: Final = Actor(f"kommune:{BODO}", "municipality", BODO)
CASEWORKER: Final = Actor("saksbehandler:ab", "caseworker", None)
APPROVER: Final = Actor("godkjenner:cd", "approver", None)
REVISOR: Final = Actor("revisor:ef", "revisor", BODO)
ACTORS: Final = {each.role: each for each in (MUNICIPALITY, CASEWORKER, APPROVER, REVISOR)}
WHO: Final = {
    **dict.fromkeys(("open", "propose_lines", "confirm_line", "add_line", "remove_line", "report_costs"), MUNICIPALITY),
    **dict.fromkeys(("attach_document", "remove_document", "submit", "withdraw"), MUNICIPALITY),
    **dict.fromkeys(("allow_late_submission", "return", "assess", "propose", "pay", "reclaim"), CASEWORKER),
    **dict.fromkeys(("request_attestation", "accept_report", "close", "reopen"), CASEWORKER),
    **dict.fromkeys(("approve", "send_back"), APPROVER),
    "attest": REVISOR,
}
NAME: Final = f"{BODO}-{ROUND}"
DOCUMENT: Final = "sha256:" + "d" * 64
APPLIED: Final[Json] = {
    "basis": "agreement",
    "first_month": MONTHS[0],
    "last_month": MONTHS[-1],
    "supplement": False,
}
FIELDS: Final[dict[str, Json]] = {
    "confirm_line": {"hpr": "9000001", "applied": APPLIED},
    "add_line": {"hpr": "9000009", "applied": APPLIED},
    "remove_line": {"hpr": "9000001", "reason": "søkes ikke for"},
    "report_costs": {
        "hpr": "9000001",
        "costs": [{"element": "supervision", "kroner": 90_000}],
        "project_code": "P-17",
    },
    "attach_document": {
        "document": DOCUMENT,
        "kind": "agreement",
        "media_type": "application/pdf",
        "size": 1_234,
        "hpr": "9000001",
        "name": "avtale.pdf",
    },
    "remove_document": {"document": DOCUMENT},
    "allow_late_submission": {"reason": "brev kom bort"},
    "submit": {"name": "Kari Nordmann"},
    "return": {"reason": "avtalen mangler"},
    "withdraw": {"reason": "søker ikke likevel"},
    "send_back": {"reason": "beløpet er ikke forklart"},
    "pay": {"paid_on": "2026-08-01", "organisation_number": "972418013", "account": "12345678903"},
    "reclaim": {"due_on": "2026-12-01"},
    "request_attestation": {"revisor": REVISOR.subject},
    "attest": {
        "grant_scheme": "Nasjonal ALIS og veiledning",
        "budget_item": "kap. 762 post 63",
        "addressee": "Helsedirektoratet",
        "attested": [{"what": "avtalen med legen", "document": DOCUMENT}],
        "control_actions": ["avtalen er lest", "lønn er avstemt mot regnskapet"],
        "place": "Bodø",
        "signed_on": "2026-08-01",
        "name": "Eva Revisor",
        "firm": "Revisjon Nord",
    },
    "reopen": {"reason": "permisjon meldt etter vedtaket"},
}
"""What is asked with each step, where nothing else is said; of the others there is nothing to ask."""


def command_by(actor: Actor, command_id: UUID | None = None, request: object = None) -> Command:
    """An order of somebody; a request that is not given is like no other."""
    identity = command_id or new_id()
    digest = request_digest(MASTER_KEY, repr(identity if request is None else request).encode())
    return Command(identity, actor, "api", new_id(), digest)


def _moments() -> Iterator[datetime]:
    start = datetime(2026, 8, 1, 9, tzinfo=UTC)
    return (start + timedelta(minutes=n) for n in count())


@dataclass(frozen=True)
class Claiming:
    """Somebody who takes steps on one claim; each a minute after the one before."""

    at: Desk
    name: str = NAME
    moments: Iterator[datetime] = field(default_factory=_moments)

    def do(self, step: str, by: Actor | None = None, expects: int | None = None, **fields: Any) -> ClaimReceipt:  # noqa: ANN401
        moment = next(self.moments)
        asked = {"type": step, **self._filled(step, moment), **fields}
        order = command_by(by or self._who(step))
        return self.at.casework.claims.do(self.name, STEP.validate_json(to_json(asked)), order, moment, expects)

    def opened(self) -> "Claiming":
        self.do("open")
        return self

    def confirmed(self) -> "Claiming":
        for hpr in self.state.lines:
            self.do("confirm_line", hpr=hpr, applied=None)
        return self

    def submitted(self) -> "Claiming":
        self.opened().confirmed().do("submit")
        return self

    def assessed(self) -> "Claiming":
        self.submitted().do("assess")
        return self

    def proposed(self) -> "Claiming":
        self.assessed().do("propose")
        return self

    def decided(self) -> "Claiming":
        self.proposed().do("approve")
        return self

    def decided_as_assessed(self) -> "Claiming":
        """Grant what can be granted, and refuse the lines that come to nothing."""
        assessment = self.state.assessment
        assert assessment
        because = {"reason_code": "conditions_not_met", "reason": "ingen tilskuddsmåned"}
        nothing = [hpr for hpr, line in assessment.lines.items() if not line.amount]
        self.do("propose", lines=[{"hpr": hpr, "outcome": "refused", "kroner": 0, **because} for hpr in nothing])
        self.do("approve")
        return self

    def paid(self) -> "Claiming":
        self.decided().do("pay")
        return self

    def attested(self) -> "Claiming":
        self.paid().documented().do("attest")
        return self

    def documented(self) -> "Claiming":
        if DOCUMENT not in self.state.documents:
            self.do("attach_document")
        return self

    def accepted(self) -> "Claiming":
        self.attested().do("accept_report")
        return self

    def closed(self) -> "Claiming":
        self.accepted().do("close")
        return self

    def for_claim(self, name: str) -> "Claiming":
        return replace(self, name=name)

    def of(self, municipality: str) -> "Claiming":
        """The same of another municipality, for whom its own people act."""
        return self.for_claim(f"{municipality}-{ROUND}")

    @property
    def stored(self) -> StoredClaim:
        return self.at.casework.claims.claim(self.name)

    @property
    def state(self) -> GrantClaim:
        return self.stored.state

    @property
    def status(self) -> Status | None:
        return self.state.status

    def _who(self, step: str) -> Actor:
        """Whoever takes a step of this claim."""
        who, mine = WHO[step], self.name.partition("-")[0]
        if who is MUNICIPALITY:
            return Actor(f"kommune:{mine}", "municipality", mine)
        return replace(who, organisation=mine) if who is REVISOR else who

    def _filled(self, step: str, moment: datetime) -> Json:
        """What is asked with a step, where it hangs on the claim or the day."""
        fields = dict(FIELDS.get(step, {}))
        fields |= dict.fromkeys(fields.keys() & {"paid_on", "signed_on"}, norwegian_day(moment))
        if step in {"pay", "reclaim"}:
            fields["kroner"] = abs(self.state.outstanding)
        if step == "pay":
            own = choose_rule_set(None, ROUND).municipalities.by_code[self.name.partition("-")[0]]
            fields["organisation_number"] = own.organisation_number or fields["organisation_number"]
        if step == "attest":
            decided = self.state.decided
            assert decided
            fields["lines"] = [
                {"hpr": hpr, "digest": decided.assessment.lines[hpr].digest, "finding": "confirmed"}
                for hpr in self.state.granted
            ]
        return fields


def claiming(at: Desk) -> Claiming:
    """Bodø's claim for 2026, not opened yet."""
    return Claiming(at)
