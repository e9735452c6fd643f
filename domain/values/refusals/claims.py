"""Why a step of a claim is refused."""

from typing import Final

from domain.values.refusals.kinds import Group, Groups, Kind

NOT_NOW: Final = Group(Kind.CONFLICT, "Ikke mulig slik søknaden står")
"""The claim is at another stage than the step needs."""
NOT_SO: Final = Group(Kind.INVALID, "Passer ikke med søknaden")
"""The content of the step does not fit the claim."""
CLAIMS: Final[Groups] = {
    NOT_NOW: {
        "already-opened": "Søknaden er åpnet og ligger hos kommunen; gå videre med linjene, og send den inn.",
        "already-submitted": "Søknaden er sendt inn; be saksbehandleren om å returnere den hvis noe skal endres.",
        "already-reopened": (
            "Søknaden er gjenåpnet; kommunen kan endre linjene, og saksbehandleren må vurdere den på nytt."
        ),
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
        "line-there": "Lege {hpr} er i søknaden allerede; bekreft linjen i stedet.",
        "line-decided": (
            "Linjen for lege {hpr} er det fattet vedtak om, så den kan ikke fjernes; be saksbehandleren om å avslå den "
            "i det nye vedtaket."
        ),
        "document-there": "Dokumentet {document} er lagt ved allerede.",
        "no-lines": "Søknaden har ingen linjer; legg til minst én lege først.",
        "lines-not-confirmed": "Disse linjene er verken bekreftet eller fjernet: {lines}. Gjør det først.",
        "too-late": "Fristen var {deadline}; be saksbehandleren om å tillate at søknaden sendes for sent.",
        "assessment-outdated": (
            "Grunnlaget er endret siden vurderingen ({lines}); send forslaget tilbake og vurder søknaden på nytt."
        ),
        "nothing-to-propose": (
            "Det er ikke registrert flere leger å foreslå; legg til linjer selv, eller bekreft dem som er der."
        ),
        "nothing-affected": (
            "Ingenting som er kjent nå, endrer vedtaket. Registrer opplysningene først, eller oppgi som grunn at det "
            "er feil i selve vedtaket, eller at det er klaget på det."
        ),
        "revisor-found-nothing": (
            "Revisor har ikke funnet noe i det som er innvilget, så søknaden kan ikke gjenåpnes av den grunn; oppgi "
            "den egentlige grunnen."
        ),
        "nothing-granted": "Ingenting er innvilget, så det er ingenting å attestere; avslutt søknaden.",
        "lines-not-attested": (
            "Disse linjene er ikke attestert slik de ble vedtatt: {lines}. Be revisor om å attestere dem."
        ),
        "answers-missing": (
            "Disse linjene har revisor ikke bekreftet: {lines}. Oppgi for hver linje om avviket godtas, og hvorfor, "
            "eller om søknaden skal gjenåpnes."
        ),
        "answered-reopened": (
            "Søknaden skal gjenåpnes for disse linjene: {lines}. Gjør det i stedet for å avslutte den."
        ),
        "another-amount-known": (
            "Det som er kjent nå, gir et annet beløp enn vedtaket ({lines}); gjenåpne søknaden, eller oppgi en "
            "begrunnelse for å gjøre det likevel."
        ),
        "attestation-stale": (
            "Attesten for {lines} gjelder ikke lenger, for linjene er endret siden; gjenåpne søknaden."
        ),
        "to-be-reclaimed": "Det er betalt {kroner:kroner} for mye; registrer et tilbakekrav i stedet.",
        "to-be-paid": "Det gjenstår å betale {kroner:kroner}; registrer en utbetaling i stedet.",
    },
    NOT_SO: {
        "unknown-line": "Lege {hpr} er ikke i søknaden {claim}; legg til linjen først.",
        "line-twice": "Lege {hpr} står to ganger; skriv hver linje én gang.",
        "granted-less-before": (
            "Linjen for lege {hpr} fikk begrunnet avslag på en del i forrige vedtak ({kroner:kroner} innvilget). Oppgi "
            "hva som skal gjelde for linjen nå."
        ),
        "no-position-in-round": (
            "Lege {hpr} har ingen registrert stilling i {municipality:place} i tilskuddsperioden {round}; registrer "
            "den først."
        ),
        "months-outside-round": "Det kan bare søkes for månedene {first:month} til {last:month}.",
        "element-twice": "Kostnadene til {element:element} står to ganger; skriv summen én gang.",
        "whole-and-kinds": (
            "Kostnadene til {element:element} står både samlet og etter type. Oppgi dem enten samlet eller etter type."
        ),
        "day-is-over": "Dagen {day} er over; velg i dag eller en senere dag.",
        "day-not-come": "Dagen {day} er ikke kommet ennå; velg i dag eller en tidligere dag.",
        "day-too-early": "Dagen {day} er for tidlig, for {what} er fra {first}; velg den dagen eller en senere.",
        "municipality-ended": "Kommunenummer {municipality} er ikke lenger i bruk; søk for {successor:place}.",
        "line-without-amount": (
            "Linjen for lege {hpr} har ikke noe beløp ennå, for en sats er ukjent; avslå den, eller vent."
        ),
        "line-beyond-bounds": (
            "Linjen for lege {hpr} er vurdert til mer enn en milliard kroner. Be den som forvalter regelsettene, om å "
            "rette satsene, og vurder søknaden på nytt."
        ),
        "reason-missing": "Det som ikke innvilges fullt ut, må ha årsak og begrunnelse. Det mangler for lege {lines}.",
        "refused-with-kroner": "Linjen for lege {hpr} er avslått og kan ikke ha noe beløp; skriv 0 kroner.",
        "not-as-assessed": (
            "Linjen for lege {hpr} er vurdert til {kroner:kroner}; innvilg det, eller mindre som delvis innvilget."
        ),
        "not-partly": (
            "Delvis innvilget er mer enn 0 og mindre enn {kroner:kroner} for lege {hpr}; innvilg eller avslå i stedet."
        ),
        "granted-nothing": "Linjen for lege {hpr} er vurdert til 0 kroner; avslå den med en begrunnelse.",
        "wrong-amount": "Det som gjenstår etter vedtaket, er {kroner:kroner}; registrer akkurat det.",
        "other-organisation": (
            "Organisasjonsnummeret {number} er ikke {municipality} sitt, som er {own}; betal til det."
        ),
        "line-not-granted": "Linjen for lege {hpr} er ikke innvilget, så den kan ikke attesteres; utelat den.",
        "line-content-differs": (
            "Innholdet i linjen for lege {hpr} er et annet enn det som ble vedtatt; les linjen på nytt."
        ),
        "deviation-incomplete": "Avviket for lege {hpr} mangler beløp eller forklaring; skriv begge deler.",
        "deviation-beyond-granted": (
            "Avviket for lege {hpr} er større enn de {kroner:kroner} som er innvilget; rett beløpet."
        ),
        "remark-missing": "For lege {hpr} var kontroll ikke mulig; forklar hvorfor i merknaden.",
        "kroner-without-deviation": "Lege {hpr} har et beløp uten avvik; skriv avvik, eller ta bort beløpet.",
        "answer-without-reason": "Svaret for lege {hpr} mangler en begrunnelse; oppgi hvorfor linjen godtas.",
        "nothing-to-answer": "Linjen for lege {hpr} har revisor bekreftet; utelat svaret for den.",
    },
    Group(Kind.NOT_FOUND, "Søknaden finnes ikke"): {"unknown-claim": "Tilskuddssøknaden «{claim}» finnes ikke."},
    Group(Kind.NOT_FOUND, "Vurderingen finnes ikke"): {
        "unknown-assessment": "Vurdering {number} finnes ikke i søknaden; søknaden viser hvilke som er gjort.",
    },
    Group(Kind.NOT_FOUND, "Dokumentet finnes ikke"): {
        "unknown-document": "Dokumentet {document} er ikke lagt ved denne søknaden; legg det ved først.",
    },
    Group(Kind.WRONG_FORMAT, "Innholdet er av feil slag"): {
        "document-type": (
            "Et dokument må være PDF, PNG, JPEG, Excel (xlsx), CSV eller ren tekst, som Content-Type sier."
        ),
        "document-macros": "Regnearket har makroer; lagre det som xlsx uten makroer, og send det på nytt.",
        "document-compressed": "Dokumentet er komprimert (Content-Encoding); send det uten komprimering.",
    },
    Group(Kind.INVALID, "Dokumentet kan ikke brukes"): {
        "document-empty": "Dokumentet er tomt; send det på nytt.",
        "document-differs": (
            "Innholdet er ikke {kind}, men {found}; oppgi rett type (Content-Type), eller velg en annen fil."
        ),
        "document-encoding": "Teksten er i {found}, ikke i UTF-8; lagre den som UTF-8, og send den på nytt.",
    },
}
