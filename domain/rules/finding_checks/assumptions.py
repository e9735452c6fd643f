"""Which choice decides the amount: the line is computed again under each alternative."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from domain.rules.amounts import Amounts, amounts
from domain.rules.finding_checks import wording
from domain.rules.finding_checks.view import Found, View
from domain.rules.months import Month, months, record
from domain.rules.rule_set import OPTIONS, RuleSet, with_options

Alternatives = Mapping[str, Sequence[tuple[str | bool, RuleSet]]]
"""For each option, the other values and the rules with each of them."""


class Effect(NamedTuple):
    """What an alternative does: in which months, and by how many kroner."""

    value: str | bool
    months: Sequence[int]
    kroner: int


def alternatives(rules: RuleSet) -> Alternatives:
    """The rules with each choice made otherwise, one at a time; made once for all lines."""
    return {
        option: [(value, with_options(rules, **{option: value})) for value in values if value != rules.options[option]]
        for option, values in OPTIONS.items()
        if option in rules.options
    }


def assumption_decides(view: View, others: Alternatives) -> Iterator[Found]:
    """A finding for each option that changes the line, with the kroner against each alternative."""
    now = amounts(view.line, view.municipality, view.rules, view.laid.costs)
    if now.missing:
        return
    for option, values in others.items():
        effects = [effect for value, rules in values if (effect := _effect(value, rules, now, view))]
        if effects:
            chosen = view.limits.words(option, view.rules.options[option])
            told = ", og ".join(_told(option, effect, view) for effect in effects)
            concerned = sorted({month for effect in effects for month in effect.months})
            yield Found(concerned, (), f"Beløpet hviler på at {chosen}; det ville blitt {told}.")


def _effect(value: str | bool, rules: RuleSet, now: Amounts, view: View) -> Effect | None:  # noqa: FBT001
    """What an alternative changes; None where the line is paid the same, or cannot be computed."""
    laid = record(view.doctor, rules)
    line = months(laid, view.municipality, rules)
    then = amounts(line, view.municipality, rules, laid.costs)
    difference = _net(then) - _net(now)
    return Effect(value, _changed(line, view), difference) if difference and not then.missing else None


def _net(found: Amounts) -> int:
    """What the municipality is left with."""
    return found.total - sum((found.reclaimed or {}).values())


def _changed(line: Sequence[Month], view: View) -> list[int]:
    """The months that are paid otherwise; all that are paid, where it is the line as a whole that is."""
    both = list(zip(view.line, line, strict=True))
    found = [now.number for now, then in both if now.outcome.paid != then.outcome.paid]
    return found or sorted(view.paid)


def _told(option: str, effect: Effect, view: View) -> str:
    more = "mer" if effect.kroner > 0 else "mindre"
    words = view.limits.words(option, effect.value)
    return f"{wording.kroner(abs(effect.kroner))} {more} hvis {words}"
