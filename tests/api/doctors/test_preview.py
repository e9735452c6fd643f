import httpx

from tests.api.asking import CLERK, FACTS, POST, STARTED, Json, as_, errors, leave, refusal, register, register_as

PREVIEW = f"{FACTS}/preview"
SWITCH: Json = {
    "type": "job_switched",
    "position": "p1",
    "last_day": "2025-11-14",
    "new": {"position": "p2", "municipality": "1839", "category": "gp", "percent": 100, "first_day": "2025-11-15"},
}


def known(client: httpx.Client) -> None:
    register(client, POST, STARTED)


def test_the_preview_of_a_job_switch_shows_both_municipalities(client: httpx.Client) -> None:
    known(client)
    response = client.post(PREVIEW, json=SWITCH, headers=as_("saksbehandler:ada"))
    assert response.status_code == 200
    told = response.json()
    assert (told["would_store"], told["already_stored"]) == (1, 0)
    changes = {each["municipality"]: each for each in told["changes"] if each["round"] == "2026"}
    assert {each["name"] for each in changes.values()} == {"Bodø", "Beiarn"}
    # guidance only: 80 % of 7 532.74 a month in Bodø until October, and all of it in Beiarn from December
    assert changes["1804"]["kroner"] == {"before": 72_314, "after": 30_131, "difference": -42_183}
    assert changes["1839"]["kroner"] == {"before": 0, "after": 45_196, "difference": 45_196}


def test_a_municipality_sees_its_own_lines_only(client: httpx.Client) -> None:
    known(client)
    register_as(client, "kommune:1839", {**POST, "position": "p2", "municipality": "1839", "percent": 40})
    both = {"type": "track_discontinued", "on": "2025-09-30"}
    told = client.post(PREVIEW, json=both, headers=as_("saksbehandler:ada")).json()
    assert {each["municipality"] for each in told["changes"]} == {"1804", "1839"}
    for code in ("1804", "1839"):
        told = client.post(PREVIEW, json=both, headers=as_(f"kommune:{code}")).json()
        assert {each["municipality"] for each in told["changes"]} == {code}


def test_a_switch_into_another_municipality_is_not_a_municipality_s_to_preview(client: httpx.Client) -> None:
    known(client)
    for code in ("1804", "0301"):
        other = client.post(PREVIEW, json=SWITCH, headers=as_(f"kommune:{code}"))
        assert refusal(other) == (403, "switch-elsewhere")
    other = client.post(PREVIEW, json=SWITCH, headers=as_("kommune:1839"))
    assert refusal(other) == (422, "unknown-position"), "the post that is left is not theirs"


def test_a_preview_stores_nothing_and_its_fact_can_be_registered_afterwards(client: httpx.Client) -> None:
    known(client)
    client.headers.update(CLERK)
    before = client.get(FACTS)
    client.post(PREVIEW, json={**SWITCH, "id": "switch"}, headers={"Idempotency-Key": "k"})
    after = client.get(FACTS)
    assert (after.text, after.headers["etag"]) == (before.text, before.headers["etag"])
    registered = client.post(FACTS, json={**SWITCH, "id": "switch"}, headers={"Idempotency-Key": "k"})
    assert registered.status_code == 201
    known_now = client.post(PREVIEW, json={**SWITCH, "id": "switch"})
    assert (known_now.json()["would_store"], known_now.json()["changes"]) == (0, [])


def test_a_preview_is_refused_as_the_registration_is(client: httpx.Client) -> None:
    known(client)
    for wrong in (
        {"type": "leave_ended", "leave": "l9", "last_day": "2026-03-01"},
        {**STARTED, "on": "2025-01-01"},
        {**POST, "position": "p9", "municipality": "9999"},
    ):
        assert refusal(client.post(PREVIEW, json=wrong)) == refusal(client.post(FACTS, json=wrong))
    assert errors(client.post(PREVIEW, json=leave("l1", percent=101))) == [("percent", "out-of-range")]
    assert errors(client.post(PREVIEW, json=leave("l1"), params={"rules": "x"})) == [("rules", "unknown-parameter")]
