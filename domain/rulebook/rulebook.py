"""The RuleBook stream: rule sets drafted, approved, published and superseded, and the municipality lists they use.

Every event holds the whole content, so that no later edit of a file can change what a decision
rested on. What is published differs from the approved draft in its status and its day of publication alone.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final, Literal

from pydantic import JsonValue

from domain.rulebook.book_event import BookEvent, By, Mark, mark_of
from domain.rulebook.questions import NOTHING_ASKED, QUESTION_EVENTS, Asked, evolve_asked
from domain.rules.sets.checks import bad_rule_set, beside, check_nothing_open, left_open, superseding
from domain.rules.sets.municipalities import MunicipalityList, municipality_list
from domain.rules.sets.rule_set import Digest, RuleSet, digest_of, rule_set
from domain.values.fields import Token
from domain.values.norwegian_time import norwegian_day
from domain.values.refusals.person import check_another_person
from domain.values.refusals.refusal import refused


class MunicipalityListAdopted(BookEvent, topic="rulebook.municipality-list-adopted.v1"):
    """A year's municipalities became known, whole, with the codes that ended."""

    type: Literal["municipality_list_adopted"] = "municipality_list_adopted"
    digest: Digest
    municipalities: tuple[dict[str, str], ...]
    ended: tuple[dict[str, str], ...]


class RuleSetDrafted(BookEvent, topic="rulebook.rule-set-drafted.v1"):
    """Somebody wrote a rule set, or wrote it anew; it holds for nobody yet."""

    type: Literal["rule_set_drafted"] = "rule_set_drafted"
    rule_set: Token
    digest: Digest
    municipalities: Digest
    content: dict[str, JsonValue]


class RuleSetApproved(BookEvent, topic="rulebook.rule-set-approved.v1"):
    """Another person approved exactly this draft."""

    type: Literal["rule_set_approved"] = "rule_set_approved"
    rule_set: Token
    digest: Digest


class RuleSetPublished(BookEvent, topic="rulebook.rule-set-published.v1"):
    """A rule set holds from now on; its content never changes."""

    type: Literal["rule_set_published"] = "rule_set_published"
    rule_set: Token
    digest: Digest
    municipalities: Digest
    content: dict[str, JsonValue]


class RuleSetSuperseded(BookEvent, topic="rulebook.rule-set-superseded.v1"):
    """Another rule set of the round took the place of a published one, which decisions still rest on."""

    type: Literal["rule_set_superseded"] = "rule_set_superseded"
    rule_set: Token
    digest: Digest
    superseded_by: Token


BOOK_EVENTS: Final = {
    cls.event_topic: cls
    for cls in (
        MunicipalityListAdopted,
        RuleSetDrafted,
        RuleSetApproved,
        RuleSetPublished,
        RuleSetSuperseded,
        *QUESTION_EVENTS,
    )
}


@dataclass(frozen=True, slots=True)
class Marks:
    """How far a rule set has come; of the release's own only the publication is known."""

    drafted: Mark | None = None
    approved: Mark | None = None
    published: Mark | None = None


