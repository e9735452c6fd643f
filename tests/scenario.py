"""Histories told in the words of the process, and what the rules make of them.

`track("2024-10-01").position("p1", "1804").agreement("a1", "1804")` is a doctor whose facts became known one second
after the other, long before the round; `known("2026-08-20")` lets what follows become known then. A fact's id is its
number: the track above is "1", the position "2".
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from domain.doctor.facts.fact import Fact
from domain.doctor.history import as_known, in_order
from domain.doctor.intake.intake import read_facts
from domain.doctor.judging import judge
from domain.rulebook.release import choose_rule_set, release_reference
from domain.rules.result import Result, calculate
from domain.values.refusals.refusal import Problem, Rejected

Json = dict[str, Any]
ROUND: Final = "2026"
BODO: Final = "1804"
BEIARN: Final = "1839"
"""In centrality class 6, which Bodø is not."""
MONTHS: Final = [f"2025-{m:02d}" for m in range(6, 13)] + [f"2026-{m:02d}" for m in range(1, 6)]
_SECOND: Final = timedelta(seconds=1)


@dataclass(frozen=True)
class Told:
    """What has been told of a doctor so far, in the order told."""

    hpr: str = "9000001"
    facts: tuple[Json, ...] = ()
    moment: datetime = datetime(2024, 1, 1, tzinfo=UTC)

    def known(self, day: str) -> "Told":
        """What follows became known on another day, nine o'clock."""
        return replace(self, moment=datetime.fromisoformat(f"{day}T09:00:00+00:00"))

    def add(self, kind: str, /, **fields: object) -> "Told":
        """Tell one fact; fields that are None are not written (but see `withdrawn`)."""
        head = {
            "id": str(len(self.facts) + 1),
            "type": kind,
            "hpr": self.hpr,
            "recorded_at": self.moment.isoformat(),
            "recorded_by": f"kommune:{BODO}",
        }
        fact = head | {name: value for name, value in fields.items() if value is not None}
        return replace(self, facts=(*self.facts, fact), moment=self.moment + _SECOND)

    def started(self, on: str, scheme: str = "new") -> "Told":
        return self.add("track_started", on=on, scheme=scheme)

    def position(self, name: str, municipality: str = BODO, first: str | None = None, **more: object) -> "Told":
        """A full-time fastlege post from the first day of the track, unless said otherwise."""
        fields = {"category": "gp", "percent": 100, "first_day": first or self.facts[0]["on"]}
        return self.add("position_started", position=name, municipality=municipality, **(fields | more))

    def changed(self, name: str, first: str, **fields: object) -> "Told":
        return self.add("position_changed", position=name, first_day=first, **fields)

    def ended(self, name: str, last: str) -> "Told":
        return self.add("position_ended", position=name, last_day=last)

    def switched(self, name: str, last: str, to: str, **more: object) -> "Told":
        """Leave a post for a like one that begins the day after."""
        begins = (date.fromisoformat(last) + timedelta(days=1)).isoformat()
        new = {"position": f"{name}b", "municipality": to, "category": "gp", "percent": 100, "first_day": begins}
        return self.add("job_switched", position=name, last_day=last, new=new | more)

    def agreement(self, name: str, municipality: str = BODO, first: str | None = None, **more: object) -> "Told":
        """An agreement signed on its first day, which is that of the track unless said otherwise."""
        first = first or self.facts[0]["on"]
        fields = {"signed_on": first, "first_day": first, "template": "hdir-2023"}
        return self.add("agreement_signed", agreement=name, municipality=municipality, **(fields | more))

    def amended(self, name: str, signed: str, first: str, **fields: object) -> "Told":
        return self.add("agreement_amended", agreement=name, signed_on=signed, first_day=first, **fields)

    def leave(self, name: str, first: str, last: str | None = None, kind: str = "agreed", **more: object) -> "Told":
        return self.add("leave_registered", leave=name, kind=kind, first_day=first, last_day=last, **more)

    def hospital(self, name: str, first: str, last: str | None = None, *, municipal: bool = False) -> "Told":
        fields = {"institution": "Nordlandssykehuset", "municipal": municipal, "first_day": first, "last_day": last}
        return self.add("institutional_service_registered", service=name, **fields)

    def corrected(self, fact: str, **replacement: object) -> "Told":
        """Replace fields of an earlier fact; a None removes the field."""
        return self.add("fact_corrected", corrects=fact, replacement=replacement, reason="feil registrert")

    def withdrawn(self, fact: str) -> "Told":
        told = self.add("fact_corrected", corrects=fact, reason="gjaldt en annen")
        return replace(told, facts=(*told.facts[:-1], told.facts[-1] | {"replacement": None}))


