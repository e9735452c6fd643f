"""What lies beside the log: documents, keys, and the rule sets of the release."""

import hashlib
from collections.abc import Collection, Iterator
from typing import Any, Final
from uuid import UUID

from psycopg import Connection
from psycopg.rows import dict_row

from domain.casework.verifying.findings import LogFinding
from domain.casework.verifying.log import LogReading
from domain.claim.parts.name import parts_of
from domain.claim.stream.events import DocumentAttached
from domain.rulebook.questions import RulingProposed
from domain.rulebook.release import shipped_publications
from domain.rulebook.rulebook import RuleSetPublished
from domain.rules.sets.rule_set import digest_of
from domain.store import Store
from domain.store.sealed.key_ring import KeyRing
from domain.store.sealed.master import WrongMasterKey
from domain.values.streams import claim_id, track_id

_DOCUMENTS: Final = "SELECT claim, digest, owner, media_type, size FROM documents ORDER BY claim, digest, owner"
_NAMED_SINCE: Final = "SELECT FROM events WHERE stream = %s AND position > %s LIMIT 1"
_KEYS: Final = "SELECT doctor FROM doctor_keys ORDER BY doctor"
Paper = tuple[UUID, bytes, UUID]
"""A document: the stream of its claim, its digest, and whose key seals it."""


def document_findings(
    connection: Connection[Any], seen: LogReading, store: Store | None, last: int
) -> Iterator[LogFinding]:
    """The documents against the events that name them; with the master key their bytes against their digests."""
    named = dict(_named(seen))
    rows = connection.cursor(row_factory=dict_row).execute(_DOCUMENTS).fetchall()
    there = {(row["claim"], bytes(row["digest"]), row["owner"]): row for row in rows}
    for paper, event in named.items():
        what = f"Vedlegget {event.document} i søknaden {event.claim}"
        row = there.get(paper)
        if row is None:
            yield LogFinding("document-missing", f"{what} er borte.")
        elif (row["media_type"], row["size"]) != (event.media_type, event.size):
            yield LogFinding("document-changed", f"{what} er av et annet slag eller en annen størrelse enn da det kom.")
        elif store and _is_changed(store, paper, seen):
            yield LogFinding("document-changed", f"{what} har et annet innhold enn da det kom.")
    for claim, digest, _ in sorted(there.keys() - named.keys()):
        if connection.execute(_NAMED_SINCE, (claim, last)).fetchone():
            continue
        sentence = (
            f"Vedlegget sha256:{digest.hex()} hører til {seen.names.stream(claim)}, men ingen hendelse nevner det."
        )
        yield LogFinding("document-unknown", sentence)


def _named(seen: LogReading) -> Iterator[tuple[Paper, DocumentAttached]]:
    for name, recorded in seen.claims.items():
        claim = claim_id(*parts_of(name))
        for each in recorded:
            if isinstance(event := each.event, DocumentAttached):
                owner = claim if event.hpr is None else track_id(event.hpr)
                yield (claim, bytes.fromhex(event.document.removeprefix("sha256:")), owner), event


def _is_changed(store: Store, paper: Paper, seen: LogReading) -> bool:
    """Whether its bytes are others; what was sealed under a key that is destroyed cannot be read."""
    claim, digest, owner = paper
    try:
        found = store.documents.find(claim, digest, None)
    except WrongMasterKey:
        return True
    if found is None:
        return not seen.destroyed.get(owner)
    return hashlib.sha256(found.content).digest() != digest


def key_findings(
    connection: Connection[Any], seen: LogReading, keys: KeyRing | None, listed: Collection[str] | None
) -> Iterator[LogFinding]:
    """The keys against what is sealed, and against those that were destroyed by the log, or by the list outside it."""
    held = {row["doctor"] for row in connection.cursor(row_factory=dict_row).execute(_KEYS)}
    open_names: dict[UUID, str] = {}
    for owner in sorted(held):
        try:
            if keys and (name := keys.name_of(owner)):
                open_names[owner] = name
        except WrongMasterKey:
            yield LogFinding("key-changed", f"Nøkkelen til {seen.names.doctor(owner)} er endret, og kan ikke åpnes.")
    for owner, names in sorted(seen.sealed.items()):
        living = names - seen.destroyed.get(owner, set())
        whose = seen.names.doctor(owner)
        if living and owner not in held:
            sentence = f"Nøkkelen til {whose} er borte, uten at noen har bedt om og bekreftet at den skulle slettes."
            yield LogFinding("key-missing", sentence)
        elif owner in open_names and living - {open_names[owner]}:
            yield LogFinding("key-exchanged", f"Nøkkelen til {whose} er en annen enn den som noe er lukket med.")
    for owner, name in sorted(open_names.items()):
        if name in seen.destroyed.get(owner, set()):
            whose = seen.names.doctor(owner)
            yield LogFinding(
                "key-not-destroyed", f"Nøkkelen til {whose} er slettet ifølge loggen, men finnes fremdeles."
            )
        elif listed is not None and name in listed:
            whose = seen.names.doctor(owner)
            yield LogFinding(
                "key-not-destroyed",
                f"Nøkkelen til {whose} står på listen over slettede nøkler, men finnes fremdeles; fullfør slettingen"
                " med alis erase.",
            )


def list_findings(seen: LogReading, listed: Collection[str] | None) -> Iterator[LogFinding]:
    """The list of destroyed keys outside the database, where there is one, against the log."""
    for owner, names in sorted(seen.destroyed.items()):
        if listed is not None and not names <= set(listed):
            yield LogFinding(
                "list-short",
                f"Listen over slettede nøkler mangler en nøkkel til {seen.names.doctor(owner)}, som loggen sier er"
                " slettet; legg en hel kopi av listen der den skal være.",
            )


def book_findings(seen: LogReading) -> Iterator[LogFinding]:
    """The published rule sets and the answers against their digests, and the former against those of this release."""
    shipped = {str(each["id"]): digest_of(dict(each)) for each in shipped_publications()}
    published: dict[str, str] = {}
    for each in seen.book:
        if isinstance(event := each.event, RuleSetPublished):
            published[event.rule_set] = event.digest
            if digest_of(event.content) != event.digest:
                sentence = f"Regelsettet «{event.rule_set}» i regelboken har et annet innhold enn digesten sier."
                yield LogFinding("rules-changed", sentence, each.position)
        elif isinstance(event, RulingProposed) and event.answer.digest != event.digest:
            sentence = f"Svaret på spørsmålet «{event.question}» i regelboken er et annet enn digesten sier."
            yield LogFinding("rules-changed", sentence, each.position)
    for name, digest in shipped.items():
        if name in published and published[name] != digest:
            sentence = f"Regelsettet «{name}» i regelboken er et annet enn det som følger med programmet."
            yield LogFinding("rules-differ", sentence)
    if seen.events and not published:
        yield LogFinding("rules-missing", "Regelboken har ingen kunngjorte regelsett, men loggen har hendelser.")
