"""Cost coverage over HTTP: what municipalities spent beside what they are granted."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import Field

from api.access.guarded import Guarded
from api.described.responses import listing
from api.http.identity import Asking
from api.http.lists import Reading
from api.http.parameters import NoQuery
from api.round.read import ask_of_round, rules_of
from domain.values.fields import RegisteredId
from projections.doctors.cost_coverage import SHARED_BY, ElementCoverage, coverage_of

router = APIRouter(prefix="/api/v1/cost-coverage", tags=["overview"], route_class=Guarded)


class CoverageQuery(NoQuery):
    """Which round."""

    round: RegisteredId = Field(description="The grant period.", examples=["2026"])


@dataclass(frozen=True, slots=True)
class CostCoverageView:
    """The elements of a round, each as a whole and by category and centrality class.

    `shared_by` says in words how the costs of a line are divided on its categories.
    """

    round: str
    shared_by: str
    elements: list[ElementCoverage]


@router.get(
    "",
    summary="Read costs beside the grant",
    operation_id="read_cost_coverage",
    response_model=CostCoverageView,
    responses=listing("unknown-round"),
)
def coverage(query: Annotated[CoverageQuery, Query()], actor: Asking, reading: Reading) -> Response:
    """Read the reported costs of a round, net of other funding, beside the grant of the same lines.

    By element, and in each by category of post and centrality class; `share` is how many of the lines have reported
    costs. The costs of a line with several categories are divided by the full-time months that the element is given for
    in each, to the krone. A grant without a known rate is null, never zero.

    Figures about fewer than five doctors are shown to caseworkers alone. Others get null for them, and for the smallest
    others from which they could be found by subtraction.
    """
    rules = rules_of(reading.serving, query.round)
    small_cells = actor.role == "caseworker"
    found = ask_of_round(
        reading, query.round, lambda connection: coverage_of(connection, rules, small_cells=small_cells), of_all=True
    )
    return reading.answer(CostCoverageView(query.round, SHARED_BY, found))
