"""The smaller of applied for and computed, by hand and for every golden case (docs/decisions/0006)."""

from itertools import product
from typing import Final

import pytest

from domain.claim.lines.applied import check_limits, everything, limited
from domain.claim.parts.limits import Limits, as_limits
from domain.doctor.history import as_known
from domain.rulebook.release import choose_rule_set
from domain.rules.line.amounts import Amounts
from domain.rules.result import Line, line_for
from domain.rules.sets.rule_set import RuleSet, with_options
from tests.desk import fact_of, refusal
from tests.golden_cases import CASES, Case
from tests.scenario import BEIARN, BODO, MONTHS, Told, full_time, track

RULES: Final = choose_rule_set(None, "2026")
ALL: Final = Limits.model_validate_json(
    '{"basis": "agreement", "first_month": "2025-06", "last_month": "2026-05", "supplement": true}'
)


def applied(**fields: object) -> Limits:
    """Everything, but for what is said."""
    return Limits.model_validate(ALL.model_dump() | fields, strict=False)


def line(told: Told, where: str = BODO, rules: RuleSet = RULES) -> Line:
    found = line_for(told.hpr, as_known(map(fact_of, told.facts)), where, rules)
    assert found
    return found


def granted(told: Told, applied_for: Limits, where: str = BODO, rules: RuleSet = RULES) -> Amounts:
    found = line(told, where, rules)
    assert found.known
    return limited(found, applied_for, where, rules, found.known[1].costs)


YEAR: Final = full_time("2025-06-01")
IN_CLASS_6: Final = full_time("2025-06-01", BEIARN)
WITHOUT: Final = track("2025-06-01").position("p1")


@pytest.mark.parametrize(
    ("told", "where", "fields", "kroner"),
    [
        # 131 232 + 14 000 + 90 392.875 + 125 000 = 360 624.875, and 5 % of that: 378 656.11875
        (YEAR, BODO, {}, 378_656),
        # six months of twelve: 189 328.059375
        (YEAR, BODO, {"last_month": "2025-11"}, 189_328),
        # one month: 31 554.6765625
        (YEAR, BODO, {"first_month": "2026-05"}, 31_555),
        # 1.15 x 1 367 x 57.5 = 90 392.875
        (YEAR, BODO, {"basis": "guidance_only"}, 90_393),
        # a quarter of it: 22 598.21875
        (YEAR, BODO, {"basis": "guidance_only", "first_month": "2025-07", "last_month": "2025-09"}, 22_598),
        (IN_CLASS_6, BEIARN, {}, 578_656),
        (IN_CLASS_6, BEIARN, {"supplement": False}, 378_656),
        # the supplement is of the agreement: who applies for guidance alone does not get it
        (IN_CLASS_6, BEIARN, {"basis": "guidance_only"}, 90_393),
        # nobody gets an agreement by applying for one
        (WITHOUT, BODO, {}, 90_393),
        (WITHOUT, BODO, {"supplement": False, "basis": "guidance_only"}, 90_393),
        # leave from December to May: six months count, and of these two are applied for: 378 656.11875 / 6
        (YEAR.leave("l1", "2025-12-01"), BODO, {"first_month": "2025-10"}, 63_109),
        (YEAR.leave("l1", "2025-12-01"), BODO, {"first_month": "2025-12"}, 0),
    ],
)
def test_the_smaller_of_applied_for_and_computed(
    told: Told, where: str, fields: dict[str, object], kroner: int
) -> None:
    found = granted(told, applied(**fields), where)
    assert (found.total, sum(found.elements.values())) == (kroner, kroner)


def test_the_elements_are_those_of_what_is_granted() -> None:
    only_guidance = granted(IN_CLASS_6, applied(basis="guidance_only"), BEIARN).elements
    assert {name: kroner for name, kroner in only_guidance.items() if kroner} == {"supervision": 90_393}
    without_supplement = granted(IN_CLASS_6, applied(supplement=False), BEIARN).elements
    assert without_supplement == line(YEAR).amounts.elements


@pytest.mark.parametrize(("basis", "kroner"), [("agreement", 30_000), ("guidance_only", 10_000)])
def test_where_costs_cap_what_is_paid_they_cap_what_is_applied_for_too(basis: str, kroner: int) -> None:
    rules = with_options(RULES, payment_basis="actual_costs_capped")
    told = YEAR
    for element, spent in (("supervision", 10_000), ("productivity", 20_000)):
        told = told.add("costs_reported", municipality=BODO, round="2026", element=element, kroner=spent)
    assert granted(told, applied(basis=basis), rules=rules).total == kroner


def test_where_the_rate_that_is_applied_for_is_unknown_there_is_no_amount() -> None:
    rules = choose_rule_set(None, "2022")
    first, last = "2022-01", "2022-12"
    told = full_time("2021-01-01")
    everything = granted(told, applied(first_month=first, last_month=last), rules=rules)
    guidance = granted(told, applied(first_month=first, last_month=last, basis="guidance_only"), rules=rules)
    assert (everything.missing, guidance.missing) == ((), ("supervision",))


@pytest.mark.parametrize("case", [case for case in CASES if case.known_at is None], ids=lambda case: case.name)
def test_of_no_golden_case_more_is_granted_than_computed(case: Case) -> None:
    rules = choose_rule_set(case.rules, case.round)
    doctor = as_known(map(fact_of, case.facts))
    found = line_for(case.facts[0]["hpr"], doctor, case.municipality, rules)
    assert found
    assert found.known
    costs = found.known[1].costs
    for basis, supplement, first, last in product(
        ("agreement", "guidance_only"), (True, False), MONTHS[:8:3], MONTHS[8:]
    ):
        wanted = applied(basis=basis, supplement=supplement, first_month=first, last_month=last)
        less = limited(found, wanted, case.municipality, rules, costs)
        assert 0 <= less.total <= found.amounts.total
        assert sum(less.elements.values()) == less.total
    assert limited(found, applied(), case.municipality, rules, costs) == found.amounts


@pytest.mark.parametrize("case", [case for case in CASES if case.known_at is None], ids=lambda case: case.name)
def test_what_is_proposed_to_apply_for_is_all_that_is_computed(case: Case) -> None:
    rules = choose_rule_set(case.rules, case.round)
    found = line_for(case.facts[0]["hpr"], as_known(map(fact_of, case.facts)), case.municipality, rules)
    assert found
    assert found.known
    wanted = as_limits(everything(found, case.municipality, rules))
    assert limited(found, wanted, case.municipality, rules, found.known[1].costs).total == found.amounts.total


@pytest.mark.parametrize("fields", [{"first_month": "2025-05"}, {"last_month": "2026-06"}])
def test_months_that_the_round_does_not_have_cannot_be_applied_for(fields: dict[str, object]) -> None:
    assert refusal(lambda: check_limits(applied(**fields), RULES)) == "months-outside-round"
