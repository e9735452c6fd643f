"""A municipality is told nothing of another's posts, agreements, supervisors and facts about the same doctor."""

from typing import Any, Final

import httpx
import pytest

from tests.api.asking import CLERK as WITH_REASON
from tests.api.asking import FACTS, HPR, Json, as_, problem, refusal, register_as
from tests.api.claim_life import by, step

OURS: Final = "kommune:1804"
THEIRS: Final = "kommune:1839"
CLERK: Final = "saksbehandler:ada"
POST: Final[Json] = {"category": "gp", "percent": 60}
OUR_POST: Final[Json] = {
    "id": "vår-1",
    "position": "vår-post",
    "municipality": "1804",
    "first_day": "2024-09-01",
    **POST,
}
THEIR_POST: Final[Json] = {
    "id": "fremmed-1",
    "position": "fremmed-post",
    "municipality": "1839",
    "first_day": "2025-10-07",
    **POST,
    "workplace": "Fremmed legekontor",
    "last_day": "2026-04-23",
}
DAYS: Final = ("2025-10-07", "2026-04-23")
STRANGE: Final = ("fremmed", "1839", *DAYS, "7. oktober", "23. april", "Beiarn", "9999999")
"""Words of the other municipality."""


def told(client: httpx.Client, actor: str, kind: str, **fields: Any) -> httpx.Response:  # noqa: ANN401 - JSON
    return client.post(FACTS, json={"type": kind, **fields}, headers={**WITH_REASON, **as_(actor)})


def accepted(client: httpx.Client, actor: str, kind: str, **fields: Any) -> None:  # noqa: ANN401 - JSON
    response = told(client, actor, kind, **fields)
    assert response.status_code == 201, response.text


@pytest.fixture
def shared(client: httpx.Client) -> httpx.Client:
    """A doctor of 1804, whose claim is decided, and who then gets a post in 1839 too."""
    accepted(client, OURS, "position_started", **OUR_POST)
    accepted(client, OURS, "track_started", id="løp", on="2024-09-01", scheme="new")
    agreement = {
        "agreement": "vår-avtale",
        "municipality": "1804",
        "signed_on": "2024-09-01",
        "first_day": "2024-09-01",
    }
    accepted(client, OURS, "agreement_signed", id="vår-2", template="hdir-2023", **agreement)
    for actor, body in (
        (OURS, {"type": "open"}),
        (OURS, {"type": "confirm_line", "hpr": HPR}),
        (CLERK, {"type": "allow_late_submission", "until": "2027-12-31", "reason": "prøve"}),
        (OURS, {"type": "submit", "name": "Kari"}),
        (CLERK, {"type": "assess"}),
        (CLERK, {"type": "propose", "lines": []}),
        ("godkjenner:bo", {"type": "approve"}),
    ):
        response = step(client, actor, body)
        assert response.status_code in {200, 201}, (body, response.text)
    accepted(client, THEIRS, "position_started", **THEIR_POST)
    accepted(
        client,
        THEIRS,
        "supervisor_assigned",
        id="fremmed-2",
        supervisor="9999999",
        municipality="1839",
        first_day="2025-10-07",
    )
    accepted(
        client, THEIRS, "position_changed", id="fremmed-3", position="fremmed-post", first_day="2025-11-01", percent=90
    )
    return client


GUESSES: Final[tuple[tuple[str, Json, str], ...]] = (
    ("position_changed", {"position": "{}", "first_day": "2025-01-01", "percent": 50}, "unknown-position"),
    ("position_changed", {"position": "{}", "first_day": "2027-01-01", "percent": 50}, "unknown-position"),
    ("position_changed", {"position": "{}", "first_day": "2025-12-01", "percent": 50}, "unknown-position"),
    ("position_ended", {"position": "{}", "last_day": "2025-01-01"}, "unknown-position"),
    ("position_ended", {"position": "{}", "last_day": "2026-01-01"}, "unknown-position"),
    (
        "job_switched",
        {
            "position": "{}",
            "last_day": "2025-01-01",
            "new": {**POST, "position": "n", "municipality": "1804", "first_day": "2025-02-01"},
        },
        "unknown-position",
    ),
)


