"""Entity tags, and the conditions on them (RFC 9110, section 13).

A tag is a digest of the bytes that are answered, so it reveals nothing that they do not. Above all it is not a number
that goes up when somebody else does something.
"""

import hashlib
import re
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import Header, Request, Response

from api.http.problems import FieldError, Problem
from domain.values.refusals.refusal import refused

_TAG: Final = re.compile(r'(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"')
_SHAPE: Final = r'^(\*|(W/)?"[!#-~]*"([ ]*,[ ]*(W/)?"[!#-~]*")*)$'
ANY: Final = "*"
FRESH: Final = "private, no-cache"
"""Only the caller's own cache may keep the answer, and must ask each time whether it is still valid."""
NOT_MODIFIED: Final = 304


def etag_of(content: bytes) -> str:
    """The strong tag of an answer."""
    return f'"{hashlib.sha256(content).hexdigest()}"'


@dataclass(frozen=True, slots=True)
class IfMatch:
    """What the caller expects: one of these tags, or anything at all."""

    tags: tuple[str, ...]

    def holds(self, current: str | None) -> bool:
        """Whether the current tag is expected (None: there is nothing); weak tags never match (strong comparison)."""
        return current is not None and (self.tags == (ANY,) or current in self.tags)


def if_match(what: str) -> Callable[..., Awaitable[IfMatch | None]]:
    """A dependency that reads all lines of `If-Match`; `what` describes its subject."""
    header = Header(
        alias="If-Match",
        description=f"The `ETag` of {what} as last read, several, or `*`: any at all.",
        examples=["*"],
        json_schema_extra={"pattern": _SHAPE},
    )

    async def read(request: Request, given: Annotated[str | None, header] = None) -> IfMatch | None:
        if given is None:
            return None
        tags = _tags(request.headers.getlist("if-match"))
        if not tags:
            wanted = '* eller ETag-er i anførselstegn, som "abc"'
            raise Problem.invalid([FieldError.of(refused("bad-text", field="If-Match", wanted=wanted))])
        return IfMatch(tags)

    return read


def answer(request: Request, content: bytes, etag: str | None = None, media_type: str = "application/json") -> Response:
    """The content with its tag, or only that it is not modified; the log of reads sees it in both cases."""
    request.state.shown = content
    tag = etag or etag_of(content)
    headers = {"ETag": tag, "Cache-Control": FRESH}
    if has_seen(request, tag):
        return Response(None, NOT_MODIFIED, headers)
    return Response(content, headers=headers, media_type=media_type)


def has_seen(request: Request, tag: str) -> bool:
    """Whether the caller has this tag (weak comparison)."""
    tags = _tags(request.headers.getlist("if-none-match"))
    return tags == (ANY,) or tag in (each.removeprefix("W/") for each in tags)


def _tags(lines: Iterable[str]) -> tuple[str, ...]:
    """The tags of all lines of a header; none if it is malformed."""
    text = ",".join(lines).strip()
    if text == ANY:
        return (ANY,)
    between = _TAG.sub("", text).strip(" \t,")
    return () if between else tuple(_TAG.findall(text))
