"""Whose posts somebody sees, by the code of today, and whether figures about few people are shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends

from api.http.identity import Asking, Seeing
from api.http.services import Serving
from domain.rules.sets.municipalities import MunicipalityList


@dataclass(frozen=True, slots=True)
class PostsSeen:
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


def _posts_seen(actor: Asking, sight: Seeing, serving: Serving) -> PostsSeen:
    """What the caller sees."""
    places = serving.casework.book.current().newest_list
    own = None if sight.places is None else next(iter(sight.places & places.by_code.keys()), "")
    return PostsSeen(own, actor.role == "caseworker", places)


SeenPosts = Annotated[PostsSeen, Depends(_posts_seen)]
