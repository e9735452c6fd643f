"""The shapes of answers about ties."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from domain.casework.claims.claim_ties import Participation, TiedDecision
from domain.ties.events import TieKind
from domain.ties.ties import Tie, Ties
from projections.claims.claim_sentences import sentence

Current = Callable[[str | None], str | None]
"""The code of today of a municipality, where there is one."""


@dataclass(frozen=True, slots=True)
class TieView:
    """A tie of a person to a doctor or a municipality (by its code of today); it may have ended.

    `reason` is shown to those who handle cases; a control unit must say why it looks at what is personal.
    """

    tie: str
    person: str
    hpr: str | None
    municipality: str | None
    kind: TieKind
    first_day: date
    last_day: date | None
    reason: str | None
    declared_at: datetime
    declared_by: str


@dataclass(frozen=True, slots=True)
class TieList:
    """The ties in the order declared."""

    ties: tuple[TieView, ...]


@dataclass(frozen=True, slots=True)
class ParticipationView:
    """What somebody did in a claim: the event, the sentence that it is told as, when, and in which role.

    `declared_before` says whether the tie had been declared by then, or was only later.
    """

    event: str
    sentence: str
    at: datetime
    role: str | None
    declared_before: bool


@dataclass(frozen=True, slots=True)
class TiedDecisionView:
    """A decided claim in which somebody took part while a tie was in force, as it is known now."""

    claim: str
    decided_on: date
    tie: str
    person: str
    kind: TieKind
    hpr: str | None
    municipality: str | None
    took_part: tuple[ParticipationView, ...]


@dataclass(frozen=True, slots=True)
class TiedDecisions:
    """The decided claims in which somebody with a tie took part, by claim."""

    decisions: tuple[TiedDecisionView, ...]


def tie_view(tie: Tie, current: Current, *, personal: bool) -> TieView:
    """A tie, with its reason or without."""
    said = tie.declared
    return TieView(
        said.tie,
        said.person,
        said.hpr,
        current(said.municipality),
        said.kind,
        said.first_day,
        tie.last_day,
        said.reason if personal else None,
        said.recorded_at,
        said.recorded_by,
    )


def ties_view(ties: Ties, current: Current, *, personal: bool) -> TieList:
    """All ties."""
    return TieList(tuple(tie_view(each, current, personal=personal) for each in ties.by_id.values()))


def decisions_view(found: Iterable[TiedDecision], current: Current) -> TiedDecisions:
    """The decided claims, with what was done as sentences."""
    return TiedDecisions(tuple(_decision(each, current) for each in found))


def _decision(found: TiedDecision, current: Current) -> TiedDecisionView:
    tie = found.tie
    about = (tie.tie, tie.person, tie.kind, tie.hpr, current(tie.municipality))
    return TiedDecisionView(found.claim, found.decided_on, *about, tuple(map(_took_part, found.took_part)))


def _took_part(found: Participation) -> ParticipationView:
    event = found.event
    return ParticipationView(event.event_topic, sentence(event), event.recorded_at, found.role, found.declared_before)
