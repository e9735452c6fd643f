"""Random commands by eight writers at once, against a model in memory that knows nothing of the store.

The model keeps each doctor's facts in the order stored. Whatever a writer was told must be what the pure decision says
of one of the states that the doctor went through meanwhile, and every state must follow from the one before it.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import count
from threading import Barrier
from typing import Final
from uuid import UUID

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from deploy.clock import new_id
from domain.casework.facts.recording import Receipt
from domain.doctor.facts.fact import Fact
from domain.doctor.judging import judge
from domain.rulebook.release import release_reference
from domain.values.refusals.refusal import Refused
from domain.values.streams import track_id
from projections.all import ALL
from projections.engine.generations import install
from projections.engine.log import Log
from projections.engine.running import Runner
from projections.workers import Workers
from tests.desk import Desk, command, desk, fact_of
from tests.projections.house import House
from tests.scenario import BEIARN, BODO, Json, full_time

WRITERS: Final = 8
NUMBERS: Final = count(9_300_001)
"""Each example has doctors of its own."""
Told = Receipt | str
"""What a writer is told: a receipt, or the code of a refusal."""


@dataclass(frozen=True)
class Order:
    """A command as drawn: for which of the doctors, and the fact.

    It may have the id of an earlier one (`like`), or be that earlier one once more (`again`).
    """

    doctor: int
    fact: Mapping[str, object]
    like: int | None
    again: bool


DAYS: Final = st.sampled_from(["2024-10-01", "2025-01-15", "2025-07-01", "2025-11-14", "2026-02-01", "2026-05-31"])
POSITIONS: Final = st.sampled_from(["p1", "p2", "p3"])
LEAVES: Final = st.sampled_from(["l1", "l2"])
IDS: Final = st.sampled_from([f"f{n}" for n in range(24)])
PERCENTS: Final = st.sampled_from([20, 50, 80, 100])


def of(kind: str, /, **fields: st.SearchStrategy[object]) -> st.SearchStrategy[Json]:
    return st.fixed_dictionaries({"type": st.just(kind), **fields})


FACTS: Final[st.SearchStrategy[Json]] = st.one_of(
    of("position_started", position=POSITIONS, municipality=st.sampled_from([BODO, BEIARN]),
       category=st.sampled_from(["gp", "gp_locum"]), percent=PERCENTS, first_day=DAYS),
    of("position_changed", position=POSITIONS, first_day=DAYS, percent=PERCENTS),
    of("position_ended", position=POSITIONS, last_day=DAYS),
    of("leave_registered", leave=LEAVES, kind=st.sampled_from(["sick", "other"]), first_day=DAYS),
    of("leave_ended", leave=LEAVES, last_day=DAYS),
    of("agreement_signed", agreement=st.sampled_from(["a1", "a2"]), municipality=st.just(BODO), signed_on=DAYS,
       first_day=DAYS, template=st.just("hdir-2023")),
    of("agreement_ended", agreement=st.sampled_from(["a1", "a2"]), last_day=DAYS),
    of("track_discontinued", on=DAYS),
    of("track_started", on=DAYS, scheme=st.just("new")),
    of("guidance_recorded", municipality=st.just(BODO), month=st.just("2025-06"), hours=st.integers(1, 5)),
    of("fact_corrected", corrects=st.one_of(st.sampled_from(["1", "2", "3"]), IDS), reason=st.just("feil"),
       replacement=st.one_of(st.none(), st.fixed_dictionaries({"first_day": DAYS}),
                             st.fixed_dictionaries({"percent": PERCENTS}))),
)  # fmt: skip


@st.composite
def orders(draw: st.DrawFn) -> Order:
    """Ids of facts and commands are few, so that writers meet; moments too, so that some facts come late."""
    minute = draw(st.integers(0, 40))
    head = {"id": draw(IDS), "recorded_at": f"2026-06-01T09:{minute:02}:00Z", "recorded_by": "caseworker:ab"}
    like, again = draw(st.one_of(st.none(), st.integers(0, 30))), draw(st.booleans())
    return Order(draw(st.integers(0, 1)), {**draw(FACTS), **head}, like, again)


def expected(facts: Sequence[Fact], fact: Fact) -> str:
    """What the pure decision says of a fact: stored, known, or the code of a refusal.

    What a service records is the last that became known of the doctor.
    """
    if content(fact) in map(content, facts):
        return "known"
    last = max(each.recorded_at for each in facts)
    now = fact.model_copy(update={"recorded_at": max(fact.recorded_at, last)})
    accepted, problems = judge(facts, [(None, now)], release_reference())
    if problems:
        return problems[0].refusal.code
    return "stored" if accepted else "known"


def text(fact: Fact) -> str:
    """A fact as it was asked for."""
    return fact.model_dump_json()


def content(fact: Fact) -> str:
    """A fact as it is compared and counted: whenever it became known."""
    return fact.model_dump_json(exclude={"recorded_at"})


class EightWriters(RuleBasedStateMachine):
    """The machine over a house: every rule does something for real, and compares with the model."""

    at: House
    services: Sequence[Desk]

    def __init__(self) -> None:
        super().__init__()
        self._doctors = [str(next(NUMBERS)) for _ in range(2)]
        self._facts: dict[str, list[Fact]] = {}
        self._answers: dict[UUID, tuple[str, Receipt]] = {}
        self._asked: list[tuple[UUID, Fact]] = []
        for hpr in self._doctors:
            story = [fact | {"hpr": hpr} for fact in full_time().facts]
            self.at.imports(story)
            self._facts[hpr] = [fact_of(fact) for fact in story]

    @rule(drawn=st.lists(orders(), min_size=2, max_size=WRITERS))
    def write(self, drawn: list[Order]) -> None:
        """Up to eight commands at once, by services that do not know of each other."""
        asked = [self._order(each) for each in drawn]
        self._asked += asked
        together = Barrier(len(asked))

        def ask(number: int) -> Told:
            identity, fact = asked[number]
            recording = self.services[number % len(self.services)].casework.recording
            together.wait()
            try:
                return recording.record(fact, command(text(fact), identity))
            except Refused as refused:
                return refused.code

        with ThreadPoolExecutor(len(asked)) as writers:
            told = list(writers.map(ask, range(len(asked))))
        self._compare(asked, told)

    @rule(which=st.integers(0, len(ALL) - 1), most=st.integers(1, 7))
    def project(self, which: int, most: int) -> None:
        """One small page of one projection."""
        with self.at.works() as connection:
            Runner(ALL[which], Log(self.at.store), most=most).turn(connection)

    def teardown(self) -> None:
        """The log is the model, its chains hold, and the projections are what a fresh fold gives."""
        for hpr in self._doctors:
            assert self._stored(hpr) == self._facts[hpr]
            assert self.at.is_gap_free(hpr)
        assert self.at.store.verify()
        self.at.levels()
        assert [self.at.differs_from_fresh(projection) for projection in ALL] == [0] * len(ALL)

    def _order(self, order: Order) -> tuple[UUID, Fact]:
        fact = fact_of({**order.fact, "hpr": self._doctors[order.doctor]})
        if order.like is None or order.like >= len(self._asked):
            return new_id(), fact
        earlier = self._asked[order.like]
        return earlier if order.again else (earlier[0], fact)

    def _stored(self, hpr: str) -> list[Fact]:
        found = [each.event for each in self.at.store.doctors([track_id(hpr)])]
        return [event for event in found if isinstance(event, Fact)]

    def _compare(self, asked: Sequence[tuple[UUID, Fact]], told: Sequence[Told]) -> None:
        states = {hpr: self._states(hpr, {fact.id for _, fact in asked}) for hpr in self._doctors}
        new = [content(fact) for hpr in self._doctors for fact in states[hpr][-1][len(states[hpr][0]) :]]
        answered: dict[UUID, set[tuple[str, Receipt]]] = defaultdict(set)
        for (identity, fact), answer in zip(asked, told, strict=True):
            if isinstance(answer, Receipt):
                answered[identity].add((text(fact), answer))
        first_time = [pair for identity, pairs in answered.items() if identity not in self._answers for pair in pairs]
        stored = {text(fact): content(fact) for _, fact in asked}
        told_new = sorted(stored[fact] for fact, receipt in first_time if receipt.stored)
        assert told_new == sorted(new)  # told once, there once
        for identity, pairs in answered.items():
            assert len(pairs) == 1  # an id stands for one request, with one answer
            assert self._answers.setdefault(identity, next(iter(pairs))) in pairs  # and that is the first
        for (identity, fact), answer in zip(asked, told, strict=True):
            self._explain(identity, fact, answer, states[fact.hpr])
        self._facts = {hpr: states[hpr][-1] for hpr in self._doctors}

    def _states(self, hpr: str, ids: set[str]) -> list[list[Fact]]:
        """The states that a doctor went through in this step; each follows from the one before."""
        before, now = self._facts[hpr], self._stored(hpr)
        assert now[: len(before)] == before
        for number in range(len(before), len(now)):
            assert now[number].id in ids
            assert expected(now[:number], now[number]) == "stored"
        return [now[:number] for number in range(len(before), len(now) + 1)]

    def _explain(self, identity: UUID, fact: Fact, answer: Told, states: Sequence[Sequence[Fact]]) -> None:
        """An answer is the first one of its id, or what the decision says of one of the states."""
        first = self._answers.get(identity)
        if answer == "command-id-reused":
            assert first is not None
            assert first[0] != text(fact)
        elif isinstance(answer, Receipt):
            assert first == (text(fact), answer)
            if not answer.stored and content(fact) not in map(content, states[-1]):
                pytest.fail(f"{fact!r} is not known")
        else:
            assert answer in {expected(state, fact) for state in states}


@contextmanager
def two_services(at: House) -> Iterator[list[Desk]]:
    with ExitStack() as open_ones:
        yield [open_ones.enter_context(desk(at.url, 6)) for _ in range(2)]


def run(at: House, examples: int, steps: int) -> None:
    with at.works() as connection:
        install(connection, ALL)
    with two_services(at) as open_ones:

        class Here(EightWriters):
            services = open_ones

        Here.at = at
        run_state_machine_as_test(
            Here,
            settings=settings(
                max_examples=examples,
                stateful_step_count=steps,
                deadline=None,
                suppress_health_check=list(HealthCheck),
                print_blob=False,
                phases=[Phase.generate],  # threads meet otherwise each time: there is nothing to make smaller
            ),
        )


def test_what_eight_writers_are_told_is_what_the_model_says_and_the_log_and_projections_are_the_models(
    at: House,
) -> None:
    run(at, examples=6, steps=6)


@pytest.mark.long
def test_the_same_with_workers_beside_them_and_many_more_commands(at: House) -> None:
    with Workers(ALL, at.store, at.url):
        run(at, examples=15, steps=12)
