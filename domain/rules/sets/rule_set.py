"""A rule set ready to compute with; its digest is SHA-256 over RFC 8785 JSON of its content."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from fractions import Fraction
from functools import cached_property
from itertools import product, starmap
from math import lcm, prod
from typing import Any, Final

import rfc8785
from pydantic import JsonValue

from domain.rules.sets.checks import Flaw, bad_rule_set, checked
from domain.rules.sets.content import Chosen, Content, Digest, Element, Round, Terms, Value
from domain.rules.sets.municipalities import MunicipalityList
from domain.rules.sets.newer_values import NEWER_VALUES
from domain.rules.sets.options import OPTIONS, Choosable, Stage
from domain.rules.sets.rulings import Ruling, RulingShape
from domain.values.days.calendar import first_of, last_of, month_number
from domain.values.fields import HUNDREDTHS, Category
from domain.values.memory import Memory

__all__ = [
    "Content",
    "Digest",
    "Rates",
    "RuleSet",
    "Terms",
    "digest_of",
    "digest_of_plain",
    "laid_over",
    "plain_bytes",
    "rule_set",
    "with_options",
]

_EVERY: Final = tuple(starmap(Terms, product(Category, (False, True), (False, True), (False, True))))
"""All terms that there are."""


def digest_of(content: JsonValue) -> str:
    """`sha256:…` over RFC 8785 JSON; the one way in which anything here is digested."""
    return f"sha256:{hashlib.sha256(rfc8785.dumps(content)).hexdigest()}"


def digest_of_plain(content: JsonValue) -> str:
    """The same digest, made much faster, of content with only texts, whole numbers and truth values, and ASCII keys."""
    return f"sha256:{hashlib.sha256(plain_bytes(content)).hexdigest()}"


def plain_bytes(content: JsonValue) -> bytes:
    """Such content as RFC 8785 JSON, which asks nothing more of it than order, no spaces and no needless escapes."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


@dataclass(frozen=True, slots=True)
class Rates:
    """What a month at full time pays per element, in whole parts of a krone; None where a rate is unknown."""

    parts: int
    monthly: Mapping[Terms, Mapping[str, int | None]]
    total: Mapping[Terms, int]


