"""Conversions over HTTP: listed by municipality, previewed, and recorded many at once."""

from typing import Any, Final

import httpx
import pytest

from domain.casework.service import Casework
from tests.api.asking import Json, as_, engage, errors, imported, problem, refusal
from tests.scenario import BEIARN, BODO, lines_of, track

CLERK: Final = as_("saksbehandler:ada")
OURS: Final = as_("kommune:1804")
THEIRS: Final = as_("kommune:1839")
ON: Final = {"on": "2026-01-01"}
WAVE: Final[Json] = {"on": "2026-01-01", "doctors": ["9000001", "9000002"], "reason": "Ordningen avvikles."}


@pytest.fixture
def wave(client: httpx.Client, casework: Casework) -> httpx.Client:
    engage(client, "1804")
    """A doctor in Bodø who also works in Beiarn, and one in Beiarn, all on the old scheme."""
    both = track("2024-09-01", "old").position("p1").agreement("a1").position("p2", BEIARN, percent=20)
    there = track("2024-09-01", "old", hpr="9000002").position("p1", BEIARN)
    imported(casework, lines_of([*both.facts, *there.facts]))
    return client


def listed(client: httpx.Client, actor: Json, **asked: Any) -> dict[str, list[str]]:  # noqa: ANN401 - JSON
    response = client.get("conversions", params=ON | asked, headers=actor)
    assert response.status_code == 200, response.text
    found = response.json()["municipalities"]
    return {each["municipality"]: [doctor["hpr"] for doctor in each["doctors"]] for each in found}


def test_a_caseworker_sees_all_who_wait_and_a_municipality_its_own(wave: httpx.Client) -> None:
    every = {BODO: ["9000001"], BEIARN: ["9000001", "9000002"]}
    assert listed(wave, CLERK) == every
    assert listed(wave, CLERK, municipality=BEIARN) == {BEIARN: every[BEIARN]}
    assert listed(wave, OURS) == {BODO: ["9000001"]}
    assert listed(wave, as_("person:rita; role=revisor; organisation=1804")) == {BODO: ["9000001"]}
    assert listed(wave, THEIRS, municipality=BODO) == {}
    assert listed(wave, as_("kommune:0301")) == {}


def test_names_are_shown_to_those_who_may_see_them(wave: httpx.Client, casework: Casework) -> None:
    named = track("2024-09-01", "old", hpr="9000003").position("p1", BEIARN).add("doctor_named", name="Áile Ødegård")
    imported(casework, lines_of(named.facts))
    asked = {"on": "2026-01-01", "doctors": ["9000003"], "reason": "avvikles"}
    for actor, names in ((CLERK, {"9000003": "Áile Ødegård"}), (THEIRS, {"9000003": "Áile Ødegård"}), (OURS, {})):
        assert wave.get("conversions", params=ON, headers=actor).json()["names"] == names
        assert wave.post("conversions/preview", json=asked, headers=actor).json()["names"] == names
    assert wave.get("conversions", params=ON, headers=as_("auditor:siv")).json()["names"] == {}


def test_a_municipality_is_told_nothing_of_another(wave: httpx.Client) -> None:
    listed_here = wave.get("conversions", params=ON, headers=OURS)
    previewed = wave.post("conversions/preview", json=WAVE, headers=OURS)
    recorded = wave.post("conversions", json=WAVE, headers=OURS)
    for response in (listed_here, previewed, recorded):
        assert response.status_code == 200
        assert "1839" not in response.text
        assert "Beiarn" not in response.text
    assert [each["outcome"] for each in recorded.json()["results"]] == ["converted", "refused"]
    nobody = wave.post("conversions", json={**WAVE, "doctors": ["9000099"]}, headers=OURS).json()["results"][0]
    theirs = recorded.json()["results"][1]
    assert (theirs["code"], theirs["detail"].replace("9000002", "9000099")) == (nobody["code"], nobody["detail"])


