"""Findings (rules.md 6): each where it belongs, its sentence read aloud, and nowhere else."""

from typing import Any, Final

import pytest

from domain.doctor.history import as_known
from domain.rulebook.release import choose_rule_set, shipped_rule_sets
from domain.rules.result import calculate
from domain.rules.sets.options import OPTIONS, Stage
from tests.golden_cases import CASES
from tests.options import rules_with
from tests.scenario import BEIARN, BODO, MONTHS, Json, Told, full_time, judged, lines_of, result, track

ORDINARY: Final = "2024-10-01"
AS_OTHER_DAYS: Final = "Hadde stillingen og fraværet på de andre dagene vart hele måneden, ville den gitt"


def found(told: Told, municipality: str = BODO, *, assumptions: bool = False, **options: str | bool) -> list[Json]:
    """The findings of a doctor's line."""
    doctors = [(hpr, as_known(facts)) for hpr, facts in judged(lines_of(told.facts)).items()]
    rules = rules_with(**options) if options else choose_rule_set(None, "2026")
    [line] = calculate(doctors, municipality, rules).as_json(assumptions=assumptions)["lines"]
    return list(line["findings"])


def of(code: str, told: Told, municipality: str = BODO, **options: Any) -> list[str]:  # noqa: ANN401
    """The sentences of one code, with plain spaces for the thin ones."""
    every = found(told, municipality, **options)
    return [each["text"].replace("\u2009", " ") for each in every if each["code"] == code]


def supervised(told: Told, first: str = ORDINARY, **more: object) -> Told:
    return told.add("supervisor_assigned", supervisor="9000100", first_day=first, **more)


def ordinary(**agreed: Any) -> Told:  # noqa: ANN401
    """An ordinary full year: facts 1 to 4."""
    return supervised(track(ORDINARY).position("p1").agreement("a1", **agreed))


def guided(told: Told, hours: dict[str, float]) -> Told:
    for month, given in hours.items():
        told = told.add("guidance_recorded", municipality=BODO, month=month, hours=given)
    return told


# ---------------------------------------------------------------- the whole


def test_an_ordinary_full_year_has_no_finding() -> None:
    agreed = ["practice_compensation", "learning_activities", "supervision", "productivity", "facilitation"]
    assert found(ordinary()) == []
    assert found(guided(ordinary(percent=100, elements=agreed), dict.fromkeys(MONTHS, 4))) == []


def test_findings_stand_in_the_order_of_the_table_and_name_months_and_facts() -> None:
    every = found(track("2023-12-01").position("p1").agreement("a1", template="egen mal"))
    assert [each["code"] for each in every] == ["supervisor_gap", "wrong_template", "window_ends_in_round"]
    assert every[1] == {
        "code": "wrong_template",
        "severity": "warning",
        "months": MONTHS,
        "facts": ["3"],
        "text": "ALIS-avtalen følger malen «egen mal», som ikke var gyldig da den ble signert 1. desember 2023.",
    }


def test_a_finding_is_no_part_of_what_a_decision_rests_on() -> None:
    assert "findings" not in result(lines_of(full_time().facts)).canonical()["lines"][0]
    assert result(lines_of(full_time().facts)).digest() == result(lines_of(ordinary().facts)).digest()


def test_kroner_have_a_thin_space_in_their_thousands() -> None:
    [text] = [each["text"] for each in found(ordinary().leave("l1", "2025-09-15", "2025-09-19"))]
    assert text.endswith("ville den gitt 31\u2009555 kroner.")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_no_golden_case_names_another_municipality(case: Any) -> None:  # noqa: ANN401
    facts = [fact for each in judged(lines_of(case.facts)).values() for fact in each]
    here = {case.municipality, *(each.id for each in facts if getattr(each, "municipality", BODO) == case.municipality)}
    others = {str(each.id) for each in facts if (getattr(each, "municipality", None) or case.municipality) not in here}
    rules = choose_rule_set(case.rules, case.round)
    lines = calculate([("9000001", as_known(facts))], case.municipality, rules).as_json(assumptions=True)["lines"]
    listed = rules.municipalities.by_code
    for finding in (each for line in lines for each in line["findings"]):
        assert not others & set(finding["facts"])
        assert not any(listed[code].name in finding["text"] for code in _codes(case) if code in listed)
        assert not any(f" {code} " in finding["text"] for code in _codes(case))


