"""The access log over HTTP: who read whom, when, and why."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Final, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field

from api.access.guarded import Guarded
from api.described import responses as doc
from api.http.identity import Asking
from api.http.lists import PageQuery, Reading, cursor_of, key_of
from domain.casework.access.sight import Sight
from domain.store import StoredEntry
from domain.values.fields import Day, RegisteredHpr
from projections.access.reading import KEY, AccessAsked, accesses
from projections.access.sentences import sentence

router = APIRouter(prefix="/api/v1", tags=["access"], route_class=Guarded)
ACCESS: Final = "a"
Role = Literal[
    "municipality", "caseworker", "approver", "revisor", "auditor", "rules", "operator", "doctor", "alis_office"
]


class AccessQuery(PageQuery):
    """Which entries."""

    doctor: RegisteredHpr | None = Field(default=None, description="Reads of this doctor.", examples=["9000001"])
    first_day: Day | None = Field(default=None, alias="from", description="From this day in Norway on.")
    last_day: Day | None = Field(default=None, alias="to", description="To this day in Norway, inclusive.")
    role: Role | None = Field(default=None, description="By somebody in this role.", examples=["caseworker"])


@dataclass(frozen=True, slots=True)
class AccessEntry:
    """A read: who, in which role, for which municipality and on whose behalf; what, whose, and what came of it.

    `doctors` are all those in the answer, `municipality` is whose case it was, `code` that of a refusal, `reason` the
    one that was stated where one is asked for. `correlation_id` is that of the request. `position` is the number of the
    entry, for those who see all of them.
    """

    moment: datetime
    subject: str
    role: str | None
    organisation: str | None
    on_behalf_of: str | None
    operation: str
    doctors: tuple[str, ...]
    municipality: str | None
    claim: str | None
    reason: str | None
    outcome: str
    code: str | None
    channel: str
    correlation_id: UUID
    sentence: str
    position: int | None


@dataclass(frozen=True, slots=True)
class AccessList:
    """Entries, the newest first; `next` is the next cursor.

    `names` are those of the doctors, by HPR number, as they are known now; none for those who may not see them.
    """

    entries: list[AccessEntry]
    names: dict[str, str]
    next: str | None


@router.get(
    "/access",
    summary="List who read which case",
    operation_id="list_access",
    response_model=AccessList,
    responses=doc.reading(),
)
def listed(query: Annotated[AccessQuery, Query()], request: Request, actor: Asking, reading: Reading) -> Response:
    """List who read which case, when, and why where a reason is asked for.

    A municipality sees reads of its own cases, by those who act for it and by others; a doctor those that name the
    doctor, and of the doctors in them nobody else; an auditor all. Entries are written before the answer that they are
    about is sent, and nobody can change them.
    """
    sight: Sight = request.state.sight
    asked = AccessAsked(query.doctor, query.first_day, query.last_day, query.role)
    after = key_of(ACCESS, query.cursor, KEY)
    with reading.serving.casework.store.reading(sight.rows) as connection:
        found = accesses(connection, asked, sight, after, query.limit)
    following = cursor_of(ACCESS, found.after)
    names = reading.serving.casework.names_for(actor, {hpr for each in found.items for hpr in each.entry.doctors})
    return reading.answer(AccessList([_shown(each, sight) for each in found.items], names, following), following)


def _shown(stored: StoredEntry, sight: Sight) -> AccessEntry:
    entry = stored.entry
    return AccessEntry(
        stored.moment,
        entry.subject,
        entry.role,
        entry.organisation,
        entry.on_behalf_of,
        entry.operation,
        entry.doctors,
        entry.municipality,
        entry.claim,
        entry.reason,
        entry.outcome,
        entry.code,
        entry.channel,
        entry.correlation_id,
        sentence(stored),
        stored.position if sight.whole else None,
    )
