"""Why something cannot be registered on a municipality, or a tie cannot be declared."""

from typing import Final

from domain.values.refusals.kinds import Group, Groups, Kind

MUNICIPALITIES: Final[Groups] = {
    Group(Kind.CONFLICT, "I strid med det som er registrert om kommunen"): {
        "entry-id-used": "Registreringen «{entry}» er brukt før, med et annet innhold.",
        "entry-withdrawn": "Registreringen «{entry}» er trukket tilbake.",
        "entry-overlaps": (
            "Det samme er registrert fra {first_day} (registreringen «{entry}»), og dagene overlapper. Avslutt eller "
            "trekk tilbake den registreringen først."
        ),
    },
    Group(Kind.NOT_FOUND, "Registreringen finnes ikke"): {
        "unknown-entry": "Kommunen har ingen registrering som heter «{entry}».",
    },
    Group(Kind.INVALID, "Nummeret kan ikke brukes"): {
        "bad-organisation-number": "Organisasjonsnummeret {number} er ikke gyldig, for {because}; kontroller sifrene.",
        "bad-account": "Kontonummeret {account} er ikke gyldig, for {because}; kontroller sifrene.",
        "no-municipality": "Organisasjonsnummeret {number} hører ikke til noen kommune; oppgi nummeret til en kommune.",
        "own-coordinator": (
            "Organisasjonsnummeret {number} er kommunens eget. Kommunens egne folk handler for den uten å være "
            "oppnevnt."
        ),
    },
    Group(Kind.NOT_ALLOWED, "Inhabil"): {
        "disqualified": (
            "Du kan verken behandle eller godkjenne denne saken, for det er meldt at du er inhabil (forvaltningsloven "
            "§ 6). En annen må gjøre det."
        ),
        "own-tie": "Et habilitetsforhold må avsluttes av en annen enn den det gjelder.",
    },
    Group(Kind.CONFLICT, "I strid med det som er meldt"): {
        "tie-id-used": "Habilitetsforholdet «{tie}» er meldt før, med et annet innhold.",
    },
    Group(Kind.NOT_FOUND, "Habilitetsforholdet finnes ikke"): {
        "unknown-tie": "Ingen har meldt noe habilitetsforhold som heter «{tie}».",
    },
}
