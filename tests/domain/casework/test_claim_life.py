"""The life of a claim against a model of it: whatever is tried in whatever order, the claim stands as the model does.

The model knows nothing of the rules but this: a month of a full-time fastlege in the window is 31 554.6765625 kroner,
and a month on leave is none.
"""

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import count
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from domain.casework.commands.commands import Actor
from domain.claim.steps.gaps import first_gap
from domain.claim.stream.state import Status
from domain.rulebook.release import choose_rule_set
from domain.values.refusals.refusal import Refused
from projections.claims.tasks import Tasks, TasksWanted, tasks
from tests.claiming import APPLIED, APPROVER, DOCUMENT, WHO, Claiming, claiming
from tests.desk import desk
from tests.projections.house import House
from tests.scenario import ROUND, Json, Told, full_time

A_MONTH: Final = Fraction("31554.6765625")
MONTHS: Final = ("2026-01", "2026-02", "2026-03", "2026-04")
LAST_DAY: Final = {"2026-01": "31", "2026-02": "28", "2026-03": "31", "2026-04": "30"}
RULES: Final = choose_rule_set(None, ROUND)
PLACES: Final = iter([code for code in RULES.municipalities.by_code if code not in RULES.central])
NUMBERS: Final = count(9_500_001)
DRAFT: Final = {Status.OPENED, Status.RETURNED}
DOCTORS: Final = st.sampled_from([0, 1])
Leaves = frozenset[str]


def kroner(leaves: Leaves) -> int:
    """A line with some months on leave."""
    return int(A_MONTH * (12 - len(leaves)) + Fraction(1, 2))


