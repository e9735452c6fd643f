"""A claim at the terminal as each person sees it: a table with what HTTP shows that person, and nothing more."""

import json
from typing import Final

import pytest

from deploy.clock import now
from tests.claiming import claiming
from tests.desk import Desk, ordered_by
from tests.issuer import OFFICE
from tests.workers.claims.test_claims import (
    APPROVER,
    CASEWORKER,
    CLAIM,
    MUNICIPALITY,
    REVISOR,
    TODAY,
    Run,
    alis,
    at,
    written,
)

__all__ = ["alis", "at"]
DOCTOR: Final = ("--as", "lege:9000001")
OF_OFFICE: Final = ("--as", "alis_office:ole")
AUDITOR: Final = ("--as", "kontrollør:kim")
TABLE: Final = ("--format", "table")


def table(alis: Run, *who: str) -> str:
    return alis("show", CLAIM, *TABLE, *who).replace("\u2009", " ")


def decided(at: Desk) -> None:
    """A claim of two doctors, of whom one got a part and the other nothing."""
    claim, _ = written(at)
    claim.do("approve")


def test_a_municipality_reads_its_claim_with_what_is_to_be_mended_and_no_proposal_before_it_is_approved(
    at: Desk, alis: Run
) -> None:
    written(at)
    told = table(alis, *MUNICIPALITY)
    assert told.startswith("Bodø (1804), tilskuddsperioden 2026: vedtak foreslått\n")
    for text in ("avtalen mangler", "legg ved avtalen", "beløpet er ikke forklart"):
        assert text in told
    assert told.count("Et vedtak ble foreslått.") == 2
    for hidden in ("Forslag til vedtak 2", "timelisten", "hele året fri", "1 000 kroner", "merknad: Legen mangler"):
        assert hidden not in told
    assert "Forslag til vedtak 2" in table(alis, *APPROVER)


def test_a_person_is_told_which_steps_he_or_she_can_take_and_why_not_the_others(at: Desk, alis: Run) -> None:
    claiming(at).opened()
    can, cannot = table(alis, *MUNICIPALITY).split("Kan gjøres nå (alis claim …):\n")[1].split("Kan ikke gjøres nå:\n")
    assert "  confirm-line           kommunen\n" in can
    assert "saksbehandleren" not in can
    assert "  Disse linjene er verken bekreftet eller fjernet: 9000001 og 9000002. Gjør det først.\n" in cannot
    told = table(alis, *AUDITOR)
    assert "Kan gjøres nå (alis claim …):\n  Ingenting.\n" in told
    steps = {each["step"]: each for each in json.loads(alis("show", CLAIM, *MUNICIPALITY))["steps"]}
    assert steps["confirm_line"]["possible"]
    assert steps["submit"]["detail"] in cannot


def test_a_caseworker_with_a_tie_is_told_so(at: Desk, alis: Run) -> None:
    claiming(at).submitted()
    said = {"type": "tie_declared", "person": "person:ada", "hpr": "9000001", "kind": "family", "first_day": str(TODAY)}
    at.casework.ties.register(said, now(), ordered_by("saksbehandler:bea"))
    assert "forvaltningsloven § 6" in table(alis, *CASEWORKER)
    assert "forvaltningsloven § 6" not in table(alis, "--as", "saksbehandler:bea")


def test_a_doctor_reads_the_own_line_alone_and_no_kroner_of_the_whole(at: Desk, alis: Run) -> None:
    claim, texts = written(at)
    for step in ("approve", "pay", "attach_document", "attest"):
        claim.do(step)
    told = table(alis, *DOCTOR)
    assert told.startswith("Bodø (1804), tilskuddsperioden 2026: attestert\n")
    assert "9000001 er delvis innvilget: kostnadene er ikke dokumentert, «timelisten for mai mangler»" in told
    for hidden in ("9000002", "oppgjort", "gjenstår", "utbetalt", "Kan gjøres", *texts[:1], texts[4]):
        assert hidden not in told
    other = alis("show", CLAIM, *TABLE, "--as", "lege:9000003", code=2)
    assert "finnes ikke" in other
    listed = json.loads(alis("list", *DOCTOR))["claims"]
    assert [(each["claim"], each["granted"], each["settled"]) for each in listed] == [(CLAIM, None, None)]
    assert json.loads(alis("list", "--as", "lege:9000003")) == {"claims": []}


def test_a_revisor_and_an_office_read_the_table_of_those_who_let_them_in(at: Desk, alis: Run) -> None:
    decided(at)
    assert "9000001 er delvis innvilget" in table(alis, *REVISOR)
    assert "rolle" in alis("show", CLAIM, *TABLE, *OF_OFFICE, code=2)
    invited = {"type": "office_invited", "first_day": str(TODAY), "organisation_number": OFFICE}
    at.casework.municipalities.register("1804", invited, now(), ordered_by("kommune:1804"))
    assert "9000001 er delvis innvilget" in table(alis, *OF_OFFICE)


@pytest.mark.parametrize("form", ["table", "json"])
def test_names_are_told_to_those_who_may_see_them(at: Desk, alis: Run, form: str) -> None:
    named = {"id": "n1", "type": "doctor_named", "name": "Biret Čáhppe", "hpr": "9000001"}
    at.records({**named, "recorded_at": "2026-01-01T00:00:00Z", "recorded_by": "kommune:1804"})
    decided(at)
    for who, told in ((MUNICIPALITY, True), (REVISOR, True), (CASEWORKER, True), (AUDITOR, False), (DOCTOR, False)):
        assert ("Čáhppe" in alis("show", CLAIM, "--format", form, *who)) == told, who


@pytest.mark.parametrize("what", ["show", "effect"])
def test_another_municipalitys_claim_is_as_one_that_is_not_there(at: Desk, alis: Run, what: str) -> None:
    decided(at)
    there = alis(what, CLAIM, "--as", "kommune:1839", code=2)
    not_there = alis(what, "1875-2026", "--as", "kommune:1839", code=2)
    assert there.replace(CLAIM, "") == not_there.replace("1875-2026", "")
    assert "finnes ikke" in there


def test_the_effect_is_a_table_for_a_municipality_and_for_the_doctor_of_the_line(at: Desk, alis: Run) -> None:
    decided(at)
    assert "Ingenting som er kjent nå, endrer vedtaket." in alis("effect", CLAIM, *TABLE, *MUNICIPALITY)
    own = alis("effect", CLAIM, *TABLE, *DOCTOR)
    assert own.startswith("1804-2026, vedtak 2: ")
    assert "oppgjort" not in own
