"""The revisor's statement: who may sign it, what it must say, and what is refused."""

from dataclasses import replace
from typing import Any

import pytest
from pydantic import ValidationError

from domain.casework.commands.commands import Actor
from domain.claim.steps.registry import STEP
from domain.claim.stream.state import Status
from domain.doctor.intake.intake import refusal_of
from tests.claiming import DOCUMENT, FIELDS, MUNICIPALITY, REVISOR, Claiming, claiming
from tests.desk import Desk, command, refusal
from tests.scenario import BODO, Json, full_time

DOCTOR = full_time("2025-06-01")


@pytest.fixture
def paid(at: Desk) -> Claiming:
    """A paid claim with two doctors and the document that the statement names."""
    at.imports([*DOCTOR.facts, *(fact | {"hpr": "9000002"} for fact in DOCTOR.facts)])
    return claiming(at).paid().documented()


def line(claim: Claiming, hpr: str = "9000001", **fields: Any) -> Json:  # noqa: ANN401 - JSON
    """A signed line with the digest of what was decided."""
    decided = claim.state.decided
    assert decided
    return {"hpr": hpr, "digest": decided.assessment.lines[hpr].digest, "finding": "confirmed", **fields}


def test_lines_are_signed_one_by_one_and_what_is_not_signed_keeps_the_report_from_being_accepted(
    paid: Claiming,
) -> None:
    paid.do("attest", lines=[line(paid)])
    assert paid.status is Status.ATTESTED
    assert refusal(lambda: paid.do("accept_report")) == "lines-not-attested"
    deviation = line(paid, "9000002", finding="deviation", kroner=-1_500, remark="Et bilag mangler.")
    paid.do("attest", lines=[deviation])
    answer = {"hpr": "9000002", "answer": "accepted", "reason": "Bilaget er ettersendt."}
    paid.do("accept_report", answers=[answer])
    one, two = paid.at.casework.claims.statements(paid.name)
    assert [each["finding"] for each in (*one["lines"], *two["lines"])] == ["confirmed", "deviation"]


def test_a_statement_holds_what_a_norwegian_attestation_must(paid: Claiming) -> None:
    paid.do("attest")
    [statement] = paid.at.casework.claims.statements(paid.name)
    asked = FIELDS["attest"]
    assert {name: value for name, value in statement.items() if name in asked} == asked
    assert (statement["statement"], statement["decision"], statement["recorded_by"]) == (1, 1, REVISOR.subject)


@pytest.mark.parametrize("field", sorted({*FIELDS["attest"], "lines"} - {"signed_on"}))
def test_every_part_of_a_statement_but_its_day_is_required(field: str) -> None:
    asked = {"type": "attest", **FIELDS["attest"], "lines": [{"hpr": "9000001", "digest": DOCUMENT}]}
    del asked[field]
    with pytest.raises(ValidationError) as error:
        STEP.validate_python(asked)
    found = [refusal_of(each) for each in error.value.errors()]
    assert ("missing-field", field) in [(each.code, str(each.details["field"]).split(".")[-1]) for each in found]


@pytest.mark.parametrize("field", ["place", "name", "firm", "grant_scheme", "budget_item", "addressee"])
def test_no_part_of_a_statement_is_blank(field: str) -> None:
    asked = {"type": "attest", **FIELDS["attest"], "lines": [{"hpr": "9000001", "digest": DOCUMENT}], field: " "}
    with pytest.raises(ValidationError) as error:
        STEP.validate_python(asked)
    codes = {
        str(refusal_of(each).details.get("field")).split(".")[-1]: refusal_of(each).code
        for each in error.value.errors()
    }
    assert codes[field] == "bad-text"


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"finding": "deviation", "remark": "Et bilag mangler."}, "deviation-incomplete"),
        ({"finding": "deviation", "kroner": -1_500}, "deviation-incomplete"),
        ({"finding": "deviation", "kroner": 0, "remark": "Et bilag mangler."}, "deviation-incomplete"),
        ({"finding": "deviation", "kroner": 10**9, "remark": "Et bilag mangler."}, "deviation-beyond-granted"),
        ({"finding": "not_possible"}, "remark-missing"),
        ({"finding": "not_possible", "kroner": 1, "remark": "Arkivet brant."}, "kroner-without-deviation"),
        ({"finding": "confirmed", "kroner": 1}, "kroner-without-deviation"),
        ({"digest": DOCUMENT}, "line-content-differs"),
        ({"hpr": "9000003"}, "line-not-granted"),
    ],
)
def test_a_signed_line_says_all_that_its_result_needs_and_no_more(paid: Claiming, fields: Json, code: str) -> None:
    assert refusal(lambda: paid.do("attest", lines=[line(paid) | fields])) == code
    assert paid.state.statements == 0


