"""Erasing is a command with an event: who, when and why stay; what was personal does not."""

import json
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace

import pytest

from deploy.clock import now
from domain.casework.commands.commands import Actor, Command
from domain.casework.erasing import AskedFor, Erased, TakenBack
from domain.doctor.key import LAPSES_AFTER, ErasureReason, KeyDestroyed
from domain.store import CommandRecord
from domain.values.refusals.refusal import Refused
from domain.values.streams import key_id, track_id
from tests.desk import Desk, desk, ordered_by, refusal
from tests.lossy_line import lossy_line
from tests.scenario import full_time

HPR = "9000001"
SICK = full_time().leave("l1", "2025-10-05", "2025-10-20", "sick")


def kinds(at: Desk) -> list[str]:
    """The kinds of leave that are read."""
    told = [json.loads(each.event.model_dump_json()) for each in at.casework.doctor(HPR)]
    return [fact["kind"] for fact in told if "kind" in fact]


def erasures(at: Desk) -> list[KeyDestroyed]:
    events = [each.event for each in at.store.stream(key_id(HPR))]
    return [event for event in events if isinstance(event, KeyDestroyed)]


def test_that_a_key_was_destroyed_when_by_whom_and_why_is_in_the_log_and_in_the_chain(at: Desk) -> None:
    at.records_all(SICK)
    name, before, order = at.store.keys.name_of(track_id(HPR)), at.store.verify(), ordered_by("operator:kari")
    assert name is not None
    assert at.erases(HPR, order, "retention-over") == Erased(HPR, name, "retention-over", 1, "operator:ber")
    [event] = erasures(at)
    assert (event.hpr, event.key, event.reason, event.recorded_by) == (
        HPR,
        name,
        ErasureReason.RETENTION_OVER,
        "operator:kari",
    )
    [row] = at.asks("SELECT * FROM events WHERE topic = 'doctor-key.destroyed.v1'")
    assert (row["role"], row["source"], row["command_id"], row["doctor"]) == ("operator", "terminal", order.id, None)
    assert at.store.verify() == (before[0] + 1, before[1] + 2)
    assert kinds(at) == ["erased_extending"]
    assert at.asks("SELECT doctor FROM doctor_keys") == []


def test_months_and_kroner_are_the_same_after_the_erasing(at: Desk) -> None:
    at.records_all(SICK)
    before = at.replays("1804")
    at.erases(HPR)
    assert at.replays("1804") == before


def test_an_erasing_whose_answer_is_lost_is_done_once_and_answered_as_done(at: Desk) -> None:
    at.records_all(SICK)
    with lossy_line(at.url) as line, desk(line.url, 2) as far:
        line.lose(lambda: bool(at.asks("SELECT 1 FROM events WHERE topic = 'doctor-key.destroyed.v1'")))
        assert far.erases(HPR).times == 1
        assert line.lost == 1
    assert len(erasures(at)) == 1


def test_an_erasing_repeated_gives_the_first_answer_and_spares_the_new_key(at: Desk) -> None:
    at.records_all(SICK)
    order = ordered_by("operator:kari")
    first = at.erases(HPR, order)
    at.records(SICK.leave("l2", "2026-01-05", kind="sick").facts[-1])
    assert at.casework.erasing.confirm(HPR, order, now()) == first
    assert kinds(at) == ["erased_extending", "sick"]
    other = replace(ordered_by("operator:kari"), id=order.id)
    assert refusal(lambda: at.casework.erasing.confirm(HPR, other, now())) == "command-id-reused"


def test_what_was_told_since_can_be_erased_too(at: Desk) -> None:
    at.records_all(SICK)
    first = at.erases(HPR)
    at.records(SICK.leave("l2", "2026-01-05", kind="other").facts[-1])
    second = at.erases(HPR)
    assert (first.times, second.times) == (1, 2)
    assert first.key != second.key
    assert kinds(at) == ["erased_extending", "erased_other"]


