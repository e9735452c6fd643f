"""Which headers and problems an operation can answer with."""

import re
from collections import defaultdict
from collections.abc import Mapping
from typing import Any, Final

from api.http.kinds import ANSWERS, SENTENCES, STATUS, codes_of
from api.http.problems import MEDIA_TYPE, document
from domain.values.refusals.facts import IN_CONFLICT, MALFORMED, UNFOUNDED
from domain.values.refusals.kinds import Kind
from domain.values.streams import track_id

Responses = dict[int | str, dict[str, Any]]

_AT_THE_DOOR: Final = ("head-too-large", "not-loopback", "not-https", "untrusted-proxy", "not-forwarded", "wrong-host")
_EVERYWHERE: Final = (*_AT_THE_DOOR, "invalid-request", "internal")
_OF_ACTOR: Final = (
    "not-signed-in",
    "token-refused",
    "issuer-unavailable",
    "no-role",
    "not-your-role",
    "choose-role",
    "wrong-role",
    "too-many-requests",
    "access-log-unavailable",
)
_STORE: Final = ("store-unavailable", "store-busy")
_OF_BODY: Final = (*codes_of(MALFORMED), "too-large", "unsupported-media-type", *_STORE)
_OF_COMMAND: Final = ("changed-meanwhile", "command-id-reused", "busy", "clock-differs")
_FIELD: Final = re.compile(r"\{[^}]*\}")
"""Whatever a sentence is filled with."""
_EXAMPLE_ID: Final = track_id("example")


def _header(description: str, **schema: str) -> dict[str, Any]:
    return {"description": description, "schema": {"type": "string", **schema}}


_CORRELATION: Final = {"Correlation-Id": _header("The request's correlation id.", format="uuid")}
_TAG: Final = {"ETag": _header("A digest of what is answered.", pattern='^"[0-9a-f]{64}"$'), **_CORRELATION}
_RETRY: Final = {"Retry-After": _header("Seconds after which to try again.", pattern="^[0-9]+$")}
_CHALLENGE: Final = {"WWW-Authenticate": _header("What to send: `Bearer`, with `error` where a token was refused.")}
_LISTED: Final = {
    **_TAG,
    "Link": _header("The address of the next page, `rel=next`, where there is one."),
    "Alis-Behind": _header(
        "How many positions of the log the answer may be behind; left out where it is not.", type="integer"
    ),
    "Alis-Set-Aside": _header(
        "How many doctors, claims and rule sets the read side goes on without; left out where none.", type="integer"
    ),
    "Preference-Applied": _header("`wait`, where the answer shows what `Alis-After` names."),
}


def always(*codes: str) -> Responses:
    """The responses that every operation can give, and some more problems."""
    return {200: {"headers": _CORRELATION}, **_problems((*_EVERYWHERE, *codes))}


def reading(*codes: str) -> Responses:
    """The responses of an operation that reads."""
    return {
        **always(*_OF_ACTOR, *_STORE, *codes),
        200: {"headers": _TAG},
        304: {"description": "The answer that the caller has still holds.", "headers": _TAG},
    }


def listing(*codes: str) -> Responses:
    """The responses of an operation on the read side."""
    found = reading("read-side-missing", "not-yet-visible", "set-aside", "rules-set-aside", *codes)
    return {**found, 200: {"headers": _LISTED}}


def supposing(*codes: str) -> Responses:
    """The responses of an operation with a body that changes nothing."""
    return always(*_OF_ACTOR, *_OF_BODY, *codes)


def previewing(*more: str) -> Responses:
    """The responses of an operation with a fact in its body that changes nothing."""
    known = tuple(code for code in codes_of(IN_CONFLICT) if code != "command-id-reused")
    codes = (*_EVERYWHERE, *_OF_ACTOR, *_OF_BODY, *known, *codes_of(UNFOUNDED), *more)
    return {200: {"headers": _CORRELATION}, **_problems(codes, "unknown-fact", "unknown-municipality", "unknown-round")}


def registering() -> Responses:
    """The responses of a registration."""
    headers = _changed("The address of the fact.")
    return {
        **previewing(*_OF_COMMAND),
        200: {"description": "The same fact was known already.", **content("FactEntry"), "headers": headers},
        201: {"description": "The fact is recorded.", "headers": headers},
    }


def changing(*codes: str, location: str, named_in_body: tuple[str, ...] = ()) -> Responses:
    """The problems of an operation that changes something, and under 200 the headers that its good answers have.

    What the address would name and only the body does, is unprocessable.
    """
    problems = _problems((*_EVERYWHERE, *_OF_ACTOR, *_OF_BODY, *_OF_COMMAND, *codes), *named_in_body)
    return {200: {"headers": _changed(location)}, **problems}


def creating(schema: str, *codes: str, location: str, named_in_body: tuple[str, ...] = ()) -> Responses:
    """The responses of an operation that makes something, or finds that it is known."""
    found = changing(*codes, location=location, named_in_body=named_in_body)
    return {
        **found,
        200: {"description": "It was known already.", **content(schema), **found[200]},
        201: {"description": "It is registered.", **found[200]},
    }


def content(schema: str) -> dict[str, Any]:
    """What an answer that has another status than the usual one consists of."""
    return {"content": {"application/json": {"schema": {"component": schema}}}}


def _changed(location: str) -> dict[str, Any]:
    command = _header("The command that the request is; a read takes it in `Alis-After`.", format="uuid")
    return {**_TAG, "Location": _header(location), "Alis-Command": command}


def _problems(codes: tuple[str, ...], *named_in_body: str) -> Responses:
    """Codes by their status, each with an example; what only the body names is unprocessable, not missing."""
    by_status: dict[int, dict[str, Any]] = defaultdict(dict)
    in_body = dict.fromkeys(named_in_body, STATUS[Kind.INVALID])
    for code, status in ({code: ANSWERS[code].status for code in codes} | in_body).items():
        sentence = _FIELD.sub("…", SENTENCES[code])
        by_status[status][code] = {"value": document(code, sentence, status, _EXAMPLE_ID)}
    return {status: _problem(examples) for status, examples in sorted(by_status.items())}


def _problem(examples: Mapping[str, Any]) -> dict[str, Any]:
    retry = _RETRY if any(ANSWERS[code].retry_after for code in examples) else {}
    challenge = _CHALLENGE if "token-refused" in examples else {}
    return {
        "description": "Problem: " + ", ".join(f"`{code}`" for code in examples),
        "headers": {**_CORRELATION, **retry, **challenge},
        "content": {MEDIA_TYPE: {"schema": {"component": "ProblemDocument"}, "examples": dict(examples)}},
    }
