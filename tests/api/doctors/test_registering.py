import json

import httpx
import pytest

from domain.doctor.facts.facts import BY_TYPE
from tests.api.asking import CLERK, FACTS, HPR, POST, STARTED, Json, as_, errors, leave, problem, refusal, register
from tests.api.recorded import EXAMPLES

JSON = {"Content-Type": "application/json"}


@pytest.fixture
def client(client: httpx.Client) -> httpx.Client:
    """Somebody who may register everything: what is asked is how a fact is read."""
    client.headers.update(CLERK)
    return client


def sent(client: httpx.Client, content: str | bytes) -> httpx.Response:
    return client.post(FACTS, content=content, headers=JSON)


def test_the_examples_are_one_of_every_type_and_make_a_history_that_is_accepted(client: httpx.Client) -> None:
    assert sorted(fact["type"] for fact in EXAMPLES) == sorted(BY_TYPE)
    register(client, *EXAMPLES)
    assert len(client.get(FACTS).json()["facts"]) == len(EXAMPLES)


def test_a_fact_is_answered_as_stored_with_its_address_and_the_tag_of_the_doctors_facts(client: httpx.Client) -> None:
    response = client.post(FACTS, json=leave("l1", id="f 1/å"))
    assert response.status_code == 201
    entry = response.json()
    assert (entry["fact"]["id"], entry["fact"]["hpr"], entry["source"], entry["state"]) == (
        "f 1/å",
        HPR,
        "api",
        "standing",
    )
    assert response.headers["location"] == f"/api/v1/{FACTS}/f%201%2F%C3%A5"
    alone = client.get(response.headers["location"].removeprefix("/api/v1/"))
    assert alone.json() == entry
    assert alone.headers["etag"] == client.get(FACTS).headers["etag"] == response.headers["etag"]


def test_a_fact_without_an_id_gets_one(client: httpx.Client) -> None:
    first, second = (client.post(FACTS, json=leave(name)).json()["fact"]["id"] for name in ("l1", "l2"))
    assert first != second


def test_the_same_fact_again_is_known_and_not_stored_twice(client: httpx.Client) -> None:
    first = client.post(FACTS, json=leave("l1", id="f1"))
    again = client.post(FACTS, json=leave("l1", id="f1"))
    assert (again.status_code, again.json()) == (200, first.json())
    assert len(client.get(FACTS).json()["facts"]) == 1


@pytest.mark.parametrize("actor", ["kommune:1804", "saksbehandler:ada"])
def test_the_same_id_with_other_content_or_by_another_is_refused(client: httpx.Client, actor: str) -> None:
    register(client, POST, leave("l1", id="f1"))
    other = leave("l1", id="f1", percent=100 if actor == "kommune:1804" else 50)
    assert refusal(client.post(FACTS, json=other, headers=as_(actor))) == (409, "fact-id-used")


def test_only_an_import_states_when_something_became_known_and_by_whom(client: httpx.Client) -> None:
    ours = {"recorded_at": "2020-01-01T00:00:00Z", "recorded_by": "a:b", "hpr": HPR}
    assert errors(client.post(FACTS, json=leave("l1", **ours))) == [
        ("hpr", "unknown-field"),
        ("recorded_at", "unknown-field"),
        ("recorded_by", "unknown-field"),
    ]


def test_everything_that_is_wrong_with_a_fact_is_told_at_once_in_norwegian(client: httpx.Client) -> None:
    wrong = {"percent": 101, "first_day": "2024-02-30", "municipality": "18", "x": 1}
    response = client.post(FACTS, json=POST | wrong)
    assert sorted(errors(response)) == [
        ("first_day", "bad-day"),
        ("municipality", "bad-text"),
        ("percent", "out-of-range"),
        ("x", "unknown-field"),
    ]
    details = [each["detail"] for each in problem(response)["errors"]]
    assert all(detail.startswith("Feltet «") for detail in details)


@pytest.mark.parametrize(
    ("fact", "found"),
    [
        ({}, ("type", "missing-field")),
        ({"type": "nonsense"}, ("type", "unknown-type")),
        ({"type": 1}, ("type", "unknown-type")),
        ({"type": "track_started", "on": "2024-01-01"}, ("scheme", "missing-field")),
        (leave("l1", kind="erased_other"), ("kind", "bad-value")),
        (leave("l1", kind="leave"), ("kind", "bad-value")),
        (leave("l1", last_day="2026-01-31"), (None, "last-before-first")),
        (leave("l1", reason="x"), ("reason", "unknown-field")),
        (leave(" l1"), ("leave", "bad-text")),
        (leave("l\x001"), ("leave", "bad-text")),
        ({**leave("l1"), "\x00": 1}, ("?", "bad-text")),
        (leave("l1", percent=True), ("percent", "bad-number")),
        (leave("l1", percent="ti"), ("percent", "bad-number")),
    ],
)
def test_a_fact_that_is_not_written_as_it_should_is_refused(
    client: httpx.Client, fact: Json, found: tuple[str | None, str]
) -> None:
    response = client.post(FACTS, json=fact)
    if found[1] == "bad-value":
        assert refusal(response) == (422, "bad-value")
    else:
        assert found in errors(response)


