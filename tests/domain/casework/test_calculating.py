"""What is remembered of calculations is what fresh ones give, to the byte, whatever came in between."""

import json
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from itertools import count
from typing import Final, NamedTuple

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.casework.calculating import Calculating
from domain.casework.service import Casework
from domain.doctor.facts.absence import LeaveRegistered
from domain.rules.result import Line
from domain.values.fields import LeaveKind
from tests.desk import Desk, desk
from tests.histories import histories
from tests.scenario import BEIARN, BODO, ROUND, Json, Told, full_time, track

NUMBERS: Final = count(9_100_000)
SICK: Final = full_time().leave("l1", "2025-10-05", "2025-10-20", "sick")


class Question(NamedTuple):
    """What can be asked of a municipality's calculation."""

    code: str = BODO
    rules: str | None = None
    known_at: datetime | None = None
    traced: bool = True
    assumptions: bool = True

    def asked_of(self, casework: Casework) -> str:
        """The answer as it is written."""
        rules = casework.book.rule_set(self.rules, ROUND)
        found = casework.replay(self.code, rules, self.known_at, traced=self.traced)
        return json.dumps(found.as_json(assumptions=self.assumptions), ensure_ascii=False)

    def of_the_round(self, casework: Casework) -> str:
        """The same as the whole round has it, of which nothing is remembered."""
        rules = casework.book.rule_set(self.rules, ROUND)
        found = {
            each.result.municipality: each for each in casework.replay_round(rules, self.known_at, traced=self.traced)
        }
        if self.code not in found:
            return Question.asked_of(self, casework)
        return json.dumps(found[self.code].as_json(assumptions=self.assumptions), ensure_ascii=False)


def questions(moments: Sequence[str]) -> st.SearchStrategy[Question]:
    known_at = st.sampled_from([None, *map(datetime.fromisoformat, moments)])
    rules = st.sampled_from([None, "nasjonal-alis-2026-provisional"])
    return st.builds(Question, st.sampled_from([BODO, BEIARN]), rules, known_at, st.booleans(), st.booleans())


def merged(draw: st.DataObject, told: Sequence[Sequence[Json]]) -> Iterator[Json]:
    """The facts of some doctors, each doctor's in order."""
    left = [list(facts) for facts in told]
    while any(left):
        yield draw.draw(st.sampled_from([facts for facts in left if facts])).pop(0)


