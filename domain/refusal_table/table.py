"""The one table of refusals: a new one is one line in the file that says what it is about."""

from collections.abc import Mapping
from typing import Final

from domain.refusal_table.claims import CLAIMS
from domain.refusal_table.documents import DOCUMENTS
from domain.refusal_table.facts import FACTS
from domain.refusal_table.kinds import Group, Groups
from domain.refusal_table.persons import PERSONS
from domain.refusal_table.rules import RULES
from domain.refusal_table.running import RUNNING

_GROUPS: Final[tuple[Groups, ...]] = (FACTS, PERSONS, RULES, CLAIMS, DOCUMENTS, RUNNING)
GROUPS: Final[Mapping[str, Group]] = {code: of for each in _GROUPS for of, codes in each.items() for code in codes}
"""The kind and the title of each code."""
SENTENCES: Final[Mapping[str, str]] = {
    code: codes[code] for each in _GROUPS for codes in each.values() for code in codes
}
"""The sentence of each code."""
