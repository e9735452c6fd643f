"""Registering one fact at a time: commands, their first answers, and many at once."""

import subprocess
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date

from deploy.clock import new_id
from domain.casework.facts.recording import Receipt
from domain.doctor.facts.fact import Fact
from domain.store import Recorded
from domain.values.refusals.refusal import Refused, refused
from tests.desk import Desk, command, desk, fact_of, guidance, refusal
from tests.scenario import BEIARN, BODO, Json, full_time, track

DOCTOR = full_time()
HPR = "9000001"


def test_a_registered_fact_is_part_of_what_is_known(at: Desk) -> None:
    at.records_all(DOCTOR)
    assert at.replays(BODO)["total"] == 378_656


def test_a_fact_that_is_not_valid_is_refused_and_nothing_is_stored(at: Desk) -> None:
    at.records_all(DOCTOR)
    wrong = DOCTOR.changed("p8", "2025-01-01", percent=50).facts[-1]
    assert refusal(lambda: at.records(wrong)) == "unknown-position"
    assert len(at.log()) == 3


def test_a_fact_that_is_known_is_not_stored_again(at: Desk) -> None:
    at.records_all(DOCTOR)
    assert at.records(DOCTOR.facts[1]) == Receipt(HPR, "2", stored=False)
    assert len(at.log()) == 3


def test_what_the_service_records_becomes_known_after_all_that_is_known(at: Desk) -> None:
    at.records_all(DOCTOR.known("2026-03-01").changed("p1", "2026-01-01", percent=50))
    early = DOCTOR.known("2025-10-01").ended("p1", "2025-12-31").facts[-1] | {"id": "early"}
    assert at.records(early).stored
    last = at.casework.doctor(HPR)[-1].event
    assert isinstance(last, Fact)
    assert (last.id, last.recorded_at.date()) == ("early", date(2026, 3, 1))


def test_a_fact_may_build_on_what_another_process_has_just_stored(at: Desk) -> None:
    at.records_all(DOCTOR)
    told = DOCTOR.position("p2", BEIARN, "2025-09-01").changed("p2", "2025-10-01", percent=50)
    with desk(at.url) as elsewhere:
        elsewhere.records(told.facts[-2])
    assert at.records(told.facts[-1]).stored


# ---------------------------------------------------------------- a command repeated


def test_a_command_repeated_gives_the_first_answer(at: Desk) -> None:
    order = command("start")
    first = at.records(DOCTOR.facts[0], order)
    assert first == Receipt(HPR, "1", stored=True)
    assert at.records(DOCTOR.facts[0], order) == first
    with desk(at.url) as elsewhere:
        assert elsewhere.records(DOCTOR.facts[0], order) == first
    assert len(at.log()) == 1


def test_a_command_repeated_gives_the_first_answer_also_when_the_case_has_gone_on(at: Desk) -> None:
    order = command("post")
    at.records_all(DOCTOR)
    leave = DOCTOR.leave("l1", "2025-08-01").facts[-1]
    first = at.records(leave, order)
    at.records(DOCTOR.leave("l1", "2025-08-01").corrected("4", first_day="2025-09-01").facts[-1])
    assert at.records(leave, order) == first
    assert len(at.log()) == 5


def test_the_id_of_a_command_stands_for_one_request(at: Desk) -> None:
    identity = new_id()
    at.records(DOCTOR.facts[0], command("start", identity))
    assert refusal(lambda: at.records(DOCTOR.facts[1], command("post", identity))) == "command-id-reused"
    assert refusal(lambda: at.records(DOCTOR.facts[0], command("other", identity))) == "command-id-reused"
    other = track("2024-10-01", hpr="9000002").facts[0]
    assert refusal(lambda: at.records(other, command("other doctor", identity))) == "command-id-reused"
    assert len(at.log()) == 1


def test_a_command_that_finds_its_fact_known_is_kept_too_and_stands_for_one_request(at: Desk) -> None:
    at.records_all(DOCTOR)
    order = command("post")
    assert at.records(DOCTOR.facts[1], order) == Receipt(HPR, "2", stored=False)
    leave = DOCTOR.leave("l1", "2025-08-01").facts[-1]
    assert refusal(lambda: at.records(leave, command("leave", order.id))) == "command-id-reused"
    with desk(at.url) as elsewhere:
        assert elsewhere.records(DOCTOR.facts[1], order) == Receipt(HPR, "2", stored=False)
        assert refusal(lambda: elsewhere.records(leave, command("leave", order.id))) == "command-id-reused"
    assert at.asks("SELECT first_position, last_position FROM commands WHERE id = %s", order.id) == [
        {"first_position": None, "last_position": None}
    ]
    assert len(at.log()) == 3


