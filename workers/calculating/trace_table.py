"""The reasons for each line as a person reads them: the kroner, the elements with their parameters, months and days.

It tells what the tree of `domain.rules.trace.trace` tells, in the same order of reasons,
and computes nothing of its own.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from itertools import groupby
from json import dumps
from typing import Any, Final

from domain.rules.days.conditions import CONDITIONS
from domain.rules.result import Line, Result
from domain.rules.sets.options import OPTIONS
from domain.values import words
from domain.values.days.calendar import MONTHS_PER_CALENDAR_YEAR
from domain.values.fields import Category
from domain.values.words import CATEGORIES, day, grouped, kroner
from workers.shell.table import BASES, UNKNOWN, span_of

Tree = Mapping[str, Any]
_BASES: Final = {"agreement": "ALIS-avtale", "guidance_only": "kun veiledning", "none": "ingen tilskuddsmåned"}
_SAID_OF_DAYS: Final = frozenset({"no_agreement", "no_position"})
_APART: Final = frozenset({"month", "days"})


def trace_table(result: Result) -> str:
    """The reasons for every line of a traced result, ending in a newline."""
    return "".join("\n".join(["", *_line(line, line.trace), ""]) for line in result.lines if line.trace is not None)


def _line(line: Line, tree: Tree) -> Iterator[str]:
    total = tree["total"]
    if total["kroner"] is None:
        yield f"BEGRUNNELSE FOR {line.hpr}: {UNKNOWN}"
        missing = words.listed(map(words.element, line.amounts.missing))
        yield f"  Linjen har ikke noe beløp: det mangler sats for {missing}."
    else:
        yield f"BEGRUNNELSE FOR {line.hpr}: {kroner(total['kroner'])}"
        yield f"  Eksakt sum: {_exact(total['exact'])}. {total['rule']} {tree['elements_rule']}"
    yield ""
    yield "  ELEMENTER"
    for element in tree["elements"]:
        yield from _element(element)
    yield ""
    yield "  MÅNEDER OG DAGER"
    yield from _months(tree["months"])
    yield ""
    if tree["conditions"]:
        yield "  VILKÅR SOM IKKE ER OPPFYLT"
        for code, each in tree["conditions"].items():
            yield f"    {CONDITIONS[code].words}: {each['sentence']} ({_authority(each)})"
        yield ""
    yield from _window(tree["window"])
    yield from _five_years(tree["five_years"])
    yield ""
    yield "  VALG"
    for name, choice in tree["options"].items():
        option = OPTIONS[name]
        yield f"    {option.question} Lagt til grunn: at {option.words[choice['value']]} ({_authority(choice)})"
        if "ruling" in choice:
            yield f"      {choice['ruling']['text']}"


def _element(element: Tree) -> Iterator[str]:
    yield f"    {element['name']}: {_worth(element)}. {element['note']} ({_authority(element)})"
    if not element["months"]:
        yield "      gis ikke for noen måned her"
        return
    yield f"      {element['rule']}"
    yield from (f"      {_parameter(each)}" for each in element["factors"])
    if element["of"]:
        yield f"      av: {words.listed(map(words.element, element['of']))}"
    else:
        yield f"      delt på {_parameter(element['divided_by'])}"
    for (category, basis, full, share, _), run in groupby(enumerate(element["months"]), key=_terms):
        told = [each["month"] for _, each in run]
        only = " (kun veiledning)" if basis == "guidance_only" else ""
        each = " hver måned" if len(told) > 1 else ""
        monthly = UNKNOWN if full is None else _exact(full)
        yield f"      {_run(told)}: {CATEGORIES[Category(category)]}{only}, {monthly} × {share}{each}"
    if "cap" in element:
        cap = element["cap"]
        yield f"      {cap['rule']} Rapportert: {kroner(cap['kroner'])}{_facts(cap['facts'])}"


def _worth(element: Tree) -> str:
    """The kroner of an element; of a line without an amount only the exact kroner of those with a known rate."""
    if any(month["full_month"] is None for month in element["months"]) or element["exact"] is None:
        return UNKNOWN
    exact = f"eksakt {_exact(element['exact'])}"
    return exact if element["kroner"] is None else f"{kroner(element['kroner'])} ({exact})"


def _terms(placed: tuple[int, Tree]) -> tuple[str, str, str | None, str, int]:
    """What is the same in months that follow one another: the last is, as long as each is the month after."""
    place, month = placed
    return month["category"], month["basis"], month["full_month"], month["share"], _number(month["month"]) - place


def _months(months: Sequence[Tree]) -> Iterator[str]:
    """Each month, neighbouring ones in which nothing is different together."""
    for _, run in groupby(months, key=_alike):
        alike = list(run)
        first = alike[0]
        reasons = ", ".join(CONDITIONS[code].words for code in first["reasons"])
        with_productivity = " med produktivitetselement" if first["productivity"] else ""
        told = f"{_BASES[first['basis']]}{with_productivity}{': ' if reasons else ''}{reasons}"
        yield f"    {_run([each['month'] for each in alike])}: {told}"
        for days in first["days"]:
            when = "alle dager" if len(first["days"]) == 1 else _between(days["first_day"], days["last_day"])
            yield f"      {when}: {_days(days)}{_facts(days['facts'])}"


def _alike(month: Tree) -> str:
    """What makes a month the same as another, but for the days where they are all alike."""
    [first, *others] = month["days"]
    days = month["days"] if others else {name: told for name, told in first.items() if not name.endswith("_day")}
    return dumps([{name: told for name, told in month.items() if name not in _APART}, days])


def _days(days: Tree) -> str:
    return ", ".join(_of_days(days))


def _of_days(days: Tree) -> Iterator[str]:
    for post in days["posts"]:
        counts = "" if post["qualifies"] else " (teller ikke)"
        yield f"{CATEGORIES[Category(post['category'])]} {_decimal(post['percent'])} %{counts}"
    if not days["posts"]:
        yield "ingen stilling i kommunen"
    if days["percent_elsewhere"] != "0":
        yield f"{_decimal(days['percent_elsewhere'])} % i andre kommuner"
    if days["leave"] != "0":
        yield f"{_decimal(str(100 * Fraction(days['leave'])))} % fravær"
    yield "med ALIS-avtale" if days["agreement"] else "uten ALIS-avtale"
    yield from (CONDITIONS[code].words for code in days["failing"] if code not in _SAID_OF_DAYS)
    yield from (f"andel {share} som {CATEGORIES[Category(name)]}" for name, share in days["shares"].items())


def _window(window: Tree) -> Iterator[str]:
    parameter = window["months"]
    if window["first_month"] is None:
        told = "ingen måneder"
    else:
        told = f"{_run([window['first_month'], window['last_month']])}{_facts(window['facts'])}"
    yield f"  PRODUKTIVITETSVINDU: {told}"
    if parameter["value"] is not None:
        yield f"    {_parameter(parameter)}"
    if "rule_from" in window:
        yield f"    {_parameter(window['rule_from'])}"


def _five_years(years: Tree) -> Iterator[str]:
    within = str(sum((Fraction(part) for part in years["used"].values()), Fraction(0)))
    before = _exact(years["used_before"])
    yield f"  DE FEM ÅRENE, i måneder på heltid: {before} brukt før perioden, {_exact(within)} i den"
    yield f"    {_parameter(years['limit'])}"


def _parameter(parameter: Tree) -> str:
    if parameter["value"] is None:
        return f"{words.parameter(parameter['parameter'])}: ikke kjent"
    value = words.measured(parameter["value"], parameter["unit"])
    return f"{words.parameter(parameter['parameter'])}: {value}. {parameter['note']} ({_authority(parameter)})"


def _authority(sourced: Tree) -> str:
    return f"{BASES[sourced['basis']]}, {sourced['source']}"


def _facts(names: Sequence[str]) -> str:
    return f" ← {', '.join(f'«{name}»' for name in names)}" if names else ""


def _exact(text: str) -> str:
    """A whole number as it is; any other rounded to two decimals, with the exact fraction beside."""
    number = Fraction(text)
    if number.denominator == 1:
        return grouped(int(number))
    whole, hundredths = divmod(int(number * 100 + Fraction(1, 2)), 100)
    return f"{grouped(whole)},{hundredths:02d} ({text})"


def _decimal(text: str) -> str:
    """A percent: with decimals where it has them, as a fraction where decimals would not be exact."""
    number = Fraction(text)
    hundredths = number * 100
    if hundredths.denominator != 1:
        return text
    whole, rest = divmod(int(hundredths), 100)
    return f"{whole},{rest:02d}".rstrip("0").rstrip(",") if rest else str(whole)


def _run(months: Sequence[str]) -> str:
    """`juni–okt. 2025`."""
    return span_of(_number(months[0]), _number(months[-1]))


def _number(month: str) -> int:
    year, number = month.split("-")
    return int(year) * MONTHS_PER_CALENDAR_YEAR + int(number) - 1


def _between(first: str, last: str) -> str:
    if first == last:
        return day(date.fromisoformat(first))
    return f"{date.fromisoformat(first).day}.–{day(date.fromisoformat(last))}"
