"""What the documentation says of the operations on claims, and which problems they can answer with."""

from typing import Any, Final

from api.claims.steps import MOST_BYTES, components
from api.described import responses as doc
from api.described.body import JsonBody
from api.described.read_responses import read
from api.described.responses import Responses
from api.http.kinds import codes_of
from domain.claim.parts.media import KINDS as MEDIA
from domain.claim.parts.media import UNNAMED
from domain.values.refusals.claims import NOT_NOW, NOT_SO
from domain.values.refusals.persons import NOT_YOURS

LIST_CLAIMS: Final = """
The claims that whoever asks may see, in the order of their names: a municipality and its revisor their own,
caseworker, approver and auditor all. Filters narrow them; `next`, and the `Link` header, lead to the next page.
"""
READ_CLAIM: Final = """
A claim with its lines, documents, decisions and statements; every step, whether whoever asks can take it now, and where
not, why and what to do instead; and the history as sentences, each with all that was said. What is proposed is read
line by line by caseworker, approver and auditor; by others once it is approved. Another's claim is not found. The
`ETag` is what `If-Match` of a step takes.
"""
TAKE_STEP: Final = f"""
Takes the claim one step further, by the `type` of the step: from `open` to `close`, and on after `reopen`. Answers with
the claim right after it: 201 where it was opened, else 200. A step that is refused changes nothing, and the problem
says what to do instead. At most {MOST_BYTES} bytes.

`confirm_line` and `add_line` apply for all that is computed, now and later; `applied` limits a line in the fields that
differ from that, null being no limit. `reopen` needs a `reason_code` where nothing that is known now changes a line.
"""
READ_BASIS: Final = """
All that an assessment rests on: rule set and engine with their digests, the canonical result, and for Helsedirektoratet
how far the log and each of its streams was read.
"""
REPEAT: Final = """
Computes every decision of the claim again, from exactly what its assessment rests on, and compares byte for byte, as
`alis replay --claim`. Facts and rule sets that came later change nothing; a difference names its first place.
"""
ATTACH: Final = f"""
Attaches a document to the claim, or to one of its lines: the body is the document as it is, of one of these kinds:
{", ".join(f"`{kind}`" for kind in MEDIA)}. The kind is looked for in the bytes too; of
`{UNNAMED}` it is known by them alone, and text is then plain text. A `Content-Digest` or
`Repr-Digest` that comes with it is checked (RFC 9530). The bytes lie beside the log, which has their digest; how large
they may be is a setting (`ALIS_DOCUMENT_MAX_BYTES`).
"""
DOWNLOAD: Final = """
The bytes of a document of the claim, as they were sent, as a download. The `ETag` is their SHA-256. A document whose
key is destroyed is gone.
"""

_STEPPING: Final = (*codes_of(NOT_NOW), *codes_of(NOT_SO), *codes_of(NOT_YOURS), "unknown-claim", "claim-busy")
_INVISIBLE: Final = ("role-sees-no-claims", "organisation-missing")
_OF_DOCUMENTS: Final = (
    *("document-type", "document-macros", "document-compressed", "document-empty", "document-differs"),
    *("document-encoding", "digest-differs"),
)
_IN_BODY: Final = ("unknown-municipality", "unknown-round", "no-rule-set", "unknown-document", "unknown-element")
_TEXT: Final = {"type": "string"}


def listing() -> Responses:
    """The responses of the list."""
    return read(*_INVISIBLE)


def reading(*codes: str) -> Responses:
    """The responses of an operation that reads one claim."""
    return doc.reading(*_INVISIBLE, *codes)


def stepping() -> Responses:
    """The responses of a step."""
    return _taking(*_STEPPING, opens=True)


def attaching() -> Responses:
    """The responses of attaching a document."""
    return _taking(*_STEPPING, *_OF_DOCUMENTS, "crowded", opens=False)


def downloading() -> Responses:
    """The responses of a download."""
    found = doc.reading(*_INVISIBLE, "unknown-claim", "unknown-document", "document-erased")
    headers = {
        **found[200]["headers"],
        "Content-Disposition": {"description": "Always `attachment`.", "schema": _TEXT},
        "Repr-Digest": {"description": "The SHA-256 of the bytes (RFC 9530).", "schema": _TEXT},
    }
    content = {kind: {"schema": {"type": "string", "format": "binary"}} for kind in MEDIA}
    return {**found, 200: {"description": "The document.", "headers": headers, "content": content}}


STEP_BODY: Final = JsonBody("ClaimStep", "The step, by its `type`.", components)


def document_body() -> dict[str, Any]:
    """The request body of a document; generated clients send it as the last kind."""
    content = {kind: {"schema": {"type": "string", "format": "binary"}} for kind in (*MEDIA, UNNAMED)}
    return {"requestBody": {"required": True, "description": "The document, as it is.", "content": content}}


def _taking(*codes: str, opens: bool) -> Responses:
    found = doc.changing(*codes, location="The address of the claim.", named_in_body=_IN_BODY)
    view = {"content": {"application/json": {"schema": {"component": "ClaimView"}}}, **found[200]}
    opened: Responses = {201: {"description": "The claim is opened.", **view}} if opens else {}
    return {**found, 200: {"description": "The step is taken.", **view}, **opened}
