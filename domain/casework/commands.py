"""Who asks for what, so that it can be repeated and traced."""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from domain.casework.store import Origin, Source

ROLES: Final[Mapping[str, str]] = {
    "kommune": "municipality",
    "caseworker": "caseworker",
    "saksbehandler": "caseworker",
    "revisor": "revisor",
    "kontrollør": "auditor",
    "auditor": "auditor",
    "operator": "operator",
    "doctor": "doctor",
    "lege": "doctor",
    "release": "release",
}
"""The role that the kind of a `kind:name` stands for, until sign-in tells it."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody who acts: `kind:name`, the role, and the organisation where there is one."""

    subject: str
    role: str | None
    organisation: str | None

    @classmethod
    def named(cls, subject: str) -> "Actor":
        """The actor that a `kind:name` stands for; a municipality acts for itself."""
        kind, _, name = subject.partition(":")
        role = ROLES.get(kind)
        return cls(subject, role, name if role == "municipality" else None)


@dataclass(frozen=True, slots=True)
class Command:
    """One request for change. `request` is a keyed digest of what was asked for."""

    id: UUID
    actor: Actor
    source: Source
    correlation_id: UUID
    request: str
    causation_id: UUID | None = None

    def origin(self, recorder: Actor | None = None) -> Origin:
        """Where the command's events come from; an import names who recorded each."""
        who = recorder or self.actor
        cause = self.causation_id or self.id
        return Origin(who.subject, who.role, who.organisation, self.id, self.correlation_id, cause, self.source)


def request_digest(master_key: bytes, request: bytes) -> str:
    """A digest of a request that nobody without the master key can guess the content from."""
    return hmac.new(master_key, request, hashlib.sha256).hexdigest()
