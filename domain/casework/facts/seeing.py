"""What somebody sees of a doctor, and what is decided on by what they see.

A fact is first decided on against what its sender sees, so that no refusal tells of anything else.
"""

from collections.abc import Iterable
from contextlib import suppress
from typing import Final

from domain.casework.access.sight import Sight, codes_of
from domain.casework.commands.commands import Actor
from domain.casework.facts.registering import Here, check_doctor, check_municipality
from domain.casework.facts.shown import facts_shown
from domain.doctor.about import Places
from domain.doctor.facts.fact import Fact
from domain.doctor.history import Doctor, History, Reference, decide, evolve_doctor, folded, named, standing
from domain.values.places import municipality_of
from domain.values.refusals.refusal import Refused, refused

_BOUND: Final = frozenset({"municipality", "revisor", "alis_office"})
"""The roles that see what one municipality does."""
_NAMED: Final = frozenset({"municipality", "revisor"})
"""Those of them who see the names of its doctors."""
_ALL_NAMES: Final = frozenset({"caseworker", "approver"})
"""The roles that see the names of all doctors."""
_OF_ITSELF: Final = frozenset({"name-used", "fact-id-used"})
"""Refusals that tell of nothing but what was sent."""


def bounds_of(actor: Actor) -> str | None:
    """The municipality that somebody sees no further than, by its number; None for those who are not bound."""
    return (actor.organisation or "") if actor.role in _BOUND else None


def names_seen_by(actor: Actor | None) -> Places | None:
    """The municipality whose doctors somebody sees by name, by all its codes; none of them, or None: all doctors.

    An auditor must say why.
    """
    if actor is not None and (actor.role in _ALL_NAMES or (actor.role == "auditor" and actor.reason)):
        return None
    return codes_of(actor.organisation) if actor and actor.role in _NAMED and actor.organisation else frozenset()


def decide_for(history: History, fact: Fact, reference: Reference, sight: Sight) -> tuple[Fact, ...]:
    """As `domain.doctor.history.decide`, for somebody who sees so far and registers the fact.

    Raises `Refused`, also where the fact is not theirs to register; it tells of nothing but what they see.
    """
    if sight.doctor is not None:
        check_doctor(sight.doctor, fact, history)
    if sight.places is None or sight.doctor is not None:
        return decide(history, fact, reference)
    seen = seen_by(history, sight.places)
    check_municipality(Here(sight.places, seen), fact)
    _decide_on_what_is_seen(seen, fact, reference, sight.places)
    try:
        return decide(history, fact, reference)
    except Refused as refusal:
        if seen is history or refusal.code in _OF_ITSELF:
            raise
        raise refused("built-on-elsewhere") from None


def _decide_on_what_is_seen(seen: History, fact: Fact, reference: Reference, here: Places) -> None:
    """Raise `Refused` as `decide` does; what another municipality recorded is not named."""
    try:
        decide(seen, fact, reference)
    except Refused as refusal:
        blamed = seen.recorded.get(str(refusal.details.get("name")))
        if refusal.code == "others-build-on-it" and blamed and municipality_of(blamed.recorded_by) not in {None, *here}:
            raise refused("built-on-elsewhere") from None
        raise


def seen_by(history: History, here: Places) -> History:
    """The history as a municipality sees it, by all its codes; the very same where nothing is hidden."""
    shown = facts_shown(history, here)
    if len(shown) == len(history.recorded) and all(history.recorded[each.id] is each for each in shown):
        return history
    now = standing(shown)
    names = {name: fact for each in now.values() for name, fact in named(each).items()}
    return History({each.id: each for each in shown}, now, names, as_seen(now.values()))


def as_seen(facts: Iterable[Fact | None]) -> Doctor:
    """What the facts that somebody sees make; one that builds on what is not seen makes nothing."""
    stand = [fact for fact in facts if fact is not None]
    try:
        return folded(stand)
    except (Refused, KeyError):
        return _folded_apart(stand)


def _folded_apart(facts: Iterable[Fact]) -> Doctor:
    doctor = Doctor()
    for fact in facts:
        with suppress(Refused, KeyError):
            doctor = evolve_doctor(doctor, fact)
    return doctor
