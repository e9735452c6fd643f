"""A doctor's days as spans in which nothing changes, with what fails on them (rules.md section 3)."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from fractions import Fraction

from domain.doctor.history import Doctor
from domain.doctor.track.state import Spell
from domain.rules.days.conditions import (
    AGENCY_AFFILIATION,
    INSTITUTIONAL_SERVICE,
    OLD_SCHEME,
    ON_LEAVE,
    TRACK_NOT_ACTIVE,
)
from domain.rules.days.duration import time_used
from domain.rules.days.in_force import in_force
from domain.rules.days.leave import leaves_of, taken
from domain.rules.days.positions import Post, held
from domain.rules.days.shares import ALL, weights
from domain.rules.days.span import Span
from domain.rules.days.sweep import covering, holding
from domain.rules.sets.options import OPTIONS, Stage
from domain.rules.sets.rule_set import RuleSet
from domain.values.days.calendar import BEGINNING, FOREVER, Days, days_of, merged, runs_from
from domain.values.days.periods import Period
from domain.values.fields import Scheme
from domain.values.patience import ask

__all__ = ["FOREVER", "Span", "decided_by", "merged", "spans", "until"]


def spans(doctor: Doctor, rules: RuleSet, last: int) -> list[Span]:
    """All spans up to a last day (an ordinal); the first is that before anything is known."""
    return _Timeline(doctor, rules).spans(last)


def decided_by(rules: RuleSet) -> tuple[object, ...]:
    """What the spans depend on of the rules: under rule sets that agree in it a doctor's spans are the same."""
    options = (rules.options[each.name] for each in OPTIONS.values() if each.decides is Stage.DAYS)
    return rules.municipalities.digest, rules.whole("locum_months"), rules.full_time, *options


def until(known: Sequence[Span], last: int) -> list[Span]:
    """Spans that go on to the end of time, cut off after a last day."""
    kept = [span for span in known if span.first <= last]
    return [*kept[:-1], kept[-1]._replace(last=last)]


class _Timeline:
    """Everything known of a doctor as runs of days."""

    def __init__(self, doctor: Doctor, rules: RuleSet) -> None:
        track = doctor.track
        self.rules = rules
        self.spells = [(days_of(spell), spell) for spell in track.spells]
        self.posts = [part for position in track.positions.values() for part in held(position, rules)]
        self.leaves = leaves_of(track, rules)
        self.services = [days_of(service) for service in track.services.values() if not service.municipal]
        self.ties = [days_of(tie) for tie in track.affiliations.values()]
        self.pauses = [pause for each in track.interruptions.values() if (pause := self._pause(each))]
        self.agreements = list(in_force(doctor.agreements.values(), self.posts, self.services, rules))

    def spans(self, last: int) -> list[Span]:
        """Cut at every day on which something begins, and after every day on which it ends."""
        starts = sorted(cut for cut in self._cuts() if cut <= last)
        leave = taken(self.leaves, starts)
        found = zip(
            runs_from(starts, last),
            zip(holding(self.posts, starts), holding(self.agreements, starts), strict=True),
            leave,
            self._failing(starts, leave),
            strict=True,
        )
        return [self._span(*each) for each in found]

    def _cuts(self) -> set[int]:
        runs = [
            *(days for days, _ in self.spells),
            *(days for days, _ in self.posts),
            *(days for days, _, _ in self.leaves),
            *self.services,
            *self.ties,
            *self.pauses,
            *(days for days, _ in self.agreements),
        ]
        cuts = {BEGINNING, *(first for first, _ in runs), *(end + 1 for _, end in runs)}
        return cuts | {spell.converted_on.toordinal() for _, spell in self.spells if spell.converted_on}

    def _span(
        self,
        days: Days,
        held: tuple[tuple[Post, ...], tuple[str, ...]],
        leave: tuple[Fraction, Fraction],
        failing: frozenset[str],
    ) -> Span:
        ask()
        (posts, agreements), (away, extending) = held, leave
        agreed, weighed = frozenset(agreements), weights(posts, self.rules)
        used = time_used(weighed, agreed, failing, extending, self.rules)
        return Span(*days, posts, agreed, failing, away, weighed, used)

    def _failing(self, starts: Sequence[int], leave: Sequence[tuple[Fraction, Fraction]]) -> Iterator[frozenset[str]]:
        """What fails on each day."""
        begins = [days[0] for days, _ in self.spells]
        paused, away, tied = (covering(runs, starts) for runs in (self.pauses, self.services, self.ties))
        for at, day in enumerate(starts):
            begun = bisect_right(begins, day)
            days, spell = self.spells[begun - 1] if begun else (None, None)
            failing = set()
            if spell and _is_old(spell, day):
                failing.add(OLD_SCHEME)
            if days is None or day > days[1] or paused[at]:
                failing.add(TRACK_NOT_ACTIVE)
            if leave[at][0] == ALL:
                failing.add(ON_LEAVE)
            if away[at]:
                failing.add(INSTITUTIONAL_SERVICE)
            if tied[at]:
                failing.add(AGENCY_AFFILIATION)
            yield frozenset(failing)

    def _pause(self, interruption: Period) -> Days | None:
        """An interruption ends at the latest with its track, or when the next track begins."""
        first, last = days_of(interruption)
        begun = bisect_right(self.spells, first, key=lambda each: each[0][0])
        if begun:
            last = min(last, self.spells[begun - 1][0][1])
        if begun < len(self.spells):
            last = min(last, self.spells[begun][0][0] - 1)
        return (first, last) if first <= last else None


def _is_old(spell: Spell, day: int) -> bool:
    converted = spell.converted_on
    return spell.scheme is Scheme.OLD and (converted is None or day < converted.toordinal())
