"""A doctor's events as somebody is told them: what is not theirs to know is left out, and what is hidden says so.

What another municipality recorded and everybody needs, such as the track, comes without its id and without by whom.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeVar
from uuid import uuid5

from pydantic import JsonValue

from domain.casework.access.sight import Sight
from domain.casework.commands.commands import Actor
from domain.casework.facts.registering import guided_by
from domain.casework.facts.shown import UNTOLD, facts_shown
from domain.doctor.about import Places
from domain.doctor.facts.absence import LeaveRegistered
from domain.doctor.facts.fact import Fact, is_personal
from domain.doctor.facts.facts import FACT_CLASSES, PERSONAL_FIELDS, FactCorrected
from domain.doctor.facts.positions import JobSwitched, NewPosition
from domain.doctor.facts.supervision import GuidanceConfirmed, GuidanceHeld
from domain.doctor.facts.track import DoctorNamed
from domain.doctor.history import History, history_of
from domain.store import Recorded
from domain.values.event import Strict
from domain.values.fields import LeaveKind
from domain.values.places import municipality_of
from domain.values.refusals.refusal import refused
from domain.values.streams import track_id

ANOTHER: Final = "annen"
"""Stands in the place of the number of another municipality."""
_KINDS: Final[tuple[type[Strict], ...]] = (*FACT_CLASSES, NewPosition)
_PERSONAL: Final = {
    cls: frozenset(name for name, field in cls.model_fields.items() if is_personal(field)) for cls in _KINDS
}
_LEAVE_KIND: Final = frozenset({"kind"})
_NOT_FOR_SUPERVISORS: Final = PERSONAL_FIELDS - {"topic"}
_NOT_FOR_REVISORS: Final = frozenset({"kind", "reason", "topic", "text"})
"""What no line needs."""
S = TypeVar("S", bound=Strict)


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks at a doctor, and how far they see."""

    actor: Actor
    sight: Sight

    def sees_name(self, hpr: str) -> bool:
        """Whether they are told what a doctor whom they see is called."""
        if self.sight.doctor is not None:
            return self.sight.doctor == hpr
        return "name" not in self._hidden

    def view(self, hpr: str, recorded: Sequence[Recorded]) -> list[Recorded]:
        """Of a doctor's events those that they are told of, as stored but for what would tell of others.

        Raises `Refused` (unknown-doctor) where there are none.
        """
        stored = [(each.event, each) for each in recorded if isinstance(each.event, Fact)]
        told = {fact.id: fact for fact in self.shown(hpr, [fact for fact, _ in stored])}
        if not told:
            raise refused("unknown-doctor", hpr=hpr)
        here = None if self.sight.doctor is not None else self.sight.places
        elsewhere = {fact.id: _id_of(fact) for fact, each in stored if here is not None and _is_others(each, here)}
        seen = ((told[fact.id], each) for fact, each in stored if fact.id in told)
        return [each._replace(event=_renamed(fact, elsewhere)) for fact, each in seen]

    def hide(self, fact: Fact, original: Fact | None) -> Fact:
        """A fact of a view without the personal fields that they are not told; `original` is what it corrects."""
        hidden = self._hidden
        if municipality_of(fact.recorded_by) == ANOTHER and self.sight.doctor is None:
            hidden |= PERSONAL_FIELDS - (_PERSONAL[DoctorNamed] if isinstance(fact, DoctorNamed) else frozenset())
        if self.sight.doctor == fact.hpr or not hidden:
            return fact
        return _without(fact, hidden, original)

    def shown(self, hpr: str, facts: Sequence[Fact]) -> Sequence[Fact]:
        """Of a doctor's facts in the order stored those that they are told of, in the order that they became known."""
        if self.sight.doctor is not None:
            return facts if self.sight.doctor == hpr else _guided(history_of(facts), self.sight.doctor)
        return facts if self.sight.places is None else facts_shown(history_of(facts), self.sight.places)

    def follows(self, hpr: str, facts: Sequence[Fact]) -> bool:
        """Whether they are told of a doctor's track as a whole."""
        stand = (fact for fact in history_of(facts).standing.values() if fact is not None)
        return self.sight.sees_doctor(hpr, stand)

    @property
    def _hidden(self) -> frozenset[str]:
        match self.actor.role:
            case "caseworker" | "approver" | "municipality":
                return frozenset()
            case "revisor":
                return _NOT_FOR_REVISORS
            case "auditor" if self.actor.reason.strip():
                return _LEAVE_KIND
            case "doctor":
                return _NOT_FOR_SUPERVISORS
        return PERSONAL_FIELDS


def _guided(history: History, supervisor: str) -> list[Fact]:
    """The sessions that name a supervisor, as they stand, and what confirms them."""
    sessions = history.doctor.track.sessions
    mine = {name for name, session in sessions.items() if guided_by(supervisor, session)}
    stand = (fact for fact in history.standing.values() if isinstance(fact, GuidanceHeld | GuidanceConfirmed))
    return [fact for fact in stand if fact.session in mine]


def _is_others(recorded: Recorded, here: Places) -> bool:
    """Whether another municipality recorded something."""
    origin = recorded.origin
    acted_for = origin.organisation if origin.role == "municipality" else None
    whose = acted_for or municipality_of(recorded.event.recorded_by)
    return whose is not None and whose not in here


def _id_of(fact: Fact) -> str:
    """An id that is always the same for a fact, and tells nothing of what it is called."""
    return str(uuid5(track_id(fact.hpr), fact.id))


def _renamed(fact: Fact, ids: Mapping[str, str]) -> Fact:
    names: dict[str, str] = {"id": ids[fact.id], "recorded_by": f"kommune:{ANOTHER}"} if fact.id in ids else {}
    if isinstance(fact, FactCorrected) and fact.corrects in ids:
        names["corrects"] = ids[fact.corrects]
    return fact.model_copy(update=names) if names else fact


def _without(part: S, hidden: Collection[str], original: Fact | None = None) -> S:
    """A fact, or a part of one, with something else in the place of some fields."""
    there = {name for name in _PERSONAL[type(part)] & set(hidden) if part.__dict__[name] is not None}
    update: dict[str, Any] = dict.fromkeys(there, UNTOLD)
    if isinstance(part, LeaveRegistered) and "kind" in there:
        update["kind"] = LeaveKind.UNTOLD
    if isinstance(part, JobSwitched):
        update["new"] = _without(part.new, hidden)
    if isinstance(part, FactCorrected) and part.replacement and original is not None:
        update["replacement"] = _untold(part.replacement, type(original), hidden)
    return part.model_copy(update=update) if update else part


def _untold(fields: Mapping[str, JsonValue], cls: type[Strict], hidden: Collection[str]) -> dict[str, JsonValue]:
    """What a correction makes of the fields of a fact, or of a part of one."""
    told = dict(fields)
    for name in _PERSONAL[cls] & set(hidden) & told.keys():
        if told[name] is not None:
            told[name] = LeaveKind.UNTOLD.value if name == "kind" else UNTOLD
    if isinstance(new := told.get("new"), dict):
        told["new"] = _untold(new, NewPosition, hidden)
    return told
