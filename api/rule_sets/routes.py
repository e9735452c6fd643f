"""Rule sets: which there are, the whole content of one, and the steps from draft to publication."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, Final
from urllib.parse import quote

from fastapi import APIRouter, Depends, Request, Response
from pydantic_core import to_json

from api.described import responses as doc
from api.http.bodies import Body
from api.http.conditions import IfMatch, RuleSetCondition, answer, etag_of
from api.http.identity import Asking
from api.http.parameters import COMMAND, CommandId, IfNoneMatch, Nothing, RuleSetId
from api.http.problems import FieldError, Problem
from api.http.services import Services, Serving
from api.rule_sets import documentation as words
from api.rule_sets.view import RuleSets, WholeRuleSet, listing, whole
from domain.casework.commands.book import BookReceipt, Precondition, known_rule_sets
from domain.casework.commands.commands import Command, request_digest
from domain.rulebook.rulebook import RuleBook
from domain.rules.sets.content import DIGEST_PATTERN
from domain.values.refusals.refusal import refused

PREFIX: Final = "/api/v1/rule-sets"
CREATED: Final = 201
KNOWN: Final = 200
router = APIRouter(prefix=PREFIX, tags=["rule sets"])


@dataclass(frozen=True, slots=True)
class Step:
    """What a step consists of: the body, and what the headers say."""

    body: Body
    actor: Asking
    command_id: CommandId
    condition: RuleSetCondition
    query: Nothing


Stepping = Annotated[Step, Depends()]


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
def drafted(request: Request, step: Stepping, serving: Serving) -> Response:
    """Record a draft, once however often it is sent."""
    command = _command(request, serving, step)
    name = str(step.body.get("id") or "forespørselen")
    condition = _precondition(name, step.condition)
    receipt = serving.casework.book.draft(name, step.body, serving.now(), command, condition)
    return _done(serving, receipt, command, CREATED)


@router.post(
    "/{rule_set:path}/approval",
    summary="Approve a draft",
    operation_id="approve_rule_set",
    description=words.APPROVE,
    response_model=WholeRuleSet,
    responses=words.stepping("own-draft", "bad-rule-set"),
    openapi_extra=words.step_body(),
)
def approved(request: Request, rule_set: RuleSetId, step: Stepping, serving: Serving) -> Response:
    """Approve exactly the draft with this digest."""
    return _step(request, rule_set, step, serving, serving.casework.book.approve)


@router.post(
    "/{rule_set:path}/publication",
    summary="Publish an approved draft",
    operation_id="publish_rule_set",
    description=words.PUBLISH,
    response_model=WholeRuleSet,
    responses=words.stepping("not-approved", "must-supersede", "already-superseded", "bad-rule-set"),
    openapi_extra=words.step_body(),
)
def published(request: Request, rule_set: RuleSetId, step: Stepping, serving: Serving) -> Response:
    """Publish exactly the draft with this digest."""
    return _step(request, rule_set, step, serving, serving.casework.book.publish)


def _step(request: Request, rule_set: str, step: Step, serving: Services, take: Callable[..., BookReceipt]) -> Response:
    command = _command(request, serving, step)
    digest = _digest_in(step.body)
    receipt = take(rule_set, digest, serving.now(), command, _precondition(rule_set, step.condition))
    return _done(serving, receipt, command, KNOWN)


def _command(request: Request, serving: Services, step: Step) -> Command:
    """The command that a request is, the same however the JSON is spaced and ordered."""
    asked = json.dumps({"path": request.url.path, "body": step.body}, sort_keys=True, separators=(",", ":"))
    digest = request_digest(serving.master_key, asked.encode())
    return Command(step.command_id, step.actor, "api", request.state.correlation, digest)


def _digest_in(body: dict[str, Any]) -> str:
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


def _precondition(name: str, condition: IfMatch | None) -> Precondition | None:
    """Compare the rule set as it stands with what the caller saw, in the same breath as the step is taken."""
    if condition is None:
        return None

    def check(book: RuleBook) -> None:
        current = etag_of(_view(book, name)) if name in known_rule_sets(book) else None
        if not condition.holds(current):
            raise refused("changed-meanwhile")

    return check


def _done(serving: Services, receipt: BookReceipt, command: Command, status: int) -> Response:
    """The rule set right after the step, so that a repeated request gets the first answer."""
    content = _view(serving.casework.book.at(receipt.version), receipt.rule_set)
    headers = {
        "ETag": etag_of(content),
        "Location": f"{PREFIX}/{quote(receipt.rule_set, safe='')}",
        COMMAND: str(command.id),
    }
    return Response(content, status if receipt.stored else KNOWN, headers, "application/json")


def _view(book: RuleBook, name: str) -> bytes:
    found = known_rule_sets(book).get(name)
    if found is None:
        raise refused("unknown-rule-set", rules=name)
    return to_json(whole(found, book))
