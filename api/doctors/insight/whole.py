"""A doctor's own insight: all that is stored about one doctor, and nothing of any other (personvernforordningen 15)."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Final

from pydantic import JsonValue
from pydantic_core import to_json

from api.doctors.facts import DoctorFacts, FactEntry, doctor_facts, knowledge
from api.doctors.history import doctor_history
from api.doctors.history_shapes import DoctorHistory
from api.doctors.insight.kept import KEPT, Kept
from domain.casework.access.sight import Sight
from domain.casework.commands.commands import Actor
from domain.casework.facts.viewing import Viewer
from domain.casework.service import Casework
from domain.claim.parts.media import filename
from domain.doctor.facts.fact import Fact
from domain.doctor.facts.supervision import SupervisorAssigned, SupervisorReplaced
from domain.doctor.key import ErasureReason, KeyDestroyed, KeyEvent
from domain.municipality.events import SupervisorOffered
from domain.store import Document, Recorded
from domain.store.access.entry import StoredEntry
from domain.store.access.reading import of_doctor
from domain.ties.events import TieDeclared
from domain.values.streams import key_id
from projections.claims.about_doctor import ClaimAbout, claim_about, documents_about
from projections.doctors.telling.places import Places
from projections.doctors.telling.teller import Teller

_PERSON: Final = re.compile(rb"\bp-[a-z2-7]{20}\b")
_AS_SUPERVISOR: Final = (SupervisorAssigned.event_topic, SupervisorReplaced.event_topic)


@dataclass(frozen=True, slots=True)
class StoredFact:
    """A fact in clear, with what it says, who recorded it in which role, and whether what was personal is erased."""

    known_at: datetime
    sentence: str
    by: str
    fact: FactEntry
    role: str | None
    organisation: str | None
    erased: bool


@dataclass(frozen=True, slots=True)
class Attached:
    """A document about the doctor's line in a claim; `file` is where it lies in the archive, None if it is erased."""

    claim: str
    document: str
    kind: str
    name: str
    media_type: str
    size: int
    attached_at: datetime
    attached_by: str
    file: str | None


@dataclass(frozen=True, slots=True)
class AsSupervisor:
    """That the doctor was named as somebody's supervisor; whose is that doctor's to know."""

    municipality: str | None
    first_day: date
    last_day: date | None
    name: str | None
    recorded_at: datetime
    recorded_by: str


@dataclass(frozen=True, slots=True)
class Mentioned:
    """That a municipality offers the doctor as a supervisor, or that somebody's tie to the doctor was declared.

    Whose tie it is, is told of that person alone.
    """

    at: datetime
    by: str
    event: str
    municipality: str | None
    places: int | None
    tie: str | None


@dataclass(frozen=True, slots=True)
class ReadBy:
    """Who was given something about the doctor."""

    at: datetime
    by: str
    role: str | None
    organisation: str | None
    on_behalf_of: str | None
    what: str
    municipality: str | None
    reason: str | None
    outcome: str
    channel: str


@dataclass(frozen=True, slots=True)
class OfKey:
    """What became of the doctor's key: asked to be destroyed, that taken back, or destroyed."""

    at: datetime
    by: str
    event: str
    key: str
    reason: ErasureReason | None


@dataclass(frozen=True, slots=True)
class DoctorInsight:
    """All that is stored about a doctor, when it was asked for on a day."""

    hpr: str
    name: str | None
    day: date
    erased: bool
    history: DoctorHistory
    facts: tuple[StoredFact, ...]
    claims: tuple[ClaimAbout, ...]
    documents: tuple[Attached, ...]
    meters: dict[str, JsonValue]
    as_supervisor: tuple[AsSupervisor, ...]
    mentioned: tuple[Mentioned, ...]
    read_by: tuple[ReadBy, ...]
    keys: tuple[OfKey, ...]
    signs_in: tuple[datetime, ...]
    """When an issuer stated that the HPR number is of somebody who signs in: of whom a digest is kept."""
    kept: tuple[Kept, ...]
    persons: dict[str, str]
    """The names of those who are named by id above."""


Files = dict[str, bytes]
"""The bytes of documents by where they lie in the archive."""


