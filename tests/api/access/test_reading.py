"""Who reads the access log, and how far: a municipality its own cases, a doctor themselves, an auditor all."""

import re
from collections.abc import Callable
from typing import Any, Final
from uuid import UUID

import httpx
import pytest

from api.access.operations import OPEN, WITHOUT_CASES
from deploy.clock import new_id
from deploy.issuer import claims_of
from domain.casework.access.table import OPERATIONS
from domain.store import Entry, Store
from projections.access.sentences import DEEDS
from tests.api.asking import FACTS, HPR, POST, STARTED, Json, as_, errors, refusal, register
from tests.api.recorded import check
from tests.issuer import config, encoded
from workers.access.signing_in import token_of

AUDITOR: Final = as_("auditor:berit")
CASEWORKER: Final = as_("saksbehandler:ada")
BODO: Final = as_("kommune:1804")
NARVIK: Final = as_("kommune:1806")
OTHERS: Final = "9000002"
ROUND: Final = "municipalities/{}/rounds/2026/calculation"

Put = Callable[..., None]


@pytest.fixture
def put(store: Store) -> Put:
    """Puts an entry in the log, of a caseworker unless something else is said."""

    def putting(**more: object) -> None:
        fields: dict[str, Any] = {"subject": "saksbehandler:ada", "role": "caseworker", "operation": "claims.read"}
        fields |= {"channel": "api", "correlation_id": new_id(), **more}
        store.access_log.put(Entry(**fields)).result(20)

    return putting


def read(client: httpx.Client, who: dict[str, str], **query: str) -> list[Json]:
    """What somebody sees, but their own reading of the log."""
    answer = client.get("access", headers=who, params=query)
    assert answer.status_code == 200, answer.text
    found: list[Json] = answer.json()["entries"]
    return [each for each in found if each["operation"] != "access.read"]


def test_a_municipality_sees_who_read_its_cases_and_nothing_of_others(client: httpx.Client) -> None:
    register(client, POST, STARTED)
    client.get(ROUND.format("1804"), headers=CASEWORKER)
    client.get(ROUND.format("1806"), headers=CASEWORKER)
    client.get("doctors", headers=NARVIK)
    client.get(FACTS, headers=CASEWORKER)  # may tell of what the doctor does elsewhere
    seen = read(client, BODO)
    assert [(each["role"], each["operation"], each["municipality"]) for each in seen] == [
        ("caseworker", "rounds.read", "1804"),
        ("municipality", "facts.register", "1804"),
        ("municipality", "facts.register", "1804"),
    ]
    assert {each["position"] for each in seen} == {None}
    assert [each["operation"] for each in read(client, NARVIK)] == ["doctors.list", "rounds.read"]


def test_a_doctor_sees_who_read_about_them_and_of_others_in_it_nobody(client: httpx.Client, put: Put) -> None:
    put(doctors=(HPR, OTHERS), municipality="1804")
    put(doctors=(OTHERS,), municipality="1804")
    put(doctors=())
    answer = client.get("access", headers=as_(f"lege:{HPR}"))
    assert [each["doctors"] for each in answer.json()["entries"]] == [[HPR]]
    assert OTHERS not in answer.text
    assert read(client, as_(f"lege:{HPR}"), doctor=OTHERS) == []


def test_a_doctor_who_reads_is_not_named_to_who_may_not_see_names(client: httpx.Client, store: Store) -> None:
    register(client, POST, STARTED)
    name = "Biret Hemmelig"
    doctor = token_of(config().issuer, encoded(claims_of(77, {"name": name, "hpr": HPR})))
    assert client.get(FACTS, headers={"Authorization": f"Bearer {doctor}"}).status_code == 200
    answer = client.get("access", headers=AUDITOR)
    assert f"Lege {HPR} leste" in answer.text
    assert name not in answer.text
    [person] = re.findall(rf"lege-{HPR}:(p-[a-z2-7]{{20}})", answer.text)
    assert store.persons.names([person]) == {person: ""}, "the name goes with the doctor's key, so there is no copy"


def test_an_auditor_sees_all_with_positions(client: httpx.Client, put: Put) -> None:
    put(doctors=(HPR,))
    put(municipality="1806")
    assert [each["position"] for each in read(client, AUDITOR)] == [2, 1]


