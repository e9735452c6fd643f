"""The read side as HTTP shows it, with real workers beside the service."""

import time
from collections.abc import Iterator
from typing import Final

import httpx
import pytest

from domain.casework.service import Casework
from domain.store import Store
from projections.all import ALL
from projections.engine.status import wait_for
from projections.workers import Workers
from tests.api.asking import FACTS, HPR, POST, Json, as_, errors, imported, leave, refusal
from tests.scenario import BEIARN, BODO, Told, lines_of

ROUND: Final = "2026"
CASEWORKER: Final = as_("saksbehandler:ada")
IN_BODO: Final = f"municipalities/{BODO}/rounds/{ROUND}"
OVERVIEW: Final = f"overview?round={ROUND}"
DOCTORS: Final = ("9000001", "9000003", "9000004", "9000005", "10000001")
ADDRESSES: Final = ("doctors", f"doctors/{HPR}", f"doctors/{HPR}/case-history", IN_BODO, OVERVIEW, "projections")


def someone(hpr: str, where: str = BODO, **post: str) -> Told:
    return Told(hpr).started("2024-10-01").position("p1", where, None, **post).agreement("a1", where)


@pytest.fixture
def workers(store: Store, database_url: str) -> Iterator[Workers]:
    with Workers(ALL, store, database_url) as running:
        yield running


@pytest.fixture
def asked(client: httpx.Client, casework: Casework, store: Store, workers: Workers) -> httpx.Client:
    """The service with five doctors, all of them visible."""
    del workers
    told = [
        someone("9000001", workplace="Sentrum Legesenter"),
        someone("10000001", BEIARN, category="introductory"),
        someone("9000003", category="gp_locum").switched("p1", "2025-12-31", BEIARN),
        someone("9000004", BEIARN),
        someone("9000005"),
    ]
    imported(casework, lines_of([fact for each in told for fact in each.facts]))
    head = store.last_position() or 0
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        with store.reading(None) as connection:
            if wait_for(connection, head, 0):
                return client
        time.sleep(0.02)
    pytest.fail("the projections did not come level")


def listed(client: httpx.Client, **query: str) -> list[str]:
    return [each["hpr"] for each in client.get("doctors", params=query, headers=CASEWORKER).json()["doctors"]]


def pages(client: httpx.Client, address: str, items: str) -> list[Json]:
    """Everything of a list, in pages of one, gone through by the Link header."""
    found: list[Json] = []
    response = client.get(address, params={"limit": "1"} if "?" not in address else None, headers=CASEWORKER)
    for _ in range(50):
        body = response.json()
        assert len(body[items]) <= 1
        found += body[items]
        assert ("next" in response.links) == (body["next"] is not None)
        if body["next"] is None:
            return found
        response = client.get(client.base_url.join(response.links["next"]["url"]), headers=CASEWORKER)
    pytest.fail("the list has no end")


def test_doctors_are_listed_filtered_and_searched(asked: httpx.Client) -> None:
    assert listed(asked) == list(DOCTORS)
    assert listed(asked, municipality=BODO) == ["9000001", "9000003", "9000005"]
    assert listed(asked, municipality=BEIARN, round=ROUND, category="gp") == ["9000003", "9000004"]
    assert listed(asked, category="introductory") == ["10000001"]
    assert listed(asked, search="legesen bodø") == ["9000001"]
    assert listed(asked, search="bei") == ["9000003", "9000004", "10000001"]
    assert listed(asked, search="bei", municipality=BODO) == ["9000003"]
    assert listed(asked, search="%_") == listed(asked, search="") == listed(asked, search="odø") == []


def test_lists_are_paged_without_gaps_or_doubles(asked: httpx.Client) -> None:
    assert [each["hpr"] for each in pages(asked, "doctors", "doctors")] == list(DOCTORS)
    in_beiarn = pages(asked, "doctors?limit=1&search=beiarn", "doctors")
    assert [each["hpr"] for each in in_beiarn] == ["9000003", "9000004", "10000001"]
    whole = asked.get(f"doctors/{HPR}/case-history", headers=CASEWORKER).json()
    assert pages(asked, f"doctors/{HPR}/case-history", "sentences") == whole["sentences"]
    assert len(whole["sentences"]) == 3
    assert [each["hpr"] for each in pages(asked, IN_BODO, "lines")] == ["9000001", "9000003", "9000005"]
    in_overview = pages(asked, f"{OVERVIEW}&limit=1", "municipalities")
    assert [each["name"] for each in in_overview] == [BODO, BEIARN]


def test_one_doctor_has_everything_as_of_the_day(asked: httpx.Client) -> None:
    found = asked.get("doctors/9000003", params={"day": "2025-12-15"}, headers=CASEWORKER).json()
    assert {month["municipality"] for month in found["months"]} == {BODO, BEIARN}
    assert [each["municipality"] for each in found["amounts"] if each["round"] == ROUND] == [BODO, BEIARN]
    assert len(found["history"]) == 4
    assert found["history_next"] is None
    assert _used(found) == 15
    assert _used(asked.get("doctors/9000003", params={"day": "2024-10-15"}, headers=CASEWORKER).json()) == 1
    assert asked.get("doctors/9000003", headers=CASEWORKER).json()["day"] > "2025"


def _used(doctor: Json) -> int:
    [window] = [each for each in doctor["windows"] if each["round"] == ROUND]
    used: int = window["used"]
    return used