def test_where_nothing_personal_is_kept_there_is_nothing_to_erase(at: Desk) -> None:
    at.records_all(full_time())
    assert refusal(lambda: at.erases(HPR)) == "nothing-to-erase"
    at.records(SICK.facts[-1])
    at.erases(HPR)
    assert refusal(lambda: at.erases(HPR)) == "nothing-to-erase"
    assert len(erasures(at)) == 1


def test_a_doctor_nobody_knows_cannot_be_erased(at: Desk) -> None:
    assert refusal(lambda: at.erases("7654321")) == "unknown-doctor"


@pytest.mark.parametrize("by", ["caseworker:ab", "kommune:1804", "rules:cd", "ukjent:ef"])
def test_only_the_operator_erases(at: Desk, by: str) -> None:
    at.records_all(SICK)
    order, erasing = ordered_by(by), at.casework.erasing
    assert refusal(lambda: at.erases(HPR, order)) == "erasing-not-allowed"
    assert refusal(lambda: erasing.request(HPR, "requested", order, now())) == "erasing-not-allowed"
    assert refusal(lambda: erasing.withdraw(HPR, order, now())) == "erasing-not-allowed"
    assert kinds(at) == ["sick"]
    assert erasures(at) == []


def test_a_reason_that_is_no_code_is_refused(at: Desk) -> None:
    at.records_all(SICK)
    assert refusal(lambda: at.erases(HPR, reason="Kari ba om det")) == "unknown-reason"


def test_of_eight_who_erase_at_once_one_does(at: Desk) -> None:
    at.records_all(SICK)

    def erase(_: int) -> str:
        try:
            with desk(at.url, 1) as elsewhere:
                return str(elsewhere.erases(HPR).times)
        except Refused as refused:
            return refused.code

    with ThreadPoolExecutor(8) as threads:
        told = sorted(threads.map(erase, range(8)))
    assert told.count("1") == len(erasures(at)) == 1
    assert set(told) <= {"1", "nothing-to-erase", "erasure-not-requested", "busy"}


def test_an_erasing_beside_eight_writers_takes_none_of_their_facts(at: Desk) -> None:
    at.records_all(SICK)
    facts = [SICK.leave(f"x{n}", "2026-02-05", "2026-02-06", "sick").facts[-1] | {"id": f"x{n}"} for n in range(24)]

    def write(n: int) -> bool:
        if n % 6 == 5:
            with suppress(Refused):  # somebody else was first, and nothing new came since
                at.erases(HPR)
        return at.records(facts[n]).stored

    with ThreadPoolExecutor(8) as threads:
        assert all(threads.map(write, range(24)))
    assert {fact for _, fact in at.log() if fact.startswith("x")} == {fact["id"] for fact in facts}
    assert at.is_gap_free(HPR)
    assert at.store.verify()


# ---------------------------------------------------------------- two persons


def test_nothing_is_erased_until_another_person_confirms_it(at: Desk) -> None:
    at.records_all(SICK)
    erasing, name = at.casework.erasing, at.store.keys.name_of(track_id(HPR))
    asked = erasing.request(HPR, "requested", ordered_by("operator:kari"), now())
    assert isinstance(asked, AskedFor)
    assert (kinds(at), erasures(at), at.store.keys.name_of(track_id(HPR))) == (["sick"], [], name)
    assert refusal(lambda: erasing.confirm(HPR, ordered_by("operator:KARI"), now())) == "own-erasure"
    assert refusal(lambda: erasing.confirm(HPR, ordered_by("operator:kari "), now())) == "own-erasure"
    assert kinds(at) == ["sick"]
    done = erasing.confirm(HPR, ordered_by("operator:ola"), now())
    assert (done.requested_by, done.times) == ("operator:kari", 1)
    assert kinds(at) == ["erased_extending"]


