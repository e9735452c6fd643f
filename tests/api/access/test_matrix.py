"""Every operation is asked in every role, and by nobody: what the specification allows is allowed, and nothing more.

The table is written from domain.md, «Rights», and not read from the program. What stands there for each way in alone
(a municipality's own, the doctor who asks) is the crawler's part: it looks for what is another's.
"""

from collections.abc import Iterator
from typing import Final

import httpx
import pytest
from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute

from api.access.guarded import Guarded
from api.door.metrics import install
from api.main import create_app
from api.sign_in import routes as sign_in
from domain.casework.service import Casework
from domain.store import Store
from projections.all import ALL
from projections.workers import Workers
from tests.api.asking import FACTS, HPR, POST, STARTED, Json, as_, engage, problem, refusal
from tests.issuer import identity

ROLES: Final = {
    "municipality": "kommune:1804",
    "doctor": f"lege:{HPR}",
    "alis_office": "alis_office:ole; organisation=1804",
    "revisor": "revisor:eva; organisation=1804",
    "caseworker": "saksbehandler:ada",
    "approver": "godkjenner:bo",
    "auditor": "kontrollør:kim",
    "rules": "regelverk:rut",
    "operator": "operator:dag",
}
"""Somebody in each role: the columns of the table, in this order."""
TABLE: Final = """
                          mun doc off rev cas app aud rul ope
list_doctors               x   x   x   x   x   x   x   -   -
read_doctor                x   x   x   x   x   x   x   -   -
read_doctor_facts          x   x   x   x   x   x   x   -   -
read_fact                  x   x   x   x   x   x   x   -   -
read_doctor_meters         x   x   x   x   x   x   x   -   -
read_doctor_history        x   x   x   x   x   x   x   -   -
read_case_history          x   x   x   x   x   x   x   -   -
read_insight               -   x   -   -   x   -   -   -   -
register_fact              x   x   -   -   x   -   -   -   -
preview_fact               x   -   -   -   x   x   -   -   -
preview_switch             x   -   -   -   x   x   -   -   -
list_conversions           x   -   -   x   x   x   x   -   -
preview_conversions        x   -   -   x   x   x   x   -   -
register_conversions       x   -   -   -   x   -   -   -   -
list_posts                 x   -   x   x   x   x   x   -   -
read_post_squares          x   -   x   x   x   x   x   -   -
read_post_stability        x   -   x   x   x   x   x   -   -
list_supervisors           x   x   x   x   x   x   x   -   -
list_supervisor_places     x   x   x   x   x   x   x   -   -
read_municipality_round    x   x   x   x   x   x   x   -   -
read_calculation           x   x   x   x   x   x   x   -   -
read_line_calculation      x   x   x   x   x   x   x   -   -
read_months                x   x   x   x   x   x   x   -   -
explain_difference         x   x   x   x   x   x   x   -   -
explain_supposed_facts     x   x   x   x   x   x   x   -   -
read_overview              x   -   x   x   x   x   x   x   -
read_cost_coverage         x   -   x   x   x   x   x   x   -
list_claims                x   x   x   x   x   x   x   -   -
read_claim                 x   x   x   x   x   x   x   -   -
read_claim_effect          x   x   x   x   x   x   x   -   -
read_claim_statements      x   x   x   x   x   x   x   -   -
read_assessment            x   x   x   x   x   x   x   -   -
repeat_claim_decisions     x   x   x   x   x   x   x   -   -
list_tasks                 x   x   x   x   x   x   x   -   -
take_claim_step            x   -   -   x   x   x   -   -   -
attach_document            x   -   -   x   x   -   -   -   -
download_document          x   -   -   x   x   x   x   -   -
read_municipality          x   -   x   x   x   x   x   -   -
read_municipality_history  x   -   x   x   x   x   x   -   -
read_municipality_access   x   -   -   -   x   x   x   -   -
register_entry             x   -   -   -   x   -   -   -   -
list_ties                  -   -   -   -   x   x   x   -   -
list_tied_decisions        -   -   -   -   x   x   x   -   -
register_tie               -   -   -   -   x   x   -   -   -
list_access                x   x   -   -   -   -   x   -   -
list_rule_sets             x   x   x   x   x   x   x   x   x
read_rule_set              x   x   x   x   x   x   x   x   x
list_rulings               x   x   x   x   x   x   x   x   x
read_ruling                x   x   x   x   x   x   x   x   x
read_projections           x   x   x   x   x   x   x   x   x
read_impact                x   -   -   x   x   x   x   x   -
read_ruling_decisions      x   -   -   x   x   x   x   x   -
draft_rule_set             -   -   -   -   -   x   -   x   -
approve_rule_set           -   -   -   -   -   x   -   x   -
publish_rule_set           -   -   -   -   -   x   -   x   -
ask_question               -   -   -   -   -   x   -   x   -
propose_ruling             -   -   -   -   -   x   -   x   -
give_ruling                -   -   -   -   -   x   -   x   -
"""
EXPECTED: Final = {
    name: {role for role, mark in zip(ROLES, marks, strict=True) if mark == "x"}
    for name, *marks in (line.split() for line in TABLE.strip().splitlines()[1:])
}
"""The roles that may do each operation."""
TO_ANYBODY: Final = {"read_health", "read_readiness"}
"""What nobody has to sign in for: whether the service runs, and whether it can answer."""
STEPS: Final = {
    "municipality": "open propose_lines confirm_line add_line remove_line report_costs remove_document "
    "submit withdraw request_attestation",
    "caseworker": "allow_late_submission return assess propose reopen pay reclaim request_attestation "
    "accept_report close",
    "approver": "approve send_back",
    "revisor": "attest",
}
"""The steps of a claim that each role takes."""
PAGES: Final = {
    "/": "what the service is, and links to its description: no case",
    "/api/v1/openapi.json": "the description for programs: examples of nobody",
    "/api/v1/docs": "the same as a page",
    "/sign-in": "sends to the issuer",
    "/sign-in/answer": "what the issuer sends back, with a code that is good once and in this browser",
    "/sign-in/ended": "that one has signed out, or why one could not sign in",
    "/choose": "for whom one may act: only to whoever has a session",
    "/sessions": "who one is, and one's own sessions: only to whoever has a session",
    "/sessions/end": "ends one's own sessions in other browsers",
    "/sign-out": "ends the session",
    "/metrics": "counts: no case; to this machine and the configured scrapers",
}
"""What is answered beside the description, and what it shows."""
GIVEN: Final = {
    "hpr": HPR,
    "fact": "f1",
    "municipality": "1804",
    "round": "2026",
    "claim": "1804-2026",
    "assessment": "1",
    "document": f"sha256:{'0' * 64}",
    "rule_set": "nasjonal-alis-2026-final",
    "question": "finnes-ikke",
}
WHOLE: Final[dict[str, Json]] = {
    "confirm_line": {"hpr": HPR},
    "add_line": {"hpr": HPR},
    "remove_line": {"hpr": HPR},
    "report_costs": {
        "hpr": HPR,
        "costs": [{"element": "supervision", "kroner": 1}],
        "project_code": "1",
    },
    "remove_document": {"document": GIVEN["document"]},
    "allow_late_submission": {"reason": "brev"},
    "submit": {"name": "Kari Nordmann"},
    "return": {"reason": "mangler"},
    "send_back": {"reason": "mangler"},
    "pay": {"kroner": 1, "paid_on": "2026-10-01", "organisation_number": "972418013", "account": "12345678903"},
    "reclaim": {"kroner": 1, "due_on": "2026-12-01"},
    "request_attestation": {"revisor": "revisor:eva"},
    "attest": {
        "grant_scheme": "Nasjonal ALIS",
        "budget_item": "kap. 762",
        "addressee": "Helsedirektoratet",
        "attested": [{"what": "avtale", "document": GIVEN["document"]}],
        "control_actions": ["lest"],
        "lines": [{"hpr": HPR, "digest": GIVEN["document"], "finding": "confirmed"}],
        "place": "Bodø",
        "signed_on": "2026-10-01",
        "name": "Eva",
        "firm": "Revisjon",
    },
    "reopen": {"reason": "ny kunnskap"},
}
"""What the steps need besides their kind, to be read at all."""
QUERIES: Final = {
    "explain_difference": "?from=2026-01-01T00:00:00Z",
    "list_conversions": "?on=2026-01-01",
    "read_overview": "?round=2026",
    "read_cost_coverage": "?round=2026",
}


