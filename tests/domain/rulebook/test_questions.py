"""A question that the rules leave open, its answer by two persons, and what a choice then rests on."""

from datetime import UTC, date, datetime, timedelta
from functools import reduce
from typing import Any, Final

import pytest

from domain.doctor.history import as_known
from domain.rulebook.book_event import BookEvent, By
from domain.rulebook.questions import NewAnswer, NewQuestion, RulingProposed, ask, give, propose
from domain.rulebook.release import adoption_of, shipped_publications
from domain.rulebook.rulebook import RuleBook, evolve, publication, release
from domain.rules.result import calculate
from domain.rules.sets.options import OPTIONS
from domain.rules.sets.register import Choice, register
from domain.rules.sets.rule_set import RuleSet
from domain.values.refusals.refusal import Refused
from tests.desk import refusal
from tests.scenario import BODO, Json, full_time, judged, lines_of

BEGAN: Final = datetime(2026, 7, 1, 9, tzinfo=UTC)
KARI: Final = By("rules:kari", "rules", BEGAN)
OLA: Final = By("approver:ola", "approver", BEGAN + timedelta(hours=1))
NEW: Final[Json] = {
    "option": "full_leave",
    "value": "month",
    "answer": "Én dag med fullt fravær koster hele måneden.",
    "answered_on": date(2026, 6, 15),
    "source": "Helsedirektoratets brev 15. juni 2026",
    "binds": "alle kommuner",
}
OTHERWISE: Final[Json] = {**NEW, "value": "days", "answer": "Fullt fravær trekkes fra dag for dag."}


def released() -> RuleBook:
    book = RuleBook()
    for each in shipped_publications():
        adoption = adoption_of(str(each["municipalities"]), BEGAN, "release:alis")
        book = after(book, release(book, publication(each, BEGAN, "release:alis"), adoption))
    return book


def after(book: RuleBook, events: tuple[BookEvent, ...]) -> RuleBook:
    return reduce(evolve, events, book)


def asked(book: RuleBook, name: str = "fravær") -> RuleBook:
    return after(book, ask(book.asked, NewQuestion(id=name, question="Hva koster en dag fravær?"), KARI))


def proposed(book: RuleBook, name: str = "fravær", by: By = KARI, **more: Any) -> RuleBook:  # noqa: ANN401
    return after(book, propose(book.asked, name, NewAnswer(**{**NEW, **more}), by))


def given(book: RuleBook, name: str = "fravær", by: By = OLA) -> RuleBook:
    return after(book, give(book.asked, name, str(book.asked.questions[name].digest), by))


def ruled(book: RuleBook, name: str = "fravær", **more: Any) -> RuleBook:  # noqa: ANN401
    return given(proposed(asked(book, name), name, **more), name)


def choice(rules: RuleSet, option: str = "full_leave") -> Choice:
    return next(each for each in register(rules) if each.option == option)


BOOK: Final = released()


# ---------------------------------------------------------------- asking and answering


def test_a_question_is_asked_answered_and_the_answer_approved_by_another() -> None:
    book = asked(BOOK)
    assert book.asked.questions["fravær"].status == "asked"
    book = proposed(book)
    assert (book.asked.questions["fravær"].status, book.asked.rulings) == ("proposed", ())
    book = given(book)
    [ruling] = book.asked.rulings
    assert (book.asked.questions["fravær"].status, ruling.option, ruling.value) == ("given", "full_leave", "month")
    assert (ruling.given_at, ruling.source, ruling.binds) == (OLA.at, NEW["source"], "alle kommuner")


def test_what_is_done_already_is_found_done() -> None:
    book = asked(BOOK)
    assert ask(book.asked, NewQuestion(id="fravær", question="Hva koster en dag fravær?"), KARI) == ()
    book = proposed(book)
    assert propose(book.asked, "fravær", NewAnswer(**NEW), KARI) == ()
    book = given(book)
    assert give(book.asked, "fravær", str(book.asked.questions["fravær"].digest), OLA) == ()


def test_the_same_question_in_other_words_is_another_question() -> None:
    other = NewQuestion(id="fravær", question="Noe annet?")
    assert refusal(lambda: ask(asked(BOOK).asked, other, KARI)) == "question-asked"


def test_nobody_answers_what_was_not_asked_and_nobody_approves_what_was_not_answered() -> None:
    assert refusal(lambda: proposed(BOOK)) == "unknown-question"
    assert refusal(lambda: give(BOOK.asked, "fravær", "sha256:", OLA)) == "unknown-question"
    assert refusal(lambda: given(asked(BOOK))) == "no-answer"


def test_whoever_proposed_an_answer_does_not_approve_it_in_another_role_either() -> None:
    book = proposed(asked(BOOK))
    for subject, role in (("rules:kari", "rules"), ("approver:Kari", "approver")):
        assert refusal(lambda: given(book, by=By(subject, role, BEGAN))) == "own-answer"  # noqa: B023


def test_only_those_who_make_rules_ask_and_answer_and_an_approver_approves() -> None:
    for role in ("municipality", "caseworker", "approver", "auditor", "operator", None):
        by = By("noen:annen", role, BEGAN)
        new = NewQuestion(id="fravær", question="?")
        assert refusal(lambda: ask(BOOK.asked, new, by)) == "wrong-role"  # noqa: B023
        assert refusal(lambda: proposed(asked(BOOK), by=by)) == "wrong-role"  # noqa: B023
    assert refusal(lambda: given(proposed(asked(BOOK)), by=By("caseworker:ab", "caseworker", BEGAN))) == "wrong-role"


def test_an_approval_is_of_the_very_answer_that_was_seen() -> None:
    book = proposed(asked(BOOK))
    seen = str(book.asked.questions["fravær"].digest)
    book = proposed(book, binds="Bodø")
    assert refusal(lambda: give(book.asked, "fravær", seen, OLA)) == "answer-changed"


