"""The key of a doctor's personal fields, as a stream of its own: that it was destroyed, when, by whom and why.

These events are no facts of contract.md: nothing that is computed rests on them. They tell the read side to forget,
and whoever asks later why a name reads «(slettet)».
"""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, ClassVar, Final, Literal

from pydantic import StringConstraints

from domain.errors import refused
from domain.facts import Part
from domain.values import Hpr, Moment, RecordedBy

KeyName = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{16}$")]
"""The name by which a sealed text says under which key it was sealed; it opens nothing."""
ROLE: Final = "operator"
"""Whoever runs the program has the keys in their care, and never reads a case (domain.md)."""


class ErasureReason(StrEnum):
    """Why personal fields are erased; a code, for a free text could be personal itself."""

    REQUESTED = "requested"
    ORDERED = "ordered"
    RETENTION_OVER = "retention-over"
    REGISTERED_BY_MISTAKE = "registered-by-mistake"


class KeyDestroyed(Part):
    """The doctor's key is gone, and with it what was sealed under it; what is told later is sealed under a new one."""

    topic: ClassVar[str] = "doctor-key.destroyed.v1"

    type: Literal["doctor_key_destroyed"] = "doctor_key_destroyed"
    hpr: Hpr
    key: KeyName
    reason: ErasureReason
    recorded_at: Moment
    recorded_by: RecordedBy


KEY_EVENTS: Final = {KeyDestroyed.topic: KeyDestroyed}


def check_role(by: str, role: str | None) -> None:
    """Raise `Refused` (erasing-not-allowed) for whoever has not the keys in their care."""
    if role != ROLE:
        raise refused("erasing-not-allowed", by=by)


def destroy(hpr: str, key: str | None, reason: str, now: datetime, by: str) -> KeyDestroyed:
    """The event that destroys the key that a doctor has now; raises `Refused` (unknown-reason, nothing-to-erase)."""
    if reason not in set(ErasureReason):
        raise refused("unknown-reason", reason=reason, known=", ".join(ErasureReason))
    if key is None:
        raise refused("nothing-to-erase", hpr=hpr)
    return KeyDestroyed(hpr=hpr, key=key, reason=ErasureReason(reason), recorded_at=now, recorded_by=by)