@pytest.mark.parametrize("who", ["saksbehandler:ada", "godkjenner:cd", "regelverk:eva", "operator:kari"])
def test_the_others_may_not_read_it(client: httpx.Client, who: str) -> None:
    assert refusal(client.get("access", headers=as_(who))) == (403, "wrong-role")


def test_entries_are_found_by_doctor_day_and_role(client: httpx.Client, put: Put) -> None:
    put(doctors=(HPR,), subject="godkjenner:cd", role="approver")
    put(doctors=(OTHERS,))
    today = read(client, AUDITOR)[0]["moment"][:10]
    assert [each["doctors"] for each in read(client, AUDITOR, doctor=HPR)] == [[HPR]]
    assert [each["role"] for each in read(client, AUDITOR, role="approver")] == ["approver"]
    assert read(client, AUDITOR, to="2026-01-01") == []
    assert read(client, AUDITOR, **{"from": "2099-01-01"}) == []
    assert len(read(client, AUDITOR, **{"from": today, "to": "2099-01-01"})) == 2
    assert errors(client.get("access", headers=AUDITOR, params={"role": "konge"}))
    assert errors(client.get("access", headers=AUDITOR, params={"cursor": "YTp4"}))


def test_pages_have_each_entry_once_also_where_many_were_written_at_one_moment(
    client: httpx.Client, store: Store
) -> None:
    fields: dict[str, Any] = {"subject": "saksbehandler:ada", "operation": "claims.read", "channel": "api"}
    puts = [store.access_log.put(Entry(**fields, correlation_id=new_id(), claim=f"1804-{n}")) for n in range(25)]
    for each in puts:
        each.result(20)
    claims, query = [], {"limit": "4", "role": ""}
    del query["role"]
    while True:
        answer = client.get("access", headers=AUDITOR, params={**query, "to": "2099-01-01"}).json()
        claims += [each["claim"] for each in answer["entries"] if each["claim"]]
        if answer["next"] is None:
            break
        query["cursor"] = answer["next"]
    assert claims == [f"1804-{n}" for n in reversed(range(25))]


def test_sentences_say_who_did_what_when_and_what_came_of_it(client: httpx.Client, put: Put) -> None:
    put(subject="saksbehandler:Ada Lie", operation="facts.read", doctors=(HPR,))
    put(subject="kommune:1804", role="municipality", organisation="1804", operation="claims.step", claim="1804-2026")
    put(subject="kontrollør:Berit", operation="facts.read", doctors=(HPR, OTHERS), reason="klage")
    put(operation="rounds.read", doctors=[str(number) for number in range(9000001, 9000041)], municipality="1804")
    put(operation="facts.read", doctors=(HPR,), outcome="not_found", code="unknown-doctor")
    put(operation="made.later", outcome="refused", code="wrong-role", on_behalf_of="910000000")
    told = [each["sentence"] for each in reversed(read(client, AUDITOR))]
    moments = [each.rpartition(", ")[2] for each in told]
    assert [each.partition(", ")[0] for each in told] == [
        f"Saksbehandler Ada Lie leste opplysninger om legen med HPR-nummer {HPR}",
        "Bodø (1804) arbeidet med søknaden 1804-2026",
        f"Kontrollør Berit leste opplysninger om legene med HPR-nummer {HPR} og {OTHERS}",
        "Saksbehandler ada leste måneder og beløp i en tilskuddsperiode for Bodø (1804) om 40 leger",
        f"Saksbehandler ada prøvde å lese opplysninger om legen med HPR-nummer {HPR}",
        "Saksbehandler ada prøvde å gjøre et oppslag på vegne av organisasjonen 910000000",
    ]
    assert "kl. " in moments[0]
    assert moments[2].endswith(". Oppgitt grunn: klage.")
    assert ", men fant ingenting, " in told[4]
    assert ", men fikk nei, " in told[5]


def test_the_answer_is_the_recorded_one(client: httpx.Client, put: Put) -> None:
    put(operation="facts.read", doctors=(HPR,), correlation_id=UUID(int=7))
    answer = client.get("access", headers=AUDITOR).json()
    [entry] = answer["entries"]
    said = entry["sentence"].rpartition(", ")[0]
    fixed = {"moment": "2026-11-30T11:15:00Z", "sentence": f"{said}, 30. november 2026 kl. 12.15."}
    check("list_access", 200, {**answer, "entries": [entry | fixed]})


def test_every_operation_that_is_logged_has_words() -> None:
    assert set(OPERATIONS) - WITHOUT_CASES - {OPEN} == set(DEEDS)
