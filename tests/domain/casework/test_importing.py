"""Importing a file: everything or nothing, and never twice."""

import threading
from collections.abc import Callable

import pytest

from deploy.clock import now
from domain.casework.facts.importing import Imported
from domain.doctor.intake.intake import read_facts
from domain.values.refusals.refusal import Rejected
from domain.values.streams import track_id
from tests.desk import Desk, command, fact_of, refusal
from tests.scenario import BEIARN, Json, Told, full_time, lines_of, track

DOCTOR = full_time()


def refused(at: Desk, facts: list[Json]) -> list[tuple[int | None, str | None, str]]:
    with pytest.raises(Rejected) as rejected:
        at.imports(facts)
    return [(problem.place, problem.fact, problem.refusal.code) for problem in rejected.value.problems]


def stored(at: Desk) -> list[str]:
    return [fact for _, fact in at.log()]


def test_the_same_file_twice_is_stored_once(at: Desk) -> None:
    facts = [*DOCTOR.facts, *track("2024-10-01", hpr="9000002").facts]
    assert at.imports(facts) == Imported(facts=4, stored=4, already_stored=0, doctors=2)
    assert at.imports(facts) == Imported(facts=4, stored=0, already_stored=4, doctors=2)
    assert len(at.log()) == 4


def test_a_fact_that_stands_twice_in_a_file_is_stored_once(at: Desk) -> None:
    assert at.imports([*DOCTOR.facts, DOCTOR.facts[0]]) == Imported(facts=4, stored=3, already_stored=1, doctors=1)


def test_the_same_fact_written_another_way_is_the_same_fact(at: Desk) -> None:
    at.imports(DOCTOR.facts)
    again = [fact | {"recorded_at": fact["recorded_at"].replace("+00:00", "Z")} for fact in DOCTOR.facts]
    again[1] = dict(reversed((again[1] | {"percent": 100.0}).items()))
    assert at.imports(again).already_stored == 3


def test_of_a_file_that_overlaps_an_earlier_one_the_new_facts_are_stored(at: Desk) -> None:
    at.imports(DOCTOR.facts[:2])
    longer = DOCTOR.leave("l1", "2025-08-01", "2025-08-31")
    assert at.imports(longer.facts) == Imported(facts=4, stored=2, already_stored=2, doctors=1)
    assert at.replays("1804")["lines"][0]["months"][2]["reasons"] == ["on_leave"]


def test_a_known_fact_with_another_content_is_refused_and_nothing_is_stored(at: Desk) -> None:
    at.imports(DOCTOR.facts)
    other = [DOCTOR.facts[1] | {"percent": 50}, *DOCTOR.leave("l1", "2025-08-01").facts[-1:]]
    assert refused(at, other) == [(1, "2", "fact-id-used")]
    assert stored(at) == ["1", "2", "3"]


def test_facts_may_build_on_those_of_an_earlier_import(at: Desk) -> None:
    at.imports(DOCTOR.facts)
    assert at.imports(DOCTOR.ended("p1", "2025-12-31").facts[-1:]).stored == 1
    assert at.replays("1804")["lines"][0]["months"][7]["reasons"] == ["no_agreement", "no_position"]


def test_facts_of_two_agreements_and_a_correction_find_their_streams(at: Desk) -> None:
    told = DOCTOR.agreement("a2", BEIARN).corrected("3", percent=80).corrected("2", percent=60)
    at.imports(told.facts)
    rows = at.asks("SELECT stream, count(*) AS events FROM events WHERE doctor IS NOT NULL GROUP BY stream")
    assert sorted(row["events"] for row in rows) == [1, 2, 3]


# ---------------------------------------------------------------- facts that became known before stored ones


def test_a_fact_that_became_known_before_stored_ones_takes_its_place_in_the_order(at: Desk) -> None:
    at.imports(DOCTOR.known("2026-03-01").changed("p1", "2025-09-01", percent=50).facts)
    late = DOCTOR.known("2026-01-01").changed("p1", "2025-09-01", percent=70).facts[-1] | {"id": "late"}
    at.imports([late])
    shares = [month["shares"] for month in at.replays("1804")["lines"][0]["months"]]
    assert shares[3] == {"gp": "0.500000"}
    then = at.replays("1804", "2026-02-01T00:00:00Z")["lines"][0]["months"]
    assert then[3]["shares"] == {"gp": "0.700000"}


