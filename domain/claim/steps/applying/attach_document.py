"""Somebody attaches a document."""

from typing import Final, Literal

from domain.claim.parts.parts import Count, DocumentKind, MediaType, WrittenName
from domain.claim.rights.lines import check_in_claim
from domain.claim.rights.step import ACTIVE, CASEWORKER, MUNICIPALITY, REVISOR, Acting, ClaimStep, Events, Step
from domain.claim.stream.events import DocumentAttached
from domain.claim.stream.state import GrantClaim
from domain.rules.sets.content import Digest
from domain.values.fields import RegisteredHpr
from domain.values.refusals.refusal import refused


class AttachDocument(ClaimStep):
    """Attach a document whose bytes are stored already, to the claim or to one line."""

    type: Literal["attach_document"] = "attach_document"
    document: Digest
    kind: DocumentKind
    media_type: MediaType
    size: Count
    hpr: RegisteredHpr | None = None
    name: WrittenName


def attach_document(claim: GrantClaim, asked: AttachDocument, acting: Acting) -> Events:
    """Each document once; one of a line must be of a doctor in the claim."""
    if asked.hpr is not None:
        check_in_claim(claim, asked.hpr)
    if asked.document in claim.documents:
        raise refused("document-there", document=asked.document)
    return [acting.as_asked(DocumentAttached, asked)]


ATTACH_DOCUMENT: Final = Step(
    asked=AttachDocument,
    decide=attach_document,
    statuses=ACTIVE,
    roles=(*MUNICIPALITY, *CASEWORKER, *REVISOR),
    help="Legger ved en fil: file=avtale.pdf kind=agreement hpr=9000001.",
)