def _codes(case: Any) -> set[str]:  # noqa: ANN401
    return {fact["municipality"] for fact in case.facts if "municipality" in fact} - {case.municipality}


# ---------------------------------------------------------------- supervisor and guidance


def test_supervisor_gap() -> None:
    doctor = supervised(full_time()).add("supervisor_ended", supervisor="9000100", last_day="2026-04-28")
    assert of("supervisor_gap", doctor) == [
        "Legen mangler godkjent veileder i kommunen i 33 dager i april og mai 2026."
    ]


def test_a_supervisor_who_is_not_approved_or_is_elsewhere_leaves_a_gap() -> None:
    for told in (supervised(full_time(), approved=False), supervised(full_time(), municipality=BEIARN)):
        assert of("supervisor_gap", told) == [
            "Legen mangler godkjent veileder i kommunen i 365 dager fra juni 2025 til mai 2026."
        ]


def test_a_month_that_does_not_count_needs_no_supervisor() -> None:
    doctor = track(ORDINARY, "old").position("p1").agreement("a1")
    assert of("supervisor_gap", doctor) == []


def test_guidance_below_minimum() -> None:
    hours = dict.fromkeys(MONTHS, 4.0) | {"2025-07": 0.0, "2025-12": 3.5}
    assert of("guidance_below_minimum", guided(ordinary(), hours)) == [
        "Det er registrert mindre enn 4 timer veiledning i måneden i juli 2025 og i desember 2025."
    ]


def test_guidance_may_be_below_the_minimum_in_one_month_or_not_be_recorded_at_all_or_not_yet() -> None:
    assert of("guidance_below_minimum", guided(ordinary(), dict.fromkeys(MONTHS, 4.0) | {"2025-07": 0.0})) == []
    assert of("guidance_below_minimum", ordinary()) == []
    assert of("guidance_below_minimum", guided(ordinary(), dict.fromkeys(MONTHS[:2], 5.0))) == []


# ---------------------------------------------------------------- lost months, two municipalities


def test_month_lost_to_job_switch() -> None:
    doctor = ordinary().switched("p1", "2025-11-14", BEIARN).agreement("a2", BEIARN, "2025-11-15")
    lost = f"November 2025 gir ikke tilskudd på grunn av bytte av stilling. {AS_OTHER_DAYS}"
    assert of("month_lost_to_job_switch", doctor) == [f"{lost} 31 555 kroner."]
    assert of("month_lost_to_job_switch", doctor, BEIARN) == [f"{lost} 48 221 kroner."]


def test_a_switch_at_the_turn_of_a_month_and_a_post_that_only_ends_lose_none() -> None:
    at_the_turn = ordinary().switched("p1", "2025-11-30", BEIARN).agreement("a2", BEIARN, "2025-12-01")
    assert of("month_lost_to_job_switch", at_the_turn) == []
    assert of("month_lost_to_job_switch", ordinary().ended("p1", "2025-11-14")) == []


def test_month_lost_to_leave() -> None:
    doctor = ordinary().leave("l1", "2025-09-30", "2025-10-01")
    assert of("month_lost_to_leave", doctor) == [
        f"September 2025 gir ikke tilskudd på grunn av fullt fravær. {AS_OTHER_DAYS} 31 555 kroner.",
        f"Oktober 2025 gir ikke tilskudd på grunn av fullt fravær. {AS_OTHER_DAYS} 31 555 kroner.",
    ]
    assert [each["facts"] for each in found(doctor)] == [["5"], ["5"]]


def test_graded_leave_and_a_month_lost_anyway_are_not_lost_to_leave() -> None:
    assert of("month_lost_to_leave", ordinary().leave("l1", "2025-09-01", "2025-09-30", percent=50)) == []
    both = ordinary().leave("l1", "2025-11-03", "2025-11-04").ended("p1", "2025-11-14")
    assert of("month_lost_to_leave", both) == []


def test_over_100_percent() -> None:
    doctor = ordinary().position("p2", BEIARN, "2026-04-01", percent=40)
    assert of("over_100_percent", doctor) == [
        "Legen har stillinger på til sammen over 100 prosent i april og mai 2026, og andelen er satt ned."
    ]
    assert of("over_100_percent", doctor, over_100="none") == [
        "Legen har stillinger på til sammen over 100 prosent i april og mai 2026."
    ]


