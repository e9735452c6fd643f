"""A command is carried out once: what is attempted again, what gets the first answer, and what is refused."""

from collections.abc import Callable, Sequence

import pytest

from domain.casework.commands.carrying_out import ATTEMPTS, carry_out
from domain.casework.facts.recording import Receipt
from domain.store import Conflict
from domain.values.refusals.refusal import refused
from tests.desk import Desk, command, refusal
from tests.scenario import full_time

FACT = full_time().facts[0]
ANSWER = Receipt("9000001", "1", stored=True)


class Attempts:
    """Comes to each of some outcomes in turn, and to the last of them from then on."""

    def __init__(self, outcomes: Sequence[Receipt | Exception]) -> None:
        self.made = 0
        self._outcomes = outcomes

    def __call__(self) -> Receipt:
        outcome = self._outcomes[min(self.made, len(self._outcomes) - 1)]
        self.made += 1
        if isinstance(outcome, Exception):
            raise outcome
        return outcome


def test_after_a_conflict_it_is_attempted_again(at: Desk) -> None:
    attempts = Attempts([Conflict(), Conflict(), ANSWER])
    assert carry_out(at.store, command(), Receipt, attempts) == ANSWER
    assert attempts.made == 3


@pytest.mark.parametrize("hindrance", [Conflict, lambda: refused("unknown-doctor", hpr="9000001")])
def test_a_command_that_was_stored_gets_its_first_answer(at: Desk, hindrance: Callable[[], Exception]) -> None:
    order = command("start")
    first, attempts = at.records(FACT, order), Attempts([hindrance()])
    assert carry_out(at.store, order, Receipt, attempts) == first
    assert attempts.made == 1


def test_a_new_command_is_refused_at_the_first_attempt(at: Desk) -> None:
    attempts = Attempts([refused("unknown-doctor", hpr="9000001")])
    assert refusal(lambda: carry_out(at.store, command(), Receipt, attempts)) == "unknown-doctor"
    assert attempts.made == 1


def test_when_the_store_does_not_answer_it_is_not_asked_for_the_first_answer(at: Desk) -> None:
    order = command("start")
    at.records(FACT, order)
    assert refusal(lambda: carry_out(at.store, order, Receipt, Attempts([refused("store-unavailable")]))) == (
        "store-unavailable"
    )


def test_the_id_of_another_request_is_refused(at: Desk) -> None:
    order = command("start")
    at.records(FACT, order)
    other = command("another", order.id)
    assert refusal(lambda: carry_out(at.store, other, Receipt, Attempts([Conflict()]))) == "command-id-reused"


def test_when_others_are_always_faster_it_is_busy(at: Desk) -> None:
    attempts = Attempts([Conflict()])
    assert refusal(lambda: carry_out(at.store, command(), Receipt, attempts, busy="claim-busy")) == "claim-busy"
    assert attempts.made == ATTEMPTS
