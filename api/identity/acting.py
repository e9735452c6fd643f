"""From a token to somebody who acts: who it is, in which roles they may act, and which of them they chose."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final, Protocol

from api.identity.claims import Granted, granted, identity_number, is_machine, on_behalf
from api.identity.issuers import Issuer
from api.identity.tokens import Believed, Tokens
from domain.casework.commands.commands import Actor
from domain.rulebook.release import release_reference
from domain.store.persons import Persons
from domain.values.norwegian_time import norwegian_day

_KINDS: Final = {
    "municipality": "kommune",
    "caseworker": "saksbehandler",
    "approver": "godkjenner",
    "auditor": "kontrollør",
    "rules": "regelverk",
    "doctor": "lege",
}
"""The kind in `kind:name` that stands for a role, where it is not the role itself."""
_DOCTOR: Final = "doctor"


class Given(Protocol):
    """Whom municipalities have let act for them, or look at their cases, on a day."""

    def engaged(self, number: str, day: date) -> Iterable[str]:
        """The municipalities that have engaged a firm as revisor."""

    def invited(self, number: str, day: date) -> Iterable[str]:
        """The municipalities that have invited an ALIS office."""

    def coordinated(self, person: str | None, number: str | None, day: date) -> Iterable[str]:
        """The municipalities that a person coordinates, or anybody of an organisation."""


@dataclass(frozen=True, slots=True)
class Capacity:
    """A role that somebody can act in, and for whom: a municipality's code or a doctor's number."""

    role: str
    organisation: str | None = None
    hpr: str | None = None


@dataclass(frozen=True, slots=True)
class Somebody:
    """Somebody whom an issuer vouches for, with every capacity that they can act in today."""

    person: str
    name: str
    client: str
    capacities: tuple[Capacity, ...]
    on_behalf: str | None = None
    machine: bool = False
    other_ids: tuple[str, ...] = ()
    """The other ids of a person whom operators have linked."""

    @property
    def ids(self) -> tuple[str, ...]:
        """Every id of a person: first the one under which the person acts."""
        return (self.person, *self.other_ids)

    def acting(self, chosen: Capacity) -> Actor:
        """The actor in one capacity; a municipality's machine is the municipality."""
        kind = _KINDS.get(chosen.role, chosen.role)
        number = chosen.organisation or chosen.hpr
        if self.machine and number:
            return Actor(f"{kind}:{number}", chosen.role, chosen.organisation)
        kind = f"{kind}-{number}" if number else kind
        return Actor(f"{kind}:{self.person}", chosen.role, chosen.organisation, self.name, other_ids=self.other_ids)


class Identity:
    """Makes somebody of a token, or of the claims that a session began with."""

    def __init__(  # noqa: PLR0913, PLR0917 - who vouches, who is known, who may act for whom, clock and chance
        self,
        issuers: Sequence[Issuer],
        persons: Persons,
        ids_of: Callable[[str], Sequence[str]],
        given: Given,
        now: Callable[[], datetime],
        new_person: Callable[[], str],
    ) -> None:
        self.issuers = issuers
        self.tokens = Tokens(issuers, persons.withdrawn, now)
        self._persons = persons
        self._ids_of = ids_of
        self._given = given
        self._now = now
        self._new_person = new_person

    def bearer(self, token: str) -> Somebody:
        """Whoever a bearer token is of; raises `TokenRefused` or `KeysUnavailable`."""
        return self.somebody(self.tokens.believed(token))

    def somebody(self, believed: Believed) -> Somebody:
        """Whoever the claims are about."""
        claims, machine = believed.claims, is_machine(believed.claims)
        name = str(claims.get("name") or "")[:100]
        client = f"{believed.issuer.issuer} {claims.get('client_id') or claims.get('sub')}"
        found = [self._with_number(each, believed) for each in granted(believed.issuer.roles, claims)]
        kept = name if any(each.role != _DOCTOR for each in found) else ""  # a doctor's goes with the doctor's key
        ids = () if machine else self._ids_of(self._persons.person(_identities(believed), kept, self._new_person))
        capacities = tuple(dict.fromkeys(each for one in found for each in self._capacities(one, ids)))
        person = ids[0] if ids else ""
        return Somebody(person, name, person or client, capacities, on_behalf(claims), machine, tuple(ids[1:]))

    def _with_number(self, found: Granted, believed: Believed) -> Granted:
        """A doctor with an HPR number: the one that the issuer states, or that another stated of the same person."""
        number = identity_number(believed.claims)
        if found.role != _DOCTOR or number is None:
            return found
        return replace(found, hpr=self._persons.hpr(_by_number(number), found.hpr))

    def _capacities(self, found: Granted, ids: Sequence[str]) -> Iterator[Capacity]:
        """What a role comes to today: one that municipalities give comes to as many as have given it."""
        today, number = norwegian_day(self._now()), found.organisation or ""
        match found.role:
            case "municipality":
                own = _municipality(found.organisation)
                others = self._coordinated(ids, number, today) if own else ()
                yield from (Capacity(found.role, code) for code in (own, *others) if code)
            case "revisor":
                yield from (Capacity(found.role, code) for code in self._given.engaged(number, today))
            case "alis_office":
                yield from (Capacity(found.role, code) for code in self._given.invited(number, today))
            case "doctor":
                yield from [Capacity(found.role, hpr=found.hpr)] if found.hpr else []
            case _:
                yield Capacity(found.role)

    def _coordinated(self, ids: Sequence[str], number: str, day: date) -> Iterator[str]:
        """The municipalities that somebody coordinates, by any of their ids, or anybody of an organisation."""
        for person in (f"kommune:{each}" for each in ids) if ids else [None]:
            yield from self._given.coordinated(person, number, day)


def _identities(believed: Believed) -> Sequence[str]:
    """What tells one person from all others: the national identity number, else the issuer's own name for them.

    Who was known by that name before the issuer stated the number, still is.
    """
    number = identity_number(believed.claims)
    name = f"sub {believed.issuer.issuer} {believed.claims.get('sub')}"
    return (name,) if number is None else (_by_number(number), name)


def _by_number(number: str) -> str:
    return f"pid {number}"


def _municipality(organisation_number: str | None) -> str | None:
    """The code of a municipality by its organisation number, in the newest list."""
    newest = release_reference().lists[-1]
    codes = (code for code, each in newest.by_code.items() if each.organisation_number == organisation_number)
    return next(codes, None) if organisation_number else None
