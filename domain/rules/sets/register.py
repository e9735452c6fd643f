"""The register of assumptions: each choice that a rule set makes, the alternatives, and where it stands."""

from dataclasses import asdict, dataclass
from typing import Any

from domain.rules.sets.options import OPTIONS, Choosable, Option, token
from domain.rules.sets.rule_set import RuleSet
from domain.rules.sets.rulings import RulingShape


@dataclass(frozen=True, slots=True)
class Alternative:
    """One value of an option, in words that stand after «at»."""

    value: Choosable
    words: str


@dataclass(frozen=True, slots=True)
class Choice:
    """A choice that was made, and what else could have been chosen.

    `basis`, `source` and `note` are those of the ruling that it follows, where there is one.
    """

    option: str
    question: str
    value: Choosable
    words: str
    alternatives: tuple[Alternative, ...]
    basis: str
    source: str
    note: str
    ruling: RulingShape | None

    def as_json(self) -> dict[str, Any]:
        """The choice by names; without `ruling` where there is none."""
        found = asdict(self)
        return found if self.ruling else {name: each for name, each in found.items() if name != "ruling"}


def register(rules: RuleSet) -> tuple[Choice, ...]:
    """Every choice of a rule set, in the order of rules.md section 5."""
    return tuple(_choice(option, rules) for option in OPTIONS.values())


def _choice(option: Option, rules: RuleSet) -> Choice:
    made = rules.authorities[option.name]
    found = [Alternative(value, words) for value, words in option.words.items()]
    [chosen] = [each for each in found if token(each.value) == token(made.value)]
    others = tuple(each for each in found if each is not chosen)
    sourced = (made.basis, made.source, made.note)
    return Choice(
        option.name, option.question, made.value, chosen.words, others, *sourced, rules.ruling_on(option.name)
    )