def test_exactly_100_percent_in_two_municipalities_is_not_over_but_counts_in_both() -> None:
    doctor = supervised(track(ORDINARY).position("p1", percent=60).position("p2", BEIARN, "2026-05-01", percent=40))
    assert of("over_100_percent", doctor) == []
    assert of("claimed_by_two_municipalities", doctor) == [
        "En annen kommune kan også få tilskudd for legen i mai 2026."
    ]
    assert of("claimed_by_two_municipalities", ordinary()) == []


# ---------------------------------------------------------------- the agreement


def test_agreement_signed_late() -> None:
    doctor = supervised(track(ORDINARY).position("p1").agreement("a1", signed_on="2025-07-10"))
    [finding] = found(doctor)
    assert finding["months"] == ["2025-06", "2025-07"]
    assert of("agreement_signed_late", doctor) == [
        "ALIS-avtalen skulle gjelde fra 1. oktober 2024, men ble signert 10. juli 2025; det koster 48 044 kroner."
    ]


def lacking(months: str, since: str, kroner: str) -> str:
    told = f"Legen har stilling i kommunen uten ALIS-avtale {months}"
    return f"{told}; en avtale som var signert og gjaldt fra {since}, ville gitt {kroner} kroner mer."


def test_agreement_missing() -> None:
    doctor = supervised(track(ORDINARY).position("p1"))
    [finding] = found(doctor)
    assert (finding["severity"], finding["months"], finding["facts"]) == ("warning", MONTHS, ["2"])
    assert of("agreement_missing", doctor) == [lacking("fra juni 2025 til mai 2026", "1. oktober 2024", "288 263")]


def test_each_run_of_days_without_an_agreement_has_its_own_finding() -> None:
    doctor = full_time().add("agreement_ended", agreement="a1", last_day="2025-07-15")
    doctor = doctor.agreement("a2", BODO, "2025-10-10", last_day="2026-01-31")
    assert of("agreement_missing", doctor) == [
        lacking("fra juli til oktober 2025", "16. juli 2025", "96 088"),
        lacking("fra februar til mai 2026", "1. februar 2026", "96 088"),
    ]


def test_a_return_after_a_gap_lacks_an_agreement_from_the_day_of_the_return() -> None:
    doctor = full_time().ended("p1", "2025-08-31").position("p2", BODO, "2025-11-01")
    assert of("agreement_missing", doctor) == [lacking("fra november 2025 til mai 2026", "1. november 2025", "168 154")]


def test_months_before_an_agreement_that_was_signed_late_are_told_by_that_alone() -> None:
    late = track(ORDINARY).position("p1").agreement("a1", signed_on="2025-07-10")
    assert of("agreement_missing", late) == []
    left = track(ORDINARY).position("p1", last_day="2025-08-31").agreement("a1", signed_on="2025-10-01")
    assert of("agreement_missing", left) == []
    assert len(of("agreement_signed_late", left)) == 1


def test_days_before_the_first_day_of_an_agreement_are_never_silent() -> None:
    doctor = track(ORDINARY).position("p1").agreement("a1", BODO, "2025-08-15", signed_on="2025-10-10")
    late = "ALIS-avtalen skulle gjelde fra 15. august 2025, men ble signert 10. oktober 2025"
    assert of("agreement_missing", doctor) == [lacking("fra juni til august 2025", "1. oktober 2024", "72 066")]
    assert of("agreement_signed_late", doctor) == [f"{late}; det koster 48 044 kroner."]


def test_an_agreement_that_nothing_would_be_paid_for_is_not_missed() -> None:
    for told in (
        track(ORDINARY, "old").position("p1"),
        track(ORDINARY).position("p1", category="gp_locum", last_day="2025-07-15", first="2025-06-01"),
        track(ORDINARY).position("p1").leave("l1", "2025-05-01", "2026-06-30"),
        full_time().hospital("h1", "2025-09-01", "2026-01-31"),
        full_time("2020-06-01"),
    ):
        assert of("agreement_missing", told) == []
    assert of("agreement_missing", track(ORDINARY).position("p1"), agreement_counts_from="first_day") != []


def test_what_a_missing_agreement_costs_is_unknown_where_the_rates_are() -> None:
    facts = judged(lines_of(track(ORDINARY).position("p1").facts))["9000001"]
    [line] = calculate([("9000001", as_known(facts))], BODO, choose_rule_set(None, "2025")).as_json()["lines"]
    [text] = [each["text"] for each in line["findings"] if each["code"] == "agreement_missing"]
    assert text == "Legen har stilling i kommunen uten ALIS-avtale fra oktober 2024 til mai 2025; beløpet er ukjent."


