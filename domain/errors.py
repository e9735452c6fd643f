"""Refusals: a stable code and the one Norwegian sentence that goes with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

SENTENCES: Final[Mapping[str, str]] = {
    # what a fact says about itself
    "bad-json": "Dette er ikke gyldig JSON: {detail}.",
    "bad-encoding": "Teksten er ikke UTF-8 (feil ved byte {byte}).",
    "empty-file": "Det er ingen opplysninger i filen.",
    "not-an-object": "Hver opplysning må være et JSON-objekt.",
    "duplicate-key": "Feltet «{field}» står to ganger.",
    "unknown-type": "Typen «{type}» finnes ikke.",
    "missing-field": "Feltet «{field}» mangler.",
    "unknown-field": "Feltet «{field}» finnes ikke for denne typen.",
    "bad-day": "Feltet «{field}» er ikke en gyldig dag (ÅÅÅÅ-MM-DD).",
    "bad-moment": "Feltet «{field}» er ikke et tidspunkt med tidssone (ISO 8601).",
    "bad-number": "Feltet «{field}» er ikke et tall slik det skal skrives.",
    "out-of-range": "Feltet «{field}» er utenfor de lovlige verdiene ({limit}).",
    "bad-value": "Feltet «{field}» har ikke en lovlig verdi ({allowed}).",
    "bad-text": "Feltet «{field}» er ikke skrevet som det skal ({wanted}).",
    "last-before-first": "Siste dag ligger før første dag.",
    "new-before-old-ends": "Den nye stillingen begynner før den gamle er slutt.",
    "nothing-changed": "Opplysningen endrer ingenting: minst ett av feltene {names} må stå der.",
    # what a fact says against what was known just before it
    "unknown-municipality": "Kommunenummeret {municipality} finnes ikke.",
    "unknown-round": "Tilskuddsperioden «{round}» finnes ikke.",
    "unknown-element": "«{element}» er ikke et element det kan føres kostnader på i {round}.",
    "fact-id-used": "Opplysningen «{id}» er registrert før, med et annet innhold.",
    "name-used": "Betegnelsen «{name}» er brukt før for denne legen og kan ikke brukes på nytt.",
    "unknown-position": "Stillingen «{name}» er ikke kjent, eller den er trukket tilbake.",
    "unknown-leave": "Permisjonen «{name}» er ikke kjent, eller den er trukket tilbake.",
    "unknown-service": "Institusjonstjenesten «{name}» er ikke kjent, eller den er trukket tilbake.",
    "unknown-affiliation": "Tilknytningen «{name}» er ikke kjent, eller den er trukket tilbake.",
    "unknown-interruption": "Avbruddet «{name}» er ikke kjent, eller det er trukket tilbake.",
    "unknown-supervisor": "Veilederen {name} er ikke kjent, eller er trukket tilbake.",
    "unknown-agreement": "ALIS-avtalen «{name}» er ikke kjent, eller den er trukket tilbake.",
    "unknown-fact": "Opplysningen «{name}» er ikke kjent for denne legen.",
    "fact-withdrawn": "Opplysningen «{name}» er trukket tilbake.",
    "change-before-position": "Endringen gjelder fra {day}, men stillingen begynner {first_day}.",
    "change-after-position": "Endringen gjelder fra {day}, men stillingen slutter {last_day}.",
    "ends-before-it-begins": "Siste dag {day} ligger før første dag {first_day}.",
    "track-running": "Et spesialiseringsløp som begynte {started_on}, går fremdeles {day}.",
    "no-track": "Ingen spesialiseringsløp har begynt {day}.",
    "already-new-scheme": "Spesialiseringsløpet følger allerede ny ordning.",
    "correction-of-correction": "En retting kan ikke rettes; rett den opprinnelige opplysningen.",
    "fixed-field": "Feltet «{field}» kan ikke rettes.",
    "correction-invalid": "Opplysningen «{name}» blir ugyldig av rettingen: {because}",
    "others-build-on-it": "Rettingen gjør «{name}» ugyldig: {because}",
    "makes-stored-invalid": "Den registrerte opplysningen «{name}» blir ugyldig: {because}",
    # what cannot be computed, or is not found
    "unknown-rule-set": "Regelsettet «{rules}» finnes ikke.",
    "no-rule-set": "Ingen regelsett er kunngjort for tilskuddsperioden {round}.",
    "wrong-round": "Regelsettet «{rules}» gjelder tilskuddsperioden {of}, ikke {round}.",
    "unknown-claim": "Tilskuddssøknaden «{claim}» finnes ikke.",
    "round-missing": "Si hvilken tilskuddsperiode det gjelder, med --round.",
    "unreadable-file": "Filen {file} kan ikke leses ({because}).",
    "unknown-doctor": "Ingen lege med HPR-nummer {hpr} er registrert.",
    "bad-rule-set": "Regelsettet i {file} kan ikke brukes: {detail}",
    "rule-set-differs": (
        "Regelsettet «{rules}» er kunngjort med et annet innhold enn filen har: "
        "{published} er kunngjort, filen har {file}."
    ),
    # the rule book
    "wrong-role": "Dette kan bare gjøres i rollen {wanted}; du har rollen {role}.",
    "rule-set-published": "Regelsettet «{rules}» er kunngjort og kan ikke endres; lag et nytt med et annet navn.",
    "no-draft": "Det finnes ikke noe utkast til «{rules}»; lag utkastet først.",
    "draft-changed": "Utkastet til «{rules}» er et annet nå ({now}); les det på nytt.",
    "own-draft": "Utkastet til «{rules}» må godkjennes av en annen enn den som skrev det.",
    "not-approved": "Utkastet til «{rules}» er ikke godkjent; la en annen enn den som skrev det, godkjenne det først.",
    "must-supersede": (
        "Tilskuddsperioden {round} har regelsettet «{current}»; skriv i utkastet til «{rules}» at det avløser det"
        " (supersedes)."
    ),
    "already-superseded": "Regelsettet «{rules}» er allerede avløst av «{by}»; skriv et utkast som avløser det.",
    # the read side
    "unknown-projection": "Lesemodellen «{name}» finnes ikke; de som finnes, er {known}.",
    "rebuild-differs": (
        "Lesemodellen «{name}» ble annerledes i {rows} rader da den ble bygd på nytt; den gamle står fortsatt."
    ),
    "rebuild-stopped": "Lesemodellen «{name}» stoppet ved hendelsen i posisjon {position}; den gamle står fortsatt.",
    "rebuild-under-way": "Lesemodellen «{name}» bygges på nytt av en annen prosess nå.",
    # commands and the store
    "unknown-role": "Rollen «{role}» finnes ikke; velg blant {known}.",
    "command-id-reused": "Nøkkelen {command} er brukt til en annen forespørsel.",
    "changed-meanwhile": "Opplysningene er endret siden du leste dem; les dem på nytt.",
    "busy": "Andre registrerte på samme lege hele tiden; prøv igjen.",
    "store-unavailable": "Databasen svarer ikke nå. Prøv igjen om litt; det samme blir aldri lagret to ganger.",
    "read-side-missing": "Oversiktene er ikke laget ennå; start alis worker, og prøv igjen.",
    "chain-broken": "Kjeden er brutt i strøm {stream}, hendelse {version}.",
}


UNAVAILABLE: Final = "store-unavailable"
"""The one refusal that says nothing of what was asked for: it may be asked again."""


class Refused(Exception):
    """A named refusal; `details` fill the sentence and tell programs where."""

    def __init__(self, code: str, details: Mapping[str, object]) -> None:
        super().__init__(code)
        self.code = code
        self.details = details

    def __str__(self) -> str:
        """Give the Norwegian sentence."""
        return SENTENCES[self.code].format_map(self.details)


def refused(code: str, /, **details: object) -> Refused:
    """Make a refusal of a code that is in the table."""
    return Refused(code, details)


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with an input: the place in it, the fact, the field, and why."""

    place: int | None
    fact: str | None
    refusal: Refused

    def as_json(self) -> dict[str, object]:
        """Return place, fact, code, field where known, and the sentence."""
        field = self.refusal.details.get("field")
        return {
            "place": self.place,
            "fact": self.fact,
            "code": self.refusal.code,
            **({"field": field} if field else {}),
            "detail": str(self.refusal),
        }


class Rejected(Exception):
    """A whole input is refused, with every problem that was found."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(len(problems))
        self.problems = tuple(problems)

    def __str__(self) -> str:
        """One line per problem."""
        return "\n".join(str(problem.refusal) for problem in self.problems)
