"""What somebody sees of a doctor when they register: a municipality what is its own, and what is the doctor's alone.

A fact is first decided on against what its sender sees, so that no refusal tells of anything else.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from domain.casework.access.sight import codes_of
from domain.casework.commands.commands import Actor
from domain.doctor.about import Places, places_of
from domain.doctor.facts.fact import Fact
from domain.doctor.facts.positions import JobSwitched, PositionEnded, PositionStarted
from domain.doctor.history import Doctor, History, Reference, decide, evolve_doctor
from domain.values.places import municipality_of, number_of
from domain.values.refusals.refusal import Refused, refused

_BOUND: Final = frozenset({"municipality", "revisor"})
"""The roles that see what one municipality does."""
_OF_ALL: Final = frozenset({"caseworker", "approver", "auditor"})
"""The roles that see every doctor."""
_ALL_NAMES: Final = frozenset({"caseworker", "approver"})
"""The roles that see the names of all doctors."""
_OF_ITSELF: Final = frozenset({"name-used", "fact-id-used"})
"""Refusals that tell of nothing but what was sent."""


def bounds_of(actor: Actor) -> str | None:
    """The municipality that somebody sees no further than, by its number; None for those who are not bound."""
    return (actor.organisation or "") if actor.role in _BOUND else None


def sees_doctor(actor: Actor, hpr: str, facts: Iterable[Fact]) -> bool:
    """Whether somebody may see a doctor of whom these facts stand: a municipality one that it has to do with.

    Until doctors sign in, a doctor is named by the HPR number, as in `lege:9000001`.
    """
    if actor.role in _OF_ALL:
        return True
    own = number_of(actor.subject)
    if actor.role == "doctor":
        return own == hpr
    here = codes_of(bounds_of(actor) or "")
    return any(codes & here for codes in places_of(facts).values())


def names_seen_by(actor: Actor | None) -> Places | None:
    """The municipality whose doctors somebody sees by name, by all its codes; none of them, or None: all doctors.

    A control unit must say why it looks at what is personal, and cannot say so yet.
    """
    if actor is not None and actor.role in _ALL_NAMES:
        return None
    return codes_of(actor.organisation) if actor and actor.role in _BOUND and actor.organisation else frozenset()


def decide_for(history: History, fact: Fact, reference: Reference, municipality: str | None) -> tuple[Fact, ...]:
    """As `domain.doctor.history.decide`, for somebody who sees one municipality (None: all of them).

    Raises `Refused`, which tells of nothing but what they see.
    """
    if municipality is None:
        return decide(history, fact, reference)
    seen = seen_by(history, codes_of(municipality))
    decide(seen, fact, reference)
    try:
        return decide(history, fact, reference)
    except Refused as refusal:
        if seen is history or refusal.code in _OF_ITSELF:
            raise
        raise refused("built-on-elsewhere") from None


def seen_by(history: History, here: Places) -> History:
    """The history as a municipality sees it, by all its codes; the very same where there is nothing of others."""
    now = {name: history.standing[name] or fact for name, fact in history.recorded.items()}
    places = places_of(now.values())
    if all(codes <= here or _is_from(now[name], here) for name, codes in places.items()):
        return history
    seen = {name for name, codes in places.items() if not codes or codes & here or _is_from(now[name], here)}
    standing = {name: _shown(fact, here, places) for name, fact in history.standing.items() if name in seen}
    recorded = {name: fact for name, fact in history.recorded.items() if name in seen}
    names = {name: fact for name, fact in history.names.items() if fact in seen}
    return History(recorded, standing, names, _folded(standing.values()))


def _is_from(fact: Fact, here: Places) -> bool:
    """Whether a municipality recorded a fact, by all its codes."""
    sender = municipality_of(fact.recorded_by)
    return sender in here


def _shown(fact: Fact | None, here: Places, places: Mapping[str, Places]) -> Fact | None:
    """Of a switch between municipalities the one half: that a post here ended, or began."""
    if not isinstance(fact, JobSwitched) or places[fact.id] <= here or _is_from(fact, here):
        return fact
    head: dict[str, Any] = {
        "id": fact.id,
        "hpr": fact.hpr,
        "recorded_at": fact.recorded_at,
        "recorded_by": fact.recorded_by,
    }
    if fact.new.municipality in here:
        return PositionStarted.model_construct(**head, **fact.new.__dict__)
    return PositionEnded.model_construct(**head, position=fact.position, last_day=fact.last_day)


def _folded(facts: Iterable[Fact | None]) -> Doctor:
    """What some facts make; one that builds on what is not seen makes nothing."""
    doctor = Doctor()
    for fact in facts:
        try:
            doctor = doctor if fact is None else evolve_doctor(doctor, fact)
        except (Refused, KeyError):
            continue
    return doctor
