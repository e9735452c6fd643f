"""A decided line recomputed with today's facts and rules: month by month, cause by cause.

The causes are gone through in a defined order: the facts in the order recorded, then the parameters in the order of
the rule set. What each contributes is the line's kroner after it less those before it, so they sum exactly.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, NamedTuple

from domain.claim.lines.applied import limited_months
from domain.claim.lines.cause import Cause, CauseShape
from domain.claim.parts.limits import EVERYTHING, Limits
from domain.claim.parts.parts import LineEffect
from domain.claim.parts.worth import Worth
from domain.doctor.facts.fact import Fact
from domain.doctor.history import Doctor, as_known, in_order
from domain.rules.compare.changes import LineChange, LineChangeShape, LineMonths
from domain.rules.compare.explain_facts import fact_steps
from domain.rules.compare.explain_rules import rule_steps
from domain.rules.findings.views.view import Finding, FindingShape, Severity
from domain.rules.line.amounts import amounts
from domain.rules.line.basis import Basis
from domain.rules.line.costs import Costs
from domain.rules.line.monthly import kroner_by_month
from domain.rules.result import Line, line_for
from domain.rules.sets.rule_set import Digest, RuleSet, digest_of
from domain.values import words
from domain.values.days.calendar import text_of
from domain.values.fields import MonthText, Shape

ORDER: Final = (
    "Først opplysningene i den rekkefølgen de ble registrert, deretter parameterne i regelsettets rekkefølge; "
    "før dem det som programmet selv avgrenset. "
    "Et bidrag er linjens beløp etter steget minus beløpet før det."
)
_NOTHING: Final = digest_of(None)
_TO_BE_DONE: Final = "Det gjøres om når søknaden er gjenåpnet og et nytt vedtak er godkjent."
_LATER: Final = "recorded_after_decision"
_LACKING: Final = "line_after_decision"


class LineSubject(NamedTuple):
    """Whose line it is: a doctor in a municipality, and what a person limited it to.

    `decided_within` is what it was limited to when it was decided, where the program's own proposal limited it too.
    """

    hpr: str
    municipality: str
    limits: Limits = EVERYTHING
    decided_within: Limits | None = None

    def as_decided(self) -> "LineSubject":
        """The same line as it was limited when it was decided."""
        return self if self.decided_within is None else self._replace(limits=self.decided_within)


class Knowledge(NamedTuple):
    """What is known of a doctor, in the order in which it became known, and the rules that it is seen under."""

    facts: Sequence[Fact]
    rules: RuleSet


@dataclass(frozen=True, slots=True)
class KnownLine:
    """A line as some knowledge has it: the digest of its canonical result, and what of it can be granted."""

    digest: str
    granted: LineMonths | None

    @property
    def amount(self) -> int | None:
        """The kroner that can be granted; None where a rate is unknown."""
        return 0 if self.granted is None else self.granted.total

    @property
    def worth(self) -> Worth:
        """What it is compared by."""
        return Worth(self.digest, self.amount)


class UnchangedShape(Shape):
    """The months before the earliest one affected: digests over what they came to then and now, which are the same."""

    months: list[MonthText]
    digest_before: Digest
    digest_after: Digest
    identical: bool


class AffectedShape(LineChangeShape):
    """What `AffectedLineShape` has of the line itself."""

    first_month: MonthText | None
    unchanged: UnchangedShape
    order: str
    causes: list[CauseShape]
    findings: list[FindingShape]


@dataclass(frozen=True, slots=True)
class AffectedLine:
    """A decided line that comes to something else now than when it was assessed, or one that the decision lacks."""

    subject: LineSubject
    before: KnownLine
    after: KnownLine
    change: LineChange
    causes: tuple[Cause, ...]
    is_lacking: bool = False

    @property
    def first_month(self) -> int | None:
        """The earliest month affected; None where only kroner that no month has are others."""
        return next(iter(self.change.months), None)

    @property
    def facts(self) -> tuple[str, ...]:
        """The ids of the facts that caused it."""
        return tuple(change.fact.id for cause in self.causes for change in cause.facts)

    @property
    def elsewhere(self) -> frozenset[str]:
        """Those of the facts that are another municipality's."""
        changes = (change for cause in self.causes for change in cause.facts)
        return frozenset(change.fact.id for change in changes if change.is_elsewhere(self._here))

    def finding(self, *, whole: bool) -> Finding | None:
        """That facts became known after the decision (rules.md section 6); None where only rules are others."""
        if not self.facts:
            return None
        if self.is_lacking:
            text = _sentence_of_lacking(self.after.amount)
            return Finding(_LACKING, Severity.WARNING, self.change.months, self.facts, text)
        kroner = sum_if_known(cause.kroner for cause in self.causes if cause.facts)
        named = tuple(each for each in self.facts if whole or each not in self.elsewhere)
        return Finding(_LATER, Severity.WARNING, self.change.months, named, _sentence(kroner, self.first_month))

    def event(self) -> LineEffect:
        """What the claim keeps of it when it is opened again."""
        first = self.first_month
        return LineEffect(
            hpr=self.subject.hpr,
            first_month=None if first is None else text_of(first),
            before=self.before.amount,
            after=self.after.amount,
            facts=self.facts,
        )

    def as_json(self, *, whole: bool = False) -> dict[str, Any]:
        """The line before and after, the months that change, the earlier ones that do not, and why.

        Unless for somebody who sees the `whole` doctor, the facts of other municipalities have no names.
        """
        first, finding = self.first_month, self.finding(whole=whole)
        return {
            **self.change.as_json(),
            "first_month": None if first is None else text_of(first),
            "unchanged": self._unchanged(),
            "order": ORDER,
            "causes": self.causes_as_json(whole=whole),
            "findings": [finding.as_json()] if finding else [],
        }

    def causes_as_json(self, *, whole: bool = False) -> list[CauseShape]:
        """Why, in the order of the causes."""
        return [each.as_json(self._here, whole=whole) for each in self.causes]

    @property
    def _here(self) -> Collection[str]:
        return self.change.rules.municipalities.codes_of(self.subject.municipality)

    def _unchanged(self) -> UnchangedShape:
        """The months before the first one affected, as they were and as they are: two digests that are the same."""
        numbers = [each for each in self.change.rules.months if self.first_month is None or each < self.first_month]
        lines = self.before.granted, self.after.granted
        before, after = (_proof(line, numbers, alone=None in lines) for line in lines)
        return {
            "months": [text_of(number) for number in numbers],
            "digest_before": before,
            "digest_after": after,
            "identical": before == after,
        }


