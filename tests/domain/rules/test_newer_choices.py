"""A choice that came after a rule set was written has its first value there, and says so; a new one must make it."""

from datetime import UTC, datetime
from functools import reduce
from typing import Any, Final

import pytest

from domain.doctor.history import as_known
from domain.rulebook.book_event import By
from domain.rulebook.release import (
    adoption_of,
    choose_rule_set,
    make_rule_set,
    own_rule_set,
    shipped_contents,
    shipped_publications,
)
from domain.rulebook.rulebook import (
    RuleBook,
    RuleSetApproved,
    RuleSetDrafted,
    approve,
    draft,
    evolve,
    publication,
    publish,
)
from domain.rules.compare.explain import Side, explained
from domain.rules.result import Result, calculate
from domain.rules.sets.options import OPTIONS
from domain.rules.sets.register import register
from domain.rules.sets.rule_file import whole_content
from domain.rules.sets.rule_set import RuleSet, digest_of, with_options
from domain.values.refusals.refusal import Refused
from tests.golden_cases import CASES, Case
from tests.scenario import Json, full_time, judged, lines_of
from workers.calculating.trace_table import trace_table
from workers.rule_book.rule_words import rules_in_words
from workers.shell.rule_tables import rule_set_table

RULES: Final = choose_rule_set(None, "2026")
SOURCE: Final = "valget er nyere enn regelsettet"
BODO: Final = "1804"
ON_LEAVE: Final = full_time().leave("l1", "2025-09-01", "2025-09-15")
AT: Final = datetime(2026, 7, 1, 9, tzinfo=UTC)
KARI: Final = By("rules:kari", "rules", AT)
OLA: Final = By("approver:ola", "approver", AT)
ADOPTION: Final = adoption_of(RULES.content.municipalities, AT, "release:alis")
[DRAFT] = [each for each in shipped_contents() if each["id"] == "nasjonal-alis-2026-final"]


def without(content: Any, *names: str) -> dict[str, Any]:  # noqa: ANN401 - JSON
    """A rule set from before the engine knew some choices."""
    return {**content, "options": {name: each for name, each in content["options"].items() if name not in names}}


def older(*names: str, rules: RuleSet = RULES) -> RuleSet:
    return make_rule_set(without(rules.written, *names))


def computed(rules: RuleSet, facts: Any = ON_LEAVE.facts, municipality: str = BODO) -> Result:  # noqa: ANN401 - facts
    doctors = [(hpr, as_known(each)) for hpr, each in judged(lines_of(facts)).items()]
    return calculate(doctors, municipality, rules, traced=True)


def lines(found: Result) -> list[Json]:
    """The lines, but for what the trace says of the choices."""
    told = found.as_json(assumptions=True)["lines"]
    for line in told:
        del line["trace"]["options"]
    return list(told)


def drafted_before() -> RuleBook:
    """A book that holds a draft from before a choice came."""
    content = without(DRAFT, "full_leave")
    named = {"rule_set": content["id"], "digest": digest_of(content), "municipalities": content["municipalities"]}
    drafted = RuleSetDrafted(**named, content=content, recorded_at=AT, recorded_by=KARI.subject)
    return reduce(evolve, (ADOPTION, drafted), RuleBook())


def refusal(of: Any, *asked: Any) -> Json:  # noqa: ANN401 - anything that refuses
    with pytest.raises(Refused) as refused:
        of(*asked)
    return {"code": refused.value.code, "problems": refused.value.details["problems"]}


REFUSED: Final = {"code": "bad-rule-set", "problems": [{"key": "options.full_leave", "reason": "mangler"}]}


# ---------------------------------------------------------------- what is there already


def test_an_older_rule_set_has_the_first_value_of_each_newer_choice_and_its_digest_is_over_what_is_written() -> None:
    rules = older("full_leave", "window_paused_by_leave")
    assert (rules.options["full_leave"], rules.options["window_paused_by_leave"]) == ("month", False)
    assert rules.options.keys() == OPTIONS.keys()
    assert rules.written == without(RULES.written, "full_leave", "window_paused_by_leave")
    assert rules.digest == digest_of(dict(rules.written)) != RULES.digest


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_rule_set_older_than_every_choice_computes_as_one_that_made_them_all_so(case: Case) -> None:
    rules = choose_rule_set(case.rules, case.round)
    chosen = with_options(rules, **{name: each.first for name, each in OPTIONS.items()})
    found = [computed(each, case.facts, case.municipality) for each in (older(*OPTIONS, rules=rules), chosen)]
    assert lines(found[0]) == lines(found[1])