def insight_of(casework: Casework, hpr: str, day: date) -> tuple[DoctorInsight, Files]:
    """All that is stored about a doctor, and the documents; raises `Refused` (unknown-doctor)."""
    recorded, store = casework.doctor(hpr), casework.store
    claims = [store.stream(stream) for stream in store.streams_naming(hpr, "claim")]
    oneself = Viewer(Actor.named(f"lege:{hpr}"), Sight(places=frozenset(), doctor=hpr))
    published = list(casework.book.current().published.values())
    name = casework.names([hpr]).get(hpr)
    documents, files = _documents(casework, claims, hpr)
    with store.reading(None) as connection:
        reads = of_doctor(connection, hpr)
    keys = tuple(_of_key(each.event) for each in store.stream(key_id(hpr)) if isinstance(each.event, KeyEvent))
    insight = DoctorInsight(
        hpr,
        name,
        day,
        any(each.erased for each in recorded),
        doctor_history((hpr, name), knowledge(recorded, None, oneself), None, published[-1] if published else None),
        tuple(_facts(recorded, doctor_facts(hpr, recorded, oneself), Teller(Places(casework.book.current())))),
        tuple(sorted((claim_about(each, hpr) for each in claims), key=lambda claim: claim.claim)),
        documents,
        casework.meters(hpr, day, None).as_json(),
        tuple(_as_supervisor(casework, hpr)),
        tuple(sorted(_mentioned(casework, hpr), key=lambda each: each.at)),
        tuple(_read_by(each) for each in reads),
        keys,
        tuple(each.astimezone(UTC) for each in store.persons.hpr_stated(hpr)),
        KEPT,
        {},
    )
    persons = store.persons.names({each.decode() for each in _PERSON.findall(to_json(insight))})
    return replace(insight, persons={person: name for person, name in sorted(persons.items()) if name}), files


def _facts(recorded: Sequence[Recorded], told: DoctorFacts, teller: Teller) -> Iterator[StoredFact]:
    """In the order in which they were stored, as the teller learns of them."""
    entries = {entry.fact["id"]: entry for entry in told.facts}
    for each in recorded:
        fact = each.event
        assert isinstance(fact, Fact)  # noqa: S101 - nothing else is in a doctor's streams
        origin, known_at = each.origin, fact.recorded_at.astimezone(UTC)
        sentence = teller.tell(fact).sentence
        teller.learn(fact)
        who = (origin.role, origin.organisation)
        yield StoredFact(known_at, sentence, fact.recorded_by, entries[fact.id], *who, each.erased)


def _documents(
    casework: Casework, claims: Sequence[Sequence[Recorded]], hpr: str
) -> tuple[tuple[Attached, ...], Files]:
    found: list[Attached] = []
    files: Files = {}
    for recorded in claims:
        for event in documents_about(recorded, hpr):
            digest = event.document.removeprefix("sha256:")
            document = casework.claims.document(event.claim, bytes.fromhex(digest), None)
            file = _file_of(digest, document)
            if document and file:
                files[file] = document.content
            at = event.recorded_at.astimezone(UTC)
            said = (event.claim, event.document, event.kind, event.name, event.media_type, event.size)
            found.append(Attached(*said, at, event.recorded_by, file))
    return tuple(sorted(found, key=lambda each: (each.claim, each.attached_at, each.document))), files


def _file_of(digest: str, document: Document | None) -> str | None:
    return f"vedlegg/{filename(document.media_type, digest)}" if document else None


def _as_supervisor(casework: Casework, hpr: str) -> Iterator[AsSupervisor]:
    for each in casework.store.others_naming(hpr, _AS_SUPERVISOR):
        fact = each.fact
        known = (fact.recorded_at.astimezone(UTC), fact.recorded_by)
        if isinstance(fact, SupervisorAssigned) and fact.supervisor == hpr:
            yield AsSupervisor(fact.municipality, fact.first_day, fact.last_day, fact.name, *known)
        elif isinstance(fact, SupervisorReplaced) and fact.replaced_by == hpr:
            yield AsSupervisor(None, fact.first_day, None, fact.name, *known)


def _mentioned(casework: Casework, hpr: str) -> Iterator[Mentioned]:
    store = casework.store
    streams = [stream for subject in ("municipality", "tie") for stream in store.streams_naming(hpr, subject)]
    for each in (each for stream in streams for each in store.stream(stream)):
        event = each.event
        at, by = event.recorded_at.astimezone(UTC), event.recorded_by
        if isinstance(event, SupervisorOffered) and event.supervisor == hpr:
            yield Mentioned(at, by, event.event_topic, event.municipality, event.places, None)
        elif isinstance(event, TieDeclared) and event.hpr == hpr:
            yield Mentioned(at, by, event.event_topic, None, None, event.kind)


def _read_by(stored: StoredEntry) -> ReadBy:
    entry = stored.entry
    return ReadBy(
        at=stored.moment.astimezone(UTC),
        by=entry.subject,
        role=entry.role,
        organisation=entry.organisation,
        on_behalf_of=entry.on_behalf_of,
        what=entry.operation,
        municipality=entry.municipality,
        reason=entry.reason,
        outcome=entry.outcome,
        channel=entry.channel,
    )


def _of_key(event: KeyEvent) -> OfKey:
    at = event.recorded_at.astimezone(UTC)
    return OfKey(at, event.recorded_by, event.type, event.key, getattr(event, "reason", None))


def last_erased(insight: DoctorInsight) -> OfKey | None:
    """When what was personal was erased last, and by whom."""
    destroyed = KeyDestroyed.model_fields["type"].default
    return next((each for each in reversed(insight.keys) if each.event == destroyed), None)
