"""An explained difference as a person reads it: each contribution with its kroner, its source, lines and months."""

from collections.abc import Collection, Iterator, Mapping
from typing import Final

from domain.casework.explaining import Explanation
from domain.rules.compare.explain import ORDER, ROUNDING, Contribution, Difference, Side
from domain.rules.compare.explain_kroner import Kroner
from domain.rules.compare.explain_words import parameter_name
from domain.values.places import someone
from domain.values.words import element, grouped, listed, moment, month, signed
from workers.shell.table import BASES, STATUS, stored_later

_WIDTH: Final = 12
_INDENT: Final = " " * (_WIDTH + 2)


def explanation_table(explanation: Explanation) -> str:
    """The whole difference, ending in a newline."""
    found = explanation.difference
    return "\n".join([*_head(explanation), "", *_contributions(found), *_idle(found), ORDER, ROUNDING, ""])


def _head(explanation: Explanation) -> Iterator[str]:
    found = explanation.difference
    rules = found.sides[1].rules
    where = rules.municipalities.by_code[found.municipality]
    yield f"{where.name} ({where.code}), tilskuddsperioden {rules.round.id}"
    of_sides = zip(("Fra", "Til"), found.sides, found.lines, explanation.stored_later, strict=True)
    for name, side, lines, later in of_sides:
        yield f"{_total(lines):>{_WIDTH}}  {name}: {_told(side)}{_without(lines)}"
        yield from (f"{_INDENT}{note}" for note in stored_later(later))
    yield f"{signed(found.kroner):>{_WIDTH}}  Forskjell"


def _told(side: Side) -> str:
    """A side in words."""
    known = f"slik vi visste det {moment(side.known_at)}" if side.known_at else "slik vi vet det nå"
    more = _more(len(side.supposed)) if side.supposed else ""
    return f"{known}{more}, etter regelsettet «{side.rules.content.title}» ({STATUS[side.rules.status]})"


def _without(lines: Mapping[str, Kroner]) -> str:
    """How many lines have no amount, and are not in the total."""
    count = sum(bool(each.missing) for each in lines.values())
    return f"; {'én linje' if count == 1 else f'{count} linjer'} har ukjent sats og er ikke med" if count else ""


def _more(count: int) -> str:
    return ", og én forutsatt opplysning" if count == 1 else f", og {count} forutsatte opplysninger"


def _total(lines: Mapping[str, Kroner]) -> str:
    return grouped(sum(each.total for each in lines.values()))


def _contributions(found: Difference) -> Iterator[str]:
    if not found.contributions:
        yield "Ingenting er annerledes."
        yield ""
    for each in found.contributions:
        yield f"{signed(each.kroner):>{_WIDTH}}  {each.text()}"
        yield from (f"{_INDENT}{source}" for source in _sources(each, found.here))
        for hpr, line in each.lines.items():
            yield from _line(hpr, line)
        yield ""


def _sources(each: Contribution, here: Collection[str]) -> Iterator[str]:
    """Where it comes from: when a fact became known and by whom, or where a parameter stands."""
    for change in each.facts:
        known = "forutsatt" if change.supposed else "kjent"
        by = None if change.is_elsewhere(here) else change.fact.recorded_by
        yield f"{known} {moment(change.fact.recorded_at)}" + (f", registrert av {someone(by)}" if by else "")
    for parameter in each.parameters:
        part = parameter.after or parameter.before or {}
        if "source" in part:
            yield f"kilde: {part['source']} ({BASES[part['basis']]})"


def _line(hpr: str, line: Kroner) -> Iterator[str]:
    rounding = [f"avrunding {signed(line.rounding)}"] if line.rounding else []
    months = ", ".join([*(f"{month(each)} {signed(amount)}" for each, amount in line.months.items()), *rounding])
    unknown = f" (ukjent sats: {', '.join(map(element, line.missing))})" if line.missing else ""
    yield f"{_INDENT}{hpr} {signed(line.total)}{unknown}{': ' if months else ''}{months}"
    if line.reclaimed:
        reclaimed = ", ".join(f"{element(name)} {signed(amount)}" for name, amount in line.reclaimed.items())
        yield f"{_INDENT}{hpr} å betale tilbake: {reclaimed}"


def _idle(found: Difference) -> Iterator[str]:
    """What else differs, but changes nothing."""
    facts = [f"«{each.fact.id}» ({each.fact.hpr})" for step in found.without_effect for each in step.facts]
    parameters = [parameter_name(each) for step in found.without_effect for each in step.parameters]
    if facts or parameters:
        yield f"Uten virkning: {listed([*facts, *parameters])}"
        yield ""