@settings(max_examples=3, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(told=st.tuples(histories(most=6), histories(most=6)), draw=st.data())
def test_whatever_is_told_and_asked_in_between_the_answer_is_a_fresh_one_to_the_byte(
    at: Desk, told: tuple[list[Json], list[Json]], draw: st.DataObject
) -> None:
    numbered = [[fact | {"hpr": hpr} for fact in facts] for facts in told for hpr in [str(next(NUMBERS))]]
    moments = [fact["recorded_at"] for facts in numbered for fact in facts]
    for fact in merged(draw, numbered):
        at.imports([fact])
        for asked in draw.draw(st.lists(questions(moments), min_size=1, max_size=2)):
            assert asked.asked_of(at.casework) == asked.of_the_round(Casework(at.store))


def full(hpr: str) -> Told:
    return track("2024-10-01", hpr=hpr).position("p1").agreement("a1")


def lines(at: Desk) -> dict[str, Line]:
    """The lines of Bodø as they are remembered."""
    rules = at.casework.book.rule_set(None, ROUND)
    return {line.hpr: line for line in at.casework.replay(BODO, rules, None).result.lines}


def kinds(at: Desk) -> list[LeaveKind]:
    """The kinds of leave among what was known at a moment and stored later."""
    rules = at.casework.book.rule_set(None, ROUND)
    later = at.casework.replay(BODO, rules, datetime(2026, 1, 1, tzinfo=UTC)).stored_later
    return [each.fact.kind for each in later if isinstance(each.fact, LeaveRegistered)]


def fresh(at: Desk, asked: Question) -> str:
    """The answer of a service that has just begun, which has opened no key yet."""
    with desk(at.url) as begun:
        return asked.asked_of(begun.casework)


def test_only_the_line_of_a_doctor_of_whom_something_was_told_is_computed_again(at: Desk) -> None:
    for hpr in ("9000001", "9000002", "9000003"):
        at.records_all(full(hpr))
    before, again = lines(at), lines(at)
    assert all(again[hpr] is line for hpr, line in before.items())
    at.records(full("9000002").ended("p1", "2025-12-31").facts[-1])
    after = lines(at)
    assert [hpr for hpr, line in before.items() if after[hpr] is not line] == ["9000002"]
    assert after["9000002"] != before["9000002"]


def test_what_was_found_in_a_line_is_not_looked_for_again(at: Desk) -> None:
    at.records_all(full("9000001"))
    [line] = lines(at).values()
    Question().asked_of(at.casework)
    seen = line.seen[True]
    Question(traced=False).asked_of(at.casework)
    assert line.seen[True] is seen


def test_a_doctor_who_comes_and_a_post_that_is_withdrawn_are_seen_at_once(at: Desk) -> None:
    at.records_all(full("9000001"))
    assert lines(at).keys() == {"9000001"}
    at.records_all(full("9000002"))
    assert lines(at).keys() == {"9000001", "9000002"}
    for fact in full("9000001").withdrawn("3").withdrawn("2").facts[3:]:
        at.records(fact)
    assert lines(at).keys() == {"9000002"}


def test_what_another_process_stored_is_seen_at_once(at: Desk) -> None:
    at.records_all(full("9000001"))
    before = Question().asked_of(at.casework)
    with desk(at.url) as other:
        other.records(full("9000001").ended("p1", "2025-12-31").facts[-1])
    assert Question().asked_of(at.casework) == fresh(at, Question()) != before


def test_nothing_personal_is_remembered_once_another_process_has_erased_it_and_it_is_asked_for(at: Desk) -> None:
    at.imports(SICK.facts)
    assert kinds(at) == [LeaveKind.SICK]
    with desk(at.url) as other:
        other.erases("9000001")
    assert kinds(at) == [LeaveKind.ERASED_EXTENDING]
    assert Question().asked_of(at.casework) == fresh(at, Question())


def test_an_older_log_that_went_on_otherwise_is_not_taken_for_the_one_that_was_there(at: Desk) -> None:
    at.records_all(full("9000001"))
    at.asks("CREATE TABLE older AS SELECT max(position) AS position FROM events")
    at.records(full("9000001").ended("p1", "2025-12-31").facts[-1])
    before = Question().asked_of(at.casework)
    at.asks("ALTER TABLE events DISABLE TRIGGER USER")
    at.asks("DELETE FROM events WHERE position > (SELECT position FROM older)")
    at.asks("SELECT setval(pg_get_serial_sequence('events', 'position'), position) FROM older")
    with desk(at.url) as other:
        other.records(full("9000001").ended("p1", "2026-01-31").facts[-1])
    assert Question().asked_of(at.casework) == fresh(at, Question()) != before


def test_no_more_is_remembered_than_may_be(at: Desk) -> None:
    for hpr in ("9000001", "9000002", "9000003"):
        at.records_all(full(hpr))
    calculating = Calculating(at.store, remembered=208)
    rules = at.casework.book.rule_set(None, ROUND)
    for moment in range(1, 9):
        asked = calculating.municipality(BODO, rules, datetime(2026, 1, moment, tzinfo=UTC))
        assert len(calculating.replay(asked, traced=False).result.lines) == 3
        assert calculating.remembered == min(39 * moment, 208)


def test_a_line_takes_more_room_the_more_facts_it_rests_on(at: Desk) -> None:
    at.records_all(full("9000001"))
    lines(at)
    before = at.casework.calculating.remembered
    at.records(full("9000001").ended("p1", "2025-12-31").facts[-1])
    lines(at)
    assert at.casework.calculating.remembered == before + 1


def test_two_who_ask_while_a_third_registers_are_told_what_is_stored(at: Desk) -> None:
    at.records_all(full("9000001"))
    done, told = threading.Event(), {"9000001"}

    def ask() -> None:
        while not done.is_set():
            before = set(told)
            assert before <= lines(at).keys()

    with ThreadPoolExecutor(2) as pool:
        asking = [pool.submit(ask) for _ in range(2)]
        for hpr in (str(9_000_002 + number) for number in range(6)):
            at.records_all(full(hpr))
            told.add(hpr)
        done.set()
        for each in asking:
            each.result()
    assert Question().asked_of(at.casework) == fresh(at, Question())
