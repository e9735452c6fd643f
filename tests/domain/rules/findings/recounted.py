"""The alternative behind the kroner of each finding, made by changing the facts and computed as a whole.

Nothing here asks the findings how they found theirs: a day is looked up in the sentence, what was signed is told as a
fact, and a month that is otherwise is made day by day.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from itertools import combinations
from typing import Any, Final, TypeVar

from domain.doctor.history import Doctor, as_known
from domain.rules.days.conditions import ON_LEAVE
from domain.rules.line.amounts import amounts
from domain.rules.line.months import Month, Record, record_of
from domain.rules.result import Line, calculate
from domain.rules.sets.options import OPTIONS
from domain.rules.sets.rule_set import RuleSet, rule_set, with_options
from domain.values import words
from domain.values.days.calendar import FOREVER, days_of, first_of, last_of
from domain.values.days.periods import Dated, Period
from domain.values.rounding import round_half_up
from tests.histories import HPR
from tests.scenario import Json, judged, lines_of

T = TypeVar("T")
P = TypeVar("P", bound=Period)
Found = Mapping[str, Any]
KRONER: Final = re.compile(r"([\d\u2009]+) kron(?:e|er)")
_MONTHS: Final = {words.month_name(12 * 2020 + at).split()[0]: at + 1 for at in range(12)}
_DAY: Final = re.compile(rf"(\d+)\. ({'|'.join(_MONTHS)}) (\d{{4}})")


def named(finding: Found) -> list[int]:
    """The kroner that a sentence names."""
    return [int(each.replace("\u2009", "")) for each in KRONER.findall(finding["text"])]


@dataclass(frozen=True)
class Case:
    """A line, with all that it was computed from."""

    facts: Sequence[Json]
    doctor: Doctor
    municipality: str
    rules: RuleSet
    line: Line
    findings: Sequence[Found]

    @property
    def record(self) -> Record:
        return record_of(self.doctor, self.rules)

    def of(self, code: str) -> list[Found]:
        return [each for each in self.findings if each["code"] == code]

    def months_of(self, doctor: Doctor, rules: RuleSet | None = None) -> Sequence[Month]:
        """The months of the line, all of it computed again."""
        [line] = calculate([(HPR, doctor)], self.municipality, rules or self.rules).lines
        return line.months

    def told(self, *facts: Json) -> Doctor:
        """The doctor if other facts had been recorded too."""
        moment = "2026-11-01T09:00:{:02d}+00:00"
        head = {"hpr": HPR, "recorded_by": "caseworker:ab"}
        more = [{**head, "id": f"more{at}", "recorded_at": moment.format(at), **fact} for at, fact in enumerate(facts)]
        return as_known(judged(lines_of([*self.facts, *more]))[HPR])

    def worth(self, months: Sequence[Month]) -> Fraction:
        return amounts(months, self.municipality, self.rules, self.record.costs).sum

    def more(self, months: Sequence[Month]) -> int:
        """How much more the line gives with other months, rounded once."""
        return round_half_up(self.worth(months) - self.worth(self.line.months))

    def mixed(self, months: Iterable[Month], numbers: Iterable[int]) -> list[Month]:
        """The line with some of its months as in another."""
        other, wanted = {month.number: month for month in months}, set(numbers)
        return [other[month.number] if month.number in wanted else month for month in self.line.months]

    def with_value(self, name: str, value: int) -> Sequence[Month]:
        """The line under rules with another number."""
        return self.months_of(self.doctor, with_values(self.rules, {name: value}))


def with_values(rules: RuleSet, values: Mapping[str, int]) -> RuleSet:
    """The same rules with other numbers."""
    content = rules.completed
    for name, value in values.items():
        content["values"][name]["value"] = str(value)
    return rule_set({**content, "status": "draft"}, "draft", rules.municipalities)


def days_in(finding: Found) -> list[date]:
    """The days that a sentence names."""
    return [date(int(year), _MONTHS[month], int(day)) for day, month, year in _DAY.findall(finding["text"])]


def month_in(finding: Found) -> int:
    year, month = finding["months"][0].split("-")
    return int(year) * 12 + int(month) - 1


# ---------------------------------------------------------------- agreements


def agreement_missing(case: Case, finding: Found) -> Iterator[int]:
    """One signed and holding from the day named to the last without; months told as signed late are as they were."""
    [first] = days_in(finding)
    last = _last_without(case, first)
    signed = {"agreement": "new", "municipality": case.municipality, "template": "hdir-2023"}
    span = {"signed_on": first.isoformat(), "first_day": first.isoformat()}
    until = {} if last is None else {"last_day": last.isoformat()}
    months = case.months_of(case.told({"type": "agreement_signed", **signed, **span, **until}))
    late = {month for each in case.of("agreement_signed_late") for month in each["months"]}
    numbers = [month.number for month in case.line.months if words.month_name(month.number) not in _names(late)]
    yield abs(case.more(case.mixed(months, numbers)))


def _names(months: Iterable[str]) -> set[str]:
    return {words.month(each) for each in months}


def _last_without(case: Case, first: date) -> date | None:
    """The last day of a run of days from a first one, with a post here or external service and no agreement."""
    posts = [days_of(each) for each in case.doctor.track.positions.values() if each.municipality == case.municipality]
    services = [days_of(each) for each in case.doctor.track.services.values() if not each.municipal]
    day, end = first.toordinal(), last_of(case.rules.months[-1])
    agreed = {d for span in case.record.spans if case.municipality in span.agreed for d in _days(span.first, span.last)}
    while day <= end and day not in agreed and any(a <= day <= b for a, b in [*posts, *services]):
        day += 1
    return None if day > end else date.fromordinal(day - 1)


def _days(first: int, last: int) -> range:
    """The days of this century in a run of days."""
    return range(max(first, date(2000, 1, 1).toordinal()), min(last, date(2030, 1, 1).toordinal()) + 1)


def agreement_signed_late(case: Case, finding: Found) -> Iterator[int]:
    """The same agreement, corrected to have been signed on its first day."""
    first, _ = days_in(finding)
    signed = {"type": "fact_corrected", "corrects": finding["facts"][0], "reason": "prøve"}
    yield abs(case.more(case.months_of(case.told({**signed, "replacement": {"signed_on": first.isoformat()}}))))


# ---------------------------------------------------------------- months lost


def month_lost(case: Case, finding: Found) -> Iterator[int]:
    """The month made day by day: each day on leave, or without a post here, is like another day of it."""
    month = month_in(finding)
    days = range(first_of(month), last_of(month) + 1)
    spans = {day: span for span in case.record.spans for day in days if span.first <= day <= span.last}
    posts = [day for day in days if any(where == case.municipality for where, _ in spans[day].weights)]
    if finding["code"] == "month_lost_to_leave":
        posts = [day for day in posts if ON_LEAVE not in spans[day].failing]
    doctor = _like(case.doctor, days, posts) if posts else _without_leave(case.doctor, days)
    yield case.more(case.mixed(case.months_of(doctor), [month]))


def _like(doctor: Doctor, days: range, some: Sequence[int]) -> Doctor:
    """The doctor if each day were like the last of some days up to it, or else the first of them."""
    like = {day: max((each for each in some if each <= day), default=some[0]) for day in days}
    track = doctor.track
    positions = {
        name: replace(each, category=_dated(each.category, like), percent=_dated(each.percent, like))
        for name, each in _held(track.positions, like).items()
    }
    agreements = {}
    for name, each in _held(doctor.agreements, like).items():
        signed = each.signed_on.toordinal()
        counts = min((day for day in days if like[day] >= signed), default=days[-1] + 1) if signed in days else signed
        agreements[name] = replace(each, signed_on=date.fromordinal(counts))
    return Doctor(track._replace(positions=positions, leaves=_held(track.leaves, like)), agreements)


def _held(things: Mapping[str, P], like: Mapping[int, int]) -> dict[str, P]:
    """What holds on a day if it held on the day that it is like."""
    found, (start, *_, end) = {}, like
    for name, each in things.items():
        first, last = days_of(each)
        inside = [day for day, of in like.items() if first <= of <= last]
        first = first if first < start else min(inside, default=max(first, end + 1))
        last = last if last > end else max(inside, default=min(last, start - 1))
        if first <= last:
            until = None if last == FOREVER else date.fromordinal(last)
            found[name] = replace(each, first_day=date.fromordinal(first), last_day=until)
    return found


def _dated(dated: Dated[T], like: Mapping[int, int]) -> Dated[T]:
    """The values on each day of the month, and those outside it as they were."""

    def on(day: int) -> T:
        return [value for since, value, _ in dated if since.toordinal() <= day][-1]

    start, *_, end = like
    outside = [(day, value) for day, value, _ in dated if not start <= day.toordinal() <= end + 1]
    began = dated.days[0].toordinal()
    inside = [(date.fromordinal(day), on(of)) for day, of in like.items() if of >= began]
    after = [(date.fromordinal(end + 1), on(end + 1))] if end + 1 >= began else []
    days, values = zip(*sorted([*outside, *inside, *after], key=lambda each: each[0]), strict=True)
    return Dated(days, values, ("",) * len(days))


def _without_leave(doctor: Doctor, days: range) -> Doctor:
    cut = {}
    for name, leave in doctor.track.leaves.items():
        first, last = days_of(leave)
        for part, (begin, end) in enumerate(((first, min(last, days[0] - 1)), (max(first, days[-1] + 1), last))):
            if begin <= end:
                until = None if end == FOREVER else date.fromordinal(end)
                cut[f"{name}/{part}"] = replace(leave, first_day=date.fromordinal(begin), last_day=until)
    return replace(doctor, track=doctor.track._replace(leaves=cut))


# ---------------------------------------------------------------- what runs out


def window_ends(case: Case, finding: Found) -> Iterator[int]:
    """Rules with a window of a hundred years, and with one that ended long before."""
    longer, over = case.with_value("window_months", 1_200), case.with_value("window_months", 1)
    yield _falls_away(case, month_in(finding), longer, over)


def duration_ends(case: Case, finding: Found) -> Iterator[int]:
    """Rules with a hundred years, and with a month."""
    longer, over = case.with_value("duration_months", 1_200), case.with_value("duration_months", 1)
    yield _falls_away(case, month_in(finding), longer, over)


def _falls_away(case: Case, last: int, longer: Sequence[Month], over: Sequence[Month]) -> int:
    """What the first month after the last one lacks; where none does, what the last itself would."""
    for now, then in zip(case.line.months, longer, strict=True):
        if now.number > last and now.outcome.paid != then.outcome.paid:
            return case.more(case.mixed(longer, [now.number]))
    return round_half_up(case.worth(case.line.months) - case.worth(case.mixed(over, [last])))


# ---------------------------------------------------------------- one thing twice, costs, choices


def registered_twice(case: Case, finding: Found) -> Iterator[int]:
    """The line without the later registered of two things with the days and facts named."""
    track, agreements = case.doctor.track, case.doctor.agreements
    for positions in _without_one(track.positions, finding):
        yield _less(case, replace(case.doctor, track=track._replace(positions=positions)))
    for leaves in _without_one(track.leaves, finding):
        yield _less(case, replace(case.doctor, track=track._replace(leaves=leaves)))
    for left in _without_one(agreements, finding):
        yield _less(case, replace(case.doctor, agreements=left))


def _without_one(things: Mapping[str, P], finding: Found) -> Iterator[dict[str, P]]:
    for (_, one), (again, other) in combinations(things.items(), 2):
        facts = dict.fromkeys([*one.facts, *other.facts])
        if list(facts) == finding["facts"] and [one.first_day, other.first_day] == days_in(finding):
            yield {each: thing for each, thing in things.items() if each != again}


def _less(case: Case, doctor: Doctor) -> int:
    return abs(round_half_up(case.worth(case.line.months) - case.worth(case.months_of(doctor))))


def costs_below_grant(case: Case, _: Found) -> Iterator[int]:
    """The sums of what was last reported and of what is paid, and their difference."""
    last = {
        fact["element"]: fact["kroner"]
        for fact in case.facts
        if fact["type"] == "costs_reported" and fact["municipality"] == case.municipality
    }
    paid = sum(kroner for name, kroner in case.line.amounts.elements.items() if name != "centrality")
    yield from (sum(last.values()), paid - sum(last.values()), paid)


def assumption_decides(case: Case, finding: Found) -> Iterator[int]:
    """The whole line under each alternative of the choice named."""
    [option] = [
        each for each in OPTIONS.values() if f"at {each.words[case.rules.options[each.name]]};" in finding["text"]
    ]
    for value, said in option.words.items():
        if f"hvis {said}" in finding["text"]:
            rules = with_options(case.rules, **{option.name: value})
            [line] = calculate([(HPR, case.doctor)], case.municipality, rules).lines
            yield abs(_net(line) - _net(case.line))


def _net(line: Line) -> int:
    return line.amounts.total - sum((line.amounts.reclaimed or {}).values())


ALTERNATIVES: Final[Mapping[str, Callable[[Case, Found], Iterator[int]]]] = {
    "agreement_missing": agreement_missing,
    "agreement_signed_late": agreement_signed_late,
    "month_lost_to_job_switch": month_lost,
    "month_lost_to_leave": month_lost,
    "window_ends_in_round": window_ends,
    "duration_ends_in_round": duration_ends,
    "registered_twice": registered_twice,
    "costs_below_grant": costs_below_grant,
    "assumption_decides": assumption_decides,
}
"""How the kroner of each finding that names any are counted again."""
