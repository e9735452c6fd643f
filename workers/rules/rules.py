"""`alis rules`: the rule book from the command line."""

from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Final

from pydantic import JsonValue
from pydantic_core import to_jsonable_python

from api.rule_sets.view import listing, whole
from deploy.clock import now
from deploy.settings import CHECKOUT
from domain.casework.commands.book import Book, BookReceipt, known_rule_sets
from domain.casework.commands.commands import Command
from domain.casework.service import Casework
from domain.rulebook.release import shipped_contents, shipped_rule_sets
from domain.rules.sets.options import OPTIONS
from domain.rules.sets.rule_set import RuleSet
from workers.access.reads import acting
from workers.rule_book.rule_book import pages
from workers.rule_book.rule_examples import examples
from workers.rules.rule_arguments import rules_arguments
from workers.rules.rule_chart import chart
from workers.rules.rule_impact_table import impact_table
from workers.rules.rulings import RULING_STEPS
from workers.shell.collecting import gc_paused
from workers.shell.files import unwritable
from workers.shell.output import print_json, show, tell
from workers.shell.rule_tables import listing_table, rule_set_table
from workers.shell.session import command, opened

EXAMPLES: Final = CHECKOUT / "tests" / "golden"
"""The golden cases: there in a checkout, and not in an installed program, whose pages have no examples."""


def arguments(to: ArgumentParser) -> None:
    """The commands under `alis rules`."""
    rules_arguments(to)


def run(asked: Namespace) -> None:
    """Write the pages of the book, or look into the stored book or change it."""
    if asked.step == "book" and not asked.stored:
        print_json(write_pages(Path(asked.folder), shipped_rule_sets()))
        return
    with opened() if asked.step == "book" else acting(asked) as at:
        _RUN[asked.step](at.casework, asked)


def write_pages(folder: Path, rule_sets: Iterable[RuleSet]) -> dict[str, object]:
    """Write the book of some rule sets; raises `Refused` (unwritable-file)."""
    made = pages([*rule_sets], examples(EXAMPLES))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in made.items():
            (folder / name).write_text(text, "utf-8")
    except OSError as error:
        raise unwritable(folder, error) from None
    return {"folder": str(folder), "pages": sorted(made)}


def _book(casework: Casework, asked: Namespace) -> None:
    print_json(write_pages(Path(asked.folder), known_rule_sets(casework.book.current()).values()))


def _list(casework: Casework, asked: Namespace) -> None:
    book = casework.book.current()
    found = known_rule_sets(book).values()
    show(asked.format, lambda: listing_table(found), lambda: to_jsonable_python(listing(found, book)))


def _show(casework: Casework, asked: Namespace) -> None:
    found, book = casework.book.named_or_file(asked.rules), casework.book.current()
    show(asked.format, lambda: rule_set_table(found, book), lambda: to_jsonable_python(whole(found, book)))


def _draft(casework: Casework, asked: Namespace) -> None:
    written = _written(casework.book, asked.rules)
    _say(casework.book, casework.book.draft(asked.rules, written, now(), _command(asked)))


def _written(book: Book, rules: str) -> Mapping[str, JsonValue]:
    """The content of a draft that the release brings, or of a file."""
    shipped = {str(each["id"]): each for each in shipped_contents() if each["status"] == "draft"}
    return shipped[rules] if rules in shipped else book.read(rules)


def _approve(casework: Casework, asked: Namespace) -> None:
    _say(casework.book, casework.book.approve(asked.rules, asked.digest, now(), _command(asked)))


def _publish(casework: Casework, asked: Namespace) -> None:
    _say(casework.book, casework.book.publish(asked.rules, asked.digest, now(), _command(asked)))


def _impact(casework: Casework, asked: Namespace) -> None:
    with gc_paused():
        whole = casework.impact(casework.book.named_or_file(asked.rules))
        found = whole if asked.sight.places is None else whole.seen_by(asked.sight.places)
    if asked.svg:
        try:
            Path(asked.svg).write_text(chart(found), "utf-8")
        except OSError as error:
            raise unwritable(asked.svg, error) from None
    show(asked.format, lambda: impact_table(found), found.as_json)


def _command(asked: Namespace) -> Command:
    return command(asked.actor, "terminal")


def _say(book: Book, receipt: BookReceipt) -> None:
    """The rule set right after the step, in short, and what of it goes against a ruling."""
    then = book.at(receipt.version)
    [entry] = listing([known_rule_sets(then)[receipt.rule_set]], then).rule_sets
    print_json({**to_jsonable_python(entry), "stored": receipt.stored})
    for ruling in entry.rulings:
        if not ruling["followed"]:
            tell(f"{OPTIONS[ruling['option']].question} {ruling['text']}")


_RUN: Final[Mapping[str, Callable[[Casework, Namespace], None]]] = {
    **RULING_STEPS,
    "book": _book,
    "list": _list,
    "show": _show,
    "draft": _draft,
    "approve": _approve,
    "publish": _publish,
    "impact": _impact,
}
