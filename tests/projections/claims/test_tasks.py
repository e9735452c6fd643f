"""Tasks: a fact stored after a decision opens one on every claim whose lines it changes, and on no other."""

from typing import Any

import pytest

from projections.claims.tasks import Tasks, TasksWanted, tasks
from tests.claiming import Claiming, claiming
from tests.desk import desk
from tests.domain.casework.test_recorded_decisions import loaded
from tests.projections.house import House, content_of, with_value
from tests.scenario import BEIARN, full_time

DOCTOR = full_time("2025-06-01")
LATER = DOCTOR.known("2026-08-20")
LEAVE = LATER.leave("l1", "2026-01-10", "2026-02-05").facts[-1]
BACK = LATER.leave("l1", "2026-01-10", "2026-02-05").withdrawn("4").facts[-1]
TITLE = LATER.changed("p1", "2026-01-01", title="overlege").facts[-1] | {"id": "title"}
CHANGED = ("changed_after_decision", "9000001", 378_656, 315_547, -63_109)


@pytest.fixture
def claim(at: House) -> Claiming:
    """A paid claim with two doctors."""
    at.imports([*DOCTOR.facts, *(fact | {"hpr": "9000002"} for fact in DOCTOR.facts)])
    return claiming(at).paid()


def told(at: House, **wanted: Any) -> list[tuple[Any, ...]]:  # noqa: ANN401 - filters
    """The tasks that there are now, in short."""
    at.levels([Tasks])
    with at.reads() as connection:
        found = tasks(connection, TasksWanted(**wanted)).items
    assert at.differs_from_fresh(Tasks) == 0
    return [(each.kind, each.hpr, each.before, each.after, each.difference) for each in found]


def test_a_fact_that_changes_a_decided_line_opens_a_task_with_the_kroner_and_the_cause(
    at: House, claim: Claiming
) -> None:
    assert told(at) == []
    at.imports([LEAVE])
    assert told(at) == [CHANGED]
    with at.reads() as connection:
        [task] = tasks(connection, TasksWanted()).items
    assert (task.claim, task.municipality, task.round, task.number, task.owner) == (
        claim.name, "1804", "2026", 1, "caseworker",
    )  # fmt: skip
    assert (task.facts, task.rules, task.first_month, task.decided) == ([LEAVE["id"]], [], "2026-01", 378_656)
    assert task.since is not None


def test_facts_that_change_nothing_open_nothing(at: House, claim: Claiming) -> None:
    at.imports([TITLE])
    at.imports(fact | {"hpr": "9000007"} for fact in full_time("2025-06-01", BEIARN).facts)
    assert claim.state.decided
    assert told(at) == []


def test_a_task_goes_when_the_fact_is_corrected_back(at: House, claim: Claiming) -> None:
    at.imports([LEAVE])
    assert told(at) == [CHANGED]
    at.imports([BACK])
    assert claim.state.decided
    assert told(at) == []


def test_a_task_goes_with_the_new_decision_and_not_before(at: House, claim: Claiming) -> None:
    at.imports([LEAVE])
    for step in ("reopen", "assess", "propose"):
        claim.do(step)
        assert told(at) == [CHANGED]
    claim.do("approve")
    assert told(at) == []


def test_a_signed_line_that_changes_is_a_task_for_the_revisor_until_it_is_signed_anew(
    at: House, claim: Claiming
) -> None:
    claim.documented().do("attest")
    at.imports([LEAVE])
    stale = ("attestation_stale", *CHANGED[1:])
    assert told(at) == [stale, CHANGED]
    for step in ("reopen", "assess", "propose", "approve", "reclaim"):
        claim.do(step)
    assert told(at) == [stale]
    claim.do("attest")
    assert told(at) == []


def test_a_claim_that_is_not_decided_has_no_tasks(at: House) -> None:
    at.imports(DOCTOR.facts)
    claim = claiming(at).proposed()
    at.imports([LEAVE])
    assert claim.state.proposal
    assert told(at) == []


def test_another_rule_set_opens_tasks_on_every_claim_of_the_round(at: House, claim: Claiming) -> None:
    other = content_of("nasjonal-alis-2026-provisional", id="other-2026")
    at.publishes_another(with_value(other, "learning_activities", "15000"))
    found = told(at)
    assert [(kind, hpr) for kind, hpr, *_ in found] == [
        ("changed_after_decision", "9000001"),
        ("changed_after_decision", "9000002"),
    ]
    # 1 000 kroner and the five per cent of them
    assert {difference for *_, difference in found} == {1_050}
    with at.reads() as connection:
        assert {tuple(each.rules) for each in tasks(connection, TasksWanted()).items} == {("other-2026",)}
    assert claim.state.decided


def test_a_line_that_nobody_limited_is_a_task_when_later_facts_give_more(at: House) -> None:
    leaves = DOCTOR.known("2025-11-01").ended("p1", "2025-11-14")
    at.imports(leaves.facts)
    claiming(at).decided()
    at.imports([leaves.known("2026-08-20").withdrawn("4").facts[-1]])
    assert told(at) == [("changed_after_decision", "9000001", 157_773, 378_656, 220_883)]


def test_a_decision_that_was_limited_by_the_programs_own_proposal_is_a_task_when_later_facts_give_more(
    database_url: str,
) -> None:
    loaded(database_url, "leaves-in-november-as-first-stored")
    with desk(database_url) as desk_at:
        at = House(desk_at.url, desk_at.store, desk_at.casework)
        assert told(at) == []
        leaves = DOCTOR.known("2025-11-01").ended("p1", "2025-11-14")
        at.imports([leaves.known("2026-08-20").withdrawn("4").facts[-1]])
        assert told(at) == [("changed_after_decision", "9000001", 157_773, 378_656, 220_883)]


def test_tasks_are_found_by_municipality_round_kind_and_claim_and_paged(at: House, claim: Claiming) -> None:
    at.imports([LEAVE, LEAVE | {"hpr": "9000002"}])
    assert len(told(at)) == 2
    assert len(told(at, municipality="1804", round="2026", kind="changed_after_decision", claim=claim.name)) == 2
    for none in ({"municipality": BEIARN}, {"round": "2025"}, {"kind": "attestation_stale"}, {"claim": "1839-2026"}):
        assert told(at, **none) == []
    with at.reads() as connection:
        first = tasks(connection, TasksWanted(), limit=1)
        assert first.after is not None
        line, _, kind = first.after.rpartition("/")
        second = tasks(connection, TasksWanted(), (line, kind), limit=1)
    assert [each.hpr for each in (*first.items, *second.items)] == ["9000001", "9000002"]
    assert second.after is None


def test_a_late_fact_after_closing_opens_a_task_too(at: House) -> None:
    at.imports(DOCTOR.facts)
    claiming(at).closed()
    at.imports([LEAVE])
    assert told(at) == [("attestation_stale", *CHANGED[1:]), CHANGED]


def test_the_withdrawal_of_the_post_opens_a_task_on_the_claim_where_it_was(at: House) -> None:
    at.imports(DOCTOR.facts)
    claiming(at).paid()
    moved = LATER.corrected("2", municipality=BEIARN).facts[-1]
    at.imports([moved])
    assert told(at) == [("changed_after_decision", "9000001", 378_656, 0, -378_656)]
