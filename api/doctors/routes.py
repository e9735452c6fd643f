"""Doctors: register a fact or see what it would change, read the facts and the history."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Annotated, Final
from urllib.parse import quote

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from pydantic import Field
from pydantic_core import to_json

from api.access.guarded import Guarded
from api.described import responses as doc
from api.doctors.access import Viewing
from api.doctors.bodies import NEW_FACT, PLANNED_SWITCH, fact_of, planned_of
from api.doctors.facts import DoctorFacts, FactEntry, doctor_facts, knowledge
from api.doctors.history import doctor_history
from api.doctors.history_shapes import DoctorHistory
from api.door.patience import heavy
from api.http.bodies import Body
from api.http.commands import CREATED, Answered, Changing, changing
from api.http.conditions import answer, etag_of
from api.http.parameters import Hpr, IfNoneMatch, Known, KnownQuery, Nothing
from api.http.services import Serving
from deploy.clock import new_id
from domain.casework.facts.recording import Receipt
from domain.casework.facts.viewing import Viewer
from domain.casework.preview import PreviewShape
from domain.doctor.facts.fact import Fact
from domain.rules.meters import MetersShape
from domain.rules.switch.answer import SwitchShape
from domain.store import Recorded
from domain.values.fields import Day, RegisteredId
from domain.values.refusals.refusal import Refused, refused

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

    viewer: Viewing
    serving: Serving

    def facts(self, hpr: str, known_at: datetime | None = None) -> DoctorFacts:
        """The facts that the asker is told of a doctor; raises `Refused` (unknown-doctor)."""
        return doctor_facts(hpr, self.serving.casework.doctor_for(self.viewer, hpr), self.viewer, known_at)


@router.post(
    "/{hpr}/facts",
    summary="Register a fact",
    operation_id="register_fact",
    status_code=CREATED,
    response_model=FactEntry,
    responses=doc.registering(),
    openapi_extra=NEW_FACT,
)
def register(hpr: Hpr, body: Body, asked: Registering, viewer: Viewing, _query: Nothing) -> Response:
    """Record one fact on a doctor, checked against what was known just before it, once however often it is sent.

    A municipality registers what is its own, and what belongs to the doctor while a post is held there, so of a new
    doctor the post comes first; another municipality's post, agreement or fact is as one that is not there. A doctor
    confirms guidance and gives notice. A caseworker registers everything and says why in `Alis-Reason`. The fact
    becomes known now: only an import may state `recorded_at`. 201 with the fact as stored; 200 where the same fact, by
    its `id`, was known already. The `ETag` is that of the doctor's facts right after this one.
    """
    casework = asked.serving.casework
    fact = fact_of(body, hpr, asked.serving.now(), asked.actor.subject, default_id=str(asked.command_id))
    seen = asked.precondition(partial(_content, hpr, viewer))
    return asked.carry_out(
        body,
        lambda command: casework.recording.record(fact, command, seen),
        lambda receipt: _registered(receipt, casework.doctor(hpr), viewer),
    )


@router.post(
    "/{hpr}/facts/preview",
    summary="Preview a fact",
    operation_id="preview_fact",
    response_model=PreviewShape,
    responses=doc.previewing(),
    openapi_extra=NEW_FACT,
)
def preview(hpr: Hpr, body: Body, viewer: Viewing, serving: Serving, _query: Nothing) -> Response:
    """Show what registering a fact would change, and store nothing.

    Every line, in every municipality and round, that would be another is shown with months and kroner before and after.
    The fact is checked as a registration is, and refused with the same codes, but no reason is asked for yet. A job
    switch is one fact, and shows both municipalities; a caller who acts for a municipality sees its own only, and of a
    doctor whom it has nothing to do with what it would see of one who is not registered.
    """
    fact = fact_of(body, hpr, serving.now(), viewer.actor.subject, default_id=str(new_id()))
    found = serving.casework.preview.of_fact(fact, viewer.sight)
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
    that lose as few months; the municipality that the doctor comes to leaves out the post that it does not see, and has
    registered a post or an agreement first: else the doctor is to it as one who is not registered.
    """
    plan = planned_of(body)
    with heavy(request, asked.serving):
        found = asked.serving.casework.preview.of_switch(hpr, plan, query.known_at, asked.viewer.sight)
        content = json.dumps(found.as_json(), ensure_ascii=False).encode()
    return Response(content, media_type="application/json")


