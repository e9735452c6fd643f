"""What the read side says of claims: always what their events make, page by page or in one go."""

from typing import Any, Final

import pytest

from domain.casework.access.sight import Sight
from domain.casework.commands.commands import Actor
from domain.claim.stream.events import CLAIM_EVENTS, DecisionApproved, DecisionProposed, ProposalSentBack
from projections.claims.claim_sentences import STATUSES, TOLD
from projections.claims.claims import ClaimInShort, ClaimLines, Claims, ClaimsWanted, LineInShort, claims, in_short
from projections.engine.rebuilding import rebuild
from tests.claiming import NAME, Claiming, claiming
from tests.projections.house import House
from tests.scenario import BEIARN, ROUND, full_time, track

BOTH: Final = (Claims, ClaimLines)
GRANTED: Final = 378_656


def with_two_doctors(at: House) -> Claiming:
    at.imports(full_time("2025-06-01").facts)
    at.imports(track("2024-10-01", hpr="10000001").position("p1").switched("p1", "2025-12-31", BEIARN).facts)
    return claiming(at)


def claim_actor(municipality: str) -> Actor:
    return Actor(f"kommune:{municipality}", "municipality", municipality)


def listed(at: House, **wanted: Any) -> list[ClaimInShort]:  # noqa: ANN401 - any field
    with at.reads() as connection:
        return claims(connection, ClaimsWanted(**wanted)).items


def lines(at: House, claim: str = NAME) -> list[LineInShort]:
    with at.reads() as connection:
        query = "SELECT * FROM read.claim_lines WHERE claim = %s ORDER BY hpr::integer, hpr"
        rows = connection.execute(query, (claim,))
        return [LineInShort(**row) for row in rows]


def test_every_event_of_a_claim_has_its_sentence_and_every_status_its_word() -> None:
    assert {*CLAIM_EVENTS.values()} == {*TOLD, DecisionProposed, ProposalSentBack, DecisionApproved}
    assert len(set(STATUSES.values())) == len(STATUSES)


def test_a_claim_has_one_row_and_each_line_one(at: House) -> None:
    claim = with_two_doctors(at).opened()
    at.levels()
    [row] = listed(at)
    assert (row.claim, row.status, row.lines, row.confirmed) == (NAME, "opened", 2, 0)
    assert (row.assessed, row.granted, row.settled, row.outstanding) == (None, None, 0, 0)
    assert [(line.hpr, line.confirmed) for line in lines(at)] == [("9000001", False), ("10000001", False)]
    claim.do("remove_line", hpr="10000001")
    at.levels()
    assert [line.hpr for line in lines(at)] == ["9000001"]


def test_the_rows_follow_the_claim_to_its_end(at: House) -> None:
    at.imports(full_time("2025-06-01").facts)
    claim = claiming(at).closed()
    at.levels()
    [row] = listed(at, round=ROUND, status="closed", doctor="9000001")
    assert (row.assessed, row.granted, row.settled, row.outstanding) == (GRANTED, GRANTED, GRANTED, 0)
    assert row.opened_at < (row.submitted_at or row.opened_at) < (row.decided_at or row.opened_at) < row.changed_at
    [line] = lines(at)
    assert (line.computed, line.amount, line.outcome, line.granted, line.finding) == (
        GRANTED, GRANTED, "granted", GRANTED, "confirmed",
    )  # fmt: skip
    assert row == in_short(at.casework.claims.events(claim.name))
    [told] = listed(at, sight=Sight(places=frozenset(), doctor="9000001"))
    assert (told.assessed, told.granted, told.settled, told.outstanding) == (None, None, None, None)
    assert listed(at, status="opened") == listed(at, doctor="9000009") == []


@pytest.mark.parametrize("most", [1, 3, None])
def test_rows_built_page_by_page_are_those_built_in_one_go(at: House, most: int | None) -> None:
    claim = with_two_doctors(at).submitted()
    at.levels(BOTH, most=most)
    claim.do("assess")
    claim.for_claim(f"{BEIARN}-{ROUND}").do("open", by=claim_actor(BEIARN))
    at.levels(BOTH, most=most)
    assert [at.differs_from_fresh(projection) for projection in BOTH] == [0, 0]
    assert [row.claim for row in listed(at)] == sorted([NAME, f"{BEIARN}-{ROUND}"])


def test_rebuilt_they_are_identical(at: House) -> None:
    with_two_doctors(at).submitted()
    at.levels()
    before = at.all_rows()
    for projection in BOTH:
        assert rebuild(projection, at.store, at.url).differences == 0
    assert at.all_rows() == before
    assert before["claims"]
    assert before["claim_lines"]


def test_a_step_rewrites_no_line_that_it_does_not_change(at: House) -> None:
    claim = with_two_doctors(at).opened()
    at.levels()
    before = at.placed(ClaimLines)
    [line] = [each for each in before if each[1] == "10000001"]
    claim.do("confirm_line", hpr="9000001")
    at.levels()
    after = at.placed(ClaimLines)
    assert after[line] == before[line]
    assert len([each for each in after if each not in before]) == 1


def test_nothing_that_somebody_wrote_stands_in_a_row(at: House) -> None:
    at.imports(full_time("2025-06-01").facts)
    claim = claiming(at).opened()
    claim.do("remove_line", reason="Hemmelig grunn")
    claim.do("add_line", hpr="9000001")
    claim.do("submit", name="Hemmelig Navn")
    claim.do("return", reason="Hemmelig merknad")
    at.levels()
    for projection in BOTH:
        rows = at.rows(projection)
        assert rows
        assert "Hemmelig" not in str(rows)
    sentences = " ".join(str(each.event) for each in at.casework.claims.events(claim.name))
    assert "Hemmelig merknad" in sentences, "it is in the log"
