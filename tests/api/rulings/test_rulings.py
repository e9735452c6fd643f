"""Questions and rulings over HTTP: asked, answered, approved, read, and what they mean for decisions."""

from datetime import timedelta
from typing import Any, Final

import httpx
import pytest

from api.described.examples import bodies
from deploy.clock import now
from tests.api.asking import POST, STARTED, as_, engage, errors, problem, refusal, register
from tests.api.claim_life import CASEWORKER, COLLEAGUE, by, lived_until
from tests.api.recorded import check
from tests.options import NEWER

Json = dict[str, Any]
KARI: Final = as_("rules:kari")
OLA: Final = as_("approver:ola")
QUESTION: Final[Json] = bodies()["NewQuestion"]["full_leave"]["value"]
ANSWER: Final[Json] = bodies()["NewAnswer"]["by_days"]["value"]
ONE: Final = f"rulings/{QUESTION['id']}"
CALCULATION: Final = "municipalities/1804/rounds/2026/calculation"
PROVISIONAL: Final = "nasjonal-alis-2026-provisional"


def asked(client: httpx.Client, **more: object) -> httpx.Response:
    return client.post("rulings", json={**QUESTION, **more}, headers=KARI)


def answered(client: httpx.Client, headers: dict[str, str] = KARI, **more: object) -> httpx.Response:
    return client.post(f"{ONE}/answer", json={**ANSWER, **more}, headers=headers)


def approved(client: httpx.Client, digest: str, headers: dict[str, str] = OLA) -> httpx.Response:
    return client.post(f"{ONE}/approval", json={"digest": digest}, headers=headers)


def ruled(client: httpx.Client) -> Json:
    asked(client)
    digest = answered(client).json()["answer"]["digest"]
    found: Json = approved(client, digest).json()
    return found


def decisions(client: httpx.Client, actor: str) -> httpx.Response:
    return client.get(f"{ONE}/decisions", headers=by(actor))


def test_a_question_goes_from_one_person_over_another_to_a_ruling_which_everybody_reads(client: httpx.Client) -> None:
    made = asked(client)
    assert (made.status_code, made.json()["status"], made.headers["location"]) == (
        201,
        "asked",
        "/api/v1/rulings/fullt-frav%C3%A6r",
    )
    proposed = answered(client)
    assert (proposed.status_code, proposed.json()["status"]) == (200, "proposed")
    against = [each["rule_set"] for each in proposed.json()["rule_sets"] if not each["followed"]]
    assert against == [PROVISIONAL]
    digest = proposed.json()["answer"]["digest"]
    assert refusal(approved(client, digest, KARI)) == (403, "own-answer")
    given = approved(client, digest)
    assert (given.status_code, given.json()["status"]) == (200, "given")
    engage(client, "1804")
    for actor in ("kommune:1839", "revisor:ef; organisation=1804", "lege:x", "operator:ber"):
        assert client.get(ONE, headers=by(actor)).json() == given.json()
        assert client.get("rulings", headers=by(actor)).json()["questions"] == [given.json()]


def test_what_is_wrong_with_an_answer_is_said_field_by_field(client: httpx.Client) -> None:
    asked(client)
    assert errors(asked(client, id="Ikke Slik", question=" ")) == [("id", "bad-text"), ("question", "bad-text")]
    assert errors(answered(client, answered_on="15.6.2026", binds="")) == [
        ("answered_on", "bad-day"),
        ("binds", "bad-text"),
    ]
    assert refusal(answered(client, option="no_such")) == (422, "unknown-option")
    assert refusal(answered(client, value="never")) == (422, "unknown-value")
    tomorrow = (now() + timedelta(days=2)).date().isoformat()
    assert refusal(answered(client, answered_on=tomorrow)) == (422, "day-to-come")
    assert "_" not in problem(answered(client, value="never"))["detail"]


def test_what_is_not_there_is_not_found_and_who_may_not_is_told(client: httpx.Client) -> None:
    assert refusal(client.get("rulings/ingen")) == (404, "unknown-question")
    assert refusal(answered(client)) == (404, "unknown-question")
    asked(client)
    assert refusal(approved(client, f"sha256:{0:064}")) == (409, "no-answer")
    assert refusal(answered(client, by(CASEWORKER))) == (403, "wrong-role")
    assert refusal(asked(client, question="Noe annet?")) == (409, "question-asked")
    answered(client)
    assert refusal(approved(client, f"sha256:{0:064}")) == (412, "answer-changed")
    ruled(client)
    assert refusal(answered(client, value="month")) == (409, "question-answered")


