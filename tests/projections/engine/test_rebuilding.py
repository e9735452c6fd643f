"""Projections built anew beside the one that serves."""

import signal
import threading
import time

import pytest

from projections.all import ALL
from projections.doctors.case_history import CaseHistory
from projections.engine.generations import begin, install, of_name
from projections.engine.rebuilding import BeingRebuilt, Unlike, rebuild, rebuild_all
from projections.engine.status import wait_for
from projections.workers import Workers
from tests.benchmarks.stories import new_doctors, told
from tests.claiming import claiming
from tests.projections.fragile import Fragile, Mended, Reshaped, Wrong
from tests.projections.house import House
from tests.scenario import BEIARN, Json, full_time


def generations(at: House, name: str) -> list[tuple[int, str]]:
    with at.reads() as connection:
        return [(each.generation, each.status) for each in of_name(connection, name)]


def _imports(at: House, stories: list[list[Json]]) -> None:
    for story in stories:
        at.imports(story)


def test_every_projection_rebuilt_has_identical_rows(at: House) -> None:
    at.imports([fact for hpr in new_doctors(5) for fact in told(hpr, 20)])
    at.imports(full_time().facts)
    elsewhere = full_time(municipality=BEIARN).changed("p1", "2025-01-01", post="Fjell 1")
    elsewhere = elsewhere.add("supervisor_assigned", supervisor="9000101", first_day="2025-01-01")
    at.imports([fact | {"hpr": "9000002"} for fact in elsewhere.facts])
    claiming(at).attested()
    at.imports(full_time().known("2026-08-20").leave("l1", "2026-01-10", "2026-02-05").facts[-1:])
    at.levels()
    before = at.all_rows()
    told_so_far: list[tuple[int, int]] = []

    def progress(here: int, goal: int) -> None:
        told_so_far.append((here, goal))

    for projection in ALL:
        done = rebuild(projection, at.store, at.url, progress)
        assert done.differences == 0
        assert (done.generation, generations(at, projection.name)) == (2, [(2, "live")])
        assert told_so_far[-1] == (done.position, done.position)
    assert at.all_rows() == before
    assert all(before.values())


def test_all_are_rebuilt_at_once_to_identical_rows_and_progress_is_of_the_one_furthest_behind(at: House) -> None:
    at.imports([fact for hpr in new_doctors(5) for fact in told(hpr, 20)])
    at.levels()
    before, told_so_far = at.all_rows(), list[tuple[int, int]]()
    done = rebuild_all(ALL, at.store, at.url, lambda here, goal: told_so_far.append((here, goal)))
    assert [each.result().name for each in done] == [projection.name for projection in ALL]
    assert [each.result().differences for each in done] == [0] * len(ALL)
    assert at.all_rows() == before
    assert told_so_far[-1] == (at.store.last_position(), at.store.last_position())


def test_of_several_rebuilds_the_one_that_fails_does_not_stop_the_others(at: House) -> None:
    at.imports(full_time().facts)
    at.levels([Mended, CaseHistory])
    wrong, other = rebuild_all([Wrong, CaseHistory], at.store, at.url)
    with pytest.raises(Unlike):
        wrong.result()
    assert other.result().differences == 0
    assert generations(at, "fragile") == [(1, "live")]
    assert generations(at, "case_history") == [(2, "live")]


def test_a_rebuild_of_several_that_is_broken_off_ends_them_all_and_leaves_nothing_behind(at: House) -> None:
    at.imports([fact for hpr in new_doctors(3) for fact in told(hpr, 10)])
    at.levels()

    def broken_off(_here: int, _goal: int) -> None:
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)  # as Ctrl-C
        time.sleep(0.2)

    with pytest.raises(KeyboardInterrupt):
        rebuild_all(ALL, at.store, at.url, broken_off)
    assert [generations(at, projection.name) for projection in ALL] == [[(1, "live")]] * len(ALL)


def test_a_rebuild_goes_on_while_facts_arrive_and_workers_run(at: House) -> None:
    stories = [told(hpr, 15) for hpr in new_doctors(10)]
    with Workers(ALL, at.store, at.url):
        writer = threading.Thread(target=_imports, args=(at, stories))
        writer.start()
        for projection in ALL:
            rebuild(projection, at.store, at.url)
        writer.join()
        with at.reads() as connection:
            assert wait_for(connection, at.store.last_position() or 0, 10)
    assert [at.differs_from_fresh(projection) for projection in ALL] == [0] * len(ALL)


