"""The rules in plain Norwegian words, each with its source: what a rule book says of a rule set.

The numbers and choices of the rule set are said from its content; what all rule sets share is
told here, with the source that rules.md gives it; the conditions are `domain.rules.days.conditions`.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from domain.rules.days.conditions import CONDITIONS, INSTITUTIONAL_SERVICE, ON_LEAVE
from domain.rules.sets.content import Sourced
from domain.rules.sets.newer_values import WINDOW_RULE_FROM
from domain.rules.sets.options import OPTIONS, Stage
from domain.rules.sets.rule_set import RuleSet
from domain.values.words import number_text, value_text
from workers.shell.table import BASES

_R25: Final = "regelverksendring-2025-06-01.txt"
_MAL: Final = "alis-avtale-mal.txt"
_RESTS_ON: Final = {
    "stated": "Det er fastsatt",
    "inferred": "Det følger av kilden",
    "assumed": "Det er lagt til grunn",
}
"""What a choice rests on, as a sentence begins."""


_CHOSEN_OF: Final = {ON_LEAVE: ("full_leave",), INSTITUTIONAL_SERVICE: ("hospital_service", "hospital_days")}
"""The choices about what a condition closes."""
_ROUNDED: Final = ("assumed", "prøvd mot tabellen i regelverksendring-2025-06-01.txt")


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule under a heading: sentences, each with the authority it rests on."""

    heading: str
    sentences: tuple[str, ...]


def rules_in_words(rules: RuleSet) -> tuple[Rule, ...]:
    """Every rule of a rule set, in the order in which a line is found."""
    made = (_months, _conditions, _positions, _agreements, _shares, _duration, _window, _amounts, _costs)
    found = [make(rules) for make in made]
    return tuple(each for each in (*found, _others(rules, found)) if each.sentences)


def _said(sentence: str, basis: str, source: str) -> str:
    return f"{sentence} *({BASES[basis]}, {source})*"


def _chosen(option: str, rules: RuleSet) -> str:
    """A choice as a sentence, with its source in the rule set."""
    made, ruling = rules.authorities[option], rules.ruling_on(option)
    against = "" if ruling is None or ruling["followed"] else f" {ruling['text']}"
    return _said(f"{_RESTS_ON[made.basis]} at {OPTIONS[option].words[made.value]}.{against}", made.basis, made.source)


def _of(words: str, sourced: Sourced) -> str:
    return _said(f"{words[0].upper()}{words[1:]}.", sourced.basis, sourced.source)


def _number(name: str, rules: RuleSet) -> str:
    return number_text(rules.content.values[name].value)


def _months(rules: RuleSet) -> Rule:
    return Rule(
        "Hele måneder",
        (
            _said("Tilskuddet regnes i hele måneder: et vilkår må holde hver dag i måneden.", "stated", _R25),
            _chosen("months", rules),
            _chosen("partly_agreed_month", rules),
        ),
    )


def _conditions(rules: RuleSet) -> Rule:
    return Rule("Dager som stenger måneden", tuple(_in_order(rules)))


def _in_order(rules: RuleSet) -> Iterator[str]:
    """Each condition, and after it the choices that say what it closes."""
    for code, each in CONDITIONS.items():
        yield _said(each.sentence, each.basis, each.source)
        yield from (_chosen(option, rules) for option in _CHOSEN_OF.get(code, ()))


def _positions(rules: RuleSet) -> Rule:
    least = rules.content.values["locum_months"]
    return Rule(
        "Stilling som gir tilskudd",
        (
            _said(
                "Tilskudd gis for fastlege, fastlegevikar, introduksjonslege og allmennlege utenfor fastlegeordningen.",
                "stated",
                f"{_MAL}, 2",
            ),
            _of(
                f"et fastlegevikariat teller bare når det varer mer enn {_number('locum_months', rules)} måneder", least
            ),
        ),
    )


def _agreements(rules: RuleSet) -> Rule:
    return Rule(
        "ALIS-avtale i kraft",
        (
            _chosen("agreement_counts_from", rules),
            _said(
                "Avtalen opphører av seg selv når legen slutter i kommunen; en ny begynnelse etter et opphold krever ny"
                " avtale.",
                "stated",
                f"{_MAL}, 1.2",
            ),
            _said("Institusjonstjeneste utenfor kommunen bryter den ikke.", "inferred", f"{_MAL}, 1.2"),
        ),
    )


def _shares(rules: RuleSet) -> Rule:
    return Rule(
        "Andel av full stilling",
        tuple(_chosen(option, rules) for option in ("over_100", "graded_leave", "change_in_month")),
    )


def _duration(rules: RuleSet) -> Rule:
    most = rules.content.values["duration_months"]
    return Rule(
        "De fem årene",
        (
            _of(f"det gis tilskudd i høyst {_number('duration_months', rules)} måneder på heltid for hver lege", most),
            _chosen("duration_counts", rules),
            _said("Deltid og fravær etter lov eller avtale forlenger tiden.", "stated", f"{_MAL}, 1.2"),
            _chosen("after_duration", rules),
        ),
    )


def _window(rules: RuleSet) -> Rule:
    sentences: tuple[str, ...] = ()
    if "window_months" in rules.content.values:
        number, length = _number("window_months", rules), rules.content.values["window_months"]
        options = ("window_anchor", "window_paused_by_leave", "window_counts_before_2025_06")
        given = _of(f"produktivitetselementet gis de {number} første månedene av løpet, uansett prosent", length)
        since = rules.values[WINDOW_RULE_FROM]
        begun = _of(f"regelen gjelder fra {value_text(since.value)}", since)
        sentences = (given, begun, *(_chosen(option, rules) for option in options))
    return Rule("Produktivitetselementets første måneder", sentences)


def _amounts(rules: RuleSet) -> Rule:
    return Rule("Beløpene", tuple(_amount_sentences(rules)))


def _amount_sentences(rules: RuleSet) -> Iterator[str]:
    year = rules.content.values["months_per_year"]
    yield _of(f"beløpet for en måned er årsbeløpet × andelen ÷ {_number('months_per_year', rules)}, eksakt", year)
    yield from (_of(f"{each.name}: {each.note.rstrip('.')}", each) for each in rules.content.elements)
    yield _said("Linjen er den eksakte summen, avrundet én gang til hele kroner; en halv krone rundes opp.", *_ROUNDED)
    yield _said("Elementene vises i hele kroner som summerer til linjen, etter største rest.", *_ROUNDED)


def _costs(rules: RuleSet) -> Rule:
    return Rule(
        "Kostnader og ubrukte midler", tuple(_chosen(name, rules) for name in ("payment_basis", "unused_funds"))
    )


def _others(rules: RuleSet, told: Iterable[Rule]) -> Rule:
    """The choices that no rule tells; of a rule set without a window none of those about it."""
    said = {sentence for rule in told for sentence in rule.sentences}
    has_window = "window_months" in rules.content.values
    asked = (name for name, option in OPTIONS.items() if has_window or option.decides is not Stage.WINDOW)
    return Rule("Andre valg", tuple(each for each in (_chosen(name, rules) for name in asked) if each not in said))
