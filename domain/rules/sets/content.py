"""What a rule set says: every number and every choice of a round's rules, each with where it stands.

The content is data (`sets/*.toml`, or what the rule book recorded). Decimals are texts, so that
nothing is ever rounded on the way in.
"""

from datetime import date
from typing import Annotated, Final, Literal, NamedTuple

from pydantic import Field, StringConstraints

from domain.rules.sets.options import NEWER, Choosable, Option
from domain.values.event import Strict
from domain.values.fields import MOST_ID, WORDS, Category, Day

DIGEST_PATTERN: Final = r"^sha256:[0-9a-f]{64}$"
VALUE_PATTERN: Final = r"^([0-9]+(\.[0-9]+)?|[0-9]{4}-[0-9]{2}-[0-9]{2})$"
KEY_PATTERN: Final = r"^[a-z][a-z0-9_]*$"
WORDS_PATTERN: Final = r"^\S"
WORDS[DIGEST_PATTERN] = "sha256: og 64 heksadesimale sifre"
Digest = Annotated[str, StringConstraints(pattern=DIGEST_PATTERN)]
Token = Annotated[str, StringConstraints(pattern=rf"^\S(.{{0,{MOST_ID - 2}}}\S)?$")]
NumberOrDay = Annotated[str, StringConstraints(pattern=VALUE_PATTERN, max_length=20)]
Key = Annotated[str, StringConstraints(pattern=KEY_PATTERN)]
Words = Annotated[str, StringConstraints(pattern=WORDS_PATTERN, max_length=2000)]


class Terms(NamedTuple):
    """On what terms a share is paid; nothing else decides what full time is worth."""

    category: Category
    agreed: bool
    in_window: bool
    central: bool


class Sourced(Strict):
    """Something with the authority it rests on."""

    basis: Literal["stated", "inferred", "assumed"]
    source: Words
    note: Words


class Round(Sourced):
    """The grant period, whole calendar months."""

    id: Token
    first_day: Day
    last_day: Day
    claim_deadline: Day | None = None
    report_due: Day | None = None


class Value(Sourced):
    """A number of the rules, exactly as written, with its unit; or a day of the regulation (`2025-06-01`)."""

    value: NumberOrDay
    unit: Words

    @property
    def day(self) -> date | None:
        """The day, if it is one."""
        return date.fromisoformat(self.value) if "-" in self.value else None


class Chosen(Sourced):
    """A choice that was made where the sources leave one."""

    value: Choosable

    @classmethod
    def by_default(cls, option: Option) -> "Chosen":
        """What is chosen in a rule set that was written before the choice came."""
        note = "Regelsettet er skrevet før valget kom, og regnes som det ble regnet da."
        return cls(value=option.first, basis="assumed", source=f"valget er {NEWER}", note=note)


class Element(Sourced):
    """One element of the grant: its annual amount is the product of its factors.

    With `of`, the product is taken of the sum of those elements. `factors_for` names other factors
    for some of the categories. `window` pays only in the productivity window, `centrality` only in the
    centrality class of the rule set, `guidance_only` also where nothing but guidance is paid, and
    `under_agreement = false` only there.
    """

    id: Key
    name: Words
    factors: Annotated[tuple[Key, ...], Field(min_length=1)]
    factors_for: dict[Category, Annotated[tuple[Key, ...], Field(min_length=1)]] = {}  # noqa: RUF012 - pydantic copies it
    of: tuple[Key, ...] = ()
    categories: Annotated[tuple[Category, ...], Field(min_length=1)]
    window: bool = False
    centrality: bool = False
    guidance_only: bool = False
    under_agreement: bool = True

    def paid_on(self, terms: Terms) -> bool:
        """Whether the element is paid on some terms."""
        return (
            terms.category in self.categories
            and (self.under_agreement if terms.agreed else self.guidance_only)
            and (terms.in_window or not self.window)
            and (terms.central or not self.centrality)
        )


class Content(Strict):
    """A rule set as it is written."""

    id: Token
    title: Words
    scheme: Token
    status: Literal["draft", "published"]
    completeness: Literal["complete", "partial"]
    adopted_on: Day | None = None
    published_on: Day | None = None
    supersedes: Token | None = None
    municipalities: Digest
    round: Round
    values: dict[Key, Value]
    elements: tuple[Element, ...] = Field(min_length=1)
    options: dict[Key, Chosen]
