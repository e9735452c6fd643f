"""What the program's own log says of requests: nothing that opens anything, and nothing personal."""

from typing import Final

import httpx
from structlog.testing import capture_logs

from tests.api.asking import CLERK, FACTS, POST, as_, leave, refusal
from tests.issuer import acting, claims, config, token

WORD: Final = "Hemmelighet"
MUNICIPALITY: Final = "kommune:1804"
PERSON: Final = f"saksbehandler:{WORD} Navn"


def asked(client: httpx.Client) -> None:
    """Sign in as several, register, be refused, search and misspell, each time with something that is not for a log."""
    person = as_(PERSON)
    facts = (
        POST | {"workplace": f"{WORD} legesenter"},
        {"type": "doctor_named", "name": f"{WORD} Legenavn"},
        leave("l1", kind="sick"),
        {"type": "notice_given", "text": f"{WORD} i fritekst"},
        leave("l2", kind=f"{WORD}-slag"),
    )
    for fact in facts:
        client.post(FACTS, json=fact, headers=CLERK | {"Alis-Reason": f"{WORD} grunn"})
    client.post(FACTS, content=f'{{"type": "{WORD}"', headers={"Content-Type": "application/json"})
    client.get("doctors", params={"search": WORD}, headers=person)
    client.get("doctors", params={"misspelt": WORD}, headers=person)
    client.get(f"claims/{WORD}", headers=person)
    client.get(f"{WORD}/nowhere", headers=person)
    spoilt = person["Authorization"][:-6] + "AAAAAA"
    assert refusal(client.get(FACTS, headers={"Authorization": spoilt})) == (401, "token-refused")
    assert refusal(client.get(FACTS, headers={"Cookie": f"alis_loopback={WORD}", "Authorization": ""}))[0] == 401


def test_neither_secrets_nor_personal_fields_stand_in_any_line_of_the_log(client: httpx.Client) -> None:
    with capture_logs() as lines:
        asked(client)
    said = repr(lines)
    assert said.count("'event': 'request'") > 10
    assert WORD not in said
    assert "sick" not in said
    tokens = [token(MUNICIPALITY), token(PERSON)]
    for secret in (*tokens, *(each.split(".")[2][:-6] for each in tokens), config().secret):
        assert secret not in said
    assert claims(acting(PERSON))["pid"] not in said
