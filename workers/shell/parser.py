"""A parser that speaks Norwegian, and commands that are loaded when they are run."""

import argparse
import re
import sys
from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final, NamedTuple, NoReturn

from workers.shell.exits import BAD_USAGE

if TYPE_CHECKING:
    from _typeshed import SupportsWrite

_IN_NORWEGIAN: Final = (
    (r"the following arguments are required: (.*)", r"mangler: \1"),
    (r"argument (\S+): expected one argument", r"\1 mangler en verdi"),
    (r"argument (.+): invalid choice: (\S+) \(choose from (.*)\)", r"\1: \2 finnes ikke (velg blant \3)"),
    (r"unrecognized arguments: (.*)", r"ukjent: \1"),
    (r"argument (\S+): not allowed with argument (\S+)", r"\1 kan ikke stå sammen med \2"),
    (r"one of the arguments (.*) is required", r"en av disse må stå der: \1"),
    (r"argument (\S+): (.*)", r"\1: \2"),
)


class Command(NamedTuple):
    """One command: its sentence, and the module that has its `arguments(parser)` and its `run(asked)`."""

    sentence: str
    module: str


class Parser(argparse.ArgumentParser):
    """A parser that speaks Norwegian to a person who mistypes."""

    def __init__(self, *, module: str | None = None, **kwargs: Any) -> None:  # noqa: ANN401 - argparse's own
        super().__init__(**kwargs, add_help=False)
        self.add_argument("-h", "--help", action="help", help="viser denne hjelpen")
        self._module = module

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:  # noqa: ANN401 - argparse's own
        """Parse, once the command's own module has added its arguments."""
        self.complete()
        return super().parse_known_args(args, namespace)

    def complete(self) -> None:
        """Load the command's module and add its arguments, unless that is done."""
        if self._module is not None:
            module, self._module = import_module(self._module), None
            self.set_defaults(run=module.run)
            module.arguments(self)

    def add_commands(self, commands: Mapping[str, Command], **kwargs: Any) -> None:  # noqa: ANN401 - argparse's own
        """Add commands, each loaded when it is chosen."""
        under = self.add_subparsers(required=True, parser_class=type(self), **kwargs)
        for name, (sentence, module) in commands.items():
            under.add_parser(name, help=sentence, description=sentence, module=module)

    def error(self, message: str) -> NoReturn:
        """Say what is wrong, how it is used, and leave with the code for bad usage."""
        self.exit(BAD_USAGE, f"alis: {in_norwegian(message)}\n{self.format_usage()}")

    def _print_message(self, message: str, file: "SupportsWrite[str] | None" = None) -> None:
        """Print a message; argparse itself is silent where help cannot be written."""
        if file is sys.stdout:
            file.write(message)
        else:
            super()._print_message(message, file)

    def format_usage(self) -> str:
        """How it is used."""
        return super().format_usage().replace("usage:", "bruk:")

    def format_help(self) -> str:
        """All of it, under Norwegian headings."""
        text = super().format_help().replace("usage:", "bruk:")
        return text.replace("positional arguments:", "argumenter:").replace("options:", "valg:")


def in_norwegian(message: str) -> str:
    """One of argparse's sentences in Norwegian."""
    for pattern, sentence in _IN_NORWEGIAN:
        if found := re.fullmatch(pattern, message):
            return found.expand(sentence)
    return message