def test_one_id_for_eight_requests_at_once_that_find_their_facts_known_stands_for_one_of_them(at: Desk) -> None:
    at.records_all(DOCTOR)
    identity = new_id()

    def ask(n: int) -> str:
        try:
            return at.records(DOCTOR.facts[n % 3], command(n % 3, identity)).fact
        except Refused as refused:
            return refused.code

    with ThreadPoolExecutor(8) as threads:
        told = list(threads.map(ask, range(24)))
    assert sorted(told.count(each) for each in set(told)) == [8, 16]
    assert told.count("command-id-reused") == 16


def test_what_a_command_that_stored_nothing_can_be_waited_for_is_the_log_as_it_is(at: Desk) -> None:
    at.records_all(DOCTOR)
    order = command("post")
    at.records(DOCTOR.facts[1], order)
    assert at.casework.position_of(order.id) == at.store.last_position()


def test_a_command_that_was_refused_can_be_given_again(at: Desk) -> None:
    order = command("change")
    change = DOCTOR.changed("p1", "2025-09-01", percent=50).facts[-1]
    assert refusal(lambda: at.records(change, order)) == "unknown-position"
    at.records_all(DOCTOR)
    assert at.records(change, order).stored


def test_the_same_command_from_eight_threads_is_obeyed_once(at: Desk) -> None:
    order = command("start")
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda _: at.records(DOCTOR.facts[0], order), range(24)))
    assert set(answers) == {Receipt(HPR, "1", stored=True)}
    assert len(at.log()) == 1


def test_what_is_kept_of_a_command_tells_nothing_personal(at: Desk) -> None:
    at.records_all(DOCTOR)
    order = command("sick leave of a named doctor")
    at.records(DOCTOR.leave("l1", "2025-08-01", kind="sick").facts[-1], order)
    [row] = at.asks("SELECT * FROM commands WHERE id = %s", order.id)
    assert row["result"] == '{"hpr": "9000001", "fact": "4", "stored": true}'
    assert (row["request"], row["actor"]) == (order.request, "caseworker:ab")
    assert row["first_position"] == row["last_position"]


# ---------------------------------------------------------------- what the caller has seen


def unchanged_since(version: int) -> Callable[[Sequence[Recorded]], None]:
    def check(recorded: Sequence[Recorded]) -> None:
        if len(recorded) != version:
            raise refused("changed-meanwhile")

    return check


def test_a_registration_on_what_has_changed_since_it_was_read_is_refused(at: Desk) -> None:
    at.records_all(DOCTOR)
    with desk(at.url) as elsewhere:
        elsewhere.records(DOCTOR.leave("l1", "2025-08-01").facts[-1])
    recording = at.casework.recording
    change = fact_of(DOCTOR.changed("p1", "2025-09-01", percent=50).facts[-1] | {"id": "5"})
    assert refusal(lambda: recording.record(change, command(), unchanged_since(3))) == "changed-meanwhile"
    assert recording.record(change, command(), unchanged_since(4)).stored


# ---------------------------------------------------------------- many at once


def test_eight_threads_on_one_doctor_lose_nothing_and_double_nothing(at: Desk) -> None:
    at.records_all(DOCTOR)
    with ThreadPoolExecutor(8) as threads:
        receipts = list(threads.map(lambda n: at.records(guidance(n)), range(120)))
    assert all(receipt.stored for receipt in receipts)
    assert sorted(fact for _, fact in at.log()) == sorted(["1", "2", "3", *(f"g{n}" for n in range(120))])
    assert at.is_gap_free(HPR)
    assert at.store.verify()[1] == len(at.asks("SELECT position FROM events"))


def test_eight_threads_over_services_that_do_not_know_of_each_other_lose_nothing(at: Desk) -> None:
    at.records_all(DOCTOR)
    with desk(at.url, 3) as two, desk(at.url, 3) as three, ThreadPoolExecutor(8) as threads:
        desks = [at, two, three]
        receipts = list(threads.map(lambda n: desks[n % 3].records(guidance(n)), range(60)))
    assert all(receipt.stored for receipt in receipts)
    assert len(at.log()) == len(set(at.log())) == 63
    assert at.is_gap_free(HPR)


def test_of_eight_who_end_one_track_in_eight_ways_all_are_heard_in_some_order(at: Desk) -> None:
    at.records_all(DOCTOR)
    ends = [DOCTOR.add("track_discontinued", on=f"2026-0{n % 5 + 1}-10").facts[-1] | {"id": f"e{n}"} for n in range(8)]
    with ThreadPoolExecutor(8) as threads:
        assert all(receipt.stored for receipt in threads.map(at.records, ends))
    assert at.is_gap_free(HPR)


def test_of_eight_who_begin_a_track_at_once_one_does(at: Desk) -> None:
    starts = [DOCTOR.facts[0] | {"id": f"s{n}", "on": f"2024-10-0{n + 1}"} for n in range(8)]

    def begin(fact: Json) -> str:
        try:
            return "stored" if at.records(fact).stored else "known"
        except Refused as refused:
            return refused.code

    with ThreadPoolExecutor(8) as threads:
        told = sorted(threads.map(begin, starts))
    # later ones are stored too where they ended up before the first in time, which is no error
    assert len(at.log()) == told.count("stored") >= 1
    assert set(told) <= {"stored", "track-running"}


