"""Why a command of the terminal is refused, and what can be wrong with the program and its database."""

from typing import Final

from domain.values.refusals.kinds import Group, Groups, Kind

RUNNING: Final[Groups] = {
    Group(Kind.BAD_COMMAND, "Feil i tjenesten"): {
        "document-too-large": "Dokumentet er større enn {limit:number} byte; lag en mindre fil.",
        "nothing-to-confirm": "Alle linjene er bekreftet allerede; send inn søknaden.",
        "no-doctors-named": "Oppgi hvilke leger: HPR-numre, en kommune med --municipality, eller --all.",
        "empty-file": "Det er ingen opplysninger i filen.",
        "lines-broken": (
            "Opplysningen som begynner på linje {line}, går over flere linjer. Filen må ha én opplysning per linje, "
            "eller være én JSON-liste."
        ),
        "mark-inside": (
            "Det står et usynlig merke (byte order mark) midt i filen, på linje {line}. Flere filer er trolig satt "
            "sammen; fjern merket, eller les inn filene hver for seg."
        ),
        "several-lists": "Filen har mer enn én JSON-liste. Les inn listene hver for seg.",
        "not-facts": "Filen er {what}. {detail}",
        "recorded-too-late": "Feltet «recorded_at» er et tidspunkt som ikke har vært ennå.",
        "unreadable-file": "Filen {file} kan ikke leses ({because}).",
        "unwritable-file": "Filen {file} kan ikke skrives ({because}).",
        "round-missing": "Si hvilken tilskuddsperiode det gjelder, med --round.",
        "switch-incomplete": "Et bytte av stilling trenger også {missing}.",
        "bad-side": (
            "«{side}» er ikke en side å forklare forskjellen fra eller til: {because}. Skriv for eksempel "
            "2026-03-01T00:00:00Z eller now, eventuelt med ,rules:REGELSETT og ,facts:FIL."
        ),
        "rule-set-differs": (
            "Regelsettet «{rules}» er kunngjort med et annet innhold enn filen har: {published} er kunngjort, filen "
            "har {file}."
        ),
        "repeated-as-made": (
            "Et vedtak gjentas akkurat som det ble fattet; utelat --round, --rules, --known-at og --trace."
        ),
        "unknown-projection": "Lesemodellen «{name}» finnes ikke; de som finnes, er {known}.",
        "erasing-not-allowed": (
            "{by:person} kan ikke slette nøkler; det gjør den som drifter programmet (operator:navn)."
        ),
        "erasure-requested": (
            "{by:person} har allerede bedt om å slette det personlige om legen {hpr}. En annen må bekrefte det eller "
            "trekke det."
        ),
        "erasure-not-requested": (
            "Ingen har bedt om å slette det personlige om legen {hpr} de siste 30 dagene. Be om det først, så kan en "
            "annen bekrefte."
        ),
        "own-erasure": "Slettingen for legen {hpr} må bekreftes av en annen enn den som ba om den.",
        "one-operator": "De to tokenene er av samme person; den andre må være en annen som drifter programmet.",
        "unknown-reason": "Grunnen «{reason}» finnes ikke; velg blant {known}.",
        "nothing-to-erase": "Ingenting personlig er lagret om legen {hpr}, eller det er slettet før.",
        "erase-unconfirmed": "Ingenting er slettet: HPR-nummeret ble ikke gjentatt som {hpr}.",
    },
    Group(Kind.FAILED, "Feil i tjenesten"): {
        "wrong-master-key": "Hovednøkkelen er ikke den som nøklene i databasen er forseglet med; oppgi den rette i"
        " ALIS_MASTER_KEY eller master.key, og mens den byttes både den gamle og den nye.",
        "write-failed": "Filen {file} kan ikke skrives ({because}).",
        "repeat-differs": "Minst ett vedtak i søknaden {claim} ble ikke likt da det ble gjentatt; svaret viser hvor.",
        "claim-gap": "I søknaden {claim} mangler noe før hendelse {before}: {missing}.",
        "chain-broken": "Loggen er ikke slik den ble lagret; alis verify viser hvor.",
        "not-intact": "Databasen er ikke slik den skal være: {detail}",
        "rebuild-differs": (
            "Lesemodellen «{name}» ble annerledes i {rows} rader da den ble bygd på nytt; den gamle står fortsatt."
        ),
        "rebuild-stopped": (
            "Lesemodellen «{name}» stanset ved hendelsen i posisjon {position}; den gamle står fortsatt."
        ),
        "rebuild-under-way": "Lesemodellen «{name}» bygges på nytt av en annen prosess nå.",
        "read-side-unattended": "Ingen prosess holder lesemodellene oppdatert ({names}); start alis worker.",
        "read-side-stopped": (
            "Lesemodellen «{name}» har stoppet, for ingen av dem som ble prøvd, lot seg vise. Start alis worker på "
            "nytt med en utgave der feilen er rettet; alis projections status viser årsaken."
        ),
        "read-side-behind": (
            "Lesemodellen «{name}» ligger etter: {events} hendelser, den eldste {seconds} sekunder gammel."
        ),
        "read-side-set-aside": (
            "Lesemodellen «{name}» mangler {count} som ikke lar seg vise. De prøves på nytt av seg selv; alis "
            "projections status viser hvem og hvorfor."
        ),
    },
    Group(Kind.FAILED, "Hendelsen kan ikke leses"): {
        "event-unreadable": (
            "Hendelse {version} for {whose} kan ikke leses av denne utgaven av programmet; meld fra til den som "
            "drifter det."
        ),
    },
    Group(Kind.BUSY, "Opptatt"): {
        "busy": "Andre registrerer på samme lege akkurat nå; prøv igjen.",
        "claim-busy": "Andre arbeider med den samme søknaden akkurat nå; prøv igjen.",
    },
    Group(Kind.UNAVAILABLE, "Databasen svarer ikke"): {
        "store-unavailable": "Databasen svarer ikke nå. Prøv igjen om litt; det samme blir aldri lagret to ganger.",
    },
    Group(Kind.UNAVAILABLE, "Innsynsloggen svarer ikke"): {
        "access-log-unavailable": (
            "Oppslaget kunne ikke føres i innsynsloggen, og uten det vises ikke svaret. Prøv igjen om litt; det samme "
            "blir aldri lagret to ganger."
        ),
    },
    Group(Kind.UNAVAILABLE, "Databasen er opptatt"): {
        "store-busy": "Databasen er opptatt og svarte ikke i tide. Ingenting er lagret; prøv igjen om litt.",
    },
    Group(Kind.UNAVAILABLE, "Oversiktene er ikke laget ennå"): {
        "read-side-missing": "Oversiktene er ikke laget ennå; start alis worker, og prøv igjen.",
    },
    Group(Kind.OUT_OF_ORDER, "Databasen kan bare leses"): {
        "store-read-only": (
            "Databasen kan bare leses nå, så ingenting kan lagres. Den som drifter den, må åpne den igjen."
        ),
    },
    Group(Kind.OUT_OF_ORDER, "Klokken går feil"): {
        "clock-differs": (
            "Klokken til tjenesten og klokken til databasen er {difference} fra hverandre. Ingenting registreres før "
            "de er like; still den som går feil."
        ),
    },
}
