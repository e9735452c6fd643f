"""The register of assumptions: each choice that a rule set makes, the alternatives, and where it stands."""

from dataclasses import asdict, dataclass
from typing import Any

from domain.rules.sets.options import OPTIONS, Choosable, Option, token
from domain.rules.sets.rule_set import RuleSet


@dataclass(frozen=True, slots=True)
class Alternative:
    """One value of an option, in words that stand after «at»."""

    value: Choosable
    words: str


@dataclass(frozen=True, slots=True)
class Choice:
    """A choice that was made, and what else could have been chosen."""

    option: str
    question: str
    value: Choosable
    words: str
    alternatives: tuple[Alternative, ...]
    basis: str
    source: str
    note: str

    def as_json(self) -> dict[str, Any]:
        """The choice by names."""
        return asdict(self)


def register(rules: RuleSet) -> tuple[Choice, ...]:
    """Every choice of a rule set, in the order of rules.md section 5."""
    return tuple(_choice(option, rules) for option in OPTIONS.values())


def _choice(option: Option, rules: RuleSet) -> Choice:
    made = rules.chosen[option.name]
    found = [Alternative(value, words) for value, words in option.words.items()]
    [chosen] = [each for each in found if token(each.value) == token(made.value)]
    others = tuple(each for each in found if each is not chosen)
    return Choice(option.name, option.question, made.value, chosen.words, others, made.basis, made.source, made.note)
