"""Documents of claims: uploaded as they are, and downloaded."""

from collections.abc import AsyncIterator
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from pydantic import Field, ValidationError

from api.access.guarded import Guarded
from api.claims.access import SeenClaim
from api.claims.steps import PREFIX, Stepping, take, taking
from api.claims.view import ClaimView
from api.described import responses as doc
from api.http.bodies import content_of
from api.http.conditions import FRESH, NOT_MODIFIED, has_seen
from api.http.digests import check_digests, sha256_field
from api.http.parameters import IfNoneMatch, NoQuery, Nothing
from api.http.problems import FieldError, Problem
from api.http.services import Serving
from domain.claim.parts.media import KINDS, UNNAMED, check_content, filename, kind_of_content, media_type
from domain.claim.parts.parts import DocumentKind
from domain.claim.steps.applying.attach_document import AttachDocument
from domain.doctor.intake.intake import refusal_of
from domain.rules.sets.content import Digest
from domain.store import Document
from domain.values.fields import RegisteredHpr
from domain.values.refusals.refusal import refused
from projections.claims.claim_sentences import DOCUMENTS

router = APIRouter(prefix=PREFIX, tags=["claims"], route_class=Guarded)
DocumentDigest = Annotated[
    Digest,
    Path(alias="document", description="The document's digest.", examples=[f"sha256:{'0' * 64}"]),
]
_BINARY: Final = {"schema": {"type": "string", "format": "binary"}}
_BODIES: Final = dict.fromkeys((*KINDS, UNNAMED), _BINARY)
"""Generated clients send a document as the last kind."""
_REFUSED: Final = (
    *("document-type", "document-macros", "document-compressed", "document-empty", "document-differs"),
    *("document-encoding", "digest-differs"),
)


def _downloading() -> doc.Responses:
    """The responses of a download."""
    found = doc.reading("unknown-claim", "unknown-document", "document-erased")
    headers = {
        **found[200]["headers"],
        "Content-Disposition": {"description": "Always `attachment`.", "schema": {"type": "string"}},
        "Repr-Digest": {"description": "The SHA-256 of the bytes (RFC 9530).", "schema": {"type": "string"}},
    }
    answered = {"description": "The document.", "headers": headers, "content": dict.fromkeys(KINDS, _BINARY)}
    return {**found, 200: answered}


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
    """The document in the body, if its kind is accepted, it is not too large, and its content is of that kind.

    Its memory stays reserved until the request is answered.
    """
    kind = media_type(request.headers.get("content-type", ""))
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        raise refused("document-compressed")
    taken = 0

    def take(wanted: int) -> None:
        nonlocal taken
        serving.room.take(wanted)
        taken += wanted

    try:
        content = await content_of(request, serving.limits.document_max_bytes, take)
        check_digests(request.headers, content)
        if kind == UNNAMED and content:
            kind = kind_of_content(content)
        check_content(kind, content)
        yield Document(kind, content)
    finally:
        serving.room.give_back(taken)


Sent = Annotated[Document, Depends(sent_document)]


@router.post(
    "/{claim}/documents",
    summary="Attach a document",
    operation_id="attach_document",
    response_model=ClaimView,
    responses=taking(*_REFUSED, "crowded", opens=False),
    openapi_extra={"requestBody": {"required": True, "description": "The document, as it is.", "content": _BODIES}},
)
def attach(claim: SeenClaim, asked: Stepping, query: Annotated[DocumentQuery, Query()], sent: Sent) -> Response:
    """Attach a document to the claim, or to one of its lines: the body is the document as it is.

    The kind is looked for in the bytes too; that of `application/octet-stream` is known by them alone, and text is then
    plain text. A `Content-Digest` or `Repr-Digest` that comes with it is checked (RFC 9530). The bytes are kept beside
    the log, which has their digest. How large they may be is a setting (`ALIS_DOCUMENT_MAX_BYTES`).
    """
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
    response_class=Response,
    responses=_downloading(),
)
def download(
    request: Request,
    claim: SeenClaim,
    document: DocumentDigest,
    serving: Serving,
    _query: Nothing,
    _seen: IfNoneMatch = None,
) -> Response:
    """Download a document of the claim: the bytes as they were sent, never shown in a page.

    The `ETag` is their SHA-256. A document whose key is destroyed is gone.
    """
    state = serving.casework.claims.claim(claim).state
    if document not in state.documents:
        raise refused("unknown-document", document=document)
    digest = bytes.fromhex(document.removeprefix("sha256:"))
    headers = {"ETag": f'"{digest.hex()}"', "Cache-Control": FRESH}
    if has_seen(request, headers["ETag"]):
        return Response(None, NOT_MODIFIED, headers)
    found = serving.casework.claims.document(claim, digest, request.state.sight.rows)
    if found is None:
        raise Problem("document-erased")
    headers |= {
        "Repr-Digest": sha256_field(digest),
        "Content-Disposition": f'attachment; filename="{filename(found.media_type, digest.hex())}"',
    }
    return Response(found.content, headers=headers, media_type=found.media_type)
