"""Municipalities and persons by name, for what people read, and the role that a `kind:name` stands for.

Municipalities have the names of the newest list of the release; one that has ended keeps its own. No calculation uses
these names: it has the list that its rule set names.
"""

import csv
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Final

from domain.values.words import ROLES

_ROLE_OF_KIND: Final[Mapping[str, str]] = {
    **{role: role for role in ROLES},
    "kommune": "municipality",
    "saksbehandler": "caseworker",
    "godkjenner": "approver",
    "kontrollør": "auditor",
    "regelverk": "rules",
    "lege": "doctor",
    "release": "release",
}
_CALLED: Final[Mapping[str, str]] = {**ROLES, "person": "", "release": "programutgaven"}
"""What a role, or a kind that stands for none, is called before a name."""
_LIST: Final = "municipalities-2024.csv"
_ENDED: Final = "municipality-codes-2023-to-2024.csv"


def place(code: str) -> str:
    """A municipality by name and number, `Hamarøy (1875)`; one that no list has by its number alone."""
    name = _names().get(code)
    return f"{name} ({code})" if name else f"kommune {code}"


def called(code: str) -> str:
    """The name of a municipality; of one that no list has, its number."""
    return _names().get(code, code)


def someone(subject: str) -> str:
    """A person or municipality written `kind:name`: `saksbehandler Ada Lie`, `Bodø (1804)`."""
    kind, _, name = subject.partition(":")
    if municipality_of(subject) in _names():
        return place(name)
    called = role_of(subject) or kind
    return f"{_CALLED.get(called, called)} {name}".strip()


def role_of(subject: str) -> str | None:
    """The role that the kind of a `kind:name` stands for; None if it stands for none."""
    return _ROLE_OF_KIND.get(subject.partition(":")[0])


def municipality_of(subject: str) -> str | None:
    """The municipality that a `kind:name` is itself; None if it is somebody else."""
    return subject.partition(":")[2] if role_of(subject) == "municipality" else None


def number_of(subject: str) -> str | None:
    """The HPR number of the doctor that a `kind:name` itself is; None if it is somebody else."""
    return subject.partition(":")[2] if role_of(subject) == "doctor" else None


@cache
def _names() -> Mapping[str, str]:
    folder = resources.files("domain.values") / "lists"
    names = dict[str, str]()
    for file, column in ((_ENDED, "code"), (_LIST, "municipality")):
        with (folder / file).open(encoding="utf-8") as rows:
            names |= {row[column]: row["name"] for row in csv.DictReader(rows)}
    return names
