"""Conversions as a person reads them: the months as marks, and the kroner before and after."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Final

from domain.casework.conversions.conversion import Converted, ConvertedDoctor, RoundSum, WaitingConverted, sums
from domain.rules.compare.conversion import ConvertedLine
from domain.rules.sets.rule_set import RuleSet
from domain.values.places import place
from domain.values.words import counted, day, element, grouped, listed, signed
from workers.shell.table import LEGEND, UNKNOWN, marks, span_of

_MONTHS: Final = 14
_WIDTH: Final = 12
_NOBODY: Final = "Ingen lege med stilling venter på konvertering."
_OUTCOMES: Final = {
    "converted": ("én lege er konvertert", "leger er konvertert"),
    "already_converted": ("én fulgte ny ordning fra før", "fulgte ny ordning fra før"),
    "refused": ("én ble ikke konvertert", "ble ikke konvertert"),
}


def waiting_table(
    found: Sequence[WaitingConverted], days: tuple[date, date | None], rule_sets: Sequence[RuleSet]
) -> str:
    """The doctors who wait, municipality by municipality, ending in a newline.

    `days` are that of the conversion, and the last of the old scheme where it is known.
    """
    on, ends = days
    head = [*([f"Gammel ordning varer til og med {day(ends)}."] if ends else []), *_head(on, rule_sets)]
    if not found:
        return "\n".join([*head, _NOBODY, ""])
    places = [line for each in found for line in _municipality(each)]
    return "\n".join([*head, *places, "", LEGEND, ""])


def preview_table(found: Sequence[ConvertedDoctor], on: date, rule_sets: Sequence[RuleSet]) -> str:
    """What would be recorded and what it gives, ending in a newline."""
    would = sum(each.refusal is None for each in found)
    what = counted(would, "én lege", "leger")
    head = [f"Forhåndsvisning: {what} ville blitt konvertert. Ingenting er lagret.", *_head(on, rule_sets)]
    claims = [f"Søknaden {each.claim.name} berøres for {doctor.hpr}." for doctor in found for each in doctor.claims]
    return "\n".join([*head, "", *_doctors(found), *_sums(found), "", *claims, LEGEND, ""])


def converted_table(done: Converted) -> str:
    """What became of each doctor, ending in a newline."""
    if not done.results:
        return f"{_NOBODY}\n"
    outcomes = [each["outcome"] for each in done.results]
    told = [counted(outcomes.count(name), *words) for name, words in _OUTCOMES.items() if name in outcomes]
    since = day(date.fromisoformat(done.on))
    refused = [f"  {each['hpr']}  {each['detail']}" for each in done.results if "detail" in each]
    return "\n".join([f"Konvertering fra {since}: {listed(told)}.", *refused, ""])


def _head(on: date, rule_sets: Sequence[RuleSet]) -> Iterator[str]:
    yield f"Konvertering fra {day(on)}."
    if not rule_sets:
        yield (
            "Ingen tilskuddsperiode som varer så lenge, har et regelsett ennå, så kronene kan ikke regnes ut. "
            "Oppgi et utkast med --rules."
        )


def _municipality(found: WaitingConverted) -> Iterator[str]:
    yield ""
    yield f"{place(found.municipality)}: {counted(len(found.doctors), 'én lege', 'leger')}"
    yield from _doctors(found.doctors)
    yield from _sums(found.doctors)


def _doctors(found: Iterable[ConvertedDoctor]) -> Iterator[str]:
    heads = ("før", "etter", "endring")
    yield f"{'HPR-nummer':<12}{'kommune':<9}{'periode':<9}{'før':<{_MONTHS}}{'etter':<{_MONTHS}}" + _cells(heads)
    for each in found:
        if each.refusal is not None:
            yield f"{each.hpr:<12}{each.refusal}"
        elif not each.lines:
            yield f"{each.hpr:<12}ingen tilskuddsperiode med regelsett berøres"
        for line in each.lines:
            yield from _line(each.hpr, line)


def _line(hpr: str, line: ConvertedLine) -> Iterator[str]:
    before, after = (marks(each.line.months) for each in (line.before, line.after))
    yield f"{hpr:<12}{line.municipality:<9}{line.rules.round.id:<9}{before:<{_MONTHS}}{after:<{_MONTHS}}" + _kroner(
        **line.kroner
    )
    if line.missing:
        yield f"{'':<30}mangler sats for {listed(map(element, line.missing))}"
    if line.window is not None:
        yield f"{'':<30}de 24 første månedene: {span_of(*line.window)}"


def _sums(found: Iterable[ConvertedDoctor]) -> Iterator[str]:
    for each in sums(found):
        yield f"{'Sum':<21}{each['round']:<9}{'':<{2 * _MONTHS}}" + _kroner(**each["kroner"]) + _without(each)


def _without(each: RoundSum) -> str:
    return "  uten linjene med ukjent sats" if each["unknown"] else ""


def _kroner(before: int | None, after: int | None, difference: int | None) -> str:
    change = UNKNOWN if difference is None else signed(difference)
    return _cells([*(UNKNOWN if each is None else grouped(each) for each in (before, after)), change])


def _cells(texts: Iterable[str]) -> str:
    return "".join(f"{text:>{_WIDTH}}" for text in texts)
