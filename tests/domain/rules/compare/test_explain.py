"""The difference between two calculations, explained krone by krone (architecture.md 4)."""

import json
from datetime import datetime
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.doctor.facts.fact import Fact
from domain.doctor.history import as_known, known
from domain.doctor.judging import judge
from domain.rulebook.release import choose_rule_set, make_rule_set, release_reference
from domain.rules.compare.explain import Difference, Side, explained
from domain.rules.compare.explain_rules import Parameter
from domain.rules.compare.explain_words import of_parameters
from domain.rules.result import Result, calculate
from domain.rules.sets.options import OPTIONS
from domain.rules.sets.rule_set import RuleSet, with_options
from domain.values.patience import patient
from domain.values.refusals.refusal import Refused
from tests.golden_cases import CASES, Case
from tests.histories import HPR, MUNICIPALITIES, histories
from tests.scenario import BEIARN, BODO, Json, Told, full_time, judged, lines_of

RULES: Final = choose_rule_set(None, "2026")
FINAL: Final = choose_rule_set("nasjonal-alis-2026-final", "2026")
FEW: Final = settings(max_examples=40, deadline=None)
MANY: Final = settings(max_examples=150, deadline=None)


def side(facts: Any, known_at: str | None = None, rules: RuleSet = RULES) -> Side:  # noqa: ANN401 - told or as JSON
    """What is known of told facts at a moment, under some rules."""
    at = datetime.fromisoformat(known_at) if known_at else None
    told = facts.facts if isinstance(facts, Told) else facts
    return Side({hpr: known(each, at) for hpr, each in judged(lines_of(told)).items()}, rules, at)


def result_of(asked: Side, municipality: str) -> Result:
    return calculate([(hpr, as_known(facts)) for hpr, facts in asked.facts.items()], municipality, asked.rules)


def holds(found: Difference, municipality: str) -> None:
    """Everything sums exactly: in the claim and in each line, its months and its elements with what is rounding."""
    before, after = (result_of(each, municipality) for each in found.sides)
    assert sum(each.kroner for each in found.contributions) == found.kroner == after.total - before.total
    lines = {line.hpr: (line, line) for line in after.lines} | {line.hpr: (line, line) for line in before.lines}
    for hpr in lines:
        parts = [each.lines[hpr] for each in found.contributions if hpr in each.lines]
        totals = [_total(each, hpr) for each in (before, after)]
        assert sum(part.total for part in parts) == totals[1] - totals[0]
        for part in parts:
            assert sum(part.months.values()) + part.rounding == part.total
            assert sum(part.elements.values()) + part.elements_rounding == part.total
        changed = found.changed.get(hpr)
        for name in {month for part in parts for month in part.months}:
            total = sum(part.months.get(name, 0) for part in parts)
            assert abs(total - (changed.months.get(name, 0) if changed else 0)) <= len(found.steps)
        for name in {element for part in parts for element in part.elements}:
            was, now = (_elements(each, hpr).get(name, 0) for each in (before, after))
            assert abs(sum(part.elements.get(name, 0) for part in parts) - (now - was)) <= len(found.steps)


def _total(found: Result, hpr: str) -> int:
    return sum(line.amounts.total for line in found.lines if line.hpr == hpr and not line.amounts.missing)


def _elements(found: Result, hpr: str) -> dict[str, int]:
    return next(
        (dict(line.amounts.elements) for line in found.lines if line.hpr == hpr and not line.amounts.missing), {}
    )


def kroner(found: Difference) -> list[tuple[list[str], int]]:
    """What each contribution names, and its kroner."""
    return [
        ([each.fact.id for each in step.facts] or [each.key for each in step.parameters], step.kroner)
        for step in found.contributions
    ]


# ---------------------------------------------------------------- facts


