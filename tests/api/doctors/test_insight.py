"""A doctor's own insight: all that is stored about one, in one file, and nothing of any other."""

import io
import json
import re
import zipfile
from collections.abc import Callable
from dataclasses import fields
from datetime import date
from typing import Any, Final

import httpx
import pytest

from api.doctors.insight.page import HAPPENED, LABELS
from api.doctors.insight.routes import archive_of
from api.doctors.insight.whole import DoctorInsight
from deploy.clock import new_id
from domain.claim.stream.events import CLAIM_EVENTS
from domain.doctor.facts.facts import PERSONAL_FIELDS
from domain.store import Entry, Store
from tests.api.asking import HPR, POST, STARTED, as_, leave, problem, refusal, register
from tests.api.claim_life import CASEWORKER, COLLEAGUE, DIGEST, DOCUMENT, MUNICIPALITY, STEPS, attach, registered, step
from tests.desk import Desk, desk
from tests.scenario import BODO, track
from workers.running.demonstration import demonstrate
from workers.shell.session import Session

SELF: Final = f"lege:{HPR}"
AT: Final = f"doctors/{HPR}/insight"
DAY: Final = date(2026, 11, 30)
NAMED: Final = {"type": "doctor_named", "name": "Kari Nordmann Øvregård"}
WORKPLACE: Final = "Sørbyen legesenter"


