"""The difference between two calculations of a municipality and round, explained krone by krone.

Each side is what is known under a rule set. From the one to the other goes a row of steps, and what each step
contributes is what comes out after it less what came out before it: so the contributions sum exactly, in the claim and
in each line. Months and elements that a step only rounds otherwise are summed up as rounding. The order of the steps is
defined (`ORDER`), for another order shares out otherwise what two changes do only together.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from domain.doctor.facts.fact import Fact
from domain.doctor.history import Doctor, as_known
from domain.rules.compare.explain_facts import Change, FactStep, changed, fact_steps
from domain.rules.compare.explain_kroner import NO_LINE, Kroner, kroner_of
from domain.rules.compare.explain_rules import Parameter, rule_steps
from domain.rules.compare.explain_words import of_facts, of_parameters
from domain.rules.line.monthly import MONTHLY
from domain.rules.result import Line, line_for, moment_text
from domain.rules.sets.rule_set import RuleSet
from domain.values import words
from domain.values.patience import ask
from domain.values.refusals.refusal import refused

ORDER: Final = (
    "Først opplysningene, i den rekkefølgen de ble registrert; de som bare «fra» bygger på, tas bort før de andre "
    "legges til, den sist registrerte først. Deretter parameterne, i regelsettets rekkefølge. Et bidrag er beløpet "
    "etter steget minus beløpet før det; det som ikke kan stå uten hverandre, er ett steg."
)
MOST_CHANGES: Final = 300
"""Of one doctor between the two sides; more are explained in parts."""
ROUNDING: Final = (
    f"{MONTHLY} Elementene vises i hele kroner som summerer til linjen, etter største rest. Måneder og elementer som "
    "bare blir avrundet annerledes, er slått sammen til avrunding."
)


@dataclass(frozen=True, slots=True)
class Side:
    """One of two calculations: what is known of each doctor (by HPR number), under a rule set.

    Facts are in the order in which they became known, valid in that order; what both sides know stands in the same
    order in both. `supposed` are those (HPR number and id) that are only supposed; `known_at` is for the reader.
    """

    facts: Mapping[str, Sequence[Fact]]
    rules: RuleSet
    known_at: datetime | None = None
    supposed: frozenset[tuple[str, str]] = frozenset()


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one step does to the lines (by HPR number); those alone that it changes."""

    facts: tuple[Change, ...]
    parameters: tuple[Parameter, ...]
    lines: Mapping[str, Kroner]

    @property
    def kroner(self) -> int:
        """What it does to the claim."""
        return sum(each.total for each in self.lines.values())

    def text(self, here: Collection[str] | None = None) -> str:
        """What changed, in Norwegian; as told to a municipality (by all its codes), without the names of others."""
        return of_facts(self.facts, here) if self.facts else of_parameters(self.parameters)

    def as_json(self, here: Collection[str] = (), *, whole: bool = False) -> dict[str, Any]:
        """The cause, the kroner, and of which lines and months, as told to a municipality (by all its codes)."""
        return {
            "kind": "fact" if self.facts else "parameter",
            "kroner": self.kroner,
            "text": self.text(None if whole else here),
            "facts": [each.as_json(here, whole=whole) for each in self.facts],
            "parameters": [each.as_json() for each in self.parameters],
            "lines": [{"hpr": hpr, **each.as_json()} for hpr, each in self.lines.items()],
        }


@dataclass(frozen=True, slots=True)
class Difference:
    """Two calculations, and every step from the one to the other; lines by HPR number."""

    municipality: str
    sides: tuple[Side, Side]
    lines: tuple[Mapping[str, Kroner], Mapping[str, Kroner]]
    steps: tuple[Contribution, ...]

    @property
    def kroner(self) -> int:
        """What the claim changes by."""
        before, after = (_total(lines) for lines in self.lines)
        return after - before

    @property
    def contributions(self) -> tuple[Contribution, ...]:
        """The steps that change a line, in their order."""
        return tuple(step for step in self.steps if step.lines)

    @property
    def without_effect(self) -> tuple[Contribution, ...]:
        """The steps that change nothing."""
        return tuple(step for step in self.steps if not step.lines)

    @property
    def changed(self) -> dict[str, Kroner]:
        """The lines that change."""
        before, after = self.lines
        return _changes(before, after)

    @property
    def here(self) -> frozenset[str]:
        """Every code of the municipality, in the lists of both sides."""
        lists = (side.rules.municipalities for side in self.sides)
        return frozenset(code for each in lists for code in each.codes_of(self.municipality))

    def as_json(self, *, whole: bool = False) -> dict[str, Any]:
        """The difference, with the order of attribution.

        Unless for somebody who sees the `whole` doctors, of the facts of other municipalities nothing is told but what
        they do to the lines; those that do nothing are not told of.
        """
        idle, here = self.without_effect, self.here
        idle_facts = [fact for each in idle for fact in each.facts if whole or not fact.is_elsewhere(here)]
        before, after = self.lines
        return {
            "municipality": self.municipality,
            "round": self.sides[0].rules.round.id,
            "from": _side(self.sides[0], before),
            "to": _side(self.sides[1], after),
            "difference": self.kroner,
            "order": ORDER,
            "rounding": ROUNDING,
            "contributions": [each.as_json(here, whole=whole) for each in self.contributions],
            "without_effect": {
                "facts": [fact.as_json(here, whole=whole) for fact in idle_facts],
                "parameters": [parameter.as_json() for each in idle for parameter in each.parameters],
            },
            "lines": [
                {"hpr": hpr, "from": _amount(before, hpr), "to": _amount(after, hpr), **each.as_json()}
                for hpr, each in self.changed.items()
            ],
        }