def track(on: str, scheme: str = "new", hpr: str = "9000001") -> Told:
    """A doctor who began to specialise."""
    return Told(hpr).started(on, scheme)


def full_time(on: str = "2024-10-01", municipality: str = BODO) -> Told:
    """A track with a full-time fastlege post and an agreement from its first day: facts 1, 2 and 3."""
    return track(on).position("p1", municipality).agreement("a1", municipality)


def lines_of(facts: Iterable[Mapping[str, Any]]) -> bytes:
    """Facts as a file of JSON Lines."""
    return "".join(json.dumps(fact, ensure_ascii=False) + "\n" for fact in facts).encode()


def judged(content: bytes, stored: Mapping[str, Sequence[Fact]] | None = None) -> dict[str, list[Fact]]:
    """The facts of a file by doctor, in order; raises `Rejected` with all that is wrong with them."""
    placed, problems = read_facts(content)
    accepted: dict[str, list[Fact]] = {}
    for hpr in {fact.hpr: None for _, fact in placed}:
        before = (stored or {}).get(hpr, ())
        new, found = judge(before, [each for each in placed if each[1].hpr == hpr], release_reference())
        accepted[hpr] = in_order([*before, *new])
        problems += found
    if problems:
        raise Rejected(problems)
    return accepted


def problems_with(content: bytes) -> tuple[Problem, ...]:
    """What is wrong with a file; nothing where it is accepted."""
    try:
        judged(content)
    except Rejected as rejected:
        return rejected.problems
    return ()


def result(content: bytes, municipality: str = BODO, known_at: str | None = None) -> Result:
    """What a municipality gets for the doctors of a file in the round, as known at a moment."""
    at = datetime.fromisoformat(known_at).astimezone(UTC) if known_at else None
    doctors = [(hpr, as_known(facts, at)) for hpr, facts in judged(content).items()]
    return calculate(doctors, municipality, choose_rule_set(None, ROUND), at)


@dataclass(frozen=True)
class Months:
    """The line of one doctor, asked month by month."""

    line: Json

    def _of(self, basis: str) -> list[str]:
        return [each["month"] for each in self.line["months"] if each["basis"] == basis]

    def _by_month(self, field: str) -> Json:
        return {each["month"]: each[field] for each in self.line["months"]}

    @property
    def none(self) -> list[str]:
        return self._of("none")

    @property
    def guidance_only(self) -> list[str]:
        return self._of("guidance_only")

    @property
    def agreement(self) -> list[str]:
        return self._of("agreement")

    @property
    def first_eligible(self) -> str:
        return min(self.agreement + self.guidance_only)

    @property
    def productive(self) -> list[str]:
        return [month for month, given in self._by_month("productivity").items() if given]

    @property
    def reasons(self) -> dict[str, list[str]]:
        return self._by_month("reasons")

    @property
    def shares(self) -> dict[str, dict[str, str]]:
        return self._by_month("shares")

    @property
    def total(self) -> int:
        kroner = self.line["total"]
        assert isinstance(kroner, int)
        return kroner

    @property
    def elements(self) -> dict[str, int]:
        return dict(self.line["elements"])


def months(told: Told, municipality: str = BODO, known_at: str | None = None) -> Months:
    """The months of a doctor who has a line in a municipality."""
    [line] = result(lines_of(told.facts), municipality, known_at).as_json()["lines"]
    return Months(line)