@router.get(
    "/{hpr}/facts",
    summary="Read a doctor's facts",
    operation_id="read_doctor_facts",
    response_model=DoctorFacts,
    responses=doc.reading("unknown-doctor"),
)
def facts(
    request: Request, hpr: Hpr, query: Known, asked: Annotated[Question, Depends()], _seen: IfNoneMatch = None
) -> Response:
    """Read every fact in the order in which it became known, with what has become of it.

    A municipality is told of its own facts, and of the track, service and leave that its own claim needs; where
    another municipality recorded these, not by whom nor under which id. A supervisor is told of the sessions that name
    their HPR number. The kind of a leave is `leave`, and a text `(ikke vist)`, to those who are not told it. The `ETag`
    is what `If-Match` of a registration takes.
    """
    return answer(request, asked.facts(hpr, query.known_at).as_bytes())


@router.get(
    "/{hpr}/facts/{fact:path}",
    summary="Read one fact",
    operation_id="read_fact",
    response_model=FactEntry,
    responses=doc.reading("unknown-doctor", "unknown-fact"),
)
def one_fact(
    request: Request,
    hpr: Hpr,
    fact: FactId,
    asked: Annotated[Question, Depends()],
    _query: Nothing,
    _seen: IfNoneMatch = None,
) -> Response:
    """Read one fact, and what has become of it.

    The `ETag` is that of all the doctor's facts, which is what `If-Match` is about.
    """
    view = asked.facts(hpr)
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
    This is information: no month hangs on the first three. A doctor sees their own, a municipality those of doctors
    that it has a post, agreement or other fact of: the first three in the time of its own posts. Others are not found.
    """
    day = query.day or asked.serving.today()
    found = asked.serving.casework.meters(hpr, day, query.known_at, asked.viewer)
    return answer(request, json.dumps(found.as_json(), ensure_ascii=False).encode())


@router.get(
    "/{hpr}/history",
    summary="Read a doctor's history",
    operation_id="read_doctor_history",
    response_model=DoctorHistory,
    responses=doc.reading("unknown-doctor"),
)
def history(
    request: Request, hpr: Hpr, query: Known, asked: Annotated[Question, Depends()], _seen: IfNoneMatch = None
) -> Response:
    """Read what is known of the doctor as state, and the events in the order in which they became known.

    The state is tracks, posts with percents and categories over time, leave, service, supervisors and agreements, each
    with the ids of the facts behind it. The name is the one known now, whenever the rest was known.
    """
    casework, viewer = asked.serving.casework, asked.viewer
    what = knowledge(casework.doctor_for(viewer, hpr), query.known_at, viewer)
    published = list(casework.book.current().published.values())
    name = casework.names([hpr]).get(hpr) if viewer.sees_name(hpr) else None
    return answer(
        request, to_json(doctor_history((hpr, name), what, query.known_at, published[-1] if published else None))
    )


def _content(hpr: str, viewer: Viewer, recorded: Sequence[Recorded]) -> bytes | None:
    """The doctor's facts that somebody is told of, whose tag is what `If-Match` is about; None if there are none."""
    try:
        return doctor_facts(hpr, viewer.view(hpr, recorded), viewer).as_bytes()
    except Refused:
        return None


def _registered(receipt: Receipt, recorded: Sequence[Recorded], viewer: Viewer) -> Answered:
    """The fact as stored, with the tag of the doctor's facts right after it.

    Whatever was stored later is left out of a new fact's answer, so that a repeated request gets the first answer, and
    a caller who goes on from it learns what came between.
    """
    if receipt.stored:
        ids = [each.event.id if isinstance(each.event, Fact) else None for each in recorded]
        recorded = recorded[: ids.index(receipt.fact) + 1]
    view = doctor_facts(receipt.hpr, viewer.view(receipt.hpr, recorded), viewer)
    location = f"{PREFIX}/{receipt.hpr}/facts/{quote(receipt.fact, safe='')}"
    return Answered(to_json(_entry(view, receipt.fact)), location, receipt.stored, etag_of(view.as_bytes()))


def _entry(view: DoctorFacts, fact: str) -> FactEntry:
    for entry in view.facts:
        if entry.fact["id"] == fact:
            return entry
    raise refused("unknown-fact", name=fact)
