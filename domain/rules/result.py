"""The result of contract.md section 3: lines with months, elements and totals."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from fractions import Fraction
from typing import Any, Final, Literal, NotRequired

from domain.doctor.history import Doctor
from domain.rules.findings.assumptions import DecidingChoiceOfLine, Touch
from domain.rules.findings.deciding import DecidingChoice, deciding
from domain.rules.findings.findings import Findings
from domain.rules.findings.views.view import Finding, FindingShape
from domain.rules.line.amounts import Amounts, amounts
from domain.rules.line.months import Month, MonthOutcome, MonthShape, Record, months, municipalities_of, record_of
from domain.rules.sets.rule_set import Digest, RuleSet, digest_of_plain
from domain.rules.trace.shapes import TraceShape
from domain.rules.trace.trace import trace
from domain.rules.trace.trace_days import Tree
from domain.values.days.calendar import text_of
from domain.values.fields import MunicipalityCode, RegisteredHpr, RegisteredId, Shape
from domain.values.refusals.refusal import refused

ENGINE_VERSION: Final = "1"
_MILLIONTH: Final = 1_000_000
_CANONICAL: Final = ("hpr", "total", "elements", "months")


class LineErrorShape(Shape):
    """Why a line has no amount: the rates of these elements are not known."""

    code: Literal["rate-unknown"]
    missing: list[str]


class MonthsLineShape(Shape):
    """A doctor's months."""

    hpr: RegisteredHpr
    months: list[MonthShape]


class LineShape(Shape):
    """What a municipality gets for one doctor, in whole kroner; the elements sum to the total.

    `assumptions` and `trace` are there where they were asked for.
    """

    hpr: RegisteredHpr
    total: int | None
    elements: dict[str, int] | None
    error: NotRequired[LineErrorShape]
    months: list[MonthShape]
    findings: list[FindingShape]
    assumptions: NotRequired[list[DecidingChoiceOfLine]]
    trace: NotRequired[TraceShape]
    reclaimed: NotRequired[dict[str, int]]


class RoundShape(Shape):
    """What every answer about a round begins with."""

    municipality: MunicipalityCode
    round: RegisteredId
    rules: RegisteredId
    rules_status: str
    rules_digest: Digest
    known_at: datetime | None


class MonthsShape(RoundShape):
    """The months of a round, one line for each doctor who held a post in the municipality."""

    lines: list[MonthsLineShape]


class ResultShape(RoundShape):
    """The grant of a municipality in a round, in whole kroner."""

    total: int
    complete: bool
    assumptions: NotRequired[list[DecidingChoice]]
    lines: list[LineShape]


@dataclass(frozen=True, slots=True)
class Line:
    """What a municipality gets for one doctor in a round."""

    hpr: str
    months: tuple[Month, ...]
    amounts: Amounts
    trace: Tree | None = None
    known: tuple[Doctor, Record] | None = field(default=None, compare=False, repr=False)
    """What it was found from, for its findings."""
    seen: dict[bool, tuple[list[Finding], list[Touch]]] = field(default_factory=dict, compare=False, repr=False)
    """What was found when it was looked at, with the choices that decide it and without."""

    def as_json(self) -> dict[str, Any]:
        """The line as contract.md writes it."""
        traced = {} if self.trace is None else {"trace": self.trace}
        return {"hpr": self.hpr, **self._kroner(), "months": self.months_as_json(), **traced}

    def months_as_json(self) -> list[dict[str, Any]]:
        """The months as contract.md writes them."""
        shapes = {outcome: _shape(outcome) for outcome in {month.outcome for month in self.months}}
        return [{"month": text_of(month.number), **shapes[month.outcome]} for month in self.months]

    def canonical(self) -> dict[str, Any]:
        """The line as a decision rests on it."""
        whole = self.as_json()
        return {name: whole[name] for name in _CANONICAL}

    def looked_at(self, checks: Findings) -> tuple[list[Finding], list[Touch]]:
        """What people should look at, and where it is asked, the choices that decide the amount."""
        if checks.assumptions not in self.seen:
            self.seen[checks.assumptions] = checks.of(*self.known, self.months) if self.known else ([], [])
        return self.seen[checks.assumptions]

    def _kroner(self) -> dict[str, Any]:
        found = self.amounts
        if found.missing:
            error = {"code": "rate-unknown", "missing": list(found.missing)}
            return {"total": None, "elements": None, "error": error}
        reclaimed = {} if found.reclaimed is None else {"reclaimed": dict(found.reclaimed)}
        return {"total": found.total, "elements": dict(found.elements), **reclaimed}


