import json
from pathlib import Path
from typing import Final

import httpx
import pytest

from domain.casework.service import Casework
from domain.rulebook.release import shipped_lists
from domain.rules import result
from domain.rules.findings.findings import Findings
from domain.rules.sets.rule_set import RuleSet
from tests.api.asking import HPR, Json, as_, errors, imported, refusal, register
from tests.golden_cases import CASES, Case, promised

ROUND: Final = "municipalities/{}/rounds/2026"
LATE: Final = {"known_at": "2025-12-01T00:00:00Z"}


def numbered() -> list[Case]:
    """Every golden case as a doctor of its own."""
    return [case.of(str(9_000_001 + number)) for number, case in enumerate(CASES)]


def test_every_golden_case_comes_out_to_the_krone_over_http(client: httpx.Client, casework: Casework) -> None:
    cases = numbered()
    imported(casework, json.dumps([fact for case in cases for fact in case.facts]).encode())
    answers: dict[tuple[str, str | None], Json] = {}
    for case in cases:
        asked = (case.municipality, case.known_at)
        if asked not in answers:
            query = {"rules": case.rules} | ({"known_at": case.known_at} if case.known_at else {})
            address = f"{ROUND.format(case.municipality)}/calculation"
            response = client.get(address, params=query, headers=as_("saksbehandler:ada"))
            answers[asked] = promised(response.json())
        expected = {line["hpr"]: line for line in case.expected["lines"]}
        found = {line["hpr"]: line for line in answers[asked]["lines"]}
        hpr = case.facts[0]["hpr"]
        assert found.get(hpr) == expected.get(hpr), case.name


def test_the_calculation_is_what_replay_gives(client: httpx.Client, casework: Casework) -> None:
    imported(casework, json.dumps(CASES[0].facts).encode())
    rules = casework.book.rule_set(None, "2026")
    response = client.get(f"{ROUND.format('1804')}/calculation")
    assert response.json() == casework.replay("1804", rules, None).as_json(assumptions=True)
    assert list(response.json()) == list(casework.replay("1804", rules, None).as_json(assumptions=True))


def test_the_months_are_those_of_the_calculation_without_kroner(client: httpx.Client, casework: Casework) -> None:
    imported(casework, json.dumps(CASES[0].facts).encode())
    whole = client.get(f"{ROUND.format('1804')}/calculation", params=LATE).json()
    months = client.get(f"{ROUND.format('1804')}/months", params=LATE).json()
    assert months["lines"] == [{"hpr": line["hpr"], "months": line["months"]} for line in whole["lines"]]
    assert whole.keys() - months.keys() == {"total", "complete", "assumptions"}
    assert months == {name: whole[name] for name in months} | {"lines": months["lines"]}


def test_nobody_looks_for_findings_where_the_months_alone_are_asked_for(
    client: httpx.Client, casework: Casework, monkeypatch: pytest.MonkeyPatch
) -> None:
    imported(casework, json.dumps(CASES[0].facts).encode())
    looked: list[str] = []

    def noted(municipality: str, rules: RuleSet, assumptions: bool = False) -> Findings:  # noqa: FBT001, FBT002 - as the class
        looked.append(municipality)
        return Findings(municipality, rules, assumptions)

    monkeypatch.setattr(result, "Findings", noted)
    assert client.get(f"{ROUND.format('1804')}/months").json()["lines"]
    assert looked == []
    assert client.get(f"{ROUND.format('1804')}/calculation").json()["lines"]
    assert looked


def test_what_was_known_then_but_stored_later_is_listed(client: httpx.Client, casework: Casework) -> None:
    imported(casework, json.dumps(CASES[0].facts).encode())
    answer = client.get(f"{ROUND.format('1804')}/calculation", params=LATE).json()
    assert answer["known_at"] == LATE["known_at"]
    later = answer["known_before_stored_after"]
    known = [fact["id"] for fact in CASES[0].facts if fact["recorded_at"] <= LATE["known_at"]]
    assert [each["fact"] for each in later] == known
    assert all(each["hpr"] == HPR and each["recorded_at"] <= LATE["known_at"] < each["stored_at"] for each in later)
    assert "known_before_stored_after" not in client.get(f"{ROUND.format('1804')}/calculation").json()