def test_an_answer_that_was_given_is_not_answered_again() -> None:
    assert refusal(lambda: proposed(ruled(BOOK), value="days")) == "question-answered"


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"option": "no_such"}, "unknown-option"),
        ({"value": "never"}, "unknown-value"),
        ({"value": True}, "unknown-value"),
        ({"answered_on": date(2026, 7, 2)}, "day-to-come"),
    ],
)
def test_an_answer_that_settles_no_choice_or_is_of_a_day_to_come_is_refused(more: Json, code: str) -> None:
    with pytest.raises(Refused) as refused:
        proposed(asked(BOOK), **more)
    assert refused.value.code == code
    assert "_" not in str(refused.value) or code == "unknown-option"


def test_a_truth_value_written_as_a_text_is_the_value_of_the_choice() -> None:
    book = ruled(BOOK, option="window_paused_by_leave", value="true")
    assert book.asked.rulings[0].value is True


# ---------------------------------------------------------------- what a choice rests on


def test_a_choice_that_was_made_as_the_ruling_says_is_stated_by_it() -> None:
    rules = ruled(BOOK).of_round("2026")
    found = choice(rules)
    assert (choice(BOOK.of_round("2026")).basis, found.basis) == ("assumed", "stated")
    assert (found.source, found.note) == (NEW["source"], NEW["answer"])
    assert found.ruling
    assert (found.ruling["followed"], found.ruling["binds"]) == (True, "alle kommuner")


def test_a_choice_that_was_made_otherwise_stays_and_is_told_to_go_against_the_ruling() -> None:
    rules = ruled(BOOK, **OTHERWISE).of_round("2026")
    before, found = choice(BOOK.of_round("2026")), choice(rules)
    assert (found.basis, found.source, found.value) == (before.basis, before.source, before.value)
    assert found.ruling
    assert not found.ruling["followed"]
    assert found.ruling["text"] == (
        "I strid med fortolkning av 15. juni 2026 (Helsedirektoratets brev 15. juni 2026): "
        "at fullt fravær bare trekkes fra dag for dag."
    )


def test_a_ruling_changes_no_rule_set_no_digest_and_no_amount() -> None:
    facts = judged(lines_of(full_time().leave("l1", "2026-02-10", "2026-02-10").facts))
    told = [(hpr, as_known(each)) for hpr, each in facts.items()]
    for book in (ruled(BOOK), ruled(BOOK, **OTHERWISE)):
        for name, before in BOOK.published.items():
            now = book.published[name]
            assert (now.digest, now.written, now.options, now == before) == (
                before.digest,
                before.written,
                before.options,
                True,
            )
        results = [calculate(told, BODO, each.of_round("2026"), traced=True) for each in (BOOK, book)]
        assert results[0].canonical() == results[1].canonical()
        assert results[0].digest() == results[1].digest()


def test_a_rule_set_that_is_published_later_carries_it_and_one_from_before_its_rounds_does_not() -> None:
    first = BOOK.of_round("2025").round.first_day
    only_later = ruled(BOOK, first_day=first + timedelta(days=1))
    assert [each.id for each in only_later.of_round("2026").rulings] == ["fravær"]
    assert only_later.of_round("2025").rulings == ()
    late = RuleBook(asked=ruled(BOOK).asked)
    for each in shipped_publications():
        adoption = adoption_of(str(each["municipalities"]), BEGAN, "release:alis")
        late = after(late, release(late, publication(each, BEGAN, "release:alis"), adoption))
    assert choice(late.of_round("2026")).basis == "stated"


def test_a_later_ruling_on_the_same_choice_replaces_the_first_which_is_told_as_replaced() -> None:
    book = ruled(ruled(BOOK), "fravær-2", **OTHERWISE)
    assert choice(book.of_round("2026")).ruling
    ruling = choice(book.of_round("2026")).ruling
    assert ruling
    assert (ruling["ruling"], ruling["followed"]) == ("fravær-2", False)
    successor = book.asked.successor("fravær")
    assert successor
    assert successor.id == "fravær-2"
    assert book.asked.successor("fravær-2") is None


def test_an_answer_that_another_ruling_came_before_is_proposed_anew() -> None:
    book = proposed(asked(proposed(asked(BOOK)), "fravær-2"), "fravær-2", **OTHERWISE)
    book = given(book, "fravær-2")
    assert refusal(lambda: given(book)) == "ruled-meanwhile"
    book = proposed(book)
    assert book.asked.questions["fravær"].answer
    assert [each.id for each in given(book).asked.rulings] == ["fravær-2", "fravær"]


def test_what_was_known_before_the_ruling_does_not_know_it() -> None:
    rules = ruled(BOOK).of_round("2026")
    assert choice(rules.as_known(OLA.at)).basis == "stated"
    assert choice(rules.as_known(OLA.at - timedelta(microseconds=1))).basis == "assumed"
    assert rules.as_known(None) is rules


def test_every_choice_can_be_ruled_on_with_each_of_its_values() -> None:
    for name, option in OPTIONS.items():
        for value in option.values:
            rules = ruled(BOOK, option=name, value=value).of_round("2026")
            followed = rules.options[name] == value
            assert (choice(rules, name).basis == "stated") >= followed
            assert rules.ruling_on(name) == {**(rules.ruling_on(name) or {}), "followed": followed}


def test_the_events_of_an_answer_hold_it_whole() -> None:
    [event] = propose(asked(BOOK).asked, "fravær", NewAnswer(**NEW), KARI)
    assert isinstance(event, RulingProposed)
    assert event.answer.model_dump() == {**NEW, "first_day": None, "replaces": None}
