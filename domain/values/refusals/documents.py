"""Why a document is refused."""

from typing import Final

from domain.values.refusals.kinds import Group, Groups, Kind

DOCUMENTS: Final[Groups] = {
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
