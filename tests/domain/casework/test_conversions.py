"""The wave of conversions: who waits, what a conversion would give, and many converted in one command."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Final

import pytest

from deploy.clock import new_id, now
from domain.casework.commands.commands import Actor, Command
from domain.casework.conversions.conversion import Converted, ConvertedDoctor, Wanted
from domain.casework.conversions.conversions import Waiting
from domain.rulebook.release import rule_set_from_file
from tests.claiming import claiming
from tests.desk import Desk, command, desk, ordered_by, refusal
from tests.options import NEWER_TOML
from tests.scenario import BEIARN, BODO, Told, track

TODAY: Final = date(2026, 3, 1)
ON: Final = date(2026, 1, 1)
BODO_SAYS: Final = "kommune:1804"


@pytest.fixture
def at(database_url: str) -> Iterator[Desk]:
    with desk(database_url) as opened:
        opened.publishes()
        yield opened


def old(hpr: str = "9000001", municipality: str = BODO, **more: object) -> Told:
    """A doctor on a track of the old scheme, with a full-time post and an agreement."""
    return track("2024-09-01", "old", hpr=hpr).position("p1", municipality, None, **more).agreement("a1", municipality)


def waiting(at: Desk, municipality: str | None = None, on: date = ON, today: date = TODAY) -> dict[str, list[str]]:
    found = at.casework.conversions.waiting(on, today, municipality)
    return {each.municipality: list(each.doctors) for each in found}


def effects(at: Desk, municipality: str = BODO, on: date = ON) -> list[ConvertedDoctor]:
    conversions = at.casework.conversions
    [found] = conversions.waiting(on, TODAY, municipality)
    assert isinstance(found, Waiting)
    return list(conversions.effect(found, on, conversions.rule_sets()).doctors)


def by(subject: str, key: object = None) -> Command:
    return replace(command(key, command_id=None if key is None else KEY), actor=Actor.named(subject))


KEY: Final = new_id()


def convert(at: Desk, *doctors: str, subject: str = "saksbehandler:ada", reason: str | None = "avvikles") -> Converted:
    return at.casework.conversions.convert(Wanted(ON, doctors, reason), by(subject), now())


def outcomes(done: Converted) -> list[tuple[str, str, str | None]]:
    return [(each["hpr"], each["outcome"], each.get("code")) for each in done.results]


def test_whoever_has_a_post_on_an_old_track_that_is_not_converted_waits(at: Desk) -> None:
    at.imports(
        [
            *old("9000001").facts,
            *old("9000002").add("track_converted", on="2025-09-01").facts,
            *track("2024-09-01", hpr="9000003").position("p1").facts,
            *old("9000004", last_day="2026-02-28").facts,
            *old("9000005", BEIARN, last_day="2026-03-01").facts,
            *old("9000006").add("track_discontinued", on="2025-12-31").facts,
            *old("9000007").add("track_discontinued", on="2025-12-31").started("2026-01-01").facts,
            *track("2024-09-01", "old", hpr="9000008").position("p1", first="2026-09-01").facts,
            *track("2024-09-01", "old", hpr="9000009").facts,
        ]
    )
    assert waiting(at) == {BODO: ["9000001", "9000008"], BEIARN: ["9000005"]}
    assert waiting(at, BEIARN) == {BEIARN: ["9000005"]}
    assert waiting(at, on=date(2026, 12, 31)) == {BODO: ["9000001", "9000008"]}
    assert refusal(lambda: waiting(at, "9999")) == "unknown-municipality"


def test_a_withdrawn_conversion_lets_a_doctor_wait_again_and_a_corrected_scheme_does_not(at: Desk) -> None:
    converted = old("9000001").add("track_converted", on="2025-09-01")
    at.imports([*converted.withdrawn("4").facts, *old("9000002").corrected("1", scheme="new").facts])
    assert waiting(at) == {BODO: ["9000001"]}


def test_a_doctor_with_posts_in_two_municipalities_waits_in_both(at: Desk) -> None:
    at.imports(old().position("p2", BEIARN, percent=50).facts)
    assert waiting(at) == {BODO: ["9000001"], BEIARN: ["9000001"]}
    [doctor] = effects(at, BEIARN)
    assert {line.municipality for line in doctor.lines} == {BEIARN}


def test_the_window_is_reckoned_from_the_start_of_the_track_and_not_from_the_conversion(at: Desk) -> None:
    at.imports(old().facts)
    [doctor] = effects(at)
    [line] = [each.as_json() for each in doctor.lines]
    assert (line["round"], line["window"]) == ("2026", {"first_month": "2024-09", "last_month": "2026-08"})
    assert line["counted"]["after"] == {"agreement": 5, "guidance_only": 0, "none": 7}
    # five of twelve months of 378 656 kroner, rounded once
    assert line["kroner"] == {"before": 0, "after": 157_773, "difference": 157_773}
    assert line["productivity"] == {"before": 0, "after": 5}


def test_what_a_conversion_would_give_is_what_it_gives_once_it_is_recorded(at: Desk) -> None:
    at.imports([*old("9000001").facts, *old("9000002", percent=60).leave("l1", "2026-04-10", "2026-05-02").facts])
    told = {each.hpr: each.lines[0].kroner["after"] for each in effects(at)}
    convert(at, "9000001", "9000002")
    given = {line["hpr"]: line["total"] for line in at.replays(BODO)["lines"]}
    assert told == given
    assert all(given.values())


def test_a_round_without_rates_is_told_with_what_is_missing(at: Desk) -> None:
    at.imports(old().facts)
    lines = {line.rules.round.id: line.as_json() for each in effects(at, on=date(2025, 1, 1)) for line in each.lines}
    assert lines["2025"]["kroner"] == {"before": 0, "after": None, "difference": None}
    assert "productivity" in lines["2025"]["missing"]
    assert lines["2026"]["kroner"]["difference"] == 378_656


def test_a_day_after_every_round_touches_none_and_a_draft_can_stand_in_for_the_next(at: Desk, tmp_path: Path) -> None:
    at.imports(old().facts)
    day, conversions = date(2026, 12, 31), at.casework.conversions
    [found] = conversions.waiting(day, TODAY)
    assert conversions.effect(found, day, conversions.rule_sets()).doctors[0].lines == ()
    file = tmp_path / "2027.toml"
    file.write_text(
        'extends = "nasjonal-alis-2026-provisional"\nid = "prøve-2027"\ntitle = "Prøve"\nstatus = "draft"\n'
        f'[round]\nid = "2027"\nfirst_day = 2026-06-01\nlast_day = 2027-05-31\n{NEWER_TOML}',
        "utf-8",
    )
    draft = rule_set_from_file(str(file))
    [line] = conversions.effect(found, day, conversions.rule_sets(draft)).doctors[0].lines
    assert (line.rules.id, line.as_json()["counted"]["after"]["agreement"]) == ("prøve-2027", 5)


def test_one_who_cannot_be_converted_stops_none_of_the_others(at: Desk) -> None:
    at.imports([*old("9000001").facts, *track("2024-09-01", hpr="9000002").facts, *old("9000003").facts])
    at.imports(track("2026-06-01", "old", hpr="9000004").facts)
    done = convert(at, "9000001", "9000002", "9000099", "9000004", "9000003", "9000001")
    assert outcomes(done) == [
        ("9000001", "converted", None),
        ("9000002", "already_converted", "already-new-scheme"),
        ("9000099", "refused", "unknown-doctor"),
        ("9000004", "refused", "no-track"),
        ("9000003", "converted", None),
    ]
    assert [each for each in at.log() if each[1] == done.results[0]["fact"]] == [
        ("9000001", done.results[0]["fact"]),
        ("9000003", done.results[0]["fact"]),
    ]


def test_a_day_before_the_conversion_that_is_recorded_is_a_correction(at: Desk) -> None:
    at.imports([*old("9000001").add("track_converted", on="2026-09-01").facts, *old("9000002").facts])
    done = convert(at, "9000001", "9000002")
    assert outcomes(done) == [
        ("9000001", "already_converted", "conversion-recorded"),
        ("9000002", "converted", None),
    ]
    assert "fra 1. september 2026." in done.results[0]["detail"]


def test_a_repeated_command_gets_its_first_answer_and_a_new_one_stores_nothing(at: Desk) -> None:
    at.imports(old().facts)
    wanted = Wanted(ON, ("9000001", "9000002"), "avvikles")
    first = at.casework.conversions.convert(wanted, by("saksbehandler:ada", "wave"), now())
    stored = at.log()
    at.imports(old("9000002").facts)
    again = at.casework.conversions.convert(wanted, by("saksbehandler:ada", "wave"), now())
    assert (
        outcomes(again) == outcomes(first) == [("9000001", "converted", None), ("9000002", "refused", "unknown-doctor")]
    )
    other = Wanted(ON, ("9000001",), "avvikles")
    reused = by("saksbehandler:ada", "another request")
    assert refusal(lambda: at.casework.conversions.convert(other, reused, now())) == "command-id-reused"
    assert outcomes(convert(at, "9000001")) == [("9000001", "already_converted", "already-new-scheme")]
    assert at.log()[: len(stored)] == stored
    assert sum(id_ == first.results[0]["fact"] for _, id_ in at.log()) == 1


def test_a_caseworker_says_why_and_the_reason_is_kept_sealed_with_the_fact(at: Desk) -> None:
    at.imports(old().facts)
    assert refusal(lambda: convert(at, "9000001", reason=" ")) == "conversion-without-reason"
    convert(at, "9000001", reason="Legen ba om det.")
    fact = at.casework.doctor("9000001")[-1].event
    assert fact.model_dump()["reason"] == "Legen ba om det."
    rows = at.asks("SELECT payload FROM events WHERE topic = 'track.converted.v1'")
    assert len(rows) == 1
    assert b"Legen" not in bytes(rows[0]["payload"])
    at.erases("9000001")
    assert "Legen" not in str(at.casework.doctor("9000001")[-1].event)


def test_a_municipality_converts_those_with_a_post_there_and_no_others(at: Desk) -> None:
    at.imports([*old("9000001").facts, *old("9000002", BEIARN).facts, *old("9000003", last_day="2025-12-31").facts])
    done = convert(at, "9000001", "9000002", "9000003", "9000099", subject=BODO_SAYS, reason=None)
    assert [outcome for _, outcome, _ in outcomes(done)] == ["converted", "refused", "refused", "refused"]
    details = {each["detail"].replace(each["hpr"], "…") for each in done.results[1:]}
    assert details == {"Ingen lege med HPR-nummer … er registrert."}
    for role in ("revisor:rita", "approver:bo", "lege:lin", "operator:drift"):
        assert refusal(lambda role=role: convert(at, "9000002", subject=role)) == "wrong-role"  # type: ignore[misc]


@pytest.mark.parametrize("code", ["1507", "1508"])
def test_a_municipality_is_told_and_converts_the_same_by_a_code_that_has_ended(at: Desk, code: str) -> None:
    for hpr, municipality in (("9000001", "1507"), ("9000002", "1508"), ("9000003", "1580")):
        at.imports(old(hpr, municipality).facts)
    assert waiting(at, code) == {"1508": ["9000001", "9000002"]}
    done = convert(at, "9000001", "9000002", "9000003", "9000077", subject=f"kommune:{code}")
    assert [outcome for _, outcome, _ in outcomes(done)] == ["converted", "converted", "refused", "refused"]
    assert [code for _, _, code in outcomes(done)][2:] == ["unknown-doctor", "unknown-doctor"]


def test_a_preview_names_the_claims_that_would_be_touched(at: Desk) -> None:
    at.imports([*track("2024-09-01", hpr="9000009").position("p1").agreement("a1").facts, *old().facts])
    claiming(at).assessed()
    conversions, wanted = at.casework.conversions, Wanted(ON, ("9000001",))
    [found] = conversions.preview(wanted, conversions.rule_sets(), ordered_by("saksbehandler:ada"), now())
    [claim] = found.as_json()["claims"]
    assert (claim["claim"], claim["hpr"], claim["kroner"]["after"]) == ("1804-2026", "9000001", 157_773)
    assert [each["what"] for each in claim["touches"]] == ["assessment"]


def test_a_preview_is_judged_as_the_command_and_stores_nothing(at: Desk) -> None:
    at.imports([*old("9000001").position("p2", BEIARN, percent=50).facts, *old("9000002", BEIARN).facts])
    conversions, wanted = at.casework.conversions, Wanted(ON, ("9000001", "9000002"))
    ours = conversions.preview(wanted, conversions.rule_sets(), ordered_by(BODO_SAYS), now())
    assert [(each.hpr, each.refusal and each.refusal.code) for each in ours] == [
        ("9000001", None),
        ("9000002", "unknown-doctor"),
    ]
    assert {line.municipality for line in ours[0].lines} == {BODO}
    every = conversions.preview(wanted, conversions.rule_sets(), ordered_by("saksbehandler:ada"), now())
    assert {line.municipality for each in every for line in each.lines} == {BODO, BEIARN}
    assert at.asks("SELECT topic FROM events WHERE topic = 'track.converted.v1'") == []
