"""The Norwegian sentence of each refusal, by its code; a field with a colon says how its value is put in words."""

from collections.abc import Mapping
from typing import Final

SENTENCES: Final[Mapping[str, str]] = {
    # what a fact says about itself
    "bad-json": "Dette er ikke gyldig JSON: {detail}.",
    "bad-encoding": "Teksten er ikke UTF-8 (feil ved byte {byte}).",
    "lines-broken": (
        "Opplysningen som begynner på linje {line}, går over flere linjer. Filen må ha én opplysning per linje, "
        "eller være én JSON-liste."
    ),
    "mark-inside": (
        "Det står et usynlig merke (byte order mark) midt i filen, på linje {line}. "
        "Flere filer er trolig satt sammen; fjern merket, eller les inn filene hver for seg."
    ),
    "several-lists": "Filen har mer enn én JSON-liste. Les inn listene hver for seg.",
    "not-facts": "Filen er {what}. {detail}",
    "more-errors": "{count:number} feil til er ikke vist.",
    "empty-file": "Det er ingen opplysninger i filen.",
    "not-an-object": "Hver opplysning må være et JSON-objekt.",
    "duplicate-key": "Feltet «{field}» står to ganger.",
    "unknown-type": "Typen «{type}» finnes ikke.",
    "missing-field": "Feltet «{field}» mangler.",
    "unknown-field": "Feltet «{field}» finnes ikke for denne typen.",
    "bad-day": "Feltet «{field}» er ikke en gyldig dag mellom 1900 og 2200 (ÅÅÅÅ-MM-DD).",
    "bad-moment": "Feltet «{field}» er ikke et tidspunkt med tidssone og høyst seks desimaler i sekundet (ISO 8601).",
    "moment-to-come": (
        "Tidspunktet i «{field}» er ikke kommet ennå; oppgi et tidligere, eller utelat det for å se det som er kjent "
        "nå."
    ),
    "bad-number": "Feltet «{field}» er ikke et tall slik det skal skrives.",
    "out-of-range": "Feltet «{field}» er utenfor de lovlige verdiene ({limit}).",
    "bad-value": "Feltet «{field}» har ikke en lovlig verdi ({allowed}).",
    "bad-text": "Feltet «{field}» er ikke skrevet som det skal ({wanted}).",
    "recorded-too-early": "Feltet «{field}» er før 2017, da ordningen begynte.",
    "recorded-too-late": "Feltet «recorded_at» er et tidspunkt som ikke har vært ennå.",
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
    "track-running": "Et spesialiseringsløp som begynte {started_on}, går fremdeles per {day}.",
    "no-track": "Legen har ikke begynt på noe spesialiseringsløp per {day}.",
    "already-new-scheme": "Spesialiseringsløpet følger allerede ny ordning.",
    "own-supervisor": "En lege kan ikke være sin egen veileder.",
    "correction-changes-nothing": "Rettingen endrer ingenting: slik står opplysningen «{name}» allerede.",
    "correction-of-correction": "En retting kan ikke rettes; rett den opprinnelige opplysningen.",
    "fixed-field": "Feltet «{field}» kan ikke rettes.",
    "correction-invalid": "Opplysningen «{name}» blir ugyldig av rettingen: {because}",
    "others-build-on-it": "Rettingen gjør «{name}» ugyldig: {because}",
    "built-on-elsewhere": (
        "Opplysningen henger sammen med noe som er registrert utenfor kommunen; be saksbehandleren om å registrere den."
    ),
    "makes-stored-invalid": "Den registrerte opplysningen «{name}» blir ugyldig: {because}",
    # what cannot be computed, or is not found
    "unknown-rule-set": "Regelsettet «{rules}» finnes ikke.",
    "no-rule-set": "Det er ikke kunngjort noe regelsett for tilskuddsperioden {round}.",
    "wrong-round": "Regelsettet «{rules}» gjelder tilskuddsperioden {of}, ikke {round}.",
    "unknown-claim": "Tilskuddssøknaden «{claim}» finnes ikke.",
    "round-missing": "Si hvilken tilskuddsperiode det gjelder, med --round.",
    "bad-side": (
        "«{side}» er ikke en side å forklare forskjellen fra eller til: {because}. Skriv for eksempel "
        "2026-03-01T00:00:00Z eller now, eventuelt med ,rules:REGELSETT og ,facts:FIL."
    ),
    "unwritable-file": "Filen {file} kan ikke skrives ({because}).",
    "write-failed": "Filen {file} kan ikke skrives ({because}).",
    "unreadable-file": "Filen {file} kan ikke leses ({because}).",
    "no-line": "Legen med HPR-nummer {hpr} har ingen stilling i kommunen i tilskuddsperioden {round}.",
    "unknown-doctor": "Ingen lege med HPR-nummer {hpr} er registrert.",
    "bad-rule-set": "Regelsettet i {file} kan ikke brukes: {detail}",
    "rule-set-differs": (
        "Regelsettet «{rules}» er kunngjort med et annet innhold enn filen har: "
        "{published} er kunngjort, filen har {file}."
    ),
    # the rule book
    "wrong-role": "Dette kan bare {wanted:roles} gjøre. Du er logget inn {role:acting}.",
    "rule-set-published": "Regelsettet «{rules}» er kunngjort og kan ikke endres; lag et nytt med et annet navn.",
    "no-draft": "Det finnes ikke noe utkast til «{rules}»; lag utkastet først.",
    "draft-changed": "Digesten stemmer ikke med utkastet til «{rules}» slik det er nå ({now}). Les utkastet på nytt.",
    "own-draft": "Utkastet til «{rules}» må godkjennes av en annen enn den som skrev det.",
    "not-approved": "Utkastet til «{rules}» er ikke godkjent; la en annen enn den som skrev det, godkjenne det først.",
    "must-supersede": (
        "Tilskuddsperioden {round} har regelsettet «{current}»; skriv i utkastet til «{rules}» at det avløser det"
        " (supersedes)."
    ),
    "already-superseded": "Regelsettet «{rules}» er allerede avløst av «{by}»; skriv et utkast som avløser det.",
    # the claim: who, and where in its life it is
    "other-municipality": (
        "Søknaden tilhører {municipality:place}. Bare de som handler på vegne av kommunen, kan gjøre dette."
    ),
    "municipality-ended": "Kommunenummer {municipality} er ikke lenger i bruk; søk for {successor:place}.",
    "already-opened": "Søknaden er åpnet og ligger hos kommunen; gå videre med linjene, og send den inn.",
    "already-submitted": "Søknaden er sendt inn; be saksbehandleren om å returnere den hvis noe skal endres.",
    "already-reopened": "Søknaden er gjenåpnet; kommunen kan endre linjene, og saksbehandleren må vurdere den på nytt.",
    "already-assessed": "Søknaden er vurdert; be saksbehandleren om å returnere den hvis noe skal endres.",
    "already-proposed": "Et vedtak er foreslått; godkjenneren må godkjenne det eller sende det tilbake først.",
    "already-decided": "Vedtaket er fattet; det endres bare ved at saksbehandleren gjenåpner søknaden.",
    "already-paid": "Vedtaket er oppgjort; søknaden må gjenåpnes før noe av dette kan gjøres igjen.",
    "already-attested": "Revisor har attestert; søknaden må gjenåpnes før noe av dette kan gjøres igjen.",
    "report-already-accepted": "Rapporten er godtatt; avslutt søknaden, eller gjenåpne den.",
    "claim-closed": "Søknaden er avsluttet; be saksbehandleren om å gjenåpne den.",
    "claim-withdrawn": "Søknaden er trukket; kommunen kan åpne den på nytt.",
    "not-submitted": "Søknaden er ikke sendt inn ennå; kommunen må sende den først.",
    "not-assessed": "Søknaden er ikke vurdert; vurder den først.",
    "nothing-proposed": "Det er ikke foreslått noe vedtak; saksbehandleren må foreslå et først.",
    "not-decided": "Det er ikke fattet noe vedtak ennå; det må foreslås og godkjennes først.",
    "new-decision-first": "Søknaden er gjenåpnet; et nytt vedtak må foreslås og godkjennes først.",
    "not-paid": "Vedtaket er ikke oppgjort; registrer utbetalingen eller tilbakekravet først.",
    "not-attested": "Revisor har ikke attestert; be om revisorattest først.",
    "report-not-accepted": "Rapporten er ikke godtatt; godta den først.",
    "claim-busy": "Andre arbeider med den samme søknaden akkurat nå; prøv igjen.",
    # the claim: lines, documents, deadline
    "unknown-assessment": "Vurdering {number} finnes ikke i søknaden; søknaden viser hvilke som er gjort.",
    "unknown-line": "Lege {hpr} er ikke i søknaden {claim}; legg til linjen først.",
    "line-there": "Lege {hpr} er i søknaden allerede; bekreft linjen i stedet.",
    "line-decided": (
        "Linjen for lege {hpr} er det fattet vedtak om, så den kan ikke fjernes; "
        "be saksbehandleren om å avslå den i det nye vedtaket."
    ),
    "line-twice": "Lege {hpr} står to ganger; skriv hver linje én gang.",
    "no-position-in-round": (
        "Lege {hpr} har ingen registrert stilling i {municipality:place} i tilskuddsperioden {round}; "
        "registrer den først."
    ),
    "months-outside-round": "Det kan bare søkes for månedene {first:month} til {last:month}.",
    "nothing-to-confirm": "Alle linjene er bekreftet allerede; send inn søknaden.",
    "nothing-to-propose": (
        "Det er ikke registrert flere leger å foreslå; legg til linjer selv, eller bekreft dem som er der."
    ),
    "element-twice": "Kostnadene til {element:element} står to ganger; skriv summen én gang.",
    "document-there": "Dokumentet {document} er lagt ved allerede.",
    "unknown-document": "Dokumentet {document} er ikke lagt ved denne søknaden; legg det ved først.",
    "document-type": "Et dokument må være PDF, PNG, JPEG, Excel (xlsx), CSV eller ren tekst, som Content-Type sier.",
    "document-empty": "Dokumentet er tomt; send det på nytt.",
    "document-differs": (
        "Innholdet er ikke {kind}, men {found}; oppgi rett type (Content-Type), eller velg en annen fil."
    ),
    "document-macros": "Regnearket har makroer; lagre det som xlsx uten makroer, og send det på nytt.",
    "document-encoding": "Teksten er i {found}, ikke i UTF-8; lagre den som UTF-8, og send den på nytt.",
    "document-compressed": "Dokumentet er komprimert (Content-Encoding); send det uten komprimering.",
    "document-too-large": "Dokumentet er større enn {limit:number} byte; lag en mindre fil.",
    "day-is-over": "Dagen {day} er over; velg i dag eller en senere dag.",
    "day-not-come": "Dagen {day} er ikke kommet ennå; velg i dag eller en tidligere dag.",
    "day-too-early": "Dagen {day} er for tidlig, for {what} er fra {first}; velg den dagen eller en senere.",
    "no-lines": "Søknaden har ingen linjer; legg til minst én lege først.",
    "lines-not-confirmed": "Disse linjene er verken bekreftet eller fjernet: {lines}. Gjør det først.",
    "too-late": "Fristen var {deadline}; be saksbehandleren om å tillate at søknaden sendes for sent.",
    # the claim: the decision and what follows
    "same-person": "Den som foreslo vedtaket, kan ikke også ta stilling til det; en annen må gjøre det.",
    "same-person-reopened": (
        "Den som gjenåpnet søknaden fordi vedtaket var feil, kan ikke også godkjenne det nye; en annen må gjøre det."
    ),
    "assessment-outdated": (
        "Grunnlaget er endret siden vurderingen ({lines}); send forslaget tilbake og vurder søknaden på nytt."
    ),
    "line-beyond-bounds": (
        "Linjen for lege {hpr} er vurdert til mer enn en milliard kroner. Be den som forvalter regelsettene, om å rette"
        " satsene, og vurder søknaden på nytt."
    ),
    "line-without-amount": (
        "Linjen for lege {hpr} har ikke noe beløp ennå, for en sats er ukjent; avslå den, eller vent."
    ),
    "reason-missing": "Det som ikke innvilges fullt ut, må ha årsak og begrunnelse. Det mangler for lege {lines}.",
    "granted-less-before": (
        "Linjen for lege {hpr} fikk begrunnet avslag på en del i forrige vedtak ({kroner:kroner} innvilget). "
        "Oppgi hva som skal gjelde for linjen nå."
    ),
    "refused-with-kroner": "Linjen for lege {hpr} er avslått og kan ikke ha noe beløp; skriv 0 kroner.",
    "not-as-assessed": (
        "Linjen for lege {hpr} er vurdert til {kroner:kroner}; innvilg det, eller mindre som delvis innvilget."
    ),
    "not-partly": (
        "Delvis innvilget er mer enn 0 og mindre enn {kroner:kroner} for lege {hpr}; innvilg eller avslå i stedet."
    ),
    "granted-nothing": "Linjen for lege {hpr} er vurdert til 0 kroner; avslå den med en begrunnelse.",
    "to-be-reclaimed": "Det er betalt {kroner:kroner} for mye; registrer et tilbakekrav i stedet.",
    "to-be-paid": "Det gjenstår å betale {kroner:kroner}; registrer en utbetaling i stedet.",
    "wrong-amount": "Det som gjenstår etter vedtaket, er {kroner:kroner}; registrer akkurat det.",
    "another-amount-known": (
        "Det som er kjent nå, gir et annet beløp enn vedtaket ({lines}); gjenåpne søknaden, "
        "eller oppgi en begrunnelse for å gjøre det likevel."
    ),
    "bad-organisation-number": "Organisasjonsnummeret {number} er ikke gyldig, for {because}; kontroller sifrene.",
    "other-organisation": "Organisasjonsnummeret {number} er ikke {municipality} sitt, som er {own}; betal til det.",
    "bad-account": "Kontonummeret {account} er ikke gyldig, for {because}; kontroller sifrene.",
    "nothing-affected": (
        "Ingenting som er kjent nå, endrer vedtaket. Registrer opplysningene først, eller oppgi som grunn at det er "
        "feil i selve vedtaket, eller at det er klaget på det."
    ),
    "revisor-found-nothing": (
        "Revisor har ikke funnet noe i det som er innvilget, så søknaden kan ikke gjenåpnes av den grunn; "
        "oppgi den egentlige grunnen."
    ),
    "nothing-granted": "Ingenting er innvilget, så det er ingenting å attestere; avslutt søknaden.",
    "line-not-granted": "Linjen for lege {hpr} er ikke innvilget, så den kan ikke attesteres; utelat den.",
    "line-content-differs": (
        "Innholdet i linjen for lege {hpr} er et annet enn det som ble vedtatt; les linjen på nytt."
    ),
    "lines-not-attested": (
        "Disse linjene er ikke attestert slik de ble vedtatt: {lines}. Be revisor om å attestere dem."
    ),
    "deviation-incomplete": "Avviket for lege {hpr} mangler beløp eller forklaring; skriv begge deler.",
    "deviation-beyond-granted": (
        "Avviket for lege {hpr} er større enn de {kroner:kroner} som er innvilget; rett beløpet."
    ),
    "remark-missing": "For lege {hpr} var kontroll ikke mulig; forklar hvorfor i merknaden.",
    "kroner-without-deviation": "Lege {hpr} har et beløp uten avvik; skriv avvik, eller ta bort beløpet.",
    "attestation-stale": ("Attesten for {lines} gjelder ikke lenger, for linjene er endret siden; gjenåpne søknaden."),
    "answers-missing": (
        "Disse linjene har revisor ikke bekreftet: {lines}. Oppgi for hver linje om avviket godtas, og hvorfor, "
        "eller om søknaden skal gjenåpnes."
    ),
    "answer-without-reason": "Svaret for lege {hpr} mangler en begrunnelse; oppgi hvorfor linjen godtas.",
    "nothing-to-answer": "Linjen for lege {hpr} har revisor bekreftet; utelat svaret for den.",
    "answered-reopened": "Søknaden skal gjenåpnes for disse linjene: {lines}. Gjør det i stedet for å avslutte den.",
    "revisor-involved": (
        "Revisor kan ikke attestere en søknad der han eller hun selv har hatt en annen oppgave eller registrert noe; "
        "be en annen revisor."
    ),
    "part-in-another-role": (
        "Den som har hatt en del i søknaden i en annen rolle ({roles}), kan ikke gjøre dette; be en annen om det."
    ),
    "repeated-as-made": "Et vedtak gjentas akkurat som det ble fattet; utelat --round, --rules, --known-at og --trace.",
    "repeat-differs": "Minst ett vedtak i søknaden {claim} ble ikke likt da det ble gjentatt; svaret viser hvor.",
    "claim-gap": "I søknaden {claim} mangler noe før hendelse {before}: {missing}.",
    # the read side
    "unknown-projection": "Lesemodellen «{name}» finnes ikke; de som finnes, er {known}.",
    "rebuild-differs": (
        "Lesemodellen «{name}» ble annerledes i {rows} rader da den ble bygd på nytt; den gamle står fortsatt."
    ),
    "rebuild-stopped": "Lesemodellen «{name}» stanset ved hendelsen i posisjon {position}; den gamle står fortsatt.",
    "read-side-unattended": "Ingen prosess holder lesemodellene oppdatert ({names}); start alis worker.",
    "read-side-stopped": (
        "Lesemodellen «{name}» har stoppet, for ingen av dem som ble prøvd, lot seg vise. "
        "Start alis worker på nytt med en utgave der feilen er rettet; alis projections status viser årsaken."
    ),
    "read-side-behind": "Lesemodellen «{name}» ligger etter: {events} hendelser, den eldste {seconds} sekunder gammel.",
    "read-side-set-aside": (
        "Lesemodellen «{name}» mangler {count} som ikke lar seg vise. De prøves på nytt av seg selv; "
        "alis projections status viser hvem og hvorfor."
    ),
    "rebuild-under-way": "Lesemodellen «{name}» bygges på nytt av en annen prosess nå.",
    # erasing what is personal
    "erasing-not-allowed": "{by:person} kan ikke slette nøkler; det gjør den som drifter programmet (operator:navn).",
    "unknown-reason": "Grunnen «{reason}» finnes ikke; velg blant {known}.",
    "nothing-to-erase": "Ingenting personlig er lagret om legen {hpr}, eller det er slettet før.",
    "erasure-requested": (
        "{by:person} har allerede bedt om å slette det personlige om legen {hpr}. "
        "En annen må bekrefte det eller trekke det."
    ),
    "erasure-not-requested": (
        "Ingen har bedt om å slette det personlige om legen {hpr} de siste 30 dagene. Be om det først, så kan en annen"
        " bekrefte."
    ),
    "own-erasure": "Slettingen for legen {hpr} må bekreftes av en annen enn den som ba om den.",
    "erase-unconfirmed": "Ingenting er slettet: HPR-nummeret ble ikke gjentatt som {hpr}.",
    # commands and the store
    "event-unreadable": (
        "Hendelse {version} for {whose} kan ikke leses av denne utgaven av programmet; "
        "meld fra til den som drifter det."
    ),
    "unknown-role": "Rollen «{role}» finnes ikke; velg blant {known}.",
    "command-id-reused": "Nøkkelen «{command}» er brukt til en annen forespørsel.",
    "changed-meanwhile": "Opplysningene er endret siden du leste dem; les dem på nytt.",
    "busy": "Andre registrerer på samme lege akkurat nå; prøv igjen.",
    "store-unavailable": "Databasen svarer ikke nå. Prøv igjen om litt; det samme blir aldri lagret to ganger.",
    "store-read-only": "Databasen kan bare leses nå, så ingenting kan lagres. Den som drifter den, må åpne den igjen.",
    "store-busy": "Databasen er opptatt og svarte ikke i tide. Ingenting er lagret; prøv igjen om litt.",
    "clock-differs": (
        "Klokken til tjenesten og klokken til databasen er {difference} fra hverandre. Ingenting registreres før de er"
        " like; still den som går feil."
    ),
    "too-much-to-explain": (
        "Opplysningene om lege {hpr} har {number:number} endringer mellom de to sidene, og én forklaring tar"
        " høyst {most}. Forklar i deler, for eksempel først til {between} og så derfra."
    ),
    "read-side-missing": "Oversiktene er ikke laget ennå; start alis worker, og prøv igjen.",
    "chain-broken": "Loggen er ikke slik den ble lagret; alis verify viser hvor.",
    "not-intact": "Databasen er ikke slik den skal være: {detail}",
}
