"""The key of a doctor's personal fields, as a stream of its own: who asked for its end, who confirmed it, when and why.

One person asks and another confirms; only then is the key destroyed. These events are not facts of contract.md:
no calculation uses them. They tell the read side to forget, and explain later why a name reads «(slettet)».
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated, Final, Literal

from pydantic import StringConstraints

from domain.values import words
from domain.values.event import Event, Strict
from domain.values.fields import RegisteredHpr
from domain.values.refusals.person import check_another_person
from domain.values.refusals.refusal import refused

KeyName = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{16}$")]
"""Names the key that a text was sealed under; it opens nothing."""


class ErasureReason(StrEnum):
    """Why personal fields are erased; a code, since a free text could be personal itself."""

    REQUESTED = "requested"
    ORDERED = "ordered"
    RETENTION_OVER = "retention-over"
    REGISTERED_BY_MISTAKE = "registered-by-mistake"


class _OfKey(Strict):
    type: str
    hpr: RegisteredHpr
    key: KeyName


class _WithReason(_OfKey):
    reason: ErasureReason


class KeyEvent(Event, _OfKey):
    """What every event of a key carries: whose key, which, when, and by whom."""


class KeyDestroyed(KeyEvent, _WithReason, topic="doctor-key.destroyed.v1"):
    """The key is gone, and with it all that was sealed under it; what is registered later is sealed under a new one."""

    type: Literal["doctor_key_destroyed"] = "doctor_key_destroyed"


class ErasureRequested(KeyEvent, _WithReason, topic="doctor-key.erasure-requested.v1"):
    """Somebody asked that the doctor's key be destroyed; nothing is, until another person confirms it."""

    type: Literal["erasure_requested"] = "erasure_requested"


class ErasureWithdrawn(KeyEvent, topic="doctor-key.erasure-withdrawn.v1"):
    """A request to destroy the key was taken back."""

    type: Literal["erasure_withdrawn"] = "erasure_withdrawn"


KEY_EVENTS: Final = {cls.event_topic: cls for cls in (KeyDestroyed, ErasureRequested, ErasureWithdrawn)}
LAPSES_AFTER: Final = timedelta(days=30)
"""A request that nobody confirms within this time has to be made again."""


@dataclass(frozen=True, slots=True)
class KeyNow:
    """The name of the key that a doctor has now, if any, and the request for its end that waits for confirmation."""

    hpr: str
    name: str | None
    requested: ErasureRequested | None

    @classmethod
    def of(cls, hpr: str, name: str | None, events: Sequence[object], now: datetime) -> "KeyNow":
        """From the events of the doctor's keys: any later event settles a request."""
        last = events[-1] if events else None
        if not isinstance(last, ErasureRequested) or last.key != name or now - last.recorded_at > LAPSES_AFTER:
            return cls(hpr, name, None)
        return cls(hpr, name, last)


def request(key: KeyNow, reason: str, now: datetime, by: str) -> ErasureRequested:
    """The event that asks for the end of the key.

    Raises `Refused` (unknown-reason, nothing-to-erase, erasure-requested).
    """
    if reason not in set(ErasureReason):
        raise refused("unknown-reason", reason=reason, known=words.listed(ErasureReason))
    if key.name is None:
        raise refused("nothing-to-erase", hpr=key.hpr)
    if key.requested is not None:
        raise refused("erasure-requested", hpr=key.hpr, by=key.requested.recorded_by)
    return ErasureRequested(hpr=key.hpr, key=key.name, reason=ErasureReason(reason), recorded_at=now, recorded_by=by)


def withdraw(key: KeyNow, now: datetime, by: str) -> ErasureWithdrawn:
    """The event that takes a request back; raises `Refused` (erasure-not-requested)."""
    if key.requested is None:
        raise refused("erasure-not-requested", hpr=key.hpr)
    return ErasureWithdrawn(hpr=key.hpr, key=key.requested.key, recorded_at=now, recorded_by=by)


def destroy(key: KeyNow, now: datetime, by: str, *called: str) -> KeyDestroyed:
    """The event that destroys the key, as another person asked; `called` is what else who confirms it is called.

    Raises `Refused` (nothing-to-erase, erasure-not-requested, own-erasure).
    """
    if key.name is None:
        raise refused("nothing-to-erase", hpr=key.hpr)
    if key.requested is None:
        raise refused("erasure-not-requested", hpr=key.hpr)
    check_another_person(by, key.requested.recorded_by, refused("own-erasure", hpr=key.hpr), *called)
    return KeyDestroyed(hpr=key.hpr, key=key.name, reason=key.requested.reason, recorded_at=now, recorded_by=by)
