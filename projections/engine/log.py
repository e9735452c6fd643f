"""The log as the projections of one process read it together: each doctor is loaded and computed once.

What is remembered is keyed by doctor, version and rule set, so it can never be wrong, only forgotten.
"""

import threading
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final
from uuid import UUID

from domain.claim.parts.name import parts_of
from domain.claim.stream.events import ClaimEvent
from domain.doctor.facts.fact import Fact
from domain.doctor.history import Doctor, folded, in_order, standing
from domain.rulebook.rulebook import RuleBook
from domain.rules.days.timeline import FOREVER, Span, decided_by, spans
from domain.rules.line.months import Record, municipalities_of, record_of
from domain.rules.result import Line, line_of
from domain.rules.sets.rule_set import RuleSet
from domain.store import NEWEST, SEARCH_KEY, LoggedFact, Recorded, Store
from domain.values.patience import TakesTooLong, at_most
from domain.values.streams import claim_id, track_id
from projections.engine.aside.books import Books
from projections.engine.aside.subjects import NOTHING_ASIDE, Aside, Blamed, Subject

_CHUNK: Final = 200
"""Doctors loaded, computed and written at a time."""
_REMEMBERED: Final = 1_000
_SECONDS: Final = 60.0
"""A doctor who takes more of the processor under one rule set is set aside: an ordinary one takes milliseconds."""


class Known:
    """A doctor at one version: the events, what they make, and what the rules make of that, each found once."""

    def __init__(self, logged: Sequence[LoggedFact], seconds: float = _SECONDS) -> None:
        self.logged = logged
        self._seconds = seconds
        self.hpr = self.logged[0].fact.hpr
        self._laid: dict[tuple[object, ...], Sequence[Span]] = {}
        self._records: dict[str, Record] = {}
        self._lines: dict[str, Mapping[str, Line]] = {}
        self._lock = threading.RLock()

    @cached_property
    def standing(self) -> tuple[Fact, ...]:
        """The facts that are not withdrawn, in the order they became known, as corrected."""
        found = standing(in_order(each.fact for each in self.logged))
        return tuple(fact for fact in found.values() if fact is not None)

    @cached_property
    def doctor(self) -> Doctor:
        """What is known, with all that is in the log at this version."""
        return folded(self.standing)

    def record(self, rules: RuleSet) -> Record:
        """The doctor's days under a rule set. Raises `Blamed` where they take too long."""
        with self._lock, self._within_bounds():
            if rules.digest not in self._records:
                self._records[rules.digest] = record_of(self.doctor, rules, self._spans(rules))
            return self._records[rules.digest]

    @contextmanager
    def _within_bounds(self) -> Iterator[None]:
        """One who took too long would again: no other projection tries it, until something else is known."""
        try:
            with at_most(self._seconds):
                yield
        except TakesTooLong as error:
            self._seconds = 0.0
            raise Blamed(Subject("doctor", track_id(self.hpr))) from error

    def _spans(self, rules: RuleSet) -> Sequence[Span]:
        """The doctor's spans, which most rule sets have in common."""
        key = decided_by(rules)
        if key not in self._laid:
            self._laid[key] = spans(self.doctor, rules, FOREVER)
        return self._laid[key]

    def lines(self, rules: RuleSet) -> Mapping[str, Line]:
        """The doctor's line in each municipality of the round where a position was held. Raises `Blamed`."""
        with self._lock, self._within_bounds():
            if rules.digest not in self._lines:
                laid = self.record(rules)
                places = sorted(municipalities_of(laid, rules))
                self._lines[rules.digest] = {where: line_of(self.hpr, laid, where, rules) for where in places}
            return self._lines[rules.digest]


