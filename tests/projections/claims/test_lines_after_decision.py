"""A doctor who has a line now that the decided claim lacks is a task with kroner, and comes with the reopening."""

from typing import Any

import pytest

from projections.claims.tasks import Tasks, TasksWanted, tasks
from tests.claiming import Claiming, claiming
from tests.desk import refusal
from tests.projections.house import House
from tests.recorded_decisions import publish_the_final_rates
from tests.scenario import BEIARN, MONTHS, Json, Told, full_time, track

DOCTOR = full_time("2025-06-01")
WHOLE = 378_656
LACKING = ("line_after_decision", "9000002", 0, WHOLE, WHOLE)


def another(told: Told = DOCTOR, known: str = "2026-08-20") -> list[Json]:
    """The same history of another doctor, known later."""
    return [fact | {"hpr": "9000002", "recorded_at": f"{known}T09:00:00Z"} for fact in told.facts]


@pytest.fixture
def claim(at: House) -> Claiming:
    """A decided claim with one doctor."""
    at.imports(DOCTOR.facts)
    return claiming(at).decided()


def told(at: House) -> list[tuple[Any, ...]]:
    """The tasks that there are now, in short."""
    at.levels([Tasks])
    with at.reads() as connection:
        found = tasks(connection, TasksWanted()).items
    assert at.differs_from_fresh(Tasks) == 0
    return [(each.kind, each.hpr, each.before, each.after, each.difference) for each in found]


def effect(claim: Claiming) -> Json:
    found = claim.at.casework.claims.effect(claim.name)
    assert found
    return found.as_json()


def test_a_doctor_registered_after_the_decision_is_a_task_for_municipality_and_caseworker(
    at: House, claim: Claiming
) -> None:
    assert told(at) == []
    at.imports(another())
    assert told(at) == [LACKING]
    with at.reads() as connection:
        [task] = tasks(connection, TasksWanted()).items
    assert (task.claim, task.number, task.decided, task.first_month) == (claim.name, 1, 0, "2025-06")
    assert (task.owners, task.months) == (["municipality", "caseworker"], MONTHS)
    assert task.since is not None


def test_a_decision_that_lacks_a_doctor_known_before_it_is_a_task_as_soon_as_it_is_made(at: House) -> None:
    at.imports(DOCTOR.facts)
    claim = claiming(at).proposed()
    at.imports(another())
    assert told(at) == []
    claim.do("approve")
    assert told(at) == [LACKING]


def test_the_effect_has_the_line_and_what_is_to_be_done(at: House, claim: Claiming) -> None:
    at.imports(another())
    found = effect(claim)
    [line] = found["lines"]
    assert (found["would_grant"], found["difference"]) == (2 * WHOLE, WHOLE)
    assert (line["hpr"], line["outcome"], line["decided"]) == ("9000002", None, 0)
    assert sum(cause["kroner"] for cause in line["causes"]) == WHOLE
    [finding] = line["findings"]
    assert finding["code"] == "line_after_decision"


def test_the_claim_that_is_opened_again_has_the_line_unlimited_and_it_is_decided_on(at: House, claim: Claiming) -> None:
    at.imports(another())
    claim.do("reopen", reason="glemt lege")
    line = claim.state.lines["9000002"]
    assert (line.limit, line.confirmed) == (None, False)
    assert told(at) == [LACKING]
    for step in ("assess", "propose", "approve"):
        claim.do(step)
    assert told(at) == []
    assert claim.state.decided
    assert claim.state.decided.total == 2 * WHOLE
    assert at.casework.claims.repeat(claim.name).identical


def test_a_line_that_a_person_took_out_is_no_task_until_it_is_another_line(at: House) -> None:
    at.imports([*DOCTOR.facts, *another(known="2026-01-20")])
    claim = claiming(at).opened()
    claim.do("remove_line", hpr="9000002")
    claim.do("confirm_line", hpr="9000001", applied=None)
    for step in ("submit", "assess", "propose", "approve"):
        claim.do(step)
    assert told(at) == []
    assert effect(claim)["lines"] == []
    assert refusal(lambda: claim.do("reopen")) == "nothing-affected"
    leave = DOCTOR.known("2026-08-20").leave("l1", "2026-01-10", "2026-02-05").facts[-1]
    at.imports([leave | {"hpr": "9000002"}])
    assert told(at) == [("line_after_decision", "9000002", 0, 315_547, 315_547)]
    assert effect(claim)["difference"] == 315_547


def test_a_line_that_a_person_took_out_is_another_line_under_other_rates(at: House) -> None:
    at.imports([*DOCTOR.facts, *another(known="2026-01-20")])
    claim = claiming(at).opened()
    claim.do("remove_line", hpr="9000002")
    claim.do("confirm_line", hpr="9000001", applied=None)
    for step in ("submit", "assess", "propose", "approve"):
        claim.do(step)
    publish_the_final_rates(at)
    assert [kind for kind, hpr, *_ in told(at) if hpr == "9000002"] == ["line_after_decision"]
    assert [line["hpr"] for line in effect(claim)["lines"]] == ["9000001", "9000002"]


def test_a_line_that_comes_to_nothing_and_one_of_another_municipality_are_no_task(at: House, claim: Claiming) -> None:
    at.imports(another(track("2025-06-01").position("p1").leave("l1", "2025-06-01", "2026-05-31")))
    at.imports([fact | {"hpr": "9000003"} for fact in full_time("2025-06-01", BEIARN).facts])
    assert told(at) == []
    assert effect(claim)["lines"] == []


def test_the_task_goes_when_the_doctor_was_not_there_after_all(at: House, claim: Claiming) -> None:
    at.imports(another())
    assert told(at) == [LACKING]
    withdrawn = DOCTOR.known("2026-08-25").withdrawn("2").facts[-1] | {"hpr": "9000002"}
    at.imports([withdrawn])
    assert claim.state.decided
    assert told(at) == []


def test_a_line_that_was_reduced_for_a_reason_has_no_kroner_at_stake_that_it_would_not_get(at: House) -> None:
    at.imports(DOCTOR.facts)
    claim = claiming(at).assessed()
    why = {"reason_code": "documentation_missing", "reason": "bilag mangler"}
    claim.do("propose", lines=[{"hpr": "9000001", "outcome": "partly_granted", "kroner": 1_000, **why}])
    claim.do("approve")
    at.imports([DOCTOR.known("2026-08-20").leave("l1", "2026-01-10", "2026-02-05").facts[-1]])
    assert told(at) == [("changed_after_decision", "9000001", WHOLE, 315_547, 0)]
    assert effect(claim)["difference"] == 0


def test_lines_can_be_proposed_again_in_a_claim_that_is_open_again(at: House, claim: Claiming) -> None:
    claim.do("reopen", reason_code="error_in_decision", reason="feil")
    at.imports(another())
    claim.do("propose_lines")
    assert set(claim.state.lines) == {"9000001", "9000002"}
