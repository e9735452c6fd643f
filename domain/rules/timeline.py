"""A doctor's days as spans in which nothing changes, with what fails on them (rules.md section 3)."""

from collections.abc import Iterator, Sequence
from fractions import Fraction

from domain.history import Doctor
from domain.periods import Period
from domain.rules.calendar import BEGINNING, FOREVER, Days, days_of, merged, on, runs_from
from domain.rules.duration import time_used
from domain.rules.in_force import in_force
from domain.rules.positions import held
from domain.rules.rule_set import RuleSet
from domain.rules.shares import ALL, NOTHING, weights
from domain.rules.span import (
    AGENCY_AFFILIATION,
    INSTITUTIONAL_SERVICE,
    OLD_SCHEME,
    ON_LEAVE,
    TRACK_NOT_ACTIVE,
    Span,
)
from domain.track import Spell
from domain.values import Scheme

__all__ = ["FOREVER", "Span", "decided_by", "merged", "spans", "until"]


def spans(doctor: Doctor, rules: RuleSet, last: int) -> list[Span]:
    """All spans up to a last day (an ordinal); the first is that before anything is known."""
    return _Timeline(doctor, rules).spans(last)


def decided_by(rules: RuleSet) -> tuple[object, ...]:
    """What the spans depend on of the rules: under rule sets that agree in it a doctor's spans are the same."""
    options = (rules.options.get(name) for name in ("agreement_counts_from", "over_100", "duration_counts"))
    return rules.municipalities.digest, rules.whole("locum_months"), rules.full_time, *options


def until(laid: Sequence[Span], last: int) -> list[Span]:
    """Spans that go on to the end of time, cut off after a last day."""
    kept = [span for span in laid if span.first <= last]
    return [*kept[:-1], kept[-1]._replace(last=last)]


class _Timeline:
    """Everything known of a doctor as runs of days."""

    def __init__(self, doctor: Doctor, rules: RuleSet) -> None:
        track = doctor.track
        self.rules = rules
        self.spells = [(days_of(spell), spell) for spell in track.spells]
        self.posts = [part for position in track.positions.values() for part in held(position, rules)]
        self.leaves = [
            (days_of(leave), Fraction(leave.percent) / 100, leave.extends) for leave in track.leaves.values()
        ]
        self.services = [days_of(service) for service in track.services.values() if not service.municipal]
        self.ties = [days_of(tie) for tie in track.affiliations.values()]
        self.pauses = [pause for each in track.interruptions.values() if (pause := self._pause(each))]
        self.agreements = list(in_force(doctor.agreements.values(), self.posts, self.services, rules))

    def spans(self, last: int) -> list[Span]:
        """Cut at every day on which something begins, and after every day on which it ends."""
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
        cuts |= {spell.converted_on.toordinal() for _, spell in self.spells if spell.converted_on}
        starts = sorted(cut for cut in cuts if cut <= last)
        return [self._span(first, end) for first, end in runs_from(starts, last)]

    def _span(self, first: int, last: int) -> Span:
        posts = tuple(post for days, post in self.posts if on(days, first))
        agreed = frozenset(where for days, where in self.agreements if on(days, first))
        leave, extending = self._leave(first)
        failing = frozenset(self._failing(first, leave))
        weighed = weights(posts, self.rules)
        used = time_used(weighed, agreed, failing, extending, self.rules)
        return Span(first, last, posts, agreed, failing, leave, weighed, used)

    def _leave(self, day: int) -> tuple[Fraction, Fraction]:
        """What leave takes of full time on a day, at most all of it; and what leave that extends takes."""
        taken = [(part, extends) for days, part, extends in self.leaves if on(days, day)]
        if not taken:
            return NOTHING, NOTHING
        extending = sum((part for part, extends in taken if extends), NOTHING)
        return min(ALL, sum((part for part, _ in taken), NOTHING)), min(ALL, extending)

    def _failing(self, day: int, leave: Fraction) -> Iterator[str]:
        begun = [(days, spell) for days, spell in self.spells if days[0] <= day]
        if begun and _is_old(begun[-1][1], day):
            yield OLD_SCHEME
        if not begun or day > begun[-1][0][1] or any(on(pause, day) for pause in self.pauses):
            yield TRACK_NOT_ACTIVE
        if leave and leave == ALL:
            yield ON_LEAVE
        if any(on(service, day) for service in self.services):
            yield INSTITUTIONAL_SERVICE
        if any(on(tie, day) for tie in self.ties):
            yield AGENCY_AFFILIATION

    def _pause(self, interruption: Period) -> Days | None:
        """An interruption ends at the latest with its track, or when the next track begins."""
        first, last = days_of(interruption)
        for (start, end), _ in self.spells:
            if start <= first:
                last = min(days_of(interruption)[1], end)
            else:
                last = min(last, start - 1)
                break
        return (first, last) if first <= last else None


def _is_old(spell: Spell, day: int) -> bool:
    converted = spell.converted_on
    return spell.scheme is Scheme.OLD and (converted is None or day < converted.toordinal())
