"""What the documentation says of each operation, and which problems it can answer with.

`openapi.py` puts the examples to it.
"""

import re
from collections import defaultdict
from collections.abc import Mapping
from typing import Any, Final

from api.http.bodies import MOST_BYTES
from api.http.kinds import ANSWERS, SENTENCES, STATUS, codes_of
from api.http.problems import MEDIA_TYPE, document
from domain.values.refusals.facts import IN_CONFLICT, MALFORMED, UNFOUNDED
from domain.values.refusals.kinds import Kind
from domain.values.streams import track_id

Responses = dict[int | str, dict[str, Any]]

ABOUT: Final = """
Facts about doctors who specialise in general practice, and the months and kroner that follow from them under the rules
of a round.

**Who acts.** Sign-in comes later. Until then the service answers only the machine it runs on, under the names
`localhost`, `127.0.0.1` and `[::1]`, and whoever acts says who they are, in which role and for which municipality in
one header: `Alis-Actor: person:kari; role=revisor; organisation=1804`, or shorter where the kind tells the role,
`kommune:1804`. What a role may do, and which two steps must be two persons', is decided where the case is.

**Time.** Days are ISO dates, inclusive; moments are RFC 3339. `known_at` asks what was known at a moment, which is
not to come. Facts that had become known by then but were stored later are part of the answer, and a calculation lists
them.

**Problems** follow RFC 9457. `code` and `type` are stable, `detail` is a Norwegian sentence for a person, `errors` has
every field in error at once (a header or parameter that stands twice is one), and `instance` is the correlation id of
the request: the caller's own `Correlation-Id` where that is a UUID. It comes back with every response.

**Repeating and competing.** A request sent again with the same `Idempotency-Key` gets its first answer. `If-Match` with
the `ETag` of the doctor's facts refuses a registration when somebody else was first. `ETag` is a digest of what is
answered; with `If-None-Match` an answer that still holds is 304.

**Reading what one has just written.** Lists, sums and overviews follow the facts within moments. A read with
`Prefer: wait=5` and, in `Alis-After`, the `Alis-Command` of a registration waits so many seconds (at most 10) until it
shows that registration, and says `Preference-Applied: wait`; when the time is out it answers `not-yet-visible`.
"""
REGISTER: Final = f"""
Records one fact on a doctor, checked against what was known just before it. To a municipality or its revisor, another
municipality's post, agreement or fact is as one that is not there. It becomes known now: only an import may
state `recorded_at`. 201 with the fact as stored; 200 where the same fact, by its `id`, was known already. The `ETag` is
that of the doctor's facts right after this one. At most {MOST_BYTES} bytes.
"""
PREVIEW: Final = """
Tells what registering a fact would change, and stores nothing: every line, in every municipality and round, that would
be another, with months and kroner before and after. The fact is checked as a registration is, and refused with the
same codes. A job switch is one fact, and shows both municipalities; whoever acts for a municipality sees its own only.
"""
READ_FACTS: Final = """
Every fact in the order in which it became known, with what has become of it. The `ETag` is what `If-Match` of a
registration takes.
"""
READ_FACT: Final = """
One fact, and what has become of it. The `ETag` is that of all the doctor's facts.
"""
READ_HISTORY: Final = """
What is known of the doctor as state (tracks, posts with percents and categories over time, leave, service, supervisors,
agreements), each with the ids of the facts behind it; and the events in the order in which they became known.
"""
READ_CALCULATION: Final = """
The months and kroner of a municipality in a round, exactly as `alis replay` prints them. With `known_at` also the facts
that were known at the moment but stored after it. It tells which choices of the rule set decide the amounts, and by how
many kroner against each alternative, unless `assumptions=false`; with `trace=true` each line has the reasons for every
krone, down to the sources and the ids of the facts.
"""
READ_LINE: Final = """
The calculation with one doctor's line alone; with `trace=true` the reasons for every krone of it.
"""
READ_MONTHS: Final = """
As the calculation, with the months only.
"""
HEALTH: Final = """
The process answers, and tells the version of the release. Nothing is asked of the database.
"""
READY: Final = """
The database answers, is up to date with this release and can be written. `degraded` says that the read side is not as
it should be: no worker runs it, it stopped, it is behind, or it goes on without some; `troubles` says which.
"""

_EVERYWHERE: Final = ("head-too-large", "not-loopback", "wrong-host", "invalid-request", "internal")
_OF_BODY: Final = ("too-large", "unsupported-media-type", "store-unavailable", "store-busy")
_FIELD: Final = re.compile(r"\{[^}]*\}")
"""Whatever a sentence is filled with."""
_EXAMPLE_ID: Final = track_id("example")
_TAG: Final = {
    "description": "A digest of what is answered.",
    "schema": {"type": "string", "pattern": '^"[0-9a-f]{64}"$'},
}
_CORRELATION: Final = {
    "description": "The request's correlation id.",
    "schema": {"type": "string", "format": "uuid"},
}
_RETRY: Final = {
    "description": "Seconds after which to try again.",
    "schema": {"type": "string", "pattern": "^[0-9]+$"},
}