@dataclass(frozen=True, slots=True)
class Result:
    """The grant of a municipality in a round, under a rule set, as known at a moment."""

    municipality: str
    rules: RuleSet
    known_at: datetime | None
    lines: tuple[Line, ...]

    @property
    def total(self) -> int:
        """The claim: the sum of the lines that have an amount."""
        return sum(line.amounts.total for line in self.lines if not line.amounts.missing)

    @property
    def complete(self) -> bool:
        """Whether every line has an amount."""
        return not any(line.amounts.missing for line in self.lines)

    def as_json(self, *, assumptions: bool = False) -> dict[str, Any]:
        """The result as contract.md writes it.

        With `assumptions` each line is computed again under the other choices, and it is told which decide it.
        """
        checks = Findings(self.municipality, self.rules, assumptions)
        looked_at = [line.looked_at(checks) for line in self.lines]
        told = {"assumptions": deciding(self.rules, [touches for _, touches in looked_at])} if assumptions else {}
        return {
            **self._head(),
            "total": self.total,
            "complete": self.complete,
            **told,
            "lines": [
                {**line.as_json(), **_beside(*looked, assumptions=assumptions)}
                for line, looked in zip(self.lines, looked_at, strict=True)
            ],
        }

    def months_as_json(self) -> dict[str, Any]:
        """The months of the lines alone: no kroner, and nothing that people should look at is looked for."""
        return {
            **self._head(),
            "lines": [{"hpr": line.hpr, "months": line.months_as_json()} for line in self.lines],
        }

    def decided_by(self) -> list[dict[str, Any]]:
        """The choices that decide any line, with what each alternative would do to the claim."""
        checks = Findings(self.municipality, self.rules, assumptions=True)
        return deciding(self.rules, [line.looked_at(checks)[1] for line in self.lines])

    def canonical(self) -> dict[str, Any]:
        """What a decision rests on: nothing that wording or later knowledge can change."""
        return {
            "municipality": self.municipality,
            "round": self.rules.round.id,
            "rules_digest": self.rules.digest,
            "engine_version": ENGINE_VERSION,
            "lines": [line.canonical() for line in self.lines],
        }

    def digest(self) -> str:
        """The digest of the canonical result."""
        return digest_of_plain(self.canonical())

    def _head(self) -> dict[str, Any]:
        """What was asked: where, when, under which rules and as known at which moment."""
        return {
            "municipality": self.municipality,
            "round": self.rules.round.id,
            "rules": self.rules.id,
            "rules_status": self.rules.status,
            "rules_digest": self.rules.digest,
            "known_at": moment_text(self.known_at) if self.known_at else None,
        }


def _beside(found: list[Finding], touches: list[Touch], *, assumptions: bool) -> dict[str, Any]:
    """What stands beside a line's kroner and months."""
    told = {"assumptions": [each.as_json() for each in touches]} if assumptions else {}
    return {"findings": [each.as_json() for each in found], **told}


def line_for(hpr: str, doctor: Doctor, municipality: str, rules: RuleSet, *, traced: bool = False) -> Line | None:
    """A doctor's line, with its trace where that is wanted; None where no position was held there in the round."""
    record = record_of(doctor, rules)
    if municipality not in municipalities_of(record, rules):
        return None
    line = line_of(hpr, record, municipality, rules, doctor)
    return with_trace(line, municipality, rules) if traced else line


def line_of(hpr: str, record: Record, municipality: str, rules: RuleSet, doctor: Doctor | None = None) -> Line:
    """The line of a doctor whose record is given; with the doctor it can tell its findings."""
    found = months(record, municipality, rules)
    known = None if doctor is None else (doctor, record)
    return Line(hpr, tuple(found), amounts(found, municipality, rules, record.costs), known=known)


def with_trace(line: Line, municipality: str, rules: RuleSet) -> Line:
    """A line with the reasons for every krone."""
    return replace(line, trace=trace(*line.known, line, municipality, rules)) if line.known else line


def calculate(
    doctors: Iterable[tuple[str, Doctor]],
    municipality: str,
    rules: RuleSet,
    known_at: datetime | None = None,
    *,
    traced: bool = False,
) -> Result:
    """The result for a municipality, of doctors (HPR number and what is known of them).

    Raises `Refused` (unknown-municipality).
    """
    where = rules.municipalities.current(municipality)
    lines = (line_for(hpr, doctor, where, rules, traced=traced) for hpr, doctor in doctors)
    return result_of(where, rules, known_at, (line for line in lines if line))


def calculate_round(
    doctors: Iterable[tuple[str, Doctor]], rules: RuleSet, known_at: datetime | None = None, *, traced: bool = False
) -> list[Result]:
    """The results of all municipalities where any of the doctors held a position in the round, by number.

    Each is as `calculate` gives it, but a doctor's record is made once for all municipalities.
    """
    lines: dict[str, list[Line]] = defaultdict(list)
    for hpr, doctor in doctors:
        record = record_of(doctor, rules)
        for where in municipalities_of(record, rules):
            line = line_of(hpr, record, where, rules, doctor)
            lines[where].append(with_trace(line, where, rules) if traced else line)
    return [result_of(where, rules, known_at, lines[where]) for where in sorted(lines)]


def result_of(municipality: str, rules: RuleSet, known_at: datetime | None, lines: Iterable[Line]) -> Result:
    """The result of lines, in the order of the HPR number as a number."""
    return Result(municipality, rules, known_at, tuple(sorted(lines, key=lambda line: (int(line.hpr), line.hpr))))


def check_round(rules: RuleSet, round_id: str) -> None:
    """Refuse a rule set that belongs to another round."""
    if rules.round.id != round_id:
        raise refused("wrong-round", rules=rules.id, of=rules.round.id, round=round_id)


def moment_text(moment: datetime) -> str:
    """A moment in UTC as RFC 3339."""
    return moment.isoformat().replace("+00:00", "Z")


def share_text(share: Fraction) -> str:
    """A share with six decimals, half to even."""
    whole, decimals = divmod(_half_even(share.numerator * _MILLIONTH, share.denominator), _MILLIONTH)
    return f"{whole}.{decimals:06d}"


def _half_even(amount: int, parts: int) -> int:
    whole, rest = divmod(amount, parts)
    return whole + (2 * rest > parts or (2 * rest == parts and whole % 2 == 1))


def _shape(outcome: MonthOutcome) -> Mapping[str, Any]:
    return {
        "basis": outcome.basis.value,
        "shares": {category.value: share_text(share) for category, share in outcome.shares.items()},
        "productivity": outcome.productivity,
        "reasons": list(outcome.reasons),
    }