def test_a_leave_that_became_known_takes_its_months_kroner() -> None:
    told = full_time().known("2026-03-01").leave("l1", "2026-01-01", "2026-02-28")
    found = explained(BODO, side(told, "2026-02-28T00:00:00Z"), side(told))
    # 378 656 a year is 31 554.67 a month; ten months are 315 547
    assert (found.kroner, kroner(found)) == (315_547 - 378_656, [(["4"], -63_109)])
    [line] = found.contributions[0].as_json()["lines"]
    # months after the leave are rounded otherwise where the sum up to them is another
    assert [month["month"] for month in line["months"]] == ["2026-01", "2026-02"]
    assert sum(month["kroner"] for month in line["months"]) + line.get("rounding", 0) == -63_109
    holds(found, BODO)


def test_a_krone_that_only_rounding_moves_is_summed_up_and_names_no_month() -> None:
    told = full_time().known("2026-03-01").leave("l1", "2025-06-01", "2025-06-30")
    found = explained(BODO, side(told, "2026-02-28T00:00:00Z"), side(told))
    [line] = found.contributions[0].as_json()["lines"]
    # June's exact 31 554.67 fall away; the eleven other months, exactly the same, are 347 101 less 31 555 otherwise
    assert line["months"] == [{"month": "2025-06", "kroner": -31_555}]
    assert line["kroner"] == -31_555 + line.get("rounding", 0)
    holds(found, BODO)


def test_facts_are_gone_through_in_the_order_recorded() -> None:
    told = (
        full_time().known("2026-03-01").changed("p1", "2026-01-01", percent=50).changed("p1", "2026-01-01", percent=80)
    )
    found = explained(BODO, side(told, "2026-02-28T00:00:00Z"), side(told))
    # seven months at 100 and five at 50 and at 80 percent: 220 882.67 + 78 886.67, and + 126 218.67
    assert kroner(found) == [(["4"], 299_769 - 378_656), (["5"], 347_101 - 299_769)]


def test_what_the_later_moment_does_not_know_is_taken_away_in_reverse_order() -> None:
    told = (
        full_time().known("2026-03-01").changed("p1", "2026-01-01", percent=50).changed("p1", "2026-01-01", percent=80)
    )
    found = explained(BODO, side(told), side(told, "2026-02-28T00:00:00Z"))
    assert kroner(found) == [(["5"], 299_769 - 347_101), (["4"], 378_656 - 299_769)]
    assert [each.added for step in found.contributions for each in step.facts] == [False, False]


def test_a_correction_names_what_it_corrects() -> None:
    told = full_time().known("2026-03-01").corrected("2", percent=50)
    found = explained(BODO, side(told, "2026-02-28T00:00:00Z"), side(told))
    assert kroner(found) == [(["4"], 189_328 - 378_656)]
    fact = found.as_json()["contributions"][0]["facts"][0]
    assert (fact["type"], fact["corrects"], fact["change"]) == ("fact_corrected", "2", "added")


def test_a_fact_that_changes_no_krone_is_listed_apart() -> None:
    told = full_time().known("2026-03-01").add("guidance_recorded", municipality=BODO, month="2026-01", hours=4)
    found = explained(BODO, side(told, "2026-02-28T00:00:00Z"), side(told)).as_json()
    assert (found["difference"], found["contributions"], found["lines"]) == (0, [], [])
    assert [each["id"] for each in found["without_effect"]["facts"]] == ["4"]


def test_facts_that_cannot_stand_without_one_another_are_one_step() -> None:
    """With the first end alone, the change that is known would come after its post has ended."""
    stored = full_time().known("2026-03-01").changed("p1", "2026-04-01", percent=50)
    supposed = full_time().known("2025-09-01").ended("p1", "2025-12-31").known("2025-10-01").ended("p1", "2026-04-30")
    named = [fact | {"id": f"w{fact['id']}"} for fact in supposed.facts[3:]]
    before, after = side(stored), side([*stored.facts, *named])
    found = explained(BODO, before, after)
    assert kroner(found) == [(["w4", "w5"], 331_324 - 347_101)]
    holds(found, BODO)
    assert kroner(explained(BODO, after, before)) == [(["w5", "w4"], 347_101 - 331_324)]


