"""Posts: listed with their months, drawn, and how stable they are."""

from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Final

from fastapi import APIRouter, Query, Response
from pydantic import Field

from api.access.guarded import Guarded
from api.described.responses import Responses, listing
from api.door.patience import heavy
from api.http.identity import Asking
from api.http.lists import PageQuery, Reader, Reading, cursor_of, key_of
from api.http.parameters import Known as KnownAt
from api.http.parameters import PastMoment
from api.posts.access import PostsSeen, SeenPosts
from domain.values.fields import MunicipalityCode
from domain.values.norwegian_time import norwegian_day
from projections.engine.paging import Slice, sliced
from projections.posts.holdings import Holding, holdings_in, holdings_known
from projections.posts.posts import Known, Post, posts_of
from projections.posts.squares import squares
from projections.posts.stability import StabilityTable, stability

PREFIX: Final = "/api/v1/posts"
POSTS: Final = "p"
router = APIRouter(prefix=PREFIX, tags=["posts"], route_class=Guarded)
_KEY: Final = r"[0-9]{4}/[^\x00]{1,64}"
_REFUSALS: Final = ("unknown-municipality", "takes-too-long", "crowded")


class PostsQuery(PageQuery):
    """Which posts, as known when."""

    municipality: MunicipalityCode | None = Field(
        default=None, description="Those of this municipality, by any of its codes.", examples=["1804"]
    )
    known_at: PastMoment | None = Field(
        default=None,
        description="As it was known at this moment, and to its month; else as it is known now, and to this month.",
        examples=["2026-07-01T00:00:00Z"],
    )


@dataclass(frozen=True, slots=True)
class PostList:
    """Posts by municipality (its code of today) and name, with months up to that of the day; `next` is the next cursor.

    A month belongs to the doctor who holds the post on most days of it, the first of several with as many. Where nobody
    holds it on any day, `holder` is null: the post is vacant, or the municipality has `closed` it. `also` are those who
    hold it on some day of it too. `names` are those of the doctors, by HPR number, as they are known now; none for
    those who may not see them.
    """

    until: date
    posts: list[Post]
    names: dict[str, str]
    next: str | None


def _drawing() -> Responses:
    found = listing(*_REFUSALS)
    drawn = {
        "description": "The drawing.",
        "content": {"image/svg+xml": {"schema": {"type": "string", "format": "binary"}}},
    }
    return {**found, 200: {**found[200], **drawn}}


@router.get(
    "",
    summary="List posts and who held them",
    operation_id="list_posts",
    response_model=PostList,
    responses=listing(*_REFUSALS),
)
def listed(query: Annotated[PostsQuery, Query()], sight: SeenPosts, actor: Asking, reading: Reading) -> Response:
    """List the posts that municipalities have a name for: who held each month by month, and which months were vacant.

    A post is what a municipality calls by one name, whatever the case of its letters; a position without a name is in
    none. Doctors are numbered from the first who held it. It lasts from then until the moment that is asked about. A
    municipality, and its revisor, see its own.
    """
    until, found = _found(query, sight, reading)
    following = cursor_of(POSTS, found.after)
    names = reading.serving.casework.names_for(actor, {each.hpr for post in found.items for each in post.holders})
    return reading.answer(PostList(until, found.items, names, following), following)


@router.get(
    "/squares",
    summary="Draw who held the posts",
    operation_id="read_post_squares",
    response_class=Response,
    responses=_drawing(),
)
def drawn(query: Annotated[PostsQuery, Query()], sight: SeenPosts, reading: Reading) -> Response:
    """Draw the posts that `list_posts` lists, a line for each and a square for each month, as FAFO 2023:02 does.

    The first, the second, and the third and later doctors have a colour and a pattern each, and so have vacant months
    and those before the first doctor, of which nothing is known. The description in the drawing says the same in words.
    """
    until, found = _found(query, sight, reading)
    return reading.drawn(squares(found.items, until), cursor_of(POSTS, found.after))


@router.get(
    "/stability",
    summary="Read how stable the posts are",
    operation_id="read_post_stability",
    response_model=StabilityTable,
    responses=listing(*_REFUSALS),
)
def stable(query: KnownAt, sight: SeenPosts, reading: Reading) -> Response:
    """Read the figures of all posts, by centrality class, and by municipality: how many doctors held them how long.

    Figures about fewer than five people are shown to caseworkers alone. Others get null for them, and for the smallest
    others from which they could be found by subtraction. A municipality, and its revisor, see no other municipality.
    """
    until = _until(query.known_at, reading)
    with heavy(reading.request, reading.serving):
        posts = posts_of(_holdings(query.known_at, None, reading), _known(query.known_at, sight, reading), until)
        found = stability(posts, sight.places, until, small_cells=sight.small_cells)
    return reading.answer(found.seen_by(sight.municipality))


def _found(query: PostsQuery, sight: PostsSeen, reading: Reader) -> tuple[date, Slice[Post]]:
    """The day that posts are shown to, and some of them after the cursor."""
    after = key_of(POSTS, query.cursor, _KEY) or ""
    until = _until(query.known_at, reading)
    with heavy(reading.request, reading.serving) if query.known_at else nullcontext():
        holdings = _holdings(query.known_at, sight.codes(query.municipality), reading)
        posts = posts_of(holdings, _known(query.known_at, sight, reading), until, after, query.limit + 1)
    return until, sliced(posts, query.limit, lambda post: post.key)


def _known(known_at: datetime | None, sight: PostsSeen, reading: Reader) -> Known:
    return Known(sight.places.current, reading.serving.casework.municipalities.closed_posts(known_at))


def _until(known_at: datetime | None, reading: Reader) -> date:
    return reading.serving.today() if known_at is None else norwegian_day(known_at)


def _holdings(known_at: datetime | None, codes: Sequence[str] | None, reading: Reader) -> list[Holding]:
    """From the read model as things are known now; from the log as they were known at a moment."""
    if known_at is None:
        return reading.ask(lambda connection: holdings_in(connection, codes))
    return holdings_known(reading.serving.casework.store, known_at, codes)
