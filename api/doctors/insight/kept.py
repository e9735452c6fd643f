"""How long what is stored about a doctor is kept, why, and on which basis: told to whoever asks for insight."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Kept:
    """A kind of what is stored: how long it is kept, why it stays so long, and the source; a basis as in rule sets."""

    what: str
    how_long: str
    why: str
    basis: str
    source: str


_NO_PERIOD: Final = "Regelverket for ordningen fastsetter ingen lagringstid."
_ARTICLE_17: Final = "personvernforordningen artikkel 17 nr. 3 bokstav b; lagringstiden er ikke fastsatt"

KEPT: Final = (
    Kept(
        "Navn, arbeidssteder, permisjonstyper, fritekst og vedlegg om legen",
        "Til to personer sletter legens nøkkel; da kan ingen lese det mer.",
        f"{_NO_PERIOD} Det slettes når legen ber om det og ingen plikt er i veien, når det er pålagt, når"
        " lagringstiden er ute, eller når det var registrert ved en feil.",
        "assumed",
        "personvernforordningen artikkel 5 nr. 1 bokstav e og artikkel 17",
    ),
    Kept(
        "HPR-nummer, stillinger med dager og prosenter, avtaler, måneder, kroner og vedtak",
        "Det slettes ikke, heller ikke når legens nøkkel slettes.",
        "Et vedtak om offentlig tilskudd skal kunne regnes ut på nytt og kontrolleres.",
        "assumed",
        _ARTICLE_17,
    ),
    Kept(
        "Hvem som registrerte, vedtok, bekreftet eller slettet noe, og når",
        "Det slettes ikke.",
        "Det skal kunne etterprøves hvem som har hatt en del i saken.",
        "assumed",
        _ARTICLE_17,
    ),
    Kept(
        "Hvem som har lest om legen",
        "Så lenge den som drifter tjenesten, har bestemt.",
        "Legen skal kunne se hvem som har lest, og misbruk skal kunne oppdages.",
        "assumed",
        "personvernforordningen artikkel 32; lagringstiden er ikke fastsatt",
    ),
    Kept(
        "At den som logger inn, er legen med dette HPR-nummeret",
        "Det slettes ikke.",
        "Legen skal kunne logge inn uten at HPR-nummeret oppgis hver gang. Fødselsnummeret lagres ikke, bare et"
        " fingeravtrykk av det som ingen kan regne ut uten tjenestens nøkkel.",
        "assumed",
        "personvernforordningen artikkel 32",
    ),
    Kept(
        "Ordene i søket",
        "Til leseren som bygger søket, kommer til at nøkkelen er slettet.",
        "Søket har bare fingeravtrykk av begynnelsen på ord, aldri ordene selv.",
        "assumed",
        "personvernforordningen artikkel 25",
    ),
    Kept(
        "Sikkerhetskopier",
        "Så lenge den som drifter tjenesten, beholder dem.",
        "En kopi fra før noe ble slettet, har det ennå, til den kastes; uten hovednøkkelen kan ingen lese det.",
        "assumed",
        "personvernforordningen artikkel 32; lagringstiden er ikke fastsatt",
    ),
)
