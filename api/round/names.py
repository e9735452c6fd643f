"""Doctors by name, for those who may see whose they are."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Annotated

from fastapi import Depends

from api.http.identity import Asking, Seeing
from api.http.services import Serving
from domain.casework.facts.seeing import names_seen_by
from domain.casework.facts.viewing import Viewer
from domain.doctor.about import Places
from domain.store import SEARCH_KEY
from domain.values.places import number_of
from domain.values.refusals.refusal import refused
from projections.doctors.case_history import Entry, history_told
from projections.doctors.doctors import with_post_in
from projections.doctors.search import CLEAR, KINDS, Sought


@dataclass(frozen=True)
class NamesSeen:
    """The names that whoever asks may see, and may find doctors by."""

    actor: Asking
    sight: Seeing
    serving: Serving

    @cached_property
    def _codes(self) -> Places | None:
        return names_seen_by(self.actor)

    def of(self, hprs: Collection[str]) -> dict[str, str]:
        """The names of some doctors, by HPR number; a doctor, named as in `lege:9000001`, sees their own."""
        if self.actor.role == "doctor":
            own = number_of(self.actor.subject)
            return self.serving.casework.names([own] if own and own in hprs else [])
        if not hprs or self._codes == frozenset():
            return {}
        with self.serving.casework.store.reading(self._codes) as connection:
            seen = with_post_in(connection, hprs, self._codes)
        return self.serving.casework.names(seen)

    def sought(self, text: str) -> Sought:
        """What to look for, and in what of whom."""
        key = self.serving.casework.store.keys.service_key(SEARCH_KEY)
        found = Sought.of(text, key, CLEAR if self._codes == frozenset() else KINDS, self._codes)
        return found if self.sight.doctor else replace(found, places=self.sight.places)


def told_of(naming: NamesSeen, hpr: str) -> list[Entry] | None:
    """What somebody is told of a doctor's history; None where it is all of it.

    Raises `Refused` (unknown-doctor) where nothing is.
    """
    sight, casework = naming.sight, naming.serving.casework
    if sight.doctor not in {None, hpr}:
        raise refused("unknown-doctor", hpr=hpr)
    if sight.whole or sight.doctor is not None:
        return None
    recorded = casework.doctor_for(Viewer(naming.actor, sight), hpr)
    return history_told(hpr, recorded, casework.book.current())


Naming = Annotated[NamesSeen, Depends()]
