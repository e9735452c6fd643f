"""A number or a day that came after a rule set was written has the engine's first value there, and says so."""

from typing import Any, Final

import pytest

from domain.doctor.history import as_known
from domain.rulebook.release import choose_rule_set, make_rule_set, read_rule_set
from domain.rulebook.rulebook import RuleBook
from domain.rules.compare.explain import Side, explained
from domain.rules.result import Result, calculate
from domain.rules.sets.newer_values import NEWER_VALUES, OLD_SCHEME_LAST_DAY, WINDOW_RULE_FROM
from domain.rules.sets.rule_set import RuleSet, digest_of, with_options
from domain.values.refusals.refusal import Refused
from tests.options import NEWER_TOML
from tests.scenario import BODO, Json, judged, lines_of, track
from workers.calculating.trace_table import trace_table
from workers.rule_book.rule_book import pages
from workers.shell.rule_tables import rule_set_table

RULES: Final = choose_rule_set(None, "2026")
SOURCE: Final = "verdien er nyere enn regelsettet"
BEFORE: Final = track("2023-01-01").position("p1").agreement("a1")
"""Reckoned from the track the window ends in 2024; reckoned from the rule it is the whole round and one more."""
EXTENDED: Final = 'extends = "nasjonal-alis-2026-provisional"\nid = "mitt"\n'


def with_rule_from(day: str) -> RuleSet:
    """Rules under which nothing before a day counts in the window."""
    content = with_options(RULES, window_counts_before_2025_06=False).completed
    content["values"][WINDOW_RULE_FROM]["value"] = day
    return make_rule_set(content)


def computed(rules: RuleSet) -> Result:
    doctors = [(hpr, as_known(each)) for hpr, each in judged(lines_of(BEFORE.facts)).items()]
    return calculate(doctors, BODO, rules, traced=True)


def problems(refusal: Refused) -> dict[str, str]:
    found: Any = refusal.details["problems"]
    return {each["key"]: each["reason"] for each in found}


def refusals(text: str) -> dict[str, str]:
    with pytest.raises(Refused) as refused:
        read_rule_set("mitt.toml", text)
    return problems(refused.value)


def written(day: str) -> str:
    """A draft that writes everything newer, with this as the first day of the rule."""
    return EXTENDED + NEWER_TOML.replace('"2025-06-01"', day)


def test_a_published_rule_set_has_the_first_value_and_its_digest_is_over_what_is_written() -> None:
    assert RULES.newer_values == NEWER_VALUES
    assert {name: each.isoformat() for name, each in RULES.dates.items()} == {
        WINDOW_RULE_FROM: "2025-06-01",
        OLD_SCHEME_LAST_DAY: "2026-12-31",
    }
    assert not NEWER_VALUES.keys() & RULES.content.values.keys()
    assert RULES.digest == digest_of(dict(RULES.written))


def test_the_table_and_the_rule_book_tell_that_the_value_is_newer() -> None:
    told = " ".join(rule_set_table(RULES, RuleBook()).split())
    assert "første dag med regelen om de første månedene: 1. juni 2025 (window_rule_from)" in told
    assert f"(forutsatt, {SOURCE})" in told
    page = pages([RULES], [])[f"{RULES.id}.md"]
    assert f"| `old_scheme_last_day` | 31. desember 2026 | forutsatt | {SOURCE} |" in page
    assert f"- Regelen gjelder fra 1. juni 2025. *(forutsatt, {SOURCE})*" in page


def test_a_draft_writes_every_value_that_is_newer_than_what_it_extends() -> None:
    found = refusals(EXTENDED)
    assert {key: reason for key, reason in found.items() if key.startswith("values")} == {
        f"values.{name}": "mangler" for name in NEWER_VALUES
    }
    rules = make_rule_set(read_rule_set("mitt.toml", written('"2025-07-01"')))
    assert (rules.newer_values, rules.dates[WINDOW_RULE_FROM].isoformat()) == ({}, "2025-07-01")


