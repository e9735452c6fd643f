import json
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import httpx

from domain.casework.service import Casework
from domain.store import Recorded
from domain.values.refusals.refusal import Refused
from tests.api.asking import CLERK, FACTS, HPR, POST, STARTED, Json, as_, errors, leave, problem, refusal, register

KEY: Final = {"Idempotency-Key": "9000001-leave-1"}


def send(client: httpx.Client, fact: Json, address: str = FACTS, **headers: str) -> httpx.Response:
    return client.post(address, json=fact, headers={**KEY, **headers})


def known(casework: Casework) -> list[Recorded]:
    """What the log holds of the doctor."""
    try:
        return casework.doctor(HPR)
    except Refused:
        return []


def seen(response: httpx.Response) -> tuple[int, str, str, str]:
    return response.status_code, response.text, response.headers["etag"], response.headers["location"]


def test_a_repeated_request_gets_the_first_answer_and_is_done_once(client: httpx.Client) -> None:
    first = send(client, leave("l1"))
    assert first.status_code == 201
    assert seen(send(client, leave("l1"))) == seen(first)
    assert len(client.get(FACTS).json()["facts"]) == 1


def test_a_request_whose_answer_nobody_hears_is_done_once_and_answered_when_it_is_repeated(
    client: httpx.Client, casework: Casework
) -> None:
    content = json.dumps(leave("l1")).encode()
    address, port = client.base_url.host, client.base_url.port or 80
    head = {**CLERK, **KEY, "Host": f"{address}:{port}", "Content-Type": "application/json"}
    lines = [f"POST {client.base_url.path}{FACTS} HTTP/1.1", *(f"{name}: {value}" for name, value in head.items())]
    for _ in range(3):
        with socket.create_connection((address, port)) as line:
            line.sendall("\r\n".join([*lines, f"Content-Length: {len(content)}", "", ""]).encode() + content)
            deadline = time.monotonic() + 10
            while not known(casework):
                assert time.monotonic() < deadline
                time.sleep(0.01)
    again = send(client, leave("l1"))
    assert again.status_code == 201
    assert seen(send(client, leave("l1"))) == seen(again)
    assert len(known(casework)) == 1


def test_the_first_answer_stays_the_same_when_others_have_registered_since(client: httpx.Client) -> None:
    first = send(client, leave("l1", id="f1"))
    register(client, leave("l2"), {"type": "fact_corrected", "corrects": "f1", "replacement": None, "reason": "feil"})
    assert seen(send(client, leave("l1", id="f1"))) == seen(first)


def test_the_order_and_spacing_of_json_make_no_other_request(client: httpx.Client) -> None:
    first = send(client, leave("l1"))
    turned = dict(reversed(list(leave("l1").items())))
    assert seen(send(client, turned)) == seen(first)


def test_a_key_that_stood_for_another_request_is_refused(client: httpx.Client) -> None:
    send(client, leave("l1"))
    other = send(client, leave("l2"))
    assert refusal(other) == (409, "command-id-reused")
    assert f"«{KEY['Idempotency-Key']}»" in problem(other)["detail"], "it is named by what was sent"
    assert refusal(send(client, leave("l1"), "doctors/9000002/facts")) == (409, "command-id-reused")
    assert len(client.get(FACTS).json()["facts"]) == 1


def test_a_key_whose_request_found_its_fact_known_stands_for_that_request(client: httpx.Client) -> None:
    register(client, leave("l1", id="f1"))
    first = send(client, leave("l1", id="f1"))
    assert first.status_code == 200
    assert refusal(send(client, leave("l2"))) == (409, "command-id-reused")
    assert seen(send(client, leave("l1", id="f1"))) == seen(first)
    assert len(client.get(FACTS).json()["facts"]) == 1


def test_another_actors_key_is_another_key(client: httpx.Client) -> None:
    send(client, leave("l1"))
    other = send(client, {**POST, "municipality": "1839"}, **as_("kommune:1839"))
    assert (other.status_code, other.json()["fact"]["recorded_by"]) == (201, "kommune:1839")


def test_a_request_that_was_refused_can_be_mended_under_its_key(client: httpx.Client) -> None:
    ended = {"type": "leave_ended", "leave": "l1", "last_day": "2026-03-01"}
    assert refusal(send(client, ended)) == (422, "unknown-leave")
    register(client, leave("l1"))
    assert send(client, ended).status_code == 201


def test_a_repeated_request_is_not_stopped_by_the_condition_that_it_fulfilled_the_first_time(
    client: httpx.Client,
) -> None:
    register(client, STARTED)
    tag = client.get(FACTS).headers["etag"]
    first = send(client, leave("l1"), **{"If-Match": tag})
    assert first.status_code == 201
    assert seen(send(client, leave("l1"), **{"If-Match": tag})) == seen(first)


def test_the_same_request_from_eight_at_once_is_done_once(client: httpx.Client) -> None:
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda _: seen(send(client, leave("l1"))), range(8)))
    assert len(set(answers)) == 1
    assert answers[0][0] == 201
    assert len(client.get(FACTS).json()["facts"]) == 1


def test_different_facts_from_eight_at_once_are_all_there(client: httpx.Client) -> None:
    with ThreadPoolExecutor(8) as threads:
        codes = list(threads.map(lambda n: client.post(FACTS, json=leave(f"l{n}")).status_code, range(24)))
    assert codes == [201] * 24
    leaves = [entry["fact"]["leave"] for entry in client.get(FACTS).json()["facts"]]
    assert sorted(leaves) == sorted(f"l{n}" for n in range(24))


def test_a_key_has_1_to_200_visible_letters(client: httpx.Client) -> None:
    for key in ("", "a b", "x" * 201, "é"):
        response = client.post(FACTS, json=leave("l1"), headers={b"Idempotency-Key": key.encode()})
        assert errors(response) == [("Idempotency-Key", "bad-text")]
    assert send(client, leave("l1"), **{"Idempotency-Key": "~" * 200}).status_code == 201
