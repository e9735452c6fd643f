"""The numbers and days of the regulation that the rules read by name and that older rule sets do not write.

To add one, add it here with the value that the rules had before, and read it by its name. Rule sets older than the
value have that value; a new rule set must write its own (rules.md 5).
"""

from collections.abc import Mapping
from typing import Final

from domain.rules.sets.content import Value
from domain.rules.sets.options import NEWER

WINDOW_RULE_FROM: Final = "window_rule_from"
OLD_SCHEME_LAST_DAY: Final = "old_scheme_last_day"


def _newer(value: str, unit: str, note: str) -> Value:
    return Value(value=value, unit=unit, basis="assumed", source=f"verdien er {NEWER}", note=note)


NEWER_VALUES: Final[Mapping[str, Value]] = {
    WINDOW_RULE_FROM: _newer(
        "2025-06-01",
        "dag",
        "Regelen om de 24 første månedene gjelder fra 1. juni 2025 (regelverksendring-2025-06-01.txt, b)).",
    ),
    OLD_SCHEME_LAST_DAY: _newer(
        "2026-12-31",
        "dag",
        "Den gamle ordningen er forlenget ut 2026 (fafo-rapport-2023-02.txt, 3.1).",
    ),
}
"""What older rule sets have of each, by its name."""
