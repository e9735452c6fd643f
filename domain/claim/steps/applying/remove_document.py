"""The municipality takes a document off the claim."""

from typing import Final, Literal

from domain.claim.rights.step import DRAFT, MUNICIPALITY, Acting, ClaimStep, Events, Step
from domain.claim.stream.events import DocumentRemoved
from domain.claim.stream.state import GrantClaim
from domain.rules.sets.content import Digest
from domain.values.refusals.refusal import refused


class RemoveDocument(ClaimStep):
    """Take a document off the claim."""

    type: Literal["remove_document"] = "remove_document"
    document: Digest


def remove_document(claim: GrantClaim, asked: RemoveDocument, acting: Acting) -> Events:
    """Only one that is there."""
    if asked.document not in claim.documents:
        raise refused("unknown-document", document=asked.document)
    return [acting.as_asked(DocumentRemoved, asked)]


REMOVE_DOCUMENT: Final = Step(
    asked=RemoveDocument,
    decide=remove_document,
    statuses=DRAFT,
    roles=MUNICIPALITY,
    help="Tar et dokument ut av søknaden (kommunen).",
)
