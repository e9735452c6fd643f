"""Claims: load, look up what the step needs, decide, append.

`Casework.claims` has

- `do(name, step, command, now, expects=None, document=None) -> ClaimReceipt`: take a step of
  `domain.claim.steps.registry` (`STEP` reads one of JSON) on the claim `1804-2026`, at a moment, as
  `command.actor`. `expects` is the version of the claim that the caller saw; another one refuses with
  `changed-meanwhile`. Repeating a command gives its first receipt. `document` is what an `AttachDocument` names, kept
  with its event or not at all.
- `document(name, digest, sees) -> Document | None`: a document of a claim, for whoever sees some municipalities; None
  where its key is destroyed.
- `claim(name) -> StoredClaim`: state and version as stored now; raises `Refused` (unknown-claim).
- `events(name) -> list[Recorded]`: the claim's events in order, each with its metadata; raises as `claim`.
- `beforehand(claim, who, now) -> Known`: what is known about the steps, for somebody, before one is taken.
- `findings(claim) -> dict`: what people should look at in the lines of what is proposed.
- `costs(claim, until) -> dict`: the costs known of each line.
- `effect(name) -> ClaimEffect | None`: the decision that holds, with today's facts and rules.
- `statements(name) -> list`: the statements of revisors, and which lines of them are replaced or stale, and why.
- `repeat(name) -> Repeated`: every decision computed again (`alis replay --claim`).

The state is `domain.claim.stream.state.GrantClaim`; which steps are possible is said by
`domain.claim.rights.rights.hindrance`.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

import structlog

from domain.casework.access.sight import EVERYTHING, Sight
from domain.casework.claims.claim_effects import ClaimEffect, ClaimEffects
from domain.casework.claims.claim_loading import LoadedClaims, StoredClaim, stream_of
from domain.casework.claims.claim_lookup import Lookup
from domain.casework.claims.claim_repeat import Repeated, repeat
from domain.casework.claims.claim_told import as_told
from domain.casework.commands.book import SCHEME, Book
from domain.casework.commands.carrying_out import KeptAnswer, carry_out, kept_with
from domain.casework.commands.commands import Actor, Command
from domain.casework.facts.cases import CaseCache
from domain.casework.registers.ties import StoredTies
from domain.claim.lines.signed import SignedStatement
from domain.claim.parts.name import parts_of
from domain.claim.rights.known import Known
from domain.claim.rights.rights import check_step
from domain.claim.rights.step import Acting, ClaimStep
from domain.claim.steps.applying.attach_document import AttachDocument
from domain.claim.steps.decide import decide
from domain.claim.steps.registry import STEPS
from domain.claim.stream.events import ClaimEvent
from domain.claim.stream.state import GrantClaim, claim_of
from domain.doctor.facts.accounts import CostsReported
from domain.doctor.history import Reference
from domain.store import (
    NEWEST,
    Condition,
    Document,
    IfNoTieSince,
    IfUnchangedSince,
    Recorded,
    SealedDocument,
    Sees,
    Store,
)
from domain.ties.ties import Disqualification
from domain.values.refusals.refusal import Refused, refused
from domain.values.streams import rule_book_id, track_id


@dataclass(frozen=True, slots=True)
class StepExtras:
    """What comes with a step: the version that the caller saw, and a document."""

    expects: int | None
    document: Document | None


@dataclass(frozen=True, slots=True)
class ClaimReceipt(KeptAnswer):
    """The answer to a step: the claim, its version after it, and the topics of the events stored."""

    claim: str
    version: int
    events: tuple[str, ...]

    @classmethod
    def read(cls, text: str) -> Self:
        """The answer that was kept."""
        found = json.loads(text)
        return cls(found["claim"], found["version"], tuple(found["events"]))


class StoredClaims:
    """The claims as stored, and the steps that are taken on them."""

    def __init__(self, store: Store, cases: CaseCache, reference: Reference, book: Book, ties: StoredTies) -> None:
        self._ties = ties
        self._store = store
        self._cases = cases
        self._book = book
        self._effects = ClaimEffects(store, book)
        self._lookup = Lookup(store, book, reference, self._effects)
        self._loading = LoadedClaims(store)
        self._log: Any = structlog.get_logger("casework")

    def claim(self, name: str) -> StoredClaim:
        """A claim as stored now; raises `Refused` (unknown-claim)."""
        found = self._loading.load(name)
        if not found.version:
            raise refused("unknown-claim", claim=name)
        return found

    def events(self, name: str) -> list[Recorded]:
        """The events of a claim in order; raises `Refused` (unknown-claim)."""
        found = self._store.stream(stream_of(name))
        if not found:
            raise refused("unknown-claim", claim=name)
        return found

    def check_line(self, name: str, hpr: str) -> None:
        """Raise `Refused` (unknown-claim) where a doctor has no line, alike and as soon whether the claim is there."""
        if not self._store.has_line(stream_of(name), hpr):
            raise refused("unknown-claim", claim=name)

    def told(self, recorded: Sequence[Recorded], sight: Sight) -> list[Recorded]:
        """The events of a claim as somebody is told them; raises `Refused` (unknown-claim) for one without a line."""
        claim = claim_of([each.event for each in recorded if isinstance(each.event, ClaimEvent)])
        if sight.doctor is not None and sight.doctor not in claim.doctors:
            raise refused("unknown-claim", claim=claim.name)
        return as_told(self._store, recorded, sight)

    def known_events(self, name: str) -> list[ClaimEvent]:
        """The events of a claim without their metadata; none of a claim that is not known."""
        return [each.event for each in self._store.stream(stream_of(name)) if isinstance(each.event, ClaimEvent)]

    def do(  # noqa: PLR0913, PLR0917 - a step, by a command, at a moment, and what comes with it
        self,
        name: str,
        step: ClaimStep,
        command: Command,
        now: datetime,
        expects: int | None = None,
        document: Document | None = None,
    ) -> ClaimReceipt:
        """Take a step; raises `Refused` with why it cannot be taken, and what to do instead."""
        extras = StepExtras(expects, document)

        def attempt() -> ClaimReceipt:
            return self._attempt(name, step, command, now, extras)

        try:
            receipt = carry_out(self._store, command, ClaimReceipt, attempt, busy="claim-busy")
        except Refused as refusal:
            self._say(step, command, refusal.code)
            raise
        self._say(step, command, "stored")
        return receipt

    def document(self, name: str, digest: bytes, sees: Sees) -> Document | None:
        """A document of a claim that somebody sees; None where it is not kept, or its key is destroyed."""
        return self._store.documents.find(stream_of(name), digest, sees)

    def beforehand(self, claim: StoredClaim, who: Actor, now: datetime) -> Known:
        """What is known about the steps on a claim, for somebody, before one is taken."""
        return {**self._lookup.beforehand(claim, who), Disqualification: self.tied(who, now)[0]}

    def tied(self, actor: Actor, now: datetime) -> tuple[Disqualification, Sequence[IfNoTieSince]]:
        """Whose cases somebody may not handle now, and on which condition what rests on that is appended."""
        return self._ties.of(actor, now)

    def findings(self, claim: GrantClaim) -> dict[str, tuple[str, ...]]:
        """What people should look at in the lines of what is proposed, by doctor; nothing if nothing is."""
        return self._lookup.findings(claim)

    def costs(self, claim: GrantClaim, until: int = NEWEST) -> Mapping[str, Sequence[CostsReported]]:
        """The costs known of each line, by doctor, up to a position: whoever reported them and however."""
        return self._lookup.costs(claim, until)

    def effect(self, name: str, sight: Sight = EVERYTHING) -> ClaimEffect | None:
        """The decision that holds, with today's facts and rules; raises `Refused` (unknown-claim)."""
        found = self._effects.of(self._seen(name, sight).state)
        return found if found is None or sight.doctor is None else found.of_line(sight.doctor)

    def statements(self, name: str, sight: Sight = EVERYTHING) -> list[SignedStatement]:
        """The statements of revisors, each line with what has become of it; raises `Refused` (unknown-claim)."""
        state, whole = self._seen(name, sight).state, sight.places is None or sight.doctor is not None
        events = [each.event for each in self.told(self.events(name), sight) if isinstance(each.event, ClaimEvent)]
        return self._effects.statements(state, events, whole=whole)

    def _seen(self, name: str, sight: Sight) -> StoredClaim:
        """A claim that somebody may see; a doctor, one with the own line."""
        found = self.claim(name)
        if sight.doctor is not None and sight.doctor not in found.state.doctors:
            raise refused("unknown-claim", claim=name)
        return found

    def repeat(self, name: str, sight: Sight = EVERYTHING) -> Repeated:
        """Compute every decision again, from exactly what it rests on; raises `Refused` (unknown-claim)."""
        self._seen(name, sight)
        found = repeat(self._store, self._book, name, self.events(name))
        return found if sight.doctor is None else found.of_line(sight.doctor)

    def _attempt(self, name: str, step: ClaimStep, command: Command, now: datetime, extras: StepExtras) -> ClaimReceipt:
        claim = self._loading.load(name)
        if extras.expects is not None and extras.expects != claim.version:
            raise refused("changed-meanwhile")
        disqualified, no_tie_since = self.tied(command.actor, now)
        tied: Known = {Disqualification: disqualified}
        check_step(claim.state, STEPS[step.type], command.actor, name, tied)
        known, facts, position = self._lookup.of(name, claim, step, command, now)
        events = decide(claim.state, step, Acting(name, command.actor, now), {**known, **tied})
        stream, origin = stream_of(name), command.origin()
        new = [Recorded(stream, claim.version + n, event, origin) for n, event in enumerate(events, start=1)]
        receipt = ClaimReceipt(name, claim.version + len(new), tuple(event.event_topic for event in events))
        sealed = self._sealed(name, step, extras.document)
        conditions: list[Condition] = [*no_tie_since, *_rested_on(claim.state, position)]
        self._store.append([*facts, *new], kept_with(command, receipt), sealed, conditions)
        self._cases.forget(each.doctor for each in facts if each.doctor)
        return receipt

    def _sealed(self, name: str, step: ClaimStep, document: Document | None) -> SealedDocument | None:
        """What a document is kept as, under the key of the line's doctor, else of the claim."""
        if document is None or not isinstance(step, AttachDocument):
            return None
        claim, (municipality, _) = stream_of(name), parts_of(name)
        owner = claim if step.hpr is None else track_id(step.hpr)
        return self._store.documents.sealed(claim, municipality, owner, document)

    def _say(self, step: ClaimStep, command: Command, outcome: str) -> None:
        self._log.info("command", type=f"claim.{step.type}", outcome=outcome, **command.about)


def _rested_on(claim: GrantClaim, position: int | None) -> Iterator[IfUnchangedSince]:
    """What is approved, paid or accepted holds only while nothing became known since, and no rules were published."""
    if position is not None:
        yield IfUnchangedSince([track_id(hpr) for hpr in claim.lines], [rule_book_id(SCHEME)], position)
