"""Numbers in a claim never begin again; where a stored claim has one twice, each is told apart, with its own basis."""

import json
from typing import Any, Final

from pydantic_core import to_json

from api.claims.decisions import assessment_basis
from api.claims.view import ClaimView, ViewContext, claim_view
from deploy.clock import now
from domain.casework.access.sight import EVERYTHING
from domain.claim.rights.step import Acting
from domain.claim.stream.numbering import Numbers
from projections.claims.claims import events_of, in_short
from tests.claiming import CASEWORKER, DOCUMENT, NAME, Claiming, claiming
from tests.desk import Desk, desk, refusal
from tests.domain.casework.test_recorded_decisions import loaded
from tests.recorded_decisions import withdrawn_after_sent_back
from tests.scenario import full_time
from workers.claims.claim_table import told

WHOLE: Final = 378_656
"""What was sent back; with half a post from January on, less was approved."""


def seen(claim: Claiming) -> ClaimView:
    claims = claim.at.casework.claims
    stored = claims.claim(NAME)
    context = ViewContext(Acting(NAME, CASEWORKER, now()), claims.beforehand(stored, CASEWORKER, now()))
    return claim_view(stored.state, claims.events(NAME), context)


def totals(claim: Claiming) -> list[tuple[object, object, str, object]]:
    return [(each.decision, each.assessment, each.state, each.total) for each in seen(claim).decisions]


def basis(claim: Claiming, number: str) -> Any:  # noqa: ANN401 - kroner of JSON
    found = assessment_basis(events_of(claim.at.casework.claims.events(NAME)), number, EVERYTHING)
    return sum(line["total"] for line in json.loads(to_json(found.result))["lines"])


def test_numbers_go_on_after_a_withdrawal_and_each_decision_has_its_own_basis(at: Desk) -> None:
    claim = withdrawn_after_sent_back(at)
    less = claim.state.decisions[0].total
    assert less < WHOLE
    assert totals(claim) == [(1, 1, "sent_back", WHOLE), (2, 2, "approved", less)]
    assert (basis(claim, "1"), basis(claim, "2")) == (WHOLE, less)
    assert [each.number for each in at.casework.claims.repeat(NAME).decisions] == [2]


def test_a_number_that_was_stored_twice_is_told_apart_and_means_the_last_before_it(database_url: str) -> None:
    loaded(database_url, "numbered-anew-as-first-stored")
    with desk(database_url) as at:
        claim = claiming(at)
        less = claim.state.decisions[0].total
        assert totals(claim) == [(1, 1, "sent_back", WHOLE), ("1b", "1b", "approved", less)]
        assert (basis(claim, "1"), basis(claim, "1b")) == (WHOLE, less)
        assert refusal(lambda: basis(claim, "1c")) == "unknown-assessment"
        assert "Vedtak 1b ble godkjent" in told(at.casework.claims.events(NAME))
        made = seen(claim).assessment
        assert made
        assert (made.assessment, made.amount) == ("1b", less)
        for step in ("pay", "attach_document", "attest"):
            claim.do(step)
        assert [each.decision for each in seen(claim).statements] == ["1b"]
        assert [each["decision"] for each in at.casework.claims.statements(NAME)] == ["1b"]
        at.imports([full_time("2025-06-01").known("2026-08-20").ended("p1", "2026-02-28").facts[-1] | {"id": "e"}])
        for step in ("reopen", "assess", "propose", "approve"):
            claim.do(step)
        assert [each[:2] for each in totals(claim)] == [(1, 1), ("1b", "1b"), (2, 2)]


def test_the_letters_of_a_number_go_on_after_z() -> None:
    numbers, names = Numbers(), []
    for _ in range(28):
        numbers = numbers.given(3)
        names.append(numbers.name(3))
    assert (names[:3], names[25:]) == ([3, "3b", "3c"], ["3z", "3aa", "3ab"])
    assert numbers.next == 4


def test_what_was_attached_and_allowed_before_a_withdrawal_is_there_after_it(at: Desk) -> None:
    at.imports(full_time("2025-06-01").facts)
    claim = claiming(at).opened().documented()
    claim.do("allow_late_submission")
    claim.do("withdraw")
    claim.do("open")
    assert claim.state.documents == frozenset({DOCUMENT})
    assert claim.state.late_until is not None
    assert refusal(lambda: claim.do("attach_document")) == "document-there"
    claim.do("remove_document")
    claim.do("attach_document")
    assert [each.document for each in seen(claim).documents] == [DOCUMENT]


def test_a_claim_that_was_withdrawn_and_opened_again_is_not_submitted(at: Desk) -> None:
    at.imports(full_time("2025-06-01").facts)
    claim = claiming(at).submitted()
    claim.do("withdraw")
    claim.do("open")
    assert in_short(at.casework.claims.events(NAME)).submitted_at is None
