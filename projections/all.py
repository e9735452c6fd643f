"""All projections there are."""

from typing import Final

from projections.case_history import CaseHistory
from projections.claims import ClaimLines, Claims
from projections.eligible_months import EligibleMonths
from projections.grant_amounts import GrantAmounts
from projections.overview import Overview
from projections.productivity_window import ProductivityWindow
from projections.projection import Projection
from projections.search import Search
from projections.tasks import Tasks

ALL: Final[tuple[type[Projection], ...]] = (
    EligibleMonths,
    ProductivityWindow,
    GrantAmounts,
    CaseHistory,
    Search,
    Overview,
    Claims,
    ClaimLines,
    Tasks,
)