@pytest.mark.parametrize("preview", ["", "/preview"])
@pytest.mark.parametrize(("kind", "fields", "code"), GUESSES)
def test_a_guessed_post_of_another_municipality_is_refused_as_one_that_is_not_there(
    shared: httpx.Client, kind: str, fields: Json, code: str, preview: str
) -> None:
    answers = []
    for name in ("fremmed-post", "finnes-ikke"):
        body = {"type": kind, **fields, "position": name}
        response = shared.post(f"{FACTS}{preview}", json=body, headers=as_(OURS))
        assert refusal(response) == (422, code)
        answers.append(
            {**problem(response), "instance": ""} | {"detail": problem(response)["detail"].replace(name, "X")}
        )
    assert answers[0] == answers[1]


def test_a_guessed_supervisor_or_fact_of_another_municipality_is_refused_as_one_that_is_not_there(
    shared: httpx.Client,
) -> None:
    ended = told(shared, OURS, "supervisor_ended", supervisor="9999999", last_day="2025-01-01")
    assert refusal(ended) == (422, "unknown-supervisor")
    corrected = told(shared, OURS, "fact_corrected", corrects="fremmed-1", replacement={"percent": "x"}, reason="gjett")
    assert corrected.status_code == 422
    assert problem(corrected)["code"] == "unknown-fact"


def test_whoever_handles_the_case_is_told_the_real_reason(shared: httpx.Client) -> None:
    changed = {"position": "fremmed-post", "first_day": "2025-01-01", "percent": 50}
    assert refusal(told(shared, CLERK, "position_changed", **changed)) == (422, "change-before-position")
    accepted(shared, THEIRS, "position_changed", **{**changed, "first_day": "2025-12-01"})


def test_what_others_build_on_is_told_without_what_it_is(shared: httpx.Client) -> None:
    leave = {"type": "leave_registered", "leave": "vår-permisjon", "kind": "sick", "first_day": "2026-01-01"}
    register_as(shared, OURS, {"id": "vår-3", **leave})
    accepted(shared, THEIRS, "leave_ended", id="fremmed-4", leave="vår-permisjon", last_day="2026-03-01")
    later = {"corrects": "vår-3", "replacement": {"first_day": "2026-04-01"}, "reason": "feil"}
    response = told(shared, OURS, "fact_corrected", **later)
    assert refusal(response) == (409, "built-on-elsewhere")
    assert not [word for word in STRANGE if word in response.text]
    assert problem(told(shared, CLERK, "fact_corrected", **later))["code"] == "others-build-on-it"


READ: Final = (
    "claims/1804-2026",
    "claims/1804-2026/effect",
    "claims/1804-2026/statements",
    "claims/1804-2026/replay",
    "claims/1804-2026/assessments/1",
    "municipalities/1804/rounds/2026/calculation",
    f"municipalities/1804/rounds/2026/calculation/{HPR}?trace=true",
    "municipalities/1804/rounds/2026/months",
    "municipalities/1804/rounds/2026/explanation?from=2025-01-01T00:00:00Z",
)


@pytest.mark.parametrize("address", READ)
def test_what_a_municipality_reads_of_its_own_has_no_word_of_another(shared: httpx.Client, address: str) -> None:
    response = shared.get(address, headers=by(OURS))
    assert response.status_code == 200, response.text
    scaled_from_and_to = DAYS if "trace" in address else ()  # the days on which its own percents are scaled
    assert not [word for word in STRANGE if word in response.text and word not in scaled_from_and_to]


def test_the_effect_tells_that_something_became_known_elsewhere_and_names_it_to_whoever_handles_the_case(
    shared: httpx.Client,
) -> None:
    ours = shared.get("claims/1804-2026/effect", headers=by(OURS)).json()["lines"][0]
    theirs = shared.get("claims/1804-2026/effect", headers=by(CLERK)).json()["lines"][0]
    assert [each["kroner"] for each in ours["causes"]] == [each["kroner"] for each in theirs["causes"]]
    assert {fact["id"] for cause in ours["causes"] for fact in cause["facts"]} == {None}
    assert ours["findings"][0]["facts"] == []
    assert theirs["findings"][0]["facts"] == ["fremmed-1", "fremmed-3"]


def test_a_preview_for_a_municipality_has_its_own_lines_only(shared: httpx.Client) -> None:
    fact = {
        "type": "leave_registered",
        "leave": "l1",
        "kind": "sick",
        "first_day": "2026-01-01",
        "last_day": "2026-02-01",
    }
    response = shared.post(f"{FACTS}/preview", json=fact, headers=as_(OURS))
    assert response.status_code == 200
    assert response.json()["changes"]
    assert not [word for word in STRANGE if word in response.text]
