"""Municipalities and those who act by name, for what people read.

Names are those of the newest list of the release, an ended municipality has its own. Calculations never ask here; they
have the list that their rule set names.
"""

import csv
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Final

from domain.words import ROLES

_KINDS: Final[Mapping[str, str]] = {
    "kommune": "municipality",
    "saksbehandler": "caseworker",
    "godkjenner": "approver",
    "kontrollør": "auditor",
    "regelverk": "rules",
    "lege": "doctor",
    "person": "",
    "release": "programutgaven",
}
"""The role, or the word, that the kind of a `kind:name` stands for, where it is not the role itself."""
_LIST: Final = "municipalities-2024.csv"
_ENDED: Final = "municipality-codes-2023-to-2024.csv"


def place(code: str) -> str:
    """A municipality by name and number, `Hamarøy (1875)`; one that no list has by its number alone."""
    name = _names().get(code)
    return f"{name} ({code})" if name else f"kommune {code}"


def someone(subject: str) -> str:
    """Whoever is written `kind:name`: `saksbehandler Ada Lie`, `Bodø (1804)`."""
    kind, _, name = subject.partition(":")
    role = _KINDS.get(kind, kind)
    if role == "municipality" and name in _names():
        return place(name)
    return f"{ROLES.get(role, role)} {name}".strip()


@cache
def _names() -> Mapping[str, str]:
    folder = resources.files("domain.rules") / "sets"
    names = dict[str, str]()
    for file, column in ((_ENDED, "code"), (_LIST, "municipality")):
        with (folder / file).open(encoding="utf-8") as rows:
            names |= {row[column]: row["name"] for row in csv.DictReader(rows)}
    return names