@pytest.fixture
def seeded(client: httpx.Client, store: Store, database_url: str) -> Iterator[httpx.Client]:
    """A doctor with a post in Bodø, Bodø's claim, the firm and the office that it lets in, and a read side."""
    engage(client, "1804")
    for fact in (POST, STARTED):
        assert client.post(FACTS, json=fact).status_code == 201
    opened = client.post("claims/1804-2026/steps", json={"type": "open"})
    assert opened.status_code == 201, opened.text
    with Workers(ALL, store, database_url):
        yield client


def operations(app: FastAPI) -> Iterator[tuple[str, str, str]]:
    """Every operation of the description: its name, method, and an address under which there is something."""
    for path, methods in app.openapi()["paths"].items():
        for method, operation in methods.items():
            name = operation["operationId"]
            yield name, method, path.format_map(GIVEN) + QUERIES.get(name, "")


def asked(client: httpx.Client, method: str, address: str, headers: dict[str, str]) -> httpx.Response:
    """Ask for real; what is sent is never enough to change anything."""
    with httpx.Client(timeout=60) as nobody:
        body: Json | None = None if method == "get" else {}
        return nobody.request(method, client.base_url.join(address), headers=headers, json=body)


def test_every_role_is_answered_what_it_may_and_refused_all_else(seeded: httpx.Client, app: FastAPI) -> None:
    wrong = []
    for name, method, address in operations(app):
        for role, who in ROLES.items():
            answer = asked(seeded, method, address, {**as_(who), "Alis-Reason": "for testen"})
            if name in TO_ANYBODY or role in EXPECTED[name]:
                fits = answer.status_code not in {401, 403} and not answer.is_server_error
            else:
                fits = refusal(answer) == (403, "wrong-role") and answer.headers["content-type"].endswith("json")
            if not fits:
                wrong.append((name, role, answer.status_code, answer.text[:200]))
    assert wrong == []