def test_the_list_goes_on_municipality_by_municipality_and_holds_until_something_changes(wave: httpx.Client) -> None:
    first = wave.get("conversions", params=ON | {"limit": 1}, headers=CLERK)
    second = wave.get("conversions", params=ON | {"limit": 1, "cursor": first.json()["next"]}, headers=CLERK)
    assert [each.json()["municipalities"][0]["municipality"] for each in (first, second)] == [BODO, BEIARN]
    assert second.json()["next"] is None
    kept = {**CLERK, "If-None-Match": second.headers["etag"]}
    asked = ON | {"limit": 1, "cursor": first.json()["next"]}
    assert wave.get("conversions", params=asked, headers=kept).status_code == 304
    wave.post("conversions", json=WAVE, headers=CLERK)
    assert wave.get("conversions", params=asked, headers=kept).json()["municipalities"] == []


def test_what_is_previewed_is_what_is_recorded_and_then_computed(wave: httpx.Client) -> None:
    told = wave.post("conversions/preview", json=WAVE, headers=CLERK).json()
    after = sum(each["kroner"]["after"] for each in told["sums"] if each["round"] == "2026")
    assert listed(wave, CLERK) == {BODO: ["9000001"], BEIARN: ["9000001", "9000002"]}
    done = wave.post("conversions", json=WAVE, headers=CLERK).json()
    assert [each["outcome"] for each in done["results"]] == ["converted", "converted"]
    paths = (f"municipalities/{code}/rounds/2026/calculation" for code in (BODO, BEIARN))
    assert after == sum(wave.get(path, headers=CLERK).json()["total"] for path in paths) > 0
    assert listed(wave, CLERK) == {}


def test_a_request_with_the_same_key_gets_its_first_answer(wave: httpx.Client) -> None:
    headers = {**CLERK, "Idempotency-Key": "wave-1"}
    first, again = (wave.post("conversions", json=WAVE, headers=headers) for _ in range(2))
    assert (again.status_code, again.text) == (first.status_code, first.text)
    other = wave.post("conversions", json={**WAVE, "on": "2026-02-01"}, headers=headers)
    assert refusal(other) == (409, "command-id-reused")
    anew = wave.post("conversions", json=WAVE, headers=CLERK).json()["results"]
    assert [each["outcome"] for each in anew] == ["already_converted", "already_converted"]
    facts = wave.get("doctors/9000001/facts").json()["facts"]
    assert [each["fact"]["id"] for each in facts if each["fact"]["type"] == "track_converted"] == [
        first.json()["results"][0]["fact"]
    ]


def test_a_caseworker_says_why_and_other_roles_convert_nobody(wave: httpx.Client) -> None:
    without = {name: value for name, value in WAVE.items() if name != "reason"}
    assert refusal(wave.post("conversions", json=without, headers=CLERK)) == (422, "conversion-without-reason")
    assert wave.post("conversions/preview", json=without, headers=CLERK).status_code == 200
    for subject in ("godkjenner:bo", "kontrollør:siv", "lege:lin", "operator:drift"):
        actor = as_(subject.replace("kontrollør", "auditor"))
        assert refusal(wave.post("conversions", json=WAVE, headers=actor)) == (403, "wrong-role")
        assert refusal(wave.post("conversions/preview", json=WAVE, headers=actor)) == (403, "wrong-role")
    for subject in ("lege:lin", "operator:drift"):
        asked = wave.get("conversions", headers=as_(subject))
        assert refusal(asked) == (403, "wrong-role")


def test_what_is_wrong_with_a_request_is_told_field_by_field(wave: httpx.Client) -> None:
    def wrong(**fields: object) -> list[tuple[str, str]]:
        body = {name: value for name, value in {**WAVE, **fields}.items() if value != ""}
        return errors(wave.post("conversions", json=body, headers=CLERK))

    assert wrong(on="2026-02-30") == [("on", "bad-day")]
    assert wrong(on="") == [("on", "missing-field")]
    assert wrong(doctors=[]) == [("doctors", "bad-text")]
    assert wrong(doctors=["90"]) == [("doctors.0", "bad-text")]
    assert wrong(doctors="9000001") == [("doctors", "bad-text")]
    assert wrong(scheme="new") == [("scheme", "unknown-field")]
    assert wrong(reason="a\u202eb") == [("reason", "bad-text")]
    unknown = wave.get("conversions", params={"municipality": "9999"}, headers=CLERK)
    assert problem(unknown)["code"] == "unknown-municipality"
    rules = wave.get("conversions", params={"rules": "finnes-ikke"}, headers=CLERK)
    assert problem(rules)["code"] == "unknown-rule-set"
