"""Why two calculations differ, over HTTP; what is only supposed is never stored."""

from typing import Final

import httpx
import pytest

from domain.casework.service import Casework
from tests.api.asking import Json, errors, imported, problem, refusal
from tests.scenario import full_time, lines_of

EXPLANATION: Final = "municipalities/1804/rounds/2026/explanation"
TEMPLATE: Final = "municipalities/{municipality}/rounds/{round}/explanation"
CALCULATION: Final = "municipalities/1804/rounds/2026/calculation"
THEN: Final = "2026-02-28T00:00:00Z"
LEAVE: Final = full_time().known("2026-03-01").leave("l1", "2026-01-01", "2026-02-28")
SUPPOSED: Final[Json] = dict(full_time().known("2026-03-01").leave("l1", "2026-01-01", "2026-02-28").facts[-1])


def explanation(client: httpx.Client, **query: str) -> Json:
    response = client.get(EXPLANATION, params=query)
    assert response.status_code == 200, response.text
    found: Json = response.json()
    return found


def test_the_difference_between_then_and_now_is_explained(client: httpx.Client, casework: Casework) -> None:
    imported(casework, lines_of(LEAVE.facts))
    found = explanation(client, **{"from": THEN})
    assert (found["from"]["total"], found["to"]["total"], found["difference"]) == (378_656, 315_547, -63_109)
    assert [(each["kind"], each["facts"][0]["id"], each["kroner"]) for each in found["contributions"]] == [
        ("fact", "4", -63_109)
    ]
    assert [each["fact"] for each in found["from"]["known_before_stored_after"]] == ["1", "2", "3"]


def test_it_is_what_the_service_gives_and_a_side_may_name_its_rules(client: httpx.Client, casework: Casework) -> None:
    imported(casework, lines_of(LEAVE.facts))
    found = explanation(client, **{"from": THEN, "to": "now,rules:nasjonal-alis-2026-final"})
    assert [each["kind"] for each in found["contributions"]] == ["fact", "parameter"]
    assert sum(each["kroner"] for each in found["contributions"]) == found["difference"]
    back = explanation(client, **{"from": "now", "to": THEN, "rules": "nasjonal-alis-2026-final"})
    assert {back[side]["rules"] for side in ("from", "to")} == {"nasjonal-alis-2026-final"}


def test_an_explanation_that_still_holds_is_not_modified(client: httpx.Client, casework: Casework) -> None:
    imported(casework, lines_of(LEAVE.facts))
    query = {"from": THEN}
    tag = client.get(EXPLANATION, params=query).headers["etag"]
    assert client.get(EXPLANATION, params=query, headers={"If-None-Match": tag}).status_code == 304


def test_a_supposed_fact_is_explained_and_nothing_is_stored(client: httpx.Client, casework: Casework) -> None:
    imported(casework, lines_of(full_time().facts))
    before = client.get("doctors/9000001/facts").headers["etag"]
    response = client.post(EXPLANATION, json={"from": {}, "to": {"facts": [SUPPOSED]}})
    assert response.status_code == 200, response.text
    found = response.json()
    assert (found["difference"], found["to"]["what_if"]) == (-63_109, [{"hpr": "9000001", "id": "4"}])
    assert client.get("doctors/9000001/facts").headers["etag"] == before
    assert client.get(CALCULATION).json()["total"] == 378_656


def test_both_sides_may_have_a_moment_rules_and_supposed_facts(client: httpx.Client, casework: Casework) -> None:
    imported(casework, lines_of(full_time().facts))
    sides = {
        "from": {"known_at": "2023-01-01T00:00:00Z"},
        "to": {"rules": "nasjonal-alis-2026-final", "facts": [SUPPOSED]},
    }
    found = client.post(EXPLANATION, json=sides).json()
    assert [each["kind"] for each in found["contributions"]] == ["fact"] * 3 + ["parameter"]
    assert found["from"]["total"] == 0


