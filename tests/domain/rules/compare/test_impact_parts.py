"""What a rule set would do, part by part: the parts sum to the whole to the krone, and nothing is left unexplained."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.doctor.history import Doctor, as_known
from domain.rulebook.release import choose_rule_set, make_rule_set
from domain.rules.compare.impact.groups import ROUNDING, LineGroup, LineImpact, LineSide, decimal_text, group_of
from domain.rules.compare.impact.impact import Impact, impact
from domain.rules.compare.impact.remarks import Compared
from domain.rules.result import calculate_round
from domain.rules.sets.content import Round
from domain.rules.sets.rule_set import RuleSet, laid_over, rule_set
from tests.histories import HPR, histories
from tests.scenario import BEIARN, BODO, Json, Told, full_time, judged, lines_of, track

PUBLISHED: Final = choose_rule_set(None, "2026")
NEXT: Final = Round(
    id="2027",
    first_day=date(2026, 6, 1),
    last_day=date(2027, 5, 31),
    basis="assumed",
    source="prøven",
    note="Neste år.",
)
TRAVEL: Final = {"unit": "kroner per år", "basis": "assumed", "source": "prøven", "note": "Ny."}
OTHER: Final = track("2024-10-01", hpr="9000002").position("p1", BEIARN, percent=60).agreement("a1", BEIARN)


def drafted(values: Mapping[str, str], elements: Sequence[Json] | None = None, drop: str | None = None) -> RuleSet:
    """The published rules with other values and elements."""
    content = PUBLISHED.completed
    known: dict[str, Json] = content["values"]
    made = {name: {**TRAVEL, **known.get(name, {}), "value": each} for name, each in values.items()}
    content["values"] = {name: each for name, each in {**known, **made}.items() if name != drop}
    if elements is not None:
        content["elements"] = list(elements)
    return make_rule_set({**content, "id": "utkast", "title": "Et utkast", "status": "draft"})


def elements_with(*more: Json, drop: str | None = None, of: str | None = None) -> list[Json]:
    """The elements of the published rules and some more; one dropped, one more that five per cent is taken of."""
    found: list[Json] = []
    for each in PUBLISHED.completed["elements"]:
        plain = dict(each)
        if each["id"] == "facilitation":
            found += more if of else []
            plain["of"] = [name for name in [*each["of"], *([of] if of else [])] if name != drop]
        if each["id"] != drop:
            found.append(plain)
    return [*found, *(() if of else more)]


def travel(factor: str = "travel") -> Json:
    sourced = {"basis": "assumed", "source": "prøven", "note": "Ny."}
    return {"id": "travel", "name": "reisetilskudd", "factors": [factor], "categories": ["gp"], **sourced}


def of(rules: RuleSet, *doctors: Told, current: RuleSet = PUBLISHED, laid_from: Round | None = None) -> Impact:
    known = ((each.hpr, as_known(judged(lines_of(each.facts))[each.hpr])) for each in doctors)
    return impact(known, Compared(rules, current, laid_from))


def keyed(groups: Iterable[LineGroup]) -> dict[str, tuple[int | None, int | None, int | None]]:
    return {group.key: (group.before, group.after, group.difference) for group in groups}


# ---------------------------------------------------------------- by element


def test_the_effect_is_told_by_element() -> None:
    """8 kr x 0.60 x 160 h, 8 kr x 1.15 x 57.5 h, and five per cent of both."""
    found = of(choose_rule_set("nasjonal-alis-2026-final", "2026"), full_time())
    assert {key: difference for key, (_, _, difference) in keyed(found.elements).items()} == {
        "practice_compensation": 768,
        "learning_activities": 0,
        "supervision": 529,
        "productivity": 0,
        "facilitation": 65,
    }
    assert found.total.difference == 768 + 529 + 65


def test_a_new_element_was_nothing_before_and_a_dropped_one_is_nothing_after() -> None:
    elements = elements_with(travel(), drop="learning_activities")
    found = of(drafted({"travel": "10000"}, elements, drop="learning_activities"), full_time())
    told = keyed(found.elements)
    assert told["travel"] == (0, 10_000, 10_000)
    assert told["learning_activities"] == (14_000, 0, -14_000)
    assert [each.key for each in found.elements][-1] == "learning_activities"
    assert found.total.difference == 10_000 - 14_000 - 700


def test_what_only_rounding_moves_is_summed_up() -> None:
    """Of a third of a post every element has a fraction; another rate moves who gets the last krone."""
    third = track("2024-10-01").position("p1", percent="33.33").agreement("a1")
    moved = {}
    for rate in range(1368, 1400):
        found = of(drafted({"hourly_rate": str(rate)}), third)
        told = keyed(found.elements)
        moved[rate] = told.get(ROUNDING, (0, 0, 0))
        assert {told[name][2] for name in ("learning_activities", "productivity")} == {0}
        assert sum(each.difference or 0 for each in found.elements) == found.total.difference
    assert {abs(rest or 0) for _, _, rest in moved.values()} == {0, 1}
    assert all(before == 0 for before, _, _ in moved.values())


# ---------------------------------------------------------------- percent


@pytest.mark.parametrize(
    ("before", "after", "percent"),
    [
        (1000, 1004, "0.4"),
        (10_000, 10_005, "0.1"),  # 0.05 goes up
        (10_000, 9_995, "0.0"),  # and -0.05 too
        (10_000, 9_994, "-0.1"),
        (378_656, 380_018, "0.4"),
        (100, 0, "-100.0"),
        (3, 1, "-66.7"),
    ],
)
def test_a_percent_is_exact_and_rounded_once_half_up_to_one_decimal(before: int, after: int, percent: str) -> None:
    line = LineImpact("9000001", BODO, LineSide(before, {}, {}), LineSide(after, {}, {}))
    group = group_of("all", [line])
    assert group.percent == Fraction(percent)
    assert decimal_text(Fraction(percent)) == percent


def test_there_is_no_percent_of_nothing() -> None:
    line = LineImpact("9000001", BODO, LineSide(0, {}, {}), LineSide(100, {}, {}))
    assert group_of("all", [line]).as_json()["percent"] is None
    assert group_of("all", []).as_json()["percent"] is None


# ---------------------------------------------------------------- remarks


def test_a_new_element_outside_the_five_per_cent_gets_a_remark_with_what_it_would_be_within() -> None:
    outside = of(drafted({"travel": "10000"}, elements_with(travel())), full_time(), OTHER)
    [remark] = outside.remarks
    within = of(drafted({"travel": "10000"}, elements_with(travel(), of="travel")), full_time(), OTHER)
    assert within.remarks == []
    assert (remark["code"], remark["element"]) == ("element_outside_share", "travel")
    assert remark["kroner"] == (within.total.after or 0) - (outside.total.after or 0) == 800
    assert remark["text"] == (
        "Elementet reisetilskudd er nytt og står utenfor det som tilrettelegging er 5 prosent av. "
        "Hva ville det utgjort om det var med? +800 kroner."
    )


def test_an_element_that_was_there_before_gets_no_remark() -> None:
    assert of(drafted({"centrality": "150000"}), full_time()).remarks == []


def test_an_unknown_rate_is_told_and_its_lines_are_in_no_sum() -> None:
    outside = track("2024-10-01", hpr="9000003").position("p1", category="other_municipal").agreement("a1")
    found = of(drafted({}, drop="practice_compensation_hours"), full_time(), outside)
    assert (found.total.lines, found.total.unknown, found.total.before) == (2, 1, 109_613)
    told = {each.key: each for each in found.elements}
    unknown = told["practice_compensation"]
    assert (unknown.lines, unknown.unknown, unknown.before, unknown.after) == (1, 1, None, None)
    assert (told["supervision"].lines, told["supervision"].unknown, told["supervision"].before) == (2, 1, 90_393)
    assert keyed(found.categories) == {"gp": (None, None, None), "other_municipal": (109_613, 109_613, 0)}
    remark, of_it = found.remarks
    assert (remark["code"], remark["element"], of_it["element"]) == (
        "rate_unknown",
        "practice_compensation",
        "facilitation",
    )
    assert remark["text"] == (
        "Satsen for praksiskompensasjon er ikke kjent i «Et utkast». Én linje som trenger den, er ikke med i kronene."
    )


def test_another_list_that_moves_a_municipality_between_classes_is_told() -> None:
    lists = PUBLISHED.municipalities
    bodo = replace(lists.by_code[BODO], centrality_class=6)
    other = replace(lists, digest=f"sha256:{'0' * 64}", by_code={**lists.by_code, BODO: bodo})
    moved = rule_set({**PUBLISHED.completed, "status": "draft", "municipalities": other.digest}, "draft", other)
    found = of(moved, full_time(), OTHER)
    assert keyed(found.elements)["centrality"] == (120_000, 320_000, 200_000)
    assert keyed(found.classes) == {"3": (378_656, 578_656, 200_000), "6": (347_194, 347_194, 0)}
    assert [each["text"] for each in found.remarks] == [
        "Kommunelisten er en annen, og disse skifter sentralitetsklasse: Bodø (1804) fra 3 til 6."
    ]


# ---------------------------------------------------------------- another round


def test_a_draft_for_next_year_is_compared_on_the_facts_as_they_stand() -> None:
    """Posts that go on are there; one that ended before the round is not."""
    ended = track("2024-10-01", hpr="9000003").position("p1", last_day="2026-03-31").agreement("a1")
    draft = laid_over(drafted({"hourly_rate": "1420"}), NEXT)
    found = of(draft, full_time(), OTHER, ended, current=laid_over(PUBLISHED, NEXT), laid_from=PUBLISHED.round)
    assert [(line.hpr, line.municipality) for line in found.lines] == [("9000001", BODO), ("9000002", BEIARN)]
    # four months in the window are left: 247 405.78 + 125 000 x 1.05 x 4 / 12
    assert found.lines[0].before.total == 291_156
    told = found.as_json()
    assert (told["laid_over"], told["published_round"], told["round"]) == (True, "2026", "2027")
    assert told["compared"] == (
        "Tilskuddsperioden 2027 har ikke noe kunngjort regelsett. «Et utkast» er derfor sammenlignet med «Nasjonal ALIS"
        " og veiledning 2026, foreløpige satser», som gjelder tilskuddsperioden 2026, brukt på tiden fra 1. juni 2026"
        " til og med 31. mai 2027. Begge er regnet på opplysningene slik de er nå."
    )


def test_a_municipality_sees_its_own_lines_alone() -> None:
    found = of(drafted({"travel": "10000"}, elements_with(travel())), full_time(), OTHER)
    seen = found.seen_by({BODO})
    assert {line.municipality for line in seen.lines} == {BODO}
    assert keyed(seen.municipalities).keys() == keyed(seen.classes).keys() - {"3"} | {BODO}
    assert [each["kroner"] for each in seen.remarks] == [500]
    assert BEIARN not in str(seen.as_json())


# ---------------------------------------------------------------- what holds for all


@st.composite
def drafts(draw: st.DrawFn) -> RuleSet:
    """The published rules with some values otherwise, perhaps a new element, in its round or in the next."""
    numbers = {"hourly_rate": 2_000, "learning_activities": 30_000, "productivity": 300_000, "centrality": 400_000}
    chosen = draw(st.sets(st.sampled_from(sorted(numbers))))
    values = {name: str(draw(st.integers(0, numbers[name]))) for name in sorted(chosen)}
    share = draw(st.sampled_from(["0.05", "0.051", "0.0333"]))
    elements = draw(st.sampled_from([None, elements_with(travel()), elements_with(travel(), of="travel")]))
    made = {} if elements is None else {"travel": str(draw(st.integers(1, 9_999)))}
    rules = drafted({**values, "facilitation_share": share, **made}, elements)
    return laid_over(rules, NEXT) if draw(st.booleans()) else rules


def totals(known: Sequence[tuple[str, Doctor]], rules: RuleSet) -> int:
    return sum(result.total for result in calculate_round(known, rules))


@given(st.lists(histories(most=8), min_size=1, max_size=3), drafts())
@settings(max_examples=25, deadline=None)
def test_every_breakdown_sums_to_the_krone_and_the_whole_is_what_is_calculated(
    told: list[list[Json]], draft: RuleSet
) -> None:
    known = []
    for number, facts in enumerate(told):
        hpr = str(int(HPR) + number)
        known += [(hpr, as_known(each)) for each in judged(lines_of(fact | {"hpr": hpr} for fact in facts)).values()]
    current = laid_over(PUBLISHED, draft.round)
    found = impact(known, Compared(draft, current))
    assert (found.total.before, found.total.after) == (totals(known, current), totals(known, draft))
    for groups in (found.elements, found.categories, found.classes, found.municipalities):
        for side in ("before", "after", "difference"):
            assert sum(getattr(group, side) for group in groups) == getattr(found.total, side)
    assert all(group.before == 0 for group in (*found.elements, *found.categories) if group.key == ROUNDING)
    parts: Any = found.as_json()
    assert sum(line["difference"] for line in parts["lines"]) == parts["total"]["difference"]