def test_only_the_municipality_that_is_asked_for_is_explained() -> None:
    told = full_time().known("2026-03-01").switched("p1", "2026-01-31", BEIARN)
    before, after = side(told, "2026-02-28T00:00:00Z"), side(told)
    assert explained(BODO, before, after).kroner < 0
    assert explained(BEIARN, before, after).kroner == 30_131  # four months of guidance, without an agreement there
    assert "1839" not in json.dumps(explained(BODO, before, after).as_json())


def test_a_fact_that_the_service_named_is_told_by_when_it_was_registered() -> None:
    made, other = (f"01a22b9c-b7b6-78e8-9216-c15997ead13{n}" for n in range(2))
    doctor = full_time()
    ended: Json = {"id": made, "type": "position_ended", "position": "p1", "last_day": "2025-10-31"}
    undone: Json = {"id": other, "type": "fact_corrected", "corrects": made, "replacement": None, "reason": "feil"}
    head = {"hpr": "9000001", "recorded_by": doctor.facts[0]["recorded_by"]}
    moments = ("2026-03-01T09:00:00Z", "2026-03-02T09:00:00Z")
    facts = [{**head, **fact, "recorded_at": at} for fact, at in zip((ended, undone), moments, strict=True)]
    known = [*doctor.facts, *facts]
    one, two = explained(BODO, side(doctor), side(known[:-1])), explained(BODO, side(known[:-1]), side(known))
    assert [each.text() for each in (*one.contributions, *two.contributions)] == [
        "stilling slutter (registrert 1. mars 2026 kl. 10.00) for 9000001",
        "retting (registrert 2. mars 2026 kl. 10.00) for 9000001",
    ]


def test_who_recorded_a_fact_is_told_but_not_of_another_municipality() -> None:
    told = full_time().known("2026-03-01").position("p2", BEIARN, "2026-01-01").leave("l1", "2026-02-01", "2026-02-28")
    theirs = [fact | {"recorded_by": "kommune:1839"} if fact["id"] == "4" else fact for fact in told.facts]
    found = explained(BODO, side(theirs, "2026-02-28T00:00:00Z"), side(theirs)).as_json()
    assert [(each["facts"][0]["id"], each["facts"][0]["recorded_by"]) for each in found["contributions"]] == [
        (None, None),
        ("5", "kommune:1804"),
    ]
    assert "1839" not in json.dumps(found)
    assert found["contributions"][0]["text"] == "en opplysning fra en annen kommune for 9000001"


# ---------------------------------------------------------------- rules


def test_a_parameter_is_told_with_both_values_and_their_sources() -> None:
    found = explained(BODO, side(full_time()), side(full_time(), rules=FINAL))
    # 1 375: (0.60 x 160 + 1.15 x 57.5) x 1 375 + 14 000 + 125 000, and five percent: 380 018.05
    assert kroner(found) == [(["values.hourly_rate"], 380_018 - 378_656)]
    [parameter] = found.as_json()["contributions"][0]["parameters"]
    assert (parameter["from"]["value"], parameter["to"]["value"]) == ("1367", "1375")
    assert parameter["to"]["source"] == "advokatbladet.no, 2026"
    holds(found, BODO)


def test_facts_come_before_parameters() -> None:
    told = full_time().known("2026-03-01").leave("l1", "2026-01-01", "2026-02-28")
    found = explained(BODO, side(told, "2026-02-28T00:00:00Z"), side(told, rules=FINAL))
    assert kroner(found) == [(["4"], -63_109), (["values.hourly_rate"], 316_682 - 315_547)]
    holds(found, BODO)


def test_parameters_are_gone_through_in_the_order_of_the_rule_set() -> None:
    other = changed({"productivity": "100000", "hourly_rate": "1400"}, months="days")
    told = full_time().leave("l1", "2026-01-01", "2026-01-10")
    found = explained(BODO, side(told), side(told, rules=other))
    assert [names for names, _ in kroner(found)] == [
        ["values.hourly_rate"],
        ["values.productivity"],
        ["options.months"],
    ]
    holds(found, BODO)


