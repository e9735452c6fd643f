"""The one table of refusals: a new one is one line in the file that says what it is about."""

from collections.abc import Mapping
from typing import Final

from domain.values.refusals.claims import CLAIMS
from domain.values.refusals.facts import FACTS
from domain.values.refusals.kinds import Group, Groups
from domain.values.refusals.municipalities import MUNICIPALITIES
from domain.values.refusals.persons import PERSONS
from domain.values.refusals.rules import RULES
from domain.values.refusals.running import RUNNING

_GROUPS: Final[tuple[Groups, ...]] = (FACTS, PERSONS, RULES, CLAIMS, MUNICIPALITIES, RUNNING)
GROUPS: Final[Mapping[str, Group]] = {code: of for each in _GROUPS for of, codes in each.items() for code in codes}
"""The kind and the title of each code."""
SENTENCES: Final[Mapping[str, str]] = {
    code: codes[code] for each in _GROUPS for codes in each.values() for code in codes
}
"""The sentence of each code."""
