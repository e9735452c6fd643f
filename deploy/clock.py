"""The one place that reads the clock and draws random ids; all other code gets them as arguments."""

import base64
import os
import time
from datetime import UTC, datetime
from uuid import UUID

UUID_VERSION_7 = 0x7 << 76
UUID_VARIANT = 0b10 << 62


def now() -> datetime:
    """This moment, in UTC."""
    return datetime.now(UTC)


def new_person() -> str:
    """A random id for a person; 100 bits, so that nobody can guess one."""
    return f"p-{base64.b32encode(os.urandom(13)).decode()[:20].lower()}"


def new_id() -> UUID:
    """A unique id that sorts by the moment it was made (RFC 9562, version 7).

    Ids made after one another are neighbours in an index, which keeps inserts cheap.
    """
    moment = time.time_ns() // 1_000_000 << 80
    chance = int.from_bytes(os.urandom(10))
    kept = ~(0xF << 76 | 0b11 << 62)
    return UUID(int=(moment | chance) & kept | UUID_VERSION_7 | UUID_VARIANT)
