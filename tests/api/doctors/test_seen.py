"""What is told of a doctor: all of it to those who handle the case, and to others no word of what is not theirs."""

from typing import Any, Final

import httpx
import pytest

from domain.casework.service import Casework
from tests.api.asking import CLERK, HPR, Json, as_, imported, refusal
from tests.issuer import FIRM, OFFICE
from tests.scenario import BEIARN, BODO, Told, full_time, lines_of

UNKNOWN: Final = "9000077"
THERE: Final[Json] = {"recorded_by": f"kommune:{BEIARN}"}
BY_CLERK: Final[Json] = {"recorded_by": "saksbehandler:ada"}
ADDRESSES: Final = ("facts", "facts/1", "facts/fremmed-1", "history", "meters", "meters?day=2026-03-01")
STRANGERS: Final = (
    "kommune:0301",
    "person:ef; role=revisor; organisation=0301",
    "person:nord; role=alis_office; organisation=0301",
    "lege:9000007",
)
STRANGE: Final = ("fremmed", BEIARN, "Beiarn", "2025-10-07", "2026-04-23", "Ukjent AS", "9999999", "parental")
"""Words of Beiarn that Bodø has no use for."""


def story() -> Told:
    """A doctor of Bodø, who from October 2025 to April 2026 has a post in Beiarn too; each recorded its own."""
    told = full_time().add("doctor_named", name="Kari Vik")
    told = told.leave("syk", "2026-01-01", "2026-01-31", kind="sick", id="syk-1")
    guided = {"municipality": BODO, "on": "2025-09-02", "hours": 1, "supervisor": "9000009", "topic": "Samtaler"}
    told = told.add("guidance_held", session="v1", **guided)
    post = {"percent": 20, "last_day": "2026-04-23", "workplace": "Ukjent AS"}
    told = told.position("fremmed-post", BEIARN, "2025-10-07", id="fremmed-1", **post, **THERE)
    told = told.agreement("fremmed-avtale", BEIARN, "2025-10-07", id="fremmed-2", **THERE)
    assigned = {"supervisor": "9999999", "first_day": "2025-10-07"}
    told = told.add("supervisor_assigned", municipality=BEIARN, id="fremmed-3", **assigned, **THERE)
    days = {"first": "2025-11-01", "last": "2025-11-30", "kind": "parental"}
    told = told.leave("felles", **days, id="fremmed-4", **THERE)
    told = told.leave("utenfor", "2023-10-07", "2023-10-08", id="fremmed-5", **THERE)
    service = {"service": "tjeneste", "institution": "Ukjent AS", "municipal": False, "first_day": "2026-02-01"}
    told = told.add("institutional_service_registered", last_day="2026-02-28", id="fremmed-6", **service, **THERE)
    hours = {"municipality": BEIARN, "month": "2025-11", "hours": 3}
    told = told.add("guidance_recorded", id="fremmed-7", **hours, **THERE)
    changed = {"percent": 40, "id": "fremmed-8"}
    told = told.changed("fremmed-post", "2025-12-01", **changed, **THERE)
    reason = {"corrects": "fremmed-8", "replacement": {"percent": 30}, "reason": "Ukjent AS meldte fra"}
    return told.add("fact_corrected", id="fremmed-9", **reason, **THERE)


@pytest.fixture
def shared(client: httpx.Client, casework: Casework) -> httpx.Client:
    imported(casework, lines_of(story().facts))
    for code in (BODO, "0301"):
        for kind, number in (("revisor_engaged", FIRM), ("office_invited", OFFICE)):
            entry = {"type": kind, "entry": kind, "organisation_number": number, "first_day": "2025-01-01"}
            response = client.post(f"municipalities/{code}/entries", json=entry, headers=as_(f"kommune:{code}"))
            assert response.status_code == 201, response.text
    return client


def read(client: httpx.Client, actor: str, what: str, hpr: str = HPR, **headers: str) -> httpx.Response:
    return client.get(f"doctors/{hpr}/{what}", headers={**as_(actor), **headers})


