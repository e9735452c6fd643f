"""Casework: what the outer parts of the house ask for and order, over one store."""

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from domain.casework.access.sight import EVERYTHING, Sight
from domain.casework.calculating import Calculating
from domain.casework.claims.claim_rulings import RulingEffects
from domain.casework.claims.claim_ties import TieSearch
from domain.casework.claims.claims import StoredClaims
from domain.casework.commands.book import Book
from domain.casework.commands.commands import Actor
from domain.casework.commands.rulings import Rulings
from domain.casework.conversions.conversions import Conversions
from domain.casework.erasing import Erasing
from domain.casework.explaining import Explanation, WantedSide, explain_stored
from domain.casework.facts.cases import CaseCache
from domain.casework.facts.importing import Importing
from domain.casework.facts.recording import Recording
from domain.casework.facts.seeing import as_seen, names_seen_by
from domain.casework.facts.viewing import Viewer
from domain.casework.preview import Previewing
from domain.casework.registers.links import StoredLinks
from domain.casework.registers.municipalities import StoredMunicipalities
from domain.casework.registers.ties import StoredTies
from domain.casework.replaying import (
    Replay,
    impact_on_round,
    replay_round,
)
from domain.doctor.history import as_known, known, standing
from domain.rulebook.comparing import compared
from domain.rulebook.release import release_reference
from domain.rules.compare.impact.impact import Impact
from domain.rules.meters import Meters, meters, rules_on
from domain.rules.sets.rule_set import RuleSet
from domain.store import NEWEST, Recorded, Store
from domain.values.refusals.refusal import refused
from domain.values.streams import track_id


class Casework:
    """The application service: recording, importing, claims and erasing change; `preview` tells what facts would do."""

    def __init__(self, store: Store) -> None:
        reference, cases = release_reference(), CaseCache(lambda: store.epoch)
        self.store = store
        self._reference = reference
        self.calculating = Calculating(store)
        self.book = Book(store)
        self.municipalities = StoredMunicipalities(store, self.book)
        self.links = StoredLinks(store)
        self.ties = StoredTies(store, self.book, self.links)
        self.recording = Recording(store, cases, reference, self.ties)
        self.importing = Importing(store, cases, reference)
        self.erasing = Erasing(store, cases)
        self.rulings = Rulings(self.book)
        self.ruling_effects = RulingEffects(store, self.book)
        self.claims = StoredClaims(store, cases, reference, self.book, self.ties)
        self.tie_search = TieSearch(store, self.ties)
        self.conversions = Conversions(store, cases, reference, self.book, self.claims)
        self.preview = Previewing(store, self.book, self.claims, reference)

    def doctor(self, hpr: str) -> list[Recorded]:
        """A doctor's events in the order stored; raises `Refused` (unknown-doctor)."""
        recorded = self.store.doctors([track_id(hpr)])
        if not recorded:
            raise refused("unknown-doctor", hpr=hpr)
        return recorded

    def doctor_for(self, viewer: Viewer, hpr: str) -> list[Recorded]:
        """Of a doctor's events those that somebody is told of; raises `Refused` (unknown-doctor) where it is none."""
        return viewer.view(hpr, self.store.doctor_concerning(track_id(hpr), viewer.sight.words))

    def names(self, hprs: Iterable[str]) -> dict[str, str]:
        """The names that doctors have now, by HPR number; see `domain.casework.facts.seeing` for who may see them."""
        return self.store.names_of([track_id(hpr) for hpr in hprs])

    def names_for(self, asker: Actor, hprs: Iterable[str]) -> dict[str, str]:
        """Of some doctors the names that somebody may see: a municipality's, of those with a post there."""
        codes, asked = names_seen_by(asker), sorted(hprs)
        if codes is None or not codes or not asked:
            return {} if codes == frozenset() else self.names(asked)
        known = set(self.store.doctors_of(sorted(codes), NEWEST))
        return self.names([hpr for hpr in asked if track_id(hpr) in known])

    def is_registered(self, hpr: str) -> bool:
        """Whether the log has anything about a doctor."""
        doctor = track_id(hpr)
        return doctor in self.store.versions(doctors=[doctor])

    def meters(self, hpr: str, day: date, known_at: datetime | None, viewer: Viewer | None = None) -> Meters:
        """A doctor's meters at the end of a day, for somebody who asks (None: whoever runs the program).

        A municipality is told of practice and groups of guidance as it sees them, and of what the grant counts as it
        is. Raises `Refused` (unknown-doctor), also where the doctor is not theirs to see.
        """
        words = None if viewer is None else viewer.sight.words
        facts = [each.fact for each in self.store.facts_concerning(track_id(hpr), words)]
        if not facts or not (viewer is None or viewer.follows(hpr, facts)):
            raise refused("unknown-doctor", hpr=hpr)
        shown = facts if viewer is None else viewer.shown(hpr, facts)
        whole, seen = as_known(facts, known_at), as_seen(standing(known(shown, known_at)).values())
        return meters(hpr, (whole, seen), day, rules_on(day, self.book.current().all_in_force()), known_at)

    def replay(self, municipality: str, rules: RuleSet, known_at: datetime | None, *, traced: bool = False) -> Replay:
        """The result of a municipality under a rule set, from the log as known at a moment.

        Raises `Refused` (unknown-municipality).
        """
        asked = self.calculating.municipality(municipality, rules, known_at)
        return self.calculating.replay(asked, traced=traced)

    def replay_round(self, rules: RuleSet, known_at: datetime | None, *, traced: bool = False) -> list[Replay]:
        """The results of all municipalities with a line in the round of the rules, by number.

        Each is as `replay` gives it; the log is read once, as it is at one moment.
        """
        return replay_round(self.store, rules.as_known(known_at), known_at, traced=traced)

    def explain(
        self, municipality: str, before: WantedSide, after: WantedSide, *, sight: Sight = EVERYTHING
    ) -> Explanation:
        """The difference between two calculations of a municipality and round that somebody sees; nothing is stored.

        Raises `Refused` (unknown-municipality, wrong-round, too-much-to-explain), or `SideRejected` with what is
        wrong with supposed facts.
        """
        return explain_stored(self.store, self._reference, municipality, (before, after), sight)

    def impact(self, rules: RuleSet) -> Impact:
        """What a rule set would do to every line of its round, on the facts as they stand.

        Raises `Refused` (before-all-rules) where there is nothing to compare it with.
        """
        return impact_on_round(self.store, compared(self.book.current(), rules))

    def position_of(self, command_id: UUID) -> int:
        """The position to wait for to see what a command did; of one that stored nothing, where the log is now."""
        return self.store.last_position(command_id) or self.store.last_position() or 0
