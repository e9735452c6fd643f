"""`alis rules ask`, `answer`, `approve-answer` and `rulings`: what the rules leave open, from the command line."""

from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Mapping
from typing import Any, Final, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import to_json, to_jsonable_python

from api.rulings.view import question_view, questions_in
from deploy.clock import now
from domain.casework.claims.claim_rulings import RulingEffect
from domain.casework.commands.book import BookReceipt
from domain.casework.commands.commands import Command
from domain.casework.service import Casework
from domain.doctor.intake.intake import refusal_of
from domain.doctor.intake.plain import normal, unreadable
from domain.rulebook.questions import NewAnswer, NewQuestion
from domain.values.refusals.refusal import Problem, Rejected
from workers.access.reads import log_read
from workers.rules.ruling_tables import question_table, questions_table
from workers.shell.arguments import acting_options, format_option
from workers.shell.collecting import gc_paused
from workers.shell.output import json_text, print_json, show
from workers.shell.session import command

M = TypeVar("M", bound=BaseModel)
_ANSWER: Final = ("option", "value", "answer", "answered_on", "source", "binds", "first_day")


def ruling_arguments(add: Callable[[str, str], ArgumentParser]) -> None:
    """The commands about questions; `add` makes one with its sentence."""
    asks = add("ask", "Stiller et spørsmål som reglene lar stå åpent.")
    asks.add_argument("question", metavar="ID", help="hva spørsmålet skal hete, som fullt-fravær")
    asks.add_argument("--text", required=True, metavar="TEKST", help="spørsmålet")
    answers = add("answer", "Foreslår svaret på et spørsmål: hvilket valg det avgjør, dato, kilde og hvem det binder.")
    answers.add_argument("question", metavar="ID", help="spørsmålet")
    answers.add_argument(
        "--option", required=True, metavar="VALG", help="valget som svaret avgjør; alis rules show viser dem"
    )
    answers.add_argument("--value", required=True, metavar="VERDI", help="verdien som er den rette")
    answers.add_argument("--answer", required=True, metavar="TEKST", help="svaret i ord")
    answers.add_argument("--answered-on", required=True, metavar="DAG", help="dagen svaret ble gitt, som 2026-06-15")
    answers.add_argument("--source", required=True, metavar="KILDE", help="dokumentet som svaret står i")
    answers.add_argument("--binds", required=True, metavar="HVEM", help="hvem svaret binder")
    answers.add_argument(
        "--first-day", metavar="DAG", help="gjelder perioder som begynner da eller senere; ellers alle"
    )
    approves = add("approve-answer", "Godkjenner et svar som en annen har foreslått: det er nå en fortolkning.")
    approves.add_argument("question", metavar="ID", help="spørsmålet")
    approves.add_argument(
        "--digest", required=True, metavar="DIGEST", help="digesten av svaret, slik alis rules rulings viser den"
    )
    listed = add("rulings", "Viser spørsmålene og fortolkningene, eller én med vedtakene som den berører.")
    listed.add_argument("question", nargs="?", metavar="ID", help="spørsmålet; ellers alle")
    format_option(listed)
    for step in (asks, answers, approves, listed):
        acting_options(step)


def _ask(casework: Casework, asked: Namespace) -> None:
    new = _read(NewQuestion, {"id": asked.question, "question": asked.text})
    _say(asked, casework, casework.rulings.ask(new, now(), _command(asked)))


def _answer(casework: Casework, asked: Namespace) -> None:
    given = {name: getattr(asked, name) for name in _ANSWER if getattr(asked, name) is not None}
    _say(asked, casework, casework.rulings.propose(asked.question, _read(NewAnswer, given), now(), _command(asked)))


def _approve(casework: Casework, asked: Namespace) -> None:
    _say(asked, casework, casework.rulings.give(asked.question, asked.digest, now(), _command(asked)))


def _rulings(casework: Casework, asked: Namespace) -> None:
    book = casework.book.current()
    if asked.question is None:
        found = questions_in(book)
        show(asked.format, lambda: questions_table(found), lambda: to_jsonable_python(found))
        return
    view, effect = question_view(book.asked.question(asked.question), book), _effect(casework, asked.question, asked)
    show(
        asked.format,
        lambda: question_table(view, effect, book, lines=_sees_lines(asked)),
        lambda: _as_json(view, effect, asked),
    )


def _say(asked: Namespace, casework: Casework, receipt: BookReceipt) -> None:
    """The question right after the step, and the decisions that its answer touches: who reads those is logged."""
    then, effect = casework.book.at(receipt.version), _effect(casework, receipt.rule_set, asked)
    view = question_view(then.asked.question(receipt.rule_set), then)
    told = {**_as_json(view, effect, asked), "stored": receipt.stored}
    if effect is not None:
        log_read(casework.store.access_log, asked, "rulings.decisions", json_text(told))
    print_json(told)


def _effect(casework: Casework, name: str, asked: Namespace) -> RulingEffect | None:
    """The decisions that an answer touches, or would, of those that are seen; None where there is no answer."""
    ruling = casework.book.current().asked.question(name).ruling(now())
    with gc_paused():
        return None if ruling is None else casework.ruling_effects.of(ruling, asked.sight.places)


def _sees_lines(asked: Namespace) -> bool:
    """Whoever keeps the rules sees what a ruling does to each municipality, and no doctor."""
    return asked.actor is None or asked.actor.role != "rules"


def _as_json(view: object, effect: RulingEffect | None, asked: Namespace) -> dict[str, Any]:
    told = None if effect is None else effect.as_json(lines=_sees_lines(asked))
    return {**to_jsonable_python(view), "effect": told}


def _read(kind: type[M], given: dict[str, Any]) -> M:
    """What was typed; raises `Rejected` with everything that is wrong with it."""
    if broken := list(unreadable(given)):
        raise Rejected([Problem(None, None, each) for each in broken])
    try:
        return kind.model_validate_json(to_json(normal(given)))
    except ValidationError as error:
        raise Rejected([Problem(None, None, refusal_of(each)) for each in error.errors()]) from None


def _command(asked: Namespace) -> Command:
    return command(asked.actor, "terminal")


RULING_STEPS: Final[Mapping[str, Callable[[Casework, Namespace], None]]] = {
    "ask": _ask,
    "answer": _answer,
    "approve-answer": _approve,
    "rulings": _rulings,
}
