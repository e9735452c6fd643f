"""Rule sets: which there are, the whole content of one, and the steps from draft to publication."""

import re
from collections.abc import Callable
from functools import partial
from typing import Annotated, Final
from urllib.parse import quote

from fastapi import APIRouter, Depends, Request, Response
from pydantic_core import to_json

from api.described import responses as doc
from api.http.bodies import Body
from api.http.commands import CREATED, Answered, Changing, changing
from api.http.conditions import answer
from api.http.parameters import IfNoneMatch, Nothing, RuleSetId
from api.http.problems import FieldError, Problem
from api.http.services import Serving
from api.rule_sets import documentation as words
from api.rule_sets.view import RuleSets, WholeRuleSet, listing, whole
from domain.casework.commands.book import Book, BookReceipt, known_rule_sets
from domain.doctor.intake.plain import Json
from domain.rulebook.rulebook import RuleBook
from domain.rules.sets.content import DIGEST_PATTERN
from domain.values.refusals.refusal import refused

PREFIX: Final = "/api/v1/rule-sets"
router = APIRouter(prefix=PREFIX, tags=["rule sets"])
Changed = Annotated[Changing, Depends(changing("the rule set"))]


@router.get(
    "",
    summary="List the rule sets",
    operation_id="list_rule_sets",
    description=words.LIST,
    response_model=RuleSets,
    responses=doc.reading(),
)
def listed(request: Request, serving: Serving, _query: Nothing, _seen: IfNoneMatch = None) -> Response:
    """Every rule set that a calculation can be asked for under."""
    book = serving.casework.book.current()
    return answer(request, to_json(listing(known_rule_sets(book).values(), book)))


@router.get(
    "/{rule_set:path}",
    summary="Read a rule set",
    operation_id="read_rule_set",
    description=words.READ,
    response_model=WholeRuleSet,
    responses=doc.reading("unknown-rule-set"),
)
def shown(
    request: Request, rule_set: RuleSetId, serving: Serving, _query: Nothing, _seen: IfNoneMatch = None
) -> Response:
    """One rule set, whole: every number and choice with its source."""
    return answer(request, _view(serving.casework.book.current(), rule_set))


@router.post(
    "",
    summary="Draft a rule set",
    operation_id="draft_rule_set",
    description=words.DRAFT,
    status_code=CREATED,
    response_model=WholeRuleSet,
    responses=words.drafting(),
    openapi_extra=words.draft_body(),
)
def drafted(body: Body, asked: Changed, _query: Nothing) -> Response:
    """Record a draft, once however often it is sent."""
    name, book = str(body.get("id") or "forespørselen"), asked.serving.casework.book
    seen = asked.precondition(partial(_content, name))
    return asked.carry_out(
        body,
        lambda command: book.draft(name, body, asked.serving.now(), command, seen),
        lambda receipt: _done(book, receipt, created=receipt.stored),
    )


@router.post(
    "/{rule_set:path}/approval",
    summary="Approve a draft",
    operation_id="approve_rule_set",
    description=words.APPROVE,
    response_model=WholeRuleSet,
    responses=words.stepping("own-draft", "bad-rule-set"),
    openapi_extra=words.step_body(),
)
def approved(rule_set: RuleSetId, body: Body, asked: Changed, _query: Nothing) -> Response:
    """Approve exactly the draft with this digest."""
    return _step(rule_set, body, asked, asked.serving.casework.book.approve)


@router.post(
    "/{rule_set:path}/publication",
    summary="Publish an approved draft",
    operation_id="publish_rule_set",
    description=words.PUBLISH,
    response_model=WholeRuleSet,
    responses=words.stepping("not-approved", "must-supersede", "already-superseded", "bad-rule-set"),
    openapi_extra=words.step_body(),
)
def published(rule_set: RuleSetId, body: Body, asked: Changed, _query: Nothing) -> Response:
    """Publish exactly the draft with this digest."""
    return _step(rule_set, body, asked, asked.serving.casework.book.publish)


def _step(rule_set: str, body: Json, asked: Changing, take: Callable[..., BookReceipt]) -> Response:
    digest, book = _digest_in(body), asked.serving.casework.book
    seen = asked.precondition(partial(_content, rule_set))
    return asked.carry_out(
        body,
        lambda command: take(rule_set, digest, asked.serving.now(), command, seen),
        lambda receipt: _done(book, receipt, created=False),
    )


def _digest_in(body: Json) -> str:
    """The digest of the draft that was seen, and nothing else."""
    errors = [FieldError.of(refused("unknown-field", field=name)) for name in body if name != "digest"]
    digest = body.get("digest")
    if "digest" not in body:
        errors.append(FieldError.of(refused("missing-field", field="digest")))
    elif not isinstance(digest, str) or not re.fullmatch(DIGEST_PATTERN, digest, re.ASCII):
        errors.append(FieldError.of(refused("bad-text", field="digest", wanted="sha256: og 64 heksadesimale tegn")))
    if errors:
        raise Problem.invalid(errors)
    return str(digest)


def _done(book: Book, receipt: BookReceipt, *, created: bool) -> Answered:
    """The rule set right after the step."""
    location = f"{PREFIX}/{quote(receipt.rule_set, safe='')}"
    return Answered(_view(book.at(receipt.version), receipt.rule_set), location, created)


def _content(name: str, book: RuleBook) -> bytes | None:
    """A rule set as a caller sees it; None if there is none of that name."""
    return _view(book, name) if name in known_rule_sets(book) else None


def _view(book: RuleBook, name: str) -> bytes:
    found = known_rule_sets(book).get(name)
    if found is None:
        raise refused("unknown-rule-set", rules=name)
    return to_json(whole(found, book))
