"""The result as a table that a person likes to read: months as marks, kroner with thin spaces."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Final

from domain.claim.lines.checking import Checked
from domain.rules.days.conditions import CONDITIONS
from domain.rules.findings.findings import Findings
from domain.rules.line.basis import Basis
from domain.rules.line.months import Month
from domain.rules.result import Line, Result
from domain.store import LoggedFact
from domain.values.days.calendar import MONTHS_PER_CALENDAR_YEAR, text_of
from domain.values.words import element, grouped, listed, moment, signed

_INITIALS: Final = "jfmamjjasond"
_NAMES: Final = ("jan.", "feb.", "mars", "april", "mai", "juni", "juli", "aug.", "sep.", "okt.", "nov.", "des.")
_MARKS: Final = {Basis.AGREEMENT: "●", Basis.GUIDANCE_ONLY: "○", Basis.NONE: "·"}
NOTHING: Final = _MARKS[Basis.NONE]
_PRODUCTIVE: Final = "◆"
_NAMED: Final = 10
"""The most facts named in a note; JSON has them all."""
UNKNOWN: Final = "ukjent sats"
LEGEND: Final = (
    f"{_PRODUCTIVE} ALIS-avtale med produktivitetselement   ● ALIS-avtale   ○ kun veiledning   · ingen tilskuddsmåned"
)
BASES: Final = {"stated": "oppgitt", "inferred": "utledet av kilden", "assumed": "forutsatt"}
"""On what authority something stands, in words."""
STATUS: Final = {"published": "kunngjort", "draft": "utkast", "superseded": "avløst"}


def table(
    result: Result, later: Sequence[LoggedFact] = (), *, assumptions: bool = True, decision: Checked | None = None
) -> str:
    """The whole result, ending in a newline; with the choices that decide it, unless they are not wanted.

    `later` are the facts that were known at its moment, but stored after it. A decision that was checked against the
    result is told in one line.
    """
    decided_by = _assumptions(result) if assumptions else ()
    decided = [_decision(decision)] if decision else []
    notes = (*_notes(result.lines), *_unknown(result.lines), *_findings(result))
    return "\n".join(
        [*_head(result), *stored_later(later), *decided, "", *_lines(result), "", *notes, *decided_by, LEGEND, ""]
    )


def stored_later(later: Sequence[LoggedFact]) -> Iterator[str]:
    """Facts that a query at that moment did not get, because they were stored later."""
    if later:
        names = ", ".join(f"«{each.fact.id}» ({each.fact.hpr})" for each in later[:_NAMED])
        more = f" og {len(later) - _NAMED} til" if len(later) > _NAMED else ""
        yield f"Kjent da, men lagret her senere: {names}{more}"


def _head(result: Result) -> Iterator[str]:
    where = result.rules.municipalities.by_code[result.municipality]
    rules = result.rules
    yield f"{where.name} ({where.code}), tilskuddsperioden {rules.round.id}"
    yield f"Regelsett: {rules.content.title} ({STATUS[rules.status]})"
    yield f"Slik vi visste det {moment(result.known_at)}" if result.known_at else "Slik vi vet det nå"


def _decision(checked: Checked) -> str:
    """Whether what was decided is what is computed now."""
    which = f"Vedtak {checked.decision} på tilskuddssøknad {checked.claim}"
    if checked.holds:
        return f"{which}: alle linjene er som vedtatt"
    lines = "linjen" if len(checked.lines) == 1 else "linjene"
    return f"{which}: {lines} for {listed(checked.lines)} er ikke lenger som vedtatt"


def _lines(result: Result) -> Iterator[str]:
    if not result.lines:
        yield "Ingen lege har hatt stilling i kommunen i perioden."
        return
    months = [m.number for m in result.lines[0].months]
    width = max(12, len(grouped(result.total)))
    yield f"{'HPR-nummer':<12}{''.join(_INITIALS[n % 12] for n in months)}  {'kroner':>{width}}"
    for line in result.lines:
        yield f"{line.hpr:<12}{marks(line.months)}  {_amount(line):>{width}}"
    partly = "" if result.complete else "  uten linjene med ukjent sats"
    yield f"{'Sum':<12}{' ' * len(months)}  {grouped(result.total):>{width}}{partly}"
    yield ""
    yield from _elements(result, width + len(months) + 14)


def _elements(result: Result, width: int) -> Iterator[str]:
    """The claim by element."""
    paid = [line.amounts.elements for line in result.lines if not line.amounts.missing]
    for shown in (each for each in result.rules.content.elements if each.id in result.rules.shown):
        amount = grouped(sum(each[shown.id] for each in paid))
        yield f"{shown.name:<{width - len(amount)}}{amount}"


def _amount(line: Line) -> str:
    return UNKNOWN if line.amounts.missing else grouped(line.amounts.total)


def marks(months: Iterable[Month]) -> str:
    """Months as marks, one letter each."""
    return "".join(_PRODUCTIVE if m.productivity else _MARKS[m.basis] for m in months)


def _notes(lines: Sequence[Line]) -> Iterator[str]:
    """Why months are lost or reduced, a line per doctor, neighbouring months together."""
    notes = [(line.hpr, note) for line in lines if (note := "; ".join(_reasons(line.months)))]
    for hpr, note in notes:
        yield f"{hpr}  {note}"
    if notes:
        yield ""


def _unknown(lines: Sequence[Line]) -> Iterator[str]:
    """What the rule set has no rate for, a line per doctor."""
    without = [line for line in lines if line.amounts.missing]
    yield from (f"{line.hpr}  mangler sats for {listed(map(element, line.amounts.missing))}" for line in without)
    if without:
        yield ""


def _findings(result: Result) -> Iterator[str]:
    """What people should look at, in the sentences of the findings, a line each."""
    checks = Findings(result.municipality, result.rules)
    told = [(line.hpr, each.text) for line in result.lines for each in line.looked_at(checks)[0]]
    if told:
        yield "Se nærmere på"
        yield from (f"  {hpr}  {text}" for hpr, text in told)
        yield ""


def _assumptions(result: Result) -> Iterator[str]:
    """The choices that decide the amount, and the kroner against each alternative."""
    found = result.decided_by()
    if found:
        yield "Beløpet hviler på at"
    for each in found:
        against = f". {each['ruling']['text']}" if "ruling" in each else ""
        yield f"  {each['words']} ({BASES[each['basis']]}){against}"
        for other in each["alternatives"]:
            yield f"{signed(other['kroner']):>14}  hvis {other['words']}"
    if found:
        yield ""


def _reasons(months: Sequence[Month]) -> Iterator[str]:
    for reasons, group in groupby(months, key=lambda month: month.reasons):
        run = list(group)
        if reasons:
            words = ", ".join(CONDITIONS[reason].words for reason in reasons)
            yield f"{span_of(run[0].number, run[-1].number)}: {words}"


def span_of(first: int, last: int) -> str:
    """`nov. 2025`, `juni–sep. 2025`, `nov. 2025–mai 2026`."""
    if first == last:
        return _month(last)
    same_year = first // MONTHS_PER_CALENDAR_YEAR == last // MONTHS_PER_CALENDAR_YEAR
    return f"{_NAMES[first % 12] if same_year else _month(first)}–{_month(last)}"


def _month(number: int) -> str:
    return f"{_NAMES[number % 12]} {text_of(number)[:4]}"
