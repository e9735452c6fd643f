"""`alis claim` as people run it, and the claim that the demonstration shows."""

import hashlib
import json
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any, Final

import pytest
import structlog

from deploy.clock import now
from deploy.settings import Settings
from domain.casework.commands.commands import Actor
from domain.claim.parts.status import Status
from domain.claim.steps.handling.assess import Assess
from domain.claim.steps.handling.reopen import Reopen
from domain.values.norwegian_time import norwegian_day
from domain.values.streams import track_id
from domain.values.words import grouped
from projections.claims.claim_history import history
from projections.claims.claims import events_of
from tests.claiming import Claiming, claiming
from tests.desk import Desk, desk, ordered_by
from tests.issuer import FIRM
from tests.scenario import full_time, track
from tests.workers.test_cli import KEY, main_as
from workers.running.demonstrated_claim import live
from workers.running.demonstration import demonstrate
from workers.shell.session import Session, command

CLAIM: Final = "1804-2026"
TODAY: Final = norwegian_day(now())
MUNICIPALITY: Final = ("--as", "kommune:1804")
CASEWORKER: Final = ("--as", "saksbehandler:ada")
APPROVER: Final = ("--as", "godkjenner:bo")
REVISOR: Final = ("--as", "revisor:ciri")
ENGAGED: Final = {"type": "revisor_engaged", "first_day": str(TODAY), "organisation_number": FIRM}
STATEMENT: Final = (
    "grant_scheme=Nasjonal ALIS og veiledning",
    "budget_item=Kap. 762 post 63",
    "addressee=Helsedirektoratet",
    'control_actions=["Avtalen er lest."]',
    "place=Bodø",
    f"signed_on={TODAY}",
    "name=Ciri",
    "firm=Revisjon Nord",
)
Run = Callable[..., str]


@pytest.fixture
def at(database_url: str) -> Iterator[Desk]:
    """A municipality with two doctors, of whom one has no month that counts."""
    with desk(database_url) as made:
        made.publishes()
        made.casework.municipalities.register("1804", ENGAGED, now(), ordered_by("kommune:1804"))
        made.imports(full_time().facts)
        made.imports(track("2024-10-01", hpr="9000002").position("p1").leave("l1", "2024-10-01", "2027-01-31").facts)
        yield made


@pytest.fixture
def alis(at: Desk, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Run]:
    """Run a command under `alis claim` here, and give what it printed."""
    monkeypatch.setenv("ALIS_DATABASE_URL", at.url)
    monkeypatch.setenv("ALIS_MASTER_KEY", KEY)

    def run(*arguments: object, code: int = 0) -> str:
        capsys.readouterr()
        ended = main_as(["claim", *arguments], monkeypatch)
        said = capsys.readouterr()
        assert ended == code, said
        return said.out if code == 0 else said.err

    yield run
    structlog.reset_defaults()


def shown(alis: Run) -> Any:  # noqa: ANN401 - whatever the program prints
    return json.loads(alis("show", CLAIM))


def test_a_claim_is_taken_from_opening_to_closing(alis: Run, tmp_path: Path) -> None:
    file = tmp_path / "avtale.txt"
    file.write_text("ALIS-avtale for Kari Nordmann")
    opened = json.loads(alis("open", CLAIM, *MUNICIPALITY))
    assert (opened["claim"], opened["version"]) == (CLAIM, 2)
    assert alis("confirm-line", CLAIM, *MUNICIPALITY, "--format", "table").count("ble bekreftet") == 1
    alis("attach-document", CLAIM, f"file={file}", "kind=agreement", "hpr=9000001", *MUNICIPALITY)
    alis("submit", CLAIM, "name=Kari Nordmann", *MUNICIPALITY)
    alis("assess", CLAIM, *CASEWORKER)
    refused = '[{"hpr": "9000002", "outcome": "refused", "kroner": 0, "reason_code": "other", "reason": "Fravær."}]'
    alis("propose", CLAIM, f"lines={refused}", *CASEWORKER)
    alis("approve", CLAIM, *APPROVER)
    alis("pay", CLAIM, f"paid_on={TODAY}", "organisation_number=972418013", "account=12345678903", *CASEWORKER)
    alis("request-attestation", CLAIM, "revisor=person:ciri", *CASEWORKER)
    digest = next(each["event"] for each in shown(alis)["history"] if "document" in each["event"])
    assert digest == "claim.document-attached.v1"
    document = f'attested=[{{"what": "avtalen", "document": "{_digest_of(file)}"}}]'
    alis("attest", CLAIM, document, *STATEMENT, *REVISOR)
    alis("accept-report", CLAIM, *CASEWORKER)
    alis("close", CLAIM, *CASEWORKER)
    whole = shown(alis)
    assert (whole["status"], whole["outstanding"], whole["settled"]) == ("closed", 0, whole["granted"])
    assert [line["outcome"] for line in whole["lines"]] == ["granted", "refused"]
    assert [each["step"] for each in whole["steps"] if each["possible"]] == ["reopen"]
    assert all(each["code"] and each["detail"].endswith(".") for each in whole["steps"] if not each["possible"])


