"""Claims: load, look up what the step needs, decide, append.

`Casework.claims` has

- `do(name, step, command, now, expects=None, document=None) -> ClaimReceipt`: take a step of `domain.claim.commands`
  (`STEP` reads one of JSON) on the claim `1804-2026`, at a moment, as whoever `command.actor` is. `expects` is the
  version of the claim that the caller saw; another one refuses with `changed-meanwhile`. Repeating a command gives
  its first receipt. `document` is what an `AttachDocument` names, kept with its event or not at all.
- `document(name, digest) -> Document | None`: a document of a claim; None where its key is destroyed.
- `claim(name) -> StoredClaim`: state and version as stored now; raises `Refused` (unknown-claim).
- `events(name) -> list[Recorded]`: the claim's events in order, each with its metadata; raises as `claim`.
- `looked_up(name, step, command, now) -> (GrantClaim, Context)`: what a decision on a step would be told, for whoever
  wants to know what would come of it.
- `effect(name) -> ClaimEffect | None`: what is known now makes of the decision that holds.
- `statements(name) -> list`: the statements of revisors, and which lines of them are replaced or stale, and why.
- `repeat(name) -> Repeated`: every decision computed again (`alis replay --claim`).

The state is `domain.claim.state.GrantClaim`; which steps are possible is told by `domain.claim.steps.hindrance`.
"""

import json
import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import structlog

from domain.casework.book import Book
from domain.casework.cases import Case, CaseCache, case_of
from domain.casework.claim_basis import compute_of, registered, sides_of, told_of
from domain.casework.claim_effects import ClaimEffect, ClaimEffects
from domain.casework.claim_repeat import Repeated, repeat
from domain.casework.commands import Command
from domain.casework.store import CommandRecord, Conflict, Document, Recorded, SealedDocument, Store, Told
from domain.claim.assessing import ReadUpTo
from domain.claim.commands import (
    AcceptReport,
    AddLine,
    AnyStep,
    Approve,
    Assess,
    AttachDocument,
    Attest,
    ConfirmLine,
    Open,
    Pay,
    ProposeLines,
    Reopen,
    ReportCosts,
    RequestAttestation,
    Submit,
)
from domain.claim.decide import decide
from domain.claim.deciding import Computed, Context, cost_elements
from domain.claim.events import ClaimEvent
from domain.claim.name import parts_of
from domain.claim.parts import ReportedCost
from domain.claim.state import NO_CLAIM, Assessment, GrantClaim, claim_of, evolve
from domain.claim.steps import check_step
from domain.errors import UNAVAILABLE, Refused, refused
from domain.facts import CostsReported
from domain.history import Reference, judge
from domain.norwegian_time import norwegian_day
from domain.rules.rule_set import RuleSet
from domain.streams import claim_id, track_id

ATTEMPTS: Final = 20
REMEMBERED: Final = 500
_NEEDS_RULES: Final = (
    Open,
    ProposeLines,
    AddLine,
    ConfirmLine,
    Submit,
    Assess,
    RequestAttestation,
    Reopen,
    Pay,
    Approve,
)


@dataclass(frozen=True, slots=True)
class StoredClaim:
    """A claim as stored: what its events make, and how many they are."""

    state: GrantClaim
    version: int


@dataclass(frozen=True, slots=True)
class _Along:
    """What comes with a step: the version that the caller saw, and a document."""

    expects: int | None
    document: Document | None


@dataclass(frozen=True, slots=True)
class ClaimReceipt:
    """The answer to a step: the claim, its version after it, and the topics of the events stored."""

    claim: str
    version: int
    events: tuple[str, ...]

    def as_text(self) -> str:
        """The answer as kept with the command; nothing personal stands in it."""
        return json.dumps(asdict(self))

    @classmethod
    def read(cls, text: str) -> "ClaimReceipt":
        """The answer that was kept."""
        found = json.loads(text)
        return cls(found["claim"], found["version"], tuple(found["events"]))


