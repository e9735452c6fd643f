"""Who waits to be converted to the new scheme, what that would give, and converting many at once."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cache
from itertools import groupby
from operator import attrgetter
from typing import Any, Final

import structlog

from domain.casework.access.sight import Sight, codes_of, sight_of
from domain.casework.claims.claims import StoredClaims
from domain.casework.commands.book import Book
from domain.casework.commands.carrying_out import carry_out, keep, kept_with
from domain.casework.commands.commands import Command
from domain.casework.conversions.conversion import (
    ConversionResult,
    Converted,
    ConvertedDoctor,
    WaitingConverted,
    Wanted,
    check_converts,
    check_reason,
    told,
)
from domain.casework.facts.cases import CaseCache, case_of
from domain.casework.facts.recording import new_in
from domain.casework.facts.sifting import by_doctor_of
from domain.claim.lines.touched import ClaimTouched, touched
from domain.claim.parts.name import name_of
from domain.claim.stream.events import ClaimEvent
from domain.doctor.facts.fact import Fact
from domain.doctor.facts.track import TrackConverted
from domain.doctor.history import Doctor, Reference, as_known, evolve_doctor
from domain.doctor.track.deciding import decide
from domain.doctor.track.state import spell_on
from domain.doctor.track.waiting import posts_from, waiting_posts
from domain.rulebook.release import release_reference
from domain.rules.compare.changes import LineChange
from domain.rules.compare.conversion import converted_lines
from domain.rules.sets.rule_set import RuleSet
from domain.store import LoggedFact, Recorded, Store
from domain.values.fields import FIRST_RECORDED
from domain.values.norwegian_time import norwegian_day
from domain.values.patience import ask
from domain.values.refusals.refusal import Refused, refused
from domain.values.streams import track_id

CONVERTING: Final = "conversions.register"
"""In the table of rights."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """The doctors who wait to be converted and have a post in a municipality, by HPR number."""

    municipality: str
    doctors: Mapping[str, Doctor] = field(repr=False)


@dataclass(frozen=True, slots=True)
class _Judged:
    """A doctor's conversion as it would be stored, or why it is not; `before` is what is known of the doctor."""

    hpr: str
    refusal: Refused | None = None
    before: Doctor = field(default_factory=Doctor)
    after: Doctor = field(default_factory=Doctor)
    recorded: Recorded | None = None

    def result(self, command: Command) -> ConversionResult:
        """What became of the doctor."""
        result: ConversionResult = {**told(self.hpr, "converted", self.refusal)}  # type: ignore[typeddict-item]
        return result if self.refusal else {**result, "fact": str(command.id)}