def facts(client: httpx.Client, actor: str, **headers: str) -> dict[str, Json]:
    response = read(client, actor, "facts", **headers)
    assert response.status_code == 200, response.text
    return {entry["fact"]["id"]: entry for entry in response.json()["facts"]}


def told(response: httpx.Response, hpr: str) -> tuple[int, str, dict[str, str]]:
    """All that an answer tells, but for the request's own id and the number that was asked for."""
    varying = {"correlation-id", "date", "content-length"}
    headers = {name: value for name, value in response.headers.items() if name not in varying}
    body: Json = {**response.json(), "instance": None}
    return response.status_code, str(body).replace(hpr, "HPR"), headers


# ---------------------------------------------------------------- who reads a doctor


@pytest.mark.parametrize("actor", STRANGERS)
def test_a_doctor_who_is_not_theirs_is_answered_as_one_who_does_not_exist(shared: httpx.Client, actor: str) -> None:
    """The fault: any caller read any doctor."""
    for what in ADDRESSES:
        for headers in ({}, {"If-None-Match": "*"}):
            answers = [told(read(shared, actor, what, hpr, **headers), hpr) for hpr in (HPR, UNKNOWN)]
            assert answers[0] == answers[1]
            assert answers[0][0] == 404


@pytest.mark.parametrize("actor", ["regelverk:liv", "operator:drift"])
def test_some_read_no_doctor_at_all(shared: httpx.Client, actor: str) -> None:
    for what in ADDRESSES:
        for hpr in (HPR, UNKNOWN):
            assert refusal(read(shared, actor, what, hpr)) == (403, "wrong-role")


NEW_POST: Final[Json] = {"type": "position_started", "position": "ny", "municipality": "0301", "category": "gp",
                         "percent": 50, "first_day": "2026-01-01", "id": "ny"}  # fmt: skip
PLAN: Final[Json] = {
    "first_day_between": {"first_day": "2025-10-01", "last_day": "2025-10-02"},
    "new": {"municipality": "0301", "category": "gp", "percent": 100},
}


@pytest.mark.parametrize(
    ("what", "body"),
    [
        ("facts/preview", NEW_POST),
        ("facts/preview", {**NEW_POST, "position": "fremmed-post", "id": "fremmed-1"}),
        ("facts/preview", {**NEW_POST, "post": "Vik"}),
        ("facts/preview", {"type": "track_started", "on": "2025-01-01", "scheme": "new"}),
        ("facts/preview", {"type": "position_ended", "position": "fremmed-post", "last_day": "2026-01-01"}),
        ("facts/preview", {"type": "leave_ended", "leave": "felles", "last_day": "2025-11-10"}),
        ("facts", {"type": "track_started", "on": "2025-01-01", "scheme": "new"}),
        ("facts", {"type": "track_started", "on": "2025-01-01", "scheme": "new", "id": "fremmed-1"}),
        ("facts", {**NEW_POST, "municipality": BEIARN, "position": "fremmed-post", "id": "fremmed-1"}),
        ("facts", {"type": "doctor_named", "name": "Kari"}),
        ("facts", {"type": "position_ended", "position": "fremmed-post", "last_day": "2026-01-01"}),
        ("facts", {"type": "fact_corrected", "corrects": "fremmed-1", "replacement": None, "reason": "x"}),
        ("switches/preview", PLAN),
        ("switches/preview", {**PLAN, "position": "fremmed-post", "last_day_between": PLAN["first_day_between"]}),
    ],
)
def test_what_is_asked_of_a_doctor_elsewhere_is_answered_as_of_one_whom_nobody_has_registered(
    shared: httpx.Client, what: str, body: Json
) -> None:
    for headers in ({}, {"If-Match": "*"}, {"If-Match": '"x"'}) if what == "facts" else ({},):
        asked = {**as_("kommune:0301"), **headers}
        answers = [told(shared.post(f"doctors/{hpr}/{what}", json=body, headers=asked), hpr) for hpr in (HPR, UNKNOWN)]
        assert answers[0] == answers[1]


