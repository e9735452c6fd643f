"""All projections there are."""

from typing import Final

from projections.claims.claims import ClaimLines, Claims
from projections.claims.tasks import Tasks
from projections.doctors.case_history import CaseHistory
from projections.doctors.cost_coverage import CostCoverage
from projections.doctors.eligible_months import EligibleMonths
from projections.doctors.grant_amounts import GrantAmounts
from projections.doctors.overview import Overview
from projections.doctors.productivity_window import ProductivityWindow
from projections.doctors.search import Search
from projections.doctors.supervisors import Supervisors
from projections.engine.projection import Projection
from projections.posts.holdings import PostHoldings

ALL: Final[tuple[type[Projection], ...]] = (
    EligibleMonths,
    ProductivityWindow,
    GrantAmounts,
    CaseHistory,
    Search,
    Overview,
    CostCoverage,
    Supervisors,
    Claims,
    ClaimLines,
    Tasks,
    PostHoldings,
)