def test_two_municipalities_that_sign_one_name_of_an_agreement_at_once_get_one_agreement(at: Desk) -> None:
    at.records(DOCTOR.facts[0])
    signed = [DOCTOR.facts[2] | {"id": f"a{n}", "municipality": where} for n, where in enumerate([BODO, BEIARN] * 4)]

    def sign(fact: Json) -> str:
        try:
            return at.records(fact).fact
        except Refused as refused:
            return refused.code

    with ThreadPoolExecutor(8) as threads:
        told = list(threads.map(sign, signed))
    assert sorted(told)[1:] == ["name-used"] * 7
    assert len(at.log()) == 2


WRITER = """
import sys
from tests.desk import desk, guidance
with desk(sys.argv[1], 2) as at:
    for n in range(int(sys.argv[2]), int(sys.argv[3])):
        assert at.records(guidance(n)).stored
"""


def test_several_processes_on_one_doctor_lose_nothing_and_double_nothing(at: Desk) -> None:
    at.records_all(DOCTOR)
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, at.url, str(first), str(first + 25)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        for first in (0, 25, 50)
    ]
    for process in processes:
        _, told = process.communicate(timeout=60)
        assert process.returncode == 0, told.decode()
    assert sorted(fact for _, fact in at.log()[3:]) == sorted(f"g{n}" for n in range(75))
    assert at.is_gap_free(HPR)


def test_positions_are_in_the_order_of_the_commits(at: Desk) -> None:
    """A reader that pages by position, while others write, misses nothing."""
    doctors = [f"{9_000_001 + n}" for n in range(8)]
    seen: list[int] = []

    def write(hpr: str) -> None:
        for n in range(25):
            at.records(guidance(n, hpr))

    with ThreadPoolExecutor(8) as threads:
        jobs = [threads.submit(write, hpr) for hpr in doctors]
        while not all(job.done() for job in jobs) or len(seen) < 8 * 25:
            last = seen[-1] if seen else 0
            rows = at.asks(
                "SELECT position FROM events WHERE position > %s AND doctor IS NOT NULL ORDER BY position", last
            )
            seen += [row["position"] for row in rows]
            if all(job.done() for job in jobs) and not rows:
                break
    positions = [row["position"] for row in at.asks("SELECT position FROM events WHERE doctor IS NOT NULL")]
    assert seen == sorted(positions)
    assert len(seen) == 8 * 25


def test_moments_of_storing_follow_the_positions(at: Desk) -> None:
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda n: at.records(guidance(n, f"{9_000_001 + n % 4}")), range(60)))
    moments = [row["stored_at"] for row in at.asks("SELECT stored_at FROM events ORDER BY position")]
    assert moments == sorted(moments)


# ---------------------------------------------------------------- finding a municipality's doctors


def test_only_the_doctors_who_were_ever_said_to_hold_a_post_there_are_read(at: Desk) -> None:
    at.imports(fact | {"hpr": f"{9_100_000 + n}"} for n in range(40) for fact in full_time(municipality=BEIARN).facts)
    moved = full_time(municipality=BEIARN).switched("p1", "2025-09-30", to=BODO)
    corrected = track("2024-10-01", hpr="9000002").position("p1", BEIARN).corrected("2", municipality=BODO)
    old_code = track("2024-10-01", hpr="9000003").position("p1", "5404")
    for told in (moved, corrected, old_code):
        at.imports(told.facts)
    assert [line["hpr"] for line in at.replays(BODO)["lines"]] == ["9000001", "9000002"]
    assert [line["hpr"] for line in at.replays("5634")["lines"]] == ["9000003"]
    assert len(at.replays(BEIARN)["lines"]) == 41
    assert len(at.store.facts_of_municipality([BODO])) == len(moved.facts) + len(corrected.facts)


def test_the_doctors_of_a_municipality_are_found_without_reading_every_stream(at: Desk) -> None:
    at.imports(fact | {"hpr": f"{9_100_000 + n}"} for n in range(1500) for fact in full_time(municipality=BEIARN).facts)
    at.imports(DOCTOR.facts)
    at.asks("ANALYZE events")
    before = rows_read(at)
    assert len(at.store.facts_of_municipality([BODO])) == 3
    assert rows_read(at) - before < 50


def rows_read(at: Desk) -> int:
    """How many rows of the log have been fetched, by scan or by index, as the database counts."""
    at.asks("SELECT pg_stat_force_next_flush()")
    at.store.answers()
    [row] = at.asks(
        "SELECT seq_tup_read + coalesce(idx_tup_fetch, 0) AS rows FROM pg_stat_user_tables WHERE relname = 'events'"
    )
    return int(row["rows"])
