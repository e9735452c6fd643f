"""Who is shown a doctor's name, and finds by it: a municipality those of its own doctors, Helsedirektoratet all."""

import time
from collections.abc import Callable, Iterator

import httpx
import pytest

from domain.casework.service import Casework
from domain.store import Store
from projections.all import ALL
from projections.engine.status import wait_for
from projections.workers import Workers
from tests.api.asking import Json, as_, engage, imported
from tests.scenario import BEIARN, BODO, Told, lines_of, track

OURS, THEIRS, BOTH = "9000001", "9000002", "9000003"
NAMES = {OURS: "Biret Čáhppe", THEIRS: "Biret Vik", BOTH: "Ante Vik"}
ALL_NAMES = ("saksbehandler:ada", "godkjenner:eva", "person:kari; role=caseworker")
NO_NAMES = ("auditor:per", "person:kari; role=alis_office; organisation=1804")
ROUND = "2026"


def someone(hpr: str, where: str) -> Told:
    told = track("2024-10-01", hpr=hpr).add("doctor_named", name=NAMES[hpr])
    return told.position("p1", where, None, workplace="Sentrum Legesenter").agreement("a1", where)


@pytest.fixture
def asked(client: httpx.Client, casework: Casework, store: Store, database_url: str) -> Iterator[httpx.Client]:
    """The service with a doctor of Bodø, one of Beiarn, and one who went from Beiarn to Bodø."""
    engage(client, "1804", "1839")
    told = [someone(OURS, BODO), someone(THEIRS, BEIARN), someone(BOTH, BEIARN).switched("p1", "2025-12-31", BODO)]
    imported(casework, lines_of([fact for each in told for fact in each.facts]))
    with Workers(ALL, store, database_url):
        level(store)
        yield client


def level(store: Store) -> None:
    ends = time.monotonic() + 20
    while time.monotonic() < ends:
        with store.reading(None) as connection:
            if wait_for(connection, store.last_position() or 0, 0):
                return
        time.sleep(0.02)
    pytest.fail("the projections did not come level")


def read(client: httpx.Client, actor: str, address: str, **query: str) -> Json:
    request = client.build_request("GET", address, params=query)
    request.headers.update(as_(actor))
    response = client.send(request)
    assert response.status_code == 200, response.text
    found: Json = response.json()
    return found


def searched(client: httpx.Client, actor: str, text: str) -> list[str]:
    return [each["hpr"] for each in read(client, actor, "doctors", search=text)["doctors"]]


def test_a_list_shows_the_names_that_one_may_see(asked: httpx.Client) -> None:
    own = {hpr: NAMES[hpr] for hpr in (OURS, BOTH)}
    for actor in ALL_NAMES:
        assert read(asked, actor, "doctors")["names"] == NAMES, actor
    for actor in ("kommune:1804", "revisor:rita; organisation=1804"):
        assert read(asked, actor, "doctors")["names"] == own, actor
        round_in_bodo = read(asked, actor, f"municipalities/{BODO}/rounds/{ROUND}")
        assert round_in_bodo["names"] == own
        assert read(asked, actor, f"doctors/{OURS}")["name"] == NAMES[OURS]
        assert read(asked, actor, f"doctors/{THEIRS}")["name"] is None
    assert read(asked, f"lege:{OURS}", "doctors")["names"] == {OURS: NAMES[OURS]}
    for nobody in NO_NAMES:
        assert read(asked, nobody, "doctors")["names"] == {}, nobody
        assert read(asked, nobody, f"doctors/{OURS}")["name"] is None, nobody
    seen = {"saksbehandler:ada": sorted(NAMES), "kommune:1804": [OURS, BOTH], f"lege:{OURS}": [OURS]}
    for actor, hprs in seen.items():
        assert [each["hpr"] for each in read(asked, actor, "doctors")["doctors"]] == hprs


def test_one_finds_by_the_names_and_workplaces_that_one_may_see(asked: httpx.Client) -> None:
    assert searched(asked, "saksbehandler:ada", "biret") == [OURS, THEIRS]
    assert searched(asked, "kommune:1804", "biret") == searched(asked, "kommune:1804", "cahppe") == [OURS]
    assert searched(asked, "kommune:1839", "vik") == [THEIRS, BOTH]
    assert searched(asked, "kommune:1839", "biret vik") == [THEIRS]
    assert searched(asked, "kommune:1804", "sentrum") == [OURS]  # where BOTH was, is Beiarn's
    assert searched(asked, "kommune:0301", "vik") == []
    for actor in NO_NAMES:
        assert searched(asked, actor, "biret") == searched(asked, actor, "sentrum") == [], actor
        assert searched(asked, actor, "bodø") == [OURS, BOTH], actor


def test_nobody_finds_a_shared_doctor_by_what_another_municipality_has_of_them(asked: httpx.Client) -> None:
    assert searched(asked, "saksbehandler:ada", "beiarn vik") == [THEIRS, BOTH]
    assert searched(asked, "kommune:1804", "beiarn") == searched(asked, "kommune:1804", "1839") == []
    assert searched(asked, "kommune:1839", "bodø") == []


def test_a_page_turned_back_has_the_name_known_now_and_after_erasing_none(
    asked: httpx.Client, casework: Casework, store: Store, erases: Callable[[str], None]
) -> None:
    history = f"doctors/{OURS}/history"
    told = someone(OURS, BODO).add("doctor_named", name="Biret Nordmo")
    before = told.facts[-2]["recorded_at"]
    imported(casework, lines_of(told.facts[-1:]))
    assert read(asked, "kommune:1804", history, known_at=before)["name"] == "Biret Nordmo"
    assert read(asked, "kommune:1804", f"doctors/{OURS}", day="2025-01-01")["name"] == "Biret Nordmo"
    erases(OURS)
    level(store)
    assert read(asked, "kommune:1804", history)["name"] is None
    assert read(asked, "kommune:1804", f"doctors/{OURS}")["name"] is None
    assert read(asked, "saksbehandler:ada", "doctors")["names"] == {hpr: NAMES[hpr] for hpr in (THEIRS, BOTH)}
    assert searched(asked, "saksbehandler:ada", "biret") == [THEIRS]


def test_an_auditor_sees_names_and_finds_by_them_only_with_a_reason_which_is_logged(asked: httpx.Client) -> None:
    why = {**as_("auditor:per"), "Alis-Reason": "klage fra legen"}
    told = asked.get("doctors", headers=why).json()
    assert told["names"] == NAMES
    assert [
        each["hpr"] for each in asked.get("doctors", headers=why, params={"search": "biret"}).json()["doctors"]
    ] == [
        OURS,
        THEIRS,
    ]
    assert read(asked, "auditor:per", "doctors")["names"] == {}
    entries = read(asked, "auditor:per", "access", role="auditor")["entries"]
    assert [each["reason"] for each in entries] == [None, "klage fra legen", "klage fra legen"]
    assert entries[1]["sentence"].endswith(" Oppgitt grunn: klage fra legen.")
    assert entries[1]["sentence"].startswith("Kontrollør per leste listen over leger")


def test_a_reason_that_is_none_is_refused(asked: httpx.Client) -> None:
    for reason in ("", "x" * 501):
        answer = asked.get("doctors", headers={**as_("auditor:per"), "Alis-Reason": reason})
        assert answer.status_code == 422, answer.text
