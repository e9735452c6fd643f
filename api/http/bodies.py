"""The body of a request, read strictly.

FastAPI's own reading is not used: it takes the last of two equal keys, lets NaN and half surrogate pairs through, and
answers in English.
"""

from collections.abc import Callable
from typing import Annotated, Final

from fastapi import Depends, Request

from api.http.problems import FieldError, Problem
from domain.doctor.intake.plain import Json, read_object, unreadable
from domain.values.refusals.refusal import refused

MOST_BYTES: Final = 64 * 1024
_ACCEPTED: Final = ("application/json", "application/json;charset=utf-8", 'application/json;charset="utf-8"')


async def body(request: Request) -> Json:
    """The body as a JSON object; raises `Problem` or `Refused` if it is not one."""
    return await body_of(request, MOST_BYTES)


async def body_of(request: Request, most_bytes: int) -> Json:
    """As `body`, with another limit."""
    _check_kind(request)
    content = await content_of(request, most_bytes)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise refused("bad-encoding", byte=error.start) from None
    found = read_object(text)
    broken = list(unreadable(found))
    if number := next((each for each in broken if each.code == "bad-number"), None):
        raise number
    if broken:
        raise Problem.invalid([FieldError.of(each) for each in broken])
    return found


def _check_kind(request: Request) -> None:
    kind = request.headers.get("content-type", "").replace(" ", "").lower()
    coding = request.headers.get("content-encoding", "identity").lower()
    if kind not in _ACCEPTED or coding != "identity":
        raise Problem("unsupported-media-type")


async def content_of(request: Request, most_bytes: int, take: Callable[[int], None] = lambda _: None) -> bytes:
    """The whole body; `take` is called with the size of each piece as it arrives.

    Raises `Problem` (too-large, aborted), and what `take` does.
    """
    declared = request.headers.get("content-length", "")
    if declared.isdecimal() and len(declared) < 20 and int(declared) > most_bytes:  # noqa: PLR2004 - digits of a length
        raise Problem("too-large", limit=most_bytes)
    content, more = bytearray(), True
    while more:
        message = await request.receive()
        if message["type"] == "http.disconnect":
            raise Problem("aborted")
        piece = message.get("body", b"")
        take(len(piece))
        content += piece
        more = message.get("more_body", False)
        if len(content) > most_bytes:
            raise Problem("too-large", limit=most_bytes)
    return bytes(content)


Body = Annotated[Json, Depends(body)]