class Log:
    """One store, read for several projections at once."""

    def __init__(self, store: Store, remembered: int = _REMEMBERED, seconds: float = _SECONDS) -> None:
        self._store = store
        self.seconds = seconds
        self._limit = remembered
        self._known: OrderedDict[tuple[UUID, int], Known] = OrderedDict()
        self._books = Books(store)
        self._epoch = store.epoch
        self._destroyed: list[tuple[int, UUID]] = []
        self._destroyed_until = 0
        self._lock = threading.Lock()

    @property
    def search_key(self) -> bytes:
        """The key of the digests that stand in for personal words in search."""
        return self._store.keys.service_key(SEARCH_KEY)

    def page(
        self,
        after: int,
        limit: int,
        until: int,
        tick: Callable[[float], None],
        aside: Aside = NOTHING_ASIDE,
    ) -> "Page | None":
        """The next events of the log after a position; None at its end."""
        found = self._store.touched(after, limit, until)
        self._let_go_of_another_log()
        if not found:
            return None
        doctors = {each.doctor: (each.first or 0, each.last or 0) for each in found if each.doctor}
        last, events = max(each.position for each in found), sum(each.events for each in found)
        of_doctors = len(doctors) == len(found)
        if of_doctors:
            self._books.none_between(after, last)
        doctors = {**self._forgotten(after, last, of_doctors=of_doctors), **doctors}
        return Page(self, after, last, events, doctors, tick, aside)

    def _let_go_of_another_log(self) -> None:
        with self._lock:
            if self._epoch != self._store.epoch:
                self._epoch = self._store.epoch
                self._known.clear()
                self._books = Books(self._store)
                self._destroyed, self._destroyed_until = [], 0

    def head(self) -> int:
        """The position of the last event."""
        return self._store.last_position() or 0

    def standstill(self, at: int, tick: Callable[[float], None], aside: Aside) -> "Page":
        """A page without events: the log as it is at a position, for what is taken up again there."""
        return Page(self, at, at, 0, {}, tick, aside)

    def first_of_book(self, after: int, until: int) -> int | None:
        """The position of the first event of the rule book after a position and up to another."""
        return self._store.first_of_book(after, until)

    def claim_streams(self, after: int, until: int) -> list[UUID]:
        """The streams of the claims with an event after a position and up to another."""
        return self._store.claims_between(after, until)

    def name_of(self, subject: Subject) -> str | None:
        """What people call a doctor, a claim or what an event of the rule book is about."""
        if isinstance(subject.id, int):
            return self._store.name_at(subject.id)
        return self._store.name_of(subject.id)

    def claims(self, streams: Iterable[UUID], last: int) -> Iterator[tuple[str, list[Recorded]]]:
        """Some claims by name, each as it stood at a position."""
        for stream in streams:
            recorded = [each for each in self._store.stream(stream) if (each.position or NEWEST) <= last]
            if recorded and isinstance(event := recorded[0].event, ClaimEvent):
                yield event.claim, recorded

    def claim(self, name: str, last: int) -> list[Recorded]:
        """The events of a claim up to a position, in order."""
        return [each for each in self._store.stream(claim_id(*parts_of(name))) if (each.position or NEWEST) <= last]

    def known(self, versions: Mapping[UUID, int], until: int) -> list[Known]:
        """Doctors at the versions that they have at a position. Who comes second finds it done."""
        with self._lock:
            missing = [doctor for doctor, version in versions.items() if (doctor, version) not in self._known]
            by_doctor: dict[UUID, list[LoggedFact]] = defaultdict(list)
            for each in self._store.facts_of(missing, until) if missing else ():
                by_doctor[each.doctor].append(each)
            for doctor in missing:
                self._known[doctor, versions[doctor]] = Known(by_doctor[doctor], self.seconds)
            found = [self._known[key] for key in versions.items()]
            for key in versions.items():
                self._known.move_to_end(key)
            while len(self._known) > self._limit:
                self._known.popitem(last=False)
            return found

    def versions(self, until: int, doctors: Sequence[UUID] | None = None) -> Mapping[UUID, int]:
        """Every doctor, or of some doctors those, with an event up to a position, and the version of each there."""
        return self._store.versions(until, doctors)

    def doctors_of(self, codes: Sequence[str], until: int) -> list[UUID]:
        """The doctors who were said up to a position to hold a post in a municipality."""
        return self._store.doctors_of(codes, until)

    def book(self, until: int, without: frozenset[int] = frozenset()) -> RuleBook:
        """The rule book as it stood at a position, without the events at some others. Raises `BookFault`."""
        return self._books.at(until, without)

    def _forgotten(self, after: int, last: int, *, of_doctors: bool) -> dict[UUID, tuple[int, int]]:
        """The doctors whose keys were destroyed in a page, with their versions; one of doctors' events has none."""
        with self._lock:
            if not (of_doctors and after <= self._destroyed_until):
                self._forget(last)
            self._destroyed_until = max(last, self._destroyed_until)
            doctors = [doctor for position, doctor in self._destroyed if after < position <= last]
        versions = self._store.versions(last, doctors) if doctors else {}
        return {doctor: (0, version) for doctor, version in versions.items()}

    def _forget(self, until: int) -> None:
        """Forget all doctors whose keys were destroyed, also in pages that other workers took."""
        for position, event in self._store.destroyed(self._destroyed_until, until):
            self._destroyed.append((position, track_id(event.hpr)))
        gone = {doctor for position, doctor in self._destroyed if position > self._destroyed_until}
        for key in [key for key in self._known if key[0] in gone]:
            del self._known[key]


