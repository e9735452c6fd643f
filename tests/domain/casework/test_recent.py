"""What is remembered of what was made: bounded, made once, and only as long as it holds."""

import threading
from concurrent.futures import ThreadPoolExecutor

from domain.casework.commands.recent import Recent


def test_what_was_made_holds_as_long_as_what_it_follows_from_and_no_longer() -> None:
    recent: Recent[str] = Recent(10)
    assert recent.once("question", 1, lambda: "first") == "first"
    assert recent.once("question", 1, lambda: "made again") == "first"
    assert recent.once("question", 2, lambda: "second") == "second"
    assert recent.get("question", 1) is None
    assert recent.get("question", 2) == "second"
    assert recent.get("other", 2) is None


def test_no_more_is_remembered_than_may_be_and_the_longest_unused_goes_first() -> None:
    recent: Recent[bytes] = Recent(80, len)
    for number in range(8):
        recent.keep(number, 0, b"x" * 10)
    assert (recent.weighs, recent.get(0, 0)) == (80, b"x" * 10)
    recent.keep(8, 0, b"x" * 5)
    assert recent.weighs == 75
    assert recent.get(1, 0) is None
    assert recent.get(0, 0) is not None


def test_what_takes_the_place_of_something_is_not_counted_twice() -> None:
    recent: Recent[bytes] = Recent(80, len)
    for standing in range(100):
        recent.keep("question", standing, b"x" * 10)
    assert recent.weighs == 10


def test_one_large_thing_does_not_push_out_all_others() -> None:
    recent: Recent[bytes] = Recent(80, len)
    recent.keep("small", 0, b"x")
    assert recent.once("large", 0, lambda: b"x" * 11) == b"x" * 11
    assert recent.get("large", 0) is None
    assert recent.get("small", 0) == b"x"


def test_of_many_who_ask_at_once_one_makes_it_and_the_others_wait() -> None:
    recent: Recent[int] = Recent(10)
    made, all_ask = list[int](), threading.Barrier(8)

    def make() -> int:
        made.append(1)
        return len(made)

    def ask(_: int) -> int:
        all_ask.wait()
        return recent.once("question", 0, make)

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(ask, range(8))) == [1] * 8
    assert made == [1]


def test_what_is_forgotten_is_made_anew_and_weighs_nothing() -> None:
    recent: Recent[bytes] = Recent(80, len)
    recent.keep("question", 0, b"x")
    recent.forget("question")
    recent.forget("never asked")
    assert (recent.get("question", 0), recent.weighs) == (None, 0)
