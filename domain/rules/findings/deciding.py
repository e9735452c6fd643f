"""The choices that decide the amount of a claim: those of its lines, with the kroner of all lines together."""

from collections.abc import Iterable, Sequence
from typing import Any, Literal, NotRequired

from domain.rules.findings.assumptions import Touch
from domain.rules.sets.options import token
from domain.rules.sets.register import Choice, register
from domain.rules.sets.rule_set import RuleSet
from domain.rules.sets.rulings import RulingShape
from domain.values.fields import Shape

Json = dict[str, Any]


class AlternativeOfAll(Shape):
    """What another choice would do to the whole claim; in words that stand after «at»."""

    value: str | bool
    words: str
    kroner: int


class DecidingChoice(Shape):
    """A choice of the rule set that decides the amount of so many lines, with its authority and every alternative."""

    option: str
    question: str
    value: str | bool
    words: str
    basis: Literal["stated", "inferred", "assumed"]
    source: str
    note: str
    ruling: NotRequired[RulingShape]
    lines: int
    alternatives: list[AlternativeOfAll]


def deciding(rules: RuleSet, lines: Iterable[Sequence[Touch]]) -> list[Json]:
    """Each choice that decides any line, with its words and authority, and what each alternative would do to the claim.

    The kroner of an alternative are those of all lines; it can be there with none, where they cancel out.
    """
    touches = [touch for line in lines for touch in line]
    touched = {touch.option for touch in touches}
    return [_told(choice, touches) for choice in register(rules) if choice.option in touched]


def _told(choice: Choice, touches: Iterable[Touch]) -> Json:
    mine = [touch for touch in touches if touch.option == choice.option]
    effects = [effect for touch in mine for effect in touch.effects]
    told = choice.as_json()
    alternatives: list[Json] = list(told.pop("alternatives"))
    for each in alternatives:
        each["kroner"] = sum(effect.kroner for effect in effects if token(effect.value) == token(each["value"]))
    return {**told, "lines": len(mine), "alternatives": alternatives}