def test_a_new_element_and_its_rate_are_one_step_and_the_rest_stands_alone() -> None:
    content = RULES.content.model_dump(mode="json", exclude_unset=True)
    value = {"value": "1000", "unit": "kroner per år", "basis": "assumed", "source": "et forslag", "note": "En prøve."}
    element = {
        "id": "travel", "name": "reise", "factors": ["travel"], "categories": ["gp"], "basis": "assumed",
        "source": "et forslag", "note": "En prøve.",
    }  # fmt: skip
    content["values"] = {"travel": value, **content["values"], "hourly_rate": {**value, "value": "1400"}}
    content["elements"].append(element)
    other = make_rule_set({**content, "status": "draft"}, "draft")
    found = explained(BODO, side(full_time()), side(full_time(), rules=other))
    assert [names for names, _ in kroner(found)] == [["values.hourly_rate"], ["values.travel", "elements.travel"]]
    assert kroner(found)[1][1] == 1_000
    back = explained(BODO, side(full_time(), rules=other), side(full_time()))
    assert back.kroner == -found.kroner
    holds(found, BODO)
    holds(back, BODO)


def test_a_rate_that_becomes_unknown_takes_the_whole_line_with_it() -> None:
    content = RULES.content.model_dump(mode="json", exclude_unset=True)
    del content["values"]["learning_activities"]
    partial = make_rule_set({**content, "status": "draft", "completeness": "partial"}, "draft")
    found = explained(BODO, side(full_time()), side(full_time(), rules=partial))
    assert kroner(found) == [(["values.learning_activities"], -378_656)]
    [line] = found.as_json()["lines"]
    assert (line["from"], line["to"], line["missing"]) == (378_656, None, ["learning_activities", "facilitation"])
    assert not found.as_json()["to"]["complete"]
    holds(found, BODO)


def test_costs_cap_every_month_alike() -> None:
    told = full_time().add("costs_reported", municipality=BODO, round="2026", element="supervision", kroner=45_000)
    told = told.known("2026-06-10").add(
        "costs_reported", municipality=BODO, round="2026", element="productivity", kroner=9_000
    )
    capped = with_options(RULES, payment_basis="actual_costs_capped")
    found = explained(BODO, side(told, "2026-06-01T00:00:00Z"), side(told, rules=capped))
    # all but 45 000 and 9 000 falls away
    assert kroner(found) == [(["options.payment_basis"], 54_000 - 378_656)]
    assert [each.fact.id for step in found.without_effect for each in step.facts] == ["5"]
    assert set(found.contributions[0].lines[HPR].months.values()) <= {-27_054, -27_055, -27_056}
    holds(found, BODO)


def test_what_is_to_be_paid_back_is_told_beside_the_kroner() -> None:
    told = full_time().add("costs_reported", municipality=BODO, round="2026", element="supervision", kroner=45_000)
    found = explained(BODO, side(told), side(told, rules=with_options(RULES, unused_funds="repaid")))
    assert kroner(found) == [(["options.unused_funds"], 0)]
    assert found.contributions[0].lines[HPR].reclaimed == {"supervision": 90_393 - 45_000}


def test_nothing_differs_where_nothing_is_otherwise() -> None:
    found = explained(BODO, side(full_time()), side(full_time()))
    assert (found.kroner, found.steps) == (0, ())


def test_calculations_of_two_rounds_are_not_compared() -> None:
    other = choose_rule_set("nasjonal-alis-2025", "2025")
    with pytest.raises(Refused, match="2025"):
        explained(BODO, side(full_time()), side(full_time(), rules=other))


def test_the_order_of_attribution_is_told() -> None:
    found = explained(BODO, side(full_time()), side(full_time(), rules=FINAL)).as_json()
    assert "i den rekkefølgen de ble registrert" in found["order"]
    assert "største rest" in found["rounding"]


# ---------------------------------------------------------------- whatever the case


ALTERNATIVES: Final = [(name, value) for name, option in OPTIONS.items() for value in option.values[1:]]