def known_line(subject: LineSubject, doctor: Doctor, rules: RuleSet) -> KnownLine:
    """A line of a claim, of what is known of the doctor."""
    line = line_for(subject.hpr, doctor, subject.municipality, rules)
    return as_claimed(subject, line, line.known[1].costs if line and line.known else {}, rules)


def as_claimed(subject: LineSubject, line: Line | None, costs: Costs, rules: RuleSet) -> KnownLine:
    """A line of a claim, of what it was computed to (None: no position there) with the costs reported."""
    if line is None:
        return KnownLine(_NOTHING, None)
    months = limited_months(line, subject.limits, rules)
    found = amounts(months, subject.municipality, rules, costs)
    less = replace(line, months=tuple(months), amounts=found)
    return KnownLine(
        digest_of(LineMonths(line, None).canonical), LineMonths(less, kroner_by_month(months, found, rules))
    )


def affected(
    subject: LineSubject, before: Knowledge, after: Knowledge, now: KnownLine | None = None
) -> AffectedLine | None:
    """What a line comes to now, against what it came to; None where that is the same."""
    was = known_line(subject.as_decided(), as_known(before.facts), before.rules)
    now = now or known_line(subject, as_known(after.facts), after.rules)
    if was.worth == now.worth:
        return None
    change = LineChange(subject.hpr, subject.municipality, after.rules, was.granted, now.granted)
    return AffectedLine(subject, was, now, change, tuple(_causes(subject, was, before, after)))


def _causes(subject: LineSubject, was: KnownLine, before: Knowledge, after: Knowledge) -> Iterator[Cause]:
    """The steps that make it another line, in their order."""
    last = was if subject.decided_within is None else known_line(subject, as_known(before.facts), before.rules)
    if last.worth != was.worth:
        yield Cause((), (), _less(last, was))
    for step in fact_steps(in_order(before.facts), in_order(after.facts)):
        now = known_line(subject, as_known(step.known), before.rules)
        if now.worth != last.worth:
            yield Cause(step.changes, (), _less(now, last))
        last = now
    doctor = as_known(after.facts)
    for each in rule_steps(before.rules, after.rules):
        now = known_line(subject, doctor, each.rules)
        if now.worth != last.worth:
            yield Cause((), each.parameters, _less(now, last))
        last = now


def _less(now: KnownLine, last: KnownLine) -> int | None:
    return None if now.amount is None or last.amount is None else now.amount - last.amount


def sum_if_known(kroner: Iterable[int | None]) -> int | None:
    """The sum of some kroner; None where any of them is not known."""
    every = list(kroner)
    return None if None in every else sum(each for each in every if each is not None)


def _sentence(kroner: int | None, first_month: int | None) -> str:
    since = f" fra {words.month_name(first_month)}" if first_month is not None else ""
    sentence = f"Opplysninger som er lagret etter vedtaket, endrer linjen{since}"
    if kroner is None:
        return f"{sentence}; beløpet er ukjent."
    if not kroner:
        return f"{sentence}, men ikke beløpet."
    return f"{sentence}: {words.more_or_less(kroner)}. {_TO_BE_DONE}"


def _sentence_of_lacking(kroner: int | None) -> str:
    amount = "beløpet er ukjent" if kroner is None else words.kroner(kroner)
    return f"Legen har en linje som vedtaket ikke har: {amount}. {_TO_BE_DONE}"


def _proof(line: LineMonths | None, numbers: Sequence[int], *, alone: bool) -> str:
    """A digest over some months: what each comes to, and its exact kroner; `alone`: beside no line, only if paid."""
    return digest_of([_shown(line, number, alone=alone) for number in numbers])


def _shown(line: LineMonths | None, number: int, *, alone: bool) -> Any:  # noqa: ANN401 - JSON
    if line is None or (alone and line.months[number]["basis"] == Basis.NONE):
        return None
    kind, exact = line.kind_of(number)
    return [kind, None if exact is None else str(exact)]