def test_a_repeated_request_gets_its_first_answer_and_one_on_what_is_not_as_seen_is_refused(
    client: httpx.Client,
) -> None:
    headers = {**KARI, "Idempotency-Key": "q1"}
    first = client.post("rulings", json=QUESTION, headers=headers)
    seen = client.get(ONE).headers["etag"]
    assert seen == first.headers["etag"]
    answered(client)
    again = client.post("rulings", json=QUESTION, headers=headers)
    assert (again.status_code, again.content) == (first.status_code, first.content)
    assert refusal(answered(client, {**KARI, "If-Match": seen}, binds="Bodø")) == (412, "changed-meanwhile")


def test_the_register_the_list_and_the_calculation_know_the_ruling_at_once(client: httpx.Client) -> None:
    register(client, POST, STARTED)
    before = client.get(CALCULATION, params={"trace": True})
    moment = now().isoformat().replace("+00:00", "Z")
    ruled(client)
    after = client.get(CALCULATION, params={"trace": True})
    assert after.status_code == 200, after.text
    assert before.headers["etag"] != after.headers["etag"]
    [line] = after.json()["lines"]
    assert line["trace"]["options"]["full_leave"]["ruling"]["followed"] is False
    assert line["total"] == before.json()["lines"][0]["total"]
    then = client.get(CALCULATION, params={"trace": True, "known_at": moment}).json()
    assert then["lines"] == before.json()["lines"]
    whole = client.get(f"rule-sets/{PROVISIONAL}").json()
    [choice] = [each for each in whole["choices"] if each["option"] == "full_leave"]
    assert (choice["basis"], choice["ruling"]["followed"]) == ("assumed", False)
    [entry] = [each for each in client.get("rule-sets").json()["rule_sets"] if each["id"] == PROVISIONAL]
    assert [(each["ruling"], each["followed"]) for each in entry["rulings"]] == [(QUESTION["id"], False)]


def test_a_draft_that_decides_as_ruled_carries_the_ruling(client: httpx.Client) -> None:
    ruled(client)
    by_days = {"value": "days", "basis": "assumed", "source": "utkast", "note": "Dag for dag."}
    body = {**bodies()["NewRuleSet"]["final_rates"]["value"], "options": {**NEWER, "full_leave": by_days}}
    drafted = client.post("rule-sets", json=body, headers=KARI)
    assert drafted.status_code == 201, drafted.text
    [choice] = [each for each in drafted.json()["choices"] if each["option"] == "full_leave"]
    assert (choice["basis"], choice["source"]) == ("stated", ANSWER["source"])
    assert drafted.json()["content"]["options"]["full_leave"]["basis"] == "assumed"


def test_each_sees_the_decisions_that_a_ruling_touches_as_far_as_they_see_claims(client: httpx.Client) -> None:
    lived_until(client, "approve")
    asked(client)
    assert refusal(decisions(client, CASEWORKER)) == (409, "no-answer")
    answered(client, option="payment_basis", value="actual_costs_capped")
    whole = decisions(client, CASEWORKER).json()
    check("read_ruling_decisions", 200, whole)
    [decision] = whole["decisions"]
    assert decision["claim"] == "1804-2026"
    assert {line["hpr"] for line in decision["lines"]} <= {"9000001", COLLEAGUE}
    assert decision["difference"] == sum(line["difference"] for line in decision["lines"])
    assert whole["difference"] == decision["difference"]
    assert decisions(client, "kommune:1804").json() == whole
    assert decisions(client, "kommune:1839").json() == {**whole, "decisions": [], "difference": 0}
    of_rules = decisions(client, "rules:kari").json()
    assert of_rules == {**whole, "decisions": [{**decision, "lines": None}]}


@pytest.mark.parametrize("actor", ["lege:x", "operator:ber"])
def test_who_sees_no_claims_sees_no_decisions(client: httpx.Client, actor: str) -> None:
    ruled(client)
    assert refusal(decisions(client, actor)) == (403, "wrong-role")