def explained(municipality: str, before: Side, after: Side) -> Difference:
    """The difference between two calculations of one municipality and round.

    Raises `Refused` (unknown-municipality, wrong-round, too-much-to-explain).
    """
    if before.rules.round.id != after.rules.round.id:
        raise refused("wrong-round", rules=after.rules.id, of=after.rules.round.id, round=before.rules.round.id)
    _check_size(before, after)
    concerned = _concerned(municipality, before, after)
    first, last = ({hpr: both[at] for hpr, both in concerned.items()} for at in (0, 1))
    under_first, by_facts = dict(first), list[tuple[FactStep, Contribution]]()
    for hpr in concerned:
        for step, contribution, found in _by_facts(hpr, first[hpr], municipality, (before, after)):
            by_facts.append((step, contribution))
            under_first[hpr] = found
    steps = [
        *(contribution for _, contribution in _in_order(by_facts)),
        *_by_rules(under_first, municipality, (before, after)),
    ]
    return Difference(after.rules.municipalities.current(municipality), (before, after), (first, last), tuple(steps))


def _check_size(before: Side, after: Side) -> None:
    """Each step of a doctor is computed with all that is known, so twice the steps take four times as long."""
    for hpr in before.facts.keys() | after.facts.keys():
        gone, new = changed(before.facts.get(hpr, ()), after.facts.get(hpr, ()))
        if len(gone) + len(new) > MOST_CHANGES:
            moments = sorted(fact.recorded_at for fact in (*gone, *new))
            raise refused(
                "too-much-to-explain",
                hpr=hpr,
                number=len(moments),
                most=MOST_CHANGES,
                between=words.moment(moments[MOST_CHANGES - 1]),
            )


def _concerned(municipality: str, before: Side, after: Side) -> dict[str, tuple[Kroner, Kroner]]:
    """The doctors with a line on either side, in the order of the HPR number, with the line's kroner on both."""
    found = {}
    for hpr in sorted({*before.facts, *after.facts}, key=lambda each: (int(each), each)):
        ask()
        was, now = (_line(hpr, as_known(side.facts.get(hpr, ())), municipality, side.rules) for side in (before, after))
        if was or now:
            found[hpr] = kroner_of(was, before.rules), kroner_of(now, after.rules)
    return found


def _by_facts(
    hpr: str, first: Kroner, municipality: str, sides: tuple[Side, Side]
) -> Iterator[tuple[FactStep, Contribution, Kroner]]:
    """What each step does to a doctor's line, and what the line is after it."""
    before, after = sides
    known = (before.facts.get(hpr, ()), after.facts.get(hpr, ()))
    now = first
    for step in fact_steps(*known, before.supposed | after.supposed):
        ask()
        then = _kroner(hpr, as_known(step.known), municipality, before.rules)
        yield step, Contribution(step.changes, (), _changes({hpr: now}, {hpr: then})), then
        now = then


def _by_rules(lines: Mapping[str, Kroner], municipality: str, sides: tuple[Side, Side]) -> Iterator[Contribution]:
    """What each step from the one rule set to the other does to some lines."""
    before, after = sides
    doctors = {hpr: as_known(after.facts.get(hpr, ())) for hpr in lines}
    now = lines
    for step in rule_steps(before.rules, after.rules):
        then = {}
        for hpr, doctor in doctors.items():
            ask()
            then[hpr] = _kroner(hpr, doctor, municipality, step.rules)
        yield Contribution((), step.parameters, _changes(now, then))
        now = then


def _in_order(steps: Sequence[tuple[FactStep, Contribution]]) -> Iterator[tuple[FactStep, Contribution]]:
    """The steps of all doctors: what is taken away first, the last recorded first; then what is added."""

    def moment(each: tuple[FactStep, Contribution]) -> datetime:
        return each[0].changes[-1].fact.recorded_at

    gone = [each for each in steps if not each[0].changes[-1].added]
    new = [each for each in steps if each[0].changes[-1].added]
    yield from sorted(gone, key=moment, reverse=True)
    yield from sorted(new, key=moment)


def _kroner(hpr: str, doctor: Doctor, municipality: str, rules: RuleSet) -> Kroner:
    return kroner_of(_line(hpr, doctor, municipality, rules), rules)


def _line(hpr: str, doctor: Doctor, municipality: str, rules: RuleSet) -> Line | None:
    return line_for(hpr, doctor, rules.municipalities.current(municipality), rules)


def _changes(before: Mapping[str, Kroner], after: Mapping[str, Kroner]) -> dict[str, Kroner]:
    found = {hpr: after[hpr].since(before.get(hpr, NO_LINE)) for hpr in after}
    return {hpr: each for hpr, each in found.items() if not each.is_nothing}


def _total(lines: Mapping[str, Kroner]) -> int:
    return sum(each.total for each in lines.values())


def _amount(lines: Mapping[str, Kroner], hpr: str) -> int | None:
    return None if lines[hpr].missing else lines[hpr].total


def _side(side: Side, lines: Mapping[str, Kroner]) -> dict[str, Any]:
    return {
        "known_at": moment_text(side.known_at) if side.known_at else None,
        "rules": side.rules.id,
        "rules_status": side.rules.status,
        "rules_digest": side.rules.digest,
        "what_if": [{"hpr": hpr, "id": name} for hpr, name in sorted(side.supposed)],
        "total": _total(lines),
        "complete": not any(each.missing for each in lines.values()),
    }
