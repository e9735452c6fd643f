"""Rule sets are data: every number and choice, each with where it stands (rules.md 1 and 5)."""

import re
from pathlib import Path

import pytest

from domain.doctor.history import as_known
from domain.rulebook.release import choose_rule_set, make_rule_set, read_rule_set, shipped_rule_sets
from domain.rules.result import Result, calculate, check_round
from domain.rules.sets.checks import left_open
from domain.rules.sets.options import OPTIONS
from domain.values.refusals.refusal import Refused
from tests.options import NEWER_TOML
from tests.scenario import BODO, Told, full_time, judged, lines_of, track

SETS = Path(__file__).parents[4] / "domain" / "rulebook" / "sets"
TEXT = (SETS / "nasjonal-alis-2026-provisional.toml").read_text("utf-8")


def refusal(text: str) -> Refused:
    with pytest.raises(Refused) as refused:
        make_rule_set(read_rule_set("mitt.toml", f"{text}{NEWER_TOML}"))
    return refused.value


def without(table: str) -> str:
    """The rule set with one value or option left out."""
    shorter = re.sub(rf"\[{re.escape(table)}\]\n(.+\n)+\n?", "", TEXT)
    assert shorter != TEXT
    return shorter


def computed(text: str, *doctors: Told) -> Result:
    rules = make_rule_set(read_rule_set("mitt.toml", f"{text}{NEWER_TOML}"))
    known = [(each.hpr, as_known(judged(lines_of(each.facts))[each.hpr])) for each in doctors]
    return calculate(known, BODO, rules)


def test_every_value_option_and_element_says_on_what_authority_it_stands() -> None:
    for rules in shipped_rule_sets():
        sourced = [*rules.content.values.values(), *rules.chosen.values(), *rules.content.elements]
        assert all(each.source and each.note.endswith(".") for each in sourced), rules.id
        assert rules.options.keys() == OPTIONS.keys()
        assert rules.status == "published" or not left_open(rules.written)


def test_the_rates_are_those_of_the_published_rules() -> None:
    annual = {name: kroner and str(kroner) for name, kroner in choose_rule_set(None, "2026").annual.items()}
    assert annual == {
        "practice_compensation": "131232",
        "learning_activities": "14000",
        "supervision": "723143/8",
        "productivity": "125000",
        "centrality": "200000",
    }


def test_a_lower_rate_in_the_file_gives_a_lower_amount() -> None:
    [line] = computed(TEXT.replace('value = "125000"', 'value = "120000.50"'), full_time()).lines
    # 378 656.11875 - 1.05 x 4 999.50
    assert line.amounts.total == 373_407


def test_a_number_written_as_a_float_is_refused_for_it_is_not_exact() -> None:
    assert refusal(TEXT.replace('value = "0.05"', "value = 0.05")).code == "bad-rule-set"


def test_a_rule_set_that_leaves_a_choice_open_is_refused() -> None:
    refused = refusal(without("options.over_100"))
    assert refused.code == "bad-rule-set"
    assert "over_100" in str(refused)


def test_a_choice_that_does_not_exist_is_refused() -> None:
    assert "months = weeks" in str(refusal(TEXT.replace('value = "calendar"', 'value = "weeks"')))


def test_a_municipality_list_that_nobody_has_is_refused() -> None:
    assert refusal(re.sub("sha256:[0-9a-f]{64}", f"sha256:{0:064}", TEXT)).code == "bad-rule-set"


def test_a_file_that_is_not_toml_is_refused() -> None:
    assert refusal("id = nasjonal").code == "bad-rule-set"


def test_every_error_of_a_rule_set_is_told_at_once() -> None:
    refused = refusal(TEXT.replace('status = "published"', 'status = "perhaps"').replace('"1367"', '"13,67"'))
    assert "status" in str(refused)
    assert "values.hourly_rate.value" in str(refused)


def test_a_value_that_is_lacking_is_unknown_and_not_zero() -> None:
    doctors = (full_time(), track("2024-10-01", hpr="9000002").position("p1"))
    found = computed(without("values.practice_compensation_share"), *doctors).as_json()
    agreed, guided = found["lines"]
    # facilitation is a part of practice compensation among others, so it is not known either
    assert agreed["error"] == {"code": "rate-unknown", "missing": ["practice_compensation", "facilitation"]}
    assert (agreed["total"], agreed["elements"]) == (None, None)
    assert (guided["total"], found["total"], found["complete"]) == (90_393, 90_393, False)


def test_a_rate_that_no_month_needs_may_be_unknown() -> None:
    found = computed(without("values.centrality"), full_time())
    assert (found.complete, found.total) == (True, 378_656)


def test_without_a_choice_the_rounds_published_rule_set_is_used() -> None:
    assert choose_rule_set(None, "2026").id == "nasjonal-alis-2026-provisional"


@pytest.mark.parametrize(
    ("rules", "round_id", "code"),
    [(None, "2019", "no-rule-set"), ("nasjonal-alis-2062", "2026", "unknown-rule-set")],
)
def test_a_rule_set_that_does_not_exist_is_refused(rules: str | None, round_id: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        choose_rule_set(rules, round_id)
    assert refused.value.code == code


def test_a_rule_set_of_another_round_is_refused() -> None:
    with pytest.raises(Refused) as refused:
        check_round(choose_rule_set(None, "2026"), "2025")
    assert refused.value.code == "wrong-round"
