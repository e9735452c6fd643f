"""The entries of a municipality as sentences; nothing personal stands in one."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from domain.municipality import events as given
from domain.municipality.events import ContactRole, Entry
from domain.values.places import someone
from domain.values.words import counted

CONTACT_ROLES: Final[Mapping[ContactRole, str]] = {
    ContactRole.HEALTH_LEADER: "helse og omsorg",
    ContactRole.GRANT: "tilskuddet",
    ContactRole.ACCOUNTS: "regnskapet",
    ContactRole.OTHER: "annet",
}
_TOLD: Final[Mapping[type[Entry], Callable[[Any], str]]] = {
    given.TrainingRegistered: lambda _: "Kommunen er registrert som utdanningsvirksomhet.",
    given.ContactGiven: lambda e: f"Kommunen har en kontaktperson for {CONTACT_ROLES[e.role]}.",
    given.AccountGiven: lambda e: f"Tilskuddet betales til konto {e.account}.",
    given.CoordinatorAppointed: lambda e: (
        f"{someone(e.person)} er koordinator."
        if e.person
        else f"De som handler for organisasjonsnummer {e.organisation_number}, er koordinatorer."
    ),
    given.RevisorEngaged: lambda e: f"Revisor er firmaet med organisasjonsnummer {e.organisation_number}.",
    given.OfficeInvited: lambda e: (
        f"ALIS-kontoret med organisasjonsnummer {e.organisation_number} har innsyn i det kommunen ser."
    ),
    given.PostClosed: lambda e: f"Hjemmelen «{e.post}» er nedlagt.",
    given.SupervisorOffered: lambda e: f"En veileder kan veilede {counted(e.places, 'én lege', 'leger')}.",
}


def told(entry: Entry) -> str:
    """What an entry says."""
    return _TOLD[type(entry)](entry)
