"""Supervisors over HTTP: who guides whom in which municipality on a day."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Final

from fastapi import APIRouter, Query, Response
from pydantic import Field

from api.access.guarded import Guarded
from api.described.responses import listing
from api.http.identity import Asking, Seeing
from api.http.lists import PageQuery, Reading, cursor_of, key_of
from api.http.parameters import NoQuery
from api.http.problems import Problem
from domain.values.fields import Day, MunicipalityCode
from domain.values.refusals.refusal import refused
from projections.doctors.supervisors import Supervisor, SupervisorsAsked, current_code, guides_on, supervisors

router = APIRouter(prefix="/api/v1", route_class=Guarded)
SUPERVISORS: Final = "v"
_COUNTY: Final = 2
"""The first digits of a municipality's code are those of its county."""


class SupervisorsQuery(PageQuery):
    """Which supervisors."""

    day: Day | None = Field(default=None, description="Who guides on this day; else today in Norway.")
    municipality: MunicipalityCode | None = Field(
        default=None, description="Only in this municipality, by any of its codes.", examples=["1804"]
    )
    across: bool = Field(default=False, description="Only those who guide in more than one municipality.")


@dataclass(frozen=True, slots=True)
class SupervisorList:
    """Supervisors in the order of the HPR number, with those whom they guide; `next` is the next cursor.

    `names` are those of the guided, by HPR number, as they are known now; none for those who may not see them.
    """

    day: date
    supervisors: list[Supervisor]
    names: dict[str, str]
    next: str | None


@router.get(
    "/supervisors",
    tags=["doctors"],
    summary="List supervisors",
    operation_id="list_supervisors",
    response_model=SupervisorList,
    responses=listing("unknown-municipality"),
)
def listed(query: Annotated[SupervisorsQuery, Query()], actor: Asking, sight: Seeing, reading: Reading) -> Response:
    """List who guides whom in which municipality on a day, with the hours of guidance held and confirmed.

    Somebody who acts for a municipality sees those who guide there, and nothing of what they do elsewhere; a doctor
    sees by whom he or she is guided.
    """
    book = reading.serving.casework.book.current()
    asked = query.municipality and current_code(book, query.municipality)
    on, after = query.day or reading.serving.today(), key_of(SUPERVISORS, query.cursor)
    sought = SupervisorsAsked(on, asked, query.across, sight)
    found = reading.ask(lambda connection: supervisors(connection, sought, after, query.limit))
    following = cursor_of(SUPERVISORS, found.after)
    guided = {doctor.hpr for each in found.items for place in each.municipalities for doctor in place.doctors}
    names = reading.serving.casework.names_for(actor, guided)
    return reading.answer(SupervisorList(on, found.items, names, following), following)


class PlacesQuery(NoQuery):
    """In whose county, on which day."""

    municipality: MunicipalityCode = Field(
        description="The municipality whose county is asked about, by any of its codes.", examples=["1804"]
    )
    day: Day | None = Field(default=None, description="Which are free on this day; else today in Norway.")


@dataclass(frozen=True, slots=True)
class OfferedPlaces:
    """How many doctors the supervisors that a municipality offers can guide, and how many more than they do."""

    municipality: str
    places: int
    free: int


@dataclass(frozen=True, slots=True)
class OfferedInCounty:
    """What the municipalities of a county offer, by their codes of today; one that offers nothing is left out."""

    day: date
    municipalities: tuple[OfferedPlaces, ...]


@router.get(
    "/supervisors/places",
    tags=["doctors"],
    summary="List free places of supervisors",
    operation_id="list_supervisor_places",
    response_model=OfferedInCounty,
    responses=listing("unknown-municipality"),
)
def offered(query: Annotated[PlacesQuery, Query()], sight: Seeing, reading: Reading) -> Response:
    """List how many places with a supervisor are free in a municipality and the others of its county.

    Free are the places offered less the doctors whom each supervisor guides on the day. Who the supervisors are is told
    to nobody; a municipality sees the places of its own county.
    """
    if not sight.sees_municipality(query.municipality):
        raise Problem.of(refused("unknown-municipality", municipality=query.municipality))
    municipalities, on = reading.serving.casework.municipalities, query.day or reading.serving.today()
    county = municipalities.current_code(query.municipality)[:_COUNTY]
    guides = reading.ask_of_all(lambda connection: guides_on(connection, on))
    found = municipalities.offered(county, guides, on).items()
    places = tuple(OfferedPlaces(code, each.places, each.free) for code, each in found)
    return reading.answer(OfferedInCounty(on, places))