def parts(content: bytes) -> dict[str, bytes]:
    """The files of an archive."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def told(content: bytes) -> dict[str, Any]:
    """What stands in it for programs."""
    found: dict[str, Any] = json.loads(parts(content)["innsyn.json"])
    return found


def read(client: httpx.Client, by: str = SELF, hpr: str = HPR) -> bytes:
    response = client.get(f"doctors/{hpr}/insight", headers=as_(by))
    assert response.status_code == 200, response.text
    assert response.headers["content-type"] == "application/zip"
    assert response.headers["content-disposition"] == f'attachment; filename="innsyn-{hpr}.zip"'
    return response.content


@pytest.fixture
def known(client: httpx.Client) -> httpx.Client:
    """A doctor with a name, a workplace, a leave, and a line in a claim with a document; a colleague beside."""
    registered(client, HPR, {**POST, "workplace": WORKPLACE}, STARTED, NAMED)
    registered(client, COLLEAGUE, POST, STARTED, {"type": "doctor_named", "name": "Ola Storbekk"})
    register(client, leave("l1", "2026-02-01", last_day="2026-02-10"))
    assert step(client, MUNICIPALITY, STEPS[0].body).status_code == 201
    assert attach(client).status_code == 200
    return client


# ---------------------------------------------------------------- who


def test_a_doctor_reads_what_is_stored_about_oneself_and_a_caseworker_on_request(known: httpx.Client) -> None:
    mine, asked = told(read(known)), told(read(known, CASEWORKER))
    assert (mine["hpr"], mine["name"]) == (HPR, "Kari Nordmann Øvregård")
    moving: dict[str, Any] = {"read_by": [], "persons": {}}
    assert {**mine, **moving} == {**asked, **moving}
    assert list(asked["persons"].values()) == ["ada"], "no copy is kept of the name of the doctor, who has signed in"
    assert [each["what"] for each in asked["read_by"]][-1] == "insight.read"
    page = parts(read(known))["innsyn.html"].decode()
    assert f"lege {HPR}" in page
    assert not re.search(r"\bp-[a-z2-7]{20}\b", page), "nobody is told by an id"


def test_another_doctor_is_not_found_whether_there_or_not(known: httpx.Client) -> None:
    there = known.get(AT, headers=as_(f"lege:{COLLEAGUE}"))
    absent = known.get("doctors/9999999/insight", headers=as_(f"lege:{COLLEAGUE}"))
    assert refusal(there) == refusal(absent) == (404, "unknown-doctor")
    assert problem(there)["detail"].replace(HPR, "9999999") == problem(absent)["detail"]
    assert refusal(known.get("doctors/9999999/insight", headers=as_(CASEWORKER))) == (404, "unknown-doctor")


@pytest.mark.parametrize("actor", [MUNICIPALITY, "godkjenner:cd", "auditor:gh", "regelverk:ij", "operator:kl"])
def test_others_have_no_insight(known: httpx.Client, actor: str) -> None:
    assert refusal(known.get(AT, headers=as_(actor))) == (403, "wrong-role")


# ---------------------------------------------------------------- what


def test_it_has_every_fact_in_clear_the_line_the_document_and_who_read(known: httpx.Client, store: Store) -> None:
    entry = Entry(
        subject="saksbehandler:ada",
        role="caseworker",
        operation="facts.read",
        doctors=(COLLEAGUE, HPR),
        channel="api",
        correlation_id=new_id(),
    )
    store.access_log.put(entry).result(20)
    content = read(known)
    mine, page = told(content), parts(content)["innsyn.html"].decode()
    assert list(mine) == [each.name for each in fields(DoctorInsight)]
    assert [each["fact"]["fact"]["type"] for each in mine["facts"]] == [
        "position_started",
        "track_started",
        "doctor_named",
        "leave_registered",
    ]
    assert {each["role"] for each in mine["facts"]} <= {"caseworker", "municipality"}
    assert mine["facts"][0]["fact"]["fact"]["workplace"] == WORKPLACE
    assert [claim["claim"] for claim in mine["claims"]] == ["1804-2026"]
    [document] = mine["documents"]
    assert (document["document"], document["file"]) == (DIGEST, f"vedlegg/dokument-{DIGEST[7:19]}.pdf")
    assert parts(content)[document["file"]] == DOCUMENT
    assert "saksbehandler:ada" in {each["by"] for each in mine["read_by"]}
    for words in (WORKPLACE, "foreldrepermisjon", "Kari Nordmann Øvregård", "saksbehandler ada", "ALIS-avtale"):
        assert words in page, words
    assert "<script" not in page
    assert not [each for each in (COLLEAGUE, "Storbekk") if each in page or each in json.dumps(mine)]


def test_who_guides_others_sees_that_and_not_whom(at: Desk) -> None:
    guide = "9000009"
    at.records_all(track("2024-10-01", hpr=guide).position("p1", BODO, None))
    for number in ("9000003", "9000004"):
        more = {"supervisor": guide, "first_day": "2025-02-01", "municipality": BODO, "name": "Veileder Vik"}
        at.records_all(track("2024-10-01", hpr=number).position("p1", BODO, None).add("supervisor_assigned", **more))
    content = archive_of(at.casework, guide, DAY)
    assert [(each["municipality"], each["name"]) for each in told(content)["as_supervisor"]] == [
        (BODO, "Veileder Vik")
    ] * 2
    assert not {b"9000003", b"9000004"} & set(re.findall(rb"\d{7}", b"".join(parts(content).values())))


def test_what_is_erased_is_not_in_it_and_what_stays_is_explained(
    known: httpx.Client, erases: Callable[[str], None]
) -> None:
    erases(HPR)
    content = read(known)
    mine, everything = told(content), b"".join(parts(content).values()).decode()
    assert WORKPLACE not in everything
    assert "Øvregård" not in everything
    assert (mine["erased"], mine["name"]) == (True, None)
    assert [(each["event"], each["reason"]) for each in mine["keys"]] == [
        ("erasure_requested", "requested"),
        ("doctor_key_destroyed", "requested"),
    ]
    assert [each["file"] for each in mine["documents"]] == [None]
    assert "Måneder, kroner og vedtak står, fordi de skal kunne regnes ut på nytt" in everything
    assert all(each["how_long"] and each["why"] and each["source"] for each in mine["kept"])


@pytest.fixture
def at(database_url: str) -> Any:  # noqa: ANN401 - a generator of desks
    with desk(database_url) as opened:
        opened.publishes()
        yield opened


def test_nothing_of_any_other_doctor_of_two_municipalities_stands_in_it(at: Desk) -> None:
    demonstrate(Session(at.casework, at.store, at.url, at.url))
    doctors = [row["hpr"] for row in at.asks(
        "SELECT DISTINCT convert_from(payload, 'UTF8')::json ->> 'hpr' AS hpr FROM events WHERE doctor IS NOT NULL"
        " ORDER BY 1"
    )]  # fmt: skip
    names = at.casework.names(doctors)
    assert len(doctors) > 60
    lines = 0
    for hpr in doctors[::6]:
        content = archive_of(at.casework, hpr, DAY)
        mine, everything = told(content), b"".join(parts(content).values()).decode()
        own = {hpr, *(each["supervisor"] for each in mine["history"]["supervisors"])}
        own |= {each["supervisor"] for each in mine["history"]["sessions"]}
        assert set(re.findall(r"(?<![0-9a-f-])[0-9]{7,9}(?![0-9a-f-])", everything)) & {*doctors} <= own, hpr
        for other, name in names.items():
            assert other == hpr or name not in everything, (hpr, other)
        assert "15 012 943" not in everything.replace("\u2009", " ")
        assert "15012943" not in everything
        lines += sum("outcome" in each["content"].get("line", {}) for each in _happened(mine))
    assert lines > 5


def _happened(mine: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        each
        for claim in mine["claims"]
        for each in claim["happened"]
        if isinstance(each["content"].get("line", {}), dict)
    ]


def test_the_same_state_is_the_same_bytes(at: Desk) -> None:
    at.records_all(track("2024-10-01").position("p1", BODO, None).leave("l1", "2025-10-05", "2025-10-20", "sick"))
    first = archive_of(at.casework, HPR, DAY)
    with desk(at.url) as elsewhere:
        assert archive_of(elsewhere.casework, HPR, DAY) == first
    at.records(track("2024-10-01").add("doctor_named", name="Kari Vik").facts[-1] | {"id": "navn"})
    assert archive_of(at.casework, HPR, DAY) != first


def test_every_personal_field_and_every_event_of_a_claim_has_words() -> None:
    assert LABELS.keys() == PERSONAL_FIELDS
    assert {topic.split(".")[1] for topic in CLAIM_EVENTS} == HAPPENED.keys()
