"""Rule sets: which there are, the whole content of one, and the steps from draft to publication."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Final
from urllib.parse import quote

from fastapi import APIRouter, Depends, Path, Request, Response
from pydantic import ValidationError
from pydantic_core import to_json

from api.access.guarded import Guarded
from api.described import responses as doc
from api.door.patience import heavy
from api.http.bodies import Body
from api.http.commands import CREATED, Answered, Changing, changing
from api.http.conditions import answer
from api.http.identity import Asking
from api.http.parameters import IfNoneMatch, Nothing
from api.http.problems import FieldError, Problem
from api.http.services import Serving
from api.rule_sets.bodies import NEW_RULE_SET, SEEN_DRAFT, SeenDraft
from api.rule_sets.view import RuleSets, WholeRuleSet, listing, whole
from domain.casework.access.sight import codes_of
from domain.casework.commands.book import Book, BookReceipt, known_rule_sets
from domain.casework.facts.seeing import bounds_of
from domain.doctor.intake.intake import refusal_of
from domain.doctor.intake.plain import Json
from domain.rulebook.rulebook import RuleBook
from domain.rules.compare.impact.shapes import ImpactShape
from domain.rules.sets.rule_set import RuleSet
from domain.values.fields import RegisteredId
from domain.values.refusals.refusal import refused

PREFIX: Final = "/api/v1/rule-sets"
router = APIRouter(prefix=PREFIX, tags=["rule sets"], route_class=Guarded)
RuleSetId = Annotated[RegisteredId, Path(description="The rule set's id.", examples=["nasjonal-alis-2026-provisional"])]
Changed = Annotated[Changing, Depends(changing("the rule set"))]
_LOCATION: Final = "The address of the rule set."


@dataclass(frozen=True, slots=True)
class Question:
    """Who asks, and what answers."""

    actor: Asking
    serving: Serving


def _drafting() -> doc.Responses:
    """The responses of a draft."""
    answers = doc.changing("bad-rule-set", "rule-set-published", location=_LOCATION)
    return {
        **answers,
        200: {"description": "The draft stood like that already.", **doc.content("WholeRuleSet"), **answers[200]},
        201: {"description": "The draft is recorded.", **answers[200]},
    }


def _stepping(*codes: str) -> doc.Responses:
    """The responses of an approval or a publication."""
    always = ("no-such-address", "no-draft", "draft-changed", "rule-set-published")
    return doc.changing(*always, *codes, location=_LOCATION)


@router.get(
    "",
    summary="List the rule sets",
    operation_id="list_rule_sets",
    response_model=RuleSets,
    responses=doc.reading(),
)
def listed(request: Request, serving: Serving, _query: Nothing, _seen: IfNoneMatch = None) -> Response:
    """List the published rule sets in the order published, superseded ones too, then the drafts.

    The drafts are those recorded here, and those that this release brings.
    """
    book = serving.casework.book.current()
    return answer(request, to_json(listing(known_rule_sets(book).values(), book)))


@router.get(
    "/{rule_set:path}/impact",
    summary="Read what a rule set would do",
    operation_id="read_impact",
    response_model=ImpactShape,
    responses=doc.reading("unknown-rule-set", "before-all-rules", "takes-too-long", "crowded"),
)
def impact(
    request: Request,
    rule_set: RuleSetId,
    asked: Annotated[Question, Depends()],
    _query: Nothing,
    _seen: IfNoneMatch = None,
) -> Response:
    """Compute every line of the round under a rule set and under another, on the facts as they stand.

    A draft is compared with the rule set in force for its round, a published one with the one that it superseded. Where
    there is none, it is compared with the last published before it, as if that held for the same round; `laid_over` and
    `compared` say so. A caller who acts for a municipality sees its own lines only.
    """
    casework, bounds = asked.serving.casework, bounds_of(asked.actor)
    found = _found(casework.book.current(), rule_set)
    with heavy(request, asked.serving):
        whole = casework.impact(found)
        seen = whole if bounds is None else whole.seen_by(codes_of(bounds))
        return answer(request, to_json(seen.as_json()))


@router.get(
    "/{rule_set:path}",
    summary="Read a rule set",
    operation_id="read_rule_set",
    response_model=WholeRuleSet,
    responses=doc.reading("unknown-rule-set"),
)
def shown(
    request: Request, rule_set: RuleSetId, serving: Serving, _query: Nothing, _seen: IfNoneMatch = None
) -> Response:
    """Read a rule set with its whole content, every number and every choice with its basis and source.

    With it comes the register of assumptions: for each option what was chosen, and the alternatives. The days are kept
    apart: `adopted_on`, `published_on`, and the first and last day of the round that it applies to.
    """
    return answer(request, _view(serving.casework.book.current(), rule_set))


@router.post(
    "",
    summary="Draft a rule set",
    operation_id="draft_rule_set",
    status_code=CREATED,
    response_model=WholeRuleSet,
    responses=_drafting(),
    openapi_extra=NEW_RULE_SET,
)
def drafted(body: Body, asked: Changed, _query: Nothing) -> Response:
    """Record a draft, in the role `rules`, once however often it is sent.

    The body is the content of a rule set; with `extends` it names only what differs from another one. Only a
    calculation that names it uses a draft, and writing it anew takes back its approval. 201 with the draft; 200 where
    it stood like that already. Every error in it is answered at once, and what is in force stays as it was.
    """
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
    response_model=WholeRuleSet,
    responses=_stepping("own-draft", "bad-rule-set"),
    openapi_extra=SEEN_DRAFT,
)
def approved(rule_set: RuleSetId, body: Body, asked: Changed, _query: Nothing) -> Response:
    """Approve exactly the draft with this digest, in the role `approver` or `rules`.

    The approver must be another person than the one who wrote the draft.
    """
    return _step(rule_set, body, asked, asked.serving.casework.book.approve)


@router.post(
    "/{rule_set:path}/publication",
    summary="Publish an approved draft",
    operation_id="publish_rule_set",
    response_model=WholeRuleSet,
    responses=_stepping("not-approved", "must-supersede", "already-superseded", "bad-rule-set"),
    openapi_extra=SEEN_DRAFT,
)
def published(rule_set: RuleSetId, body: Body, asked: Changed, _query: Nothing) -> Response:
    """Publish exactly the draft with this digest, once it is approved, in the role `rules`.

    What is published differs from the draft in `status` and, where none was written, `published_on`. It supersedes the
    rule set of its round that it names, whose content stays for the decisions that rest on it.
    """
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
    try:
        return SeenDraft.model_validate(body, strict=True).digest
    except ValidationError as error:
        raise Problem.invalid([FieldError.of(refusal_of(each)) for each in error.errors()]) from None


def _done(book: Book, receipt: BookReceipt, *, created: bool) -> Answered:
    """The rule set right after the step."""
    location = f"{PREFIX}/{quote(receipt.rule_set, safe='')}"
    return Answered(_view(book.at(receipt.version), receipt.rule_set), location, created)


def _content(name: str, book: RuleBook) -> bytes | None:
    """A rule set as a caller sees it; None if there is none of that name."""
    return _view(book, name) if name in known_rule_sets(book) else None


def _view(book: RuleBook, name: str) -> bytes:
    return to_json(whole(_found(book, name), book))


def _found(book: RuleBook, name: str) -> RuleSet:
    """A rule set by its id; raises `Refused` (unknown-rule-set)."""
    found = known_rule_sets(book).get(name)
    if found is None:
        raise refused("unknown-rule-set", rules=name)
    return found
