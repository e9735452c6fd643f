import httpx

from domain.casework.library import shipped_contents, shipped_rule_sets
from domain.rules.rule_set import digest_of
from tests.api.asking import refusal


def test_every_rule_set_is_listed_with_round_status_and_digests(client: httpx.Client) -> None:
    listed = client.get("rule-sets").json()["rule_sets"]
    assert sorted(each["id"] for each in listed) == sorted(each.id for each in shipped_rule_sets())
    for each in listed:
        assert each["digest"].startswith("sha256:")
        assert each["municipalities"].startswith("sha256:")
        assert each["first_day"] < each["last_day"]


def test_a_rule_set_is_shown_whole_so_that_anyone_can_compute_its_digest(client: httpx.Client) -> None:
    for content in shipped_contents():
        shown = client.get(f"rule-sets/{content['id']}").json()
        assert shown["content"] == content
        assert shown["digest"] == digest_of(shown["content"])
        assert (shown["round"], shown["municipalities"]) == (shown["content"]["round"]["id"], content["municipalities"])


def test_a_rule_set_that_is_not_there_is_not_found(client: httpx.Client) -> None:
    assert refusal(client.get("rule-sets/no-such")) == (404, "unknown-rule-set")
    assert refusal(client.get("rule-sets/../../etc/passwd"))[0] == 404
