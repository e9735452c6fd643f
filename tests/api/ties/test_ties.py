"""Ties over HTTP: declared, what they keep somebody from, and the decided claims that they touch."""

from typing import Final

import httpx
import pytest

from api.described.examples import bodies
from tests.api.asking import FACTS, HPR, POST, Json, as_, refusal
from tests.api.claim_life import lived_until
from tests.api.recorded import check

ADA: Final = as_("saksbehandler:ada")
GRO: Final = as_("godkjenner:gro")
KIM: Final = as_("auditor:kim")
AB: Final = as_("saksbehandler:ab")
CD: Final = as_("godkjenner:cd")
DECLARED: Final[Json] = bodies()["NewTie"]["tie_declared"]["value"]
ENDED: Final[Json] = bodies()["NewTie"]["tie_ended"]["value"]


def test_a_tie_is_declared_read_and_ended_by_another(client: httpx.Client) -> None:
    made = client.post("ties", json=DECLARED, headers=ADA)
    check("register_tie", 201, made.json())
    again = client.post("ties", json=DECLARED, headers=GRO)
    assert again.status_code == 200
    check("register_tie", 200, again.json())
    check("list_ties", 200, client.get("ties", headers=ADA).json())
    seen = {**ADA, "If-Match": made.headers["etag"]}
    assert client.post("ties", json=ENDED, headers=seen).json()["last_day"] == "2026-12-31"
    assert refusal(client.post("ties", json={**ENDED, "last_day": "2026-11-30"}, headers=seen)) == (
        412,
        "changed-meanwhile",
    )
    [listed] = client.get("ties", headers=KIM).json()["ties"]
    assert (listed["last_day"], listed["reason"]) == ("2026-12-31", None)


def test_nobody_ends_a_tie_of_their_own(client: httpx.Client) -> None:
    own = {name: value for name, value in DECLARED.items() if name != "person"}
    client.post("ties", json=own, headers=as_("saksbehandler:cd"))
    assert refusal(client.post("ties", json=ENDED, headers=CD)) == (403, "own-tie")
    assert client.post("ties", json=ENDED, headers=ADA).status_code == 201


def test_whoever_declares_without_a_name_declares_of_themselves(client: httpx.Client) -> None:
    said = {"type": "tie_declared", "municipality": "1508", "kind": "employment", "first_day": "2026-01-01"}
    found = client.post("ties", json=said, headers=ADA).json()
    assert (found["person"], found["municipality"]) == (found["declared_by"], "1508")
    assert refusal(client.post("ties", json={**said, "municipality": "9999"}, headers=ADA)) == (
        422,
        "unknown-municipality",
    )


@pytest.mark.parametrize("about", [{"hpr": HPR}, {"municipality": "1804"}])
def test_a_caseworker_with_a_tie_neither_handles_the_claim_nor_registers_on_the_doctor(
    client: httpx.Client, about: Json
) -> None:
    lived_until(client, "assess")
    said = {"type": "tie_declared", "kind": "financial", "first_day": "2026-01-01", **about}
    client.post("ties", json=said, headers=as_("godkjenner:ab"))
    assess = {"type": "assess"}
    refused = client.post("claims/1804-2026/steps", json=assess, headers=AB)
    assert refusal(refused) == (403, "disqualified")
    steps = client.get("claims/1804-2026", headers=AB).json()["steps"]
    assert {each["code"] for each in steps if each["step"] in {"assess", "return"}} == {"disqualified"}
    fact = {**POST, "id": "p9", "position": "p9"}
    assert refusal(client.post(FACTS, json=fact, headers=AB)) == (403, "disqualified")
    assert client.post("claims/1804-2026/steps", json=assess, headers=ADA).status_code == 200


def test_a_tie_declared_after_the_decision_is_found_with_what_was_done(client: httpx.Client) -> None:
    lived_until(client, "pay")
    own = {name: value for name, value in DECLARED.items() if name != "person"}
    person = client.post("ties", json={**own, "hpr": HPR}, headers=CD).json()["person"]
    [found] = client.get("ties/decisions", params={"person": person}, headers=KIM).json()["decisions"]
    assert (found["claim"], found["tie"]) == ("1804-2026", "familie-2026")
    assert [(each["event"], each["declared_before"]) for each in found["took_part"]] == [
        ("claim.proposal-sent-back.v1", False),
        ("claim.decided.v1", False),
    ]
    check("list_tied_decisions", 200, {"decisions": [{**found, "decided_on": "2026-05-01", "person": "godkjenner:cd"}]})
    assert client.get("ties/decisions?person=saksbehandler:ada", headers=KIM).json() == {"decisions": []}


def test_ties_are_for_those_who_handle_or_control_cases(client: httpx.Client) -> None:
    for actor in ("kommune:1804", "lege:9000001", "operator:ber", "regelverk:rolf"):
        assert refusal(client.get("ties", headers=as_(actor))) == (403, "wrong-role")
        assert refusal(client.post("ties", json=DECLARED, headers=as_(actor))) == (403, "wrong-role")
    assert refusal(client.post("ties", json=DECLARED, headers=KIM)) == (403, "wrong-role")
