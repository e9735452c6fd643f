"""The rule book that one can read: one Markdown page for each rule set of the release, made of the rule sets alone."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from itertools import chain

from domain.rules.sets.content import Element
from domain.rules.sets.options import token
from domain.rules.sets.register import Choice, register
from domain.rules.sets.rule_set import RuleSet
from domain.values.rounding import round_half_up
from domain.values.words import CATEGORIES, day, grouped, listed, number_text, value_text
from workers.rule_book.rule_diagram import diagram
from workers.rule_book.rule_examples import Example, told
from workers.rule_book.rule_words import rules_in_words
from workers.shell.rule_tables import COMPLETENESS, days_of
from workers.shell.table import BASES, STATUS

_UNKNOWN = "ikke kjent"
_MADE = "<!-- Laget av `alis rules book`; endres i regelsettet, aldri her. -->"


def pages(rule_sets: Sequence[RuleSet], examples: Sequence[Example]) -> Mapping[str, str]:
    """The pages by their file names: one for each rule set, and one that leads to them."""
    ordered = sorted(rule_sets, key=lambda rules: (rules.round.first_day, rules.content.published_on or date.max))
    made = {f"{rules.id}.md": _text(_page(rules, ordered, examples)) for rules in ordered}
    return {**made, "README.md": _text(_index(ordered))}


def _text(lines: Iterator[str]) -> str:
    return "\n".join(lines) + "\n"


def _index(rule_sets: Sequence[RuleSet]) -> Iterator[str]:
    yield _MADE
    yield "# Regelboken"
    yield ""
    yield "Reglene for Nasjonal ALIS og veiledning, ett regelsett på hver side, slik programmet regner."
    yield ""
    yield "| regelsett | tilskuddsperiode | status | innhold |"
    yield "|---|---|---|---|"
    for each in rule_sets:
        status, whole = STATUS[each.status], COMPLETENESS[each.content.completeness]
        yield f"| [{each.content.title}]({each.id}.md) | {each.round.id}, {days_of(each)} | {status} | {whole} |"
    yield ""
    yield from _history(rule_sets)


def _page(rules: RuleSet, every: Sequence[RuleSet], examples: Sequence[Example]) -> Iterator[str]:
    yield _MADE
    yield f"# {rules.content.title}"
    yield ""
    yield from _facts(rules)
    yield from _in_words(rules)
    yield from _elements(rules)
    yield "## Hva som avhenger av hva"
    yield ""
    yield diagram(rules)
    yield ""
    yield from _parameters(rules)
    yield from _history(every)
    yield from _register(rules)
    yield from _examples(rules, examples)


def _facts(rules: RuleSet) -> Iterator[str]:
    content, round_ = rules.content, rules.round
    yield "| | |"
    yield "|---|---|"
    rows = {
        "Regelsett": f"`{rules.id}`",
        "Status": f"{STATUS[rules.status]}, {COMPLETENESS[content.completeness]}",
        "Vedtatt": _day(content.adopted_on),
        "Kunngjort": _day(content.published_on),
        "Gjelder": f"tilskuddsperioden {round_.id}, {days_of(rules)}",
        "Søknadsfrist": _day(round_.claim_deadline),
        "Rapportfrist": _day(round_.report_due),
        "Avløser": f"`{content.supersedes}`" if content.supersedes else "–",
        "Kommuneliste": f"`{content.municipalities}`",
        "Digest": f"`{rules.digest}`",
    }
    yield from (f"| {name} | {words} |" for name, words in rows.items())
    yield ""
    yield f"{round_.note} *({BASES[round_.basis]}, {round_.source})*"
    yield ""


def _in_words(rules: RuleSet) -> Iterator[str]:
    yield "## Reglene"
    yield ""
    for number, rule in enumerate(rules_in_words(rules), start=1):
        yield f"### {number}. {rule.heading}"
        yield ""
        yield from (f"- {sentence}" for sentence in rule.sentences)
        yield ""


def _elements(rules: RuleSet) -> Iterator[str]:
    yield "## Elementene"
    yield ""
    yield "| element | regnes ut som | kroner i året | gis til | kilde |"
    yield "|---|---|--:|---|---|"
    for each in rules.content.elements:
        annual = rules.annual.get(each.id)
        worth = grouped(round_half_up(annual)) if annual is not None else "–" if each.of else _UNKNOWN
        yield f"| {each.name} | {_product(each, rules)} | {worth} | {_given_to(each)} | {each.source} |"
    yield ""


def _product(element: Element, rules: RuleSet) -> str:
    """The factors with their numbers."""
    values = rules.content.values
    factors = [
        f"{name} ({number_text(values[name].value) if name in values else 'ukjent'})" for name in element.factors
    ]
    of = [f"({' + '.join(element.of)})"] if element.of else []
    others = (f"; for {CATEGORIES[who]}: {' × '.join(names)}" for who, names in element.factors_for.items())
    return " × ".join([*factors, *of]) + "".join(others)


def _given_to(element: Element) -> str:
    who = listed(CATEGORIES[each] for each in element.categories)
    flags = {
        "i de første månedene": element.window,
        "i kommuner i klassen": element.centrality,
        "også ved kun veiledning": element.guidance_only,
        "bare ved kun veiledning": not element.under_agreement,
    }
    return "; ".join([who, *(words for words, on in flags.items() if on)])


def _parameters(rules: RuleSet) -> Iterator[str]:
    yield "## Parametrene"
    yield ""
    yield "| parameter | verdi | grunnlag | kilde | merknad |"
    yield "|---|---|---|---|---|"
    for name, each in rules.values.items():
        value = value_text(each.value) if each.day else f"{number_text(each.value)} {each.unit}"
        yield f"| `{name}` | {value} | {BASES[each.basis]} | {each.source} | {each.note} |"
    yield ""


def _history(rule_sets: Sequence[RuleSet]) -> Iterator[str]:
    yield "## Parametrene gjennom periodene"
    yield ""
    yield "En strek betyr at verdien ikke er kjent, eller at regelsettet ikke bruker den. Uthevet er endret siden sist."
    yield ""
    yield "| parameter | " + " | ".join(each.id.removeprefix("nasjonal-alis-") for each in rule_sets) + " |"
    yield "|---|" + "--:|" * len(rule_sets)
    for name in dict.fromkeys(chain.from_iterable(each.values for each in rule_sets)):
        yield f"| `{name}` | " + " | ".join(_through(name, rule_sets)) + " |"
    yield ""


def _through(name: str, rule_sets: Sequence[RuleSet]) -> Iterator[str]:
    before: Fraction | date | None = None
    for each in rule_sets:
        value = each.values.get(name)
        exact = each.dates.get(name) or each.numbers.get(name)
        shown = value_text(value.value) if value else "–"
        yield f"**{shown}**" if None not in (before, exact) and exact != before else shown
        before = exact if exact is not None else before


def _register(rules: RuleSet) -> Iterator[str]:
    yield "## Forutsetningene"
    yield ""
    yield "| spørsmål | valgt | alternativer | grunnlag | kilde |"
    yield "|---|---|---|---|---|"
    yield from map(_choice, register(rules))
    yield ""
    yield from _rulings(rules)


def _rulings(rules: RuleSet) -> Iterator[str]:
    """The rulings that hold for the round; a page without them has no heading either."""
    if rules.ruled:
        yield "## Fortolkningene"
        yield ""
    for ruling, beside in zip(rules.ruled.values(), rules.rulings_on(), strict=True):
        yield f"- **{ruling.question}** {ruling.answer} {beside['text']} Binder: {ruling.binds}."
    if rules.ruled:
        yield ""


def _choice(choice: Choice) -> str:
    others = "<br>".join(f"`{token(each.value)}`: at {each.words}" for each in choice.alternatives)
    made = f"`{token(choice.value)}`: at {choice.words}"
    return f"| {choice.question}<br>`{choice.option}` | {made} | {others} | {BASES[choice.basis]} | {choice.source} |"


def _examples(rules: RuleSet, examples: Sequence[Example]) -> Iterator[str]:
    mine = [each for each in examples if each.round == rules.round.id]
    yield "## Regneeksempler"
    yield ""
    if not examples:
        yield "Eksemplene er ikke med her: de avtalte tilfellene ligger i kildekoden."
    elif not mine:
        yield f"Ingen av de avtalte eksemplene gjelder tilskuddsperioden {rules.round.id}."
    else:
        yield from _told(rules, mine)


def _told(rules: RuleSet, mine: Sequence[Example]) -> Iterator[str]:
    yield "Hvert eksempel er et av de avtalte tilfellene som programmet prøves mot, regnet ut med dette regelsettet."
    yield "Regnestykket er årsbeløpet × månedene regnet om til full stilling ÷ 12."
    yield ""
    for each in mine:
        yield from told(each, rules)


def _day(of: date | None) -> str:
    return day(of) if of else _UNKNOWN
