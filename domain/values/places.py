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
    municipality = municipality_of(subject)
    if municipality is not None and municipality in _names():
        return place(municipality) if municipality == name else f"{place(municipality)} ved {name}"
    doctor = number_of(subject)
    if doctor is not None:
        return f"{_CALLED['doctor']} {doctor}"  # the name is the doctor's own, and seen by those who may see names
    called = role_of(subject) or kind
    return f"{_CALLED.get(called, called)} {name}".strip()


def in_role(role: str, municipality: str | None) -> str:
    """A role, and for which municipality: `revisor for Bodø (1804)`, `saksbehandler`."""
    called = "søker" if role == "municipality" else ROLES.get(role, role)
    return f"{called} for {place(municipality)}" if municipality else called


def role_of(subject: str) -> str | None:
    """The role that the kind of a `kind:name` stands for; None if it stands for none.

    A kind can say for whom: `kommune-1804:…`, `lege-9000001:…`.
    """
    return _ROLE_OF_KIND.get(_kind_and_number(subject)[0])


def municipality_of(subject: str) -> str | None:
    """The municipality that a `kind:name` is itself, or acts for; None if it is somebody else."""
    return _number(subject) if role_of(subject) == "municipality" else None


def number_of(subject: str) -> str | None:
    """The HPR number of the doctor that a `kind:name` itself is; None if it is somebody else."""
    return _number(subject) if role_of(subject) == "doctor" else None


def _kind_and_number(subject: str) -> tuple[str, str]:
    """The kind, and the number that it says after a hyphen."""
    kind, _, number = subject.partition(":")[0].partition("-")
    return kind, number


def _number(subject: str) -> str:
    return _kind_and_number(subject)[1] or subject.partition(":")[2]


@cache
def _names() -> Mapping[str, str]:
    folder = resources.files("domain.values") / "lists"
    names = dict[str, str]()
    for file, column in ((_ENDED, "code"), (_LIST, "municipality")):
        with (folder / file).open(encoding="utf-8") as rows:
            names |= {row[column]: row["name"] for row in csv.DictReader(rows)}
    return names