def changed(values: dict[str, str], **options: str | bool) -> RuleSet:
    """The rules with some choices and values otherwise."""
    content = with_options(RULES, **options).content.model_dump(mode="json", exclude_unset=True)
    for name, value in values.items():
        content["values"][name]["value"] = value
    return make_rule_set(content, "draft")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_golden_case_against_what_was_known_before_each_of_its_facts(case: Case) -> None:
    rules = choose_rule_set(case.rules, case.round)
    [facts] = judged(lines_of(case.facts)).values()
    now = Side({HPR: facts}, rules)
    for count in range(len(facts)):
        then = Side({HPR: facts[:count]}, rules)
        holds(explained(case.municipality, then, now), case.municipality)
        holds(explained(case.municipality, now, then), case.municipality)
    holds(explained(case.municipality, Side({HPR: facts[:3]}, rules), Side({HPR: facts}, FINAL)), case.municipality)


@pytest.mark.parametrize(("option", "value"), ALTERNATIVES)
@settings(max_examples=4, deadline=None)
@given(facts=histories())
def test_every_choice_made_otherwise_is_explained_by_that_choice(
    option: str,
    value: str | bool,  # noqa: FBT001 - a value of an option
    facts: list[Json],
) -> None:
    for where in MUNICIPALITIES:
        found = explained(where, side(facts), side(facts, rules=with_options(RULES, **{option: value})))
        assert [[each.key for each in step.parameters] for step in found.steps] == [[f"options.{option}"]]
        holds(found, where)


def whatever(facts: list[Json], data: st.DataObject) -> None:
    """Moments, rules, and some facts that the one side supposes and the other does not."""
    moments = st.sampled_from([None, *(fact["recorded_at"] for fact in facts)])
    rules = st.sampled_from([RULES, FINAL, *(with_options(RULES, **{name: value}) for name, value in ALTERNATIVES)])
    sides = [side(facts, data.draw(moments), data.draw(rules)) for _ in range(2)]
    for where in MUNICIPALITIES:
        holds(explained(where, *sides), where)


@FEW
@given(histories(), st.data())
def test_contributions_sum_exactly_whatever_the_sides(facts: list[Json], data: st.DataObject) -> None:
    whatever(facts, data)


@pytest.mark.long
@MANY
@given(histories(most=16), st.data())
def test_contributions_sum_exactly_for_many_more_and_longer_histories(facts: list[Json], data: st.DataObject) -> None:
    whatever(facts, data)


@FEW
@given(histories(), st.data())
def test_contributions_sum_exactly_when_only_some_facts_are_supposed(facts: list[Json], data: st.DataObject) -> None:
    """Any valid part of a history beside the whole: what is missing lies anywhere in it."""
    [whole] = judged(lines_of(facts)).values()
    part = _valid([fact for fact in whole if data.draw(st.booleans())])
    for where in MUNICIPALITIES:
        for sides in ((part, whole), (whole, part)):
            found = explained(where, *(Side({HPR: each}, RULES) for each in sides))
            holds(found, where)
            named = [each.fact.id for step in found.steps for each in step.facts]
            other = {fact.id for fact in whole} - {fact.id for fact in part}
            assert sorted(named) == sorted(other if HPR in found.lines[0] else ())


def _valid(facts: list[Fact]) -> list[Fact]:
    """What of some facts can stand without the rest."""
    return judge([], [(None, fact) for fact in facts], release_reference())[0]


def test_a_value_that_a_rule_set_lacks_is_not_told_as_nothing() -> None:
    value = {"value": "57.5", "unit": "timer per år", "basis": "assumed", "source": "x", "note": "y."}
    assert of_parameters([Parameter("values", "hours", None, value)]) == "«hours»: uten verdi → 57,5 timer per år"
    assert of_parameters([Parameter("values", "hours", value, None)]) == "«hours»: 57,5 → uten verdi"


def test_an_explanation_ends_between_its_steps_where_its_tick_says_so() -> None:
    told = full_time().known("2026-03-01")
    for number in range(20):
        told = told.leave(f"l{number}", "2026-01-01", "2026-01-02", percent="5")
    ticks: list[int] = []

    def tick() -> None:
        ticks.append(len(ticks))
        if len(ticks) > 10:
            raise TimeoutError

    with pytest.raises(TimeoutError), patient(tick):
        explained(BODO, side(told, "2026-02-28T00:00:00Z"), side(told))
    assert len(ticks) == 11
