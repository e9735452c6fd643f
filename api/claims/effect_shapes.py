"""The shapes of what later knowledge changes: effects, statements with what has become of them, and tasks."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from pydantic import Field, JsonValue

from api.doctors.preview_shapes import LineChangeShape
from api.http.lists import PageQuery
from api.round.result_shapes import FindingShape, Shape
from domain.claim.parts.parts import AttestedContent, ClaimName, Finding, Outcome
from domain.rules.sets.rule_set import Digest
from domain.values import fields as values
from domain.values.fields import MonthText, RegisteredHpr, RegisteredId
from projections.claims.task_rows import Kind
from projections.claims.tasks import Task


class CauseShape(Shape):
    """What became known, or which parameters are others, and the kroner that it makes of the line.

    `limit` is that what the program once proposed limits the line no more.
    """

    kind: Literal["fact", "parameter", "limit"]
    kroner: int | None
    text: str
    facts: list[dict[str, JsonValue]]
    parameters: list[dict[str, JsonValue]]


class UnchangedShape(Shape):
    """The months before the earliest one affected: digests over what they came to then and now, which are the same."""

    months: list[MonthText]
    digest_before: Digest
    digest_after: Digest
    identical: bool


class AffectedLineShape(LineChangeShape):
    """A decided line that comes to something else now, in kroner that can be granted, or one that the decision lacks.

    `decided` are the kroner of the decision; a line that it lacks has none, and no `outcome`. The kroner of `causes`
    sum to the difference, gone through in `order`.
    """

    first_month: MonthText | None
    unchanged: UnchangedShape
    order: str
    causes: list[CauseShape]
    findings: list[FindingShape]
    outcome: Outcome | None
    decided: int


class RulesThenAndNow(Shape):
    """The rule sets that the line is seen under."""

    decided: RegisteredId
    now: RegisteredId


class EffectShape(Shape):
    """What the knowledge and rules of now make of the decision that holds.

    `would_grant` is a decision that grants what can be on the lines that change, and the rest as decided; one that got
    less than it could, for a reason, gets no more than it got. `outstanding` is what would then remain to be paid, or
    below zero reclaimed.
    """

    claim: str
    decision: int | str
    rules: RulesThenAndNow
    decided: int
    settled: int
    would_grant: int | None
    difference: int | None
    outstanding: int | None
    first_month: MonthText | None
    lines: list[AffectedLineShape]


class SignedLineShape(Shape):
    """A signed line, and whether it stands: `stale` where its content has changed since, with the causes."""

    hpr: RegisteredHpr
    digest: Digest
    finding: Finding
    kroner: int | None
    remark: str | None
    state: Literal["stands", "stale", "replaced"]
    replaced_by: int | None
    causes: list[CauseShape]


class SignedStatement(Shape):
    """A revisor's statement, whole."""

    statement: int
    decision: int | str
    recorded_at: datetime
    recorded_by: str
    grant_scheme: str
    budget_item: str
    addressee: str
    attested: list[AttestedContent]
    control_actions: list[str]
    lines: list[SignedLineShape]
    place: str
    signed_on: date
    name: str
    firm: str


class StatementsShape(Shape):
    """The statements of a claim in order, those that were replaced too."""

    claim: str
    statements: list[SignedStatement]


class TasksQuery(PageQuery):
    """Which tasks."""

    municipality: values.MunicipalityCode | None = Field(
        default=None, description="Those of this municipality's claims.", examples=["1804"]
    )
    round: RegisteredId | None = Field(default=None, description="Those of this round.", examples=["2026"])
    claim: ClaimName | None = Field(default=None, description="Those of this claim.", examples=["1804-2026"])
    kind: Kind | None = Field(default=None, description="Those of this kind.", examples=["changed_after_decision"])


@dataclass(frozen=True, slots=True)
class TaskList:
    """Tasks in the order of their claims and lines; `next` is the next cursor."""

    tasks: list[Task]
    next: str | None
