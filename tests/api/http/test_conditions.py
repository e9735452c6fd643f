from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import httpx
import pytest

from api.main import create_app
from deploy.clock import now
from domain.casework.service import Casework
from domain.store import Store
from tests.api.asking import CLERK, FACTS, KEY, STARTED, errors, leave, refusal, register, serving
from tests.issuer import identity

OTHER = f'"{"0" * 64}"'


def tag_of(client: httpx.Client, address: str = FACTS) -> str:
    return client.get(address).headers["etag"]


def conditional(client: httpx.Client, condition: str, name: str = "l1") -> httpx.Response:
    return client.post(FACTS, json=leave(name), headers={"If-Match": condition})


def test_who_saw_the_latest_facts_may_register(client: httpx.Client) -> None:
    register(client, STARTED)
    first = conditional(client, tag_of(client))
    assert first.status_code == 201
    assert conditional(client, first.headers["etag"], "l2").status_code == 201


def test_who_did_not_is_told_and_nothing_is_stored(client: httpx.Client) -> None:
    register(client, STARTED)
    seen = tag_of(client)
    register(client, leave("l1"))
    before = tag_of(client)
    assert refusal(conditional(client, seen, "l2")) == (412, "changed-meanwhile")
    assert tag_of(client) == before


def test_the_tag_in_the_answer_is_that_of_right_after_it_so_that_what_came_between_is_noticed(
    client: httpx.Client,
) -> None:
    mine = client.post(FACTS, json=leave("l1")).headers["etag"]
    register(client, leave("l2"))
    assert refusal(conditional(client, mine, "l3")) == (412, "changed-meanwhile")


def test_a_correction_changes_the_tag(client: httpx.Client) -> None:
    register(client, leave("l1", id="f1"))
    before = tag_of(client)
    register(client, {"type": "fact_corrected", "corrects": "f1", "replacement": {"percent": 50}, "reason": "x"})
    assert tag_of(client) != before


def test_any_at_all_means_that_the_doctor_is_known(client: httpx.Client) -> None:
    assert refusal(conditional(client, "*")) == (412, "changed-meanwhile")
    register(client, STARTED)
    assert conditional(client, "*").status_code == 201


def test_one_of_several_tags_is_enough(client: httpx.Client) -> None:
    register(client, STARTED)
    assert conditional(client, f'{OTHER} , "a,b",,{tag_of(client)}').status_code == 201
    lines = [("If-Match", OTHER), ("If-Match", tag_of(client)), *CLERK.items()]
    assert client.post(FACTS, json=leave("l2"), headers=httpx.Headers(lines)).status_code == 201
    assert refusal(conditional(client, f'{OTHER}, "a,b"', "l3")) == (412, "changed-meanwhile")


def test_a_weak_tag_matches_nothing(client: httpx.Client) -> None:
    register(client, STARTED)
    assert refusal(conditional(client, f"W/{tag_of(client)}")) == (412, "changed-meanwhile")


def test_the_tag_of_an_earlier_moment_is_not_that_of_now(client: httpx.Client) -> None:
    register(client, STARTED)
    then = tag_of(client, f"{FACTS}?known_at={now().isoformat().replace('+', '%2B')}")
    assert refusal(conditional(client, then)) == (412, "changed-meanwhile")


@pytest.mark.parametrize("condition", ["", "abc", '"abc', '*, "a"', 'w/"a"', ",", '"a" b'])
def test_what_is_no_tag_is_refused_rather_than_passed_over(client: httpx.Client, condition: str) -> None:
    register(client, STARTED)
    assert errors(conditional(client, condition)) == [("If-Match", "bad-text")]


def test_a_header_made_to_take_for_ever_takes_no_time(client: httpx.Client) -> None:
    assert errors(conditional(client, "," * 6_000 + "x")) == [("If-Match", "bad-text")]


def race(client: httpx.Client, other: httpx.Client) -> None:
    """Twenty times, two who saw the same register at the same time."""
    register(client, STARTED)
    for n in range(20):
        tag, start = tag_of(client), Barrier(2)

        def send(who: int, n: int = n, tag: str = tag, start: Barrier = start) -> int:
            start.wait()
            return conditional((client, other)[who], tag, f"l{n}-{who}").status_code

        with ThreadPoolExecutor(2) as threads:
            assert sorted(threads.map(send, range(2))) == [201, 412]


def test_of_two_who_saw_the_same_at_once_exactly_one_wins(client: httpx.Client) -> None:
    with httpx.Client(base_url=client.base_url, headers=CLERK, timeout=60) as other:
        race(client, other)


def test_so_it_is_when_they_ask_two_services_over_one_database(client: httpx.Client, database_url: str) -> None:
    store = Store(database_url, KEY)
    with (
        serving(create_app(Casework(store), identity=identity(Casework(store)))) as elsewhere,
        httpx.Client(base_url=f"{elsewhere}/api/v1", headers=CLERK, timeout=60) as other,
    ):
        race(client, other)
    store.close()


def test_an_answer_that_still_holds_is_not_sent_again(client: httpx.Client) -> None:
    register(client, STARTED)
    for address in (
        FACTS,
        "doctors/9000001/history",
        "municipalities/1804/rounds/2026/months",
        "municipalities/1804/rounds/2026/calculation",
        "rule-sets",
        "rule-sets/nasjonal-alis-2026-provisional",
    ):
        first = client.get(address)
        assert first.headers["cache-control"] == "private, no-cache"
        for condition in (first.headers["etag"], f"W/{first.headers['etag']}", f'"x", {first.headers["etag"]}', "*"):
            again = client.get(address, headers={"If-None-Match": condition})
            assert (again.status_code, again.content) == (304, b"")
            assert again.headers["etag"] == first.headers["etag"]
        for condition in (OTHER, "nonsense", ""):
            assert client.get(address, headers={"If-None-Match": condition}).content == first.content


def test_a_tag_does_not_tell_of_another_doctors_doings(client: httpx.Client) -> None:
    register(client, STARTED)
    before = tag_of(client)
    assert client.post("doctors/9000002/facts", json=leave("l1")).status_code == 201
    assert tag_of(client) == before
