"""What can be read at the terminal as a person is what HTTP shows that person, by the same table of rights."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest

from deploy.clock import now
from domain.values.norwegian_time import norwegian_day
from projections.doctors.cost_coverage import CostCoverage
from projections.doctors.supervisors import Supervisors
from tests.desk import desk, ordered_by
from tests.issuer import FIRM, OFFICE, SUPPLIED, SUPPLIER, machine_token, settings
from tests.projections.house import House
from tests.scenario import BEIARN, BODO, Json, track

Run = Callable[..., str]
HERE, ELSEWHERE, SUPERVISOR = "9000001", "9000002", "9000101"
ROLES: Final = {
    "municipality": f"kommune:{BODO}",
    "doctor": f"lege:{HERE}",
    "alis_office": "alis_office:ole",
    "revisor": "revisor:eva",
    "caseworker": "saksbehandler:ada",
    "approver": "godkjenner:bo",
    "auditor": "kontrollør:kim",
    "rules": "regelverk:rut",
    "operator": "operator:dag",
}
MAY: Final = {
    "meters 9000001": "municipality doctor alis_office revisor caseworker approver auditor",
    "coverage --round 2026": "municipality alis_office revisor caseworker approver auditor rules",
    "supervisors": "municipality doctor alis_office revisor caseworker approver auditor",
    "posts": "municipality alis_office revisor caseworker approver auditor",
    "insight 9000001 innsyn.zip": "doctor caseworker",
    "access": "municipality doctor auditor",
}
"""From domain.md, «Rights», and not from the program."""


def of(hpr: str, municipality: str, post: str) -> list[Json]:
    """A doctor with a post, a name, costs and a supervisor, as the municipality registers it."""
    cost = {"municipality": municipality, "round": "2026", "element": "supervision", "kroner": 80_000}
    story = (
        track("2024-10-01", hpr=hpr)
        .position("p1", municipality, post=post)
        .agreement("a1", municipality)
        .add("doctor_named", name=f"Lege fra {municipality}")
        .add("costs_reported", **cost)
        .add("supervisor_assigned", supervisor=SUPERVISOR, first_day="2025-01-01")
    )
    return [fact | {"recorded_by": f"kommune:{municipality}"} for fact in story.facts]


@pytest.fixture(autouse=True)
def told(database_url: str) -> None:
    """A doctor in each of two municipalities, of which one lets a firm and an office in."""
    with desk(database_url) as opened:
        opened.publishes()
        at = House(opened.url, opened.store, opened.casework)
        at.imports([*of(HERE, BODO, "Sentrum"), *of(ELSEWHERE, BEIARN, "Moldjord")])
        at.levels([CostCoverage, Supervisors])
        for kind, number in (("revisor_engaged", FIRM), ("office_invited", OFFICE)):
            entry = {"type": kind, "first_day": str(norwegian_day(now())), "organisation_number": number}
            at.casework.municipalities.register(BODO, entry, now(), ordered_by(f"kommune:{BODO}"))


def refused(alis: Run, *arguments: object) -> str:
    """What is said to somebody who is refused, and shown nothing."""
    said = alis(*arguments, code=2)
    assert said.startswith("alis: "), "what is refused shows nothing"
    return said


def read(text: str) -> Any:  # noqa: ANN401 - whatever the program prints
    return json.loads(text)


@pytest.mark.parametrize("command", MAY)
def test_a_role_is_answered_what_it_may_and_refused_all_else(alis: Run, tmp_path: Path, command: str) -> None:
    for role, who in ROLES.items():
        if role in MAY[command].split():
            alis(*command.split(), "--as", who)
            (tmp_path / "innsyn.zip").unlink(missing_ok=True)
        else:
            assert "Dette kan bare" in refused(alis, *command.split(), "--as", who), (role, command)
            assert not (tmp_path / "innsyn.zip").exists()


def test_another_municipalitys_doctor_and_posts_are_as_those_that_are_not_there(alis: Run) -> None:
    own = ("--as", f"kommune:{BODO}")
    for asked, other, not_there in (
        (("meters",), ELSEWHERE, "9000009"),
        (("posts", "--municipality"), BEIARN, "9999"),
        (("posts", "--stability", "--municipality"), BEIARN, "9999"),
        (("supervisors", "--places", "--municipality"), BEIARN, "9999"),
    ):
        one, none = (refused(alis, *asked, each, *own).replace(each, "") for each in (other, not_there))
        assert one == none
    assert "9000002" in refused(alis, "insight", ELSEWHERE, "x.zip", "--as", f"lege:{HERE}")


def test_what_a_municipality_reads_has_nothing_of_another(alis: Run) -> None:
    own = ("--as", f"kommune:{BODO}")
    for asked in (("posts",), ("supervisors",), ("meters", HERE), ("access",), ("posts", "--stability")):
        for form in ("table", "json"):
            told = alis(*asked, "--format", form, *own)
            assert not [each for each in (ELSEWHERE, BEIARN, "Moldjord", "Beiarn") if each in told], asked
    assert "Lege fra 1804" in alis("posts", "--format", "table", *own)
    places = alis("supervisors", "--places", "--format", "table", *own)
    assert places.startswith("Ledige plasser med veileder")
    assert "--municipality" in refused(alis, "supervisors", "--places", "--as", f"lege:{HERE}")


def test_a_doctor_reads_by_whom_he_or_she_is_guided_and_whom_else_that_is_not_told(alis: Run) -> None:
    [found] = read(alis("supervisors", "--as", f"lege:{HERE}"))
    assert [each["hpr"] for there in found["municipalities"] for each in there["doctors"]] == [HERE]
    assert read(alis("meters", HERE, "--as", f"lege:{HERE}"))["hpr"] == HERE
    assert "9000002" in refused(alis, "meters", ELSEWHERE, "--as", f"lege:{HERE}")


def test_names_and_figures_about_few_are_shown_to_those_who_may_see_them(alis: Run) -> None:
    for who, named in (("saksbehandler:ada", True), ("kontrollør:kim", False), ("alis_office:ole", False)):
        assert ("Lege fra 1804" in alis("posts", "--format", "table", "--as", who)) == named, who
    for who, whole in (("saksbehandler:ada", True), ("godkjenner:bo", False), (f"kommune:{BODO}", False)):
        elements = read(alis("coverage", "--round", "2026", "--as", who))["elements"]
        assert (elements[0]["whole"]["lines"] is not None) == whole, who
        figures = read(alis("posts", "--stability", "--as", who))["whole"]["figures"]
        assert (figures is not None) == whole, who


def test_a_municipality_reads_who_read_its_cases_and_a_doctor_who_read_the_doctor(alis: Run) -> None:
    alis("posts", "--as", f"kommune:{BODO}")
    alis("meters", ELSEWHERE)
    alis("meters", HERE, "--as", "saksbehandler:ada")
    own = read(alis("access", "--as", f"kommune:{BODO}"))["entries"]
    assert [(each["operation"], each["position"]) for each in own] == [("posts.read", None)]
    mine = read(alis("access", "--as", f"lege:{HERE}"))["entries"]
    assert [each["operation"] for each in mine] == ["access.read", "facts.read", "posts.read"]
    assert {number for each in mine for number in each["doctors"]} == {HERE}
    whole = read(alis("access", "--as", "kontrollør:kim"))["entries"]
    assert [each["operation"] for each in whole][:2] == ["access.read", "access.read"]
    assert whole[0]["position"] == 5
    assert (
        read(alis("access", "--by-role", "caseworker", "--as", "kontrollør:kim"))["entries"][0]["role"] == "caseworker"
    )


def test_a_role_is_chosen_for_a_person_and_never_for_nobody(alis: Run) -> None:
    said = refused(alis, "posts", "--role", "caseworker")
    assert said == "alis: --role, --organisation og --purpose gjelder den du er; si hvem, med --as eller ALIS_TOKEN.\n"


def test_a_suppliers_machine_is_logged_with_the_supplier(
    alis: Run, monkeypatch: pytest.MonkeyPatch, database_url: str
) -> None:
    monkeypatch.setenv("ALIS_TOKEN", machine_token(SUPPLIED))
    monkeypatch.setenv("ALIS_ISSUERS_FILE", settings()["ALIS_ISSUERS_FILE"])
    alis("meters", HERE)
    with desk(database_url) as at:
        [found] = at.asks("SELECT subject, municipality, on_behalf_of FROM access_log")
    assert found == {"subject": f"kommune:{BODO}", "municipality": BODO, "on_behalf_of": SUPPLIER}


def test_an_auditor_who_says_why_is_told_names_and_the_reason_is_logged(alis: Run, database_url: str) -> None:
    asked = ("posts", "--format", "table", "--as", "kontrollør:kim", "--purpose", "Stikkprøve 12")
    assert "Lege fra 1804" in alis(*asked)
    with desk(database_url) as at:
        assert at.asks("SELECT role, reason FROM access_log") == [{"role": "auditor", "reason": "Stikkprøve 12"}]
    with pytest.raises(SystemExit, match="2"):
        alis("posts", "--as", "kontrollør:kim", "--purpose", " ")
