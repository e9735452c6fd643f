"""What the read side is asked and answers with. No position of the log is in it: that would show what others do."""

from dataclasses import dataclass, fields
from datetime import date, datetime

from pydantic import Field

from api.http.lists import PageQuery
from api.http.parameters import NoQuery
from domain.values import fields as values
from domain.values.fields import Category, Day, RegisteredId
from projections.doctors.case_history import Entry, Standing
from projections.doctors.doctors import Listed
from projections.doctors.eligible_months import EligibleMonth
from projections.doctors.grant_amounts import Amount
from projections.doctors.overview import Sums
from projections.doctors.productivity_window import Window
from projections.engine.status import Status


class DoctorsQuery(PageQuery):
    """Which doctors."""

    municipality: values.MunicipalityCode | None = Field(
        default=None, description="Those with a line in this municipality, by any of its codes.", examples=["1804"]
    )
    round: RegisteredId | None = Field(default=None, description="Those with a line in this round.", examples=["2026"])
    category: Category | None = Field(default=None, description="Those with months in this category.")
    search: str | None = Field(
        default=None,
        max_length=200,
        description="Those who have, for each of these words, one that begins with it: HPR number, municipality, and of"
        " doctors whose names the caller may see, name, workplace, supervisor.",
        examples=["legesenter bod"],
    )


class DayQuery(NoQuery):
    """As of which day."""

    day: Day | None = Field(
        default=None, description="How the window and the five years stand on this day; else today in Norway."
    )


class RoundQuery(PageQuery):
    """Which round."""

    round: RegisteredId = Field(description="The grant period.", examples=["2026"])


@dataclass(frozen=True, slots=True)
class DoctorList:
    """Doctors in the order of the HPR number, with the lines that were asked for; `next` is the next cursor.

    `names` are those that the caller may see, by HPR number, as they are known now.
    """

    doctors: list[Listed]
    names: dict[str, str]
    next: str | None


@dataclass(frozen=True, slots=True)
class Sentence:
    """An event of a doctor: what it says, the day it is about, and when it became known and was stored.

    `standing` says whether it still holds.
    """

    fact: str
    type: str
    day: date | None
    known_at: datetime
    stored_at: datetime
    recorded_by: str
    municipalities: list[str]
    corrects: str | None
    standing: Standing
    sentence: str

    @classmethod
    def of(cls, entry: Entry) -> "Sentence":
        """The entry without its place in the log."""
        return cls(*(getattr(entry, each.name) for each in fields(cls)))


@dataclass(frozen=True, slots=True)
class CaseHistoryPage:
    """A doctor's events as sentences, in the order stored; `next` is the next cursor."""

    hpr: str
    sentences: list[Sentence]
    next: str | None


@dataclass(frozen=True, slots=True)
class DoctorAsOf:
    """A doctor with everything that the read side has, windows as of the day.

    `name` is the one known now, null where it is not known or not for the caller. `history` is its beginning;
    `history_next` is the cursor that the rest of it is read with.
    """

    hpr: str
    name: str | None
    day: date
    months: list[EligibleMonth]
    windows: list[Window]
    amounts: list[Amount]
    history: list[Sentence]
    history_next: str | None


@dataclass(frozen=True, slots=True)
class MunicipalityRound:
    """A municipality in a round: the sums of all its lines, and some of the lines with their months.

    `municipality` is the code of today; `names` are those that the caller may see, by HPR number, as they are known
    now; `next` is the next cursor.
    """

    municipality: str
    round: str
    sums: Sums
    lines: list[Amount]
    months: list[EligibleMonth]
    names: dict[str, str]
    next: str | None


@dataclass(frozen=True, slots=True)
class RoundOverview:
    """A round: as a whole, by category, by centrality class, and municipality by municipality.

    A doctor can be in two categories and two municipalities; `next` is the next cursor of the municipalities.
    """

    round: str
    whole: Sums
    by_category: list[Sums]
    by_centrality_class: list[Sums]
    municipalities: list[Sums]
    next: str | None


@dataclass(frozen=True, slots=True)
class ProjectionState:
    """A projection: the events that it has not seen yet, and the seconds the first of them has waited.

    `status` is live, building, stopped, unattended (no worker runs it) or behind. `poisoned` says that it has stopped;
    `set_aside` counts the doctors, claims and rule sets that it goes on without.
    """

    name: str
    generation: int
    status: str
    lag_events: int
    lag_seconds: float
    poisoned: bool
    set_aside: int

    @classmethod
    def of(cls, status: Status) -> "ProjectionState":
        """The state without its place in the log."""
        seconds = round(max(0.0, status.seconds), 3)
        poisoned, aside = status.poison is not None, len(status.set_aside)
        return cls(status.name, status.generation, status.status, status.lag, seconds, poisoned, aside)


@dataclass(frozen=True, slots=True)
class ProjectionStates:
    """Every generation of every projection."""

    projections: list[ProjectionState]