def test_the_code_of_a_municipality_that_has_ended_answers_with_that_of_today(client: httpx.Client) -> None:
    ended = next(iter(shipped_lists().values())).ended[0]
    for what in ("months", "calculation"):
        for actor in ("saksbehandler:ada", f"kommune:{ended['code']}"):
            old, new = (
                client.get(f"{ROUND.format(ended[code])}/{what}", headers=as_(actor)) for code in ("code", "successor")
            )
            assert old.json()["municipality"] == ended["successor"]
            assert old.headers["etag"] == new.headers["etag"]


@pytest.mark.parametrize(
    ("address", "rules", "status", "code"),
    [
        ("municipalities/9999/rounds/2026", None, 404, "unknown-municipality"),
        ("municipalities/1804/rounds/1999", None, 404, "no-rule-set"),
        ("municipalities/1804/rounds/2026", "no-such", 404, "unknown-rule-set"),
        ("municipalities/1804/rounds/2024", "nasjonal-alis-2026-provisional", 422, "wrong-round"),
    ],
)
def test_what_is_not_there_is_not_found(
    client: httpx.Client, address: str, rules: str | None, status: int, code: str
) -> None:
    query = {"rules": rules} if rules else {}
    for what in ("months", "calculation"):
        assert refusal(client.get(f"{address}/{what}", params=query)) == (status, code)


@pytest.mark.parametrize("municipality", ["180", "18044", "abcd", "%00"])
def test_a_municipality_code_has_four_digits(client: httpx.Client, municipality: str) -> None:
    assert errors(client.get(f"{ROUND.format(municipality)}/months")) == [("municipality", "bad-text")]


def test_no_file_is_read_through_http(client: httpx.Client) -> None:
    file = Path("domain/rulebook/sets/nasjonal-alis-2026-provisional.toml")
    assert file.exists()  # the command line would read it
    for name in (str(file), str(file.absolute())[-64:], "Makefile", "/etc/passwd"):
        response = client.get(f"{ROUND.format('1804')}/months", params={"rules": name})
        assert refusal(response) == (404, "unknown-rule-set")


def test_a_municipality_without_doctors_has_no_lines(client: httpx.Client) -> None:
    answer = client.get(f"{ROUND.format('0301')}/calculation", headers=as_("kommune:0301")).json()
    assert (answer["lines"], answer["total"], answer["complete"]) == ([], 0, True)


@pytest.mark.parametrize("what", ["calculation", "calculation/9000001", "months"])
def test_who_has_seen_an_answer_is_told_only_that_it_holds_until_something_changes(
    client: httpx.Client, casework: Casework, what: str
) -> None:
    imported(casework, json.dumps(CASES[0].of(HPR).facts).encode())
    address = f"{ROUND.format(CASES[0].municipality)}/{what}"
    first = client.get(address)
    seen = {"If-None-Match": first.headers["etag"]}
    again = client.get(address, headers=seen)
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    assert {each.headers["cache-control"] for each in (first, again)} == {"private, no-cache"}
    assert client.get(address).content == first.content
    register(client, {"type": "position_ended", "position": "p1", "last_day": "2026-01-31"})
    changed = client.get(address, headers=seen)
    assert changed.status_code == 200
    assert changed.headers["etag"] != first.headers["etag"]


def test_what_is_asked_in_another_shape_is_not_answered_with_the_first(
    client: httpx.Client, casework: Casework
) -> None:
    imported(casework, json.dumps(CASES[0].facts).encode())
    shapes: list[Json] = [
        {},
        {"trace": "true"},
        {"assumptions": "false"},
        LATE,
        {"rules": "nasjonal-alis-2026-provisional"},
    ]
    address = f"{ROUND.format('1804')}/calculation"
    first = [client.get(address, params=shape).json() for shape in shapes]
    assert first == [client.get(address, params=shape).json() for shape in shapes]
    assert ["trace" in each["lines"][0] for each in first] == [False, True, False, False, False]
    assert ["assumptions" in each for each in first] == [True, True, False, True, True]
    assert [each["known_at"] for each in first] == [None, None, None, LATE["known_at"], None]
