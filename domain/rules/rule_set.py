"""A rule set: every number and every choice of a round's rules, each with where it stands.

The content is data (`sets/*.toml`, or what the rule book recorded). Decimals are texts, so that
nothing is ever rounded on the way in; the digest is SHA-256 over RFC 8785 JSON of the content.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cached_property
from typing import Annotated, Any, Final, Literal, Self

import rfc8785
from pydantic import BaseModel, ConfigDict, Field, JsonValue, StringConstraints, model_validator

from domain.errors import refused
from domain.municipalities import MunicipalityList
from domain.values import Category, Day, Text, Token

Digest = Annotated[str, StringConstraints(pattern=r"^sha256:[0-9a-f]{64}$")]
Number = Annotated[str, StringConstraints(pattern=r"^[0-9]+(\.[0-9]+)?$")]
Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]

OPTIONS: Final[Mapping[str, tuple[str | bool, ...]]] = {
    "months": ("calendar", "days"),
    "change_in_month": ("by_days", "lowest", "first_day"),
    "partly_agreed_month": ("guidance_only", "none"),
    "full_leave": ("month", "days"),
    "graded_leave": ("reduces", "ignored"),
    "over_100": ("all_municipalities", "own_municipality", "none"),
    "agreement_counts_from": ("signing", "first_day"),
    "window_anchor": ("first_whole_month", "start_date", "first_gp_day", "first_agreement"),
    "window_paused_by_leave": (False, True),
    "window_counts_before_2025_06": (True, False),
    "duration_counts": ("agreement", "all"),
    "after_duration": ("none", "guidance"),
    "hospital_service": ("none", "guidance"),
    "payment_basis": ("fixed_rate", "actual_costs_capped"),
    "unused_funds": ("kept", "repaid"),
}
"""The choices of rules.md section 5 with their values, the default first."""


def digest_of(content: JsonValue) -> str:
    """`sha256:…` over RFC 8785 JSON; the one way in which anything here is digested."""
    return f"sha256:{hashlib.sha256(rfc8785.dumps(content)).hexdigest()}"


class Sourced(BaseModel):
    """Something with the authority it rests on."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    basis: Literal["stated", "inferred", "assumed"]
    source: Text
    note: Text


class Round(Sourced):
    """The grant period, whole calendar months."""

    id: Token
    first_day: Day
    last_day: Day
    claim_deadline: Day | None = None
    report_due: Day | None = None


class Value(Sourced):
    """A number of the rules, exactly as written, with its unit."""

    value: Number
    unit: Text


class Option(Sourced):
    """A choice that was made where the sources leave one."""

    value: str | bool


class Element(Sourced):
    """One element of the grant: its annual amount is the product of its factors.

    With `of`, the product is taken of the sum of those elements. `window` pays only in the
    productivity window, `centrality` only in the centrality class of the rule set, and
    `guidance_only` also where nothing but guidance is paid.
    """

    id: Key
    name: Text
    factors: tuple[Key, ...]
    of: tuple[Key, ...] = ()
    categories: tuple[Category, ...]
    window: bool = False
    centrality: bool = False
    guidance_only: bool = False


class Content(BaseModel):
    """A rule set as it is written."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    id: Token
    title: Text
    scheme: Token
    status: Literal["draft", "published"]
    completeness: Literal["complete", "partial"]
    adopted_on: Day | None = None
    published_on: Day | None = None
    municipalities: Digest
    round: Round
    values: dict[Key, Value]
    elements: tuple[Element, ...] = Field(min_length=1)
    options: dict[Key, Option]

    @model_validator(mode="after")
    def _options_exist(self) -> Self:
        if missing := OPTIONS.keys() - self.options.keys():
            raise ValueError(f"valgene {', '.join(sorted(missing))} mangler")
        for name, option in self.options.items():
            if option.value not in OPTIONS.get(name, ()):
                raise ValueError(f"valget {name} = {option.value} finnes ikke")
        return self


@dataclass(frozen=True)
class RuleSet:
    """A rule set ready to compute with: content, digest, status now, and its municipalities."""

    content: Content
    digest: str
    status: str
    municipalities: MunicipalityList

    @property
    def id(self) -> str:
        """The name of the rule set."""
        return self.content.id

    @property
    def round(self) -> Round:
        """The round that the rule set belongs to."""
        return self.content.round

    @cached_property
    def numbers(self) -> Mapping[str, Fraction]:
        """Every value that is known, exact."""
        return {name: Fraction(value.value) for name, value in self.content.values.items()}

    @cached_property
    def options(self) -> Mapping[str, str | bool]:
        """Every choice as made."""
        return {name: option.value for name, option in self.content.options.items()}

    def whole(self, name: str) -> int:
        """A value that counts something: months, a class."""
        return int(self.numbers[name])

    @cached_property
    def annual(self) -> Mapping[str, Fraction | None]:
        """Kroner a year at full time of each element without `of`; None where a rate is unknown."""
        return {element.id: self._product(element) for element in self.content.elements if not element.of}

    @cached_property
    def facilitation(self) -> Mapping[str, tuple[Fraction | None, tuple[str, ...]]]:
        """The elements that are a share of others: the share and the others."""
        return {element.id: (self._product(element), element.of) for element in self.content.elements if element.of}

    def _product(self, element: Element) -> Fraction | None:
        product = Fraction(1)
        for name in element.factors:
            if name not in self.numbers:
                return None
            product *= self.numbers[name]
        return product


def rule_set(content: Mapping[str, Any], status: str, municipalities: MunicipalityList) -> RuleSet:
    """Make a rule set of JSON content; raises pydantic's ValidationError with all that is wrong."""
    checked = Content.model_validate_json(rfc8785.dumps(dict(content)))
    if checked.municipalities != municipalities.digest:
        raise refused("bad-rule-set", file=checked.id, detail=f"kommunelisten {checked.municipalities} mangler")
    return RuleSet(checked, digest_of(dict(content)), status, municipalities)


def plain(value: Any) -> JsonValue:  # noqa: ANN401 - whatever TOML holds
    """TOML's values as JSON: days as ISO texts. A float is refused, since it is not exact."""
    match value:
        case dict():
            return {str(key): plain(each) for key, each in value.items()}
        case list():
            return [plain(each) for each in value]
        case date():
            return value.isoformat()
        case float():
            raise refused("bad-rule-set", file="", detail=f"{value} er et flyttall; skriv det som tekst")
        case _:
            return value  # type: ignore[no-any-return]