def test_an_agreement_would_have_used_up_the_five_years_sooner() -> None:
    less = lacking("fra juni til september 2025", "1. oktober 2020", "7 924").replace(" mer.", " mindre.")
    assert of("agreement_missing", track("2020-10-01").position("p1")) == [less]


def test_an_agreement_signed_before_the_round_or_that_counts_from_its_first_day_costs_nothing() -> None:
    early = supervised(track(ORDINARY).position("p1").agreement("a1", signed_on="2025-05-31"))
    late = supervised(track(ORDINARY).position("p1").agreement("a1", signed_on="2025-07-10"))
    assert of("agreement_signed_late", early) == []
    assert of("agreement_signed_late", late, agreement_counts_from="first_day") == []


def test_a_template_of_ones_own_could_be_used_before_2023() -> None:
    assert of("wrong_template", supervised(track("2022-12-31").position("p1").agreement("a1", template="egen"))) == []


def test_element_not_agreed() -> None:
    agreed = ["practice_compensation", "learning_activities", "supervision", "facilitation"]
    assert of("element_not_agreed", ordinary(elements=agreed)) == [
        "ALIS-avtalen omfatter ikke produktivitet, som er regnet med fra juni 2025 til mai 2026."
    ]
    added = ordinary(elements=agreed).amended("a1", "2026-05-01", "2026-05-01", elements=[*agreed, "productivity"])
    assert of("element_not_agreed", added) == [
        "ALIS-avtalen omfatter ikke produktivitet, som er regnet med fra juni 2025 til april 2026."
    ]


def test_the_centrality_supplement_is_an_additional_element() -> None:
    agreed = ["practice_compensation", "learning_activities", "supervision", "facilitation", "productivity"]
    doctor = track(ORDINARY).position("p1", BEIARN)
    assert of("element_not_agreed", doctor.agreement("a1", BEIARN, elements=agreed), BEIARN) == [
        "ALIS-avtalen omfatter ikke sentralitetstillegg, som er regnet med fra juni 2025 til mai 2026."
    ]
    assert of("element_not_agreed", doctor.agreement("a1", BEIARN, elements=[*agreed, "additional"]), BEIARN) == []


def test_percent_differs_from_agreement() -> None:
    doctor = ordinary(percent=100).changed("p1", "2026-05-16", percent=62.5)
    assert of("percent_differs_from_agreement", doctor) == [
        "ALIS-avtalen sier 100 prosent, men stillingen er 62,5 prosent i mai 2026."
    ]
    amended = doctor.amended("a1", "2026-05-10", "2026-05-16", percent=62.5)
    assert of("percent_differs_from_agreement", amended) == []


# ---------------------------------------------------------------- what runs out, and the terms of posts


def test_window_ends_in_round() -> None:
    doctor = supervised(full_time("2023-12-01"))
    assert of("window_ends_in_round", doctor) == [
        "November 2025 er siste måned av de 24 første månedene; deretter faller 10 938 kroner i måneden bort."
    ]
    assert of("window_ends_in_round", full_time("2024-07-01")) == []
    assert of("window_ends_in_round", track("2023-12-01").position("p1", category="introductory")) == []


def test_a_window_that_ends_with_the_round_is_told_where_the_post_goes_on() -> None:
    doctor = full_time("2024-06-01")
    assert of("window_ends_in_round", doctor) == [
        "Mai 2026 er siste måned av de 24 første månedene; deretter faller 10 938 kroner i måneden bort."
    ]
    assert of("window_ends_in_round", doctor.ended("p1", "2026-05-31")) == []


def test_what_falls_away_with_the_window_is_what_the_month_after_it_loses() -> None:
    half = full_time("2023-12-01").changed("p1", "2025-12-01", percent=50)
    assert of("window_ends_in_round", half) == [
        "November 2025 er siste måned av de 24 første månedene; deretter faller 5 469 kroner i måneden bort."
    ]
    away = full_time("2023-12-01").leave("l1", "2025-12-01")
    assert of("window_ends_in_round", away) == [
        "November 2025 er siste måned av de 24 første månedene; deretter faller 10 938 kroner i måneden bort."
    ]


