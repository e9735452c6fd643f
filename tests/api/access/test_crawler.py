"""Nobody is told what is another's: every operation is asked as everybody, with every id that there is."""

import re
from collections import Counter
from collections.abc import Mapping
from typing import Final

import httpx
import pytest
from fastapi import FastAPI, Response

from tests.api.access.country import (
    CASEWORKER,
    CODES,
    DOCTORS,
    HOME,
    OVER,
    ROUND,
    SUPERVISOR,
    UNDER,
    WORD,
    days_of,
    doctors_of,
    person,
)
from tests.api.access.crawler import NOBODY, NOWHERE, Crawl, pattern_of
from tests.api.asking import Json, as_

KNOWN: Final[Mapping[str, list[str]]] = {
    "hpr": [*DOCTORS, NOBODY],
    "municipality": [*CODES, "0301", NOWHERE],
    "round": [ROUND, "1999"],
    "claim": [*(f"{code}-{ROUND}" for code in CODES), f"1839-{2024}", f"{NOWHERE}-{ROUND}"],
    "assessment": ["1", "9"],
    "question": ["finnes-ikke"],
    "rule_set": ["nasjonal-alis-2026-provisional", "nasjonal-alis-2026-final", "finnes-ikke"],
}
FEW: Final = {
    **KNOWN,
    "hpr": [HOME["1804"][0], HOME["1839"][0], OVER, UNDER, NOBODY],
    "municipality": ["1804", "1839", NOWHERE],
    "round": [ROUND],
    "claim": [f"1804-{ROUND}", f"1839-{ROUND}", f"1839-{2024}"],
}
"""Fewer of each, for the walk that is made every time."""


_AMOUNT: Final = re.compile(r"(?<![\d.-])(?<!\d:)[1-9]\d{4,6}(?!\d|[.:]\d)")


def kroner_of(client: httpx.Client) -> dict[str, set[str]]:
    """The kroner of each municipality that no other has: of the round, its lines, and what is decided of them."""
    found: dict[str, set[str]] = {}
    for code in CODES:
        place = f"municipalities/{code}/rounds/{ROUND}"
        answers = [client.get(each, headers=as_(CASEWORKER)).text for each in (place, f"claims/{code}-{ROUND}")]
        numbers = (number for text in answers for number in _AMOUNT.findall(text))
        found[code] = {number for number in numbers if int(number) % 50}  # round ones are rates, and come up by chance
    return {
        code: own.difference(*(theirs for other, theirs in found.items() if other != code))
        for code, own in found.items()
    }


def secrets_of(code: str, kroner: Mapping[str, set[str]]) -> set[str]:
    """What a municipality keeps from the others."""
    return {WORD[code], SUPERVISOR[code], *HOME[code], *days_of(code), *kroner[code], f"{code}-{ROUND}"}


def patterns(secrets: set[str]) -> dict[str, re.Pattern[str]]:
    return {secret: pattern_of(secret) for secret in sorted(secrets)}


def walked(client: httpx.Client, app: FastAPI, actor: str, secrets: set[str], known: Mapping[str, list[str]]) -> Crawl:
    return Crawl(client, app.openapi(), actor, patterns(secrets), known).walk()


def told(found: Mapping[str, Crawl]) -> list[str]:
    """Each kind of leak once to each who asked."""
    leaks = {(actor, each.operation, each.secret): each for actor, one in found.items() for each in one.leaks}
    return [f"{actor}: {leak}" for (actor, *_), leak in leaks.items()]


def of_doctor(hpr: str, kroner: Mapping[str, set[str]]) -> set[str]:
    """What is kept from a doctor: the other doctors, and all of the municipalities where no post is held."""
    others = {other for other in DOCTORS if other != hpr}
    return others.union(*(secrets_of(code, kroner) for code in CODES if hpr not in doctors_of(code)))


def everybody(kroner: Mapping[str, set[str]], codes: tuple[str, ...], doctors: tuple[str, ...]) -> dict[str, set[str]]:
    """Who asks, and what is secret to them."""
    found: dict[str, set[str]] = {}
    every = {code: secrets_of(code, kroner) for code in CODES}
    for code in codes:
        others = set().union(*(every[other] for other in CODES if other != code))
        named = {f"Navn{WORD[code]}"}
        found |= {
            f"kommune:{code}": others,
            person(code, "revisor"): others,
            person(code, "alis_office"): others | named,
        }
    found |= {f"lege:{hpr}": of_doctor(hpr, kroner) for hpr in doctors}
    found["operator:drift"] = set().union(*every.values(), DOCTORS)
    found["regelverk:ola"] = {*WORD.values(), *SUPERVISOR.values()}
    return found


@pytest.mark.long
def test_nobody_is_told_what_is_anothers(country: httpx.Client, app: FastAPI) -> None:
    asked = everybody(kroner_of(country), ("1804",), (OVER,))
    del asked[person("1804", "revisor")]  # sees what the municipality sees; asked in the whole matrix
    found = {actor: walked(country, app, actor, secrets, FEW) for actor, secrets in asked.items()}
    assert not (leaks := told(found)), "\n".join(leaks)


@pytest.mark.long
def test_every_operation_is_asked_and_answered(country: httpx.Client, app: FastAPI) -> None:
    answered, asked = Counter[str](), Counter[str]()
    for actor in (CASEWORKER, "kommune:1804", "operator:drift"):
        found = walked(country, app, actor, set(), FEW)
        answered, asked = answered + found.answered, asked + found.asked
    operations = {
        each["operationId"]: method for path in app.openapi()["paths"].values() for method, each in path.items()
    }
    assert operations.keys() == asked.keys()
    never = {name for name, method in operations.items() if method == "get" and not answered[name]}
    assert never <= {"read_ruling", "read_ruling_decisions"}  # no question is asked in this country


@pytest.mark.long
@pytest.mark.parametrize("code", CODES)
def test_nobody_is_told_what_is_anothers_whatever_is_asked(country: httpx.Client, app: FastAPI, code: str) -> None:
    asked = everybody(kroner_of(country), (code,), tuple(doctors_of(code)))
    found = {actor: walked(country, app, actor, secrets, KNOWN) for actor, secrets in asked.items()}
    assert not (leaks := told(found)), "\n".join(leaks)


@pytest.mark.long
def test_the_crawler_finds_what_a_route_tells_too_much_of(country: httpx.Client, app: FastAPI) -> None:
    planted = {
        "word": f"Fravær ved {WORD['1839']} legesenter",
        "kroner": "I alt 101\u2009839 kroner",  # granted on a line of 1839
        "day": f"fra {min(day for day in days_of('1839') if '.' in day)}",
    }
    described: Json = {"paths": {}}
    for name, text in planted.items():

        def leaking(text: str = text) -> Response:
            return Response(text, media_type="text/plain")

        app.add_api_route(f"/api/v1/planted/{name}", leaking, include_in_schema=False)
        described["paths"][f"/api/v1/planted/{name}"] = {"get": {"operationId": name}}
    secrets = patterns(secrets_of("1839", kroner_of(country)))
    found = Crawl(country, described, "kommune:1804", secrets, {}).walk()
    assert {each.operation for each in found.leaks} == set(planted)
