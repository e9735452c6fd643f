"""The posts that the doctor holds."""

from typing import Literal, Self

from pydantic import model_validator
from pydantic_core import PydanticCustomError

from domain.doctor.facts.fact import Fact, Names, Private, PrivateLabel, added_later, in_order, some_of
from domain.values.event import Strict
from domain.values.fields import (
    Category,
    Day,
    Employment,
    LeavingReason,
    MunicipalityCode,
    Percent,
    PostName,
    RegisteredName,
    Token,
)


class PositionFields(Strict):
    """A post as it began; `post` is the municipality's name for what successive doctors hold."""

    position: Token
    municipality: MunicipalityCode
    category: Category
    percent: Percent
    first_day: Day
    last_day: Day | None = None
    workplace: PrivateLabel | None = None
    title: PrivateLabel | None = None
    employment: Employment | None = None
    post: PostName | None = added_later()


class NewPosition(PositionFields):
    """The post that a job switch leads to."""

    @model_validator(mode="after")
    def _days_in_order(self) -> Self:
        in_order(self.first_day, self.last_day)
        return self


class PositionStarted(
    PositionFields, Fact, topic="track.position-started.v1", words="stilling begynner", brings="position"
):
    """The doctor took up a position in a municipality."""

    type: Literal["position_started"] = "position_started"


class PositionChanged(Fact, topic="track.position-changed.v1", words="stilling endres"):
    """From `first_day` the named fields of a position are others."""

    type: Literal["position_changed"] = "position_changed"
    position: RegisteredName
    first_day: Day
    percent: Percent | None = None
    category: Category | None = None
    workplace: PrivateLabel | None = None
    title: PrivateLabel | None = None
    employment: Employment | None = None
    post: PostName | None = added_later()

    @model_validator(mode="after")
    def _changes_something(self) -> Self:
        some_of(self, "percent", "category", "workplace", "title", "employment", "post")
        return self


class PositionEnded(Fact, topic="track.position-ended.v1", words="stilling slutter"):
    """The doctor leaves a position after `last_day`."""

    type: Literal["position_ended"] = "position_ended"
    position: RegisteredName
    last_day: Day
    reason: Private | None = None
    reason_code: LeavingReason | None = added_later()


class JobSwitched(Fact, topic="track.job-switched.v1", words="bytte av stilling"):
    """The doctor left one position for another, in one fact."""

    type: Literal["job_switched"] = "job_switched"
    position: RegisteredName
    last_day: Day
    reason: Private | None = None
    reason_code: LeavingReason | None = added_later()
    new: NewPosition

    def names(self) -> Names:
        """The new position."""
        return (("position", self.new.position),)

    def municipalities(self) -> tuple[str, ...]:
        """That of the new position; the former was named when it began."""
        return (self.new.municipality,)

    @model_validator(mode="after")
    def _leaves_before_beginning(self) -> Self:
        if self.new.first_day <= self.last_day:
            raise PydanticCustomError("new-before-old-ends", "new-before-old-ends")
        return self


PositionFact = PositionStarted | PositionChanged | PositionEnded | JobSwitched