def always(*codes: str) -> Responses:
    """The responses that every operation can give, and some more problems."""
    return {200: {"headers": {"Correlation-Id": _CORRELATION}}, **_problems((*_EVERYWHERE, *codes))}


def reading(*codes: str) -> Responses:
    """The responses of an operation that reads."""
    headers = {"ETag": _TAG, "Correlation-Id": _CORRELATION}
    return {
        **always("store-unavailable", "store-busy", *codes),
        200: {"headers": headers},
        304: {"description": "The answer that the caller has still holds.", "headers": headers},
    }


def registering() -> Responses:
    """The responses of a registration."""
    location = {"description": "The address of the fact.", "schema": {"type": "string"}}
    command = {
        "description": "The command that the registration is; a read takes it in `Alis-After`.",
        "schema": {"type": "string", "format": "uuid"},
    }
    headers = {"ETag": _TAG, "Location": location, "Alis-Command": command, "Correlation-Id": _CORRELATION}
    problems = _of_a_fact("changed-meanwhile", "command-id-reused", "busy", "clock-differs")
    entry = {"content": {"application/json": {"schema": {"component": "FactEntry"}}}, "headers": headers}
    return {
        200: {"description": "The same fact was known already.", **entry},
        201: {"description": "The fact is recorded.", "headers": headers},
        **problems,
    }


def previewing() -> Responses:
    """The responses of a preview."""
    return {200: {"headers": {"Correlation-Id": _CORRELATION}}, **_of_a_fact()}


def _of_a_fact(*more: str) -> Responses:
    """The problems that a fact in a body can have, and some more."""
    known = tuple(code for code in codes_of(IN_CONFLICT) if code != "command-id-reused")
    of_body = (*codes_of(MALFORMED), *known, *codes_of(UNFOUNDED), *_OF_BODY)
    named_in_body = ("unknown-fact", "unknown-municipality", "unknown-round")
    codes = (*_EVERYWHERE, *of_body, *more)
    return _problems(codes, dict.fromkeys(named_in_body, STATUS[Kind.INVALID]))


def content(schema: str) -> dict[str, Any]:
    """What an answer that has another status than the usual one consists of."""
    return {"content": {"application/json": {"schema": {"component": schema}}}}


def changing(*codes: str, location: str, named_in_body: tuple[str, ...] = ()) -> Responses:
    """The problems of an operation that changes something, and under 200 the headers that its good answers have.

    What the address would name and only the body does, is unprocessable.
    """
    command = {
        "description": "The command that the request is.",
        "schema": {"type": "string", "format": "uuid"},
    }
    headers = {
        "ETag": _TAG,
        "Location": {"description": location, "schema": {"type": "string"}},
        "Alis-Command": command,
        "Correlation-Id": _CORRELATION,
    }
    always_so = (
        *_EVERYWHERE,
        *codes_of(MALFORMED),
        "wrong-role",
        "command-id-reused",
        "changed-meanwhile",
        "too-large",
        "unsupported-media-type",
        "busy",
        "store-unavailable",
        "store-busy",
        "clock-differs",
    )
    in_body = dict.fromkeys(named_in_body, STATUS[Kind.INVALID])
    return {200: {"headers": headers}, **_problems((*always_so, *codes), in_body)}


def _problems(codes: tuple[str, ...], elsewhere: Mapping[str, int] | None = None) -> Responses:
    """Codes by their status, each with an example; some have another status here than the table's."""
    by_status: dict[int, dict[str, Any]] = defaultdict(dict)
    statuses = {**{code: ANSWERS[code].status for code in codes}, **(elsewhere or {})}
    for code, status in statuses.items():
        sentence = _FIELD.sub("…", SENTENCES[code])
        by_status[status][code] = {"value": document(code, sentence, status, _EXAMPLE_ID)}
    return {status: _problem(examples) for status, examples in sorted(by_status.items())}


def _problem(examples: Mapping[str, Any]) -> dict[str, Any]:
    headers = {"Correlation-Id": _CORRELATION}
    if any(ANSWERS[code].retry_after for code in examples):
        headers["Retry-After"] = _RETRY
    return {
        "description": "Problem: " + ", ".join(f"`{code}`" for code in examples),
        "headers": headers,
        "content": {MEDIA_TYPE: {"schema": {"component": "ProblemDocument"}, "examples": dict(examples)}},
    }
