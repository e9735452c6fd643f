"""What each kind of refusal means in HTTP, and the refusals that only HTTP knows."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from domain.values.refusals import table
from domain.values.refusals.kinds import Group, Kind

STATUS: Final[Mapping[Kind, int]] = {
    Kind.UNREADABLE: 400,
    Kind.NOT_ALLOWED: 403,
    Kind.NOT_FOUND: 404,
    Kind.CONFLICT: 409,
    Kind.CHANGED: 412,
    Kind.WRONG_FORMAT: 415,
    Kind.INVALID: 422,
    Kind.BAD_COMMAND: 500,  # no request can cause one: our own fault
    Kind.FAILED: 500,
    Kind.BUSY: 503,
    Kind.UNAVAILABLE: 503,
    Kind.OUT_OF_ORDER: 503,
}
_RETRY_AFTER: Final[Mapping[Kind, int]] = {Kind.BUSY: 1, Kind.UNAVAILABLE: 5, Kind.OUT_OF_ORDER: 30}
"""Seconds after which to try again."""


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """How a refusal is answered: its title and status, and the seconds after which to try again."""

    title: str
    status: int
    retry_after: int | None = None


_OWN: Final[Mapping[Group | HttpAnswer, Mapping[str, str]]] = {
    Group(Kind.NOT_ALLOWED, "Bare for denne maskinen"): {
        "not-loopback": "Tjenesten svarer bare maskinen den kjører på, for den er ikke satt opp for et nettverk.",
        "not-scraper": "Tallene om driften hentes bare fra maskinen tjenesten kjører på og fra maskiner den stoler på.",
    },
    Group(Kind.NOT_ALLOWED, "Ikke den rette veien inn"): {
        "not-https": "Tjenesten svarer bare over HTTPS. Bruk adressen {address}.",
        "untrusted-proxy": (
            "Forespørselen kommer gjennom en mellomtjener som tjenesten ikke stoler på. Den som drifter tjenesten, kan "
            "nevne den i ALIS_TRUSTED_PROXIES."
        ),
    },
    Group(Kind.NOT_ALLOWED, "Ikke sendt fra en av våre sider"): {
        "not-from-our-page": (
            "Det du ba om, ble ikke sendt fra en side her som du er logget inn på. Last siden på nytt, og prøv igjen."
        ),
    },
    Group(Kind.UNREADABLE, "Mellomtjeneren sier ikke hvem som spør"): {
        "not-forwarded": (
            "Mellomtjeneren foran tjenesten må si hvem som spør, hvordan og under hvilket navn: headeren Forwarded med "
            "for, proto og host."
        ),
    },
    Group(Kind.NOT_ALLOWED, "Ingen rolle"): {
        "no-role": "Du er logget inn, men har ingen rolle her. Be den som styrer tilganger hos dere, om å gi deg en.",
        "not-your-role": "Du har ikke rollen som er valgt, eller ikke for den kommunen. Velg en av dine egne.",
    },
    Group(Kind.NOT_ALLOWED, "Velg rolle"): {
        "choose-role": "Du har flere roller: {roles}. Velg hvilken du handler i.",
    },
    Group(Kind.UNAVAILABLE, "Innloggingen svarer ikke"): {
        "issuer-unavailable": "Innloggingen kan ikke kontrolleres nå, for utstederen svarer ikke. Prøv igjen om litt.",
    },
    Group(Kind.NOT_FOUND, "Adressen finnes ikke"): {"no-such-address": "Tjenesten har ingen slik adresse."},
    Group(Kind.WRONG_FORMAT, "Innholdet er av feil slag"): {
        "unsupported-media-type": "Innholdet må være application/json i UTF-8, uten komprimering.",
    },
    Group(Kind.INVALID, "Forespørselen er ikke gyldig"): {
        "invalid-request": "Forespørselen er ikke skrevet som den skal: {first}",
        "header-twice": "Headeren {field} står flere ganger; send den én gang.",
        "parameter-twice": "Parameteren «{field}» står flere ganger; oppgi den én gang.",
        "unknown-parameter": "Parameteren «{field}» finnes ikke for denne adressen.",
    },
    Group(Kind.INVALID, "Dokumentet kan ikke brukes"): {
        "digest-differs": "Innholdet har ikke den kontrollsummen som {header} sier; send det på nytt.",
    },
    Group(Kind.FAILED, "Feil i tjenesten"): {
        "internal": "Noe gikk galt hos oss. Oppgi {correlation} når du spør om det.",
    },
    Group(Kind.BUSY, "Endringen vises ikke ennå"): {
        "not-yet-visible": (
            "Det som er registrert, er lagret, men vises ikke i oversiktene ennå; de ligger {seconds} sekunder etter. "
            "Prøv igjen om litt."
        ),
    },
    Group(Kind.OUT_OF_ORDER, "Databasen er ikke oppdatert"): {
        "not-migrated": "Databasen mangler stegene {missing}; start programmet på nytt for å oppdatere den.",
    },
    HttpAnswer("Ikke logget inn", 401): {
        "not-signed-in": "Logg inn for å gjøre dette.",
        "token-refused": "Innloggingen kan ikke brukes, fordi {why}. Logg inn på nytt.",
    },
    HttpAnswer("Metoden kan ikke brukes her", 405): {"method-not-allowed": "Adressen kan bare brukes med {allowed}."},
    HttpAnswer("Dokumentet er slettet", 410): {
        "document-erased": "Dokumentet er slettet, for nøkkelen til den det gjaldt, er destruert.",
    },
    HttpAnswer("Innholdet er for stort", 413): {"too-large": "Innholdet er større enn {limit:number} byte."},
    HttpAnswer("Feil vertsnavn", 421): {"wrong-host": "Tjenesten svarer bare på {names}."},
    HttpAnswer("For mange forespørsler", 429, retry_after=60): {
        "too-many-requests": "Du har sendt mer enn {limit:number} forespørsler på ett minutt. Vent til neste minutt.",
    },
    HttpAnswer("Forespørselen er for stor", 431): {
        "head-too-large": "Adressen, parameterne og hodene er til sammen større enn {limit:number} byte.",
    },
    HttpAnswer("Avbrutt av den som spurte", 499): {"aborted": "Forbindelsen ble brutt før forespørselen var mottatt."},
    HttpAnswer("Utregningen tok for lang tid", 503): {
        "takes-too-long": (
            "Utregningen tok mer enn {seconds} sekunder og ble avbrutt. Still et mindre spørsmål, for eksempel med "
            "tidspunkter som ligger nærmere hverandre."
        ),
    },
    HttpAnswer("For mye på én gang", 503, retry_after=2): {
        "crowded": "Tjenesten har for mye å gjøre akkurat nå. Prøv igjen om litt.",
    },
    HttpAnswer("Kan ikke vises nå", 503, retry_after=60): {
        "set-aside": (
            "Oversiktene kan ikke vise legen med HPR-nummer {hpr} nå, for noe av det som er registrert, lar seg ikke "
            "vise. Opplysningene er lagret og kan leses hver for seg. Meld fra til den som drifter tjenesten."
        ),
        "rules-set-aside": (
            "Oversiktene kan ikke vise tilskuddsperioden {round} etter regelsettet «{rules}» nå. Beregningen av én "
            "kommune viser det som gjelder. Meld fra til den som drifter tjenesten."
        ),
    },
}
"""Refusals of HTTP itself, by group, or with a status that no kind of the domain has."""


def _answer(group: Group | HttpAnswer) -> HttpAnswer:
    if isinstance(group, HttpAnswer):
        return group
    return HttpAnswer(group.title, STATUS[group.kind], _RETRY_AFTER.get(group.kind))


_GROUPS: Final = {**table.GROUPS, **{code: group for group, codes in _OWN.items() for code in codes}}
ANSWERS: Final[Mapping[str, HttpAnswer]] = {code: _answer(group) for code, group in _GROUPS.items()}
"""The answer to each code."""
SENTENCES: Final[Mapping[str, str]] = {**table.SENTENCES, **{code: own[code] for own in _OWN.values() for code in own}}
"""The sentence of each code."""


def codes_of(group: Group) -> tuple[str, ...]:
    """The codes of the domain in a group."""
    return tuple(code for code, of in table.GROUPS.items() if of == group)
