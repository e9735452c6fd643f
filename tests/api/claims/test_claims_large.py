"""A claim of 300 lines over HTTP."""

from typing import Final

import httpx
import pytest

from domain.casework.service import Casework
from tests.api.asking import Json, engage, imported
from tests.api.claim_life import APPROVER, CASEWORKER, MUNICIPALITY, ONE, REVISOR, STEPS, attach, by, step
from tests.scenario import full_time, lines_of

LINES: Final = 300
FIRST: Final = 9_100_001
EACH: Final = 378_656
BODIES: Final = {each.name: each.body for each in STEPS}


def taken(client: httpx.Client, actor: str, body: Json) -> Json:
    response = step(client, actor, body)
    assert response.status_code in {200, 201}, response.text
    found: Json = response.json()
    return found


@pytest.mark.long
def test_a_claim_of_300_lines_goes_through_its_whole_life(client: httpx.Client, casework: Casework) -> None:
    doctors = [str(FIRST + n) for n in range(LINES)]
    facts = [{**fact, "hpr": hpr} for hpr in doctors for fact in full_time("2025-06-01").facts]
    engage(client, "1804")
    imported(casework, lines_of(facts))
    whole = taken(client, MUNICIPALITY, {"type": "open"})
    assert len(whole["lines"]) == LINES
    for line in whole["lines"]:
        applied = {name: line[name] for name in ("basis", "first_month", "last_month", "supplement")}
        body = {"type": "confirm_line", "hpr": line["hpr"], "applied": applied}
        assert step(client, MUNICIPALITY, body).status_code == 200
    assert attach(client, hpr=doctors[0]).status_code == 200
    taken(client, MUNICIPALITY, BODIES["submit"])
    assert taken(client, CASEWORKER, {"type": "assess"})["assessed"] == LINES * EACH
    partly = [_partly(hpr) for hpr in doctors]
    taken(client, CASEWORKER, {"type": "propose", "lines": partly})
    granted = taken(client, APPROVER, {"type": "approve"})["granted"]
    assert granted == LINES * (EACH - 1)
    whole = taken(client, CASEWORKER, {**BODIES["pay"], "kroner": granted})
    signed = [{"hpr": line["hpr"], "digest": line["digest"], "finding": "confirmed"} for line in whole["lines"]]
    taken(client, REVISOR, {**BODIES["attest"], "lines": signed})
    taken(client, CASEWORKER, {"type": "accept_report"})
    assert taken(client, CASEWORKER, {"type": "close"})["status"] == "closed"
    repeated = client.get(f"{ONE}/replay", headers=by(CASEWORKER)).json()
    assert repeated["identical"] is True
    assert len(repeated["decisions"][0]["result"]["lines"]) == LINES


def _partly(hpr: str) -> Json:
    """Each line a krone less, so that each must be named with its reason."""
    why = {"reason_code": "costs_not_documented", "reason": "En krone mangler dokumentasjon i regnskapet."}
    return {"hpr": hpr, "outcome": "partly_granted", "kroner": EACH - 1, **why}
