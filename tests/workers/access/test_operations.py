"""Every command has a row: what it is in the table of rights, or that it is the operator's of this machine."""

from collections.abc import Iterator
from typing import Final

from api.access.operations import OPERATIONS as OVER_HTTP
from domain.casework.access.table import OPERATIONS as RIGHTS
from domain.claim.steps.registry import STEPS
from domain.municipality.events import BY_TYPE
from tests.pages.test_pages import made, subcommands
from workers.access.operations import BY_OPERATORS, OPERATIONS, READING
from workers.shell.parser import Parser

TWINS: Final = {
    "access": "list_access",
    "claim list": "list_claims",
    "claim show": "read_claim",
    "claim effect": "read_claim_effect",
    **{f"claim {step.replace('_', '-')}": "take_claim_step" for step in STEPS},
    "claim attach-document": "attach_document",
    "conversions list": "list_conversions",
    "conversions preview": "preview_conversions",
    "conversions convert": "register_conversions",
    "coverage": "read_cost_coverage",
    "insight": "read_insight",
    "meters": "read_doctor_meters",
    "municipality show": "read_municipality",
    "municipality history": "read_municipality_history",
    "municipality access": "read_municipality_access",
    **{f"municipality {kind.replace('_', '-')}": "register_entry" for kind in BY_TYPE},
    "posts": "list_posts",
    "rules list": "list_rule_sets",
    "rules show": "read_rule_set",
    "rules draft": "draft_rule_set",
    "rules approve": "approve_rule_set",
    "rules publish": "publish_rule_set",
    "rules impact": "read_impact",
    "rules ask": "ask_question",
    "rules answer": "propose_ruling",
    "rules approve-answer": "give_ruling",
    "rules rulings": "read_ruling_decisions",
    "supervisors": "list_supervisors",
    "ties list": "list_ties",
    "ties decisions": "list_tied_decisions",
    "ties declare": "register_tie",
    "ties end": "register_tie",
}
"""The operation over HTTP that does what a command does; what keeps the database is done at the terminal alone."""


def every_command() -> Iterator[tuple[str, Parser]]:
    for name, command in subcommands(made()).items():
        under = subcommands(command)
        yield from ((f"{name} {each}", step) for each, step in under.items()) if under else [(name, command)]


def test_every_command_has_one_row_and_every_row_its_command() -> None:
    assert sorted(name for name, _ in every_command()) == sorted(OPERATIONS)


def test_every_row_names_an_operation_of_the_table_of_rights() -> None:
    assert (set(OPERATIONS.values()) | READING) - {BY_OPERATORS} <= RIGHTS.keys()


def test_every_command_asks_the_row_that_its_twin_over_http_asks() -> None:
    acting = {name: operation for name, operation in OPERATIONS.items() if operation != BY_OPERATORS}
    assert acting == {name: OVER_HTTP[TWINS[name]] if name in TWINS else "keep" for name in acting}


def test_who_acts_is_said_in_the_same_way_everywhere_and_nowhere_else() -> None:
    options = {"--as", "--role", "--organisation", "--purpose"}
    for name, command in every_command():
        known = {each for action in command._actions for each in action.option_strings}  # noqa: SLF001
        assert (known & options == options) == (OPERATIONS[name] != BY_OPERATORS), name
