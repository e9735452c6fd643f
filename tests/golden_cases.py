"""The golden cases: a history, and the result that it must have to the krone."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any, Final

from tests.scenario import Json

FOLDER: Final = Path(__file__).parent / "golden"


@dataclass(frozen=True)
class Case:
    name: str
    municipality: str
    round: str
    rules: str
    known_at: str | None
    facts: Sequence[Json]
    expected: Json

    def of(self, hpr: str) -> "Case":
        """The same case of another doctor."""
        facts = [fact | {"hpr": hpr} for fact in self.facts]
        lines = [line | {"hpr": hpr} for line in self.expected["lines"]]
        return replace(self, facts=facts, expected=self.expected | {"lines": lines})


def _read(file: Path) -> Case:
    found = json.loads(file.read_text("utf-8"))
    return Case(**{each.name: found[each.name] for each in fields(Case)})


ALL: Final = [_read(file) for file in sorted(FOLDER.glob("*.json"))]
OF_FINDINGS: Final = [_read(file) for file in sorted((FOLDER / "findings").glob("*.json"))]
"""Cases that also say which findings each line must have."""
CASES: Final = [case for case in ALL if case.rules == "nasjonal-alis-2026-provisional"]
"""Those of the round and the rule set that the other tests ask about."""


def promised(result: Json) -> Json:
    """The parts of a result that a golden case speaks of."""
    kept: tuple[str, ...] = ("hpr", "total", "elements", "months")
    lines: list[dict[str, Any]] = [{name: line[name] for name in kept} for line in result["lines"]]
    return {"municipality": result["municipality"], "lines": lines, "total": result["total"]}
