"""Conversions to the new scheme: who waits, what it would give, and recording many in one command."""

from datetime import date
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic_core import to_json

from api.access.guarded import Guarded
from api.conversions.shapes import (
    NEW_CONVERSIONS,
    ConversionList,
    ConversionPreview,
    ConversionQuery,
    ConversionsQuery,
    ConversionsShape,
    wanted_in,
)
from api.described import responses as doc
from api.door.patience import heavy
from api.http.bodies import Body
from api.http.commands import Answered, Changing, command_id
from api.http.conditions import answer
from api.http.identity import Asking
from api.http.lists import cursor_of, key_of
from api.http.parameters import IfNoneMatch, Nothing
from api.http.services import Services, Serving
from domain.casework.access.sight import Sight
from domain.casework.conversions.conversion import rounds_touched, sums
from domain.casework.conversions.conversions import Waiting
from domain.rules.compare.conversion import old_scheme_ends
from domain.rules.sets.rule_set import RuleSet
from domain.values.refusals.refusal import refused
from projections.engine.paging import sliced

PREFIX: Final = "/api/v1/conversions"
MUNICIPALITIES: Final = "m"
router = APIRouter(prefix=PREFIX, tags=["conversions"], route_class=Guarded)


async def _converting(
    request: Request, serving: Serving, actor: Asking, command_id: Annotated[UUID, Depends(command_id)]
) -> Changing:
    """A request that has no condition, for each doctor is judged as he or she stands."""
    return Changing(request, serving, actor, command_id, None)


Converting = Annotated[Changing, Depends(_converting)]


@router.get(
    "",
    summary="List the doctors who wait to be converted",
    operation_id="list_conversions",
    response_model=ConversionList,
    responses=doc.reading("unknown-municipality", "unknown-rule-set", "takes-too-long", "crowded"),
)
def listed(
    request: Request,
    query: Annotated[ConversionsQuery, Query()],
    actor: Asking,
    serving: Serving,
    _seen: IfNoneMatch = None,
) -> Response:
    """List the doctors with a post on a track of the old scheme that is not converted, municipality by municipality.

    A doctor is listed where a post is held on the day of the conversion or later, but not before today. Each has what a
    conversion on that day would give the municipality in every round that it touches and that has a rule set: months,
    productivity window, five years and kroner, computed as for a claim. `limit` counts municipalities. A municipality,
    and its revisor, see its own doctors and kroner only.
    """
    conversions, on = serving.casework.conversions, query.on or serving.today()
    rule_sets = _rule_sets(serving, query.rules)
    after = key_of(MUNICIPALITIES, query.cursor, "[0-9]{4}") or ""
    with heavy(request, serving):
        found = [each for each in _waiting(request, serving, query, on) if each.municipality > after]
        page = sliced(found, query.limit, lambda each: each.municipality)
        shown = [conversions.effect(each, on, rule_sets).as_json() for each in page.items]
    following = cursor_of(MUNICIPALITIES, page.after)
    listed = ConversionList(
        on=on,
        old_scheme_ends=old_scheme_ends(rule_sets),
        rounds=rounds_touched(rule_sets, on),
        municipalities=shown,  # type: ignore[typeddict-item]  # a plain dictionary, of the shape that is answered
        names=serving.casework.names_for(actor, (hpr for each in page.items for hpr in each.doctors)),
        next=following,
    )
    return answer(request, to_json(listed))


@router.post(
    "/preview",
    summary="Preview conversions",
    operation_id="preview_conversions",
    response_model=ConversionPreview,
    responses=doc.supposing("wrong-role", "unknown-rule-set", "takes-too-long", "crowded"),
    openapi_extra=NEW_CONVERSIONS,
)
def previewed(body: Body, asked: Converting, query: Annotated[ConversionQuery, Query()]) -> Response:
    """Show what converting some doctors would record and give, and store nothing.

    The same body as that of the conversion, judged alike. A caller who acts for a municipality sees its own lines only.
    """
    wanted, casework = wanted_in(body), asked.serving.casework
    rule_sets = _rule_sets(asked.serving, query.rules)
    with heavy(asked.request, asked.serving):
        found = casework.conversions.preview(wanted, rule_sets, asked.command(body), asked.serving.now())
        preview = ConversionPreview(
            on=wanted.on,
            rounds=rounds_touched(rule_sets, wanted.on),
            sums=sums(found),
            doctors=[each.as_json() for each in found],  # type: ignore[misc]  # as above
            names=asked.serving.casework.names_for(asked.actor, (each.hpr for each in found if each.refusal is None)),
        )
    return Response(to_json(preview), media_type="application/json")


@router.post(
    "",
    summary="Convert doctors",
    operation_id="register_conversions",
    response_model=ConversionsShape,
    responses=doc.changing("conversion-without-reason", location="The address of those who wait."),
    openapi_extra=NEW_CONVERSIONS,
)
def converted(body: Body, asked: Converting, _query: Nothing) -> Response:
    """Record that doctors go over to the new scheme on a day, all in one, once however often it is sent.

    A doctor who cannot be converted stops none of the others: each has a result, with the code and the sentence of a
    refusal. A caseworker converts any doctor and says why; a municipality those who have a post there, and to it the
    others are as if they were not registered.
    """
    wanted = wanted_in(body)
    return asked.carry_out(
        body,
        lambda command: asked.serving.casework.conversions.convert(wanted, command, asked.serving.now()),
        lambda done: Answered(to_json(done.as_json()), PREFIX, created=False),
    )


def _waiting(request: Request, serving: Services, query: ConversionsQuery, on: date) -> list[Waiting]:
    """Those who wait, as far as somebody sees."""
    sight: Sight = request.state.sight
    if query.municipality is not None and not sight.sees_municipality(query.municipality):
        return []
    own: str | None = request.state.actor.organisation if sight.places else query.municipality
    return serving.casework.conversions.waiting(on, serving.today(), own)


def _rule_sets(serving: Services, rules: str | None) -> list[RuleSet]:
    """The rule sets to compute under, one of them named; nobody reads files through HTTP."""
    more = None if rules is None else serving.casework.book.named(rules)
    if rules is not None and more is None:
        raise refused("unknown-rule-set", rules=rules)
    return serving.casework.conversions.rule_sets(more)
