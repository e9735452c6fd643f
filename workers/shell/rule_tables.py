"""Rule sets as texts that a person likes to read."""

from collections.abc import Iterable, Iterator
from datetime import date
from textwrap import wrap
from typing import Final

from domain.rulebook.book_event import Mark
from domain.rulebook.rulebook import Marks, RuleBook
from domain.rules.sets.content import Sourced, Value
from domain.rules.sets.options import OPTIONS, token
from domain.rules.sets.register import Choice, register
from domain.rules.sets.rule_set import RuleSet
from domain.values.norwegian_time import norwegian_day
from domain.values.places import someone
from domain.values.rounding import round_half_up
from domain.values.words import day, element, kroner, measured, parameter
from workers.shell.table import BASES, STATUS

COMPLETENESS: Final = {"complete": "fullstendig", "partial": "ufullstendig"}
_UNKNOWN: Final = "ikke kjent"
_WIDTH: Final = 100


def listing_table(found: Iterable[RuleSet]) -> str:
    """The rule sets, a line each."""
    rows = [("regelsett", "periode", "status", "vedtatt", "kunngjort", "digest")]
    for each in found:
        days = (each.content.adopted_on, each.content.published_on)
        adopted, published = (day(of) if of else "–" for of in days)
        rows.append((each.id, each.round.id, STATUS[each.status], adopted, published, each.digest[:19]))
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ("  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)) for row in rows)
    return "".join(f"{line.rstrip()}\n" for line in lines)


def rule_set_table(rules: RuleSet, book: RuleBook) -> str:
    """A rule set: its days, parameters and elements, and the register of assumptions."""
    return "\n".join([*_head(rules, book), "", *_parameters(rules), *_elements(rules), *_register(rules)])


def _head(rules: RuleSet, book: RuleBook) -> Iterator[str]:
    content, marks = rules.content, book.marks.get(rules.id, Marks())
    yield content.title
    yield f"{rules.id} ({STATUS[rules.status]}, {COMPLETENESS[content.completeness]})"
    yield rules.digest
    yield ""
    yield _row("Vedtatt", _day(content.adopted_on))
    yield _row("Kunngjort", _day(content.published_on))
    yield _row("Gjelder", f"tilskuddsperioden {rules.round.id}, {days_of(rules)}")
    yield _row("Søknadsfrist", _day(rules.round.claim_deadline))
    yield _row("Rapportfrist", _day(rules.round.report_due))
    if content.supersedes:
        yield _row("Avløser", content.supersedes)
    if rules.status == "superseded":
        yield _row("Avløst av", book.successor(rules.id) or _UNKNOWN)
    steps = {"Skrevet": marks.drafted, "Godkjent": marks.approved, "Kunngjort her": marks.published}
    yield from (_row(name, _mark(mark)) for name, mark in steps.items() if mark)
    yield _row("Kommuneliste", content.municipalities)
    for each in rules.rulings_on():
        yield _row("Fortolkning", f"{OPTIONS[each['option']].question} {each['text']}")


def days_of(rules: RuleSet) -> str:
    """The first and the last day of the round."""
    return f"fra {day(rules.round.first_day)} til {day(rules.round.last_day)}"


def authority(of: Sourced) -> str:
    """Basis and source."""
    return f"{BASES[of.basis]}, {of.source}"


def _parameters(rules: RuleSet) -> Iterator[str]:
    yield "PARAMETRE"
    for name, value in rules.values.items():
        yield f"  {parameter(name)}: {_value(value)} ({name})"
        yield from _small(f"{value.note} ({authority(value)})")
    yield ""


def _elements(rules: RuleSet) -> Iterator[str]:
    yield "ELEMENTER"
    for each in rules.content.elements:
        annual = rules.annual.get(each.id)
        product = " × ".join(map(parameter, each.factors))
        of = f" × ({' + '.join(map(element, each.of))})" if each.of else ""
        worth = f" = {kroner(round_half_up(annual))} i året" if annual is not None else ""
        yield f"  {each.name}: {product}{of}{worth}"
        yield from _small(f"{each.note} ({authority(each)})")
    yield ""


def _register(rules: RuleSet) -> Iterator[str]:
    yield "FORUTSETNINGER"
    for choice in register(rules):
        yield f"  {choice.question} ({choice.option})"
        yield from _choice(choice)
    yield ""


def _choice(choice: Choice) -> Iterator[str]:
    yield f"    valgt   at {choice.words} ({token(choice.value)})"
    yield from (f"    ellers  at {each.words} ({token(each.value)})" for each in choice.alternatives)
    yield from _small(f"{choice.note} ({BASES[choice.basis]}, {choice.source})")
    if choice.ruling:
        yield from _small(choice.ruling["text"])


def _small(text: str) -> Iterator[str]:
    return (f"      {line}" for line in wrap(text, _WIDTH))


def _value(value: Value) -> str:
    return measured(value.value, value.unit)


def _row(name: str, words: str) -> str:
    return f"{name:<15}{words}"


def _day(of: date | None) -> str:
    return day(of) if of else _UNKNOWN


def _mark(mark: Mark) -> str:
    return f"{day(norwegian_day(mark.at))} av {someone(mark.by)}"