def test_a_first_post_is_stored_alike_and_from_then_on_the_track_is_seen(shared: httpx.Client) -> None:
    for hpr in (HPR, UNKNOWN):
        response = shared.post(f"doctors/{hpr}/facts", json=NEW_POST, headers=as_("kommune:0301"))
        assert (response.status_code, response.json()["fact"]["id"]) == (201, "ny")
    seen = [entry["fact"] for entry in facts(shared, "kommune:0301").values()]
    assert [fact["type"] for fact in seen] == [
        "track_started",
        "doctor_named",
        "leave_registered",
        "institutional_service_registered",
        "position_started",
    ]
    assert (seen[2]["kind"], {fact["recorded_by"] for fact in seen[:4]}) == ("leave", {"kommune:annen"})


# ---------------------------------------------------------------- what is told


@pytest.mark.parametrize("actor", ["kommune:1804", "person:ef; role=revisor; organisation=1804"])
def test_a_municipality_is_told_no_word_of_another(shared: httpx.Client, actor: str) -> None:
    for what in (*ADDRESSES, "facts?known_at=2026-10-01T00:00:00Z", "history?known_at=2025-11-15T00:00:00Z"):
        answer = read(shared, actor, what)
        if what == "facts/fremmed-1":
            assert refusal(answer) == (404, "unknown-fact")
            continue
        assert answer.status_code == 200
        assert not [word for word in STRANGE if word in answer.text], what


def test_what_a_claim_needs_of_the_doctor_is_told_without_who_recorded_it(shared: httpx.Client) -> None:
    seen = facts(shared, "kommune:1804")
    others = [entry for entry in seen.values() if entry["fact"]["recorded_by"] == "kommune:annen"]
    assert [entry["fact"]["type"] for entry in others] == ["leave_registered", "institutional_service_registered"]
    leave, service = (entry["fact"] for entry in others)
    assert (leave["kind"], leave["first_day"], leave["last_day"]) == ("leave", "2025-11-01", "2025-11-30")
    assert (service["institution"], service["municipal"], service["first_day"]) == ("(ikke vist)", False, "2026-02-01")
    again = read(shared, "kommune:1804", f"facts/{leave['id']}")
    assert again.json()["fact"] == leave
    history = read(shared, "kommune:1804", "history").json()
    assert [(each["leave"], each["kind"], each["extends"]) for each in history["leaves"]] == [
        ("syk", "sick", True),
        ("felles", "leave", True),
    ]
    assert history["name"] == "Kari Vik"


def test_a_leave_that_lasts_longer_than_the_post_is_told_in_the_time_of_the_post(
    client: httpx.Client, casework: Casework
) -> None:
    moved = full_time().ended("p1", "2025-12-31").position("p2", BEIARN, "2026-01-01", **THERE)
    moved = moved.leave("l1", "2025-12-01", "2026-02-28", **THERE).leave("l2", "2026-03-01", **THERE)
    moved = moved.corrected("6", last_day="2026-03-15").add("leave_ended", leave="l1", last_day="2026-03-20", **THERE)
    imported(casework, lines_of(moved.facts))
    text = read(client, "kommune:1804", "facts").text + read(client, "kommune:1804", "history").text
    assert not [day for day in ("2026-01-01", "2026-02-28", "2026-03-", "l2") if day in text]
    leaves = [entry["fact"] for entry in facts(client, "kommune:1804").values() if "leave" in entry["fact"]]
    assert [(each.get("first_day"), each["last_day"]) for each in leaves] == [
        ("2025-12-01", "2025-12-31"),
        (None, "2025-12-31"),
    ]


def test_of_a_switch_each_municipality_is_told_its_own_half(client: httpx.Client, casework: Casework) -> None:
    switch = full_time().switched("p1", "2025-12-31", to=BEIARN, title="Fremmed")
    switch = Told(facts=(*switch.facts[:-1], {**switch.facts[-1], **BY_CLERK, "reason": "til Beiarn"}))
    imported(casework, lines_of(switch.facts))
    ours, theirs = (facts(client, f"kommune:{code}")["4"]["fact"] for code in (BODO, BEIARN))
    assert (ours["type"], ours["position"], ours["last_day"]) == ("position_ended", "p1", "2025-12-31")
    assert (theirs["type"], theirs["position"], theirs["first_day"]) == ("position_started", "p1b", "2026-01-01")
    assert "Beiarn" not in read(client, "kommune:1804", "facts").text
    assert 'p1"' not in read(client, "kommune:1839", "history").text


