"""A doctor's own insight over HTTP: one archive with JSON, a page, and the documents."""

import io
import zipfile
from datetime import date
from typing import Final

from fastapi import APIRouter, Request, Response
from pydantic_core import to_json

from api.access.guarded import Guarded
from api.described import responses as doc
from api.doctors.insight.page import insight_page
from api.doctors.insight.whole import insight_of
from api.door.patience import heavy
from api.http.conditions import NOT_MODIFIED
from api.http.parameters import Hpr, Nothing
from api.http.services import Serving
from domain.casework.service import Casework
from domain.values.refusals.refusal import refused
from projections.doctors.telling.places import Places

router = APIRouter(prefix="/api/v1/doctors", tags=["doctors"], route_class=Guarded)
MEDIA_TYPE: Final = "application/zip"
_BEGINNING: Final = (1980, 1, 1, 0, 0, 0)
"""The first moment that an archive can name: the same insight is the same bytes."""
_FOR_OWNER: Final = 0o600


def _answering() -> doc.Responses:
    found = doc.reading("unknown-doctor", "read-side-missing", "crowded", "takes-too-long")
    headers = {
        **doc.always()[200]["headers"],
        "Content-Disposition": {"description": "Always `attachment`.", "schema": {"type": "string"}},
    }
    binary = {"schema": {"type": "string", "format": "binary"}}
    answered = {"description": "The archive.", "headers": headers, "content": {MEDIA_TYPE: binary}}
    return {status: told for status, told in found.items() if status != NOT_MODIFIED} | {200: answered}


@router.get(
    "/{hpr}/insight",
    summary="Read all that is stored about a doctor",
    operation_id="read_insight",
    response_class=Response,
    responses=_answering(),
)
def insight(request: Request, hpr: Hpr, serving: Serving, _query: Nothing) -> Response:
    """Give all that is stored about a doctor as one archive: for the doctor, or a caseworker whom the doctor has asked.

    `innsyn.json` has every fact in clear with when it became known and who recorded it, agreements and posts, the lines
    in the claims of every municipality with amounts, decisions and statements, meters, who was given anything about the
    doctor, keys that were destroyed, and how long what is kept and on which basis. `innsyn.html` says the same in
    Norwegian, and `vedlegg/` has the documents. Of other doctors there is nothing, but the supervisors that the
    doctor's own facts name. What is erased is not in it, and the page says what stays and why. The same state on the
    same day is the same bytes.
    """
    if request.state.sight.doctor not in {None, hpr}:
        raise refused("unknown-doctor", hpr=hpr)
    with heavy(request, serving):
        content = archive_of(serving.casework, hpr, serving.today())
    headers = {"Content-Disposition": f'attachment; filename="innsyn-{hpr}.zip"'}
    return Response(content, headers=headers, media_type=MEDIA_TYPE)


def archive_of(casework: Casework, hpr: str, today: date) -> bytes:
    """The archive of all that is stored about a doctor; raises `Refused` (unknown-doctor)."""
    found, documents = insight_of(casework, hpr, today)
    page = insight_page(found, Places(casework.book.current()))
    files = {"innsyn.html": page.encode(), "innsyn.json": to_json(found, indent=2) + b"\n", **documents}
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, _BEGINNING)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, _FOR_OWNER << 16
            archive.writestr(entry, files[name])
    return made.getvalue()
