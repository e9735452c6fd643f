"""Who asks for what, so that it can be repeated and traced."""

import hashlib
import hmac
from dataclasses import dataclass
from uuid import UUID

from domain.store import Origin, Source
from domain.values import words
from domain.values.places import municipality_of, role_of
from domain.values.refusals.person import given_name
from domain.values.refusals.refusal import refused
from domain.values.words import ROLES


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody who acts: `kind:name`, the role, and the organisation where there is one.

    The organisation is a municipality's number: of a municipality its own, of a revisor the one that engaged them.
    """

    subject: str
    role: str | None
    organisation: str | None
    name: str = ""
    """What the issuer calls a person who signed in: what was recorded before there was sign-in has only a name."""
    reason: str = ""
    """Why they ask, as they say: without it an auditor is told no names, and a caseworker registers nothing."""
    other_ids: tuple[str, ...] = ()
    """The other ids of a person who was linked: what was recorded under them, the same person recorded."""

    @property
    def called(self) -> tuple[str, ...]:
        """What a person who signed in is called, besides in the subject."""
        return (*([self.name] if self.name else []), *self.other_ids)

    @classmethod
    def named(cls, subject: str) -> "Actor":
        """The actor that a `kind:name` stands for; a municipality acts for itself."""
        return cls.acting(subject)

    @classmethod
    def acting(cls, subject: str, role: str | None = None, organisation: str | None = None) -> "Actor":
        """Somebody in a role, else in the one that the kind stands for; raises `Refused` (bad-text, unknown-role).

        A municipality acts for itself unless it says for whom.
        """
        subject = given_name(subject, "recorded_by")
        if role is not None and role not in ROLES:
            raise refused("unknown-role", role=role, known=words.listed(ROLES))
        role = role or role_of(subject)
        itself = municipality_of(subject) if role == "municipality" else None
        return cls(subject, role, organisation or itself)


@dataclass(frozen=True, slots=True)
class Command:
    """One request for change. `request` is a keyed digest of what was asked for."""

    id: UUID
    actor: Actor
    source: Source
    correlation_id: UUID
    request: str
    causation_id: UUID | None = None

    @property
    def about(self) -> dict[str, str]:
        """What the program's own log says of the command."""
        return {"command": str(self.id), "correlation": str(self.correlation_id)}

    def origin(self, recorder: Actor | None = None) -> Origin:
        """Where the command's events come from; an import names who recorded each."""
        who = recorder or self.actor
        cause = self.causation_id or self.id
        return Origin(who.subject, who.role, who.organisation, self.id, self.correlation_id, cause, self.source)


def request_digest(key: bytes, request: bytes) -> str:
    """A digest of a request that nobody without the key can guess the content from."""
    return hmac.new(key, request, hashlib.sha256).hexdigest()
