from typing import Any, Final

import httpx
import pytest

from domain.rulebook.release import shipped_contents, shipped_rule_sets
from domain.rules.sets.options import OPTIONS
from domain.rules.sets.rule_set import digest_of
from tests.api.asking import POST, STARTED, as_, problem, refusal, register
from tests.options import NEWER, NEWER_NUMBERS

Json = dict[str, Any]
PROVISIONAL: Final = "nasjonal-alis-2026-provisional"
FINAL: Final = "nasjonal-alis-2026-final"
DRAFT: Final[Json] = {
    "extends": PROVISIONAL,
    "id": FINAL,
    "title": "Nasjonal ALIS og veiledning 2026, endelige satser",
    "supersedes": PROVISIONAL,
    "options": NEWER,
    "values": {"hourly_rate": {"value": "1375", "basis": "stated", "source": "advokatbladet.no", "note": "Ny sats."}}
    | NEWER_NUMBERS,
}
KARI: Final = as_("rules:kari")
OLA: Final = as_("approver:ola")
CALCULATION: Final = "municipalities/1804/rounds/2026/calculation"
AGREEMENT: Final[Json] = {
    "type": "agreement_signed",
    "agreement": "a1",
    "municipality": "1804",
    "signed_on": "2024-09-01",
    "first_day": "2024-09-01",
    "template": "hdir-2023",
}


def drafted(client: httpx.Client, **more: object) -> httpx.Response:
    return client.post("rule-sets", json={**DRAFT, **more}, headers=KARI)


def step(client: httpx.Client, name: str, digest: str, headers: dict[str, str]) -> httpx.Response:
    return client.post(f"rule-sets/{FINAL}/{name}", json={"digest": digest}, headers=headers)


def test_every_rule_set_is_listed_with_round_status_days_and_digests(client: httpx.Client) -> None:
    listed = client.get("rule-sets").json()["rule_sets"]
    assert sorted(each["id"] for each in listed) == sorted(each.id for each in shipped_rule_sets())
    for each in listed:
        assert each["digest"].startswith("sha256:")
        assert each["municipalities"].startswith("sha256:")
        assert each["first_day"] < each["last_day"]
        assert (each["published"] is None) == (each["status"] == "draft")


def test_a_rule_set_is_shown_whole_so_that_anyone_can_compute_its_digest(client: httpx.Client) -> None:
    for content in shipped_contents():
        shown = client.get(f"rule-sets/{content['id']}").json()
        assert shown["content"] == content
        assert shown["digest"] == digest_of(shown["content"])
        assert (shown["round"], shown["municipalities"]) == (shown["content"]["round"]["id"], content["municipalities"])


def test_the_register_has_every_choice_with_its_alternatives(client: httpx.Client) -> None:
    choices = {each["option"]: each for each in client.get(f"rule-sets/{PROVISIONAL}").json()["choices"]}
    assert choices.keys() == OPTIONS.keys()
    for option, each in choices.items():
        values = [each["value"], *(other["value"] for other in each["alternatives"])]
        assert sorted(map(str, values)) == sorted(map(str, OPTIONS[option].values))
        assert each["question"].endswith("?")
        assert all((each["source"], each["note"], each["words"]))


def test_a_rule_set_that_is_not_there_is_not_found(client: httpx.Client) -> None:
    assert refusal(client.get("rule-sets/no-such")) == (404, "unknown-rule-set")
    assert refusal(client.get("rule-sets/../../etc/passwd"))[0] == 404


def test_a_draft_is_approved_by_another_and_published_and_the_calculation_follows(client: httpx.Client) -> None:
    register(client, POST, STARTED, AGREEMENT)
    before = client.get(CALCULATION).json()
    made = drafted(client)
    assert (made.status_code, made.json()["status"]) == (201, "draft")
    assert made.json()["drafted"]["by"].startswith("regelverk:p-")
    assert client.get(CALCULATION).json() == before
    digest = made.json()["digest"]
    approved = step(client, "approval", digest, OLA)
    assert approved.status_code == 200
    assert approved.json()["approved"]["by"].startswith("godkjenner:p-")
    assert client.get(CALCULATION).json() == before
    published = step(client, "publication", digest, KARI)
    assert (published.status_code, published.json()["status"]) == (200, "published")
    after = client.get(CALCULATION).json()
    assert (after["rules"], after["total"] > before["total"]) == (FINAL, True)
    former = client.get(f"rule-sets/{PROVISIONAL}").json()
    assert (former["status"], former["superseded_by"], former["digest"]) == (
        "superseded",
        FINAL,
        before["rules_digest"],
    )
    assert client.get(CALCULATION, params={"rules": PROVISIONAL}).json()["total"] == before["total"]


def test_the_tag_of_a_step_is_that_of_the_rule_set_right_after_it(client: httpx.Client) -> None:
    made = drafted(client)
    assert made.headers["location"] == f"/api/v1/rule-sets/{FINAL}"
    assert made.headers["etag"] == client.get(f"rule-sets/{FINAL}").headers["etag"]


