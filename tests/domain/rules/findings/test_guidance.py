"""Guidance by session (rules.md 6): the hours of a month, and what nobody has confirmed."""

from typing import Final

from tests.domain.rules.findings.test_findings import found, of, ordinary
from tests.scenario import BEIARN, BODO, MONTHS, Told

LEFT_BY_BOTH: Final = (
    "Veiledning på til sammen 2,5 timer i juni og juli 2025 er ikke bekreftet av begge parter:"
    " legen har én veiledning igjen å bekrefte og veilederen har to veiledninger igjen å bekrefte."
)


def held(told: Told, name: str, on: str, hours: float = 1.0, municipality: str = BODO) -> Told:
    session = {"municipality": municipality, "on": on, "hours": hours, "supervisor": "9000100"}
    return told.add("guidance_held", session=name, **session)


def confirmed(told: Told, name: str, *who: str) -> Told:
    for each in who:
        told = told.add("guidance_confirmed", session=name, by=each)
    return told


def guided(hours: dict[str, float]) -> Told:
    """An ordinary year with a session in some months, confirmed by both."""
    told = ordinary()
    for month, given in hours.items():
        told = confirmed(held(told, month, f"{month}-03", given), month, "doctor", "supervisor")
    return told


def test_guidance_that_both_confirmed_is_no_finding() -> None:
    assert found(guided(dict.fromkeys(MONTHS, 4.0))) == []


def test_guidance_that_one_of_the_two_has_not_confirmed_is_told_with_hours_and_who_is_left() -> None:
    told = confirmed(held(held(ordinary(), "v1", "2025-06-03", 1.5), "v2", "2025-07-01"), "v1", "doctor")
    [each] = [each for each in found(told) if each["code"] == "guidance_unconfirmed"]
    assert each["text"] == LEFT_BY_BOTH
    assert (each["severity"], each["months"], each["facts"]) == ("warning", ["2025-06", "2025-07"], ["5", "6"])
    assert (
        of("guidance_unconfirmed", confirmed(confirmed(told, "v1", "supervisor"), "v2", "doctor", "supervisor")) == []
    )


def test_guidance_elsewhere_or_in_another_round_is_not_asked_about() -> None:
    told = held(held(ordinary(), "v1", "2025-06-03", municipality=BEIARN), "v2", "2025-05-31")
    assert of("guidance_unconfirmed", told) == []


def test_a_correction_of_the_hours_asks_for_a_new_confirmation() -> None:
    told = guided({"2025-06": 4.0})
    [session] = [fact["id"] for fact in told.facts if fact["type"] == "guidance_held"]
    assert len(of("guidance_unconfirmed", told.corrected(session, hours=5))) == 1
    assert of("guidance_unconfirmed", told.corrected(session, topic="Samtale")) == []


def test_a_month_without_recorded_hours_has_the_sum_of_its_sessions() -> None:
    short = dict.fromkeys(MONTHS, 4.0) | {"2025-07": 2.0, "2025-12": 3.5}
    below = "Det er registrert mindre enn 4 timer veiledning i måneden i juli 2025 og i desember 2025."
    assert of("guidance_below_minimum", guided(short)) == [below]
    more = confirmed(held(guided(short), "v2", "2025-07-20", 2.0), "v2", "doctor", "supervisor")
    assert of("guidance_below_minimum", more) == []


def test_recorded_hours_replace_the_sum_of_the_sessions_until_they_are_withdrawn() -> None:
    told = guided(dict.fromkeys(MONTHS, 4.0))
    for month in ("2025-07", "2025-12"):
        told = told.add("guidance_recorded", municipality=BODO, month=month, hours=1)
    assert len(of("guidance_below_minimum", told)) == 1
    assert of("guidance_below_minimum", told.withdrawn(told.facts[-1]["id"])) == []
