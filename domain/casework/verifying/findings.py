"""What is wrong, in words for a person: which doctor or claim, which event, which day."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from domain.casework.commands.book import SCHEME
from domain.claim.parts.name import parts_of
from domain.claim.stream.events import ClaimEvent
from domain.doctor.facts.agreements import AgreementFact
from domain.doctor.facts.fact import Fact
from domain.doctor.key import ErasureRequested, ErasureWithdrawn, KeyDestroyed, KeyEvent
from domain.municipality.events import MunicipalityEvent
from domain.persons.events import LinkEvent
from domain.store import Event
from domain.ties.events import TieEvent
from domain.values import words
from domain.values.places import place
from domain.values.refusals.refusal import Refused
from domain.values.streams import (
    agreement_id,
    claim_id,
    key_id,
    link_id,
    municipality_id,
    rule_book_id,
    tie_id,
    track_id,
)


@dataclass(frozen=True, slots=True)
class LogFinding:
    """One thing wrong; `position` is where in the log, if it is one event, by which findings are sorted."""

    code: str
    sentence: str
    position: int | None = None

    def as_json(self) -> dict[str, Any]:
        """For programs."""
        return {"code": self.code, "position": self.position, "sentence": self.sentence}


def own_stream(event: Event) -> UUID | None:
    """The stream that an event belongs to by what it says; None where its name is none."""
    match event:
        case AgreementFact():
            return agreement_id(event.hpr, event.agreement)
        case Fact():
            return track_id(event.hpr)
        case ClaimEvent():
            try:
                return claim_id(*parts_of(event.claim))
            except Refused:
                return None
        case KeyDestroyed() | ErasureRequested() | ErasureWithdrawn():
            return key_id(event.hpr)
    return _stream_of_a_register(event) or rule_book_id(SCHEME)


def _stream_of_a_register(event: Event) -> UUID | None:
    match event:
        case MunicipalityEvent():
            return municipality_id(event.municipality)
        case TieEvent():
            return tie_id(event.tie)
        case LinkEvent():
            return link_id(event.person, event.other)
    return None


def _whose(event: Event) -> str:
    match event:
        case AgreementFact():
            return f"en ALIS-avtale for legen med HPR-nummer {event.hpr}"
        case Fact():
            return f"legen med HPR-nummer {event.hpr}"
        case ClaimEvent():
            return f"søknaden {event.claim}"
        case KeyDestroyed() | ErasureRequested() | ErasureWithdrawn():
            return f"nøkkelen til legen med HPR-nummer {event.hpr}"
    return _of_a_register(event) or "regelboken"


def _of_a_register(event: Event) -> str | None:
    match event:
        case MunicipalityEvent():
            return place(event.municipality)
        case TieEvent():
            return f"habilitetsforholdet «{event.tie}»"
        case LinkEvent():
            return f"koblingen mellom personene {event.person} og {event.other}"
    return None


@dataclass(slots=True)
class Names:
    """What streams and doctors are called, learnt from events that stand where they belong."""

    streams: dict[UUID, str] = field(default_factory=dict)
    doctors: dict[UUID, str] = field(default_factory=dict)

    def learn(self, stream: UUID, event: Event) -> None:
        """Remember a name."""
        if stream not in self.streams:
            self.streams[stream] = _whose(event)
        if isinstance(event, Fact | KeyEvent):
            self.doctors[track_id(event.hpr)] = event.hpr
        for hpr in _named_in(event):
            self.doctors[track_id(hpr)] = hpr

    def stream(self, stream: UUID | str) -> str:
        """What a stream is about."""
        return self.streams.get(UUID(str(stream)), f"en ukjent strøm ({stream})")

    def doctor(self, doctor: UUID) -> str:
        """A doctor, or a claim that has a key of its own."""
        if doctor in self.doctors:
            return f"legen med HPR-nummer {self.doctors[doctor]}"
        return self.streams.get(doctor, f"en ukjent lege ({doctor})")

    def event(self, stream: UUID | str, version: int, stored_at: datetime | None) -> str:
        """An event: its number, whose, and when it was stored."""
        at = f", lagret {words.moment(stored_at)}" if stored_at else ""
        return f"Hendelse {version} om {self.stream(stream)}{at},"


def _named_in(event: Event) -> list[str]:
    found = event.__dict__.get("hpr") if isinstance(event, ClaimEvent | TieEvent) else None
    return [found] if isinstance(found, str) else []
