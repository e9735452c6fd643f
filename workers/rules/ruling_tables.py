"""Questions and rulings as texts that a person likes to read, with the decisions that they touch."""

from collections.abc import Iterator
from typing import Final

from api.rulings.view import AnswerView, QuestionList, QuestionView
from domain.casework.claims.claim_rulings import RulingEffect, TouchedDecision, TouchedLine
from domain.rulebook.book_event import Mark
from domain.rulebook.rulebook import RuleBook
from domain.values.norwegian_time import norwegian_day
from domain.values.places import place, someone
from domain.values.words import counted, day, grouped, kroner, signed, signed_kroner
from workers.shell.columns import columns
from workers.shell.table import STATUS, UNKNOWN

QUESTION_STATUS: Final = {
    "asked": "ikke besvart",
    "proposed": "svar foreslått",
    "given": "besvart",
    "replaced": "avløst",
}


def questions_table(found: QuestionList) -> str:
    """The questions, a line each."""
    rows = [("spørsmål", "status", "svar", "spurt om")]
    for each in found.questions:
        answer = f"at {each.answer.words}" if each.answer else "–"
        rows.append((each.id, QUESTION_STATUS[each.status], answer, each.question.splitlines()[0]))
    return columns(rows, left=4)


def question_table(view: QuestionView, effect: RulingEffect | None, book: RuleBook, *, lines: bool = True) -> str:
    """A question with its answer, the rule sets that it holds for, and the decisions that it touches, by `lines`."""
    touched = _effect(effect, given=view.given is not None, lines=lines) if effect else ()
    return "\n".join([*_head(view, book), *_rule_sets(view, book), *touched, ""])


def _head(view: QuestionView, book: RuleBook) -> Iterator[str]:
    yield view.question
    yield f"{view.id} ({QUESTION_STATUS[view.status]})"
    yield ""
    if view.answer:
        yield from _answer(view.answer, book)
    if view.replaced_by:
        yield _row("Avløst av", f"{_named(view.replaced_by, book)}{_from(view, book)}")
    steps = {"Spurt": view.asked, "Foreslått": view.proposed, "Godkjent": view.given}
    yield from (_row(name, _mark(mark)) for name, mark in steps.items() if mark)


def _answer(answer: AnswerView, book: RuleBook) -> Iterator[str]:
    yield _row("Svar", answer.answer)
    yield _row("Avgjør", f"{answer.asks} At {answer.words}.")
    yield _row("Datert", day(answer.answered_on))
    yield _row("Kilde", answer.source)
    yield _row("Binder", answer.binds)
    first = answer.first_day
    yield _row(
        "Gjelder", f"tilskuddsperioder som begynner {day(first)} eller senere" if first else "alle tilskuddsperioder"
    )
    if answer.replaces:
        yield _row("Avløser", _named(answer.replaces, book))
    yield _row("Digest", answer.digest)


def _from(view: QuestionView, book: RuleBook) -> str:
    """Since which rounds a ruling is replaced, where it still holds for earlier ones."""
    if not view.rule_sets or not (later := book.asked.successor(view.id)) or later.first_day is None:
        return ""
    return f" for tilskuddsperioder som begynner {day(later.first_day)} eller senere"


def _rule_sets(view: QuestionView, book: RuleBook) -> Iterator[str]:
    if view.rule_sets:
        yield ""
        yield "REGELSETT"
    for each in view.rule_sets:
        rules = book.published.get(each.rule_set) or book.drafts[each.rule_set]
        what = "fortolkningen" if view.given else "svaret"
        how = f"som {what}" if each.followed else f"i strid med {what}"
        yield f"  {rules.content.title} ({STATUS[each.status]}): {how}"


def _effect(effect: RulingEffect, *, given: bool, lines: bool) -> Iterator[str]:
    yield ""
    yield "VEDTAK SOM BERØRES" if given else "VEDTAK SOM VIL BERØRES"
    for each in effect.touched:
        yield from _decision(each, lines=lines)
    if not effect.touched:
        yield "  Ingen."
    elif len(effect.touched) > 1:
        yield f"  Til sammen {counted(len(effect.touched), 'ett vedtak', 'vedtak')}: {_signed(effect.difference)}"
    if same := len(effect.decisions) - len(effect.touched):
        number = counted(same, "ett vedtak", "vedtak").capitalize()
        yield f"  {number} er fattet med et annet valg, men blir det samme."


def _decision(decision: TouchedDecision, *, lines: bool) -> Iterator[str]:
    claim, total = decision.claim, decision.decision.total
    yield (
        f"  {place(claim.municipality)}, tilskuddsperioden {claim.round}, vedtak {decision.decision.name}:"
        f" {_signed(decision.difference)}"
    )
    yield f"    vedtatt {kroner(total)} etter «{decision.rules.content.title}»"
    if lines:
        rows = [("    lege", "vedtatt", "ville blitt", "endring"), *map(_line, decision.lines)]
        yield columns(rows, left=1).rstrip("\n")


def _line(line: TouchedLine) -> tuple[str, ...]:
    if line.would_grant is None or line.difference is None:
        return f"    {line.hpr}", grouped(line.decided), UNKNOWN, UNKNOWN
    return f"    {line.hpr}", grouped(line.decided), grouped(line.would_grant), signed(line.difference)


def _signed(difference: int | None) -> str:
    return UNKNOWN if difference is None else signed_kroner(difference)


def _named(name: str, book: RuleBook) -> str:
    """A question as a person knows it."""
    return f"«{book.asked.question(name).text}» ({name})"


def _row(name: str, words: str) -> str:
    return f"{name:<11}{words}"


def _mark(mark: Mark) -> str:
    return f"{day(norwegian_day(mark.at))} av {someone(mark.by)}"
