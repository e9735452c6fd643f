"""The life of a claim through the service: steps, what they store, and what is refused."""

import pytest

from domain.claim.stream.state import Status
from domain.values.refusals.refusal import Refused
from tests.claiming import APPROVER, CASEWORKER, MUNICIPALITY, claiming
from tests.desk import Desk, refusal
from tests.recorded_decisions import publish_the_final_rates
from tests.scenario import BEIARN, full_time

GRANTED = 378_656


def with_one_doctor(at: Desk) -> None:
    at.imports(full_time("2025-06-01").facts)


def test_a_claim_goes_from_opening_to_closing(at: Desk) -> None:
    with_one_doctor(at)
    claim = claiming(at).closed()
    assert claim.status is Status.CLOSED
    assert (claim.state.decided.total if claim.state.decided else 0) == claim.state.settled == GRANTED


def test_lines_are_proposed_from_what_is_registered(at: Desk) -> None:
    with_one_doctor(at)
    [(hpr, line)] = claiming(at).opened().state.lines.items()
    assert (hpr, line.confirmed) == ("9000001", False)
    assert line.limit is None


def test_a_second_opening_is_a_conflict(at: Desk) -> None:
    with_one_doctor(at)
    claim = claiming(at).opened()
    assert refusal(lambda: claim.do("open")) == "already-opened"


def test_whoever_proposed_cannot_approve(at: Desk) -> None:
    with_one_doctor(at)
    claim = claiming(at).assessed()
    claim.do("propose")
    same = APPROVER.acting("godkjenner:AB", "approver")
    assert refusal(lambda: claim.do("approve", by=same)) == "same-person"
    assert refusal(lambda: claim.do("approve", by=CASEWORKER)) == "wrong-role"
    claim.do("approve")
    assert claim.status is Status.DECIDED


def test_an_assessment_that_later_facts_change_cannot_be_approved(at: Desk) -> None:
    with_one_doctor(at)
    claim = claiming(at).proposed()
    leave = full_time("2025-06-01").known("2026-08-02").leave("l1", "2026-01-01", "2026-03-31").facts[-1]
    at.imports([leave])
    with pytest.raises(Refused) as outdated:
        claim.do("approve")
    assert outdated.value.code == "assessment-outdated"
    assert str(outdated.value).replace("\u2009", " ") == (
        "Grunnlaget er endret siden vurderingen (lege 9000001 fra 378 656 kroner til 283 992 kroner: "
        "permisjon eller annet fravær («4») for 9000001 (94 664 kroner mindre)); "
        "send forslaget tilbake og vurder søknaden på nytt."
    )
    claim.do("send_back")
    claim.do("assess")
    claim.do("propose")
    claim.do("approve")


def test_facts_that_change_no_line_do_not_stop_an_approval(at: Desk) -> None:
    with_one_doctor(at)
    claim = claiming(at).proposed()
    later = full_time("2025-06-01").known("2026-08-02").leave("l1", "2026-06-01").switched("p1", "2026-08-31", BEIARN)
    at.imports(later.facts[3:])
    at.imports(fact | {"hpr": "9000002"} for fact in full_time("2025-06-01").facts)
    claim.do("approve")
    assert claim.status is Status.DECIDED


def test_an_assessment_under_rates_that_were_superseded_since_cannot_be_approved(at: Desk) -> None:
    with_one_doctor(at)
    claim = claiming(at).proposed()
    publish_the_final_rates(at)
    with pytest.raises(Refused, match=r"salærsats: 1.367 → 1.375"):
        claim.do("approve")
    for step in ("send_back", "assess", "propose", "approve"):
        claim.do(step)
    assert claim.status is Status.DECIDED


def test_every_decision_is_repeated_identically_whatever_came_later(at: Desk) -> None:
    with_one_doctor(at)
    claim = claiming(at).paid()
    leave = full_time("2025-06-01").known("2026-08-02").leave("l1", "2026-01-01", "2026-03-31").facts[-1]
    at.imports([leave])
    claim.do("reopen")
    for step in ("assess", "propose", "approve", "reclaim"):
        claim.do(step)
    repeated = at.casework.claims.repeat(claim.name).as_json()
    assert repeated["identical"]
    assert [each["decision"] for each in repeated["decisions"]] == [1, 2]


def test_of_two_who_saw_the_same_claim_one_is_told_to_read_again(at: Desk) -> None:
    with_one_doctor(at)
    claim = claiming(at).submitted()
    seen = claim.stored.version
    claim.do("assess", expects=seen)
    assert refusal(lambda: claim.do("return", expects=seen)) == "changed-meanwhile"


def test_another_municipality_cannot_take_a_step(at: Desk) -> None:
    with_one_doctor(at)
    claim = claiming(at).opened()
    other = MUNICIPALITY.acting("kommune:1839")
    assert refusal(lambda: claim.do("submit", by=other)) == "other-municipality"
