"""The shapes of contract.md section 3, for the documentation; `domain.rules.result` fills them."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from domain.rules.findings.view import Severity
from domain.rules.line.months import Basis
from domain.rules.sets.rule_set import Digest
from domain.values.fields import Category, MonthText, MunicipalityCode, RegisteredHpr, RegisteredId

Share = Annotated[str, Field(pattern=r"^[0-9]\.[0-9]{6}$", examples=["1.000000"])]


class Shape(BaseModel):
    """Nothing but what is described."""

    model_config = ConfigDict(extra="forbid")


class MonthShape(Shape):
    """A month of a line: what it is paid as, the shares of full time, and the conditions that failed on any day."""

    month: MonthText
    basis: Basis
    shares: dict[Category, Share]
    productivity: bool
    reasons: list[str]


class LineErrorShape(Shape):
    """Why a line has no amount: the rates of these elements are not known."""

    code: Literal["rate-unknown"]
    missing: list[str]


class FindingShape(Shape):
    """Something that changes no amount, but tells people where to look, in a Norwegian sentence."""

    code: str
    severity: Severity
    months: list[MonthText]
    facts: list[RegisteredId]
    text: str


class MonthsLineShape(Shape):
    """A doctor's months."""

    hpr: RegisteredHpr
    months: list[MonthShape]


class StoredLater(Shape):
    """A fact that was known at the moment asked about, but was stored after it."""

    hpr: RegisteredHpr
    fact: RegisteredId
    recorded_at: datetime
    stored_at: datetime


class Head(Shape):
    """What every answer about a round begins with."""

    municipality: MunicipalityCode
    round: RegisteredId
    rules: RegisteredId
    rules_status: str
    rules_digest: Digest
    known_at: datetime | None
    known_before_stored_after: list[StoredLater] | None = None


class Months(Head):
    """The months of a round, one line for each doctor who held a post in the municipality.

    `municipality` is the code of today. `known_before_stored_after` is there when `known_at` was given.
    """

    lines: list[MonthsLineShape]
