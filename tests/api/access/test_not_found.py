"""What is another municipality's is answered as what does not exist, by every route that takes an id of something.

`tests/benchmarks/not_found.py` measures that it takes the same time.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from itertools import product
from typing import Any, Final
from urllib.parse import quote

import httpx
import pytest
from fastapi import FastAPI

from tests.api.access.country import HOME, OVER, ROUND, WORD, digest_of, person
from tests.api.access.crawler import BODIES, NOBODY, NOWHERE, guesses, supposed
from tests.api.asking import Json, as_

THEIRS: Final = {
    "hpr": HOME["1839"][0],
    "municipality": "1839",
    "claim": f"1839-{ROUND}",
    "fact": f"{WORD['1839']}-{OVER}-1",
    "document": digest_of("1839", HOME["1839"][0]),
}
"""Ids of what another municipality has; the fact is about a doctor in common."""
NOBODYS: Final = {
    "hpr": NOBODY,
    "municipality": NOWHERE,
    "claim": "1839-2023",
    "fact": "x" * len(THEIRS["fact"]),
    "document": f"sha256:{'0' * 64}",
}
"""Ids as long, of what does not exist."""
OURS: Final = {"hpr": OVER, "municipality": "1804", "claim": f"1804-{ROUND}", "round": ROUND, "assessment": "1"}
ASKED_BY: Final = {"doctor": "hpr", "claim": "claim"}
"""What a list is narrowed by."""
ACTORS: Final = ("kommune:1804", person("1804", "revisor"), person("1804", "alis_office"))
CONDITIONS: Final[tuple[Mapping[str, str], ...]] = (
    {},
    {"If-Match": '"x"'},
    {"If-None-Match": "*"},
    {"Idempotency-Key": "den-samme"},
)
OF_REQUEST: Final = {"correlation-id", "date", "alis-command", "server-timing"}
NAMING: Final[Mapping[str, Callable[[str], list[Json]]]] = {
    "explain_supposed_facts": lambda hpr: [supposed(hpr)],
    "preview_conversions": lambda hpr: [{"on": "2026-01-01", "doctors": [hpr], "reason": "x"}],
    "register_conversions": lambda hpr: [{"on": "2026-01-01", "doctors": [hpr], "reason": "x"}],
    "take_claim_step": lambda hpr: [{"type": kind, "hpr": hpr} for kind in ("add_line", "confirm_line", "remove_line")],
}
"""Bodies that name a doctor."""
GUESSED: Final[Mapping[str, list[Json]]] = {
    "preview_fact": [*guesses(THEIRS["hpr"])],
    "register_fact": [*guesses(THEIRS["hpr"]), {"type": "track_started", "on": "2025-01-01", "scheme": "new"}],
    "preview_switch": BODIES["preview_switch"](THEIRS),
}
"""Bodies about what the other municipality has registered of its doctor."""


def asked(path: str, operation: Json) -> Iterator[tuple[str, dict[str, str]]]:
    """The address with one id that is theirs, and with all; the query where a list is narrowed by one."""
    if operation["operationId"] == "list_access":
        return  # it tells what one has asked for oneself, also in vain
    names = re.findall(r"{([^}]*)}", path)
    secret = [name for name in names if name in THEIRS]
    chosen = [{name} for name in secret] + ([set(secret)] if len(secret) > 1 else [])
    for theirs in chosen:
        ids = {name: name if name in theirs else OURS.get(name, THEIRS.get(name, "1")) for name in names}
        yield path, ids
    queries = {each["name"] for each in operation.get("parameters", []) if each["in"] == "query"}
    for name in queries & ASKED_BY.keys():
        yield f"{path}?{name}={{{ASKED_BY[name]}}}", {**OURS, ASKED_BY[name]: ASKED_BY[name]}


def answered(client: httpx.Client, method: str, actor: str, asked: tuple[str, Any, Mapping[str, str]]) -> Any:  # noqa: ANN401
    """All that an answer tells, but the request's own id."""
    address, body, condition = asked
    response = client.request(
        method, client.base_url.join(address), json=body, headers={**as_(actor), "Alis-Reason": "x", **condition}
    )
    headers = {name: value for name, value in response.headers.items() if name not in OF_REQUEST}
    if "etag" in headers and plain(response.text) != response.text:
        headers["etag"] = "of an answer that repeats what was asked for"
    told = re.sub(r"urn:uuid:[0-9a-f-]{36}", "", response.text)
    return response.status_code, headers, told


def plain(found: Any) -> str:  # noqa: ANN401 - what was answered
    """The same with what is asked for in the place of each id."""
    text = str(found)
    for name, value in sorted((*THEIRS.items(), *NOBODYS.items()), key=lambda each: -len(each[1])):
        text = text.replace(value, f"({name})").replace(quote(value, safe=""), f"({name})")
    return text


@pytest.mark.long
def test_every_route_answers_what_is_anothers_as_what_does_not_exist(country: httpx.Client, app: FastAPI) -> None:
    statuses = Counter[int]()
    routes = app.openapi()["paths"].items()
    for path, method, operation in ((path, method, each) for path, found in routes for method, each in found.items()):
        for address, ids in asked(path, operation):
            for actor, body, condition in product(ACTORS, bodies_of(operation["operationId"], method), CONDITIONS):
                pair = []
                for given in (THEIRS, NOBODYS):
                    named = {name: given.get(value, value) for name, value in ids.items()}
                    where = address.format(**{name: quote(value, safe="") for name, value in named.items()})
                    found = answered(country, method, actor, (where, body, condition))
                    pair.append(plain(found))
                    statuses[found[0]] += 1
                assert pair[0] == pair[1], (actor, method, address, ids, body, condition)
    assert statuses[404] > statuses.total() / 2, statuses


def bodies_of(name: str, method: str) -> list[Json | None]:
    return [None] if method == "get" else [{}, *GUESSED.get(name, [])]


@pytest.mark.long
def test_a_body_that_names_anothers_doctor_is_answered_as_one_that_names_nobody(
    country: httpx.Client, app: FastAPI
) -> None:
    for path, found in app.openapi()["paths"].items():
        for method, operation in found.items():
            named = NAMING.get(operation["operationId"])
            bodies = [] if named is None else zip(named(THEIRS["hpr"]), named(NOBODYS["hpr"]), strict=True)
            for (theirs, nobodys), actor in product(bodies, ACTORS):
                address = path.format(**OURS)
                told = [plain(answered(country, method, actor, (address, body, {}))) for body in (theirs, nobodys)]
                assert told[0] == told[1], (actor, path, theirs)
