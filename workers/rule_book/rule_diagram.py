"""What depends on what in a rule set, as a Mermaid diagram."""

from collections.abc import Iterator

from domain.rules.sets.content import Element
from domain.rules.sets.rule_set import RuleSet
from domain.values.words import number_text

_CONDITIONS = (
    ("lop", "spesialiseringsløp"),
    ("stilling", "tellende stilling"),
    ("fravaer", "fravær og institusjonstjeneste"),
    ("avtale", "ALIS-avtale i kraft"),
    ("femaar", "de fem årene"),
)


def diagram(rules: RuleSet) -> str:
    """The diagram as a block of Markdown."""
    return "\n".join(["```mermaid", "flowchart LR", *_conditions(rules), *_parameters(rules), *_elements(rules), "```"])


def _conditions(rules: RuleSet) -> Iterator[str]:
    yield "  fakta([opplysninger om legen])"
    for name, words in _CONDITIONS:
        yield f'  fakta --> {name}["{words}"] --> grunnlag{{"månedens grunnlag"}}'
    yield '  fakta --> andel["andel av full stilling"] --> femaar'
    yield "  avtale --> femaar"
    yield '  andel --> kroner["månedens kroner"]'
    yield "  grunnlag --> kroner"
    if "window_months" in rules.content.values:
        yield '  lop --> vindu["de første månedene"] --> kroner'
    yield '  kroner --> linje(["linjen, avrundet én gang"])'


def _parameters(rules: RuleSet) -> Iterator[str]:
    """The numbers that the elements are made of, and those that the conditions ask for."""
    used = {factor for each in rules.content.elements for factor in _factors(each)}
    for name, value in rules.content.values.items():
        if name in used:
            yield f'  p_{name}[/"{name}<br/>{number_text(value.value)} {value.unit}"/]'
    for name in sorted(used - rules.content.values.keys()):
        yield f'  p_{name}[/"{name}<br/>ukjent"/]'
    for name, target in (("duration_months", "femaar"), ("locum_months", "stilling"), ("window_months", "vindu")):
        if name in rules.content.values:
            yield f'  p_{name}[/"{name}<br/>{number_text(rules.content.values[name].value)}"/] --> {target}'


def _elements(rules: RuleSet) -> Iterator[str]:
    for each in rules.content.elements:
        yield f'  e_{each.id}["{each.name}"] --> kroner'
        yield from (f"  p_{factor} --> e_{each.id}" for factor in _factors(each))
        yield from (f"  e_{other} --> e_{each.id}" for other in each.of)
        if each.centrality:
            yield f'  klasse["kommunens sentralitetsklasse"] --> e_{each.id}'


def _factors(element: Element) -> list[str]:
    """Every factor of an element, once."""
    return list(dict.fromkeys([*element.factors, *(name for each in element.factors_for.values() for name in each)]))