def test_nobody_is_answered_nothing_but_whether_the_service_runs(seeded: httpx.Client, app: FastAPI) -> None:
    for name, method, address in operations(app):
        answer = asked(seeded, method, address, {})
        if name in TO_ANYBODY:
            assert answer.status_code in {200, 503}, name
        else:
            assert answer.status_code == 401, name
            assert answer.headers["www-authenticate"].startswith("Bearer"), name


def test_every_operation_has_a_row_and_every_row_an_operation(app: FastAPI) -> None:
    described = {name for name, _, _ in operations(app)}
    assert described == EXPECTED.keys() | TO_ANYBODY


def test_each_step_of_a_claim_is_refused_to_every_role_but_those_that_take_it(seeded: httpx.Client) -> None:
    every = {step for steps in STEPS.values() for step in steps.split()}
    schema = seeded.get("openapi.json").text
    assert all(f'"{step}"' in schema for step in every)
    for role in ("municipality", "caseworker", "approver", "revisor"):
        headers = {**as_(ROLES[role]), "Alis-Reason": "for testen"}
        for step in sorted(every.difference(STEPS[role].split())):
            answer = seeded.post("claims/1804-2026/steps", json={"type": step, **WHOLE.get(step, {})}, headers=headers)
            assert refusal(answer) == (403, "wrong-role"), (role, step, answer.text)


def test_a_refused_role_learns_nothing_of_what_there_is(seeded: httpx.Client) -> None:
    there, not_there = (
        problem(seeded.get(f"claims/{claim}", headers=as_(ROLES["operator"]))) for claim in ("1804-2026", "1839-2026")
    )
    assert {**there, "instance": ""} == {**not_there, "instance": ""}


def tell_everything() -> None:
    """A route that nobody has put in the table."""


def test_a_route_without_a_row_cannot_be_made() -> None:
    router = APIRouter(route_class=Guarded)
    with pytest.raises(KeyError, match="tell_everything"):
        router.add_api_route("/everything", tell_everything, operation_id="tell_everything")


def test_every_page_beside_the_description_is_listed(casework: Casework) -> None:
    app = create_app(casework, identity=identity(casework))
    install(app, casework.store)
    routes = [*app.routes, *sign_in.router.routes]
    pages = {route.path for route in routes if isinstance(route, APIRoute) and not route.include_in_schema}
    assert pages == PAGES.keys()
