"""Events of claims as they were stored before: read for ever, and never written again."""

from typing import Annotated, Literal

from pydantic import Field

from domain.claim.parts.parts import Applied, AppliedLine, Count, LineEffect, ReportedCostV1, Written
from domain.claim.stream.event import ClaimEvent
from domain.values.fields import Name, RegisteredHpr


class LinesProposedV1(ClaimEvent, topic="claim.lines-proposed.v1"):
    """Lines were proposed, with what the program thought that they would apply for."""

    type: Literal["lines_proposed"] = "lines_proposed"
    lines: Annotated[tuple[AppliedLine, ...], Field(min_length=1)]


class LineConfirmedV1(ClaimEvent, topic="claim.line-confirmed.v1"):
    """The municipality said what it applies for on a line; every field had to be stated."""

    type: Literal["line_confirmed"] = "line_confirmed"
    hpr: RegisteredHpr
    applied: Applied


class LineAddedV1(ClaimEvent, topic="claim.line-added.v1"):
    """The municipality added a doctor that was not proposed; every field had to be stated."""

    type: Literal["line_added"] = "line_added"
    hpr: RegisteredHpr
    applied: Applied


class LineCostsReportedV1(ClaimEvent, topic="claim.costs-reported.v1"):
    """The municipality reported the costs of a line, each the whole of its element."""

    type: Literal["costs_reported"] = "costs_reported"
    hpr: RegisteredHpr
    costs: Annotated[tuple[ReportedCostV1, ...], Field(min_length=1)]
    project_code: Name


class ClaimReopenedV1(ClaimEvent, topic="claim.reopened.v1"):
    """Later knowledge or rates change the amount: the claim is to be decided again; no reason was coded."""

    type: Literal["claim_reopened"] = "claim_reopened"
    decision: Count
    reason: Written
    effects: tuple[LineEffect, ...] = ()
