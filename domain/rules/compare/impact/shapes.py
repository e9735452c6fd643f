"""What is told of what a rule set would do, as JSON."""

from datetime import date
from typing import Annotated

from pydantic import Field

from domain.rules.compare.impact.remarks import Code
from domain.rules.sets.rule_set import Digest
from domain.values.fields import MunicipalityCode, RegisteredHpr, RegisteredId, Shape


class ImpactGroupShape(Shape):
    """What some lines come to before and after, in whole kroner; null where each of them has an unknown rate.

    A line of which a rate is unknown is counted in `unknown` and is in no kroner. `percent` is of `before`, rounded
    half up once; null of nothing.
    """

    key: str
    lines: int
    unknown: int
    before: int | None
    after: int | None
    difference: int | None
    percent: Annotated[str | None, Field(pattern=r"^-?[0-9]+\.[0-9]$", examples=["-24.7"])]
    lines_that_gain: int
    lines_that_lose: int


class ImpactMunicipalityShape(ImpactGroupShape):
    """The same of a municipality."""

    name: str


class ImpactLineShape(Shape):
    """A doctor's line in a municipality before and after; null where a rate is unknown."""

    hpr: RegisteredHpr
    municipality: MunicipalityCode
    before: int | None
    after: int | None
    difference: int | None


class ImpactEdgeShape(ImpactGroupShape):
    """The lines at an edge: the window or the five years end in the round, or the class of centrality is near."""

    at: list[ImpactLineShape]


class ImpactRemarkShape(Shape):
    """Something that one should know before reading the kroner, and the kroner that it asks about, if any."""

    code: Code
    element: str | None
    kroner: int | None
    text: str


class ImpactShape(Shape):
    """A rule set and the one that it is compared with, over the same round, on the facts as they stand.

    `laid_over` where the round has no other published rule set: then it is the last one before, of `published_round`.
    The groups of `by_element` and of `by_category` sum to `total` to the krone; what only rounding moves between them
    is a group of its own, `rounding`. So do those by centrality class and municipality, which have none.
    """

    draft: RegisteredId
    draft_title: str
    draft_status: str
    draft_digest: Digest
    published: RegisteredId
    published_title: str
    published_digest: Digest
    published_round: RegisteredId
    laid_over: bool
    round: RegisteredId
    first_day: date
    last_day: date
    compared: str
    percent_decimals: int
    total: ImpactGroupShape
    by_element: list[ImpactGroupShape]
    by_category: list[ImpactGroupShape]
    by_centrality_class: list[ImpactGroupShape]
    by_municipality: list[ImpactMunicipalityShape]
    gain: list[MunicipalityCode]
    lose: list[MunicipalityCode]
    edges: list[ImpactEdgeShape]
    remarks: list[ImpactRemarkShape]
    lines: list[ImpactLineShape]
