"""What guidance and costs come to, fact after fact."""

from domain.doctor.history import as_known, history_of
from domain.rules.line.costs import costs_of, facts_of
from domain.values.fields import Confirmer
from tests.desk import fact_of
from tests.options import rules_with
from tests.scenario import BODO, Told, full_time


def held(told: Told | None = None, name: str = "v1") -> Told:
    session = {"municipality": BODO, "on": "2025-06-03", "hours": 1, "supervisor": "9000101"}
    return (told or full_time()).add("guidance_held", session=name, **session)


def confirmed(told: Told) -> dict[str, set[str]]:
    """Who has confirmed each session, the same whether the facts are folded at once or one after the other."""
    facts = [fact_of(fact) for fact in told.facts]
    track = as_known(facts).track
    assert track == history_of(facts).doctor.track
    return {name: {who.value for who in session.confirmed} for name, session in track.sessions.items()}


def test_a_session_is_confirmed_by_the_doctor_and_by_the_supervisor() -> None:
    told = held(held(), "v2").add("guidance_confirmed", session="v1", by="doctor")
    assert confirmed(told) == {"v1": {Confirmer.DOCTOR}, "v2": set()}
    assert confirmed(told.add("guidance_confirmed", session="v1", by="supervisor"))["v1"] == set(Confirmer)


def test_a_correction_of_day_hours_or_supervisor_asks_for_new_confirmations() -> None:
    told = held(held(), "v2")
    name = told.facts[-2]["id"]
    told = told.add("guidance_confirmed", session="v1", by="doctor").add(
        "guidance_confirmed", session="v2", by="doctor"
    )
    for field, value in (("on", "2025-06-04"), ("hours", 2), ("supervisor", "9000102")):
        corrected = told.corrected(name, **{field: value})
        assert confirmed(corrected) == {"v1": set(), "v2": {Confirmer.DOCTOR}}
        assert confirmed(corrected.add("guidance_confirmed", session="v1", by="doctor"))["v1"] == {Confirmer.DOCTOR}
    assert confirmed(told.corrected(name, topic="Samtale"))["v1"] == {Confirmer.DOCTOR}


def costs(*reported: tuple[int, str | None]) -> tuple[int, int]:
    """What an element comes to after some reports, and how many of them stand behind it."""
    told = full_time()
    for kroner, kind in reported:
        of = {} if kind is None else {"kind": kind}
        told = told.add("costs_reported", municipality=BODO, round="2026", element="supervision", kroner=kroner, **of)
    rules, track = rules_with(), as_known(fact_of(fact) for fact in told.facts).track
    return costs_of(track, rules)[BODO, "supervision"], len(facts_of(track, BODO, rules)["supervision"])


def test_an_element_comes_to_the_sum_over_its_kinds_of_the_last_report_of_each() -> None:
    assert costs((10, "course"), (20, "travel"), (12, "course")) == (32, 2)


def test_a_report_without_a_kind_is_the_whole_element_and_replaces_all_before_it() -> None:
    assert costs((10, "course"), (20, "travel"), (5, None)) == (5, 1)
    assert costs((5, None), (6, None)) == (6, 1)


def test_the_first_report_with_a_kind_replaces_a_whole() -> None:
    assert costs((5, None), (10, "course")) == (10, 1)
    assert costs((10, "course"), (5, None), (7, "course"), (1, "travel")) == (8, 2)