class Conversions:
    """Tells what conversions would give, and records many at once; one that is refused stops none of the others."""

    def __init__(self, store: Store, cases: CaseCache, reference: Reference, book: Book, claims: StoredClaims) -> None:
        self._claims = claims
        self._store = store
        self._cases = cases
        self._reference = reference
        self._book = book
        self._log: Any = structlog.get_logger("casework")

    def waiting(self, on: date, today: date, municipality: str | None = None) -> list[Waiting]:
        """Who has a post on that day or later, but not before today, on a track that is still of the old scheme.

        By municipality; of one or (None) of all. Raises `Refused` (unknown-municipality).
        """
        found = defaultdict[str, dict[str, Doctor]](dict)
        here = None if municipality is None else _current(municipality)
        for hpr, doctor in self._doctors(here):
            posts = waiting_posts(doctor.track, max(on, today))
            for place in {_current(post.municipality) for post in posts}:
                if here in {None, place}:
                    found[place][hpr] = doctor
        return [Waiting(place, dict(sorted(found[place].items(), key=_by_number))) for place in sorted(found)]

    def effect(self, waiting: Waiting, on: date, rule_sets: Sequence[RuleSet]) -> WaitingConverted:
        """What the conversion of those who wait in a municipality would give the municipality."""
        doctors = (self._one_waiting(each, waiting.municipality, on, rule_sets) for each in waiting.doctors.items())
        return WaitingConverted(waiting.municipality, tuple(doctors))

    def _doctors(self, municipality: str | None) -> Iterator[tuple[str, Doctor]]:
        """The doctors who ever had a post in a municipality, or (None) all."""
        if municipality is None:
            logged: Iterable[LoggedFact] = self._store.facts_of_all()
        else:
            logged = self._store.facts_of_municipality(sorted(codes_of(municipality)))
        for _, events in groupby(logged, key=attrgetter("doctor")):
            ask()
            facts: list[Fact] = [each.fact for each in events]
            yield facts[0].hpr, as_known(facts)

    def _one_waiting(
        self, known: tuple[str, Doctor], municipality: str, on: date, rule_sets: Sequence[RuleSet]
    ) -> ConvertedDoctor:
        hpr, doctor = known
        fact = TrackConverted(id="-", hpr=hpr, recorded_at=FIRST_RECORDED, recorded_by="alis:alis", on=on)
        try:
            decide(doctor.track, fact)
        except Refused as refusal:
            return ConvertedDoctor(hpr, refusal)
        return self._effect(hpr, (doctor, evolve_doctor(doctor, fact)), on, rule_sets, frozenset([municipality]))

    def preview(
        self, wanted: Wanted, rule_sets: Sequence[RuleSet], command: Command, now: datetime
    ) -> list[ConvertedDoctor]:
        """What the same command would record, and what it would give; a reason is not asked for yet.

        Raises `Refused` (wrong-role).
        """
        seen, events = sight_of(command.actor, CONVERTING).places, cache(self._claims.known_events)
        found = list[ConvertedDoctor]()
        for each in self._judged(wanted, command, now):
            if each.refusal:
                found.append(ConvertedDoctor(each.hpr, each.refusal))
                continue
            doctors = each.before, each.after
            effect = self._effect(each.hpr, doctors, wanted.on, rule_sets, seen)
            found.append(replace(effect, claims=tuple(_touched(effect, doctors, events))))
        return found

    def convert(self, wanted: Wanted, command: Command, now: datetime) -> Converted:
        """Record the conversions that can be recorded, all in one, and tell what became of each doctor.

        Raises `Refused` (wrong-role, conversion-without-reason).
        """
        check_reason(command.actor, wanted.reason)

        def attempt() -> Converted:
            _, no_tie_since = self._claims.tied(command.actor, now)
            judged = list(self._judged(wanted, command, now))
            answer = Converted(wanted.on.isoformat(), [each.result(command) for each in judged])
            new = [each.recorded for each in judged if each.recorded]
            if not new:
                return keep(self._store, command, answer)
            self._store.append(new, kept_with(command, answer), conditions=no_tie_since)
            return answer

        done = carry_out(self._store, command, Converted, attempt)
        self._cases.forget(track_id(hpr) for hpr in wanted.doctors)
        self._log.info(
            "command", type=TrackConverted.event_topic, outcome="stored", converted=done.converted, **command.about
        )
        return done

    def rule_sets(self, more: RuleSet | None = None) -> list[RuleSet]:
        """The rule set in force for each round, in their order, one of them replaced or added by another set."""
        found = {rules.round.id: rules for rules in self._book.current().published.values()}
        chosen = found if more is None else {**found, more.round.id: more}
        return sorted(chosen.values(), key=lambda rules: rules.round.first_day)

    def _judged(self, wanted: Wanted, command: Command, now: datetime) -> Iterator[_Judged]:
        check_converts(command.actor)
        names = list(dict.fromkeys(wanted.doctors))
        stored = by_doctor_of(self._store, names)
        for hpr in names:
            ask()
            try:
                yield self._one(hpr, stored.get(track_id(hpr), ()), wanted, command, now)
            except Refused as refusal:
                yield _Judged(hpr, refusal)

    def _one(self, hpr: str, logged: Sequence[LoggedFact], wanted: Wanted, command: Command, now: datetime) -> _Judged:
        sight, case = sight_of(command.actor, CONVERTING), case_of(logged)
        before = case.history.doctor
        if not logged or not _works_in(before, sight, max(wanted.on, norwegian_day(now))):
            raise refused("unknown-doctor", hpr=hpr)
        places = [post.municipality for post in posts_from(before.track, wanted.on)]
        disqualified, _ = self._claims.tied(command.actor, now)
        disqualified.check(command.actor.role, [hpr], places)
        by, name = command.actor.subject, str(command.id)
        asked = TrackConverted(id=name, hpr=hpr, recorded_at=now, recorded_by=by, on=wanted.on, reason=wanted.reason)
        _refuse_an_earlier_day(before, wanted.on)
        new = new_in(case, asked, self._reference, sight)
        if not new:
            raise refused("already-new-scheme")
        recorded, _ = case.versions.next(new[0], command.origin())
        return _Judged(hpr, None, before, evolve_doctor(before, new[0]), recorded)

    def _effect(
        self,
        hpr: str,
        doctors: tuple[Doctor, Doctor],
        on: date,
        rule_sets: Iterable[RuleSet],
        seen: frozenset[str] | None,
    ) -> ConvertedDoctor:
        ask()
        lines = converted_lines(hpr, doctors, rule_sets, on)
        return ConvertedDoctor(hpr, None, tuple(each for each in lines if seen is None or each.municipality in seen))


def _refuse_an_earlier_day(doctor: Doctor, on: date) -> None:
    """Refuse (conversion-recorded) to convert from an earlier day than is recorded: that is a correction."""
    converted_on = spell_on(doctor.track, on).converted_on
    if converted_on is not None and converted_on > on:
        raise refused("conversion-recorded", day=converted_on)


def _touched(
    effect: ConvertedDoctor, doctors: tuple[Doctor, Doctor], events: Callable[[str], Sequence[ClaimEvent]]
) -> Iterator[ClaimTouched]:
    """The claims in which the lines that would be others stand."""
    for line in effect.lines:
        change = LineChange(effect.hpr, line.municipality, line.rules, line.before, line.after)
        if line.before.canonical != line.after.canonical:
            found = touched(events(name_of(line.municipality, line.rules.round.id)), change, *doctors)
            yield from [found] if found else []


def _by_number(known: tuple[str, Doctor]) -> tuple[int, str]:
    return int(known[0]), known[0]


def _works_in(doctor: Doctor, sight: Sight, day: date) -> bool:
    """Whether a doctor has a post on a day or later where somebody sees it."""
    return sight.whole or any(sight.sees_municipality(post.municipality) for post in posts_from(doctor.track, day))


def _current(code: str) -> str:
    """The code of today of a municipality."""
    return release_reference().lists[-1].current(code)