@dataclass(frozen=True, slots=True)
class Page:
    """Some events in order: whose they are, and the log up to the last of them.

    `doctors` has the first and the last version of each doctor in the page; those whose key was destroyed in it are
    among them (from 0), for what is read of them is another. `tick` is given how much of the page is done; it raises
    when there is no time for the rest. Whatever is set aside (`aside`) is left out.

    A `part` has some of the doctors and claims, each whole, under the rules that hold at the end of the page.
    """

    log: Log
    after: int
    last: int
    events: int
    doctors: Mapping[UUID, tuple[int, int]]
    tick: Callable[[float], None]
    aside: Aside = NOTHING_ASIDE
    of_claims: tuple[UUID, ...] | None = None
    is_part: bool = False

    @property
    def before(self) -> RuleBook:
        """The rule book as it was before the page."""
        return self.now if self.is_part else self.log.book(self.after, self.aside.rules)

    @property
    def now(self) -> RuleBook:
        """The rule book as it is at the end of the page."""
        return self.log.book(self.last, self.aside.rules)

    def touched(self) -> Iterator[list[Known]]:
        """The doctors of the page as known at its end, some at a time."""
        return self._chunks({doctor: last for doctor, (_, last) in self.doctors.items()})

    def claims(self) -> Iterator[tuple[str, list[Recorded]]]:
        """The claims with an event in the page, by name, each as it stood at its end."""
        return self.log.claims(self.streams(), self.last)

    def streams(self) -> Sequence[UUID]:
        """The streams of the claims in the page."""
        found = self.log.claim_streams(self.after, self.last) if self.of_claims is None else self.of_claims
        return [stream for stream in found if stream not in self.aside.claims]

    def others(self) -> Iterator[list[Known]]:
        """All other doctors that are known at the end of the page, some at a time."""
        versions = {} if self.is_part else self.log.versions(self.last)
        left_out = self.doctors.keys() | self.aside.doctors
        return self._chunks({doctor: each for doctor, each in versions.items() if doctor not in left_out})

    def without_aside(self) -> "Page":
        """The page without the doctors that are set aside."""
        if self.aside.doctors.isdisjoint(self.doctors):
            return self
        return replace(self, doctors={each: at for each, at in self.doctors.items() if each not in self.aside.doctors})

    def part(self, subjects: Iterable[Subject]) -> "Page":
        """Some doctors and claims, each whole."""
        wanted = NOTHING_ASIDE.and_these(subjects)
        versions = self.log.versions(self.last, list(wanted.doctors)) if wanted.doctors else {}
        whole = {doctor: (0, version) for doctor, version in versions.items()}
        claims = tuple(sorted(wanted.claims))
        return replace(self, doctors=whole, of_claims=claims, aside=self.aside.but_these(wanted), is_part=True)

    def going_on_without(self, subjects: Iterable[Subject]) -> "Page":
        """The page with some more set aside."""
        return replace(self, aside=self.aside.and_these(subjects))

    def _chunks(self, versions: Mapping[UUID, int]) -> Iterator[list[Known]]:
        doctors = sorted(versions)
        for start in range(0, len(doctors), _CHUNK):
            self.tick(start / len(doctors))
            chunk = doctors[start : start + _CHUNK]
            yield self.log.known({doctor: versions[doctor] for doctor in chunk}, self.last)


def in_force(book: RuleBook) -> dict[str, RuleSet]:
    """The rule set in force for each round: the latest published."""
    return {rules.round.id: rules for rules in book.published.values()}
