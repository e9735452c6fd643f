"""Why a rule set cannot be used, drafted or published, and why nothing can be computed."""

from typing import Final

from domain.values.refusals.kinds import Group, Groups, Kind

RULES: Final[Groups] = {
    Group(Kind.NOT_FOUND, "Tilskuddsperioden finnes ikke"): {
        "unknown-round": "Tilskuddsperioden «{round}» finnes ikke.",
    },
    Group(Kind.NOT_FOUND, "Regelsettet finnes ikke"): {
        "unknown-rule-set": "Regelsettet «{rules}» finnes ikke.",
        "no-rule-set": "Det er ikke kunngjort noe regelsett for tilskuddsperioden {round}.",
        "before-all-rules": "Det er ikke kunngjort noe regelsett for {day} eller tiden før.",
    },
    Group(Kind.NOT_FOUND, "Spørsmålet finnes ikke"): {
        "unknown-question": "Spørsmålet «{question}» finnes ikke.",
    },
    Group(Kind.NOT_FOUND, "Legen har ingen stilling her"): {
        "no-line": "Legen med HPR-nummer {hpr} har ingen stilling i kommunen i tilskuddsperioden {round}.",
    },
    Group(Kind.CONFLICT, "I strid med regelverket som det står"): {
        "rule-set-published": "Regelsettet «{rules}» er kunngjort og kan ikke endres; lag et nytt med et annet navn.",
        "no-draft": "Det finnes ikke noe utkast til «{rules}»; lag utkastet først.",
        "not-approved": (
            "Utkastet til «{rules}» er ikke godkjent; la en annen enn den som skrev det, godkjenne det først."
        ),
        "must-supersede": (
            "Tilskuddsperioden {round} har regelsettet «{current}»; skriv i utkastet til «{rules}» at det avløser det "
            "(supersedes)."
        ),
        "question-asked": "Spørsmålet «{question}» er stilt i andre ord; gi det nye spørsmålet et annet navn.",
        "question-answered": (
            "Spørsmålet «{question}» er besvart, og svaret kan ikke endres. Still et nytt spørsmål; svaret på det "
            "avløser dette."
        ),
        "no-answer": "Det er ikke foreslått noe svar på spørsmålet «{question}»; foreslå et svar først.",
        "ruled-meanwhile": (
            "Svaret på «{by}» har avgjort det samme valget i mellomtiden. Foreslå svaret på «{question}» på nytt hvis "
            "det skal avløse det."
        ),
        "already-superseded": "Regelsettet «{rules}» er allerede avløst av «{by}»; skriv et utkast som avløser det.",
    },
    Group(Kind.CHANGED, "Endret i mellomtiden"): {
        "draft-changed": (
            "Digesten stemmer ikke med utkastet til «{rules}» slik det er nå ({now}). Les utkastet på nytt."
        ),
        "answer-changed": (
            "Digesten stemmer ikke med svaret på «{question}» slik det er nå ({now}). Les svaret på nytt."
        ),
    },
    Group(Kind.INVALID, "Regelsettet kan ikke brukes her"): {
        "wrong-round": "Regelsettet «{rules}» gjelder tilskuddsperioden {of}, ikke {round}.",
    },
    Group(Kind.INVALID, "Regelsettet er ikke skrevet som det skal"): {
        "bad-rule-set": "Regelsettet i {file} kan ikke brukes: {detail}",
    },
    Group(Kind.INVALID, "For mange dager å sammenligne"): {
        "range-too-long": (
            "Fra {first} til {last} er det {days:number} dager. Hver siste dag regnes ut med hver første dag, så det "
            "kan være høyst {most:number} dager å velge mellom. Spør om færre."
        ),
        "switch-too-long": (
            "Det er {days:number} dager fra den tidligste siste dagen, {first}, til den seneste første dagen, {last}. "
            "Dagene kan ligge høyst {most:number} dager fra hverandre."
        ),
    },
    Group(Kind.INVALID, "Svaret kan ikke foreslås slik"): {
        "unknown-option": "Valget «{option}» finnes ikke; valgene er {known}.",
        "unknown-value": "«{asked}» kan ikke besvares med «{value}»; verdiene er {known}.",
        "day-to-come": "{day} er ikke kommet ennå; oppgi dagen svaret ble gitt.",
    },
    Group(Kind.INVALID, "For mye å forklare på én gang"): {
        "too-much-to-explain": (
            "Opplysningene om lege {hpr} har {number:number} endringer mellom de to sidene, og én forklaring tar høyst "
            "{most}. Forklar i deler, for eksempel først til {between} og så derfra."
        ),
    },
}
