"""Why a fact, or a value of any input, is refused."""

from typing import Final

from domain.values.refusals.kinds import Group, Groups, Kind

MALFORMED: Final = Group(Kind.UNREADABLE, "Innholdet kan ikke leses")
"""The input is not JSON text of objects."""
IN_CONFLICT: Final = Group(Kind.CONFLICT, "I strid med det som er registrert")
"""Conflicts with something already recorded."""
UNFOUNDED: Final = Group(Kind.INVALID, "Opplysningen mangler grunnlag")
"""Builds on a fact that is unknown, or is not as this one assumes."""
FACTS: Final[Groups] = {
    MALFORMED: {
        "bad-json": "Dette er ikke gyldig JSON: {detail}.",
        "bad-encoding": "Teksten er ikke UTF-8 (feil ved byte {byte}).",
        "not-an-object": "Hver opplysning må være et JSON-objekt.",
        "duplicate-key": "Feltet «{field}» står to ganger.",
    },
    Group(Kind.INVALID, "Forespørselen er ikke gyldig"): {
        "unknown-type": "Typen «{type}» finnes ikke.",
        "missing-field": "Feltet «{field}» mangler.",
        "unknown-field": "Feltet «{field}» finnes ikke for denne typen.",
        "bad-day": "Feltet «{field}» er ikke en gyldig dag mellom 1900 og 2200 (ÅÅÅÅ-MM-DD).",
        "bad-moment": (
            "Feltet «{field}» er ikke et tidspunkt med tidssone og høyst seks desimaler i sekundet (ISO 8601)."
        ),
        "bad-number": "Feltet «{field}» er ikke et tall slik det skal skrives.",
        "out-of-range": "Feltet «{field}» er utenfor de lovlige verdiene ({limit}).",
        "bad-value": "Feltet «{field}» har ikke en lovlig verdi ({allowed}).",
        "bad-text": "Feltet «{field}» er ikke skrevet som det skal ({wanted}).",
        "last-before-first": "Siste dag ligger før første dag.",
        "new-before-old-ends": "Den nye stillingen begynner før den gamle er slutt.",
        "nothing-changed": "Opplysningen endrer ingenting: minst ett av feltene {names} må stå der.",
        "one-of": "Oppgi ett av feltene {names}, og ikke begge.",
        "signed-on-differs": (
            "Signeringsdagen skal være dagen da den siste av partene signerte: den seneste av de to dagene der begge "
            "er oppgitt, og ikke tidligere enn den ene der bare den er oppgitt."
        ),
        "funding-without-gross": "Annen finansiering er oppgitt uten brutto kostnad; oppgi også brutto.",
        "costs-do-not-add-up": (
            "Netto kostnad skal være brutto kostnad minus annen finansiering, og kan ikke være under null."
        ),
        "recorded-too-early": "Feltet «{field}» er før 2017, da ordningen begynte.",
        "more-errors": "{count:number} feil til er ikke vist.",
        "moment-to-come": (
            "Tidspunktet i «{field}» er ikke kommet ennå; oppgi et tidligere, eller utelat det for å se det som er "
            "kjent nå."
        ),
        "unknown-role": "Rollen «{role}» finnes ikke; velg blant {known}.",
    },
    IN_CONFLICT: {
        "fact-id-used": "Opplysningen «{id}» er registrert før, med et annet innhold.",
        "name-used": "Betegnelsen «{name}» er brukt før for denne legen og kan ikke brukes på nytt.",
        "fact-withdrawn": "Opplysningen «{name}» er trukket tilbake.",
        "track-running": "Et spesialiseringsløp som begynte {started_on}, går fremdeles per {day}.",
        "already-new-scheme": "Spesialiseringsløpet følger allerede ny ordning.",
        "others-build-on-it": "Rettingen gjør «{name}» ugyldig: {because}",
        "makes-stored-invalid": "Den registrerte opplysningen «{name}» blir ugyldig: {because}",
        "built-on-elsewhere": (
            "Opplysningen henger sammen med noe som er registrert utenfor kommunen; be saksbehandleren om å registrere "
            "den."
        ),
        "command-id-reused": "Nøkkelen «{command}» er brukt til en annen forespørsel.",
    },
    UNFOUNDED: {
        "unknown-position": "Stillingen «{name}» er ikke kjent, eller den er trukket tilbake.",
        "unknown-leave": "Permisjonen «{name}» er ikke kjent, eller den er trukket tilbake.",
        "unknown-service": "Institusjonstjenesten «{name}» er ikke kjent, eller den er trukket tilbake.",
        "unknown-affiliation": "Tilknytningen «{name}» er ikke kjent, eller den er trukket tilbake.",
        "unknown-interruption": "Avbruddet «{name}» er ikke kjent, eller det er trukket tilbake.",
        "unknown-supervisor": "Veilederen {name} er ikke kjent, eller er trukket tilbake.",
        "unknown-session": "Veiledningen «{name}» er ikke kjent, eller den er trukket tilbake.",
        "unknown-agreement": "ALIS-avtalen «{name}» er ikke kjent, eller den er trukket tilbake.",
        "unknown-element": "«{element}» er ikke et element det kan føres kostnader på i {round}.",
        "change-before-position": "Endringen gjelder fra {day}, men stillingen begynner {first_day}.",
        "change-after-position": "Endringen gjelder fra {day}, men stillingen slutter {last_day}.",
        "ends-before-it-begins": "Siste dag {day} ligger før første dag {first_day}.",
        "no-track": "Legen har ikke begynt på noe spesialiseringsløp per {day}.",
        "correction-of-correction": "En retting kan ikke rettes; rett den opprinnelige opplysningen.",
        "correction-changes-nothing": "Rettingen endrer ingenting: slik står opplysningen «{name}» allerede.",
        "post-named-after-holder": (
            "Hjemmelen «{post}» har samme navn som legen. Gi hjemmelen et navn som ikke peker på den som har den."
        ),
        "no-post-here": (
            "Kommunen kan registrere dette bare for en tid da legen har en stilling i kommunen; registrer stillingen "
            "først."
        ),
        "own-supervisor": "En lege kan ikke være sin egen veileder.",
        "fixed-field": "Feltet «{field}» kan ikke rettes.",
        "correction-invalid": "Opplysningen «{name}» blir ugyldig av rettingen: {because}",
    },
    Group(Kind.CONFLICT, "Legen er konvertert fra før"): {
        "conversion-recorded": (
            "Legen er registrert konvertert fra {day}. Rett den opplysningen hvis en tidligere dag er riktig."
        ),
    },
    Group(Kind.INVALID, "Konverteringen mangler noe"): {
        "conversion-without-reason": "Oppgi hvorfor legene går over til ny ordning.",
    },
    Group(Kind.NOT_FOUND, "Opplysningen finnes ikke"): {
        "unknown-fact": "Opplysningen «{name}» er ikke kjent for denne legen.",
    },
    Group(Kind.NOT_FOUND, "Legen er ikke registrert"): {
        "unknown-doctor": "Ingen lege med HPR-nummer {hpr} er registrert.",
    },
    Group(Kind.NOT_FOUND, "Kommunen finnes ikke"): {
        "unknown-municipality": "Kommunenummeret {municipality} finnes ikke.",
    },
    Group(Kind.CHANGED, "Endret i mellomtiden"): {
        "changed-meanwhile": "Opplysningene er endret siden du leste dem; les dem på nytt.",
    },
}
