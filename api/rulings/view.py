"""The shapes of answers about questions and rulings."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from domain.rulebook.book_event import Mark
from domain.rulebook.questions import Answer, Question
from domain.rulebook.rulebook import RuleBook
from domain.rules.sets.options import OPTIONS


@dataclass(frozen=True, slots=True)
class AnswerView:
    """An answer: the choice that it settles, in words, its day and document, and whom it binds.

    It holds for the rounds that begin on or after `first_day`, or for every round. `replaces` is the ruling on the same
    choice that it takes the place of, and `digest` the name of exactly this answer.
    """

    option: str
    asks: str
    value: str | bool
    words: str
    answer: str
    answered_on: date
    source: str
    binds: str
    first_day: date | None
    replaces: str | None
    digest: str


@dataclass(frozen=True, slots=True)
class RuledSet:
    """A rule set that a ruling holds for; `followed` says whether the choice was made as it says."""

    rule_set: str
    status: str
    value: str | bool
    followed: bool


@dataclass(frozen=True, slots=True)
class QuestionView:
    """A question that the rules leave open, as it stands.

    A `given` answer is a ruling; it is `replaced` when another ruling on the same choice was given. `asked`,
    `proposed` and `given` say who did so and when. `rule_sets` are those that the ruling holds for, or would.
    """

    id: str
    question: str
    status: Literal["asked", "proposed", "given", "replaced"]
    answer: AnswerView | None
    asked: Mark
    proposed: Mark | None
    given: Mark | None
    replaced_by: str | None
    rule_sets: tuple[RuledSet, ...]


@dataclass(frozen=True, slots=True)
class QuestionList:
    """The questions in the order asked."""

    questions: tuple[QuestionView, ...]


def questions_in(book: RuleBook) -> QuestionList:
    """Every question of the book."""
    return QuestionList(tuple(question_view(each, book) for each in book.asked.questions.values()))


def question_view(question: Question, book: RuleBook) -> QuestionView:
    """A question as the book has it."""
    successor = book.asked.successor(question.id)
    return QuestionView(
        question.id,
        question.text,
        "replaced" if successor else question.status,
        _answer(question.answer, str(question.digest)) if question.answer else None,
        question.asked,
        question.proposed,
        question.given,
        successor.id if successor else None,
        tuple(_rule_sets(question, book)),
    )


def _answer(answer: Answer, digest: str) -> AnswerView:
    option = OPTIONS[answer.option]
    return AnswerView(
        answer.option,
        option.question,
        answer.value,
        option.words[answer.value],
        answer.answer,
        answer.answered_on,
        answer.source,
        answer.binds,
        answer.first_day,
        answer.replaces,
        digest,
    )


def _rule_sets(question: Question, book: RuleBook) -> Iterator[RuledSet]:
    """The published rule sets and the drafts of which a ruling is the one on a choice, or would be if it were given."""
    ruling = question.ruling(question.proposed.at) if question.proposed else None
    for rules in (*book.published.values(), *book.drafts.values()):
        if ruling and ruling.holds_for(rules.round.first_day):
            last = rules.ruled.get(ruling.option)
            if not question.given or (last and last.id == question.id):
                yield RuledSet(rules.id, rules.status, rules.options[ruling.option], rules.follows(ruling))
