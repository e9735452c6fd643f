"""The shape of a trace, as `trace` fills it.

Exact numbers are texts of whole numbers or fractions (`10936`, `1262185/8`), so that a program can compute the amount
again from the tree alone.
"""

from datetime import date
from typing import Annotated, Literal, NotRequired

from pydantic import Field

from domain.rules.line.basis import Basis
from domain.rules.sets.rulings import RulingShape
from domain.values.fields import Category, MonthText, RegisteredId, Shape

Exact = Annotated[str, Field(pattern=r"^[0-9]+(/[0-9]+)?$", examples=["1262185/8"])]
Authority = Literal["stated", "inferred", "assumed"]


class SourcedShape(Shape):
    """Something with the authority it rests on: the kind of authority, the document, and a sentence."""

    basis: Authority
    source: str
    note: str


class ParameterShape(Shape):
    """A number of the rule set with its source; null, and without the rest, where it is unknown."""

    parameter: str
    value: str | None
    unit: NotRequired[str]
    basis: NotRequired[Authority]
    source: NotRequired[str]
    note: NotRequired[str]


class ChoiceShape(SourcedShape):
    """A choice of the rule set; with the ruling on it, where there is one that was known."""

    value: str | bool
    ruling: NotRequired[RulingShape]


class TotalShape(Shape):
    """The line: the exact sum, and the whole kroner it is rounded to, null where a rate is unknown."""

    exact: Exact
    kroner: int | None
    rule: str


class ElementMonthShape(Shape):
    """What a month adds to an element: what full time pays for a month (null: unknown), times the share."""

    month: MonthText
    category: Category
    basis: Basis
    full_month: Exact | None
    share: Exact


class CapShape(Shape):
    """The costs reported on an element, where they cap it, and the facts that report them."""

    kroner: int
    facts: list[RegisteredId]
    rule: str


class ElementTraceShape(SourcedShape):
    """An element: a full month is the product of its factors divided by the months of a year, month by month.

    Where there is `of`, it is that product times the full months of those elements, in the same month on the same
    terms. `factors_for` says which factors hold for each category, where it is not all of them for all. `cap` is there
    where what is paid is at most the costs reported.
    """

    element: str
    name: str
    kroner: int | None
    exact: Exact | None
    factors: list[ParameterShape]
    factors_for: NotRequired[dict[Category, list[str]]]
    of: list[str]
    divided_by: ParameterShape
    rule: str
    months: list[ElementMonthShape]
    cap: NotRequired[CapShape]


class PostShape(Shape):
    """A post in the municipality."""

    category: Category
    percent: Exact
    qualifies: bool


class DaysShape(Shape):
    """Days on which nothing changes: what is held, what fails, and the facts that say so.

    Of posts elsewhere it tells what they take of full time, never where they are. A municipality is told that only
    where percents over 100 set its own down, of the five years what is used month by month, and nothing of leave on
    days without a post there; what it is not told is null.
    """

    first_day: date
    last_day: date
    posts: list[PostShape]
    percent_elsewhere: Exact | None
    leave: Exact | None
    agreement: bool
    failing: list[str]
    shares: dict[Category, Exact]
    uses_of_five_years: Exact | None
    facts: list[RegisteredId]


class MonthTraceShape(Shape):
    """A month, and the days that it consists of."""

    month: MonthText
    basis: Basis
    in_window: bool
    productivity: bool
    five_years_over: bool
    reasons: list[str]
    shares: dict[Category, Exact]
    days: list[DaysShape]


class ConditionShape(Shape):
    """A condition that fails on some days or in a month: which they are, in Norwegian, and on what authority."""

    sentence: str
    basis: Authority
    source: str


class WindowShape(Shape):
    """The months in which the productivity element can be given; `rule_from` where nothing before that day counts."""

    first_month: MonthText | None
    last_month: MonthText | None
    facts: list[RegisteredId]
    months: ParameterShape
    rule_from: NotRequired[ParameterShape]


class FiveYearsShape(Shape):
    """Full-time months used before the round, and in each month of it."""

    used_before: Exact
    used: dict[MonthText, Exact]
    limit: ParameterShape


class TraceShape(Shape):
    """The reasons for a line as a tree, from the kroner down to parameters with sources and the ids of facts."""

    total: TotalShape
    elements: list[ElementTraceShape]
    elements_rule: str
    months: list[MonthTraceShape]
    conditions: dict[str, ConditionShape]
    window: WindowShape
    five_years: FiveYearsShape
    options: dict[str, ChoiceShape]
