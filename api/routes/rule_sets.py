"""Rule sets: which there are, and the whole content of one."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Request, Response
from pydantic import JsonValue, WithJsonSchema
from pydantic_core import to_json

from api import documentation as doc
from api.etags import answer
from api.parameters import IfNoneMatch, Nothing, RuleSetId
from api.services import Serving
from domain.casework.book import Book
from domain.casework.library import shipped_rule_sets
from domain.errors import refused
from domain.rules.rule_set import RuleSet

router = APIRouter(prefix="/api/v1/rule-sets", tags=["rule sets"])


@dataclass(frozen=True, slots=True)
class RuleSetEntry:
    """A rule set of the book, or a draft that this release brings."""

    id: str
    title: str
    round: str
    first_day: date
    last_day: date
    status: str
    completeness: str
    digest: str
    municipalities: str


@dataclass(frozen=True, slots=True)
class RuleSets:
    """The published rule sets in the order published, then the drafts."""

    rule_sets: tuple[RuleSetEntry, ...]


@dataclass(frozen=True, slots=True)
class WholeRuleSet(RuleSetEntry):
    """A rule set with its whole content; `digest` is SHA-256 over RFC 8785 JSON of `content`."""

    content: Annotated[Mapping[str, JsonValue], WithJsonSchema({"component": "RuleSetContent"})]


@router.get(
    "", summary="List the rule sets", description=doc.LIST_RULE_SETS, response_model=RuleSets, responses=doc.reading()
)
def listed(request: Request, serving: Serving, _query: Nothing, _seen: IfNoneMatch = None) -> Response:
    """Every rule set that a calculation can be asked for under."""
    return answer(request, to_json(listing(_all(serving.casework.book).values())))


@router.get(
    "/{rule_set:path}",
    summary="Read a rule set",
    description=doc.READ_RULE_SET,
    response_model=WholeRuleSet,
    responses=doc.reading("unknown-rule-set"),
)
def shown(
    request: Request, rule_set: RuleSetId, serving: Serving, _query: Nothing, _seen: IfNoneMatch = None
) -> Response:
    """One rule set, whole: every number and choice with its source."""
    found = _all(serving.casework.book).get(rule_set)
    if found is None:
        raise refused("unknown-rule-set", rules=rule_set)
    return answer(request, to_json(whole(found)))


def listing(found: Iterable[RuleSet]) -> RuleSets:
    """Rule sets without their content."""
    return RuleSets(tuple(RuleSetEntry(*_head(each)) for each in found))


def whole(found: RuleSet) -> WholeRuleSet:
    """A rule set, with its content as it was published."""
    return WholeRuleSet(*_head(found), found.content.model_dump(mode="json", exclude_unset=True))


def _all(book: Book) -> Mapping[str, RuleSet]:
    published = book.current().published
    drafts = {each.id: each for each in shipped_rule_sets() if each.id not in published}
    return {**published, **drafts}


def _head(found: RuleSet) -> tuple[str, str, str, date, date, str, str, str, str]:
    round_, content = found.round, found.content
    days = (round_.first_day, round_.last_day)
    return (
        found.id,
        content.title,
        round_.id,
        *days,
        found.status,
        content.completeness,
        found.digest,
        content.municipalities,
    )