def test_a_claim_as_a_table_says_where_the_revisor_no_longer_has_signed_what_holds(at: Desk, alis: Run) -> None:
    claim = claiming(at).assessed()
    why = {"reason_code": "conditions_not_met", "reason": "ingen måned teller"}
    claim.do("propose", lines=[{"hpr": "9000002", "outcome": "refused", "kroner": 0, **why}])
    for step in ("approve", "pay", "attach_document", "attest"):
        claim.do(step)
    before = alis("show", CLAIM, "--format", "table")
    assert "bekreftet\n" in before
    assert "gjelder ikke lenger" not in before
    at.records(full_time().known("2026-08-20").leave("l1", "2026-01-01", "2026-01-31").facts[-1])
    after = alis("show", CLAIM, "--format", "table")
    [line] = [each for each in after.splitlines() if each.startswith("9000001")]
    assert line.endswith("gjelder ikke lenger")


def test_a_cost_is_reported_with_options_and_shown_with_what_others_paid(alis: Run) -> None:
    alis("open", CLAIM, *MUNICIPALITY)
    line = ("report-costs", CLAIM, "hpr=9000001", "project_code=4711", *MUNICIPALITY, "--element", "supervision")
    told = alis(*line, "--kind", "travel", "--gross", 60_000, "--funding", "fond2=2500", "--format", "table")
    assert "veiledning (reise) 57\u2009500 kroner (brutto 60\u2009000 kroner og 2\u2009500 kroner fra Fond II)" in told
    alis(*line, "--kind", "course", "--kroner", 500)
    table = alis("show", CLAIM, "--format", "table")
    [head, travel, _, both] = table[table.index("Kostnader som er kjent:") :].splitlines()[1:5]
    assert head.split() == ["HPR-nummer", "element", "type", "prosjekt", "brutto", "dekket", "av", "andre", "netto"]
    assert " ".join(travel.split()) == "9000001 veiledning reise 4711 60 000 Fond II 2 500 57 500"
    assert " ".join(both.split()) == "9000001 veiledning i alt 58 000"
    [shows, _] = shown(alis)["lines"]
    assert [(each["kind"], each["kroner"]) for each in shows["costs"]] == [("travel", 57_500), ("course", 500)]
    assert shows["net_costs"] == {"supervision": 58_000}


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--gross", "100", "--funding", "fond2=200"], "brutto kostnad minus annen finansiering"),
        (["--kroner", "100", "--funding", "fond2=50"], "uten brutto kostnad"),
        (["--kroner", "100", "--funding", "fond2"], "kilde=kroner"),
        (["--kroner", "100", "--funding", "lotto=50"], "fond2, folketrygden, other"),
        (["--kroner", "100", "--kind", "mat"], "supervisor_fee, locum"),
        (["--kind", "travel"], "kroner"),
    ],
)
def test_a_cost_that_is_not_right_is_refused_with_what_is_wrong(alis: Run, options: list[str], said: str) -> None:
    alis("open", CLAIM, *MUNICIPALITY)
    fields = ("hpr=9000001", "project_code=4711", "--element", "supervision")
    assert said in alis("report-costs", CLAIM, *fields, *options, *MUNICIPALITY, code=2)


