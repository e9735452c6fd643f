"""Facts are judged together as they would be one after the other, each against all that was known before it."""

from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic_core import to_json

from domain.doctor.facts.fact import Fact
from domain.doctor.facts.facts import FACT
from domain.doctor.history import History, decide, evolve, in_order
from domain.doctor.judging import judge
from domain.rulebook.release import release_reference
from domain.values.refusals.refusal import Refused
from tests.histories import histories
from tests.scenario import Json, full_time

Verdict = tuple[list[Fact], list[tuple[str | None, str, str]]]


def one_by_one(facts: Sequence[Fact]) -> Verdict:
    history, accepted, refused = History(), list[Fact](), list[tuple[str | None, str, str]]()
    for fact in in_order(facts):
        try:
            events = decide(history, fact, release_reference())
        except Refused as refusal:
            refused.append((fact.id, refusal.code, repr(refusal.details)))
            continue
        for event in events:
            history = evolve(history, event)
            accepted.append(event)
    return accepted, refused


def together(facts: Sequence[Fact]) -> Verdict:
    accepted, problems = judge([], list(enumerate(facts)), release_reference())
    return accepted, [(each.fact, each.refusal.code, repr(each.refusal.details)) for each in problems]


def read(facts: Sequence[Json]) -> list[Fact]:
    return [FACT.validate_json(to_json(fact)) for fact in facts]


def renamed(number: int, fact: str, **names: object) -> Json:
    head = {"id": f"c{number}", "type": "fact_corrected", "hpr": "9000001", "recorded_by": "kommune:1804"}
    moment = {"recorded_at": f"2027-01-01T00:00:{number:02d}Z", "reason": "feil"}
    return {**head, **moment, "corrects": fact, "replacement": names or None}


@settings(max_examples=80, deadline=None)
@given(histories(20), st.data())
def test_a_history_is_judged_as_fact_by_fact_whatever_is_left_out_or_renamed(
    told: list[Json], data: st.DataObject
) -> None:
    left_out = data.draw(st.sets(st.sampled_from([fact["id"] for fact in told]), max_size=3))
    kinds = [kind for kind in ("leave", "agreement", "service", "affiliation") if any(kind in fact for fact in told)]
    corrections = []
    for number in range(data.draw(st.integers(0, 4))):
        kind = data.draw(st.sampled_from(kinds))
        fact = data.draw(st.sampled_from([fact["id"] for fact in told if kind in fact]))
        name = data.draw(st.sampled_from([*[fact[kind] for fact in told if kind in fact], "other"]))
        corrections.append(renamed(number, fact, **{kind: name}))
    facts = read([*(fact for fact in told if fact["id"] not in left_out), *corrections])
    assert together(facts) == one_by_one(facts)


def test_what_a_leave_was_called_before_it_was_corrected_names_nothing_more() -> None:
    told = full_time().leave("l1", "2025-09-01", "2025-09-30").leave("l2", "2025-10-01", "2025-10-31")
    ended = {"type": "leave_ended", "hpr": "9000001", "recorded_by": "kommune:1804", "last_day": "2025-11-01"}
    ends = [
        {**ended, "id": f"e{leave}", "recorded_at": "2027-02-01T00:00:00Z", "leave": leave} for leave in ("l1", "l3")
    ]
    facts = read([*told.facts, renamed(1, "4", leave="l2"), renamed(2, "4", leave="l3"), *ends])
    accepted, refused = together(facts)
    assert [(fact, code) for fact, code, _ in refused] == [("c1", "correction-invalid"), ("el1", "unknown-leave")]
    assert (accepted, refused) == one_by_one(facts)


def test_very_many_corrections_of_one_fact_are_all_judged() -> None:
    told = full_time()
    made = [
        renamed(0, "2", percent=1 + number % 2) | {"id": f"c{number}", "recorded_at": "2027-01-01T00:00:00Z"}
        for number in range(400)
    ]
    facts = read([*told.facts, *made])
    assert together(facts) == one_by_one(facts)
