"""Questions that the rules leave open: which there are, and the steps from a question to a ruling."""

from collections.abc import Callable
from functools import partial
from typing import Annotated, Final
from urllib.parse import quote

from fastapi import APIRouter, Depends, Path, Request, Response
from pydantic_core import to_json

from api.access.guarded import Guarded
from api.described import responses as doc
from api.http.bodies import Body
from api.http.commands import CREATED, Answered, Changing, changing
from api.http.conditions import answer
from api.http.parameters import IfNoneMatch, Nothing
from api.http.services import Serving
from api.rulings.bodies import NEW_ANSWER, NEW_QUESTION, SEEN_ANSWER, SeenAnswer, read
from api.rulings.view import QuestionList, QuestionView, question_view, questions_in
from domain.casework.commands.book import BookReceipt
from domain.casework.commands.commands import Command
from domain.doctor.intake.plain import Json
from domain.rulebook.questions import NewAnswer, NewQuestion
from domain.rulebook.rulebook import RuleBook
from domain.values.fields import RegisteredId

PREFIX: Final = "/api/v1/rulings"
router = APIRouter(prefix=PREFIX, tags=["rule sets"], route_class=Guarded)
Asked = Annotated[RegisteredId, Path(alias="question", description="The question's id.", examples=["fullt-fravær"])]
Changed = Annotated[Changing, Depends(changing("the question"))]
_LOCATION: Final = "The address of the question."


def _asking() -> doc.Responses:
    """The responses of a question."""
    answers = doc.changing("question-asked", location=_LOCATION)
    return {
        **answers,
        200: {"description": "It was asked already.", **doc.content("QuestionView"), **answers[200]},
        201: {"description": "The question is recorded.", **answers[200]},
    }


@router.get(
    "",
    summary="List the questions and rulings",
    operation_id="list_rulings",
    response_model=QuestionList,
    responses=doc.reading(),
)
def listed(request: Request, serving: Serving, _query: Nothing, _seen: IfNoneMatch = None) -> Response:
    """List the questions that the rules leave open, in the order asked, with their answers.

    A given answer is a ruling. It changes no rule set and no amount: from then on a choice that was made as it says is
    `stated` by it, in the register, in traces and in results, and one that was made otherwise is told to go against it.
    """
    return answer(request, to_json(questions_in(serving.casework.book.current())))


@router.get(
    "/{question}",
    summary="Read a question and its answer",
    operation_id="read_ruling",
    response_model=QuestionView,
    responses=doc.reading("unknown-question"),
)
def shown(request: Request, question: Asked, serving: Serving, _query: Nothing, _seen: IfNoneMatch = None) -> Response:
    """Read a question with its answer, who asked, answered and approved, and the rule sets that it holds for."""
    return answer(request, _view(serving.casework.book.current(), question))


@router.post(
    "",
    summary="Ask a question",
    operation_id="ask_question",
    status_code=CREATED,
    response_model=QuestionView,
    responses=_asking(),
    openapi_extra=NEW_QUESTION,
)
def asked(body: Body, asked: Changed, _query: Nothing) -> Response:
    """Ask about something that the rules leave open, in the role `rules`, once however often it is sent.

    What is asked and answered is read by everybody, and never about a person. 201 with the question; 200 where it was
    asked in the same words already.
    """
    new = read(NewQuestion, body)
    rulings = asked.serving.casework.rulings
    return _carried_out(new.id, body, asked, partial(rulings.ask, new))


@router.post(
    "/{question}/answer",
    summary="Propose an answer",
    operation_id="propose_ruling",
    response_model=QuestionView,
    responses=doc.changing(
        "unknown-question", "question-answered", "unknown-option", "unknown-value", "day-to-come", location=_LOCATION
    ),
    openapi_extra=NEW_ANSWER,
)
def answered(question: Asked, body: Body, asked: Changed, _query: Nothing) -> Response:
    """Propose an answer, or another one than before, in the role `rules`. It settles nothing until it is approved.

    It names the choice that it settles (`option` and `value`), its day and document, and whom it binds.
    """
    return _carried_out(
        question, body, asked, partial(asked.serving.casework.rulings.propose, question, read(NewAnswer, body))
    )


@router.post(
    "/{question}/approval",
    summary="Approve an answer",
    operation_id="give_ruling",
    response_model=QuestionView,
    responses=doc.changing(
        "unknown-question", "no-answer", "answer-changed", "own-answer", "ruled-meanwhile", location=_LOCATION
    ),
    openapi_extra=SEEN_ANSWER,
)
def approved(question: Asked, body: Body, asked: Changed, _query: Nothing) -> Response:
    """Approve exactly the answer with this digest, in the role `approver` or `rules`: from now on it is a ruling.

    The approver must be another person than the one who proposed it. A ruling is replaced only by another ruling on the
    same choice.
    """
    digest = read(SeenAnswer, body).digest
    return _carried_out(question, body, asked, partial(asked.serving.casework.rulings.give, question, digest))


def _carried_out(name: str, body: Json, asked: Changing, take: Callable[..., BookReceipt]) -> Response:
    """Take a step on a question, and answer with the question right after it."""
    book = asked.serving.casework.book
    seen = asked.precondition(partial(_content, name))

    def do(command: Command) -> BookReceipt:
        return take(asked.serving.now(), command, seen)

    def done(receipt: BookReceipt) -> Answered:
        then = book.at(receipt.version)
        created = receipt.stored and then.asked.question(name).status == "asked"
        return Answered(_view(then, name), f"{PREFIX}/{quote(name, safe='')}", created)

    return asked.carry_out(body, do, done)


def _content(name: str, book: RuleBook) -> bytes | None:
    """A question as a caller sees it; None if there is none of that id."""
    return _view(book, name) if name in book.asked.questions else None


def _view(book: RuleBook, name: str) -> bytes:
    return to_json(question_view(book.asked.question(name), book))