def test_who_asked_before_there_was_sign_in_is_known_by_name_to_be_who_confirms(at: Desk) -> None:
    at.records_all(SICK)
    at.casework.erasing.request(HPR, "requested", ordered_by("operator:kari"), now())

    def signed_in(name: str) -> Command:
        return replace(ordered_by("operator:x"), actor=Actor(f"operator:p-{'a' * 20}", "operator", None, name))

    assert refusal(lambda: at.casework.erasing.confirm(HPR, signed_in("Kari"), now())) == "own-erasure"
    assert at.casework.erasing.confirm(HPR, signed_in("Ola"), now()).times == 1


def test_without_a_request_there_is_nothing_to_confirm_or_withdraw(at: Desk) -> None:
    at.records_all(SICK)
    erasing, ola = at.casework.erasing, ordered_by("operator:ola")
    assert refusal(lambda: erasing.confirm(HPR, ola, now())) == "erasure-not-requested"
    assert refusal(lambda: erasing.withdraw(HPR, ola, now())) == "erasure-not-requested"


def test_a_request_that_was_withdrawn_cannot_be_confirmed_and_can_be_made_again(at: Desk) -> None:
    at.records_all(SICK)
    erasing, kari, ola = at.casework.erasing, ordered_by("operator:kari"), ordered_by("operator:ola")
    name = erasing.request(HPR, "ordered", kari, now()).key
    withdrawal = ordered_by("operator:kari")
    assert erasing.withdraw(HPR, withdrawal, now()) == TakenBack(HPR, name)
    assert erasing.withdraw(HPR, withdrawal, now()) == TakenBack(HPR, name)
    assert refusal(lambda: erasing.confirm(HPR, ola, now())) == "erasure-not-requested"
    erasing.request(HPR, "ordered", ordered_by("operator:ola"), now())
    assert refusal(lambda: erasing.request(HPR, "ordered", ordered_by("operator:kari"), now())) == "erasure-requested"
    assert erasing.confirm(HPR, ordered_by("operator:kari"), now()).reason == "ordered"


def test_a_request_lapses_after_thirty_days(at: Desk) -> None:
    at.records_all(SICK)
    erasing, long_ago = at.casework.erasing, now() - LAPSES_AFTER
    erasing.request(HPR, "requested", ordered_by("operator:kari"), long_ago)
    assert refusal(lambda: erasing.confirm(HPR, ordered_by("operator:ola"), now())) == "erasure-not-requested"
    assert kinds(at) == ["sick"]
    erasing.request(HPR, "requested", ordered_by("operator:ola"), now())


def test_a_request_is_for_the_key_of_then_and_not_for_one_that_is_made_later(at: Desk) -> None:
    at.records_all(SICK)
    at.erases(HPR)
    at.records(SICK.leave("l2", "2026-01-05", kind="sick").facts[-1])
    assert refusal(lambda: at.casework.erasing.confirm(HPR, ordered_by("operator:ola"), now())) == (
        "erasure-not-requested"
    )
    assert kinds(at) == ["erased_extending", "sick"]


def test_what_goes_is_told_before_it_is_gone(at: Desk) -> None:
    at.records_all(SICK)
    goes = at.casework.erasing.goes(HPR)
    assert (goes.key, goes.facts, goes.claims, goes.documents) == (at.store.keys.name_of(track_id(HPR)), 1, {}, ())
    at.erases(HPR)
    assert refusal(lambda: at.casework.erasing.goes(HPR)) == "nothing-to-erase"
    assert refusal(lambda: at.casework.erasing.goes("7654321")) == "unknown-doctor"


def test_an_answer_from_when_one_person_was_enough_is_still_given(at: Desk) -> None:
    at.records_all(SICK)
    order, old = ordered_by("operator:kari"), {"hpr": HPR, "key": "0" * 16, "reason": "ordered", "times": 1}
    at.store.keep(CommandRecord(order.id, order.request, json.dumps(old), order.actor.subject))
    assert at.casework.erasing.confirm(HPR, order, now()) == Erased(HPR, "0" * 16, "ordered", 1)
    assert kinds(at) == ["sick"]