def written(at: Desk) -> tuple[Claiming, list[str]]:
    """A claim in which each step was explained, up to its report, and all that was written."""
    claim = claiming(at).submitted()
    remark = {"hpr": "9000001", "remark": "legg ved avtalen"}
    claim.do("return", reason="avtalen mangler", lines=[remark])
    claim.do("submit")
    claim.do("assess")
    nothing = {"hpr": "9000002", "outcome": "refused", "kroner": 0, "reason_code": "other", "reason": "hele året fri"}
    partly = {"hpr": "9000001", "outcome": "partly_granted", "kroner": 1_000, "reason_code": "costs_not_documented"}
    claim.do("propose", lines=[nothing, {**partly, "reason": "timelisten mangler"}])
    claim.do("send_back", reason="beløpet er ikke forklart")
    claim.do("propose", lines=[nothing, {**partly, "reason": "timelisten for mai mangler"}])
    texts = ["avtalen mangler", "legg ved avtalen", "hele året fri", "timelisten mangler", "beløpet er ikke forklart"]
    return claim, [*texts, "timelisten for mai mangler", "Kari Nordmann"]


def test_all_that_people_wrote_is_shown_from_then_on_and_what_was_erased_says_so(at: Desk, alis: Run) -> None:
    claim, texts = written(at)
    for step in ("approve", "pay", "attach_document", "attest"):
        claim.do(step)
        for format_of in ("table", "json"):
            said = alis("show", CLAIM, "--format", format_of)
            assert [text for text in texts if text not in said] == []
    assert "avtalen er lest" in alis("show", CLAIM, "--format", "table"), "a control action"
    at.asks("DELETE FROM doctor_keys WHERE doctor = %s", track_id("9000001"))
    erased = alis("show", CLAIM, "--format", "table")
    assert "9000001 er delvis innvilget: kostnadene er ikke dokumentert, «(slettet)»" in erased
    assert "hele året fri" in erased


def test_a_proposal_is_shown_line_by_line_to_whoever_is_to_approve_it(at: Desk, alis: Run) -> None:
    written(at)
    told = alis("show", CLAIM, "--format", "table").replace("\u2009", " ")
    proposal = told.split("Forslag til vedtak 2 av saksbehandler ab: 1 000 kroner\n")[1].split("\n\n")[0]
    assert proposal.splitlines()[1].split() == [
        "9000001", "alt", "delvis", "innvilget", "378", "656", "378", "656", "1", "000", "–",
    ]  # fmt: skip
    assert "9000001 delvis innvilget: kostnadene er ikke dokumentert, «timelisten for mai mangler»" in proposal
    assert "9000001 merknad: Legen mangler godkjent veileder" in proposal
    [*_, decision] = json.loads(alis("show", CLAIM, "--format", "json"))["decisions"]
    assert [line["granted"] for line in decision["lines"]] == [1_000, 0]
    assert decision["lines"][0]["findings"]


def _digest_of(file: Path) -> str:

    return f"sha256:{hashlib.sha256(file.read_bytes()).hexdigest()}"


def test_one_claim_is_shown_with_what_can_be_done_now_and_by_whom(alis: Run) -> None:
    alis("open", CLAIM, *MUNICIPALITY)
    text = alis("show", CLAIM, "--format", "table")
    assert text.startswith("Bodø (1804), tilskuddsperioden 2026: åpnet\n")
    assert "9000001     alt (foreslått)" in text
    assert "  confirm-line           kommunen\n" in text
    can, cannot = text.split("Kan ikke gjøres nå:\n")
    assert "  submit" not in can, "no line is confirmed yet"
    assert (
        "  Disse linjene er verken bekreftet eller fjernet: 9000001 og 9000002. Gjør det først.\n    submit\n" in cannot
    )
    assert cannot.count("Søknaden er ikke sendt inn ennå") == 1, "each reason is told once, for all its steps"
    assert re.search(r"\n    return,.* assess\n", cannot)
    assert "Søknaden for tilskuddsperioden 2026 ble åpnet." in text