def test_a_window_is_not_told_of_a_doctor_who_left_or_has_only_guidance_or_whose_productivity_ended_otherwise() -> None:
    doctor = full_time("2023-12-01")
    for told in (
        doctor.ended("p1", "2025-09-30"),
        doctor.ended("p1", "2025-11-30"),
        doctor.switched("p1", "2025-11-30", BEIARN),
        track("2023-12-01").position("p1"),
        doctor.add("agreement_ended", agreement="a1", last_day="2025-10-31"),
        doctor.add("agreement_ended", agreement="a1", last_day="2025-11-30"),
        doctor.changed("p1", "2025-10-01", category="introductory"),
        doctor.changed("p1", "2025-12-01", category="introductory"),
        doctor.leave("l1", "2025-11-03", "2025-11-04"),
        doctor.add("track_completed", on="2025-11-30"),
    ):
        assert of("window_ends_in_round", told) == []


def test_duration_ends_in_round() -> None:
    assert of("duration_ends_in_round", full_time("2020-10-01")) == [
        "September 2025 er siste måned innenfor de fem årene på heltid; deretter faller 20 617 kroner i måneden bort."
    ]
    assert of("duration_ends_in_round", full_time("2020-06-01")) == []
    assert of("duration_ends_in_round", full_time("2021-07-01")) == []


def test_five_years_that_end_with_the_round_are_told_where_the_post_goes_on() -> None:
    doctor = full_time("2021-06-01")
    assert of("duration_ends_in_round", doctor) == [
        "Mai 2026 er siste måned innenfor de fem årene på heltid; deretter faller 20 617 kroner i måneden bort."
    ]
    assert of("duration_ends_in_round", doctor.ended("p1", "2026-05-31")) == []
    assert of("duration_ends_in_round", full_time("2021-06-15")) == [
        "Mai 2026 er siste måned innenfor de fem årene på heltid; deretter faller 20 617 kroner i måneden bort."
    ]


def test_the_five_years_are_not_told_of_a_doctor_who_left_or_has_only_guidance() -> None:
    doctor = full_time("2020-10-01")
    for told in (
        doctor.ended("p1", "2025-09-30"),
        doctor.switched("p1", "2025-08-31", BEIARN).agreement("a2", BEIARN, "2025-09-01"),
        doctor.add("agreement_ended", agreement="a1", last_day="2025-08-31"),
        doctor.add("track_completed", on="2025-09-30"),
    ):
        assert of("duration_ends_in_round", told) == []


def test_old_scheme_ends() -> None:
    until = "Legen følger gammel ordning, som varer til og med 31. desember 2026."
    doctor = track("2023-01-01", "old").position("p1", last_day="2027-01-01").agreement("a1")
    assert of("old_scheme_ends", doctor) == [
        f"{until} Stillingen varer lenger, og løpet er ikke konvertert til ny ordning."
    ]
    assert of("old_scheme_ends", track("2023-01-01", "old").position("p1")) == of("old_scheme_ends", doctor)
    assert of("old_scheme_ends", doctor.corrected("2", last_day="2026-12-31")) == []


def test_the_end_of_the_old_scheme_does_not_concern_a_converted_or_ended_track_or_a_post_elsewhere() -> None:
    doctor = track("2023-01-01", "old").position("p1")
    assert of("old_scheme_ends", doctor.add("track_converted", on="2027-01-01")) == []
    assert of("old_scheme_ends", doctor.add("track_discontinued", on="2026-12-31")) == []
    assert of("old_scheme_ends", doctor.add("track_completed", on="2026-08-31").started("2026-09-01")) == []
    assert of("old_scheme_ends", doctor.switched("p1", "2026-11-30", BEIARN)) == []


def test_the_end_of_the_old_scheme_is_told_from_the_round_before_it_on() -> None:
    doctor = track("2023-01-01", "old").position("p1")
    for round_id, told in {"2024": [], "2025": [], "2026": ["old_scheme_ends"]}.items():
        rules = choose_rule_set(None, round_id)
        line = calculate([("9000001", as_known(judged(lines_of(doctor.facts))["9000001"]))], BODO, rules).as_json()
        codes = [each["code"] for each in line["lines"][0]["findings"]]
        assert [code for code in codes if code == "old_scheme_ends"] == told


# ---------------------------------------------------------------- costs


