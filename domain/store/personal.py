"""What is sealed under a doctor's key: what goes with it when it is destroyed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from domain.store.log.datastore import Datastore
from domain.store.log.documents import opens
from domain.store.log.reachable import reachable
from domain.store.sealed.key_ring import KeyRing

_FACTS: Final = "SELECT count(*) AS facts FROM events WHERE doctor = %s AND position(%s::bytea IN payload) > 0"
_CLAIMS: Final = """
SELECT DISTINCT convert_from(payload, 'UTF8')::json ->> 'claim' AS claim, count(*) AS events FROM events
WHERE topic LIKE 'claim.%%' AND doctor IS NULL AND position(%s::bytea IN payload) > 0 GROUP BY 1 ORDER BY 1
"""
_TIES: Final = """
SELECT count(*) AS ties FROM events WHERE topic LIKE 'tie.%%' AND position(%s::bytea IN payload) > 0
"""
_DOCUMENTS: Final = "SELECT claim AS stream, digest, media_type, size, sealed FROM documents WHERE owner = %s"
_NAMES: Final = """
SELECT stream, convert_from(payload, 'UTF8')::json ->> 'claim' AS claim FROM events
WHERE stream = ANY(%s) AND version = 1
"""


@dataclass(frozen=True, slots=True)
class SealedPaper:
    """A document that goes with a key: the claim that it lies with, its digest, what it is and how large."""

    claim: str
    document: str
    media_type: str
    size: int


@dataclass(frozen=True, slots=True)
class SealedUnder:
    """All that a key opens: how many facts have personal fields, how many texts stand in which claim, the documents.

    `ties` counts the reasons of declared ties to the doctor.
    """

    key: str
    facts: int
    claims: Mapping[str, int]
    documents: tuple[SealedPaper, ...]
    ties: int


class SealedData:
    """Asks what lies under a doctor's key."""

    def __init__(self, datastore: Datastore, keys: KeyRing) -> None:
        self._datastore = datastore
        self._keys = keys

    def under_key_of(self, doctor: UUID) -> SealedUnder | None:
        """What the key opens that a doctor has now; None for a doctor without one."""
        with reachable():
            name = self._keys.name_of(doctor)
            if name is None:
                return None
            marked = f'"key":"{name}"'.encode()
            with self._datastore.get_connection() as connection:
                [counted] = connection.execute(_FACTS, (doctor, marked)).fetchall()
                [declared] = connection.execute(_TIES, (marked,)).fetchall()
                claims = connection.execute(_CLAIMS, (marked,)).fetchall()
            papers = self._papers(doctor)
        texts = {row["claim"]: row["events"] for row in claims}
        return SealedUnder(name, counted["facts"], texts, papers, declared["ties"])

    def _papers(self, doctor: UUID) -> tuple[SealedPaper, ...]:
        """The documents that this key opens; what lies under an earlier one is gone already."""
        with self._datastore.seeing(None) as connection:
            rows = connection.execute(_DOCUMENTS, (doctor,)).fetchall()
        with self._datastore.get_connection() as connection:
            found = connection.execute(_NAMES, ([row["stream"] for row in rows],)).fetchall()
        key = self._keys.for_reading([doctor]).get(doctor)
        names = {row["stream"]: row["claim"] for row in found}
        papers = (
            SealedPaper(names[row["stream"]], f"sha256:{bytes(row['digest']).hex()}", row["media_type"], row["size"])
            for row in rows
            if key and opens(key, row["stream"], bytes(row["digest"]), bytes(row["sealed"]))
        )
        return tuple(sorted(papers, key=lambda each: (each.claim, each.document)))
