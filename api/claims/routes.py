"""Claims: listed, read, taken a step further, repeated."""

from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from pydantic import Field, JsonValue
from pydantic_core import to_json

from api.access.guarded import Guarded
from api.claims.access import Asker, SeenClaim
from api.claims.decisions import AssessmentBasis, assessment_basis
from api.claims.steps import PREFIX, STEP_BODY, StepBody, Stepping, step_of, take, taking
from api.claims.view import ClaimView, shown
from api.described import responses as doc
from api.http.conditions import answer
from api.http.identity import Seeing
from api.http.lists import PageQuery, Reading, cursor_of, key_of
from api.http.parameters import IfNoneMatch, Nothing
from api.http.services import Serving
from domain.claim.stream.state import Status
from domain.values.fields import WORDS, MunicipalityCode, RegisteredHpr, RegisteredId
from projections.claims.claims import ClaimInShort, ClaimsWanted, claims, events_of

CLAIMS: Final = "c"
router = APIRouter(prefix=PREFIX, tags=["claims"], route_class=Guarded)
_ASSESSMENT: Final = r"^[1-9][0-9]{0,5}[a-z]{0,3}$"
WORDS[_ASSESSMENT] = "nummeret på vurderingen, som 1"
AssessmentNumber = Annotated[
    str,
    Path(
        alias="assessment",
        pattern=_ASSESSMENT,
        description="Its number in the claim; `1b` is the second that was given the number 1.",
        examples=["1"],
    ),
]


class ClaimsQuery(PageQuery):
    """Which claims."""

    municipality: MunicipalityCode | None = Field(
        default=None, description="Those of this municipality.", examples=["1804"]
    )
    round: RegisteredId | None = Field(default=None, description="Those of this round.", examples=["2026"])
    status: Status | None = Field(default=None, description="Those that are here in their life.", examples=["assessed"])
    doctor: RegisteredHpr | None = Field(
        default=None, description="Those with a line for this doctor.", examples=["9000001"]
    )


@dataclass(frozen=True, slots=True)
class ClaimList:
    """Claims in the order of their names; `next` is the next cursor."""

    claims: list[ClaimInShort]
    next: str | None


@dataclass(frozen=True, slots=True)
class RepeatedDecisionView:
    """A decision computed again from exactly what it rests on."""

    decision: int | str
    assessment: int | str
    engine_version: str
    identical: bool
    first_difference: str | None
    result: dict[str, JsonValue]


@dataclass(frozen=True, slots=True)
class RepeatedView:
    """Every decision of a claim repeated."""

    claim: str
    identical: bool
    decisions: list[RepeatedDecisionView]


@router.get(
    "",
    summary="List claims",
    operation_id="list_claims",
    response_model=ClaimList,
    responses=doc.listing(),
)
def listed(query: Annotated[ClaimsQuery, Query()], sight: Seeing, reading: Reading) -> Response:
    """List the claims that the caller may see, in the order of their names.

    A municipality and its revisor see their own; caseworker, approver and auditor see all. Filters narrow them; `next`,
    and the `Link` header, lead to the next page.
    """
    after = key_of(CLAIMS, query.cursor, r"[0-9]{4}-[^\x00]{1,64}")
    wanted = ClaimsWanted(query.municipality, query.round, query.status, query.doctor, sight)
    found = reading.ask(lambda connection: claims(connection, wanted, after, query.limit))
    following = cursor_of(CLAIMS, found.after)
    return reading.answer(ClaimList(found.items, following), following)


@router.get(
    "/{claim}",
    summary="Read a claim",
    operation_id="read_claim",
    response_model=ClaimView,
    responses=doc.reading("unknown-claim"),
)
def one(
    request: Request, claim: SeenClaim, asked: Annotated[Asker, Depends()], _query: Nothing, _seen: IfNoneMatch = None
) -> Response:
    """Read a claim with its lines, documents, decisions, statements and steps, and the history as sentences.

    Each step says whether the caller can take it now, and if not, why and what to do instead. The history has all that
    was written. Proposals are read line by line by caseworker, approver and auditor; by others once they are approved.
    Another municipality's claim is not found. A doctor is told of the own line alone, and of no kroner of the claim as
    a whole. The `ETag` is what `If-Match` of a step takes.
    """
    return answer(request, shown(asked, asked.serving.casework.claims.events(claim)))


@router.post(
    "/{claim}/steps",
    summary="Take a step",
    operation_id="take_claim_step",
    response_model=ClaimView,
    responses=taking(opens=True),
    openapi_extra=STEP_BODY,
)
def step(claim: SeenClaim, asked: Stepping, body: StepBody, _query: Nothing) -> Response:
    """Take the claim one step further, by the `type` of the step: from `open` to `close`, and on after `reopen`.

    Answers with the claim right after it: 201 if it was opened, else 200. A step that is refused changes nothing, and
    the problem says what to do instead. At most 1 MiB.

    `confirm_line` and `add_line` apply for all that is computed, now and later; `applied` limits a line in the fields
    that differ from that, null being no limit. `reopen` needs a `reason_code` if nothing that is known now changes a
    line.
    """
    return take(claim, step_of(body), asked, body)


@router.get(
    "/{claim}/assessments/{assessment}",
    summary="Read what an assessment rests on",
    operation_id="read_assessment",
    response_model=AssessmentBasis,
    responses=doc.reading("unknown-claim", "unknown-assessment"),
)
def basis(
    request: Request,
    claim: SeenClaim,
    assessment: AssessmentNumber,
    asked: Annotated[Asker, Depends()],
    _query: Nothing,
    _seen: IfNoneMatch = None,
) -> Response:
    """Read all that an assessment rests on: rule set and engine with their digests, and the canonical result.

    Helsedirektoratet also sees how far the log and each of its streams was read. A doctor sees the result of the own
    line, and no digest of all of them.
    """
    claims = asked.serving.casework.claims
    found = assessment_basis(events_of(claims.told(claims.events(claim), asked.sight)), assessment, asked.sight)
    return answer(request, to_json(found))


@router.get(
    "/{claim}/replay",
    summary="Repeat a claim's decisions",
    operation_id="repeat_claim_decisions",
    response_model=RepeatedView,
    responses=doc.reading("unknown-claim"),
)
def replay(
    request: Request, claim: SeenClaim, sight: Seeing, serving: Serving, _query: Nothing, _seen: IfNoneMatch = None
) -> Response:
    """Compute every decision of the claim again, from exactly what its assessment rests on.

    The result is compared byte for byte, as `alis replay --claim` does. Facts and rule sets that came later change
    nothing; a difference names its first place. A doctor is told whether all is identical, and the own line of it.
    """
    return answer(request, to_json(serving.casework.claims.repeat(claim, sight).as_json()))