@dataclass(frozen=True)
class RuleSet:
    """A rule set ready to compute with: content, digest, status now, its municipalities, and the rulings on it."""

    content: Content
    digest: str
    status: str
    municipalities: MunicipalityList
    rulings: tuple[Ruling, ...] = field(default=(), compare=False)
    """Those that hold for its round, in the order given: no part of its content, and without effect on any amount."""

    @property
    def id(self) -> str:
        """The name of the rule set."""
        return self.content.id

    @cached_property
    def written(self) -> Mapping[str, JsonValue]:
        """The content as it was written, which the digest is over."""
        return self.content.model_dump(mode="json", exclude_unset=True)

    @property
    def round(self) -> Round:
        """The round that the rule set belongs to."""
        return self.content.round

    @cached_property
    def values(self) -> Mapping[str, Value]:
        """Every value: as it was written, and after those what holds of the values that came later."""
        return {**self.content.values, **self.newer_values}

    @property
    def newer_values(self) -> Mapping[str, Value]:
        """What holds of the values that the rule set is older than."""
        return {name: each for name, each in NEWER_VALUES.items() if name not in self.content.values}

    @cached_property
    def numbers(self) -> Mapping[str, Fraction]:
        """Every number that is known, exact."""
        return {name: Fraction(each.value) for name, each in self.values.items() if each.day is None}

    @cached_property
    def dates(self) -> Mapping[str, date]:
        """Every day of the regulation."""
        return {name: each.day for name, each in self.values.items() if each.day}

    @cached_property
    def chosen(self) -> Mapping[str, Chosen]:
        """Every choice: as it was made, and after those what holds of the choices that came later."""
        made = self.content.options
        return {**made, **{name: Chosen.by_default(each) for name, each in OPTIONS.items() if name not in made}}

    @cached_property
    def options(self) -> Mapping[str, Choosable]:
        """What was chosen, of every choice."""
        return {name: each.value for name, each in self.chosen.items()}

    @cached_property
    def ruled(self) -> Mapping[str, Ruling]:
        """The last ruling on each choice that was ruled on."""
        return {each.option: each for each in self.rulings}

    @cached_property
    def authorities(self) -> Mapping[str, Chosen]:
        """Every choice with the authority it rests on: the ruling that it follows, or what the rule set says."""
        stated = {name: each.stating(self.chosen[name]) for name, each in self.ruled.items() if self.follows(each)}
        return {**self.chosen, **stated}

    def follows(self, ruling: Ruling) -> bool:
        """Whether the choice was made as a ruling says."""
        return self.options[ruling.option] == ruling.value

    def ruling_on(self, option: str) -> RulingShape | None:
        """The ruling on a choice, and whether the choice follows it."""
        found = self.ruled.get(option)
        return None if found is None else found.beside(followed=self.follows(found))

    def rulings_on(self) -> tuple[RulingShape, ...]:
        """The rulings that hold for the round, and whether each choice follows its own."""
        return tuple(each.beside(followed=self.follows(each)) for each in self.ruled.values())

    def with_rulings(self, given: Iterable[Ruling]) -> "RuleSet":
        """The same rules with those of some rulings that hold for their round; made once."""
        mine = tuple(each for each in given if each.holds_for(self.round.first_day))
        if mine == self.rulings:
            return self
        return self._ruled.get(mine) or self._ruled.keep(mine, replace(self, rulings=mine))

    def as_known(self, moment: datetime | None) -> "RuleSet":
        """The same rules with the rulings that were given by a moment, None being now."""
        return self.with_rulings(each for each in self.rulings if moment is None or each.given_at <= moment)

    @property
    def completed(self) -> dict[str, Any]:
        """The content as it was written, but with every value and choice."""
        tables = {"values": self.values, "options": self.chosen}
        whole = {
            table: {name: each.model_dump(mode="json") for name, each in of.items()} for table, of in tables.items()
        }
        return {**self.written, **whole}

    @cached_property
    def months(self) -> range:
        """The months of the round, as numbers."""
        return range(month_number(self.round.first_day), month_number(self.round.last_day) + 1)

    @cached_property
    def days(self) -> Sequence[tuple[int, int, int]]:
        """The months of the round with the first and last day of each, as ordinals."""
        return [(month, first_of(month), last_of(month)) for month in self.months]

    def whole(self, name: str) -> int:
        """A value that counts something: months, a class."""
        return int(self.numbers[name])

    @cached_property
    def full_time(self) -> int:
        """Full time in hundredths of a percent."""
        return int(self.numbers["full_time_percent"] * HUNDREDTHS)

    @cached_property
    def productive(self) -> frozenset[Category]:
        """The categories that are given something in the productivity window alone."""
        return frozenset(each for element in self.content.elements if element.window for each in element.categories)

    @cached_property
    def central(self) -> frozenset[str]:
        """The municipalities in the centrality class of the supplement."""
        wanted = self.numbers.get("centrality_class")
        return frozenset(code for code, each in self.municipalities.by_code.items() if each.centrality_class == wanted)

    @cached_property
    def annual(self) -> Mapping[str, Fraction | None]:
        """Kroner a year at full time of each element without `of`; None where a rate is unknown."""
        return {element.id: self._product(element.factors) for element in self.content.elements if not element.of}

    def yearly(self, terms: Terms) -> dict[str, Fraction | None]:
        """Kroner a year at full time of each element that is paid on some terms."""
        found: dict[str, Fraction | None] = {}
        for element in self.content.elements:
            if element.paid_on(terms):
                product = self._product(element.factors_for.get(terms.category, element.factors))
                found[element.id] = _part(product, element, found) if element.of else product
        return found

    @cached_property
    def rates(self) -> Rates:
        """What a month at full time pays, on all terms that there are."""
        months = self.numbers["months_per_year"]
        exact = {
            terms: {name: None if kroner is None else kroner / months for name, kroner in self.yearly(terms).items()}
            for terms in _EVERY
        }
        parts = lcm(*(kroner.denominator for paid in exact.values() for kroner in _known(paid)))
        monthly = {
            terms: {name: None if kroner is None else int(kroner * parts) for name, kroner in paid.items()}
            for terms, paid in exact.items()
        }
        return Rates(parts, monthly, {terms: int(sum(_known(paid)) * parts) for terms, paid in exact.items()})

    @cached_property
    def shown(self) -> tuple[str, ...]:
        """The elements with a known rate on some terms: the keys of a line's amounts."""
        known = {name for paid in self.rates.monthly.values() for name, rate in paid.items() if rate is not None}
        return tuple(element.id for element in self.content.elements if element.id in known)

    @cached_property
    def alternatives(self) -> Mapping[str, Sequence[tuple[Choosable, "RuleSet"]]]:
        """For each choice that can decide an amount the other values, and these rules with each of them instead."""
        return {
            name: [(each, with_options(self, **{name: each})) for each in option.values if each != self.options[name]]
            for name, option in OPTIONS.items()
            if option.decides is not Stage.NOTHING
        }

    @cached_property
    def outcomes(self) -> Memory[Any]:
        """What months come to under these rules."""
        return Memory()

    @cached_property
    def sums(self) -> Memory[Any]:
        """What months together are paid under these rules, where no costs are reported."""
        return Memory(2_000)

    @cached_property
    def _ruled(self) -> "Memory[RuleSet]":
        """These rules with other rulings."""
        return Memory(100)

    @cached_property
    def trees(self) -> Memory[Any]:
        """What every trace says of these rules alone."""
        return Memory()

    def _product(self, factors: Iterable[str]) -> Fraction | None:
        known = [self.numbers.get(name) for name in factors]
        return None if None in known else prod((each for each in known if each is not None), start=Fraction(1))


def rule_set(content: Mapping[str, Any], status: str, municipalities: MunicipalityList) -> RuleSet:
    """Make a rule set of JSON content; raises `Refused` (bad-rule-set) with all that is wrong."""
    found = checked(content)
    if found.municipalities != municipalities.digest:
        raise bad_rule_set(found.id, [Flaw("municipalities", "kommunelisten mangler")])
    return RuleSet(found, digest_of(dict(content)), status, municipalities)


def with_options(rules: RuleSet, **values: Choosable) -> RuleSet:
    """The same rules with other choices: a draft, to see what each of them is worth."""
    content = rules.completed
    for name, value in values.items():
        content["options"][name]["value"] = value
    return rule_set({**content, "status": "draft"}, "draft", rules.municipalities)


def laid_over(rules: RuleSet, others: Round) -> RuleSet:
    """The same rules as if their round had been another, to see what they would have given in it."""
    return replace(rules, content=rules.content.model_copy(update={"round": others}))


def _part(share: Fraction | None, element: Element, others: Mapping[str, Fraction | None]) -> Fraction | None:
    """An element that is a share of others on the same terms."""
    paid = {name: others[name] for name in element.of if name in others}
    return None if share is None or None in paid.values() else share * sum(_known(paid), Fraction(0))


def _known(paid: Mapping[str, Fraction | None]) -> Iterator[Fraction]:
    return (kroner for kroner in paid.values() if kroner is not None)