def test_a_line_is_signed_once_in_a_statement(paid: Claiming) -> None:
    assert refusal(lambda: paid.do("attest", lines=[line(paid), line(paid)])) == "line-twice"


def test_what_is_attested_stands_in_a_document_of_the_claim(paid: Claiming) -> None:
    elsewhere = [{"what": "avtalen med legen", "document": "sha256:" + "e" * 64}]
    assert refusal(lambda: paid.do("attest", attested=elsewhere)) == "unknown-document"


# ---------------------------------------------------------------- who may sign


@pytest.mark.parametrize(
    "who", [Actor("kommune:ef", "municipality", BODO), Actor("saksbehandler:ef", "caseworker", None)]
)
def test_only_a_revisor_signs(paid: Claiming, who: Actor) -> None:
    assert refusal(lambda: paid.do("attest", by=who)) == "wrong-role"


def test_whoever_submitted_the_claim_cannot_sign_it(at: Desk) -> None:
    at.imports(DOCTOR.facts)
    claim = claiming(at).opened().confirmed()
    claim.do("submit", by=Actor("kommune:ef", "municipality", BODO))
    for step in ("assess", "propose", "approve", "pay"):
        claim.do(step)
    claim.documented()
    assert refusal(lambda: claim.do("attest")) == "revisor-involved"
    claim.do("attest", by=Actor("revisor:gh", "revisor", BODO))


def test_whoever_registered_a_fact_of_a_doctor_in_the_claim_cannot_sign_it(at: Desk) -> None:
    at.imports(DOCTOR.facts)
    at.imports([DOCTOR.changed("p1", "2025-09-01", title="overlege").facts[-1] | {"recorded_by": "kommune:EF"}])
    claim = claiming(at).paid().documented()
    assert refusal(lambda: claim.do("attest")) == "revisor-involved"


def test_a_fact_registered_on_a_doctor_of_another_claim_keeps_nobody_from_signing(at: Desk) -> None:
    at.imports(DOCTOR.facts)
    other = full_time("2025-06-01", "1839").facts
    at.imports([fact | {"hpr": "9000005", "recorded_by": "kommune:ef"} for fact in other])
    claiming(at).attested()


@pytest.mark.parametrize("revisor", ["revisor:ab", "person:CD", "person:1804"])
def test_nobody_is_asked_to_sign_who_had_another_part_in_the_claim(paid: Claiming, revisor: str) -> None:
    assert refusal(lambda: paid.do("request_attestation", revisor=revisor)) == "revisor-involved"
    paid.do("request_attestation", revisor="revisor:ef")


def test_whoever_recorded_a_fact_of_a_doctor_in_the_claim_is_not_asked_to_sign(at: Desk) -> None:
    at.imports(DOCTOR.facts)
    at.imports([DOCTOR.changed("p1", "2025-09-01", title="overlege").facts[-1] | {"recorded_by": "kommune:EF"}])
    claim = claiming(at).paid()
    assert refusal(lambda: claim.do("request_attestation")) == "revisor-involved"
    assert refusal(lambda: claim.do("request_attestation", by=MUNICIPALITY)) == "revisor-involved"


def test_whoever_attached_a_document_for_the_municipality_cannot_sign_it(at: Desk) -> None:
    at.imports(DOCTOR.facts)
    claim = claiming(at).paid()
    claim.do("attach_document", by=Actor("person:ef", "municipality", BODO))
    assert refusal(lambda: claim.do("attest")) == "revisor-involved"
    claim.do("attest", by=Actor("revisor:gh", "revisor", BODO))


def test_whoever_recorded_a_fact_of_a_doctor_for_the_municipality_neither_assesses_nor_approves(at: Desk) -> None:
    at.imports(DOCTOR.facts)
    claim = claiming(at).submitted()
    told = DOCTOR.changed("p1", "2025-09-01", title="overlege").facts[-1]
    at.records(told, replace(command(), actor=Actor("person:ab", "municipality", BODO)))
    assert refusal(lambda: claim.do("assess")) == "part-in-another-role"
    claim.do("assess", by=Actor("saksbehandler:gh", "caseworker", None))
    claim.do("propose", by=Actor("saksbehandler:gh", "caseworker", None))
    assert refusal(lambda: claim.do("approve", by=Actor("person:ab", "approver", None))) == "part-in-another-role"
    claim.do("approve")


def test_an_attached_document_keeps_the_revisor_from_nothing(at: Desk) -> None:
    at.imports(DOCTOR.facts)
    claim = claiming(at).paid()
    claim.do("attach_document", by=REVISOR)
    claim.do("attest")
