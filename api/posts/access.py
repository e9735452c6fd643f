"""Who sees which posts: a municipality and its revisor see their own, Helsedirektoratet sees all."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import Depends

from api.http.identity import Asking
from api.http.problems import Problem
from api.http.services import Serving
from domain.casework.facts.seeing import bounds_of
from domain.rules.sets.municipalities import MunicipalityList
from domain.values.refusals.refusal import refused

SEES: Final = ("municipality", "revisor", "caseworker", "approver", "auditor")
INVISIBLE: Final = ("wrong-role", "organisation-missing")
"""The refusals of those who see no posts."""


@dataclass(frozen=True, slots=True)
class Sight:
    """What somebody sees: one municipality, by its code of today, or all; and whether small cells are shown too."""

    municipality: str | None
    small_cells: bool
    places: MunicipalityList

    def codes(self, asked: str | None) -> Sequence[str] | None:
        """The codes of the municipality that is asked about, None for all; those of none where it is not seen.

        Raises `Refused` (unknown-municipality) for a code that never was.
        """
        wanted = self.municipality if asked is None else self.places.current(asked)
        if wanted is None:
            return None
        return self.places.codes_of(wanted) if self.municipality in {None, wanted} else ()


def _sight(actor: Asking, serving: Serving) -> Sight:
    """What the caller sees; raises `Problem` (organisation-missing) or `Refused` (wrong-role)."""
    if actor.role not in SEES:
        raise refused("wrong-role", role=actor.role, wanted=SEES)
    own, places = bounds_of(actor), serving.casework.book.current().newest_list
    if own == "":
        raise Problem("organisation-missing")
    return Sight(None if own is None else places.current(own), actor.role == "caseworker", places)


Seeing = Annotated[Sight, Depends(_sight)]
