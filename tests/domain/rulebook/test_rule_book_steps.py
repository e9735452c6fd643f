"""The rule book under whatever people do with it, in any order: what must hold always holds."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import reduce
from itertools import count
from typing import Any, Final

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from domain.rulebook.book_event import BookEvent, By
from domain.rulebook.questions import NewAnswer, NewQuestion, ask, give, propose
from domain.rulebook.release import adoption_of, shipped_contents, shipped_publications
from domain.rulebook.rulebook import RuleBook, approve, draft, evolve, publication, publish, release
from domain.rules.sets.rule_set import digest_of
from domain.values.refusals.refusal import Refused

[CONTENT] = [each for each in shipped_contents() if each["id"] == "nasjonal-alis-2026-final"]
LIST: Final = str(CONTENT["municipalities"])
BEGAN: Final = datetime(2026, 7, 1, 9, tzinfo=UTC)
NAMES: Final = ("nasjonal-alis-2026-final", "utkast-a", "utkast-b")
QUESTIONS: Final = st.sampled_from(["a", "b", "c"])
PEOPLE: Final = st.sampled_from(
    [("rules:kari", "rules"), ("rules:ola", "rules"), ("approver:kari", "approver"), ("approver:eva", "approver")]
)
REFUSALS: Final = {
    "wrong-role", "rule-set-published", "no-draft", "draft-changed", "own-draft", "not-approved", "must-supersede",
    "already-superseded", "bad-rule-set", "unknown-question", "question-answered", "no-answer", "answer-changed",
    "own-answer", "ruled-meanwhile",
}  # fmt: skip


def released() -> list[BookEvent]:
    """What a first start stores."""
    events: list[BookEvent] = []
    for each in shipped_publications():
        book = reduce(evolve, events, RuleBook())
        events += release(book, publication(each, BEGAN, "release:alis"), adoption_of(LIST, BEGAN, "release:alis"))
    return events


RELEASED: Final = released()


class Book(RuleBasedStateMachine):
    """Drafts, approvals and publications by a few people who may do them in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.events = list(RELEASED)
        self.book = reduce(evolve, self.events, RuleBook())
        self.seen: dict[str, str] = {}
        self.refusals: list[Refused] = []
        self.moments = (BEGAN + timedelta(hours=n) for n in count(1))

    def take(self, decide: Callable[[RuleBook, By], tuple[BookEvent, ...]], who: tuple[str, str]) -> None:
        """Do something, or be refused for one of the reasons there are."""
        events: tuple[BookEvent, ...] = ()
        try:
            events = decide(self.book, By(*who, next(self.moments)))
        except Refused as refusal:
            self.refusals.append(refusal)
        self.events += events
        self.book = reduce(evolve, events, self.book)

    @rule(
        who=PEOPLE,
        name=st.sampled_from(NAMES),
        rate=st.sampled_from(["1375", "1400"]),
        former=st.sampled_from([None, "nasjonal-alis-2026-provisional", *NAMES]),
    )
    def drafts(self, who: tuple[str, str], name: str, rate: str, former: str | None) -> None:
        values: Any = CONTENT["values"]
        content = {**CONTENT, "id": name, "values": {**values, "hourly_rate": {**values["hourly_rate"], "value": rate}}}
        content = (
            {**content, "supersedes": former} if former else {k: v for k, v in content.items() if k != "supersedes"}
        )
        self.take(lambda book, by: draft(book, content, adoption_of(LIST, by.at, by.subject), by), who)

    @rule(name=st.sampled_from(NAMES))
    def looks(self, name: str) -> None:
        """Somebody reads a draft, and goes on from what it was then."""
        if name in self.book.drafts:
            self.seen[name] = self.book.drafts[name].digest

    @rule(who=PEOPLE, name=st.sampled_from(NAMES))
    def approves(self, who: tuple[str, str], name: str) -> None:
        self.take(lambda book, by: approve(book, name, self.seen.get(name, f"sha256:{0:064}"), by), who)

    @rule(who=PEOPLE, name=st.sampled_from(NAMES))
    def publishes(self, who: tuple[str, str], name: str) -> None:
        self.take(lambda book, by: publish(book, name, self.seen.get(name, f"sha256:{0:064}"), by), who)

    @rule(who=PEOPLE, name=QUESTIONS)
    def asks(self, who: tuple[str, str], name: str) -> None:
        self.take(lambda book, by: ask(book.asked, NewQuestion(id=name, question="Hva gjelder?"), by), who)

    @rule(who=PEOPLE, name=QUESTIONS, value=st.sampled_from(["month", "days"]), round_=st.sampled_from([2025, None]))
    def answers(self, who: tuple[str, str], name: str, value: str, round_: int | None) -> None:
        said = {"answer": "Slik.", "answered_on": BEGAN.date(), "source": "brev", "binds": "alle"}
        first = round_ and date(round_, 6, 1)
        new = NewAnswer(option="full_leave", value=value, first_day=first, **said)  # type: ignore[arg-type]
        self.take(lambda book, by: propose(book.asked, name, new, by), who)

    @rule(who=PEOPLE, name=QUESTIONS)
    def rules_on(self, who: tuple[str, str], name: str) -> None:
        asked = self.book.asked.questions.get(name)
        self.take(lambda book, by: give(book.asked, name, str(asked and asked.digest), by), who)

    @rule()
    def starts_anew(self) -> None:
        """The next start of the program finds its own rule sets published and stores nothing."""
        for each in shipped_publications():
            found = publication(each, BEGAN, "release:alis")
            assert release(self.book, found, adoption_of(LIST, BEGAN, "release:alis")) == ()

    @invariant()
    def what_is_published_is_as_it_was_written_and_by_two(self) -> None:
        for event in self.events:
            if event.event_topic == "rulebook.rule-set-published.v1":
                content: Any = event.content  # type: ignore[attr-defined]
                assert self.book.by_digest(digest_of(content)).written == content
        for name in NAMES:
            if name in self.book.published:
                marks = self.book.marks[name]
                assert marks.drafted
                assert marks.approved
                assert marks.drafted.by.split(":")[1] != marks.approved.by.split(":")[1]

    @invariant()
    def the_rule_sets_of_a_round_are_one_line_and_its_last_is_in_force(self) -> None:
        of_round = [each for each in self.book.published.values() if each.round.id == "2026"]
        assert [each.status for each in of_round] == [*["superseded"] * (len(of_round) - 1), "published"]
        assert [each.content.supersedes for each in of_round] == [None, *(each.id for each in of_round[:-1])]
        assert self.book.of_round("2026") == of_round[-1]

    @invariant()
    def nothing_is_both_published_and_a_draft_and_the_events_tell_it_all(self) -> None:
        assert not self.book.published.keys() & self.book.drafts.keys()
        assert self.book.lists.keys() == {LIST}

    @invariant()
    def every_rule_set_knows_the_rulings_of_its_round_and_is_as_it_was_written(self) -> None:
        given = self.book.asked.rulings
        for rules in (*self.book.published.values(), *self.book.drafts.values()):
            assert rules.rulings == tuple(each for each in given if each.holds_for(rules.round.first_day))
            assert rules.digest == digest_of(dict(rules.written))

    @invariant()
    def a_ruling_is_of_two_and_each_is_replaced_by_the_next(self) -> None:
        given = self.book.asked.rulings
        for question in self.book.asked.questions.values():
            if question.given:
                assert question.proposed
                assert question.given.by.split(":")[1] != question.proposed.by.split(":")[1]
        replaced = [self.book.asked.questions[each.id].answer for each in given]
        assert [each and each.replaces for each in replaced] == [None, *(each.id for each in given)][: len(given)]

    @invariant()
    def whoever_is_refused_is_told_why(self) -> None:
        assert {refusal.code for refusal in self.refusals} <= REFUSALS
        assert all(str(refusal) for refusal in self.refusals)

    def teardown(self) -> None:
        assert reduce(evolve, self.events, RuleBook()) == self.book


TestBook = Book.TestCase
TestBook.settings = settings(max_examples=25, stateful_step_count=25, deadline=None)
