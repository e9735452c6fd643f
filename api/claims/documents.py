"""Documents of claims: sent as they are, and given out as downloads."""

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from pydantic import Field, ValidationError

from api.claims import claim_documentation as doc
from api.claims.access import SeenClaim
from api.claims.taking import PREFIX, Stepping, take
from api.claims.view import ClaimView
from api.http.bodies import content_of
from api.http.conditions import FRESH, NOT_MODIFIED, has_seen
from api.http.digests import check_digests, sha256_field
from api.http.parameters import IfNoneMatch, NoQuery, Nothing
from api.http.problems import FieldError, Problem
from api.http.services import Serving
from domain.claim.parts.media import UNNAMED, check_content, filename, kind_of_content, media_type
from domain.claim.parts.parts import DocumentKind
from domain.claim.steps.commands import AttachDocument
from domain.doctor.intake.intake import refusal_of
from domain.rules.sets.content import Digest
from domain.store import Document
from domain.values.fields import RegisteredHpr
from domain.values.refusals.refusal import refused
from projections.claims.claim_sentences import DOCUMENTS

router = APIRouter(prefix=PREFIX, tags=["claims"])
DocumentDigest = Annotated[
    Digest,
    Path(alias="document", description="The document's digest.", examples=[f"sha256:{'0' * 64}"]),
]


class DocumentQuery(NoQuery):
    """What a document is."""

    kind: DocumentKind = Field(description="What it is.", examples=["agreement"])
    hpr: RegisteredHpr | None = Field(
        default=None, description="The line that it belongs to; else to the claim.", examples=["9000001"]
    )
    name: str | None = Field(
        default=None, min_length=1, max_length=200, pattern=r"\S", description="What to call it; else its kind."
    )


async def sent_document(request: Request, serving: Serving) -> AsyncIterator[Document]:
    """The document in the body: of a kind that is taken, not too large, and what it is said to be.

    It has its room until the request is answered.
    """
    kind = media_type(request.headers.get("content-type", ""))
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        raise refused("document-compressed")
    held = 0

    def take(wanted: int) -> None:
        nonlocal held
        serving.room.take(wanted)
        held += wanted

    try:
        content = await content_of(request, serving.document_max_bytes, take)
        check_digests(request.headers, content)
        if kind == UNNAMED and content:
            kind = kind_of_content(content)
        check_content(kind, content)
        yield Document(kind, content)
    finally:
        serving.room.give_back(held)


Sent = Annotated[Document, Depends(sent_document)]


@router.post(
    "/{claim}/documents",
    summary="Attach a document",
    operation_id="attach_document",
    description=doc.ATTACH,
    response_model=ClaimView,
    responses=doc.attaching(),
    openapi_extra=doc.document_body(),
)
def attach(claim: SeenClaim, asked: Stepping, query: Annotated[DocumentQuery, Query()], sent: Sent) -> Response:
    """The bytes and the event that names them, or neither."""
    return take(claim, _step(query, sent), asked, document=sent)


def _step(query: DocumentQuery, sent: Document) -> AttachDocument:
    try:
        return AttachDocument(
            document=f"sha256:{sent.digest.hex()}",
            kind=query.kind,
            media_type=sent.media_type,
            size=len(sent.content),
            hpr=query.hpr,
            name=query.name or DOCUMENTS[query.kind],
        )
    except ValidationError as error:
        raise Problem.invalid([FieldError.of(refusal_of(each)) for each in error.errors()]) from None


@router.get(
    "/{claim}/documents/{document}",
    summary="Download a document",
    operation_id="download_document",
    description=doc.DOWNLOAD,
    response_class=Response,
    responses=doc.downloading(),
)
def download(
    request: Request,
    claim: SeenClaim,
    document: DocumentDigest,
    serving: Serving,
    _query: Nothing,
    _seen: IfNoneMatch = None,
) -> Response:
    """The bytes as they were sent, never shown in a page."""
    state = serving.casework.claims.claim(claim).state
    if document not in state.documents:
        raise refused("unknown-document", document=document)
    digest = bytes.fromhex(document.removeprefix("sha256:"))
    headers = {"ETag": f'"{digest.hex()}"', "Cache-Control": FRESH}
    if has_seen(request, headers["ETag"]):
        return Response(None, NOT_MODIFIED, headers)
    found = serving.casework.claims.document(claim, digest)
    if found is None:
        raise Problem("document-erased")
    headers |= {
        "Repr-Digest": sha256_field(digest),
        "Content-Disposition": f'attachment; filename="{filename(found.media_type, digest.hex())}"',
    }
    return Response(found.content, headers=headers, media_type=found.media_type)
