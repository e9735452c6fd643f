"""What the rules leave open: a question is asked, an answer proposed, and given when another person approves it.

The answer is a ruling. It settles a choice, and only a later ruling on the same choice replaces it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Annotated, Any, Final, Literal

from pydantic import StringConstraints

from domain.rulebook.book_event import BookEvent, By, Mark, mark_of
from domain.rules.sets.options import OPTIONS, Choosable, Option, token
from domain.rules.sets.rule_set import Digest, digest_of
from domain.rules.sets.rulings import Ruling
from domain.values.event import Strict
from domain.values.fields import MOST_ID, WORDS, Day, Name, Text, Token
from domain.values.norwegian_time import norwegian_day
from domain.values.refusals.person import check_another_person
from domain.values.refusals.refusal import refused
from domain.values.words import listed

_SOMETHING: Final = r"\S"
WORDS[_SOMETHING] = "minst ett synlig tegn"
_ID: Final = r"^[a-zæøå0-9]+(-[a-zæøå0-9]+)*$"
WORDS[_ID] = "små bokstaver, sifre og bindestrek, som fullt-fravær"
QuestionId = Annotated[str, StringConstraints(pattern=_ID, max_length=MOST_ID)]
Sentences = Annotated[Text, StringConstraints(pattern=_SOMETHING)]
"""A text for everybody to read: never empty, never about a person."""
_ANSWERS: Final = ("rules",)
_APPROVES: Final = ("rules", "approver")
"""As for rule sets: who asks and answers, and who approves what another answered."""


class NewQuestion(Strict):
    """A question: its id, and what is asked."""

    id: QuestionId
    question: Sentences


class NewAnswer(Strict):
    """An answer: the choice that it settles, in words, its day and document, and whom it binds.

    It holds for the rounds that begin on or after `first_day`, or for every round.
    """

    option: Token
    value: Choosable
    answer: Sentences
    answered_on: Day
    source: Name
    binds: Name
    first_day: Day | None = None


class Answer(NewAnswer):
    """An answer as it is kept, with the ruling on the same choice that it takes the place of."""

    replaces: Token | None

    @property
    def digest(self) -> str:
        """The name of exactly this answer, of the fields that it was written with."""
        return digest_of(self.model_dump(mode="json", exclude_unset=True))


class QuestionAsked(BookEvent, topic="rulebook.question-asked.v1"):
    """Somebody asked about something that the rules leave open."""

    type: Literal["question_asked"] = "question_asked"
    question: Token
    text: Sentences


class RulingProposed(BookEvent, topic="rulebook.ruling-proposed.v1"):
    """Somebody proposed an answer, or another one than before; it settles nothing yet."""

    type: Literal["ruling_proposed"] = "ruling_proposed"
    question: Token
    digest: Digest
    answer: Answer


class RulingGiven(BookEvent, topic="rulebook.ruling-given.v1"):
    """Another person approved exactly this answer: the question is answered, from this moment on."""

    type: Literal["ruling_given"] = "ruling_given"
    question: Token
    digest: Digest


QUESTION_EVENTS: Final = (QuestionAsked, RulingProposed, RulingGiven)


@dataclass(frozen=True, slots=True)
class Question:
    """A question as it stands: asked, with a proposed answer, or answered."""

    id: str
    text: str
    asked: Mark
    answer: Answer | None = None
    digest: str | None = None
    proposed: Mark | None = None
    given: Mark | None = None

    @property
    def status(self) -> Literal["asked", "proposed", "given"]:
        """How far it has come."""
        return "given" if self.given else "proposed" if self.answer else "asked"

    def ruling(self, given_at: datetime) -> Ruling | None:
        """The answer as the ruling that it is, or would be, from a moment on; None where there is none."""
        if self.answer is None:
            return None
        said = self.answer.model_dump(exclude={"replaces"})
        return Ruling(id=self.id, question=self.text, given_at=given_at, **said)


Questions = Mapping[str, Question]


@dataclass(frozen=True, slots=True)
class Asked:
    """All questions by id in the order asked, and the rulings in the order given."""

    questions: Questions
    rulings: tuple[Ruling, ...]

    def question(self, name: str) -> Question:
        """A question by its id; raises `Refused` (unknown-question)."""
        if name not in self.questions:
            raise refused("unknown-question", question=name)
        return self.questions[name]

    def open_question(self, name: str) -> Question:
        """A question that is not answered yet; raises `Refused` (unknown-question, question-answered)."""
        found = self.question(name)
        if found.given is not None:
            raise refused("question-answered", question=name)
        return found

    def last_on(self, option: str) -> str | None:
        """The id of the last ruling on a choice."""
        return next((each.id for each in reversed(self.rulings) if each.option == option), None)

    def successor(self, name: str) -> Ruling | None:
        """The ruling that took the place of one."""
        return next((each for each in self.rulings if self._replaced_by(each) == name), None)

    def with_question(self, question: Question) -> "Asked":
        """The same with a question as it is now."""
        return replace(self, questions={**self.questions, question.id: question})

    def _replaced_by(self, ruling: Ruling) -> str | None:
        answer = self.questions[ruling.id].answer
        return answer.replaces if answer else None


NOTHING_ASKED: Final = Asked({}, ())


def ask(asked: Asked, question: NewQuestion, by: By) -> tuple[BookEvent, ...]:
    """The events that ask a question: none where it is asked already, in the same words.

    Raises `Refused` (wrong-role, question-asked).
    """
    by.check_role(_ANSWERS)
    before = asked.questions.get(question.id)
    if before is None:
        return (QuestionAsked(question=question.id, text=question.question, **_when(by)),)
    if before.text != question.question:
        raise refused("question-asked", question=question.id)
    return ()


def propose(asked: Asked, name: str, new: NewAnswer, by: By) -> tuple[BookEvent, ...]:
    """The events that propose an answer, or another one: none where the same is proposed already.

    Raises `Refused` (wrong-role, unknown-question, question-answered, unknown-option, unknown-value, day-to-come).
    """
    by.check_role(_ANSWERS)
    question = asked.open_question(name)
    option = _option(new.option)
    _check_has_come(new.answered_on, by.at)
    said = {**new.model_dump(), "value": _value(option, new.value)}
    answer = Answer(**said, replaces=asked.last_on(option.name))
    if question.answer == answer:
        return ()
    return (RulingProposed(question=name, digest=answer.digest, answer=answer, **_when(by)),)


def give(asked: Asked, name: str, digest: str, by: By) -> tuple[BookEvent, ...]:
    """The events that approve exactly this answer: none where it is given already.

    Raises `Refused` (wrong-role, unknown-question, no-answer, answer-changed, own-answer, ruled-meanwhile).
    """
    by.check_role(_APPROVES)
    question = asked.question(name)
    if question.answer is None or question.proposed is None:
        raise refused("no-answer", question=name)
    if question.digest != digest:
        raise refused("answer-changed", question=name, now=question.digest)
    if question.given is not None:
        return ()
    check_another_person(by.subject, question.proposed.by, refused("own-answer", question=name), *by.called)
    last = asked.last_on(question.answer.option)
    if last != question.answer.replaces:
        raise refused("ruled-meanwhile", question=name, by=last)
    return (RulingGiven(question=name, digest=digest, **_when(by)),)


def evolve_asked(asked: Asked, event: BookEvent) -> Asked:
    """Fold an event of the book into what was asked."""
    mark = mark_of(event)
    match event:
        case QuestionAsked(question=name, text=text):
            return asked.with_question(Question(name, text, mark))
        case RulingProposed(question=name, answer=answer, digest=digest):
            return asked.with_question(replace(asked.questions[name], answer=answer, digest=digest, proposed=mark))
        case RulingGiven(question=name):
            given = replace(asked.questions[name], given=mark)
            ruling = given.ruling(mark.at)
            return replace(asked.with_question(given), rulings=(*asked.rulings, *([ruling] if ruling else [])))
        case _:
            return asked


def _when(by: By) -> dict[str, Any]:
    return {"recorded_at": by.at, "recorded_by": by.subject}


def _option(name: str) -> Option:
    if name not in OPTIONS:
        raise refused("unknown-option", option=name, known=listed(OPTIONS))
    return OPTIONS[name]


def _value(option: Option, given: Choosable) -> Choosable:
    """The value of the choice that is meant, also where a truth value is written as a text."""
    found = next((each for each in option.values if token(each) == token(given)), None)
    if found is None:
        raise refused(
            "unknown-value", asked=option.question, value=token(given), known=listed(map(token, option.values))
        )
    return found


def _check_has_come(day: date, now: datetime) -> None:
    if day > norwegian_day(now):
        raise refused("day-to-come", day=day)
