"""Worked examples: golden cases computed under a rule set, written out month by month and element by element."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from itertools import groupby
from math import prod
from pathlib import Path
from typing import Any, Final

from domain.doctor.facts.fact import Fact
from domain.doctor.history import as_known
from domain.doctor.intake.intake import read_facts
from domain.doctor.judging import judge
from domain.rulebook.release import release_reference
from domain.rulebook.rulebook import RuleBook
from domain.rules.days.conditions import CONDITIONS
from domain.rules.line.basis import Basis
from domain.rules.line.months import Month
from domain.rules.result import Line, calculate, share_text
from domain.rules.sets.content import Element
from domain.rules.sets.rule_set import RuleSet
from domain.values.fields import Category
from domain.values.rounding import round_half_up
from domain.values.words import CATEGORIES, grouped
from projections.doctors.telling.places import Places
from projections.doctors.telling.teller import Teller
from workers.shell.table import span_of

TITLES: Final = {
    "full-year-gp-inside-window": "Fastlege i full stilling hele perioden, i de 24 første månedene",
    "full-year-gp-after-window": "Fastlege i full stilling etter de 24 første månedene",
    "full-year-gp-class-6": "Fastlege i full stilling i en kommune i sentralitetsklasse 6",
    "full-year-outside-gp-scheme": "Allmennlege utenfor fastlegeordningen",
    "guidance-only": "Kun veiledning: stilling uten ALIS-avtale",
    "window-ends-inside-the-period": "De 24 første månedene slutter i perioden",
    "percent-changes-mid-month": "Stillingsprosenten endres midt i en måned",
    "job-switch-mid-month-old-municipality": "Legen bytter kommune midt i en måned: kommunen legen forlater",
    "job-switch-mid-month-new-municipality": "Legen bytter kommune midt i en måned: kommunen legen kommer til",
    "parental-leave": "Foreldrepermisjon",
    "graded-sick-leave": "Gradert fravær",
    "agreement-signed-late": "Avtalen ble signert for sent",
    "locum-too-short": "Et vikariat som er for kort",
    "five-years-run-out": "De fem årene tar slutt",
    "two-posts-over-100-percent": "To stillinger som til sammen er over 100 prosent",
    "institutional-service-in-hospital": "Institusjonstjeneste på sykehus",
}
"""The golden cases that serve as examples, in this order."""
_BASES: Final = {Basis.AGREEMENT: "ALIS-avtale", Basis.GUIDANCE_ONLY: "kun veiledning", Basis.NONE: "ingenting"}


@dataclass(frozen=True, slots=True)
class Example:
    """A history and where it is computed."""

    title: str
    municipality: str
    round: str
    known_at: datetime | None
    hpr: str
    facts: tuple[Fact, ...]


def examples(folder: Path) -> list[Example]:
    """The examples among the golden cases of a folder; none if there is no such folder."""
    files = [(title, folder / f"{name}.json") for name, title in TITLES.items()]
    return [_example(title, json.loads(file.read_text("utf-8"))) for title, file in files if file.is_file()]


def told(example: Example, rules: RuleSet) -> Iterator[str]:
    """An example under a rule set as Markdown."""
    doctor = as_known(example.facts, example.known_at)
    result = calculate([(example.hpr, doctor)], example.municipality, rules, example.known_at)
    where = rules.municipalities.by_code[result.municipality].name
    yield f"### {example.title}"
    yield ""
    yield from (f"- {sentence}" for sentence in _sentences(example, rules))
    yield ""
    for line in result.lines:
        yield f"{where} får for denne legen:"
        yield ""
        yield from _months(line)
        yield ""
        yield from _kroner(line, rules)
        yield ""


def _example(title: str, case: dict[str, Any]) -> Example:
    placed, _ = read_facts(json.dumps(case["facts"]).encode())
    accepted, _ = judge([], placed, release_reference())
    known_at = datetime.fromisoformat(case["known_at"]) if case["known_at"] else None
    hpr = case["facts"][0]["hpr"]
    return Example(title, case["municipality"], case["round"], known_at, hpr, tuple(accepted))


def _sentences(example: Example, rules: RuleSet) -> Iterator[str]:
    teller = Teller(Places(RuleBook(lists={rules.municipalities.digest: rules.municipalities})))
    for fact in example.facts:
        yield teller.tell(fact).sentence
        teller.learn(fact)


def _months(line: Line) -> Iterator[str]:
    yield "| måneder | grunnlag | andel | produktivitet | hvorfor |"
    yield "|---|---|---|---|---|"
    for _, group in groupby(line.months, key=_kind):
        run = list(group)
        first = run[0]
        shares = ", ".join(f"{share_text(s).replace('.', ',')} {CATEGORIES[c]}" for c, s in first.shares.items())
        reasons = ", ".join(CONDITIONS[reason].words for reason in first.reasons)
        given = "ja" if first.productivity else "nei"
        months = span_of(first.number, run[-1].number)
        yield f"| {months} ({len(run)}) | {_BASES[first.basis]} | {shares} | {given} | {reasons} |"


def _kind(month: Month) -> tuple[Basis, Sequence[tuple[Category, Any]], bool, tuple[str, ...]]:
    return month.basis, tuple(month.shares.items()), month.productivity, month.reasons


def _kroner(line: Line, rules: RuleSet) -> Iterator[str]:
    if line.amounts.missing:
        yield f"Beløpet er ikke kjent: satsen mangler for {', '.join(line.amounts.missing)}."
        return
    yield "| element | regnestykke | før avrunding | kroner |"
    yield "|---|---|--:|--:|"
    for each in rules.content.elements:
        if each.id in line.amounts.elements:
            exact = line.amounts.exact[each.id]
            cells = (each.name, _sum(each, exact, rules), _number(exact, 2), grouped(line.amounts.elements[each.id]))
            yield f"| {' | '.join(cells)} |"
    yield f"| **sum** | | {_number(line.amounts.sum, 2)} | **{grouped(line.amounts.total)}** |"


def _sum(element: Element, exact: Fraction, rules: RuleSet) -> str:
    """How an amount came about: a year's amount times full-time months, or a share of other elements."""
    annual = rules.annual.get(element.id)
    if not exact or element.factors_for:
        return "–"
    if annual is None:
        share = prod((rules.numbers[name] for name in element.factors), start=Fraction(1))
        return f"{_number(share, 4)} × {_number(exact / share, 2)}"
    year = rules.numbers["months_per_year"]
    return f"{_number(annual, 3)} × {_number(exact * year / annual, 4)} ÷ {_number(year, 0)}"


def _number(amount: Fraction, places: int) -> str:
    """A number with a limit of decimals, and no needless zeros."""
    whole, rest = divmod(round_half_up(amount * 10**places), 10**places)
    return grouped(whole) + f",{rest:0{places}d}".rstrip("0").rstrip(",") if rest else grouped(whole)