def test_a_fact_known_earlier_that_makes_a_stored_one_invalid_is_refused_and_nothing_is_stored(at: Desk) -> None:
    at.imports(DOCTOR.known("2026-03-01").changed("p1", "2026-01-01", percent=50).facts)
    early = DOCTOR.known("2025-10-01").ended("p1", "2025-12-31").facts[-1] | {"id": "early"}
    more = DOCTOR.known("2026-04-01").leave("l1", "2026-04-01").facts[-1] | {"id": "more"}
    assert refused(at, [more, early]) == [(2, "early", "makes-stored-invalid")]
    assert stored(at) == ["1", "2", "3", "4"]


def test_a_fact_known_earlier_that_uses_a_name_first_is_refused(at: Desk) -> None:
    at.imports(DOCTOR.leave("l1", "2026-01-01").facts)
    early = DOCTOR.facts[0] | {"id": "early", "type": "leave_registered", "leave": "l1", "kind": "sick"}
    early |= {"first_day": early.pop("on"), "recorded_at": "2023-01-01T00:00:00Z"}
    del early["scheme"]
    assert refused(at, [early]) == [(1, "early", "makes-stored-invalid")]


def test_what_a_correction_takes_back_is_no_hindrance_to_what_became_known_after_it(at: Desk) -> None:
    told = DOCTOR.known("2025-12-01").ended("p1", "2025-10-31")
    at.imports(told.known("2025-12-10").withdrawn("4").facts)
    change = DOCTOR.known("2025-12-20").changed("p1", "2025-11-01", percent=50).facts[-1] | {"id": "new"}
    assert at.imports([change]).stored == 1
    between = change | {"id": "between", "recorded_at": "2025-12-05T09:00:00Z"}
    assert refused(at, [between]) == [(1, "between", "change-after-position")]


def test_an_import_that_finds_all_known_is_kept_under_its_id_too(at: Desk) -> None:
    at.imports(DOCTOR.facts)
    order = command("file")
    again = Imported(facts=3, stored=0, already_stored=3, doctors=1)
    assert at.imports(DOCTOR.facts, order) == at.imports(DOCTOR.facts, order) == again
    assert refusal(lambda: at.imports(DOCTOR.facts[:1], command("other file", order.id))) == "command-id-reused"


# ---------------------------------------------------------------- all or nothing


def test_one_bad_fact_among_many_doctors_refuses_them_all(at: Desk) -> None:
    facts = [fact | {"hpr": f"{hpr}"} for hpr in range(9_000_001, 9_000_031) for fact in DOCTOR.facts]
    bad = DOCTOR.changed("p8", "2025-01-01", percent=50).facts[-1] | {"hpr": "9000017"}
    before = at.asks("SELECT id FROM commands")
    assert refused(at, [*facts, bad]) == [(91, "4", "unknown-position")]
    assert stored(at) == []
    assert at.asks("SELECT id FROM commands") == before


def test_errors_of_form_and_of_sense_are_told_together_in_the_order_of_the_file(at: Desk) -> None:
    content = lines_of(
        [
            DOCTOR.facts[0],
            DOCTOR.facts[1] | {"percent": 0},
            DOCTOR.changed("p8", "2025-01-01", percent=50).facts[-1],
            DOCTOR.facts[2] | {"template": None},
        ]
    )
    with pytest.raises(Rejected) as rejected:
        at.casework.importing.import_facts(read_facts(content), command(), now())
    told = [(problem.place, problem.refusal.code) for problem in rejected.value.problems]
    assert told == [(2, "out-of-range"), (3, "unknown-position"), (4, "missing-field")]
    assert stored(at) == []


def test_an_error_of_form_alone_refuses_the_whole_file(at: Desk) -> None:
    assert refused(at, [*DOCTOR.facts, DOCTOR.facts[1] | {"id": "4", "percent": 0}]) == [(4, "4", "out-of-range")]
    assert stored(at) == []


def test_progress_is_told_by_doctors_and_facts(at: Desk) -> None:
    told: list[tuple[str, int, int]] = []
    facts = [fact | {"hpr": f"{hpr}"} for hpr in range(9_000_001, 9_000_602) for fact in DOCTOR.facts[:1]]
    read = read_facts(lines_of(facts))
    at.casework.importing.import_facts(read, command(), now(), lambda *step: told.append(step))
    assert told[0][1:] == (500, 601)
    assert told[1][1:] == told[2][1:] == (601, 601)


# ---------------------------------------------------------------- what is stored beside a fact


