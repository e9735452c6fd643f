"""Doctors: register a fact, read the facts and the history."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Final
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from pydantic_core import to_json

from api.described import responses as doc
from api.doctors.facts import DoctorFacts, FactEntry, doctor_facts
from api.doctors.history import doctor_history
from api.doctors.history_shapes import DoctorHistory
from api.http.bodies import Body, fact_of
from api.http.conditions import Condition, IfMatch, answer, etag_of
from api.http.identity import Asking
from api.http.parameters import COMMAND, CommandId, FactId, Hpr, IfNoneMatch, Known, Nothing
from api.http.services import Services, Serving
from domain.casework.commands.commands import Command, request_digest
from domain.casework.facts.recording import Precondition, Receipt
from domain.doctor.facts.facts import Fact
from domain.doctor.intake.plain import Json
from domain.store import Recorded
from domain.values.refusals.refusal import refused

PREFIX: Final = "/api/v1/doctors"
CREATED: Final = 201
KNOWN: Final = 200
router = APIRouter(prefix=PREFIX, tags=["doctors"])


@dataclass(frozen=True, slots=True)
class Registration:
    """What a registration consists of besides the doctor: the body, and what the headers say."""

    body: Body
    actor: Asking
    command_id: CommandId
    condition: Condition
    query: Nothing


@router.post(
    "/{hpr}/facts",
    summary="Register a fact",
    operation_id="register_fact",
    description=doc.REGISTER,
    status_code=CREATED,
    response_model=FactEntry,
    responses=doc.registering(),
    openapi_extra=doc.fact_body(),
)
def register(request: Request, hpr: Hpr, asked: Annotated[Registration, Depends()], serving: Serving) -> Response:
    """Record one fact on a doctor, once however often it is sent."""
    correlation: UUID = request.state.correlation
    command = Command(asked.command_id, asked.actor, "api", correlation, _digest(serving, hpr, asked.body))
    fact = fact_of(asked.body, hpr, serving.now(), asked.actor.subject, default_id=str(command.id))
    receipt = serving.casework.recording.record(fact, command, _precondition(hpr, asked.condition))
    response = _registered(receipt, serving.casework.doctor(hpr))
    response.headers[COMMAND] = str(command.id)
    return response


@router.get(
    "/{hpr}/facts",
    summary="Read a doctor's facts",
    operation_id="read_doctor_facts",
    description=doc.READ_FACTS,
    response_model=DoctorFacts,
    responses=doc.reading("unknown-doctor"),
)
def facts(request: Request, hpr: Hpr, query: Known, serving: Serving, _seen: IfNoneMatch = None) -> Response:
    """Every fact in the order in which it became known, with what has become of it."""
    return answer(request, doctor_facts(hpr, serving.casework.doctor(hpr), query.known_at).as_bytes())


@router.get(
    "/{hpr}/facts/{fact:path}",
    summary="Read one fact",
    operation_id="read_fact",
    description=doc.READ_FACT,
    response_model=FactEntry,
    responses=doc.reading("unknown-doctor", "unknown-fact"),
)
def one_fact(
    request: Request, hpr: Hpr, fact: FactId, serving: Serving, _query: Nothing, _seen: IfNoneMatch = None
) -> Response:
    """One fact; its tag is that of all the doctor's facts, which is what `If-Match` is about."""
    view = doctor_facts(hpr, serving.casework.doctor(hpr))
    return answer(request, to_json(_entry(view, fact)), etag_of(view.as_bytes()))


@router.get(
    "/{hpr}/history",
    summary="Read a doctor's history",
    operation_id="read_doctor_history",
    description=doc.READ_HISTORY,
    response_model=DoctorHistory,
    responses=doc.reading("unknown-doctor"),
)
def history(request: Request, hpr: Hpr, query: Known, serving: Serving, _seen: IfNoneMatch = None) -> Response:
    """What is known of a doctor as state, and the events in order."""
    recorded = serving.casework.doctor(hpr)
    published = list(serving.casework.book.current().published.values())
    view = doctor_history(hpr, recorded, query.known_at, published[-1] if published else None)
    return answer(request, to_json(view))


def _digest(serving: Services, hpr: str, body: Json) -> str:
    """The keyed digest of what is asked for, the same however the JSON is spaced and ordered."""
    asked = {"path": f"{PREFIX}/{hpr}/facts", "body": body}
    return request_digest(serving.master_key, json.dumps(asked, sort_keys=True, separators=(",", ":")).encode())


def _precondition(hpr: str, condition: IfMatch | None) -> Precondition | None:
    """Compare what the log holds with what the caller saw, in the same breath as the fact is appended."""
    if condition is None:
        return None

    def check(recorded: Sequence[Recorded]) -> None:
        current = etag_of(doctor_facts(hpr, recorded).as_bytes()) if recorded else None
        if not condition.holds(current):
            raise refused("changed-meanwhile")

    return check


def _registered(receipt: Receipt, recorded: Sequence[Recorded]) -> Response:
    """The fact as stored, with the tag of the doctor's facts right after it.

    Whatever was stored later is left out of a new fact's answer, so that a repeated request gets the first answer, and
    a caller who goes on from it is told of what came between.
    """
    if receipt.stored:
        ids = [each.event.id if isinstance(each.event, Fact) else None for each in recorded]
        recorded = recorded[: ids.index(receipt.fact) + 1]
    view = doctor_facts(receipt.hpr, recorded)
    headers = {
        "ETag": etag_of(view.as_bytes()),
        "Location": f"{PREFIX}/{receipt.hpr}/facts/{quote(receipt.fact, safe='')}",
    }
    content = to_json(_entry(view, receipt.fact))
    return Response(content, CREATED if receipt.stored else KNOWN, headers, "application/json")


def _entry(view: DoctorFacts, fact: str) -> FactEntry:
    for entry in view.facts:
        if entry.fact["id"] == fact:
            return entry
    raise refused("unknown-fact", name=fact)
