"""Previews: what facts would change, with nothing stored, and refused as the registration would be."""

from collections.abc import Mapping
from typing import Any

import pytest

from deploy.clock import now
from domain.casework.preview import Preview
from domain.doctor.intake.intake import read_facts
from domain.values.refusals.refusal import Rejected
from tests.claiming import CASEWORKER, REVISOR, claiming
from tests.desk import Desk, fact_of, refusal
from tests.scenario import BEIARN, BODO, Json, Told, full_time, lines_of, track

DOCTOR = full_time()
SWITCH = DOCTOR.known("2025-11-20").switched("p1", "2025-11-14", to=BEIARN, percent=80)


def previews(at: Desk, fields: Mapping[str, Any]) -> Preview:
    return at.casework.preview.of_fact(fact_of(fields))


def previews_file(at: Desk, facts: list[Json] | tuple[Json, ...]) -> Preview:
    return at.casework.preview.of_file(read_facts(lines_of(facts)), now())


def everything(at: Desk) -> list[Any]:
    """All that a preview could have left behind."""
    return [
        at.asks("SELECT position, hash FROM events ORDER BY position"),
        at.asks("SELECT id FROM commands ORDER BY id"),
        at.asks("SELECT doctor, sealed_key FROM doctor_keys ORDER BY doctor"),
        at.asks("SELECT last_value, is_called FROM events_position_seq"),
    ]


def test_a_job_switch_shows_both_municipalities_before_and_after(at: Desk) -> None:
    at.records_all(DOCTOR)
    told = previews(at, SWITCH.facts[-1]).as_json()
    assert (told["facts"], told["would_store"], told["already_stored"]) == (1, 1, 0)
    in_round = {each["municipality"]: each for each in told["changes"] if each["round"] == "2026"}
    assert in_round.keys() == {BODO, BEIARN}
    assert in_round[BODO]["kroner"] == {"before": 378_656, "after": 157_773, "difference": -220_883}
    assert in_round[BODO]["counted"]["after"] == {"agreement": 5, "guidance_only": 0, "none": 7}
    # six months of guidance at 80 % of 90 392.875 a year
    assert in_round[BEIARN]["kroner"] == {"before": 0, "after": 36_157, "difference": 36_157}
    assert in_round[BEIARN]["counted"]["after"] == {"agreement": 0, "guidance_only": 6, "none": 6}


def test_what_a_preview_tells_is_what_then_happens(at: Desk) -> None:
    at.records_all(DOCTOR)
    told = {each["municipality"]: each["kroner"] for each in previews(at, SWITCH.facts[-1]).as_json()["changes"]}
    before = at.replays(BODO)["total"], at.replays(BEIARN)["total"]
    at.records(SWITCH.facts[-1])
    after = at.replays(BODO)["total"], at.replays(BEIARN)["total"]
    assert before == (told[BODO]["before"], told[BEIARN]["before"])
    assert after == (told[BODO]["after"], told[BEIARN]["after"])


def test_a_preview_stores_nothing(at: Desk) -> None:
    at.records_all(DOCTOR)
    before = everything(at)
    previews(at, SWITCH.facts[-1])
    previews(at, DOCTOR.leave("l1", "2025-08-01", kind="sick").facts[-1])
    previews(at, track("2024-10-01", hpr="9000002").position("p1", workplace="Sentrum legesenter").facts[0])
    previews_file(at, SWITCH.facts)
    assert everything(at) == before
    assert at.records(SWITCH.facts[-1]).stored


def test_a_preview_is_refused_as_the_registration_is(at: Desk) -> None:
    at.records_all(DOCTOR)
    late = DOCTOR.known("2025-10-01").ended("p1", "2025-12-31").facts[-1]
    for wrong in (
        DOCTOR.changed("p8", "2025-01-01", percent=50).facts[-1],
        DOCTOR.started("2025-01-01").facts[-1],
        DOCTOR.facts[1] | {"percent": 50},
        DOCTOR.position("p1", "9999").facts[-1],
        late | {"id": "early", "last_day": "2020-01-01"},
    ):
        before = everything(at)[0]
        assert refusal(lambda wrong=wrong: previews(at, wrong)) == refusal(lambda wrong=wrong: at.records(wrong))  # type: ignore[misc]
        assert everything(at)[0] == before