def test_a_repeated_request_gets_its_first_answer_also_after_the_next_step(client: httpx.Client) -> None:
    headers = {**KARI, "Idempotency-Key": "draft-1"}
    first = client.post("rule-sets", json=DRAFT, headers=headers)
    step(client, "approval", first.json()["digest"], OLA)
    again = client.post("rule-sets", json=DRAFT, headers=headers)
    assert (again.status_code, again.content, again.headers["etag"]) == (201, first.content, first.headers["etag"])
    other = client.post("rule-sets", json={**DRAFT, "title": "Noe annet"}, headers=headers)
    assert refusal(other) == (409, "command-id-reused")


def test_a_draft_that_stands_like_that_already_is_found(client: httpx.Client) -> None:
    assert [drafted(client).status_code, drafted(client).status_code] == [201, 200]


def test_who_saw_another_draft_is_told_so(client: httpx.Client) -> None:
    seen = drafted(client)
    drafted(client, title="Noe annet")
    assert refusal(step(client, "approval", seen.json()["digest"], OLA)) == (412, "draft-changed")
    unlucky = client.post("rule-sets", json=DRAFT, headers={**KARI, "If-Match": seen.headers["etag"]})
    assert refusal(unlucky) == (412, "changed-meanwhile")
    current = client.get(f"rule-sets/{FINAL}").headers["etag"]
    lucky = client.post("rule-sets", json=DRAFT, headers={**KARI, "If-Match": current})
    assert lucky.status_code == 201


def test_four_eyes_and_roles_over_http(client: httpx.Client) -> None:
    assert refusal(client.post("rule-sets", json=DRAFT)) == (403, "wrong-role")
    digest = drafted(client).json()["digest"]
    assert refusal(step(client, "approval", digest, KARI)) == (403, "own-draft")
    assert refusal(step(client, "approval", digest, as_("caseworker:ab"))) == (403, "wrong-role")
    assert refusal(step(client, "publication", digest, KARI)) == (409, "not-approved")
    in_two_roles = as_("rules:kari; role=approver")
    assert refusal(step(client, "approval", digest, in_two_roles)) == (403, "own-draft")


def test_what_is_published_is_not_drafted_anew(client: httpx.Client) -> None:
    again = client.post("rule-sets", json={"extends": "nasjonal-alis-2025", "id": PROVISIONAL}, headers=KARI)
    assert refusal(again)[0] in {409, 422}
    content = client.get(f"rule-sets/{PROVISIONAL}").json()["content"]
    newer = {"values": {**content["values"], **NEWER_NUMBERS}, "options": {**content["options"], **NEWER}}
    whole = {**content, "status": "draft", **newer}
    assert refusal(client.post("rule-sets", json=whole, headers=KARI)) == (409, "rule-set-published")


@pytest.mark.parametrize(
    ("more", "key", "reason"),
    [
        ({"colour": "blue"}, "colour", "er en ukjent nøkkel"),
        (
            {"values": {"travel": {"value": "1", "unit": "x", "source": "x", "note": "y."}}},
            "values.travel.basis",
            "mangler",
        ),
        ({"values": {"hourly_rate": {"value": 1375.5}}}, "values.hourly_rate.value", "er et flyttall"),
        ({"round": {"id": "2099"}}, "round", "overlapper tilskuddsperioden 2026"),
        ({"options": {"months": {"value": "weeks"}}}, "options.months.value", "valget months = weeks finnes ikke"),
        ({"supersedes": "nasjonal-alis-2062"}, "supersedes", "regelsettet «nasjonal-alis-2062» finnes ikke"),
        ({"extends": "nasjonal-alis-2062"}, "extends", "regelsettet «nasjonal-alis-2062» finnes ikke"),
    ],
)
def test_a_bad_draft_is_refused_and_the_running_service_keeps_what_it_had(
    client: httpx.Client, more: Json, key: str, reason: str
) -> None:
    register(client, POST, STARTED, AGREEMENT)
    before = [client.get(address).content for address in (CALCULATION, "rule-sets", f"rule-sets/{FINAL}")]
    response = drafted(client, **more)
    assert refusal(response) == (422, "bad-rule-set")
    told = {each["field"]: each["detail"] for each in problem(response)["errors"]}
    assert told[key].startswith(reason)
    assert f"{FINAL} " in problem(response)["detail"]
    assert [client.get(address).content for address in (CALCULATION, "rule-sets", f"rule-sets/{FINAL}")] == before


@pytest.mark.parametrize("content", [{}, {"id": None}, {"id": ""}])
def test_a_draft_without_an_id_is_refused_in_words(client: httpx.Client, content: Json) -> None:
    response = client.post("rule-sets", json=content, headers=as_("rules:kari"))
    assert refusal(response) == (422, "bad-rule-set")
    assert "Regelsettet i forespørselen" in response.json()["detail"]


def test_a_step_names_the_draft_that_was_seen_and_nothing_else(client: httpx.Client) -> None:
    drafted(client)
    for body, code in (({}, "missing-field"), ({"digest": "abc"}, "bad-text"), ({"digest": 5}, "bad-text")):
        response = client.post(f"rule-sets/{FINAL}/approval", json=body, headers=OLA)
        assert [each["code"] for each in problem(response)["errors"]] == [code]
    assert refusal(step(client, "approval", f"sha256:{0:064}", OLA)) == (412, "draft-changed")