@dataclass(frozen=True, slots=True)
class RuleBook:
    """The book as it stands: lists by digest, published rule sets by id, in order, and the drafts by id.

    Each rule set has the rulings that hold for its round, also those given after it was published.
    """

    lists: Mapping[str, MunicipalityList] = field(default_factory=dict)
    published: Mapping[str, RuleSet] = field(default_factory=dict)
    drafts: Mapping[str, RuleSet] = field(default_factory=dict)
    marks: Mapping[str, Marks] = field(default_factory=dict)
    asked: Asked = NOTHING_ASKED

    def of_round(self, round_id: str) -> RuleSet:
        """The round's latest published rule set; raises `Refused` (no-rule-set)."""
        found = self.in_force(round_id)
        if found is None:
            raise refused("no-rule-set", round=round_id)
        return found

    def in_force(self, round_id: str) -> RuleSet | None:
        """The round's latest published rule set, where there is one."""
        return next((each for each in reversed([*self.published.values()]) if each.round.id == round_id), None)

    def all_in_force(self) -> list[RuleSet]:
        """The latest published rule set of each round."""
        return [self.of_round(round_id) for round_id in {rules.round.id: None for rules in self.published.values()}]

    @property
    def newest_list(self) -> MunicipalityList:
        """The municipalities of the latest round that has a published rule set."""
        return max(self.all_in_force(), key=lambda rules: rules.round.first_day).municipalities

    def by_digest(self, digest: str) -> RuleSet:
        """The published rule set with this content, even if later superseded; raises `Refused` (unknown-rule-set)."""
        for each in self.published.values():
            if each.digest == digest:
                return each
        raise refused("unknown-rule-set", rules=digest)

    def successor(self, rules: str) -> str | None:
        """The published rule set that superseded a published one."""
        return next((each.id for each in self.published.values() if each.content.supersedes == rules), None)


def draft(
    book: RuleBook, content: Mapping[str, JsonValue], adoption: MunicipalityListAdopted, by: By
) -> tuple[BookEvent, ...]:
    """The events that draft a whole rule set: none where the draft has the same content already.

    Raises `Refused` (wrong-role, rule-set-published, bad-rule-set).
    """
    by.check_role(_DRAFTS)
    name, digest = str(content["id"]), digest_of(dict(content))
    if name in book.published:
        raise refused("rule-set-published", rules=name)
    if name in book.drafts and book.drafts[name].digest == digest:
        return ()
    check_nothing_open(content)
    return (*_unless_known(book, adoption), RuleSetDrafted(**_whole(content, by.at, by.subject)))


def approve(book: RuleBook, rules: str, digest: str, by: By) -> tuple[BookEvent, ...]:
    """The events that approve exactly this draft: none where it is approved already.

    Raises `Refused` (wrong-role, rule-set-published, no-draft, draft-changed, own-draft, bad-rule-set).
    """
    by.check_role(_APPROVES)
    found, marks = _drafted(book, rules, digest)
    if marks.approved is not None:
        return ()
    if marks.drafted is not None:
        check_another_person(by.subject, marks.drafted.by, refused("own-draft", rules=rules), *by.called)
    check_nothing_open(found.written)
    return (RuleSetApproved(rule_set=rules, digest=found.digest, recorded_at=by.at, recorded_by=by.subject),)


def publish(book: RuleBook, rules: str, digest: str, by: By) -> tuple[BookEvent, ...]:
    """The events that publish exactly this draft, and supersede the one that it names.

    Raises `Refused` (wrong-role, rule-set-published, no-draft, draft-changed, not-approved, bad-rule-set,
    must-supersede, already-superseded).
    """
    by.check_role(_DRAFTS)
    found, marks = _drafted(book, rules, digest)
    if marks.approved is None:
        raise refused("not-approved", rules=rules)
    _check_place(book, found)
    written = {"published_on": norwegian_day(by.at).isoformat(), **found.written, "status": "published"}
    return (*_published(book, publication(written, by.at, by.subject)),)


def release(book: RuleBook, published: RuleSetPublished, adoption: MunicipalityListAdopted) -> tuple[BookEvent, ...]:
    """The events that publish a rule set of the release: none where the same content is published already.

    Raises `Refused` (rule-set-differs) where the id is published with another content.
    """
    before = book.published.get(published.rule_set)
    if before is None:
        return (*_unless_known(book, adoption), *_published(book, published))
    if before.digest != published.digest:
        raise refused("rule-set-differs", rules=before.id, published=before.digest, file=published.digest)
    return ()


def publication(content: Mapping[str, JsonValue], now: datetime, by: str) -> RuleSetPublished:
    """The event that publishes a rule set's content."""
    return RuleSetPublished(**_whole(content, now, by))


