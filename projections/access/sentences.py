"""An entry of the access log as a sentence."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from domain.store import Entry, StoredEntry
from domain.values import words
from domain.values.places import place, someone


class _Deed(NamedTuple):
    """What somebody did, what they tried to do, and to what."""

    did: str
    do: str
    what: str


_LISTED: Final = 3
"""More doctors than this are counted."""
_READ: Final = ("leste", "lese")
DEEDS: Final[Mapping[str, _Deed]] = {
    "facts.read": _Deed(*_READ, "opplysninger"),
    "insight.read": _Deed(*_READ, "alt som er lagret"),
    "facts.preview": _Deed("forhåndsviste", "forhåndsvise", "en endring av opplysninger"),
    "facts.register": _Deed("registrerte", "registrere", "opplysninger"),
    "conversions.read": _Deed(*_READ, "hvem som venter på konvertering til ny ordning"),
    "conversions.register": _Deed("konverterte", "konvertere", "leger til ny ordning"),
    "doctors.list": _Deed(*_READ, "listen over leger"),
    "rounds.read": _Deed(*_READ, "måneder og beløp i en tilskuddsperiode"),
    "overview.read": _Deed(*_READ, "oversikten over en tilskuddsperiode"),
    "costs.read": _Deed(*_READ, "kostnadene ved siden av tilskuddet"),
    "posts.read": _Deed(*_READ, "hvem som har hatt hjemlene"),
    "supervisors.read": _Deed(*_READ, "hvem som veileder hvem"),
    "claims.read": _Deed(*_READ, "tilskuddssøknader"),
    "claims.step": _Deed("arbeidet med", "arbeide med", "en tilskuddssøknad"),
    "documents.read": _Deed("lastet ned", "laste ned", "et dokument"),
    "documents.attach": _Deed("la ved", "legge ved", "et dokument"),
    "tasks.read": _Deed(*_READ, "oppgavene"),
    "rules.impact": _Deed(*_READ, "hva et regelsett ville endret"),
    "rulings.decisions": _Deed(*_READ, "hvilke vedtak en fortolkning berører"),
    "municipality.read": _Deed(*_READ, "hva som er registrert om en kommune"),
    "municipality.contacts": _Deed(*_READ, "kontaktpersonene i en kommune"),
    "municipality.change": _Deed("registrerte", "registrere", "noe om en kommune"),
    "municipality.access": _Deed(*_READ, "hvem som har hatt innsyn i en kommune"),
    "ties.read": _Deed(*_READ, "hvem som er inhabile"),
    "ties.change": _Deed("registrerte", "registrere", "hvem som er inhabile"),
    "access.read": _Deed(*_READ, "innsynsloggen"),
    "keep": _Deed("arbeidet med", "arbeide med", "hele databasen"),
}
"""What each operation is called; one that this release does not know is called by what all are."""
_OF_CLAIMS: Final = frozenset({"claims.read", "claims.step"})
_CAME: Final = {"not_found": "men fant ingenting", "refused": "men fikk nei"}
_ANY: Final = _Deed("gjorde", "gjøre", "et oppslag")


def sentence(stored: StoredEntry) -> str:
    """Who did what, with whose case, when, what came of it, and why."""
    entry, deed = stored.entry, DEEDS.get(stored.entry.operation, _ANY)
    about = f"søknaden {entry.claim}" if entry.claim and entry.operation in _OF_CLAIMS else deed.what + _case(entry)
    what = f"{about}{_doctors(entry)}{_behalf(entry)}"
    done = f"{deed.did} {what}" if entry.outcome == "answered" else f"prøvde å {deed.do} {what}, {_CAME[entry.outcome]}"
    why = f" Oppgitt grunn: {entry.reason}." if entry.reason else ""
    who = someone(entry.subject)
    return f"{who[0].upper()}{who[1:]} {done}, {words.moment(stored.moment.replace(second=0, microsecond=0))}.{why}"


def _doctors(entry: Entry) -> str:
    """About whom; many are counted."""
    if not entry.doctors:
        return ""
    if len(entry.doctors) > _LISTED:
        return f" om {words.grouped(len(entry.doctors))} leger"
    return f" om {'legen' if len(entry.doctors) == 1 else 'legene'} med HPR-nummer {words.listed(entry.doctors)}"


def _case(entry: Entry) -> str:
    """Whose case, unless they are those who read it."""
    if entry.claim:
        return f" i søknaden {entry.claim}"
    return f" for {place(entry.municipality)}" if entry.municipality not in {None, entry.organisation} else ""


def _behalf(entry: Entry) -> str:
    return f" på vegne av organisasjonen {entry.on_behalf_of}" if entry.on_behalf_of else ""
