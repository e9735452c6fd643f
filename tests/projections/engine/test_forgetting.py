"""When a doctor's key is destroyed, the read side forgets by itself: it is an event like any other."""

import threading
from contextlib import suppress

from domain.values.refusals.refusal import Refused
from domain.values.streams import track_id
from projections.all import ALL
from projections.doctors.search import PERSONAL, WORKPLACE, Search
from projections.engine.log import Log
from projections.engine.rebuilding import rebuild
from projections.engine.running import Runner
from projections.engine.status import wait_for
from projections.workers import Workers
from tests.benchmarks.stories import new_doctors, told
from tests.desk import desk
from tests.projections.house import House, finds
from tests.scenario import Told, track

HPR = "9000001"


def doctor(hpr: str = HPR) -> Told:
    """A doctor who is found by a workplace and a supervisor."""
    story = track("2024-10-01", hpr=hpr).position("p1").agreement("a1")
    story = story.changed("p1", "2025-09-01", workplace="Nordbyen legekontor")
    return story.add("supervisor_assigned", supervisor="1234567", first_day="2025-09-01", name="Ingrid Åsen")


def personal(at: House) -> set[str]:
    """What stands in search for personal words."""
    return {word for _, kind, word, _ in at.rows(Search) if kind in PERSONAL}


def test_after_the_key_is_destroyed_search_finds_nobody_by_what_was_personal(at: House) -> None:
    at.imports(doctor().facts)
    at.levels()
    with at.reads() as connection:
        assert finds(connection, at.sought("nordb")) == finds(connection, at.sought("ÅSEN")) == [HPR]
    at.erases(HPR)
    at.levels()
    assert personal(at) == set()
    with at.reads() as connection:
        assert finds(connection, at.sought("nordb")) == finds(connection, at.sought("åsen")) == []
        assert finds(connection, at.sought("bod 90000")) == [HPR]


def test_what_a_rebuild_gives_after_erasing_is_what_was_there(at: House) -> None:
    at.imports([*doctor().facts, *doctor("9000002").facts])
    at.levels()
    before = at.all_rows()
    at.erases(HPR)
    at.levels()
    after = at.all_rows()
    assert {name for name in before if before[name] != after[name]} == {"search"}
    assert before["search"] > after["search"]
    assert {hpr for hpr, kind, *_ in before["search"] - after["search"] if kind in PERSONAL} == {HPR}
    assert [rebuild(projection, at.store, at.url).differences for projection in ALL] == [0] * len(ALL)
    assert at.all_rows() == after


def test_what_is_told_after_the_erasing_is_found_and_what_was_told_before_is_not(at: House) -> None:
    at.imports(doctor().facts)
    at.levels()
    at.erases(HPR)
    at.records(doctor().changed("p1", "2025-11-01", workplace="Sørbyen legesenter").facts[-1])
    at.levels()
    assert personal(at) == at.entries(WORKPLACE, "sørbyen", "legesenter")
    assert at.differs_from_fresh(Search) == 0
    at.erases(HPR)
    at.levels()
    assert personal(at) == set()
    assert at.differs_from_fresh(Search) == 0


def test_an_erased_text_is_no_word_to_find_anybody_by(at: House) -> None:
    at.imports(doctor().facts)
    at.erases(HPR)
    at.levels()
    assert personal(at) == set()
    with at.reads() as connection:
        assert finds(connection, at.sought("slettet")) == []


def test_the_erasing_and_the_facts_around_it_in_one_page_give_what_single_pages_give(at: House) -> None:
    at.levels()
    at.imports(doctor().facts)
    at.erases(HPR)
    at.records(doctor().changed("p1", "2025-11-01", workplace="Sørbyen legesenter").facts[-1])
    at.levels(most=1)
    assert personal(at) == at.entries(WORKPLACE, "sørbyen", "legesenter")
    assert [at.differs_from_fresh(projection) for projection in ALL] == [0] * len(ALL)


def test_a_running_worker_forgets_what_another_process_erased_though_it_remembers_the_key(at: House) -> None:
    at.imports(doctor().facts)
    with Workers(ALL, at.store, at.url), desk(at.url) as elsewhere, at.reads() as connection:
        assert wait_for(connection, at.store.last_position() or 0, 5)
        assert finds(connection, at.sought("nordbyen")) == [HPR]
        elsewhere.erases(HPR)
        assert wait_for(connection, at.store.last_position() or 0, 5)
        assert finds(connection, at.sought("nordbyen")) == []
        elsewhere.records(doctor().ended("p1", "2026-05-31").facts[-1])
        assert wait_for(connection, at.store.last_position() or 0, 5)
        assert finds(connection, at.sought("nordbyen")) == []


def test_a_worker_that_did_not_take_the_page_of_the_erasing_forgets_too_before_it_takes_the_next(at: House) -> None:
    at.imports(doctor().facts)
    with desk(at.url) as elsewhere:
        at.levels()
        here, there = Runner(Search, Log(at.store)), Runner(Search, Log(elsewhere.store))
        with at.works() as connection:
            at.records(doctor().changed("p1", "2025-09-02", workplace="Nordbyen").facts[-1])
            assert here.turn(connection)  # remembers doctor and key
            elsewhere.erases(HPR)
            assert there.turn(connection)
            assert personal(at) == set()
            elsewhere.records(doctor().changed("p1", "2025-09-02").ended("p1", "2026-05-31").facts[-1])
            assert here.turn(connection)
        assert personal(at) == set()
        assert at.differs_from_fresh(Search) == 0


def test_workers_writers_and_erasing_at_once_end_in_what_a_fresh_fold_gives(at: House) -> None:
    doctors = new_doctors(6)
    stories = [told(hpr, 12) for hpr in doctors]
    erased: list[str] = []

    def write(number: int) -> None:
        with desk(at.url, 2) as mine:
            for fact in stories[number]:
                mine.records(fact)

    def erase() -> None:
        with desk(at.url, 2) as mine:
            while any(writer.is_alive() for writer in writers):
                for hpr in doctors[:4]:
                    with suppress(Refused):
                        erased.append(mine.erases(hpr).hpr)
            erased.extend(mine.erases(hpr).hpr for hpr in doctors[:4] if mine.store.keys.name_of(track_id(hpr)))

    with Workers(ALL, at.store, at.url), Workers(ALL, at.store, at.url):
        writers = [threading.Thread(target=write, args=(number,)) for number in range(len(doctors))]
        eraser = threading.Thread(target=erase)
        for thread in (*writers, eraser):
            thread.start()
        for thread in (*writers, eraser):
            thread.join()
        with at.reads() as connection:
            assert wait_for(connection, at.store.last_position() or 0, 20)
    assert set(erased) == set(doctors[:4])
    assert {hpr for hpr, kind, *_ in at.rows(Search) if kind in PERSONAL} == set(doctors[4:])
    assert [at.differs_from_fresh(projection) for projection in ALL] == [0] * len(ALL)
    assert at.store.verify()