def test_a_rebuild_with_other_rows_is_refused_and_the_old_goes_on_serving(at: House) -> None:
    at.imports(full_time().facts)
    at.levels([Mended])
    with pytest.raises(Unlike) as unlike:
        rebuild(Wrong, at.store, at.url)
    assert unlike.value.rows == 2
    assert at.rows(Mended) == {("9000001", 3)}
    assert generations(at, "fragile") == [(1, "live")]
    done = rebuild(Wrong, at.store, at.url, accept_differences=True)
    assert done.differences == 2
    assert at.rows(Wrong) == {("9000001", 0)}


def test_a_rebuild_that_loses_a_doctor_is_refused_and_leaves_nothing_behind(at: House) -> None:
    at.imports([*full_time().facts, full_time().facts[0] | {"hpr": "9000002", "id": "poison"}])
    at.levels([Mended])
    with pytest.raises(Unlike) as unlike:
        rebuild(Fragile, at.store, at.url)
    assert unlike.value.rows == 1
    assert generations(at, "fragile") == [(1, "live")]


def test_a_rebuild_goes_on_without_whom_the_old_goes_on_without_too_and_says_how_many(at: House) -> None:
    at.imports([*full_time().facts, full_time().facts[0] | {"hpr": "9000002", "id": "poison"}])
    at.levels([Fragile], aside={("fragile", "doctor", "9000002")})
    done = rebuild(Fragile, at.store, at.url)
    assert (done.differences, done.set_aside) == (0, 1)
    assert at.rows(Fragile) == {("9000001", 3)}
    at.levels([Fragile], aside={("fragile", "doctor", "9000002")})


def test_whoever_was_set_aside_is_taken_up_by_a_rebuild_after_the_mend(at: House) -> None:
    at.imports([*full_time().facts, full_time().facts[0] | {"hpr": "9000002", "id": "poison"}])
    at.levels([Fragile], aside={("fragile", "doctor", "9000002")})
    done = rebuild(Mended, at.store, at.url)
    assert (done.differences, done.set_aside) == (0, 0)
    at.levels([Mended])
    assert at.rows(Mended) == {("9000001", 3), ("9000002", 1)}


def test_a_read_model_that_has_not_begun_is_built_and_said_to_be_compared_with_nothing(at: House) -> None:
    at.imports(full_time().facts)
    done = rebuild(Mended, at.store, at.url)
    assert (done.position, done.differences) == (at.store.last_position(), None)
    assert at.rows(Mended) == {("9000001", 3)}


def test_of_two_rebuilds_at_once_the_second_is_refused(at: House) -> None:
    at.imports(full_time().facts)
    at.levels([Mended])
    refused: list[type[BaseException]] = []

    def again(_here: int, _goal: int) -> None:
        if not refused:
            with pytest.raises(BeingRebuilt) as found:
                rebuild(Mended, at.store, at.url)
            refused.append(found.type)

    rebuild(Mended, at.store, at.url, again)
    assert refused == [BeingRebuilt]


def test_what_a_killed_rebuild_left_behind_is_dropped_by_the_next(at: House) -> None:
    at.imports(full_time().facts)
    at.levels([Mended])
    with at.works() as connection:
        assert begin(connection, Mended) == 2
    at.levels([Mended])
    assert generations(at, "fragile") == [(1, "live"), (2, "building")]
    done = rebuild(Mended, at.store, at.url)
    assert generations(at, "fragile") == [(done.generation, "live")]


def test_a_worker_builds_a_new_shape_beside_the_old_and_swaps_it_in(at: House) -> None:
    at.imports(full_time().facts)
    at.levels([Mended])
    with at.works() as connection:
        install(connection, [Reshaped])
    assert generations(at, "fragile") == [(1, "live"), (2, "building")]
    assert at.rows(Mended) == {("9000001", 3)}
    with Workers([Mended], at.store, at.url), Workers([Reshaped], at.store, at.url), at.reads() as connection:
        at.records(full_time().ended("p1", "2026-05-31").facts[-1])
        deadline = time.monotonic() + 10
        while generations(at, "fragile") != [(2, "live")] and time.monotonic() < deadline:
            time.sleep(0.01)
        assert wait_for(connection, at.store.last_position() or 0, 5)
    assert at.rows(Reshaped) == {("9000001", 4, -4)}


def test_a_rebuild_of_a_new_shape_needs_no_comparison(at: House) -> None:
    at.imports(full_time().facts)
    at.levels([Mended])
    assert rebuild(Reshaped, at.store, at.url).differences is None
    assert at.rows(Reshaped) == {("9000001", 3, -3)}
