"""What the specification says is built is what is built, and what it marks as not built is not."""

import re
from pathlib import Path
from typing import Final

from domain.doctor.facts.facts import BY_TYPE
from domain.rules.days.conditions import CONDITIONS
from domain.rules.findings import findings
from domain.rules.sets.options import OPTIONS, token

SPEC: Final = Path(__file__).parents[2] / "docs" / "spec"
NOT_BUILT: Final = "*[not built yet]*"
FINDINGS: Final = [*findings.CHECKS, "recorded_after_decision", "assumption_decides"]


def rows(page: str, section: str) -> list[list[str]]:
    """The rows of the tables in a section, cell by cell."""
    text = (SPEC / page).read_text("utf-8")
    found = re.search(rf"^#+ {re.escape(section)}.*?(?=^##? |\Z)", text, re.MULTILINE | re.DOTALL)
    assert found, f"{page} has no section {section}"
    return [line.strip("| ").split(" | ") for line in found[0].splitlines() if line.startswith("| ")]


def names(page: str, section: str) -> tuple[list[str], list[str]]:
    """The names in the first cells: of what is built, and of what is not."""
    cells = [row[0] for row in rows(page, section)]
    built, planned = list[str](), list[str]()
    for cell in cells:
        (planned if NOT_BUILT in cell else built).extend(re.findall(r"`([a-z][a-z0-9_]*)`", cell))
    return built, planned


def test_every_type_of_fact_in_the_contract_is_one_that_the_program_reads() -> None:
    common = {"id", "type", "hpr", "recorded_at", "recorded_by"}
    built, planned = names("contract.md", "1. Facts")
    assert set(built) - common == BY_TYPE.keys()
    assert not set(planned) & BY_TYPE.keys()


def test_every_choice_in_the_rules_is_one_that_rule_sets_make_in_that_order() -> None:
    built, planned = names("rules.md", "5. Options")
    assert built == list(OPTIONS)
    assert not set(planned) & OPTIONS.keys()


def test_every_value_of_a_choice_stands_in_the_rules_the_first_one_first() -> None:
    for row in rows("rules.md", "5. Options")[1:]:
        if NOT_BUILT not in row[0]:
            values = re.findall(r"`([a-z_]+)`", row[1])
            assert values == list(map(token, OPTIONS[row[0].strip("`")].values)), row[0]


def test_every_finding_in_the_rules_is_one_that_is_looked_for() -> None:
    built, planned = names("rules.md", "6. Findings")
    assert built == FINDINGS
    assert not set(planned) & set(FINDINGS)


def test_every_condition_of_a_month_in_the_rules_is_one_that_is_tested() -> None:
    built, _ = names("rules.md", "3. Which months count")
    assert set(built) == CONDITIONS.keys()
