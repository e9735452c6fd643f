"""The shapes of answers about rule sets."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from pydantic import JsonValue, WithJsonSchema

from domain.rulebook.book_event import Mark
from domain.rulebook.rulebook import Marks, RuleBook
from domain.rules.sets.content import Value
from domain.rules.sets.register import Choice, register
from domain.rules.sets.rule_set import RuleSet
from domain.rules.sets.rulings import RulingShape


@dataclass(frozen=True, slots=True)
class RuleSetEntry:
    """A rule set of the book, or a draft that this release brings.

    `drafted`, `approved` and `published` say who took the step and when, where it was taken. `rulings` are those that
    hold for its round, and say whether it follows each.
    """

    id: str
    title: str
    round: str
    first_day: date
    last_day: date
    status: str
    completeness: str
    adopted_on: date | None
    published_on: date | None
    supersedes: str | None
    superseded_by: str | None
    digest: str
    municipalities: str
    drafted: Mark | None
    approved: Mark | None
    published: Mark | None
    rulings: tuple[RulingShape, ...]


@dataclass(frozen=True, slots=True)
class RuleSets:
    """The published rule sets in the order published, then the drafts."""

    rule_sets: tuple[RuleSetEntry, ...]


@dataclass(frozen=True, slots=True)
class WholeRuleSet(RuleSetEntry):
    """A rule set with its whole content; `digest` is SHA-256 over RFC 8785 JSON of `content`.

    `choices` is the register of assumptions: each option with what was chosen, and the alternatives. `newer_values` are
    the numbers and days that came after the rule set was written, with what holds of them.
    """

    content: Annotated[Mapping[str, JsonValue], WithJsonSchema({"component": "RuleSetContent"})]
    choices: tuple[Choice, ...]
    newer_values: Mapping[str, Value]


def listing(found: Iterable[RuleSet], book: RuleBook) -> RuleSets:
    """Rule sets without their content."""
    return RuleSets(tuple(RuleSetEntry(**_head(each, book)) for each in found))


def whole(found: RuleSet, book: RuleBook) -> WholeRuleSet:
    """A rule set, with its content as it was written."""
    return WholeRuleSet(
        **_head(found, book), content=found.written, choices=register(found), newer_values=found.newer_values
    )


def _head(found: RuleSet, book: RuleBook) -> dict[str, Any]:
    content, marks = found.content, book.marks.get(found.id, Marks())
    return {
        "id": found.id,
        "title": content.title,
        "round": found.round.id,
        "first_day": found.round.first_day,
        "last_day": found.round.last_day,
        "status": found.status,
        "completeness": content.completeness,
        "adopted_on": content.adopted_on,
        "published_on": content.published_on,
        "supersedes": content.supersedes,
        "superseded_by": book.successor(found.id) if found.status == "superseded" else None,
        "digest": found.digest,
        "municipalities": content.municipalities,
        "drafted": marks.drafted,
        "approved": marks.approved,
        "published": marks.published,
        "rulings": found.rulings_on(),
    }
