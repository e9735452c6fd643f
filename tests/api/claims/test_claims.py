"""A claim over HTTP: its whole life, who sees it, what is refused and why, repeating and competing."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

import httpx
import pytest

from api.claims.steps import OVER_HTTP
from domain.store import Store
from projections.all import ALL
from projections.workers import Workers
from tests.api.asking import HPR, Json, engage, errors, problem, refusal
from tests.api.claim_life import (
    APPROVER,
    CASEWORKER,
    KNOWN_LATER,
    MUNICIPALITY,
    NAMES,
    ONE,
    REVISOR,
    SECOND_PROPOSAL,
    STEPS,
    by,
    documented,
    live,
    lived_until,
    registered,
    step,
)
from tests.api.recorded import EXAMPLES, check

ACTORS: Final = (MUNICIPALITY, CASEWORKER, APPROVER, REVISOR)
OTHERS: Final = ("kommune:1839", "person:ef; role=revisor; organisation=1839")
BODIES: Final = {each.name: each.body for each in STEPS}
APPLIED: Final = BODIES["add_line"]["applied"]
COST: Final = BODIES["report_costs"]["costs"][0]
LINE: Final = next(each.body["lines"][0] for each in STEPS if each.name == "propose" and "lines" in each.body)
DESCRIBED: Final = {
    "opened": "take_claim_step",
    "claim": "read_claim",
    "attached": "attach_document",
    "basis": "read_assessment",
    "replay": "repeat_claim_decisions",
    "list": "list_claims",
}
"""The operation that each answer is an example of."""
SIGNED: Final = BODIES["attest"]["lines"][0]


@pytest.fixture
def workers(store: Store, database_url: str) -> Iterator[Workers]:
    with Workers(ALL, store, database_url) as running:
        yield running


def claim(client: httpx.Client, actor: str = CASEWORKER) -> Json:
    found = client.get(ONE, headers=by(actor))
    assert found.status_code == 200, found.text
    whole: Json = found.json()
    return whole


def test_there_is_an_example_of_every_step() -> None:
    assert sorted(set(NAMES)) == sorted(str(cls.model_fields["type"].default) for cls in OVER_HTTP)


def test_the_documented_steps_are_one_claims_whole_life_with_the_documented_answers(
    client: httpx.Client, workers: Workers
) -> None:
    del workers
    kept = live(client)
    kept["basis"] = client.get(f"{ONE}/assessments/2", headers=by(CASEWORKER)).json()
    kept["replay"] = client.get(f"{ONE}/replay", headers=by("auditor:kl")).json()
    last = step(client, CASEWORKER, STEPS[-1].body, Idempotency_Key=f"step-{len(STEPS) - 1}")
    waited = by(CASEWORKER, Prefer="wait=10", Alis_After=last.headers["alis-command"])
    kept["list"] = client.get("claims", headers=waited).json()
    assert kept["replay"]["identical"] is True
    assert [each["identical"] for each in kept["replay"]["decisions"]] == [True, True]
    assert (kept["claim"]["granted"], kept["claim"]["settled"], kept["claim"]["outstanding"]) == (82_469, 82_469, 0)
    for name, operation in DESCRIBED.items():
        check(operation, 201 if name == "opened" else 200, documented(kept[name]))
    check("take_claim_step", 200, documented(kept["claim"]))


def test_the_history_can_be_read_aloud(client: httpx.Client) -> None:
    live(client)
    history = claim(client)["history"]
    told = [each["sentence"] for each in history]
    assert told[0] == "Søknaden for tilskuddsperioden 2026 ble åpnet."
    assert "Vedtak 2 ble godkjent: 100\u2009000 kroner." in told
    assert told[-1] == "17\u2009531 kroner kreves tilbake innen 1. juni 2027."
    assert [each["role"] for each in history[-3:]] == ["caseworker", "approver", "caseworker"]
    assert "Avtalen mangler." in [each["text"] for each in history]
    assert not any("Avtalen mangler" in sentence for sentence in told)


@pytest.mark.parametrize("until", ["open", "propose", "pay", "close"])
def test_a_step_that_is_shown_as_impossible_is_refused_with_the_very_reason_and_changes_nothing(
    client: httpx.Client, until: str
) -> None:
    lived_until(client, until)
    before = claim(client)
    for actor in ACTORS:
        shown = {each["step"]: each for each in claim(client, actor)["steps"]}
        assert shown.keys() == {*BODIES, "attach_document"}
        for name, body in BODIES.items():
            if not shown[name]["possible"]:
                found = problem(step(client, actor, body))
                assert (found["code"], found["detail"]) == (shown[name]["code"], shown[name]["detail"]), (actor, name)
    assert claim(client) == before


def test_at_every_stage_somebody_can_do_something(client: httpx.Client) -> None:
    engage(client, "1804")
    registered(client, HPR, *EXAMPLES)
    for number in range(len(STEPS)):
        if number:
            possible = [each["step"] for actor in ACTORS for each in claim(client, actor)["steps"] if each["possible"]]
            assert NAMES[number] in possible, f"before step {number}"
        live(client, number + 1, since=number) if number else live_first(client)


def live_first(client: httpx.Client) -> None:
    assert step(client, MUNICIPALITY, STEPS[0].body, Idempotency_Key="step-0").status_code == 201


@pytest.mark.parametrize("actor", OTHERS)
def test_another_municipalitys_claim_is_not_found_and_no_step_on_it_is_theirs(client: httpx.Client, actor: str) -> None:
    engage(client, "1839")
    addresses = (ONE, f"{ONE}/replay", f"{ONE}/assessments/1", f"{ONE}/documents/sha256:{'0' * 64}")
    before = [client.get(address, headers=by(actor)).text for address in addresses]
    lived_until(client, "assess")
    for address, text in zip(addresses, before, strict=True):
        response = client.get(address, headers=by(actor))
        assert refusal(response) == (404, "unknown-claim")
        assert response.json()["detail"] in text, "as before it was there"
    name = "withdraw" if actor.startswith("kommune") else "attest"
    assert refusal(step(client, actor, BODIES[name])) == (404, "unknown-claim")


@pytest.mark.parametrize("role", ["operator", "rules"])
def test_other_roles_see_no_claims(client: httpx.Client, role: str) -> None:
    for address in ("claims", ONE):
        found = client.get(address, headers=by(f"person:x; role={role}"))
        assert refusal(found) == (403, "wrong-role")
    assert refusal(client.get(ONE, headers=by("person:x"))) == (403, "no-role")
    assert refusal(client.get(ONE, headers=by("person:x; role=revisor"))) == (403, "no-role"), "nobody engaged the firm"


def test_only_helsedirektoratet_sees_how_far_the_log_was_read(client: httpx.Client) -> None:
    lived_until(client, "assess")
    seen = {actor: client.get(f"{ONE}/assessments/1", headers=by(actor)).json() for actor in (*ACTORS, "auditor:kl")}
    for actor, basis in seen.items():
        hidden = actor in {MUNICIPALITY, REVISOR}
        assert (basis["position"] is None, basis["streams"] is None) == (hidden, hidden)
        assert basis["result"]["lines"][0]["hpr"] == HPR
    assert refusal(client.get(f"{ONE}/assessments/2", headers=by(CASEWORKER))) == (404, "unknown-assessment")


def test_a_line_shows_the_costs_known_of_it_whoever_reported_them(client: httpx.Client) -> None:
    lived_until(client, "open")
    registered(client, HPR, {"type": "costs_reported", "municipality": "1804", "round": "2026", **COST})
    [line] = [each for each in claim(client, MUNICIPALITY)["lines"] if each["hpr"] == HPR]
    [cost] = line["costs"]
    assert (cost["element"], cost["kroner"], cost["kind"], cost["gross"]) == (
        COST["element"],
        COST["kroner"],
        None,
        None,
    )
    assert line["net_costs"] == {COST["element"]: COST["kroner"]}
    assert step(client, MUNICIPALITY, BODIES["report_costs"]).status_code == 200
    [line] = [each for each in claim(client)["lines"] if each["hpr"] == HPR]
    assert line["net_costs"] == {"learning_activities": 11_000, "supervision": 60_000}
    assert line["project_code"] == "4711"


def test_costs_that_do_not_add_up_are_refused_as_those_of_a_fact_are(client: httpx.Client) -> None:
    lived_until(client, "open")
    wrong = {**COST, "gross": COST["kroner"] + 2}
    found = errors(step(client, MUNICIPALITY, {**BODIES["report_costs"], "costs": [wrong]}))
    assert ("costs.0", "costs-do-not-add-up") in found


def test_a_claim_that_is_not_there_is_not_found(client: httpx.Client) -> None:
    assert refusal(client.get("claims/1804-2026", headers=by(CASEWORKER))) == (404, "unknown-claim")
    assert refusal(step(client, CASEWORKER, {"type": "assess"})) == (404, "unknown-claim")


def test_a_repeated_step_whose_answer_was_lost_gets_the_first_answer(client: httpx.Client) -> None:
    lived_until(client, "open")
    body, key = BODIES["confirm_line"], {"Idempotency_Key": "confirm-1"}
    seen = client.get(ONE, headers=by(MUNICIPALITY)).headers["etag"]
    first = step(client, MUNICIPALITY, body, If_Match=seen, **key)
    assert first.status_code == 200
    assert step(client, MUNICIPALITY, BODIES["report_costs"]).status_code == 200
    again = step(client, MUNICIPALITY, body, If_Match=seen, **key)
    assert (again.status_code, again.content) == (200, first.content)
    for name in ("etag", "alis-command", "location"):
        assert again.headers[name] == first.headers[name]
    other = {**body, "applied": {**body["applied"], "supplement": False}}
    assert refusal(step(client, MUNICIPALITY, other, **key)) == (409, "command-id-reused")
    told = [each["event"] for each in claim(client)["history"]]
    assert told.count("claim.line-confirmed.v2") == 1


def test_of_two_caseworkers_at_once_one_is_told_to_read_again(client: httpx.Client) -> None:
    lived_until(client, "assess")
    first, second = "saksbehandler:ab", "saksbehandler:gh"
    tags = {who: client.get(ONE, headers=by(who)).headers["etag"] for who in (first, second)}
    assert step(client, first, {"type": "propose"}, If_Match=tags[first]).status_code == 200
    assert refusal(step(client, second, {"type": "assess"}, If_Match=tags[second])) == (412, "changed-meanwhile")
    assert refusal(step(client, second, {"type": "propose"})) == (409, "already-proposed")


def test_of_many_who_take_the_same_step_at_once_one_does_and_the_others_are_told(client: httpx.Client) -> None:
    lived_until(client, "assess")
    with ThreadPoolExecutor(6) as crowd:
        found = list(crowd.map(lambda n: step(client, f"saksbehandler:p{n}", {"type": "propose"}), range(6)))
    assert sorted(each.status_code for each in found) == [200, 409, 409, 409, 409, 409]
    assert {refusal(each) for each in found if each.status_code == 409} == {(409, "already-proposed")}
    with ThreadPoolExecutor(6) as crowd:
        again = list(crowd.map(lambda _: step(client, APPROVER, {"type": "approve"}, Idempotency_Key="a"), range(6)))
    assert {(each.status_code, each.content) for each in again} == {(200, again[0].content)}
    told = [each["event"] for each in claim(client)["history"]]
    assert (told.count("claim.decision-proposed.v1"), told.count("claim.decided.v1")) == (1, 1)


def test_four_eyes_are_two_persons_whatever_roles_they_name(client: httpx.Client) -> None:
    lived_until(client, "propose")
    assert refusal(step(client, "saksbehandler:ab; role=approver", {"type": "approve"})) == (403, "same-person")
    assert step(client, APPROVER, {"type": "approve"}).status_code == 200


def test_a_fact_that_changes_a_signed_line_makes_its_attestation_stale_and_the_claim_another(
    client: httpx.Client,
) -> None:
    lived_until(client, "attest")
    before = client.get(ONE, headers=by(CASEWORKER))
    assert before.json()["lines"][0]["attested"]["stale"] is False
    registered(client, HPR, KNOWN_LATER)
    after = client.get(ONE, headers=by(CASEWORKER))
    assert after.json()["lines"][0]["attested"]["stale"] is True
    seen = before.headers["etag"]
    assert refusal(step(client, CASEWORKER, {"type": "accept_report"}, If_Match=seen)) == (412, "changed-meanwhile")
    assert refusal(step(client, CASEWORKER, {"type": "accept_report"})) == (409, "attestation-stale")


def test_an_answer_that_still_holds_is_not_sent_again(client: httpx.Client) -> None:
    lived_until(client, "open")
    first = client.get(ONE, headers=by(MUNICIPALITY))
    again = client.get(ONE, headers=by(MUNICIPALITY, If_None_Match=first.headers["etag"]))
    assert (again.status_code, again.content) == (304, b"")


def texts_of(body: Any) -> Iterator[str]:  # noqa: ANN401 - JSON
    """All that people wrote in a step, however deep."""
    written = {"reason", "remark", "name", "place", "firm", "what", "control_actions"}
    if isinstance(body, dict):
        for field, value in body.items():
            found = value if isinstance(value, list) else [value]
            yield from (text for text in found if field in written and isinstance(text, str))
            yield from texts_of(value)
    elif isinstance(body, list):
        for each in body:
            yield from texts_of(each)


@pytest.mark.parametrize("until", ["approve", "close", "reclaim"])
def test_all_that_people_wrote_is_read_by_all_who_may_see_the_claim_from_then_on(
    client: httpx.Client, until: str
) -> None:
    lived_until(client, until)
    texts = {text for each in STEPS[: NAMES.index(until) + 1] for text in texts_of(each.body)}
    assert "Timelistene for mai mangler." in texts
    for actor in (*ACTORS, "auditor:kl"):
        whole = claim(client, actor)
        assert [text for text in texts if text not in json.dumps(whole, ensure_ascii=False)] == []
        [line] = [each for each in whole["lines"] if each["hpr"] == HPR]
        assert [each["remark"] for each in line["remarks"]] == ["Legg ved ALIS-avtalen."]
        assert line["reason"] == (None if until == "reclaim" else "Timelistene for mai mangler.")


def test_a_proposal_is_read_line_by_line_before_it_is_approved_by_helsedirektoratet_alone(
    client: httpx.Client,
) -> None:
    live(client, SECOND_PROPOSAL + 1)
    for actor in (CASEWORKER, APPROVER, "auditor:kl"):
        sent_back, proposed = claim(client, actor)["decisions"]
        assert (sent_back["state"], sent_back["reason"]) == ("sent_back", "Timelistene skal kontrolleres.")
        [line] = proposed["lines"]
        assert (proposed["state"], proposed["total"], line["granted"]) == ("proposed", 100_000, 100_000)
        assert (line["computed"], line["amount"], line["before"]) == (123_703, 123_703, None)
        assert (line["reason_code"], line["reason"]) == ("costs_not_documented", "Timelistene for mai mangler.")
        assert line["findings"]
    for actor in (MUNICIPALITY, REVISOR):
        whole = claim(client, actor)
        assert [(each["total"], each["lines"]) for each in whole["decisions"]] == [(None, []), (None, [])]
        assert whole["history"][-1]["sentence"] == "Et vedtak ble foreslått."
        assert "Timelistene for mai" not in json.dumps(whole, ensure_ascii=False)
        assert "100000" not in json.dumps(whole)
    assert step(client, APPROVER, {"type": "approve"}).status_code == 200
    for actor in (MUNICIPALITY, REVISOR):
        sent_back, decided = claim(client, actor)["decisions"]
        assert (sent_back["lines"], decided["lines"][0]["reason"]) == ([], "Timelistene for mai mangler.")


def test_a_later_decision_shows_what_was_decided_before_and_what_changed_since(client: httpx.Client) -> None:
    live(client)
    [line] = claim(client)["decisions"][-1]["lines"]
    assert (line["before"]["granted"], line["before"]["reason"]) == (100_000, "Timelistene for mai mangler.")
    assert (line["since"]["first_month"], line["since"]["before"], line["since"]["after"]) == (
        "2025-11",
        123_703,
        82_469,
    )


def test_an_approver_sees_beforehand_that_something_became_known_since(client: httpx.Client) -> None:
    live(client, SECOND_PROPOSAL + 1)
    registered(client, HPR, KNOWN_LATER)
    [shown] = [each for each in claim(client, APPROVER)["steps"] if each["step"] == "approve"]
    refused = problem(step(client, APPROVER, {"type": "approve"}))
    assert (shown["possible"], shown["code"], shown["detail"]) == (False, "assessment-outdated", refused["detail"])


UNFIT: Final[list[tuple[str, str, Json, tuple[int, str]]]] = [
    ("open", "confirm_line", {"hpr": "9000009"}, (422, "unknown-line")),
    ("open", "confirm_line", {"applied": {**APPLIED, "first_month": "2025-05"}}, (422, "months-outside-round")),
    ("open", "add_line", {}, (409, "line-there")),
    ("open", "add_line", {"hpr": "9000009"}, (422, "no-position-in-round")),
    ("open", "report_costs", {"costs": [COST, COST]}, (422, "element-twice")),
    ("open", "report_costs", {"costs": [COST, {**COST, "kind": "course"}]}, (422, "whole-and-kinds")),
    ("open", "report_costs", {"costs": [{**COST, "element": "fun"}]}, (422, "unknown-element")),
    ("open", "allow_late_submission", {"until": "2020-01-01"}, (422, "day-is-over")),
    ("submit", "return", {"lines": [{"hpr": "9000009", "remark": "x"}]}, (422, "unknown-line")),
    ("assess", "propose", {"lines": [LINE, LINE]}, (422, "line-twice")),
    ("assess", "propose", {"lines": [{**LINE, "kroner": 999_999_999}]}, (422, "not-as-assessed")),
    ("assess", "propose", {"lines": [{**LINE, "kroner": 0}]}, (422, "not-partly")),
    ("assess", "propose", {"lines": [{**LINE, "reason": None}]}, (422, "reason-missing")),
    ("assess", "propose", {"lines": [{**LINE, "outcome": "refused"}]}, (422, "refused-with-kroner")),
    ("approve", "pay", {"kroner": 1}, (422, "wrong-amount")),
    ("approve", "pay", {"account": "12345678901"}, (422, "bad-account")),
    ("approve", "pay", {"organisation_number": "972418014"}, (422, "bad-organisation-number")),
    ("approve", "pay", {"organisation_number": "961147867"}, (422, "other-organisation")),
    ("pay", "attest", {"attested": [{"what": "x", "document": f"sha256:{'1' * 64}"}]}, (422, "unknown-document")),
    ("pay", "attest", {"lines": [{**SIGNED, "digest": f"sha256:{'1' * 64}"}]}, (422, "line-content-differs")),
    ("pay", "attest", {"lines": [{**SIGNED, "hpr": "9000009"}]}, (422, "line-not-granted")),
    ("close", "reopen", {}, (409, "nothing-affected")),
]
"""Until which step of its life a claim has come, which step is tried, what is changed in it, and the answer."""


@pytest.mark.parametrize("until", sorted({until for until, *_ in UNFIT}))
def test_what_does_not_fit_the_claim_is_refused_and_changes_nothing(client: httpx.Client, until: str) -> None:
    lived_until(client, until)
    before = claim(client)
    for stage, name, changed, expected in UNFIT:
        if stage == until:
            actor = next(each.actor for each in STEPS if each.name == name)
            assert refusal(step(client, actor, {**BODIES[name], **changed})) == expected, (name, changed)
    assert claim(client) == before


@pytest.mark.parametrize(
    ("body", "where", "code"),
    [
        ({"type": "fly"}, "type", "unknown-type"),
        ({}, "type", "missing-field"),
        ({"type": "attach_document", "document": "sha256:0"}, "type", "unknown-type"),
        ({"type": "open", "round": "2026"}, "round", "unknown-field"),
        ({"type": "submit"}, "name", "missing-field"),
        ({"type": "submit", "name": " "}, "name", "bad-text"),
        ({**BODIES["pay"], "kroner": -1}, "kroner", "out-of-range"),
        ({**BODIES["confirm_line"], "applied": {**BODIES["confirm_line"]["applied"], "basis": "x"}},
         "applied.basis", "bad-value"),
        ({**BODIES["return"], "lines": [{"hpr": "1", "remark": "x"}]}, "lines.0.hpr", "bad-text"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_step_is_told_by_its_place(
    client: httpx.Client, body: Json, where: str, code: str
) -> None:
    assert errors(step(client, MUNICIPALITY, body)) == [(where, code)]


@pytest.mark.parametrize("name", ["1804", "18042026", "1804-", "-2026", "180-2026"])
def test_a_name_that_is_no_claims_name_is_refused(client: httpx.Client, name: str) -> None:
    assert errors(client.get(f"claims/{name}", headers=by(CASEWORKER))) == [("claim", "bad-text")]


def test_without_saying_who_acts_nothing_is_seen(client: httpx.Client) -> None:
    del client.headers["Authorization"]
    for address in ("claims", ONE, f"{ONE}/replay"):
        assert refusal(client.get(address)) == (401, "not-signed-in")


def test_the_list_is_of_what_one_sees_and_asks_for(client: httpx.Client, workers: Workers) -> None:
    del workers
    live(client, 1)
    other = "kommune:1839"
    opened = client.post("claims/1839-2026/steps", json={"type": "open"}, headers=by(other))
    assert opened.status_code == 201
    after = {"Prefer": "wait=10", "Alis_After": opened.headers["alis-command"]}

    def names(actor: str = CASEWORKER, **query: str) -> list[str]:
        found = client.get("claims", params=query, headers=by(actor, **after))
        assert found.headers["preference-applied"] == "wait"
        return [each["claim"] for each in found.json()["claims"]]

    assert names() == ["1804-2026", "1839-2026"]
    assert names(MUNICIPALITY) == names(REVISOR) == ["1804-2026"]
    assert names(other, municipality="1804") == []
    assert names(municipality="1839") == ["1839-2026"]
    assert names(round="2024") == names(status="paid") == names(doctor="9000009") == []
    assert names(round="2026", status="opened", doctor=HPR) == ["1804-2026", "1839-2026"]
    page = client.get("claims", params={"limit": 1}, headers=by(CASEWORKER))
    assert 'rel="next"' in page.headers["link"]
    following = client.get("claims", params={"limit": 1, "cursor": page.json()["next"]}, headers=by(CASEWORKER))
    assert [each["claim"] for each in following.json()["claims"]] == ["1839-2026"]
    assert following.json()["next"] is None
    bad = client.get("claims", params={"cursor": "x"}, headers=by(CASEWORKER))
    assert errors(bad) == [("cursor", "bad-text")]


def test_the_list_says_what_the_claim_says(client: httpx.Client, workers: Workers) -> None:
    del workers
    live(client)
    last = step(client, CASEWORKER, STEPS[-1].body, Idempotency_Key=f"step-{len(STEPS) - 1}")
    headers = by(CASEWORKER, Prefer="wait=10", Alis_After=last.headers["alis-command"])
    [listed] = client.get("claims", headers=headers).json()["claims"]
    whole = claim(client)
    same = ("claim", "municipality", "round", "status", "assessed", "granted", "settled", "outstanding")
    assert {name: listed[name] for name in same} == {name: whole[name] for name in same}
    assert listed["lines"] == listed["confirmed"] == len(whole["lines"])
    assert listed["changed_at"] == whole["history"][-1]["at"]