def test_the_sums_are_those_of_the_calculation(asked: httpx.Client) -> None:
    overview = asked.get(OVERVIEW, headers=CASEWORKER).json()
    by_name = {each["name"]: each for each in overview["municipalities"]}
    for code in (BODO, BEIARN):
        place = f"municipalities/{code}/rounds/{ROUND}"
        calculation, found = (asked.get(each, headers=CASEWORKER).json() for each in (f"{place}/calculation", place))
        assert found["sums"]["kroner"] == calculation["total"] == by_name[code]["kroner"]
        assert found["sums"]["doctors"] == len(calculation["lines"]) == by_name[code]["doctors"]
        assert [(line["hpr"], line["total"], line["elements"]) for line in found["lines"]] == [
            (line["hpr"], line["total"], line["elements"]) for line in calculation["lines"]
        ]
    for parts in ("municipalities", "by_category", "by_centrality_class"):
        assert sum(each["kroner"] for each in overview[parts]) == overview["whole"]["kroner"] > 0
    assert overview["whole"]["doctors"] == len(DOCTORS)


def test_a_municipality_is_found_by_a_code_that_has_ended(asked: httpx.Client) -> None:
    in_alesund = asked.get(f"municipalities/1507/rounds/{ROUND}", headers=CASEWORKER)
    assert in_alesund.json()["municipality"] == "1508"
    assert refusal(asked.get(f"municipalities/9999/rounds/{ROUND}")) == (404, "unknown-municipality")


def test_the_projections_tell_how_far_they_are_but_no_position(asked: httpx.Client) -> None:
    found = asked.get("projections").json()["projections"]
    assert {each["name"] for each in found} == {each.name for each in ALL}
    assert {(each["lag_events"], each["lag_seconds"], each["poisoned"]) for each in found} == {(0, 0.0, False)}
    for address in ADDRESSES:
        assert "position" not in asked.get(address).json()


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_answer_that_still_holds_is_not_sent_again(asked: httpx.Client, address: str) -> None:
    first = asked.get(address)
    assert first.status_code == 200
    assert asked.get(address, headers={"If-None-Match": first.headers["etag"]}).status_code == 304
    assert asked.get(address, headers={"If-None-Match": '"other"'}).content == first.content


def test_a_read_sees_what_the_caller_has_just_written(asked: httpx.Client) -> None:
    for number in range(5):
        written = asked.post(
            FACTS, json=leave(f"l{number}", f"2026-0{number + 1}-01", last_day=f"2026-0{number + 1}-02")
        )
        after = {"Alis-After": written.headers["alis-command"], "Prefer": "wait=10"}
        found = asked.get(f"doctors/{HPR}/case-history", headers=after)
        assert found.headers["preference-applied"] == "wait"
        assert found.json()["sentences"][-1]["fact"] == written.json()["fact"]["id"]
        assert "preference-applied" not in asked.get("doctors", headers={"Prefer": "wait=10"}).headers


def test_the_command_of_a_key_is_the_same_each_time(client: httpx.Client) -> None:
    headers = {"Idempotency-Key": "once"}
    answers = [client.post(FACTS, json=POST, headers=headers).headers["alis-command"] for _ in range(2)]
    assert answers[0] == answers[1]


def test_a_read_whose_time_is_out_says_so(asked: httpx.Client, workers: Workers) -> None:
    workers.stop()
    written = asked.post(FACTS, json=leave("l9"))
    headers = {"Alis-After": written.headers["alis-command"]}
    for wait in ("wait=0", "respond-async, wait=1"):
        response = asked.get("doctors", headers={**headers, "Prefer": wait})
        assert refusal(response) == (503, "not-yet-visible")
        assert response.headers["retry-after"] == "1"
    assert asked.get("doctors", headers={**headers, "Prefer": "wait=soon"}).status_code == 200


def test_without_workers_there_is_no_read_side_yet(client: httpx.Client) -> None:
    for address in ADDRESSES[:-1]:
        response = client.get(address, headers=as_("saksbehandler:ada"))
        assert refusal(response) == (503, "read-side-missing")
        assert response.headers["retry-after"]
    assert client.get("projections").json() == {"projections": []}


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("doctors/7654321", "unknown-doctor"),
        ("doctors/7654321/case-history", "unknown-doctor"),
        ("doctors?municipality=9999", "unknown-municipality"),
        ("doctors?round=1066", "unknown-round"),
        ("overview?round=%00", "unknown-round"),
        (f"municipalities/{BODO}/rounds/1066", "unknown-round"),
    ],
)
def test_what_is_not_there_is_not_found(asked: httpx.Client, address: str, code: str) -> None:
    assert refusal(asked.get(address)) == (404, code)


@pytest.mark.parametrize(
    ("address", "field", "code"),
    [
        ("doctors?cursor=x", "cursor", "bad-text"),
        ("doctors?cursor=%C3%A6", "cursor", "bad-text"),
        ("doctors?cursor=bToxODA0", "cursor", "bad-text"),
        (f"doctors/{HPR}/case-history?cursor=czpub25l", "cursor", "bad-text"),
        ("doctors?limit=0", "limit", "out-of-range"),
        ("doctors?limit=101", "limit", "out-of-range"),
        ("doctors?category=x", "category", "bad-value"),
        (f"doctors/{HPR}?day=yesterday", "day", "bad-day"),
        ("overview", "round", "missing-field"),
        ("projections?x=1", "x", "unknown-parameter"),
    ],
)
def test_what_is_not_written_as_it_should_is_refused(asked: httpx.Client, address: str, field: str, code: str) -> None:
    assert errors(asked.get(address)) == [(field, code)]