def costs(told: Told, **kroner: int) -> Told:
    for element, amount in kroner.items():
        told = told.add("costs_reported", municipality=BODO, round="2026", element=element, kroner=amount)
    return told


def test_costs_below_grant() -> None:
    doctor = costs(ordinary(), practice_compensation=131_232, supervision=60_000)
    spent = "De rapporterte kostnadene er 191 232 kroner, 187 424 kroner"
    assert of("costs_below_grant", doctor) == [
        f"{spent} mindre enn tilskuddet uten sentralitetstillegg, som er 378 656 kroner."
    ]
    assert of("costs_below_grant", doctor, payment_basis="actual_costs_capped") == []


def test_costs_that_reach_the_grant_or_are_not_reported_are_no_finding() -> None:
    assert of("costs_below_grant", ordinary()) == []
    assert of("costs_below_grant", costs(ordinary(), practice_compensation=378_656)) == []
    assert len(of("costs_below_grant", costs(ordinary(), practice_compensation=378_655))) == 1
    nothing = track(ORDINARY, "old").position("p1")
    assert of("costs_below_grant", costs(nothing, practice_compensation=0)) == []


def test_the_centrality_supplement_is_no_cost() -> None:
    doctor = track(ORDINARY).position("p1", BEIARN).agreement("a1", BEIARN)
    reported = doctor.add("costs_reported", municipality=BEIARN, round="2026", element="supervision", kroner=378_656)
    assert of("costs_below_grant", reported, BEIARN) == []


def introduced(first: str = "2025-06-01", **more: object) -> Told:
    return track("2022-01-01").position("p1", BODO, first, category="introductory", **more)


def test_introductory_terms() -> None:
    assert of("introductory_terms", introduced(percent=40)) == [
        "Introduksjonsstillingen er på 40 prosent fra juni 2025 til mai 2026; den skal være minst 50 prosent."
    ]
    assert of("introductory_terms", introduced(last_day="2025-11-29")) == [
        "Introduksjonsstillingen varer fra 1. juni 2025 til 29. november 2025; den skal vare minst 6 måneder."
    ]
    assert of("introductory_terms", introduced("2024-05-01")) == [
        "Introduksjonsstillingen har vart i mer enn 2 år på heltid i mai 2026."
    ]


def test_an_introduction_post_on_its_terms() -> None:
    assert of("introductory_terms", introduced(percent=50, last_day="2025-11-30")) == []
    assert of("introductory_terms", introduced("2024-06-01")) == []
    assert of("introductory_terms", introduced("2023-01-01", percent=50)) == []


def test_locum_too_short() -> None:
    doctor = track(ORDINARY).position("p1", BODO, "2025-07-01", category="gp_locum", last_day="2025-09-30")
    assert of("locum_too_short", doctor) == [
        "Vikariatet fra 1. juli 2025 til 30. september 2025 varer ikke mer enn 3 måneder og gir ikke tilskudd."
    ]
    assert of("locum_too_short", doctor.corrected("2", last_day="2025-10-01")) == []


# ---------------------------------------------------------------- assumptions


def test_assumption_decides() -> None:
    doctor = ordinary().leave("l1", "2025-09-01", "2025-09-15")
    assert of("assumption_decides", doctor, assumptions=True)[-1] == (
        "Beløpet hviler på at én dag med fullt fravær koster hele måneden; "
        "det ville blitt 15 778 kroner mer hvis fullt fravær bare trekkes fra dag for dag."
    )
    assert of("assumption_decides", doctor) == []


def test_an_option_that_changes_nothing_does_not_decide() -> None:
    texts = of("assumption_decides", ordinary(), assumptions=True)
    rests = "Beløpet hviler på at tilskuddet er faste satser; det ville blitt 378 656 kroner mindre hvis"
    assert texts == [f"{rests} tilskuddet dekker de rapporterte kostnadene opp til satsene."]


def test_every_alternative_of_every_rule_set_can_be_computed_and_has_words_of_its_own() -> None:
    words = [each for option in OPTIONS.values() for each in option.words.values()]
    assert len(set(words)) == len(words)
    deciding = [option for option in OPTIONS.values() if option.decides is not Stage.NOTHING]
    for rules in shipped_rule_sets():
        assert rules.alternatives.keys() == {option.name for option in deciding}
        assert all(len(others) == len(OPTIONS[name].words) - 1 for name, others in rules.alternatives.items())