def _whole(content: Mapping[str, JsonValue], now: datetime, by: str) -> dict[str, Any]:
    """What an event says that holds a whole rule set."""
    return {
        "rule_set": str(content["id"]),
        "digest": digest_of(dict(content)),
        "municipalities": str(content["municipalities"]),
        "content": dict(content),
        "recorded_at": now,
        "recorded_by": by,
    }


def evolve(book: RuleBook, event: BookEvent) -> RuleBook:
    """Fold an event of the book into its state."""
    mark = mark_of(event)
    match event:
        case MunicipalityListAdopted():
            made = municipality_list(event.digest, event.municipalities, event.ended)
            return replace(book, lists={**book.lists, event.digest: made})
        case RuleSetDrafted(rule_set=name):
            drafted = _made(book, event, "draft")
            return replace(book, drafts={**book.drafts, name: drafted}, marks={**book.marks, name: Marks(mark)})
        case RuleSetApproved(rule_set=name):
            return replace(book, marks={**book.marks, name: replace(book.marks[name], approved=mark)})
        case RuleSetPublished(rule_set=name):
            published = _made(book, event, "published")
            return replace(
                book,
                published={**book.published, name: published},
                drafts={each: rules for each, rules in book.drafts.items() if each != name},
                marks={**book.marks, name: replace(book.marks.get(name, Marks()), published=mark)},
            )
        case RuleSetSuperseded(rule_set=name):
            former = replace(book.published[name], status="superseded")
            return replace(book, published={**book.published, name: former})
        case _:
            return _having_asked(book, evolve_asked(book.asked, event))


def _made(book: RuleBook, event: RuleSetDrafted | RuleSetPublished, status: str) -> RuleSet:
    """The rule set that an event holds, with the rulings on it."""
    made = rule_set(event.content, status, book.lists[event.municipalities])
    return made.with_rulings(book.asked.rulings)


def _having_asked(book: RuleBook, asked: Asked) -> RuleBook:
    """The book with the questions as they are now; a ruling is known to every rule set of its rounds."""
    published, drafts = (
        {name: each.with_rulings(asked.rulings) for name, each in rules.items()}
        for rules in (book.published, book.drafts)
    )
    return replace(book, published=published, drafts=drafts, asked=asked)


_DRAFTS: Final = ("rules",)
_APPROVES: Final = ("rules", "approver")
"""The roles of domain.md that may draft and publish, and that may approve what another drafted."""


def _drafted(book: RuleBook, rules: str, digest: str) -> tuple[RuleSet, Marks]:
    """The draft that somebody saw."""
    if rules in book.published:
        raise refused("rule-set-published", rules=rules)
    found = book.drafts.get(rules)
    if found is None:
        raise refused("no-draft", rules=rules)
    if found.digest != digest:
        raise refused("draft-changed", rules=rules, now=found.digest)
    return found, book.marks[rules]


def _check_place(book: RuleBook, found: RuleSet) -> None:
    """Refuse what does not fit beside the published: they may be others than when the draft was written."""
    written, others = found.written, {name: each.written for name, each in book.published.items()}
    if flaws := [*left_open(written), *beside(written, others.values()), *superseding(written, others)]:
        raise bad_rule_set(found.id, flaws)
    current, former = book.in_force(found.round.id), found.content.supersedes
    if former is not None and (by := book.successor(former)):
        raise refused("already-superseded", rules=former, by=by)
    if current is not None and former != current.id:
        raise refused("must-supersede", rules=found.id, round=found.round.id, current=current.id)


def _published(book: RuleBook, published: RuleSetPublished) -> Iterator[BookEvent]:
    yield published
    former = published.content.get("supersedes")
    if former is not None and str(former) in book.published:
        yield RuleSetSuperseded(
            rule_set=str(former),
            digest=book.published[str(former)].digest,
            superseded_by=published.rule_set,
            recorded_at=published.recorded_at,
            recorded_by=published.recorded_by,
        )


def _unless_known(book: RuleBook, adoption: MunicipalityListAdopted) -> tuple[BookEvent, ...]:
    return () if adoption.digest in book.lists else (adoption,)