def test_a_post_that_was_corrected_to_be_another_s_is_as_withdrawn_and_one_corrected_to_be_ours_as_ours(
    client: httpx.Client, casework: Casework
) -> None:
    story = full_time().position("p2", BODO, "2025-10-01", percent=20)
    story = story.add("fact_corrected", corrects="4", replacement={"municipality": BEIARN}, reason="Beiarn", **BY_CLERK)
    story = story.position("p3", BEIARN, "2025-11-01", percent=10, workplace="Fremmed", **THERE)
    story = story.add("fact_corrected", corrects="6", replacement={"municipality": BODO, "workplace": "Her"},
                      reason="fra Beiarn", **BY_CLERK)  # fmt: skip
    imported(casework, lines_of(story.facts))
    for what in ("facts", "history"):
        text = read(client, "kommune:1804", what).text
        assert not [word for word in (BEIARN, "Beiarn", "Fremmed") if word in text]
    seen = facts(client, "kommune:1804")
    assert (seen["4"]["state"], seen["4"]["standing"], seen["5"]["fact"]["reason"]) == (
        "withdrawn",
        None,
        "(ikke vist)",
    )
    [came] = [entry for entry in seen.values() if entry["fact"].get("position") == "p3"]
    assert (came["state"], came["fact"]["municipality"], came["fact"]["workplace"]) == ("standing", BODO, "(ikke vist)")


def test_the_kind_of_a_leave_and_free_text_are_told_to_those_who_may_know(shared: httpx.Client) -> None:
    kinds = {
        "saksbehandler:ada": "sick",
        "godkjenner:bo": "sick",
        "kommune:1804": "sick",
        f"lege:{HPR}": "sick",
        "auditor:eva": "leave",
        "person:ef; role=revisor; organisation=1804": "leave",
        "person:nord; role=alis_office; organisation=1804": "leave",
    }
    for actor, kind in kinds.items():
        assert facts(shared, actor)["syk-1"]["fact"]["kind"] == kind
        leaves = {each["leave"]: each["kind"] for each in read(shared, actor, "history").json()["leaves"]}
        assert leaves["syk"] == kind
    names = {actor: read(shared, actor, "history").json()["name"] for actor in kinds}
    assert [actor for actor, name in names.items() if name is None] == [
        "auditor:eva",
        "person:nord; role=alis_office; organisation=1804",
    ]
    office = facts(shared, "person:nord; role=alis_office; organisation=1804")
    assert {office["4"]["fact"]["name"], office["6"]["fact"]["topic"]} == {"(ikke vist)"}


def test_a_controller_says_why_and_is_told_names_and_texts_but_no_kind_of_leave(shared: httpx.Client) -> None:
    without, stated = (facts(shared, "auditor:eva", **why) for why in ({}, {"Alis-Reason": "Stikkontroll 12"}))
    assert (without["4"]["fact"]["name"], stated["4"]["fact"]["name"]) == ("(ikke vist)", "Kari Vik")
    assert (without["fremmed-9"]["fact"]["reason"], stated["fremmed-9"]["fact"]["reason"]) == (
        "(ikke vist)",
        "Ukjent AS meldte fra",
    )
    assert stated["syk-1"]["fact"]["kind"] == "leave"


def test_a_supervisor_is_told_of_the_sessions_that_name_them_and_confirms_them(shared: httpx.Client) -> None:
    assert [entry["fact"]["session"] for entry in facts(shared, "lege:9000009").values()] == ["v1"]
    history = read(shared, "lege:9000009", "history").json()
    assert [each["session"] for each in history["sessions"]] == ["v1"]
    assert not any(history[name] for name in ("name", "tracks", "positions", "leaves", "agreements", "supervisors"))
    assert refusal(read(shared, "lege:9000009", "meters")) == (404, "unknown-doctor")
    confirmed = {"type": "guidance_confirmed", "session": "v1", "by": "supervisor", "id": "bekreftet"}
    response = shared.post(f"doctors/{HPR}/facts", json=confirmed, headers=as_("lege:9000009"))
    assert response.status_code == 201
    assert response.json()["fact"]["id"] == "bekreftet"
    assert [*facts(shared, "lege:9000009")] == ["6", "bekreftet"]
    assert "bekreftet" in facts(shared, f"lege:{HPR}")


