import httpx

from tests.api.asking import HPR, POST, STARTED, as_, errors, refusal, register

METERS = f"doctors/{HPR}/meters"


def known(client: httpx.Client) -> None:
    register(client, POST, STARTED)


def used(client: httpx.Client, actor: str, **query: str) -> dict[str, str]:
    response = client.get(METERS, params=query, headers=as_(actor))
    assert response.status_code == 200, response.text
    return {each["code"]: each["used"] for each in response.json()["meters"]}


def test_the_doctor_the_municipality_and_the_state_read_the_meters_of_a_day(client: httpx.Client) -> None:
    known(client)
    for actor in (f"lege:{HPR}", "kommune:1804", "saksbehandler:ada", "godkjenner:bo", "auditor:eva"):
        assert used(client, actor, day="2025-08-31")["open_practice"] == "9.600000"
    assert used(client, "kommune:1804", day="2024-09-30")["open_practice"] == "0.800000"


def test_a_doctor_is_not_found_by_anybody_else(client: httpx.Client) -> None:
    known(client)
    for actor in ("lege:9000002", "kommune:1839"):
        assert refusal(client.get(METERS, headers=as_(actor))) == (404, "unknown-doctor")
    for actor in ("operator:drift", "regelverk:kari"):
        assert refusal(client.get(METERS, headers=as_(actor))) == (403, "wrong-role")
    unknown = client.get("doctors/9000077/meters", headers=as_("kommune:1804"))
    assert refusal(unknown) == (404, "unknown-doctor")


def test_the_meters_are_as_known_at_a_moment(client: httpx.Client) -> None:
    known(client)
    assert (
        used(client, "kommune:1804", day="2025-08-31", known_at="2020-01-01T00:00:00Z")["open_practice"] == "0.000000"
    )
    wrong = client.get(METERS, params={"day": "i går"})
    assert errors(wrong) == [("day", "bad-day")]
