"""From one rule set to another of the same round, parameter by parameter, in the order of the rule set.

Between the two stand mixes of both: the other's value for what has been gone through, the first's for the rest. What
would make no rule set in between, or one that lacks a rate that both have, is one step.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from domain.rules.sets.rule_set import RuleSet, rule_set
from domain.values.refusals.refusal import Refused

Plain = dict[str, Any]
_WORDS: Final = frozenset({"name", "basis", "source", "note"})
"""What tells of an element, and decides nothing."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """A value, a choice, an element, or the list of municipalities that the two rule sets have otherwise.

    `before` and `after` are as the rule sets write it; None where one does not have it.
    """

    table: str
    name: str
    before: Plain | None
    after: Plain | None

    @property
    def key(self) -> str:
        """Where it stands in the rule set: `values.hourly_rate`."""
        return f"{self.table}.{self.name}" if self.name else self.table

    def as_json(self) -> Plain:
        """The parameter as each of the two has it, with its source."""
        return {"parameter": self.key, "from": self.before, "to": self.after}


@dataclass(frozen=True, slots=True)
class RuleStep:
    """One step: the parameters that change, and the rules after it."""

    parameters: tuple[Parameter, ...]
    rules: RuleSet


def rule_steps(before: RuleSet, after: RuleSet) -> Iterator[RuleStep]:
    """The steps from one rule set to another; the last of them leads to the other itself."""
    left = list(_parameters(before.completed, after.completed))
    if not left:
        yield from _reordered(before, after)
    mix, pending = _Mix(before, after), list[Parameter]()
    while left:
        parameter = left.pop(0)
        alone = mix.rules_with([parameter])
        together = [*pending, parameter] if alone is None else [parameter]
        rules = alone or mix.rules_with(together)
        if rules is None:
            pending.append(parameter)
            continue
        pending = [] if alone is None else pending
        mix.take(together)
        yield RuleStep(tuple(together), rules if left or pending else after)
    if pending:
        yield RuleStep(tuple(pending), after)


def _reordered(before: RuleSet, after: RuleSet) -> Iterator[RuleStep]:
    """Where nothing but the order of the elements differs, which decides between equal remainders."""
    old, new = ([each["id"] for each in side.completed["elements"]] for side in (before, after))
    if old != new:
        yield RuleStep((Parameter("elements", "", {"order": old}, {"order": new}),), after)


class _Mix:
    """Something between two rule sets."""

    def __init__(self, before: RuleSet, after: RuleSet) -> None:
        self._before, self._after = before, after
        self._plain = before.completed
        self._order = _merged_order(*([each["id"] for each in side.completed["elements"]] for side in (before, after)))
        self._unknown = _unknown(self._plain) | _unknown(after.completed)

    def take(self, parameters: Iterable[Parameter]) -> None:
        """Go on from here with what some parameters are in the other."""
        self._plain = self._changed(parameters)

    def rules_with(self, parameters: Iterable[Parameter]) -> RuleSet | None:
        """The rules with some more parameters of the other; None where they make no rule set that can stand."""
        plain = self._changed(parameters)
        lists = {each.municipalities.digest: each.municipalities for each in (self._before, self._after)}
        if not _unknown(plain) <= self._unknown:
            return None
        try:
            return rule_set(plain, "draft", lists[plain["municipalities"]])
        except Refused:
            return None

    def _changed(self, parameters: Iterable[Parameter]) -> Plain:
        plain = {**self._plain, "status": "draft"}
        for each in parameters:
            match each.table:
                case "values" | "options":
                    plain[each.table] = _merged({**plain[each.table]}, each)
                case "elements":
                    plain["elements"] = self._elements(plain["elements"], each)
                case _:
                    plain[each.table] = _whole(each)
        return plain

    def _elements(self, elements: Sequence[Plain], parameter: Parameter) -> list[Plain]:
        by_id = _merged({each["id"]: each for each in elements}, parameter)
        return [by_id[name] for name in self._order if name in by_id]


def _merged(table: Plain, parameter: Parameter) -> Plain:
    if parameter.after is None:
        return {name: each for name, each in table.items() if name != parameter.name}
    return {**table, parameter.name: parameter.after}


def _whole(parameter: Parameter) -> Any:  # noqa: ANN401 - as the rule set writes it
    """What stands in the rule set itself: the digest of a list, or the round."""
    assert parameter.after is not None  # noqa: S101 - no rule set is without
    return parameter.after["digest"] if parameter.table == "municipalities" else parameter.after


def _parameters(before: Plain, after: Plain) -> Iterator[Parameter]:
    """What decides anything and differs, in the order of the rule set."""
    if before["municipalities"] != after["municipalities"]:
        digests = ({"digest": side["municipalities"]} for side in (before, after))
        yield Parameter("municipalities", "", *digests)
    if _days(before) != _days(after):
        yield Parameter("round", "", before["round"], after["round"])
    for table in ("values", "elements", "options"):
        old, new = (_by_name(side, table) for side in (before, after))
        for name in _merged_order(list(old), list(new)):
            if _decides(old.get(name)) != _decides(new.get(name)):
                yield Parameter(table, name, old.get(name), new.get(name))


def _by_name(content: Plain, table: str) -> Mapping[str, Plain]:
    if table == "elements":
        return {each["id"]: each for each in content["elements"]}
    found: Mapping[str, Plain] = content[table]
    return found


def _decides(part: Plain | None) -> Plain | None:
    """The part without the words that tell of it."""
    return part and {name: value for name, value in part.items() if name not in _WORDS}


def _days(content: Plain) -> tuple[str, str]:
    return content["round"]["first_day"], content["round"]["last_day"]


def _merged_order(before: Sequence[str], after: Sequence[str]) -> list[str]:
    """The names of the other in its order, each that only the first has after the one that it follows there."""
    order, last = list(after), -1
    for name in before:
        if name in order:
            last = order.index(name)
        else:
            last += 1
            order.insert(last, name)
    return order


def _unknown(content: Plain) -> frozenset[str]:
    """The factors of elements that have no value."""
    named = {
        factor
        for each in content["elements"]
        for factors in ([*each["factors"]], *each.get("factors_for", {}).values())
        for factor in factors
    }
    return frozenset(named - content["values"].keys())
