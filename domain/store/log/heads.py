"""The head of each doctor's log: if it is the same, nothing has changed since a result was computed."""

from collections.abc import Sequence
from typing import Any, Final, NamedTuple
from uuid import UUID

from psycopg import Connection
from psycopg.rows import tuple_row

_HEADS: Final = b"""
SELECT whose.doctor, head.position, head.hash, keys.sealed_key
FROM (SELECT DISTINCT doctor FROM events
      WHERE municipality = ANY(%(codes)s) AND (%(doctor)s::uuid IS NULL OR doctor = %(doctor)s)) whose
CROSS JOIN LATERAL (
    SELECT position, hash FROM events WHERE doctor = whose.doctor ORDER BY doctor_version DESC LIMIT 1) head
LEFT JOIN doctor_keys keys ON keys.doctor = whose.doctor
ORDER BY whose.doctor
"""


class LogHead(NamedTuple):
    """The last event of a doctor, and the sealed key that the personal words were read with (None: destroyed, or none).

    The hash covers the moment at which the event was stored, so that a restored log never shares a head with the log
    that it was copied from once they differ; versions and positions would not show that.
    """

    doctor: UUID
    position: int
    hash: bytes
    sealed_key: bytes | None


def heads_of(conn: Connection[Any], codes: Sequence[str], doctor: UUID | None) -> list[LogHead]:
    """The heads of all doctors who ever had a post in a municipality, or of one of them, at one moment."""
    cursor = conn.cursor(row_factory=tuple_row)
    asked = {"codes": list(codes), "doctor": doctor}
    return [LogHead(*row) for row in cursor.execute(_HEADS, asked, prepare=True, binary=True)]
