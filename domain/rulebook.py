"""The RuleBook stream: rule sets published and the municipality lists that they stand on.

Every event holds the whole content, so that no later edit of a file can change what a decision
rested on.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, ClassVar, Final, Literal

from pydantic import JsonValue

from domain.errors import refused
from domain.facts import Part
from domain.municipalities import MunicipalityList, municipality_list
from domain.rules.rule_set import Digest, RuleSet, digest_of, rule_set
from domain.values import Moment, RecordedBy, Token


class BookEvent(Part):
    """What every event of the book carries: when, and by whom."""

    topic: ClassVar[str] = ""

    recorded_at: Moment
    recorded_by: RecordedBy

    def __init_subclass__(cls, topic: str = "", **options: Any) -> None:  # noqa: ANN401
        """Give the class its topic."""
        super().__init_subclass__(**options)
        cls.topic = topic


class MunicipalityListAdopted(BookEvent, topic="rulebook.municipality-list-adopted.v1"):
    """A year's municipalities became known, whole, with the codes that ended."""

    type: Literal["municipality_list_adopted"] = "municipality_list_adopted"
    digest: Digest
    municipalities: tuple[dict[str, str], ...]
    ended: tuple[dict[str, str], ...]


class RuleSetPublished(BookEvent, topic="rulebook.rule-set-published.v1"):
    """A rule set holds from now on; its content never changes."""

    type: Literal["rule_set_published"] = "rule_set_published"
    rule_set: Token
    digest: Digest
    municipalities: Digest
    content: dict[str, JsonValue]


BOOK_EVENTS: Final = {cls.topic: cls for cls in (MunicipalityListAdopted, RuleSetPublished)}


@dataclass(frozen=True, slots=True)
class RuleBook:
    """The book as it stands: lists by digest, published rule sets by id, in order."""

    lists: Mapping[str, MunicipalityList] = field(default_factory=dict)
    published: Mapping[str, RuleSet] = field(default_factory=dict)

    def of_round(self, round_id: str) -> RuleSet:
        """The round's latest published rule set; raises `Refused` (no-rule-set)."""
        found = [each for each in self.published.values() if each.round.id == round_id]
        if not found:
            raise refused("no-rule-set", round=round_id)
        return found[-1]

    def by_digest(self, digest: str) -> RuleSet:
        """The published rule set with this content, whatever came after it; raises `Refused` (unknown-rule-set)."""
        for each in self.published.values():
            if each.digest == digest:
                return each
        raise refused("unknown-rule-set", rules=digest)


def decide(book: RuleBook, publication: RuleSetPublished, adoption: MunicipalityListAdopted) -> tuple[BookEvent, ...]:
    """The events that publish a rule set: none where the same content is published already.

    Raises `Refused` (rule-set-differs) where the id is published with another content.
    """
    before = book.published.get(publication.rule_set)
    if before is not None:
        if before.digest != publication.digest:
            raise refused(
                "rule-set-differs",
                rules=publication.rule_set,
                published=before.digest,
                file=publication.digest,
            )
        return ()
    known = adoption.digest in book.lists
    return (publication,) if known else (adoption, publication)


def evolve(book: RuleBook, event: BookEvent) -> RuleBook:
    """Fold an event of the book into its state."""
    match event:
        case MunicipalityListAdopted():
            made = municipality_list(event.digest, event.municipalities, event.ended)
            return replace(book, lists={**book.lists, event.digest: made})
        case RuleSetPublished():
            made_set = rule_set(event.content, "published", book.lists[event.municipalities])
            return replace(book, published={**book.published, event.rule_set: made_set})
        case _:
            return book


def publication(content: Mapping[str, JsonValue], now: datetime, by: str) -> RuleSetPublished:
    """The event that publishes a rule set's content."""
    return RuleSetPublished(
        rule_set=str(content["id"]),
        digest=digest_of(dict(content)),
        municipalities=str(content["municipalities"]),
        content=dict(content),
        recorded_at=now,
        recorded_by=by,
    )