@pytest.mark.parametrize(
    ("fact", "status", "code"),
    [
        ({"type": "leave_ended", "leave": "l9", "last_day": "2026-03-01"}, 422, "unknown-leave"),
        ({**POST, "position": "p2", "municipality": "9999"}, 422, "unknown-municipality"),
        (POST, 409, "name-used"),
        (STARTED, 409, "track-running"),
        ({"type": "position_ended", "position": "p1", "last_day": "2024-08-31"}, 422, "ends-before-it-begins"),
        ({"type": "fact_corrected", "corrects": "no", "replacement": None, "reason": "x"}, 422, "unknown-fact"),
    ],
)
def test_a_fact_that_what_is_known_does_not_bear_is_refused_and_nothing_is_stored(
    client: httpx.Client, fact: Json, status: int, code: str
) -> None:
    register(client, POST, STARTED)
    before = client.get(FACTS)
    assert refusal(client.post(FACTS, json=fact)) == (status, code)
    assert client.get(FACTS).headers["etag"] == before.headers["etag"]


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        ("", 400, "bad-json"),
        ("{", 400, "bad-json"),
        ("[]", 400, "not-an-object"),
        ("null", 400, "not-an-object"),
        ('{"type": "a", "type": "b"}', 400, "duplicate-key"),
        (b'{"type": "\xff"}', 400, "bad-encoding"),
        ('{"a": NaN}', 422, "bad-number"),
        ('{"a": -Infinity}', 422, "bad-number"),
        ('{"a": 1e999}', 422, "bad-number"),
        ('{"a": 1e99999999999999999999}', 422, "bad-number"),
        ('{"a": 0.1000000000000000001}', 422, "bad-number"),
        ('{"a": ' + "1" * 5000 + "}", 422, "bad-number"),
        ('{"a": "\\ud800"}', 422, "invalid-request"),
        ('{"\\udc00": 1}', 422, "invalid-request"),
        ('{"a": ' + "[" * 40 + "]" * 40 + "}", 400, "bad-json"),
        ("[" * 60_000, 400, "bad-json"),
        ('{"a":' * 10_000, 400, "bad-json"),
    ],
)
def test_a_body_that_no_store_could_be_trusted_with_gets_a_clean_answer(
    client: httpx.Client, content: str | bytes, status: int, code: str
) -> None:
    assert refusal(sent(client, content)) == (status, code)


def test_numbers_stay_as_exact_as_they_were_written(client: httpx.Client) -> None:
    register(client, STARTED)
    for n, percent in enumerate(("33.33", "0.1", "100", '"66.67"', "1e1")):
        post = json.dumps({**POST, "position": f"q{n}"}).replace(": 80", f": {percent}")
        assert sent(client, post).status_code == 201
    percents = [entry["fact"].get("percent") for entry in client.get(FACTS).json()["facts"]]
    assert [float(percent) for percent in percents[1:]] == [33.33, 0.1, 100, 66.67, 10]


@pytest.mark.parametrize(
    "percent", ["33.333333333333336", "1e-10", "0.1234567890123", '"0.000000000001"', "1e1", '"33.330"', "100.0"]
)
def test_a_number_that_was_taken_can_be_read_again(client: httpx.Client, percent: str) -> None:
    """What is stored is for ever, so a number that could not be read would take the doctor's whole history with it."""
    fact = json.dumps(leave("l1", percent=0)).replace('"percent": 0', f'"percent": {percent}')
    assert sent(client, fact).status_code == 201
    (entry,) = client.get(FACTS).json()["facts"]
    assert float(entry["fact"]["percent"]) == float(percent.strip('"'))
    assert "E" not in entry["fact"]["percent"]


def test_a_number_with_decimals_without_end_is_refused(client: httpx.Client) -> None:
    assert errors(
        sent(client, '{"type": "guidance_recorded", "municipality": "1804", "month": "2025-06", "hours": 2.5e-176}')
    ) == [("hours", "bad-number")]


def test_a_body_over_the_limit_is_refused_whether_its_length_is_told_or_not(client: httpx.Client) -> None:
    large = b" " * 65_537
    assert refusal(sent(client, large)) == (413, "too-large")
    assert refusal(client.post(FACTS, content=iter([large[:40_000], large[40_000:]]), headers=JSON)) == (
        413,
        "too-large",
    )
    small = json.dumps(leave("l1")).encode()
    assert sent(client, small + b" " * (65_536 - len(small))).status_code == 201


@pytest.mark.parametrize(
    "headers",
    [
        {"Content-Type": "text/plain"},
        {"Content-Type": "application/x-www-form-urlencoded"},
        {"Content-Type": "application/json; charset=iso-8859-1"},
        {"Content-Type": "application/json", "Content-Encoding": "gzip"},
        {},
    ],
)
def test_only_plain_json_is_taken(client: httpx.Client, headers: dict[str, str]) -> None:
    content = json.dumps(leave("l1")).encode()
    assert refusal(client.post(FACTS, content=content, headers=headers)) == (415, "unsupported-media-type")


def test_json_with_a_charset_and_a_byte_order_mark_is_taken(client: httpx.Client) -> None:
    content = b"\xef\xbb\xbf" + json.dumps(leave("l1")).encode()
    headers = {"Content-Type": "Application/JSON; charset=UTF-8"}
    assert client.post(FACTS, content=content, headers=headers).status_code == 201


def test_a_doctors_number_has_seven_to_nine_digits(client: httpx.Client) -> None:
    for hpr in ("123456", "1234567890", "900000a", "٩٠٠٠٠٠٠"):
        assert errors(client.post(f"doctors/{hpr}/facts", json=leave("l1"))) == [("hpr", "bad-text")]