def test_a_late_fact_that_makes_a_stored_one_invalid_is_refused(at: Desk) -> None:
    at.records_all(DOCTOR.known("2026-03-01").changed("p1", "2026-01-01", percent=50))
    early = DOCTOR.known("2025-10-01").ended("p1", "2025-12-31").facts[-1] | {"id": "early"}
    with pytest.raises(Rejected) as rejected:
        previews_file(at, [early])
    assert [each.refusal.code for each in rejected.value.problems] == ["makes-stored-invalid"]


def test_a_fact_that_is_known_changes_nothing_also_at_another_moment(at: Desk) -> None:
    at.records_all(DOCTOR)
    told = previews(at, DOCTOR.facts[1] | {"recorded_at": "2026-09-01T00:00:00Z"}).as_json()
    assert (told["would_store"], told["already_stored"], told["changes"]) == (0, 1, [])


def test_a_file_is_previewed_whole_with_facts_of_several_doctors(at: Desk) -> None:
    at.records_all(DOCTOR)
    other = track("2025-06-01", hpr="9000002").position("p1", BEIARN)
    told = previews_file(at, [*SWITCH.facts, *other.facts]).as_json()
    assert (told["facts"], told["would_store"], told["already_stored"], told["doctors"]) == (6, 3, 3, 2)
    assert [(each["municipality"], each["hpr"]) for each in told["changes"] if each["round"] == "2026"] == [
        (BODO, "9000001"),
        (BEIARN, "9000001"),
        (BEIARN, "9000002"),
    ]


def test_a_file_with_errors_is_refused_whole_with_all_of_them(at: Desk) -> None:
    at.records_all(DOCTOR)
    wrong = [DOCTOR.changed("p8", "2025-01-01", percent=50).facts[-1], DOCTOR.facts[0] | {"scheme": "old"}]
    with pytest.raises(Rejected) as here:
        previews_file(at, wrong)
    with pytest.raises(Rejected) as there:
        at.imports(wrong)
    assert [each.as_json() for each in here.value.problems] == [each.as_json() for each in there.value.problems]
    assert len(here.value.problems) == 2


def test_every_round_that_a_fact_reaches_is_shown(at: Desk) -> None:
    at.records_all(DOCTOR)
    told: Told = DOCTOR.ended("p1", "2025-03-31")
    changes = previews(at, told.facts[-1]).as_json()["changes"]
    assert [(each["round"], each["kroner"]["after"]) for each in changes] == [("2025", None), ("2026", 0)]


# ---------------------------------------------------------------- claims


def test_a_preview_tells_which_decisions_and_attestations_it_touches(at: Desk) -> None:
    doctor = full_time("2025-06-01")
    at.imports(doctor.facts)
    claim = claiming(at).attested()
    leave = doctor.known("2026-08-20").leave("l1", "2026-01-10", "2026-02-05").facts[-1]
    [told] = previews(at, leave).as_json()["claims"]
    assert told == {
        "claim": claim.name,
        "status": "attested",
        "hpr": "9000001",
        "decided": 378_656,
        "kroner": {"before": 378_656, "after": 315_547, "difference": -63_109},
        "touches": [
            {"what": "decision", "number": 1, "by": CASEWORKER.subject},
            {"what": "attestation", "number": 1, "by": REVISOR.subject},
        ],
    }
    assert claim.at.casework.claims.effect(claim.name).lines == ()  # type: ignore[union-attr]


def test_a_claim_that_is_not_decided_is_shown_with_what_rests_on_the_line(at: Desk) -> None:
    doctor = full_time("2025-06-01")
    at.imports(doctor.facts)
    claim = claiming(at).opened()
    leave = doctor.leave("l1", "2026-01-10", "2026-02-05").facts[-1]

    def touches() -> list[str]:
        [told] = previews(at, leave).as_json()["claims"]
        return [each["what"] for each in told["touches"]]

    assert touches() == []
    claim.confirmed().do("submit")
    claim.do("assess")
    assert touches() == ["assessment"]
    claim.do("propose")
    assert touches() == ["assessment", "proposal"]


def test_a_line_of_no_claim_touches_none(at: Desk) -> None:
    at.records_all(DOCTOR)
    assert previews(at, SWITCH.facts[-1]).as_json()["claims"] == []
