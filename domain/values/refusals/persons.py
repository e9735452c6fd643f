"""Why this person may not do it: their role, their municipality, or a part that they had before."""

from typing import Final

from domain.values.refusals.kinds import Group, Groups, Kind

NOT_YOURS: Final = Group(Kind.NOT_ALLOWED, "Ikke for den som spør")
"""The claim is another municipality's, or the person has done something else in it."""
PERSONS: Final[Groups] = {
    Group(Kind.NOT_ALLOWED, "Ikke i denne rollen"): {
        "wrong-role": "Dette kan bare {wanted:roles} gjøre. Du er logget inn {role:acting}.",
        "own-draft": "Utkastet til «{rules}» må godkjennes av en annen enn den som skrev det.",
        "own-answer": "Svaret på «{question}» må godkjennes av en annen enn den som foreslo det.",
        "own-link": "Koblingen må godkjennes av en annen enn den som meldte den, og en annen enn den det gjelder.",
    },
    Group(Kind.NOT_FOUND, "Ukjent person"): {
        "unknown-person": "Ingen som har logget inn, har id-en {person}. Hver ser sin egen på siden om innloggingen.",
        "unknown-link": "Ingen har meldt at {other} er samme person som {person}, i den rekkefølgen.",
    },
    Group(Kind.CONFLICT, "Koblingen er meldt eller avgjort"): {
        "already-linked": "De to er allerede én person.",
        "link-declared": "Noen har allerede meldt at de to er én person; en annen må godkjenne det.",
        "link-settled": "Koblingen av de to er allerede godkjent eller trukket.",
    },
    Group(Kind.NOT_ALLOWED, "Ikke for den som registrerer"): {
        "not-your-municipality": "En kommune registrerer bare det som gjelder kommunen selv.",
        "switch-elsewhere": (
            "Bytte til en stilling i en annen kommune kan bare saksbehandleren registrere. Registrer at stillingen her "
            "er slutt, så registrerer den andre kommunen den nye."
        ),
        "not-your-fact": (
            "En kommune retter og trekker bare tilbake det den selv har registrert; be saksbehandleren om å gjøre det."
        ),
        "not-for-the-doctor": "En lege bekrefter veiledning og gir meldinger; be kommunen om å registrere dette.",
        "confirmed-for-another": "Hver bekrefter for seg selv: legen som lege, veilederen som veileder.",
    },
    Group(Kind.INVALID, "Begrunnelse mangler"): {
        "fact-without-reason": "Oppgi hvorfor opplysningen registreres: en saksbehandler begrunner hver registrering.",
    },
    NOT_YOURS: {
        "same-person": "Den som foreslo vedtaket, kan ikke også ta stilling til det; en annen må gjøre det.",
        "same-person-reopened": (
            "Den som gjenåpnet søknaden fordi vedtaket var feil, kan ikke også godkjenne det nye; en annen må gjøre "
            "det."
        ),
        "revisor-involved": (
            "Revisor kan ikke attestere en søknad der han eller hun selv har hatt en annen oppgave eller registrert "
            "noe; be en annen revisor."
        ),
        "part-in-another-role": (
            "Den som har hatt en del i søknaden i en annen rolle ({roles}), kan ikke gjøre dette; be en annen om det."
        ),
        "other-municipality": (
            "Søknaden tilhører {municipality:place}. Bare de som handler på vegne av kommunen, kan gjøre dette."
        ),
    },
}
