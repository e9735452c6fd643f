"""Every command has a row: what it is in the table of rights, or that it is the operator's of this machine."""

from collections.abc import Iterator

from domain.casework.access.table import OPERATIONS as RIGHTS
from tests.pages.test_pages import made, subcommands
from workers.access.operations import BY_OPERATORS, OPERATIONS, READING
from workers.shell.parser import Parser


def every_command() -> Iterator[tuple[str, Parser]]:
    for name, command in subcommands(made()).items():
        under = subcommands(command)
        yield from ((f"{name} {each}", step) for each, step in under.items()) if under else [(name, command)]


def test_every_command_has_one_row_and_every_row_its_command() -> None:
    assert sorted(name for name, _ in every_command()) == sorted(OPERATIONS)


def test_every_row_names_an_operation_of_the_table_of_rights() -> None:
    assert (set(OPERATIONS.values()) | READING) - {BY_OPERATORS} <= RIGHTS.keys()


def test_who_acts_is_said_in_the_same_way_everywhere_and_nowhere_else() -> None:
    options = {"--as", "--role", "--organisation"}
    for name, command in every_command():
        known = {each for action in command._actions for each in action.option_strings}  # noqa: SLF001
        assert (known & options == options) == (OPERATIONS[name] != BY_OPERATORS), name