def test_the_trace_the_register_and_the_rule_book_tell_that_a_choice_is_newer() -> None:
    rules = older("full_leave")
    found = computed(rules)
    [line] = found.as_json()["lines"]
    told = line["trace"]["options"]["full_leave"]
    assert (told["value"], told["basis"], told["source"]) == ("month", "assumed", SOURCE)
    said = f"én dag med fullt fravær koster hele måneden (forutsatt, {SOURCE})"
    assert f"Lagt til grunn: at {said}" in trace_table(found)
    [choice] = [each for each in register(rules) if each.option == "full_leave"]
    assert (choice.value, choice.source) == ("month", SOURCE)
    assert [each.value for each in choice.alternatives] == ["days"]
    assert f"(forutsatt, {SOURCE})" in " ".join(rule_set_table(rules, RuleBook()).split())
    sentences = [each for rule in rules_in_words(rules) for each in rule.sentences]
    assert f"Det er lagt til grunn at én dag med fullt fravær koster hele måneden. *(forutsatt, {SOURCE})*" in sentences


def test_a_newer_choice_that_decides_a_line_is_told_with_its_source() -> None:
    found = computed(older("full_leave")).as_json(assumptions=True)
    [leave] = [each for each in found["assumptions"] if each["option"] == "full_leave"]
    assert (leave["source"], [each["kroner"] for each in leave["alternatives"]]) == (SOURCE, [15_778])


def test_a_choice_is_explained_from_the_first_value_and_not_at_all_where_it_is_the_same() -> None:
    facts = judged(lines_of(ON_LEAVE.facts))
    before = Side(facts, older("full_leave"))
    assert explained(BODO, before, Side(facts, RULES)).steps == ()
    found = explained(BODO, before, Side(facts, with_options(RULES, full_leave="days")))
    [parameter] = [each for step in found.steps for each in step.parameters]
    assert (found.kroner, parameter.before and parameter.before["source"]) == (15_778, SOURCE)


def test_the_book_reads_what_was_published_and_drafted_before_a_choice_came() -> None:
    book = drafted_before()
    assert book.drafts[str(DRAFT["id"])].chosen["full_leave"].source == SOURCE
    found = [without(each, "full_leave") for each in shipped_publications()]
    events = [ADOPTION, *(publication(each, AT, "release:alis") for each in found)]
    published = reduce(evolve, events, RuleBook()).published
    assert [each.digest for each in published.values()] == [digest_of(each) for each in found]


# ---------------------------------------------------------------- what is new


def test_a_draft_must_make_every_choice_also_where_it_extends_a_rule_set_that_does_not() -> None:
    known: dict[str, Any] = {RULES.id: without(RULES.completed, "full_leave")}
    written: Json = {"extends": RULES.id, "id": "utkast", "title": "Et utkast"}
    lists = {RULES.content.municipalities}
    assert refusal(whole_content, "utkastet", written, known, lists) == REFUSED
    made: Json = {"full_leave": {"value": "days", "basis": "assumed", "source": "x", "note": "y."}}
    content = whole_content("utkastet", {**written, "options": made}, known, lists)
    assert make_rule_set(content).options["full_leave"] == "days"


def test_what_is_known_already_is_read_again_as_it_is() -> None:
    content = without(RULES.written, "full_leave")
    found = whole_content("kopien", content, {RULES.id: content}, {RULES.content.municipalities})
    assert own_rule_set("kopien", found, {RULES.id: make_rule_set(content)}).status == "published"


def test_a_draft_from_before_a_choice_came_is_neither_drafted_approved_nor_published() -> None:
    content = without(DRAFT, "full_leave")
    assert refusal(draft, RuleBook(), content, ADOPTION, KARI) == REFUSED
    book = drafted_before()
    name, digest = str(DRAFT["id"]), digest_of(content)
    assert draft(book, content, ADOPTION, KARI) == ()  # it is stored already
    assert refusal(approve, book, name, digest, OLA) == REFUSED
    approved = RuleSetApproved(rule_set=name, digest=digest, recorded_at=AT, recorded_by=OLA.subject)
    told = refusal(publish, evolve(book, approved), name, digest, KARI)
    assert (told["code"], told["problems"][0]) == ("bad-rule-set", REFUSED["problems"][0])