class Life(RuleBasedStateMachine):
    """One claim with two doctors, and what is known of it."""

    at: House
    """Set by the test."""

    @initialize(far=st.sampled_from([0, 1, 2, 2, 3]))
    def begins(self, far: int) -> None:
        """A claim that is nothing yet, or is paid, attested or closed already."""
        self._starts()
        if far:
            self.hurries()
        if far > 1:
            self.attests((0, 1))
        if far > 2:
            self.accepts()
            self.closes()

    def _starts(self) -> None:
        self.code = next(PLACES)
        self.doctors = [str(next(NUMBERS)), str(next(NUMBERS))]
        self.told: list[Told] = []
        for hpr in self.doctors:
            told = full_time("2025-06-01", self.code)
            self.at.imports(fact | {"hpr": hpr} for fact in told.facts)
            self.told.append(replace(told.known("2026-08-20"), hpr=hpr))
        self.claim: Claiming = claiming(self.at).for_claim(f"{self.code}-{ROUND}")
        self.status: Status | None = None
        self.lines: dict[str, bool] = {}
        self.known: dict[str, Leaves] = dict.fromkeys(self.doctors, frozenset())
        self.leave_facts: dict[tuple[str, str], str] = {}
        self.assessed: dict[str, Leaves] = {}
        self.proposed: dict[str, int] = {}
        self.decided: dict[str, int] = {}
        self.rests_on: dict[str, Leaves] = {}
        self.settled = 0
        self.signed: dict[str, Leaves] = {}

    # ------------------------------------------------------------ how steps are tried

    def tries(self, step: str, possible: bool, by: Actor | None = None, **fields: Any) -> bool:  # noqa: ANN401, FBT001
        """Try a step; whether it was taken must be what the model says."""
        who = by or WHO[step]
        if who.organisation is not None:
            who = replace(who, organisation=self.code)
        refusal: Exception | None = None
        try:
            self.claim.do(step, by=who, **fields)
        except (Refused, AssertionError) as hindrance:
            refusal = hindrance
        assert (refusal is None) == possible, (step, refusal)
        return possible

    @property
    def outstanding(self) -> int:
        return sum(self.decided.values()) - self.settled

    def gave_less(self, hpr: str) -> bool:
        return hpr in self.decided and self.decided[hpr] < kroner(self.rests_on[hpr])

    @property
    def when_settled(self) -> Status:
        """What was signed before holds where the content is the same."""
        holds = all(self.signed.get(hpr) == leaves for hpr, leaves in self.rests_on.items())
        return Status.ATTESTED if holds else Status.PAID

    @property
    def changed(self) -> set[str]:
        return {hpr for hpr in self.decided if self.known[hpr] != self.rests_on[hpr]}

    # ------------------------------------------------------------ what becomes known

    @rule(doctor=DOCTORS, month=st.sampled_from(MONTHS))
    def a_leave_becomes_known_or_was_wrong(self, doctor: int, month: str) -> None:
        hpr = self.doctors[doctor]
        told = self.told[doctor]
        if month in self.known[hpr]:
            told = told.withdrawn(self.leave_facts.pop((hpr, month)))
            self.known[hpr] -= {month}
        else:
            name = f"l{len(told.facts)}"
            told = told.leave(name, f"{month}-01", f"{month}-{LAST_DAY[month]}")
            self.leave_facts[hpr, month] = told.facts[-1]["id"]
            self.known[hpr] |= {month}
        self.told[doctor] = told
        self.at.imports(told.facts[-1:])

    @rule(doctor=DOCTORS)
    def something_that_changes_no_line_becomes_known(self, doctor: int) -> None:
        self.told[doctor] = self.told[doctor].changed("p1", "2026-01-01", title="overlege")
        self.at.imports(self.told[doctor].facts[-1:])

    # ------------------------------------------------------------ what the municipality does

    @rule()
    def opens(self) -> None:
        if self.tries("open", self.status in {None, Status.WITHDRAWN}):
            self.status, self.lines = Status.OPENED, dict.fromkeys(self.doctors, False)
            self.assessed = {}
            self.tries("attach_document", possible=True, hpr=self.doctors[0])

    @rule(doctor=DOCTORS)
    def confirms(self, doctor: int) -> None:
        hpr = self.doctors[doctor]
        possible = self.status in DRAFT | {Status.REOPENED} and hpr in self.lines
        if self.tries("confirm_line", possible, hpr=hpr, applied=APPLIED):
            self.lines[hpr] = True

    @rule()
    def confirms_all(self) -> None:
        for doctor in (0, 1):
            if self.doctors[doctor] in self.lines:
                self.confirms(doctor)

    @rule(doctor=DOCTORS)
    def removes(self, doctor: int) -> None:
        hpr = self.doctors[doctor]
        possible = self.status in DRAFT and hpr in self.lines
        possible |= self.status is Status.REOPENED and hpr in self.lines and hpr not in self.decided
        if self.tries("remove_line", possible, hpr=hpr):
            del self.lines[hpr]

    @rule(doctor=DOCTORS)
    def adds(self, doctor: int) -> None:
        hpr = self.doctors[doctor]
        possible = self.status in DRAFT | {Status.REOPENED} and hpr not in self.lines
        if self.tries("add_line", possible, hpr=hpr, applied=APPLIED):
            self.lines[hpr] = True

    @rule()
    def submits(self) -> None:
        possible = self.status in DRAFT and bool(self.lines) and all(self.lines.values())
        if self.tries("submit", possible):
            self.status = Status.SUBMITTED

    @rule()
    def withdraws(self) -> None:
        possible = self.status in DRAFT | {Status.SUBMITTED, Status.ASSESSED} and not self.decided
        if self.tries("withdraw", possible):
            self.status, self.lines = Status.WITHDRAWN, {}

    # ------------------------------------------------------------ what Helsedirektoratet does

    @rule()
    def returns(self) -> None:
        possible = self.status in {Status.SUBMITTED, Status.ASSESSED} and not self.decided
        if self.tries("return", possible):
            self.status, self.assessed = Status.RETURNED, {}

    @rule()
    def assesses(self) -> None:
        if self.tries("assess", self.status in {Status.SUBMITTED, Status.ASSESSED, Status.REOPENED}):
            self.status, self.assessed = Status.ASSESSED, {hpr: self.known[hpr] for hpr in self.lines}

    @rule(partly=st.booleans())
    def proposes(self, partly: bool) -> None:  # noqa: FBT001
        amounts = {hpr: kroner(leaves) for hpr, leaves in self.assessed.items()}
        lines: list[Json] = []
        if partly and amounts:
            first = min(amounts)
            amounts[first] = amounts[first] // 2
            because = {"reason_code": "documentation_missing", "reason": "et bilag mangler"}
            lines = [{"hpr": first, "outcome": "partly_granted", "kroner": amounts[first], **because}]
        named = {line["hpr"] for line in lines}
        if less := sorted(hpr for hpr in amounts.keys() - named if self.gave_less(hpr)):
            self.tries("propose", possible=False, lines=lines)
            lines += [{"hpr": hpr, "outcome": "granted", "kroner": amounts[hpr]} for hpr in less]
        if self.tries("propose", self.status is Status.ASSESSED, lines=lines):
            self.status, self.proposed = Status.PROPOSED, amounts

    @rule()
    def sends_back(self) -> None:
        if self.tries("send_back", self.status is Status.PROPOSED):
            self.status = Status.ASSESSED

    @rule(same=st.booleans())
    def approves(self, same: bool) -> None:  # noqa: FBT001
        by = Actor("godkjenner:ab", "approver", None) if same else APPROVER
        as_assessed = all(self.known[hpr] == leaves for hpr, leaves in self.assessed.items())
        if self.tries("approve", self.status is Status.PROPOSED and not same and as_assessed, by=by):
            self.decided, self.rests_on = dict(self.proposed), dict(self.assessed)
            self.status = Status.DECIDED if self.outstanding else self.when_settled

    @rule()
    def pays(self) -> None:
        self._settles("pay", self.status is Status.DECIDED and self.outstanding > 0)

    @rule()
    def reclaims(self) -> None:
        self._settles("reclaim", self.status is Status.DECIDED and self.outstanding < 0)

    def _settles(self, step: str, possible: bool) -> None:  # noqa: FBT001
        """Where another amount is known by now, only with a reason."""
        why: dict[str, Any] = {}
        if any(self.would(hpr) != amount for hpr, amount in self.decided.items()):
            self.tries(step, possible=False)
            why = {"reason": "permisjonen er ikke bekreftet"}
        if self.tries(step, possible, **why):
            self.settled, self.status = self.settled + self.outstanding, self.when_settled

    def would(self, hpr: str) -> int:
        """What a decision now would grant; a line that got less for a reason gets no more."""
        now = kroner(self.known[hpr])
        return min(now, self.decided[hpr]) if self.gave_less(hpr) else now

    @rule()
    def reopens(self) -> None:
        after_decision = {Status.DECIDED, Status.PAID, Status.ATTESTED, Status.REPORT_ACCEPTED, Status.CLOSED}
        if self.tries("reopen", self.status in after_decision and bool(self.changed)):
            self.status = Status.REOPENED

    # ------------------------------------------------------------ the report

    @rule(which=st.sampled_from([(0,), (1,), (0, 1)]))
    def attests(self, which: tuple[int, ...]) -> None:
        decided = self.claim.state.decided if self.status else None
        digests = {hpr: line.digest for hpr, line in decided.assessment.lines.items()} if decided else {}
        names = [self.doctors[doctor] for doctor in which]
        lines = [{"hpr": hpr, "digest": digests.get(hpr, DOCUMENT), "finding": "confirmed"} for hpr in names]
        possible = self.status in {Status.PAID, Status.ATTESTED} and all(hpr in self.decided for hpr in names)
        if self.tries("attest", possible, lines=lines):
            self.status = Status.ATTESTED
            self.signed |= {hpr: self.rests_on[hpr] for hpr in names}

    @rule()
    def accepts(self) -> None:
        signed = all(self.signed.get(hpr) == leaves for hpr, leaves in self.rests_on.items())
        if self.tries("accept_report", self.status is Status.ATTESTED and signed and not self.changed):
            self.status = Status.REPORT_ACCEPTED

    @rule()
    def closes(self) -> None:
        if self.tries("close", self.status is Status.REPORT_ACCEPTED):
            self.status = Status.CLOSED

    @rule(doctor=DOCTORS, month=st.sampled_from(MONTHS))
    def is_overtaken_and_decided_anew(self, doctor: int, month: str) -> None:
        self.a_leave_becomes_known_or_was_wrong(doctor, month)
        self.hurries()

    @rule()
    def hurries(self) -> None:
        """Everything that can be done is done, up to the payment: so that what follows a decision is often reached."""
        self.opens()
        self.reopens()
        self.confirms_all()
        self.submits()
        self.assesses()
        self.proposes(partly=False)
        self.approves(same=False)
        self.pays()
        self.reclaims()

    # ------------------------------------------------------------ what always holds

    @invariant()
    def stands_as_the_model_does(self) -> None:
        if self.status is None:
            return
        state = self.claim.state
        assert state.status is self.status
        assert {hpr: line.confirmed for hpr, line in state.lines.items()} == self.lines or not self.lines
        assert state.settled == self.settled
        assert first_gap(self.at.casework.claims.known_events(self.claim.name)) is None
        assert state.outstanding == (self.outstanding if self.decided else 0)
        assert (
            {hpr: line.kroner for hpr, line in state.decided.lines.items()} == self.decided if state.decided else True
        )

    @invariant()
    def what_is_known_now_has_the_effect_that_the_model_has(self) -> None:
        if not self.decided:
            return
        effect = self.at.casework.claims.effect(self.claim.name)
        assert effect is not None
        assert {line.subject.hpr: (line.before.amount, line.after.amount) for line in effect.lines} == self.effects()
        for line in effect.as_json()["lines"]:
            hpr = line["hpr"]
            assert line["first_month"] == min(self.known[hpr] ^ self.rests_on[hpr])
            assert line["unchanged"]["identical"]
            assert sum(cause["kroner"] for cause in line["causes"]) == line["kroner"]["difference"]

    def effects(self) -> dict[str, tuple[int, int]]:
        return {hpr: (kroner(self.rests_on[hpr]), kroner(self.known[hpr])) for hpr in self.changed}

    def teardown(self) -> None:
        if self.status is None or not hasattr(self, "claim"):
            return
        self.at.levels([Tasks])
        with self.at.reads() as connection:
            found = [(each.kind, each.hpr) for each in tasks(connection, TasksWanted(claim=self.claim.name)).items]
        stale = {hpr for hpr, leaves in self.signed.items() if self.known[hpr] != leaves}
        assert sorted(found) == sorted(
            [("changed_after_decision", hpr) for hpr in self.changed] + [("attestation_stale", hpr) for hpr in stale]
        )
        assert self.at.differs_from_fresh(Tasks) == 0
        assert self.at.casework.claims.repeat(self.claim.name).identical


def lives(at: House, examples: int, steps: int) -> None:
    """Many claims, each its own."""
    machine = type("LifeHere", (Life,), {"at": at})
    checks = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
    chosen = settings(max_examples=examples, stateful_step_count=steps, deadline=None, suppress_health_check=checks)
    run_state_machine_as_test(machine, settings=chosen)


@pytest.fixture
def house(database_url: str) -> Iterator[House]:
    with desk(database_url) as opened:
        made = House(opened.url, opened.store, opened.casework)
        made.publishes()
        yield made


def test_a_claim_stands_as_the_model_of_it_whatever_is_tried(house: House) -> None:
    lives(house, examples=12, steps=20)


@pytest.mark.long
def test_a_claim_stands_as_the_model_of_it_however_long_one_tries(house: House) -> None:
    lives(house, examples=40, steps=40)
