"""Municipalities over HTTP: registered, read as of a day, and who had access."""

from typing import Any, Final

import httpx
import pytest

from api.described.examples import bodies
from deploy.clock import now
from domain.values.norwegian_time import norwegian_day
from tests import issuer
from tests.api.asking import Json, as_, errors, refusal
from tests.api.recorded import check

ONE: Final = "municipalities/1804"
ENTRIES: Final = f"{ONE}/entries"
ADA: Final = as_("saksbehandler:ada")
KARI: Final = as_("kommune:1804")
EXAMPLES: Final = [each["value"] for each in bodies()["NewEntry"].values()]
FIRM: Final[Json] = {
    "type": "revisor_engaged",
    "entry": "r1",
    "organisation_number": "974760673",
    "person": "Ola Revisor",
    "first_day": "2026-01-01",
}


def registered(client: httpx.Client, **more: Any) -> httpx.Response:  # noqa: ANN401 - JSON
    return client.post(ENTRIES, json={**FIRM, **more}, headers=KARI)


def others_act_for(client: httpx.Client) -> None:
    """The municipality engages the firm, and invites the office, of the people of the tests."""
    days = {"first_day": "2026-01-01"}
    for kind, number in (("revisor_engaged", issuer.FIRM), ("office_invited", issuer.OFFICE)):
        made = client.post(ENTRIES, json={"type": kind, "organisation_number": number, **days}, headers=KARI)
        assert made.status_code == 201, made.text


def entries(client: httpx.Client, path: str = ONE, **headers: str) -> list[str]:
    return [each["entry"] for each in client.get(path, headers=headers or KARI).json()["entries"]]


def test_the_documented_entries_are_registered_one_after_the_other_and_read(client: httpx.Client) -> None:
    who = {"training_registered": ADA}
    answers = [client.post(ENTRIES, json=each, headers=who.get(each["type"], KARI)) for each in EXAMPLES]
    assert [each.status_code for each in answers] == [201] * len(EXAMPLES)
    check("register_entry", 201, answers[0].json())
    check("register_entry", 200, client.post(ENTRIES, json=EXAMPLES[0], headers=KARI).json())
    check("read_municipality", 200, client.get(f"{ONE}?on=2026-05-01", headers=KARI).json())
    check("read_municipality_history", 200, client.get(f"{ONE}/history", headers=KARI).json())
    access = client.get(f"{ONE}/access?on=2026-05-01", headers=KARI)
    assert access.json() == {"municipality": "1804", "on": "2026-05-01", "access": []}


def test_who_had_access_on_a_day_is_told_with_since_when_and_by_whom(client: httpx.Client) -> None:
    registered(client)
    today = norwegian_day(now()).isoformat()
    answer = client.get(f"{ONE}/access", headers=KARI).json()
    assert [(each["type"], each["organisation_number"], each["since"]) for each in answer["access"]] == [
        ("revisor_engaged", "974760673", today)
    ]
    check(
        "read_municipality_access",
        200,
        {**answer, "on": "2026-05-01", "access": [{**each, "since": "2026-05-01"} for each in answer["access"]]},
    )


@pytest.mark.parametrize("path", ["municipalities/1875", "municipalities/9999"])
def test_another_municipality_is_as_one_that_no_list_has(client: httpx.Client, path: str) -> None:
    client.post("municipalities/1875/entries", json=FIRM, headers=as_("kommune:1875"))
    for address in (path, f"{path}/history", f"{path}/access"):
        assert refusal(client.get(address, headers=KARI)) == (404, "unknown-municipality")
    for sent in (FIRM, {"type": "nonsense"}):
        response = client.post(f"{path}/entries", json=sent, headers={**KARI, "If-Match": '"old"'})
        assert refusal(response) == (404, "unknown-municipality")


def test_a_municipality_answers_to_its_former_code_too(client: httpx.Client) -> None:
    alesund = as_("kommune:1508")
    assert client.post("municipalities/1507/entries", json=FIRM, headers=alesund).status_code == 201
    assert client.get("municipalities/1507", headers=alesund).json()["municipality"] == "1508"
    assert entries(client, "municipalities/1508", **alesund) == ["r1"]


def test_a_repeated_request_gets_the_first_answer_and_a_stale_one_is_refused(client: httpx.Client) -> None:
    key = {**KARI, "Idempotency-Key": "engage-1"}
    new = {name: value for name, value in FIRM.items() if name != "entry"}
    first = client.post(ENTRIES, json=new, headers=key)
    ended = {"type": "entry_ended", "entry": first.json()["entry"], "last_day": "2026-12-31"}
    seen = {**KARI, "If-Match": first.headers["etag"]}
    assert client.post(ENTRIES, json=ended, headers=seen).status_code == 201
    again = client.post(ENTRIES, json=new, headers=key)
    assert (again.status_code, again.json(), again.headers["etag"]) == (201, first.json(), first.headers["etag"])
    assert refusal(client.post(ENTRIES, json={**ended, "last_day": "2026-06-30"}, headers=seen)) == (
        412,
        "changed-meanwhile",
    )


def test_what_is_wrong_is_said_field_by_field(client: httpx.Client) -> None:
    wrong = registered(client, first_day="1.1.2026", organisation_number="12")
    assert errors(wrong) == [("first_day", "bad-day"), ("organisation_number", "bad-text")]
    assert refusal(registered(client, organisation_number="974760672")) == (422, "bad-organisation-number")
    ended = client.post(ENTRIES, json={"type": "entry_ended", "entry": "x", "last_day": "2026-12-31"}, headers=KARI)
    assert refusal(ended) == (422, "unknown-entry")


def test_names_are_shown_to_those_who_may_see_them_and_to_no_auditor_or_revisor(client: httpx.Client) -> None:
    registered(client)
    client.post(ENTRIES, json=bodies()["NewEntry"]["contact_given"]["value"], headers=KARI)
    client.post(ENTRIES, json={"type": "entry_withdrawn", "entry": "r1", "reason": "Ola sluttet."}, headers=KARI)
    others_act_for(client)
    for actor, sees in (
        ("kommune:1804", True),
        ("saksbehandler:ada", True),
        ("alis_office:io; organisation=1804", True),
        ("auditor:kim", False),
        ("revisor:ef; organisation=1804", False),
    ):
        text = client.get(f"{ONE}/history", headers=as_(actor)).text
        assert [word in text for word in ("Kari Nordmann", "Ola Revisor", "Ola sluttet")] == [sees] * 3, actor


def test_a_firm_sees_a_municipality_from_the_day_that_it_is_engaged_until_that_ends(client: httpx.Client) -> None:
    firm = as_("revisor:ef; organisation=1804")
    assert client.get(ONE, headers=firm).status_code == 403
    registered(client, organisation_number=issuer.FIRM)
    assert client.get(ONE, headers=firm).status_code == 200
    client.post(ENTRIES, json={"type": "entry_ended", "entry": "r1", "last_day": "2026-01-31"}, headers=KARI)
    assert client.get(ONE, headers=firm).status_code == 403


def test_roles_without_a_row_are_refused_before_anything_is_told(client: httpx.Client) -> None:
    others_act_for(client)
    for actor in ("operator:ber", "regelverk:rolf", "lege:9000001"):
        assert refusal(client.get(ONE, headers=as_(actor))) == (403, "wrong-role")
    assert refusal(client.get(f"{ONE}/access", headers=as_("revisor:ef; organisation=1804"))) == (403, "wrong-role")
    assert refusal(client.post(ENTRIES, json=FIRM, headers=as_("godkjenner:gro"))) == (403, "wrong-role")
