"""The reasons for every krone over HTTP, of a round and of one doctor's line, and the choices that decide it."""

import json
from fractions import Fraction
from typing import Any, Final

import httpx
import pytest
from pydantic import TypeAdapter

from domain.casework.replaying import Calculation
from domain.casework.service import Casework
from domain.values.rounding import largest_remainder, round_half_up
from tests.api.asking import HPR, Json, as_, imported, refusal
from tests.domain.rules.recomputed import recomputed
from tests.golden_cases import CASES, Case
from tests.scenario import BEIARN, full_time, lines_of

ROUND: Final = "municipalities/{}/rounds/2026"
CALCULATION: Final = TypeAdapter(Calculation)
WHOLE: Final = {"trace": "true", "assumptions": "false"}


@pytest.fixture
def golden(casework: Casework) -> list[Case]:
    """Every golden case in the database, as a doctor of its own."""
    cases = [case.of(str(9_000_001 + number)) for number, case in enumerate(CASES)]
    imported(casework, json.dumps([fact for case in cases for fact in case.facts]).encode())
    return cases


def asked(case: Case) -> dict[str, str]:
    return {"rules": case.rules} | ({"known_at": case.known_at} if case.known_at else {})


def lines(client: httpx.Client, cases: list[Case]) -> dict[tuple[str, str, str | None], Json]:
    """Every line of the cases, by doctor, municipality and moment, each municipality asked for once."""
    found: dict[tuple[str, str, str | None], Json] = {}
    for where, at in {(case.municipality, case.known_at): None for case in cases}:
        [case] = [each for each in cases if (each.municipality, each.known_at) == (where, at)][:1]
        answer = client.get(
            f"{ROUND.format(where)}/calculation", params=asked(case) | WHOLE, headers=as_(f"kommune:{where}")
        ).json()
        CALCULATION.validate_python(answer)
        found |= {(line["hpr"], where, at): line for line in answer["lines"]}
    return found


def test_every_golden_amount_follows_from_the_tree_that_is_answered(client: httpx.Client, golden: list[Case]) -> None:
    found = lines(client, golden)
    for case in golden:
        for expected in case.expected["lines"]:
            line = found[expected["hpr"], case.municipality, case.known_at]
            exact = recomputed(line["trace"])
            total = round_half_up(sum(exact.values(), Fraction(0)))
            assert total == expected["total"] == line["total"], case.name
            assert largest_remainder(exact, total) == expected["elements"] == line["elements"], case.name


def test_one_line_is_that_of_the_whole_calculation(client: httpx.Client, golden: list[Case]) -> None:
    for case in golden[:5]:
        whole = client.get(f"{ROUND.format('1804')}/calculation", params={"trace": "true"}).json()
        hpr = case.facts[0]["hpr"]
        one = client.get(f"{ROUND.format('1804')}/calculation/{hpr}", params={"trace": "true"}).json()
        CALCULATION.validate_python(one)
        assert one["lines"] == [line for line in whole["lines"] if line["hpr"] == hpr]
        assert one["total"] == one["lines"][0]["total"]
        assert {name: one[name] for name in ("municipality", "round", "rules_digest")} == {
            name: whole[name] for name in ("municipality", "round", "rules_digest")
        }


def test_a_trace_is_there_only_where_it_is_asked_for(client: httpx.Client, casework: Casework) -> None:
    imported(casework, lines_of(full_time().facts))
    [plain] = client.get(f"{ROUND.format('1804')}/calculation").json()["lines"]
    [whole] = client.get(f"{ROUND.format('1804')}/calculation", params={"trace": "true"}).json()["lines"]
    assert whole.keys() - plain.keys() == {"trace"}


def test_the_choices_that_decide_are_told_unless_they_are_not_wanted(client: httpx.Client, casework: Casework) -> None:
    imported(casework, lines_of(full_time().leave("l1", "2025-09-01", "2025-09-15").facts))
    found = client.get(f"{ROUND.format('1804')}/calculation").json()
    CALCULATION.validate_python(found)
    told = {each["option"]: [other["kroner"] for other in each["alternatives"]] for each in found["assumptions"]}
    assert told["full_leave"] == [15_778]
    assert "assumption_decides" in {each["code"] for each in found["lines"][0]["findings"]}
    without = client.get(f"{ROUND.format('1804')}/calculation", params={"assumptions": "false"}).json()
    assert "assumptions" not in without.keys() | without["lines"][0].keys()
    assert "assumption_decides" not in {each["code"] for each in without["lines"][0]["findings"]}


def test_a_doctor_without_a_post_there_in_the_round_has_no_line(client: httpx.Client, casework: Casework) -> None:
    imported(casework, lines_of(full_time(municipality=BEIARN).facts))
    address = f"{ROUND.format('1804')}/calculation"
    assert refusal(client.get(f"{address}/{HPR}")) == (404, "no-line")
    assert refusal(client.get(f"{address}/9999999")) == (404, "no-line")
    assert refusal(client.get(f"{ROUND.format('9999')}/calculation/{HPR}")) == (404, "unknown-municipality")


def test_of_a_doctor_known_later_there_is_no_line_yet(client: httpx.Client, casework: Casework) -> None:
    imported(casework, lines_of(full_time().facts))
    query: dict[str, Any] = {"known_at": "2023-01-01T00:00:00Z"}
    assert refusal(client.get(f"{ROUND.format('1804')}/calculation/{HPR}", params=query)) == (404, "no-line")
    now = client.get(f"{ROUND.format('1804')}/calculation/{HPR}", params={"known_at": "2026-07-01T00:00:00Z"}).json()
    assert [each["fact"] for each in now["known_before_stored_after"]] == ["1", "2", "3"]
