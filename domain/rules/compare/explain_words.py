"""What changed from one calculation to another, in Norwegian; of a fact its type and name, never its content."""

import re
from collections.abc import Collection, Iterable, Mapping
from typing import Any, Final

from domain.doctor.facts.fact import Fact
from domain.doctor.facts.facts import FactCorrected
from domain.rules.compare.explain_facts import Change
from domain.rules.compare.explain_rules import Parameter
from domain.rules.sets.options import OPTIONS
from domain.values import words

_MADE: Final = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_ELSEWHERE: Final = "en opplysning fra en annen kommune"
_UNKNOWN: Final = "uten verdi"
"""A value that a rule set lacks: it is not known, and never zero."""


def of_facts(changes: Iterable[Change], here: Collection[str] | None = None) -> str:
    """`permisjon eller annet fravær («5») for 9000001`, several with «og» between.

    As told to a municipality (`here` are its codes), another's facts are told by nothing but whose they are.
    """
    told = (_of_fact(each, named=here is None or not each.is_elsewhere(here)) for each in changes)
    return words.listed(dict.fromkeys(told))


def _of_fact(change: Change, *, named: bool) -> str:
    fact, how = change.fact, "" if change.added else "uten "
    if not named:
        return f"{how}{_ELSEWHERE} for {fact.hpr}"
    of = f" av «{fact.corrects}»" if isinstance(fact, FactCorrected) and not _is_made(fact.corrects) else ""
    supposed = ", forutsatt" if change.supposed else ""
    return f"{how}{fact.words}{of} ({_name(fact)}{supposed}) for {fact.hpr}"


def _name(fact: Fact) -> str:
    """The id of a fact as its sender chose it; if the service made the id, when the fact was registered."""
    return f"registrert {words.moment(fact.recorded_at)}" if _is_made(fact.id) else f"«{fact.id}»"


def _is_made(name: str) -> bool:
    """Whether the service made up the name, as it does where none was sent."""
    return re.fullmatch(_MADE, name) is not None


def of_parameters(parameters: Iterable[Parameter]) -> str:
    """`salærsats: 1 367 → 1 375 kroner per time`, several with «og» between."""
    return words.listed(map(_of_parameter, parameters))


def _of_parameter(parameter: Parameter) -> str:
    before, after = parameter.before, parameter.after
    match parameter.table:
        case "values":
            return f"{words.parameter(parameter.name)}: {_value(before)} → {_value(after)}{_unit(parameter)}"
        case "options":
            return f"det forutsettes {_choice(parameter, after)}, ikke lenger {_choice(parameter, before)}"
        case "elements" if parameter.name:
            return f"elementet {(after or before or {})['name']} {_what_happened(parameter)}"
        case "elements":
            return "rekkefølgen av elementene"
        case "municipalities":
            return "kommunelisten er en annen"
        case _:
            return "tilskuddsperioden har andre dager"


def parameter_name(parameter: Parameter) -> str:
    """What a parameter is about: `salærsats`, `valget «hver dag teller for seg»`."""
    match parameter.table:
        case "values":
            return words.parameter(parameter.name)
        case "options":
            return f"valget {_choice(parameter, parameter.after)}"
        case _:
            return _of_parameter(parameter)


def _value(value: Mapping[str, Any] | None) -> str:
    return _UNKNOWN if value is None else words.value_text(str(value["value"]))


def _unit(parameter: Parameter) -> str:
    """The unit, once, after the last number; a day has none."""
    after = parameter.after
    return "" if after is None or "-" in after["value"] else f" {after['unit']}"


def _choice(parameter: Parameter, chosen: Mapping[str, Any] | None) -> str:
    """What was chosen; a rule set that is older than a choice has a value of it too."""
    assert chosen is not None  # noqa: S101 - every rule set has every choice
    return f"at {OPTIONS[parameter.name].words[chosen['value']]}"


def _what_happened(parameter: Parameter) -> str:
    if parameter.before is None:
        return "kommer til"
    return "faller bort" if parameter.after is None else "regnes annerledes"