def test_a_limit_is_shown_with_who_made_it_and_why_and_confirming_all_lines_limits_none(alis: Run) -> None:
    alis("open", CLAIM, *MUNICIPALITY)
    limit = ("hpr=9000001", "applied.last_month=2025-12", "reason=vikar fra januar")
    alis("confirm-line", CLAIM, *limit, *MUNICIPALITY)
    alis("confirm-line", CLAIM, *MUNICIPALITY)
    text = alis("show", CLAIM, "--format", "table")
    assert "9000001     alt      til og med desember 2025" in text
    assert "9000002     alt      alle" in text
    assert "9000001 er avgrenset av Bodø (1804) " in text
    assert ": vikar fra januar\n" in text
    limited, free = json.loads(alis("show", CLAIM))["lines"]
    assert (limited["last_month"], limited["limited_by"]) == ("2025-12", MUNICIPALITY[1])
    assert limited["limit_reason"] == "vikar fra januar"
    assert (free["last_month"], free["limited_by"], free["limit_reason"]) == (None, None, None)


def test_what_becomes_known_after_the_decision_is_shown_with_its_effect(alis: Run, at: Desk) -> None:
    alis("open", CLAIM, *MUNICIPALITY)
    assert "Det er ikke fattet noe vedtak ennå" in alis("effect", CLAIM, code=2)
    for step, who, *fields in (
        ("confirm-line", MUNICIPALITY),
        ("remove-line", MUNICIPALITY, "hpr=9000002"),
        ("submit", MUNICIPALITY, "name=Kari"),
        ("assess", CASEWORKER),
        ("propose", CASEWORKER),
        ("approve", APPROVER),
    ):
        alis(step, CLAIM, *fields, *who)
    assert "Ingenting som er kjent nå, endrer vedtaket." in alis("effect", CLAIM, "--format", "table")
    at.imports(full_time().known("2026-08-20").leave("l1", "2026-01-10", "2026-02-05").facts[-1:])
    told = alis("effect", CLAIM, "--format", "table").replace("\u2009", " ").splitlines()
    assert told[0] == "1804-2026, vedtak 1: 378 656 kroner, 0 oppgjort"
    assert told[1] == "Slik vi vet det nå: 315 547 kroner; 315 547 kroner mer å betale"
    assert told[3] == "9000001: 378 656 → 315 547, tidligst januar 2026"
    assert told[5].split() == ["januar", "2026", "31", "554", "0", "\u221231", "554"]
    assert told[7] == "\u221263 109 kroner: permisjon eller annet fravær («4») for 9000001"
    assert told[8].startswith("Uendret fra juni 2025 til desember 2025: sha256:")
    whole = json.loads(alis("effect", CLAIM, "--format", "json"))
    assert (whole["difference"], whole["first_month"], whole["statements"]) == (-63_109, "2026-01", [])


def test_claims_are_listed_by_municipality_round_and_status(alis: Run) -> None:
    assert alis("list", "--format", "table") == "Ingen tilskuddssøknader.\n"
    alis("open", CLAIM, *MUNICIPALITY)
    alis("open", "1839-2026", "--as", "kommune:1839")
    assert [each["claim"] for each in json.loads(alis("list"))["claims"]] == [CLAIM, "1839-2026"]
    assert "1839-2026  åpnet" in alis("list", "--municipality", "1839", "--format", "table")
    for none in (("--round", "2024"), ("--status", "paid"), ("--municipality", "0301")):
        assert json.loads(alis("list", *none)) == {"claims": []}


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("show", CLAIM), "Tilskuddssøknaden «1804-2026» finnes ikke."),
        (("submit", CLAIM, "name=Kari", *CASEWORKER), "bare kommunen"),
        (("open", CLAIM), "Si hvem du er, med --as eller ALIS_TOKEN."),
        (("open", CLAIM, "name", *MUNICIPALITY), "felt=verdi"),
        (("submit", CLAIM, *MUNICIPALITY), "Feltet «name» mangler"),
        (("propose", CLAIM, "lines=[{", *CASEWORKER), "ikke gyldig JSON"),
        (("attach-document", CLAIM, "file=/finnes/ikke.pdf", "kind=other", *MUNICIPALITY), "kan ikke leses"),
        (("attach-document", CLAIM, f"file={__file__}", "kind=other", *MUNICIPALITY), "må være PDF"),
        (("assess", CLAIM, *CASEWORKER), "finnes ikke"),
    ],
)
def test_what_cannot_be_done_is_told_in_a_sentence(alis: Run, arguments: tuple[str, ...], says: str) -> None:
    assert says in alis(*arguments, code=2)


