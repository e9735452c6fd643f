"""Supervisors that municipalities offer: how many more doctors they can guide."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from domain.municipality.events import PostClosed, SupervisorOffered
from domain.municipality.state import Municipality
from domain.values.days.calendar import Days, days_of
from domain.values.days.periods import Period
from domain.values.texts import folded


@dataclass(frozen=True, slots=True)
class OfferedCapacity:
    """How many doctors the supervisors of a municipality can guide in all, and how many more than they do."""

    places: int
    free: int


def offered_on(municipality: Municipality, guides: Mapping[str, int], day: date) -> OfferedCapacity:
    """The places of a municipality on a day; `guides` says how many doctors each supervisor guides on it."""
    offers = municipality.in_force(SupervisorOffered, day)
    free = sum(max(0, each.places - guides.get(each.supervisor, 0)) for each in offers)
    return OfferedCapacity(sum(each.places for each in offers), free)


def closed_posts(municipality: Municipality) -> dict[str, list[Days]]:
    """The days on which posts are closed, by their names as they are compared."""
    found = defaultdict[str, list[Days]](list)
    for each in municipality.of(PostClosed):
        if not each.now.withdrawn:
            found[folded(each.given.post)].append(days_of(Period(each.given.first_day, each.now.last_day, ())))
    return found