def test_a_day_of_the_regulation_moves_the_window_that_begins_at_it() -> None:
    # 12 months with productivity to May 2026 from 1 June 2025; from 1 March 2024 it ends in February
    whole, moved = (computed(with_rule_from(day)).as_json()["lines"][0] for day in ("2025-06-01", "2024-03-01"))
    assert sum(month["productivity"] for month in whole["months"]) == 12
    assert [month["month"] for month in moved["months"] if not month["productivity"]] == [
        "2026-03",
        "2026-04",
        "2026-05",
    ]


def test_the_trace_tells_the_day_where_it_decides_and_only_there() -> None:
    decided, plain = (computed(rules) for rules in (with_rule_from("2025-07-01"), RULES))
    [tree] = [line["trace"]["window"] for line in decided.as_json()["lines"]]
    assert (tree["rule_from"]["parameter"], tree["rule_from"]["value"]) == (WINDOW_RULE_FROM, "2025-07-01")
    told = "første dag med regelen om de første månedene: 1. juli 2025."
    assert told in trace_table(decided)
    assert told not in trace_table(plain)
    assert "rule_from" not in plain.as_json()["lines"][0]["trace"]["window"]


def test_a_difference_is_explained_from_the_first_value() -> None:
    facts = judged(lines_of(BEFORE.facts))
    first = with_options(RULES, window_counts_before_2025_06=False)
    found = explained(BODO, Side(facts, first), Side(facts, with_rule_from("2024-03-01")))
    [step] = found.contributions
    [parameter] = step.parameters
    assert (parameter.before or {})["source"] == SOURCE
    assert step.text() == "første dag med regelen om de første månedene: 1. juni 2025 → 1. mars 2024"
    # three months of 125 000 x 1.05 / 12: 378 656.12 becomes 345 843.62
    assert found.kroner == -32_812


@pytest.mark.parametrize(
    ("day", "reason"),
    [
        ('"1400"', "er ikke en gyldig dag (ÅÅÅÅ-MM-DD)"),
        ('"2025-02-30"', "er ikke en gyldig dag (ÅÅÅÅ-MM-DD)"),
        ('"20250601"', "er ikke en gyldig dag (ÅÅÅÅ-MM-DD)"),
        ("2025.5", "er ikke en gyldig dag (ÅÅÅÅ-MM-DD)"),
        ("2025-06-01T00:00:00", "er ikke en gyldig dag (ÅÅÅÅ-MM-DD)"),
        ('"9999-12-31"', "ligger etter 2199-12-31"),
    ],
)
def test_a_day_must_be_a_day(day: str, reason: str) -> None:
    assert refusals(written(day)) == {f"values.{WINDOW_RULE_FROM}.value": reason}


def test_a_day_may_be_written_as_the_day_of_toml() -> None:
    assert read_rule_set("mitt.toml", written("2025-06-01")) == read_rule_set("mitt.toml", written('"2025-06-01"'))


def test_a_number_is_not_a_day_and_a_day_is_no_factor() -> None:
    rate = written('"2025-06-01"') + '[values.hourly_rate]\nvalue = "2025-06-01"\n'
    assert refusals(rate).keys() == {"values.hourly_rate.value"}
    factor = f'[[elements]]\nid = "productivity"\nfactors = ["{WINDOW_RULE_FROM}"]\n'
    found = refusals(EXTENDED + factor + NEWER_TOML)
    assert found["elements.productivity.factors"] == f"«{WINDOW_RULE_FROM}» er en dag, ikke et tall"


def test_a_value_of_a_newer_name_is_none_that_is_unused() -> None:
    content: dict[str, Any] = RULES.completed
    values: Json = {**content["values"], "travel": content["values"]["hourly_rate"]}
    with pytest.raises(Refused) as refused:
        make_rule_set({**content, "values": values})
    assert problems(refused.value).keys() == {"values.travel"}
