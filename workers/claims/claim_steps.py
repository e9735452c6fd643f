"""Steps of a claim as they are typed: fields as `name=value`, and what is usual where nothing is said."""

from argparse import Namespace
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import to_json

from domain.claim.parts.media import check_content, kind_of_file
from domain.claim.parts.parts import in_line_order
from domain.claim.rights.step import ClaimStep
from domain.claim.steps.registry import STEP, STEPS
from domain.claim.stream.state import GrantClaim
from domain.doctor.intake.intake import refusal_of
from domain.doctor.intake.plain import normal, unreadable
from domain.store import Document
from domain.values.refusals.refusal import Problem, Rejected, refused
from workers.shell.files import beginning_of

Json = dict[str, Any]


def step_of(name: str, fields: Mapping[str, Any]) -> ClaimStep:
    """The step that is asked for; raises `Rejected` with everything that is wrong with it."""
    if broken := list(unreadable(fields)):
        raise Rejected([Problem(None, None, each) for each in broken])
    try:
        return STEP.validate_json(to_json(normal({"type": name, **fields})))
    except ValidationError as error:
        problems = [Problem(None, None, refusal_of({**each, "loc": _inside(each["loc"])})) for each in error.errors()]
        raise Rejected(problems) from None


def _inside(place: tuple[int | str, ...]) -> tuple[int | str, ...]:
    return place[1:] if place and place[0] in STEPS else place


def cost_typed(asked: Namespace) -> Json:
    """One cost as typed with options, without those that were not given; net is gross less funding, if not given."""
    funding = [_funding(each) for each in asked.funding]
    gross, net = _number(asked.gross), _number(asked.kroner)
    less = [each["kroner"] for each in funding]
    if net is None and isinstance(gross, int) and all(isinstance(each, int) for each in less):
        net = max(0, gross - sum(less))
    found = {"element": asked.element, "kind": asked.kind, "gross": gross, "kroner": net, "other_funding": funding}
    return {name: value for name, value in found.items() if value is not None and value != []}


def _funding(text: str) -> Json:
    source, equals, amount = text.partition("=")
    if not equals:
        raise refused("bad-text", field="funding", wanted="kilde=kroner")
    return {"source": source, "kroner": _number(amount)}


def _number(text: str | None) -> int | str | None:
    return int(text) if text and text.isascii() and text.isdecimal() else text


def usual(name: str, fields: Json, claim: GrantClaim) -> Json:
    """The fields with what hangs on the claim itself filled in: what remains to be paid, the lines to be signed."""
    if name in {"pay", "reclaim"}:
        return {"kroner": abs(claim.outstanding), **fields}
    if name == "attest" and claim.decided:
        digests = claim.decided.assessment.lines
        granted = in_line_order(claim.granted)
        lines = [{"hpr": hpr, "digest": digests[hpr].digest, "finding": "confirmed"} for hpr in granted]
        return {"lines": lines, **fields}
    return fields


def all_lines(claim: GrantClaim) -> list[Json]:
    """A confirmation of each line that waits for one: for all that is computed."""
    return [{"hpr": hpr} for hpr in in_line_order(claim.lines) if not claim.lines[hpr].confirmed]


def attached(fields: Json, most_bytes: int) -> tuple[Json, Document]:
    """A file as a document, and the fields that name it; raises `Refused`."""
    name = str(fields.pop("file", ""))
    content = beginning_of(name, most_bytes + 1)
    if len(content) > most_bytes:
        raise refused("document-too-large", limit=most_bytes)
    document = Document(kind_of_file(name), content)
    check_content(document.media_type, content)
    said = {"document": f"sha256:{document.digest.hex()}", "media_type": document.media_type, "size": len(content)}
    return {**said, "name": Path(name).name, **fields}, document