def test_a_document_larger_than_the_setting_is_refused(alis: Run, tmp_path: Path) -> None:
    file = tmp_path / "stor.txt"
    file.write_bytes(b"x" * (Settings().document_max_bytes + 1))
    alis("open", CLAIM, *MUNICIPALITY)
    said = alis("attach-document", CLAIM, f"file={file}", "kind=other", *MUNICIPALITY, code=2)
    assert f"større enn {grouped(10_485_760)} byte" in said


def life(at: Desk) -> list[str]:
    """What happened in the claim, as a person reads it."""
    return [each.said for each in history(events_of(at.casework.claims.events(CLAIM)))]


def test_the_demonstration_takes_one_claim_through_its_life_once(at: Desk) -> None:
    live(at.casework, "1804", "2026")
    first = life(at)
    assert first[0] == "Søknaden for tilskuddsperioden 2026 ble åpnet."
    assert "To søknadslinjer ble bekreftet: alt som er beregnet." in first
    assert first[-1] == "Søknaden ble avsluttet."
    head = at.store.last_position()
    live(at.casework, "1804", "2026")
    assert (life(at), at.store.last_position()) == (first, head), "nothing is done twice"
    assert at.casework.claims.repeat(CLAIM).identical


def test_demonstrations_at_once_take_each_step_once(at: Desk) -> None:
    with ThreadPoolExecutor() as pool:
        list(pool.map(lambda _: live(at.casework, "1804", "2026"), range(4)))
    told = life(at)
    assert [line for line in told if "attesterte" in line][1:] == []
    assert told[-1] == "Søknaden ble avsluttet."


def demonstrated(at: Desk) -> str:
    at.publishes()
    return demonstrate(Session(at.casework, at.store, at.url, at.url))


def test_the_demonstration_says_the_same_each_time_and_does_nothing_twice(database_url: str) -> None:
    with desk(database_url) as at:
        first, head = demonstrated(at), at.store.last_position()
    with desk(database_url) as at:
        assert (demonstrated(at), at.store.last_position()) == (first, head)
    assert "339 opplysninger om 66 oppdiktede leger" in first
    assert "  ada                       Ada Lie, saksbehandler i Helsedirektoratet\n" in first


def test_the_demonstration_decides_in_spring_learns_in_autumn_and_leaves_the_rest_to_people(database_url: str) -> None:
    with desk(database_url) as at:
        demonstrated(at)
        claims = at.casework.claims
        paid = claims.claim("1875-2026").state
        assert (paid.status, paid.settled, paid.settled_on) == (Status.PAID, 925_850, date(2026, 4, 30))
        effect = claims.effect("1875-2026")
        assert effect
        assert effect.would_grant == 1_012_648
        for step in (Reopen(reason="Meldt i høst."), Assess()):
            claims.do("1875-2026", step, command(Actor.acting("saksbehandler:ada"), "terminal"), now())
        demonstrated(at)
        assert claims.claim("1875-2026").state.status is Status.ASSESSED


def test_a_demonstration_whose_examples_were_erased_or_changed_since_goes_on(database_url: str) -> None:
    with desk(database_url) as at:
        said = demonstrated(at)
        at.erases("9000048")
    with desk(database_url) as at:
        assert demonstrated(at) == said


@pytest.mark.parametrize("steps", [1, 4, 8])
def test_a_demonstration_that_was_broken_off_goes_on(at: Desk, monkeypatch: pytest.MonkeyPatch, steps: int) -> None:
    monkeypatch.setattr("workers.running.demonstrated_claim._MOST_STEPS", steps)
    live(at.casework, "1804", "2026")
    monkeypatch.setattr("workers.running.demonstrated_claim._MOST_STEPS", 100)
    live(at.casework, "1804", "2026")
    assert life(at)[-1] == "Søknaden ble avsluttet."
