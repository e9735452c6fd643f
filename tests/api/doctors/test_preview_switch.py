import httpx

from tests.api.asking import HPR, POST, STARTED, Json, as_, errors, refusal, register, register_as

SWITCHES = f"doctors/{HPR}/switches/preview"
PLAN: Json = {
    "position": "p1",
    "last_day_between": {"first_day": "2025-10-01", "last_day": "2025-11-30"},
    "new": {"municipality": "1839", "category": "gp", "percent": 100},
}


def known(client: httpx.Client) -> None:
    register(client, POST, STARTED)


def test_the_best_days_of_a_planned_switch_are_answered_with_both_municipalities(client: httpx.Client) -> None:
    known(client)
    response = client.post(SWITCHES, json=PLAN, headers=as_("saksbehandler:ada"))
    assert response.status_code == 200, response.text
    proposed = response.json()["proposed"]
    assert (proposed["last_day"], proposed["first_day"], proposed["months_lost"]) == ("2025-10-31", "2025-11-01", [])
    # guidance only in Bodø, 80 % of 7 532.74 a month for five months; all of Beiarn's elements for seven
    assert {each["municipality"]: each["kroner"] for each in proposed["kroner"]} == {"1804": 30_131, "1839": 337_549}


def test_a_municipality_sees_its_own_kroner_and_others_find_no_post(client: httpx.Client) -> None:
    known(client)
    own = client.post(SWITCHES, json=PLAN, headers=as_("kommune:1804")).json()
    assert {each["municipality"] for each in own["proposed"]["kroner"] + own["changes"]} == {"1804"}
    for code in ("1839", "0301"):
        response = client.post(SWITCHES, json=PLAN, headers=as_(f"kommune:{code}"))
        assert refusal(response) == (422, "unknown-position")
    unknown = client.post(SWITCHES.replace(HPR, "9000077"), json=PLAN, headers=as_("kommune:1839"))
    assert refusal(unknown) == (422, "unknown-position"), "as of a doctor who is not registered"


def test_the_municipality_that_the_doctor_comes_to_leaves_out_the_post_that_it_does_not_see(
    client: httpx.Client,
) -> None:
    known(client)
    plan = {"first_day_between": PLAN["last_day_between"], "new": PLAN["new"]}
    before = client.post(SWITCHES, json=plan, headers=as_("kommune:1839")).json()
    assert [each["kroner"] for each in before["proposed"]["kroner"]] == [0], "as of a doctor who is not registered"
    register_as(client, "kommune:1839", {**POST, "position": "p9", "municipality": "1839", "first_day": "2026-08-01"})
    told = client.post(SWITCHES, json=plan, headers=as_("kommune:1839")).json()
    assert (told["municipality_left"], told["proposed"]["last_day"]) == (None, None)
    assert [each["municipality"] for each in told["proposed"]["kroner"]] == ["1839"]
    half = client.post(SWITCHES, json={**plan, "position": "p1"}, headers=as_("kommune:1804"))
    assert refusal(half) == (422, "missing-field")


def test_a_plan_is_read_strictly_and_its_ranges_are_bounded(client: httpx.Client) -> None:
    known(client)
    long = {"first_day": "2025-10-01", "last_day": "2025-12-31"}
    assert refusal(client.post(SWITCHES, json={**PLAN, "last_day_between": long})) == (422, "range-too-long")
    empty = {"first_day": "2025-10-02", "last_day": "2025-10-01"}
    wrong = client.post(SWITCHES, json={**PLAN, "last_day_between": empty, "speed": 3})
    assert errors(wrong) == [("last_day_between", "last-before-first"), ("speed", "unknown-field")]
    incomplete = client.post(SWITCHES, json={**PLAN, "new": {"municipality": "1839", "percent": 101}})
    assert errors(incomplete) == [("new.category", "missing-field"), ("new.percent", "out-of-range")]
    assert errors(client.post(SWITCHES, json=PLAN, params={"rules": "x"})) == [("rules", "unknown-parameter")]
    early = client.post(SWITCHES, json=PLAN, params={"known_at": "2020-01-01T00:00:00Z"})
    assert refusal(early) == (422, "unknown-position")