def test_a_doctor_is_told_all_that_is_stored_about_oneself(shared: httpx.Client) -> None:
    assert facts(shared, f"lege:{HPR}") == facts(shared, "saksbehandler:ada")


def test_practice_elsewhere_is_not_counted_for_a_municipality_but_what_the_grant_counts_is(
    client: httpx.Client, casework: Casework
) -> None:
    moved = full_time().ended("p1", "2025-09-30").position("p2", BEIARN, "2025-10-01", **THERE)
    imported(casework, lines_of(moved.facts))
    used = {
        actor: {each["code"]: each["used"] for each in read(client, actor, "meters?day=2026-03-31").json()["meters"]}
        for actor in ("saksbehandler:ada", "kommune:1804", "kommune:1839")
    }
    assert [used[actor]["open_practice"] for actor in used] == ["18.000000", "12.000000", "6.000000"]
    for code in ("productivity_window", "five_years"):
        assert len({each[code] for each in used.values()}) == 1


# ---------------------------------------------------------------- tags


def test_what_happens_elsewhere_moves_no_tag_and_hinders_nobody(shared: httpx.Client) -> None:
    def tag(actor: str, what: str = "facts") -> str:
        return read(shared, actor, what).headers["etag"]

    before = {what: tag("kommune:1804", what) for what in ("facts", "facts/1", "history")}
    ended = {"type": "position_ended", "position": "fremmed-post", "last_day": "2026-02-02"}
    theirs = shared.post(f"doctors/{HPR}/facts", json=ended, headers={**as_("kommune:1839"), "If-Match": "*"})
    assert theirs.status_code == 201
    assert {what: tag("kommune:1804", what) for what in before} == before
    ours = {"type": "position_changed", "position": "p1", "first_day": "2026-05-01", "percent": 80}
    held = {**as_("kommune:1804"), "If-Match": before["facts"]}
    response = shared.post(f"doctors/{HPR}/facts", json=ours, headers=held)
    assert response.status_code == 201
    assert response.headers["etag"] == tag("kommune:1804") != before["facts"]
    assert refusal(shared.post(f"doctors/{HPR}/facts", json=ours, headers=held)) == (412, "changed-meanwhile")


def test_a_municipality_that_withdrew_all_its_facts_is_told_of_these_alone(shared: httpx.Client) -> None:
    shared.post(f"doctors/{HPR}/facts", json=NEW_POST, headers=as_("kommune:0301"))
    withdrawn = {"type": "fact_corrected", "corrects": "ny", "replacement": None, "reason": "feil lege", "id": "feil"}
    response = shared.post(f"doctors/{HPR}/facts", json=withdrawn, headers=as_("kommune:0301"))
    assert response.status_code == 201
    assert [*facts(shared, "kommune:0301")] == ["ny", "feil"]
    assert refusal(read(shared, "kommune:0301", "meters")) == (404, "unknown-doctor")


def test_a_reason_is_a_sentence(shared: httpx.Client) -> None:
    fact = {"type": "track_completed", "on": "2026-05-31"}
    for reason, code in ((None, "fact-without-reason"), ("", "invalid-request"), ("x" * 501, "invalid-request")):
        headers: dict[str, Any] = {**as_("saksbehandler:ada"), **({} if reason is None else {"Alis-Reason": reason})}
        assert refusal(shared.post(f"doctors/{HPR}/facts", json=fact, headers=headers)) == (422, code)
    told = shared.post(f"doctors/{HPR}/facts", json=fact, headers={**CLERK, "Alis-Reason": "Godkjent som spesialist"})
    assert told.status_code == 201