def test_each_fact_keeps_when_it_became_known_and_by_whom_and_gets_when_it_was_stored(at: Desk) -> None:
    facts = [fact | {"recorded_by": "kommune:1839"} for fact in DOCTOR.facts]
    order = command(source="import")
    at.imports(facts, order)
    [began] = at.asks("SELECT now() AS moment")
    for recorded, fact in zip(at.casework.doctor("9000001"), facts, strict=True):
        assert recorded.event == fact_of(fact)
        assert recorded.stored_at
        assert recorded.event.recorded_at < recorded.stored_at < began["moment"]
        origin = recorded.origin
        assert (origin.recorded_by, origin.role, origin.organisation) == ("kommune:1839", "municipality", "1839")
        assert (origin.command_id, origin.causation_id, origin.source) == (order.id, order.id, "import")
        assert origin.correlation_id == order.correlation_id


def test_what_was_known_before_a_moment_but_stored_after_it_is_told(at: Desk) -> None:
    at.imports(DOCTOR.facts)
    assert [each["fact"] for each in at.replays("1804", "2024-06-01T00:00:00Z")["known_before_stored_after"]] == [
        "1",
        "2",
        "3",
    ]
    assert at.replays("1804", "2099-01-01T00:00:00Z")["known_before_stored_after"] == []


# ---------------------------------------------------------------- beside other writers


def test_an_import_that_another_writer_comes_before_is_checked_again_and_stored(at: Desk) -> None:
    at.imports(DOCTOR.facts)
    told = DOCTOR.changed("p1", "2025-09-01", percent=50)

    def meanwhile(what: str, done: int, of: int) -> None:
        """A caseworker registers on the doctor after the file was checked and before it is stored."""
        assert done == of
        if not at.asks("SELECT 1 AS one FROM events WHERE topic = 'track.leave-registered.v1'"):
            at.records(DOCTOR.leave("l1", "2025-08-01", "2025-08-31").facts[-1] | {"id": f"during-{what}"})

    read = read_facts(lines_of(told.facts))
    assert at.casework.importing.import_facts(read, command(), now(), meanwhile).stored == 1
    assert stored(at) == ["1", "2", "3", "during-kontrollert", "4"]
    versions = at.asks("SELECT doctor_version FROM events WHERE doctor IS NOT NULL ORDER BY position")
    assert [row["doctor_version"] for row in versions] == [1, 2, 3, 4, 5]


def test_an_import_that_another_writer_makes_invalid_is_refused_and_stores_nothing(at: Desk) -> None:
    at.imports(DOCTOR.facts)
    told = DOCTOR.known("2025-12-20").changed("p1", "2025-11-01", percent=50)

    def meanwhile(*_: object) -> None:
        if len(at.log()) == 3:
            at.records(DOCTOR.known("2025-12-10").ended("p1", "2025-10-31").facts[-1] | {"id": "end"})

    with pytest.raises(Rejected, match=r"slutter 31\. oktober 2025"):
        at.casework.importing.import_facts(read_facts(lines_of(told.facts)), command(), now(), meanwhile)
    assert stored(at) == ["1", "2", "3", "end"]


def test_two_imports_of_the_same_file_at_once_store_it_once(at: Desk) -> None:
    facts = [fact | {"hpr": f"{hpr}"} for hpr in range(9_000_001, 9_000_021) for fact in DOCTOR.facts]
    counts: list[Imported] = []
    start = threading.Barrier(4)

    def one() -> None:
        start.wait()
        counts.append(at.imports(facts))

    together([one] * 4)
    assert sorted(count.stored for count in counts) == [0, 0, 0, 60]
    assert len(at.log()) == 60


def together(jobs: list[Callable[[], None]]) -> None:
    threads = [threading.Thread(target=job) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_a_registration_is_seen_by_the_next_import_and_the_other_way_round(at: Desk) -> None:
    at.records_all(DOCTOR)
    at.imports(DOCTOR.ended("p1", "2025-12-31").facts)
    told = Told(facts=DOCTOR.facts).changed("p1", "2026-01-01", percent=50).facts[-1]
    late = told | {"id": "x", "recorded_at": "2027-01-01T00:00:00Z"}
    assert refusal(lambda: at.records(late)) == "change-after-position"


def test_a_doctors_events_are_numbered_without_a_gap_over_all_streams(at: Desk) -> None:
    at.imports(DOCTOR.agreement("a2", BEIARN).leave("l1", "2025-08-01").facts)
    rows = at.asks("SELECT doctor_version FROM events WHERE doctor = %s ORDER BY position", track_id("9000001"))
    assert [row["doctor_version"] for row in rows] == [1, 2, 3, 4, 5]
