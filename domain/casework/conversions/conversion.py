"""A conversion of many doctors as it is asked for and answered, and who may ask for it."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal, NotRequired

from domain.casework.commands.carrying_out import KeptAnswer
from domain.casework.commands.commands import Actor
from domain.claim.lines.touched import ClaimTouched, ClaimTouchedShape
from domain.rules.compare.conversion import ConvertedLine, ConvertedLineShape
from domain.rules.sets.rule_set import RuleSet
from domain.values.fields import MunicipalityCode, RegisteredHpr, RegisteredId, Shape
from domain.values.places import called
from domain.values.refusals.refusal import Refused, refused

CONVERTS: Final = ("caseworker", "municipality")
Effect = Literal["possible", "already_converted", "refused"]
"""What a preview says of a doctor."""
Outcome = Literal["converted", "already_converted", "refused"]
"""What became of a doctor."""
MOST_DOCTORS: Final = 3_000
"""In one command: more than there are in the nation (regelverksendring-2025-06-01.txt: 2403)."""
_OUTCOMES: Final[Mapping[str, Literal["already_converted"]]] = {
    "already-new-scheme": "already_converted",
    "conversion-recorded": "already_converted",
}
"""What a refusal means for a doctor, where it is not that the conversion is refused."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A conversion that is asked for: from which day, of which doctors, and why."""

    on: date
    doctors: tuple[str, ...]
    reason: str | None = None


class RoundTouched(Shape):
    """A round that the day of the conversion lies in or before, and the rule set that it is computed under."""

    round: RegisteredId
    first_day: date
    last_day: date
    rules: RegisteredId
    rules_status: str


class KroneSum(Shape):
    """Whole kroner before and after."""

    before: int
    after: int
    difference: int


class RoundSum(Shape):
    """What lines come to in a round; `kroner` leaves out those without a known rate, which `unknown` counts."""

    round: str
    rules: str
    kroner: KroneSum
    unknown: int


class ConvertedDoctorShape(Shape):
    """What a conversion would give for one doctor; `code` and `detail` say why it cannot be recorded.

    `claims` are there in a preview, where a line that would be another stands in any.
    """

    hpr: RegisteredHpr
    outcome: Effect
    code: NotRequired[str]
    detail: NotRequired[str]
    lines: list[ConvertedLineShape]
    claims: NotRequired[list[ClaimTouchedShape]]


class WaitingShape(Shape):
    """The doctors with a post in a municipality who wait to be converted, and what they come to in each round."""

    municipality: MunicipalityCode
    name: str
    rounds: list[RoundSum]
    doctors: list[ConvertedDoctorShape]


class ConversionResult(Shape):
    """What became of one doctor: `fact` is the conversion's id, `code` and `detail` say why it was not recorded."""

    hpr: RegisteredHpr
    outcome: Outcome
    fact: NotRequired[str]
    code: NotRequired[str]
    detail: NotRequired[str]


@dataclass(frozen=True, slots=True)
class ConvertedDoctor:
    """What a conversion would give for one doctor, or why it is refused."""

    hpr: str
    refusal: Refused | None
    lines: tuple[ConvertedLine, ...] = ()
    claims: tuple[ClaimTouched, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The outcome, the lines, and in a preview the claims that they stand in."""
        claims = {"claims": [each.as_json() for each in self.claims]} if self.claims else {}
        lines = [line.as_json() for line in self.lines]
        return {**told(self.hpr, "possible", self.refusal), "lines": lines, **claims}


@dataclass(frozen=True, slots=True)
class WaitingConverted:
    """What the conversion of those who wait in a municipality would give it."""

    municipality: str
    doctors: tuple[ConvertedDoctor, ...]

    def as_json(self) -> dict[str, Any]:
        """The municipality, the sums, and each doctor."""
        return {
            "municipality": self.municipality,
            "name": called(self.municipality),
            "rounds": sums(self.doctors),
            "doctors": [each.as_json() for each in self.doctors],
        }


@dataclass(frozen=True, slots=True)
class Converted(KeptAnswer):
    """The answer to a command: what became of each doctor, in the order asked."""

    on: str
    results: Sequence[ConversionResult]

    @property
    def converted(self) -> int:
        """How many were converted."""
        return sum(each["outcome"] == "converted" for each in self.results)

    def as_text(self) -> str:
        """The answer as JSON."""
        return json.dumps(self.as_json(), ensure_ascii=False)

    def as_json(self) -> dict[str, Any]:
        """The day and the results."""
        return {"on": self.on, "results": list(self.results)}


def check_converts(actor: Actor) -> None:
    """Raise `Refused` (wrong-role) for somebody who converts nobody."""
    if actor.role not in CONVERTS:
        raise refused("wrong-role", role=actor.role, wanted=CONVERTS)


def check_reason(actor: Actor, reason: str | None) -> None:
    """Raise `Refused` (conversion-without-reason) where somebody must say why, and does not."""
    if actor.role == "caseworker" and not (reason or "").strip():
        raise refused("conversion-without-reason")


def rounds_touched(rule_sets: Sequence[RuleSet], on: date) -> list[RoundTouched]:
    """The rounds that are not over on a day."""
    return [
        RoundTouched(
            round=rules.round.id,
            first_day=rules.round.first_day,
            last_day=rules.round.last_day,
            rules=rules.id,
            rules_status=rules.status,
        )
        for rules in rule_sets
        if rules.round.last_day >= on
    ]


def sums(doctors: Iterable[ConvertedDoctor]) -> list[RoundSum]:
    """What the lines of some doctors come to, round by round."""
    by_round = defaultdict[str, list[ConvertedLine]](list)
    for line in (line for doctor in doctors for line in doctor.lines):
        by_round[line.rules.round.id].append(line)
    ordered = sorted(by_round.values(), key=lambda some: some[0].rules.round.first_day)
    return [_sum(some) for some in ordered]


def _sum(lines: Sequence[ConvertedLine]) -> RoundSum:
    known = [line.kroner for line in lines if line.kroner["difference"] is not None]
    before, after, difference = (sum(each[side] or 0 for each in known) for side in ("before", "after", "difference"))
    kroner = KroneSum(before=before, after=after, difference=difference)
    rules = lines[0].rules
    return RoundSum(round=rules.round.id, rules=rules.id, kroner=kroner, unknown=len(lines) - len(known))


def told(hpr: str, otherwise: str, refusal: Refused | None) -> dict[str, Any]:
    """What becomes of a doctor, in the words of an answer; `otherwise` where nothing refuses it."""
    if refusal is None:
        return {"hpr": hpr, "outcome": otherwise}
    outcome = _OUTCOMES.get(refusal.code, "refused")
    return {"hpr": hpr, "outcome": outcome, "code": refusal.code, "detail": str(refusal)}