class Claims:
    """The claims as stored, and the steps that are taken on them."""

    def __init__(self, store: Store, cases: CaseCache, reference: Reference, book: Book) -> None:
        self._store = store
        self._cases = cases
        self._reference = reference
        self._book = book
        self._effects = ClaimEffects(store, book)
        self._known = _Remembered()
        self._log: Any = structlog.get_logger("casework")

    def claim(self, name: str) -> StoredClaim:
        """A claim as stored now; raises `Refused` (unknown-claim)."""
        found = self._load(name)
        if not found.version:
            raise refused("unknown-claim", claim=name)
        return found

    def events(self, name: str) -> list[Recorded]:
        """The events of a claim in order; raises `Refused` (unknown-claim)."""
        found = self._store.stream(_stream(name))
        if not found:
            raise refused("unknown-claim", claim=name)
        return found

    def known_events(self, name: str) -> list[ClaimEvent]:
        """The events of a claim without their metadata; none of a claim that is not known."""
        return [each.event for each in self._store.stream(_stream(name)) if isinstance(each.event, ClaimEvent)]

    def do(  # noqa: PLR0913, PLR0917 - a step, by a command, at a moment, and what comes with it
        self,
        name: str,
        step: AnyStep,
        command: Command,
        now: datetime,
        expects: int | None = None,
        document: Document | None = None,
    ) -> ClaimReceipt:
        """Take a step; raises `Refused` with why it cannot be taken, and what to do instead."""
        try:
            receipt = self._until_first(name, step, command, now, _Along(expects, document))
        except Refused as refusal:
            self._say(step, command, refusal.code)
            raise
        self._say(step, command, "stored")
        return receipt

    def document(self, name: str, digest: bytes) -> Document | None:
        """A document of a claim; None where it is not kept, or its key is destroyed."""
        return self._store.documents.find(_stream(name), digest)

    def looked_up(self, name: str, step: AnyStep, command: Command, now: datetime) -> tuple[GrantClaim, Context]:
        """The claim, and what a decision on a step would be told."""
        claim = self._load(name)
        return claim.state, self._context(name, claim, step, command, now)[0]

    def effect(self, name: str) -> ClaimEffect | None:
        """What is known now makes of the decision that holds; raises `Refused` (unknown-claim)."""
        return self._effects.of(self.claim(name).state)

    def statements(self, name: str) -> list[dict[str, Any]]:
        """The statements of revisors, each line with what has become of it; raises `Refused` (unknown-claim)."""
        self.claim(name)
        events = self.known_events(name)
        return self._effects.statements(claim_of(events), events)

    def repeat(self, name: str) -> Repeated:
        """Compute every decision again, from exactly what it rests on; raises `Refused` (unknown-claim)."""
        return repeat(self._store, self._book, name, self.events(name))

    def _until_first(self, name: str, step: AnyStep, command: Command, now: datetime, along: "_Along") -> ClaimReceipt:
        for _ in range(ATTEMPTS):
            try:
                return self._once(name, step, command, now, along)
            except (Conflict, Refused) as hindrance:
                if isinstance(hindrance, Refused) and hindrance.code == UNAVAILABLE:
                    raise
                first = self._store.first_result(command.id, command.request)
                if first is not None:
                    return ClaimReceipt.read(first)
                if isinstance(hindrance, Refused):
                    raise
        raise refused("claim-busy")

    def _once(self, name: str, step: AnyStep, command: Command, now: datetime, along: "_Along") -> ClaimReceipt:
        claim = self._load(name)
        if along.expects is not None and along.expects != claim.version:
            raise refused("changed-meanwhile")
        check_step(claim.state, step.type, command.actor, name)
        context, facts = self._context(name, claim, step, command, now)
        events = decide(claim.state, step, context)
        stream, origin = _stream(name), command.origin()
        new = [Recorded(stream, claim.version + n, event, origin) for n, event in enumerate(events, start=1)]
        receipt = ClaimReceipt(name, claim.version + len(new), tuple(event.topic for event in events))
        kept = CommandRecord(command.id, command.request, receipt.as_text(), command.actor.subject)
        self._store.append([*facts, *new], kept, self._sealed(stream, step, along.document))
        self._cases.forget(each.doctor for each in facts if each.doctor)
        return receipt

    def _sealed(self, claim: UUID, step: AnyStep, document: Document | None) -> SealedDocument | None:
        """What a document is kept as, under the key of the line's doctor, else of the claim."""
        if document is None or not isinstance(step, AttachDocument):
            return None
        owner = claim if step.hpr is None else track_id(step.hpr)
        return self._store.documents.sealed(claim, owner, document)

    def _context(
        self, name: str, claim: StoredClaim, step: AnyStep, command: Command, now: datetime
    ) -> tuple[Context, Sequence[Recorded]]:
        """What the step needs to know, and the facts that it records on doctors."""
        more: dict[str, Any] = {}
        facts: Sequence[Recorded] = ()
        if isinstance(step, _NEEDS_RULES):
            more["rules"] = self._book.rule_set(None, parts_of(name)[1])
        match step:
            case Open() | ProposeLines():
                where = _standing(parts_of(name)[0], more["rules"])
                told = self._store.told_of_municipality(more["rules"].municipalities.codes_of(where))
                more["registered"] = registered(told, where, more["rules"])
            case AddLine():
                more["registered"] = registered(told_of(self._store, [step.hpr]), parts_of(name)[0], more["rules"])
            case ReportCosts():
                facts, more["costs"] = self._costs(claim.state, step, command, now)
            case Assess():
                more["computed"] = self._computed(claim, more["rules"])[0]
            case Approve() if claim.state.proposal:
                more |= self._since(claim, claim.state.proposal.assessment, more["rules"])
            case Reopen() if effect := self._effects.of(claim.state):
                more["effects"] = tuple(line.event() for line in effect.lines)
            case Attest():
                facts_told = told_of(self._store, claim.state.lines)
                more["registrants"] = frozenset(each.fact.recorded_by for each in facts_told)
            case AcceptReport() if effect := self._effects.of(claim.state):
                signed = claim.state.attested
                more["stale"] = {each.subject.hpr: each.facts for each in effect.lines if each.subject.hpr in signed}
        return Context(name, command.actor, now, norwegian_day(now), **more), facts

    def _since(self, claim: StoredClaim, made: Assessment, rules: RuleSet) -> dict[str, Any]:
        """What the claim comes to now under the round's rule set of now, and what was known then and is now."""
        now, told = self._computed(claim, rules)
        under = (self._book.by_digest(made.rule_set_digest), rules)
        return {"computed": now, "sides": sides_of(told, made.position, under)}

    def _computed(self, claim: StoredClaim, rules: RuleSet) -> tuple[Computed, Sequence[Told]]:
        """The claim under a rule set, with all that is known now, which is read in one question."""
        read = ReadUpTo(self._store.last_position() or 1, claim.version, self._book.version)
        told = told_of(self._store, claim.state.lines, read.position)
        return compute_of(told, claim.state, rules, read), told

    def _costs(
        self, claim: GrantClaim, step: ReportCosts, command: Command, now: datetime
    ) -> tuple[list[Recorded], tuple[ReportedCost, ...]]:
        """The costs as facts of the doctor, next in the doctor's log, and what the claim says of them."""
        cost_elements(step.costs)
        case, new, costs = case_of(self._store.told([track_id(step.hpr)])), [], []
        versions = case.versions
        for n, cost in enumerate(step.costs, start=1):
            fact = CostsReported(
                id=f"{command.id}-{n}",
                hpr=step.hpr,
                recorded_at=now,
                recorded_by=command.actor.subject,
                municipality=claim.municipality,
                round=claim.round,
                element=cost.element,
                kroner=cost.kroner,
                project_code=step.project_code,
            )
            self._check(case, fact)
            recorded, versions = versions.next(fact, command.origin())
            new.append(recorded)
            costs.append(ReportedCost(element=cost.element, kroner=cost.kroner, fact=fact.id))
        return new, tuple(costs)

    def _check(self, case: Case, fact: CostsReported) -> None:
        _, problems = judge(case.facts, [(None, fact)], self._reference)
        if problems:
            raise problems[0].refusal

    def _load(self, name: str) -> StoredClaim:
        stream = _stream(name)
        known = self._known.get(stream)
        state, version = known.state, known.version
        for each in self._store.stream(stream, after=version):
            assert isinstance(each.event, ClaimEvent)  # noqa: S101 - nothing else is in a claim's stream
            state, version = evolve(state, each.event), each.originator_version
        return self._known.keep(stream, StoredClaim(state, version))

    def _say(self, step: AnyStep, command: Command, outcome: str) -> None:
        self._log.info(
            "command",
            command=str(command.id),
            correlation=str(command.correlation_id),
            type=f"claim.{step.type}",
            outcome=outcome,
        )


class _Remembered:
    """The claims last worked on; only what came since is read."""

    def __init__(self) -> None:
        self._claims: OrderedDict[UUID, StoredClaim] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, stream: UUID) -> StoredClaim:
        with self._lock:
            return self._claims.get(stream, StoredClaim(NO_CLAIM, 0))

    def keep(self, stream: UUID, claim: StoredClaim) -> StoredClaim:
        with self._lock:
            self._claims[stream] = claim
            self._claims.move_to_end(stream)
            if len(self._claims) > REMEMBERED:
                self._claims.popitem(last=False)
        return claim


def _standing(code: str, rules: RuleSet) -> str:
    """The code of a municipality that the round has; raises `Refused` (unknown-municipality, municipality-ended)."""
    current = rules.municipalities.current(code)
    if current != code:
        raise refused("municipality-ended", municipality=code, successor=current)
    return code


def _stream(name: str) -> UUID:
    return claim_id(*parts_of(name))