def test_every_error_in_supposed_facts_is_named_by_its_place(client: httpx.Client, casework: Casework) -> None:
    imported(casework, lines_of(full_time().facts))
    wrong = {**SUPPOSED, "first_day": "i går", "kind": "ferie"}
    sent = {"from": {"facts": [{"type": "leave_ended"}]}, "to": {"facts": [SUPPOSED, wrong]}}
    found = errors(client.post(EXPLANATION, json=sent))
    assert ("from.facts.0.hpr", "missing-field") in found
    assert ("to.facts.1.first_day", "bad-day") in found
    assert ("to.facts.1.kind", "bad-value") in found
    ended = {**SUPPOSED, "type": "leave_ended", "leave": "l8", "last_day": "2026-02-28"}
    known = {name: value for name, value in ended.items() if name not in {"kind", "first_day"}}
    [(field, code)] = errors(client.post(EXPLANATION, json={"from": {}, "to": {"facts": [known]}}))
    assert (field, code) == ("to.facts.0", "unknown-leave")


@pytest.mark.parametrize(
    ("body", "field", "code"),
    [
        ({"from": {}}, "to", "missing-field"),
        ({"from": {}, "to": {}, "more": 1}, "more", "unknown-field"),
        ({"from": {"known_at": "i går"}, "to": {}}, "from.known_at", "bad-moment"),
        ({"from": {}, "to": {"facts": 1}}, "to.facts", "bad-text"),
    ],
)
def test_a_body_that_is_not_two_sides_is_refused(client: httpx.Client, body: Json, field: str, code: str) -> None:
    assert errors(client.post(EXPLANATION, json=body)) == [(field, code)]


@pytest.mark.parametrize("text", ["i går", "rules:", "facts:/etc/passwd", "now,now"])
def test_a_side_that_is_not_written_so_is_refused_and_no_file_is_read(client: httpx.Client, text: str) -> None:
    assert errors(client.get(EXPLANATION, params={"from": text, "to": text})) == [
        ("from", "bad-side"),
        ("to", "bad-side"),
    ]


def test_the_side_to_explain_from_must_be_told(client: httpx.Client) -> None:
    assert errors(client.get(EXPLANATION)) == [("from", "missing-field")]


@pytest.mark.parametrize(
    ("address", "rules", "status", "code"),
    [
        ("municipalities/9999/rounds/2026", None, 404, "unknown-municipality"),
        ("municipalities/1804/rounds/1999", None, 404, "no-rule-set"),
        ("municipalities/1804/rounds/2026", "no-such", 404, "unknown-rule-set"),
        ("municipalities/1804/rounds/2026", "nasjonal-alis-2025", 422, "wrong-round"),
    ],
)
def test_what_is_not_there_is_not_found(
    client: httpx.Client, address: str, rules: str | None, status: int, code: str
) -> None:
    to = "now" + (f",rules:{rules}" if rules else "")
    assert refusal(client.get(f"{address}/explanation", params={"from": "now", "to": to})) == (status, code)
    sent = {"from": {}, "to": {"rules": rules} if rules else {}}
    # what only the body names makes it unprocessable
    in_body = 422 if rules else status
    assert refusal(client.post(f"{address}/explanation", json=sent)) == (in_body, code)


def test_a_body_that_is_too_large_is_refused(client: httpx.Client) -> None:
    response = client.post(EXPLANATION, json={"from": {}, "to": {"facts": [SUPPOSED] * 1000}})
    assert problem(response)["code"] == "too-large"


def test_the_page_has_a_command_for_it_that_works_as_it_stands(client: httpx.Client) -> None:
    text = client.get("docs").text
    assert "municipalities/1804/rounds/2026/explanation?from=2026-03-01T00:00:00Z" in text
    assert "&quot;leave&quot;: &quot;hva-om&quot;" in text
    example = client.get("openapi.json").json()["paths"][f"/api/v1/{TEMPLATE}"]["post"]["requestBody"]["content"]
    body = next(iter(example["application/json"]["examples"].values()))["value"]
    assert client.post(EXPLANATION, json=body).status_code == 200
