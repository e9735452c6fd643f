"""The schemes before 2022, as far as HOD88 and FAFO 3.3 and 4.9 state them: drafts, used by name, without rates."""

import pytest

from domain.doctor.history import as_known
from domain.rulebook.release import choose_rule_set, release_reference, shipped_publications, shipped_rule_sets
from domain.rules.result import calculate
from domain.values.refusals.refusal import Refused
from tests.scenario import BEIARN, BODO, Json, Told, full_time, judged, lines_of, track

AGREEMENTS = "alis-avtaler-2021"
GUIDANCE = "veiledning-2021"


def line(rules: str, doctor: Told, municipality: str = BODO) -> Json:
    known = [(hpr, as_known(facts)) for hpr, facts in judged(lines_of(doctor.facts)).items()]
    [found] = calculate(known, municipality, choose_rule_set(rules, "2021")).as_json()["lines"]
    assert isinstance(found, dict)
    return found


def missing(rules: str, doctor: Told, municipality: str = BODO) -> list[str]:
    found = line(rules, doctor, municipality)
    return list(found["error"]["missing"]) if found["total"] is None else []


def test_they_are_drafts_and_chosen_by_their_name_alone() -> None:
    before = {each.id: each.status for each in shipped_rule_sets() if each.round.id == "2021"}
    assert before == {AGREEMENTS: "draft", GUIDANCE: "draft"}
    assert all(each["round"]["id"] != "2021" for each in shipped_publications())  # type: ignore[index,call-overload]
    with pytest.raises(Refused) as refusal:
        choose_rule_set(None, "2021")
    assert refusal.value.code == "no-rule-set"


def test_no_costs_can_be_reported_on_a_round_that_has_drafts_alone() -> None:
    with pytest.raises(Refused) as refusal:
        release_reference().check_cost_element("2021", "supervision")
    assert refusal.value.code == "unknown-round"


def test_no_rate_is_known_and_unknown_is_not_zero() -> None:
    for rules in (AGREEMENTS, GUIDANCE):
        [found] = [each for each in shipped_rule_sets() if each.id == rules]
        assert found.content.completeness == "partial"
        assert not [name for name, value in found.content.values.items() if "kroner" in value.unit]
    assert missing(AGREEMENTS, full_time("2020-10-01", BEIARN), BEIARN) == ["agreement_costs"]
    assert missing(GUIDANCE, full_time("2020-10-01")) == ["supervision"]


@pytest.mark.parametrize("category", ["introductory", "other_municipal"])
def test_the_grant_for_agreements_was_for_the_fastlege_scheme_and_guidance_for_all(category: str) -> None:
    doctor = track("2020-10-01").position("p1", category=category).agreement("a1")
    assert line(AGREEMENTS, doctor)["total"] == 0
    assert missing(GUIDANCE, doctor) == ["supervision"]


def test_guidance_was_paid_without_an_agreement_and_the_other_grant_was_not() -> None:
    doctor = track("2020-10-01").position("p1")
    assert line(AGREEMENTS, doctor)["total"] == 0
    assert missing(GUIDANCE, doctor) == ["supervision"]


@pytest.mark.parametrize(("last", "counts"), [("2021-12-31", False), ("2022-01-01", True)])
def test_a_locum_had_an_agreement_for_more_than_a_year(last: str, counts: bool) -> None:  # noqa: FBT001 - a case
    doctor = track("2020-10-01").position("p1", first="2021-01-01", last_day=last, category="gp_locum")
    assert bool(missing(AGREEMENTS, doctor.agreement("a1", first="2021-01-01"))) is counts
