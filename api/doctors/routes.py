"""Doctors: register a fact or see what it would change, read the facts and the history."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Final
from urllib.parse import quote

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from pydantic import Field
from pydantic_core import to_json

from api.access.guarded import Guarded
from api.described import responses as doc
from api.doctors.bodies import NEW_FACT, PLANNED_SWITCH, fact_of, planned_of
from api.doctors.facts import DoctorFacts, FactEntry, doctor_facts
from api.doctors.history import doctor_history
from api.doctors.history_shapes import DoctorHistory
from api.door.patience import heavy
from api.http.bodies import Body
from api.http.commands import CREATED, Answered, Changing, changing
from api.http.conditions import answer, etag_of
from api.http.identity import Asking
from api.http.parameters import Hpr, IfNoneMatch, Known, KnownQuery, Nothing
from api.http.services import Serving
from deploy.clock import new_id
from domain.casework.facts.recording import Receipt
from domain.casework.facts.seeing import bounds_of
from domain.casework.preview import PreviewShape
from domain.doctor.facts.fact import Fact
from domain.rules.meters import MetersShape
from domain.rules.switch.answer import SwitchShape
from domain.store import Recorded
from domain.values.fields import Day, RegisteredId
from domain.values.refusals.refusal import refused

PREFIX: Final = "/api/v1/doctors"
router = APIRouter(prefix=PREFIX, tags=["doctors"], route_class=Guarded)


class MetersQuery(KnownQuery):
    """Which day the meters are read at the end of, and as known when."""

    day: Day | None = Field(default=None, description="At the end of which day; else today in Norway.")


FactId = Annotated[RegisteredId, Path(description="The fact's id.", examples=["sykehus-2025"])]
_OF_SWITCH: Final = (
    "unknown-position",
    "unknown-municipality",
    "before-all-rules",
    "range-too-long",
    "switch-too-long",
    "ends-before-it-begins",
    "new-before-old-ends",
    "last-before-first",
    "takes-too-long",
    "crowded",
)
Registering = Annotated[Changing, Depends(changing("the doctor's facts"))]


@dataclass(frozen=True, slots=True)
class Question:
    """Who asks, and what answers."""

    actor: Asking
    serving: Serving


@router.post(
    "/{hpr}/facts",
    summary="Register a fact",
    operation_id="register_fact",
    status_code=CREATED,
    response_model=FactEntry,
    responses=doc.registering(),
    openapi_extra=NEW_FACT,
)
def register(hpr: Hpr, body: Body, asked: Registering, _query: Nothing) -> Response:
    """Record one fact on a doctor, checked against what was known just before it, once however often it is sent.

    To a municipality or its revisor, another municipality's post, agreement or fact is as one that is not there. The
    fact becomes known now: only an import may state `recorded_at`. 201 with the fact as stored; 200 where the same
    fact, by its `id`, was known already. The `ETag` is that of the doctor's facts right after this one.
    """
    casework = asked.serving.casework
    fact = fact_of(body, hpr, asked.serving.now(), asked.actor.subject, default_id=str(asked.command_id))
    seen = asked.precondition(partial(_content, hpr))
    return asked.carry_out(
        body,
        lambda command: casework.recording.record(fact, command, seen),
        lambda receipt: _registered(receipt, casework.doctor(hpr)),
    )


@router.post(
    "/{hpr}/facts/preview",
    summary="Preview a fact",
    operation_id="preview_fact",
    response_model=PreviewShape,
    responses=doc.previewing(),
    openapi_extra=NEW_FACT,
)
def preview(hpr: Hpr, body: Body, actor: Asking, serving: Serving, _query: Nothing) -> Response:
    """Show what registering a fact would change, and store nothing.

    Every line, in every municipality and round, that would be another is shown with months and kroner before and after.
    The fact is checked as a registration is, and refused with the same codes. A job switch is one fact, and shows both
    municipalities; a caller who acts for a municipality sees its own only.
    """
    fact = fact_of(body, hpr, serving.now(), actor.subject, default_id=str(new_id()))
    found = serving.casework.preview.of_fact(fact, bounds_of(actor))
    return Response(json.dumps(found.as_json(), ensure_ascii=False).encode(), media_type="application/json")


@router.post(
    "/{hpr}/switches/preview",
    summary="Preview a job switch",
    operation_id="preview_switch",
    response_model=SwitchShape,
    responses=doc.supposing(*_OF_SWITCH),
    openapi_extra=PLANNED_SWITCH,
)
def preview_switch(
    request: Request, hpr: Hpr, body: Body, asked: Annotated[Question, Depends()], query: Known
) -> Response:
    """Say which last and first day of a planned job switch lose the fewest months, and why; store nothing.

    Every last day is computed with every first day after it, in the rounds that they touch. The new post is given an
    agreement from its first day unless one is registered there; time after the last round with a published rule set is
    computed under that one; `assumptions` says so. A range has at most 62 days, two months, since each pair is computed
    by itself. A caller who acts for a municipality sees the kroner of its own lines only, and those decide among days
    that lose as few months; the municipality that the doctor comes to leaves out the post that it does not see.
    """
    plan = planned_of(body)
    with heavy(request, asked.serving):
        found = asked.serving.casework.preview.of_switch(hpr, plan, query.known_at, bounds_of(asked.actor))
        content = json.dumps(found.as_json(), ensure_ascii=False).encode()
    return Response(content, media_type="application/json")


@router.get(
    "/{hpr}/facts",
    summary="Read a doctor's facts",
    operation_id="read_doctor_facts",
    response_model=DoctorFacts,
    responses=doc.reading("unknown-doctor"),
)
def facts(request: Request, hpr: Hpr, query: Known, serving: Serving, _seen: IfNoneMatch = None) -> Response:
    """Read every fact in the order in which it became known, with what has become of it.

    The `ETag` is what `If-Match` of a registration takes.
    """
    return answer(request, doctor_facts(hpr, serving.casework.doctor(hpr), query.known_at).as_bytes())


@router.get(
    "/{hpr}/facts/{fact:path}",
    summary="Read one fact",
    operation_id="read_fact",
    response_model=FactEntry,
    responses=doc.reading("unknown-doctor", "unknown-fact"),
)
def one_fact(
    request: Request, hpr: Hpr, fact: FactId, serving: Serving, _query: Nothing, _seen: IfNoneMatch = None
) -> Response:
    """Read one fact, and what has become of it.

    The `ETag` is that of all the doctor's facts, which is what `If-Match` is about.
    """
    view = doctor_facts(hpr, serving.casework.doctor(hpr))
    return answer(request, to_json(_entry(view, fact)), etag_of(view.as_bytes()))


@router.get(
    "/{hpr}/meters",
    summary="Read a doctor's meters",
    operation_id="read_doctor_meters",
    response_model=MetersShape,
    responses=doc.reading("unknown-doctor"),
)
def read_meters(
    request: Request,
    hpr: Hpr,
    query: Annotated[MetersQuery, Query()],
    asked: Annotated[Question, Depends()],
    _seen: IfNoneMatch = None,
) -> Response:
    """Read how much a doctor has used of what the education takes, and of what the grant is given for.

    Two years of open unselected practice, two years of group guidance and the one of them with at least half a post in
    open practice, the months of the productivity window, and the five years: each with what is used at the end of
    `day`, what is needed, what remains, the day on which it is reached if what is registered goes on, and its source.
    This is information: no month hangs on the first three. A doctor (`lege:9000001`) sees their own, a municipality
    those of doctors that it has a post, agreement or other fact of; others are not found.
    """
    day = query.day or asked.serving.today()
    found = asked.serving.casework.meters(hpr, day, query.known_at, asked.actor)
    return answer(request, json.dumps(found.as_json(), ensure_ascii=False).encode())


@router.get(
    "/{hpr}/history",
    summary="Read a doctor's history",
    operation_id="read_doctor_history",
    response_model=DoctorHistory,
    responses=doc.reading("unknown-doctor"),
)
def history(request: Request, hpr: Hpr, query: Known, serving: Serving, _seen: IfNoneMatch = None) -> Response:
    """Read what is known of the doctor as state, and the events in the order in which they became known.

    The state is tracks, posts with percents and categories over time, leave, service, supervisors and agreements, each
    with the ids of the facts behind it. The name is the one known now, whenever the rest was known.
    """
    recorded = serving.casework.doctor(hpr)
    published = list(serving.casework.book.current().published.values())
    name = serving.casework.names([hpr]).get(hpr)
    view = doctor_history((hpr, name), recorded, query.known_at, published[-1] if published else None)
    return answer(request, to_json(view))


def _content(hpr: str, recorded: Sequence[Recorded]) -> bytes | None:
    """The doctor's facts, whose tag is what `If-Match` is about; None if there are none."""
    return doctor_facts(hpr, recorded).as_bytes() if recorded else None


def _registered(receipt: Receipt, recorded: Sequence[Recorded]) -> Answered:
    """The fact as stored, with the tag of the doctor's facts right after it.

    Whatever was stored later is left out of a new fact's answer, so that a repeated request gets the first answer, and
    a caller who goes on from it learns what came between.
    """
    if receipt.stored:
        ids = [each.event.id if isinstance(each.event, Fact) else None for each in recorded]
        recorded = recorded[: ids.index(receipt.fact) + 1]
    view = doctor_facts(receipt.hpr, recorded)
    location = f"{PREFIX}/{receipt.hpr}/facts/{quote(receipt.fact, safe='')}"
    return Answered(to_json(_entry(view, receipt.fact)), location, receipt.stored, etag_of(view.as_bytes()))


def _entry(view: DoctorFacts, fact: str) -> FactEntry:
    for entry in view.facts:
        if entry.fact["id"] == fact:
            return entry
    raise refused("unknown-fact", name=fact)
