"""Persons by name in what is printed: their ids mean nothing to people."""

import re
from typing import Final

from domain.store.persons import Persons
from workers.shell.output import json_text

_PERSON: Final = re.compile(r"(?<![:\w-])p-[a-z2-7]{20}\b")
"""A person's id in a sentence; in `kind:name` it stands as it is."""
_JSON: Final = ("{", "[")


def by_name(text: str, persons: Persons) -> str:
    """A text, or JSON, with persons by name."""
    found = set(_PERSON.findall(text))
    if not found:
        return text
    names = persons.names(found)
    in_json = text.lstrip().startswith(_JSON)
    said = {person: json_text(name)[1:-1] if in_json else name for person, name in names.items()}
    return _PERSON.sub(lambda found: said.get(found[0], found[0]), text)
