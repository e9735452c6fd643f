"""A rule set that is drafted, approved and published here reaches the projections by its publication alone."""

from datetime import date
from typing import Final

from deploy.clock import new_id, now
from domain.casework.commands.commands import Actor, Command
from domain.rulebook.questions import NewAnswer, NewQuestion
from domain.rulebook.release import shipped_contents
from domain.rules.sets.rule_set import digest_of
from projections.all import ALL
from tests.golden_cases import CASES
from tests.projections.engine.test_equal_replay import agrees
from tests.projections.house import House

FINAL: Final = "nasjonal-alis-2026-final"
[CONTENT] = [each for each in shipped_contents() if each["id"] == FINAL]
BEGAN: Final = date(2026, 6, 15)
DIGEST: Final = digest_of(dict(CONTENT))


def by(subject: str) -> Command:
    return Command(new_id(), Actor.named(subject), "api", new_id(), "r")


def used(at: House) -> set[str]:
    """The rule sets that the amounts of the round were computed under."""
    return {row["rule_set"] for row in at.asks("SELECT DISTINCT rule_set FROM read.grant_amounts WHERE round = '2026'")}


def test_a_draft_changes_no_row_and_its_publication_changes_every_row_of_the_round(at: House) -> None:
    at.imports([fact for number, case in enumerate(CASES[:12]) for fact in case.of(str(9_100_000 + number)).facts])
    at.levels()
    book, before = at.casework.book, used(at)
    book.draft("utkast", CONTENT, now(), by("rules:kari"))
    book.approve(FINAL, DIGEST, now(), by("approver:ola"))
    at.levels()
    assert used(at) == before == {"nasjonal-alis-2026-provisional"}
    book.publish(FINAL, DIGEST, now(), by("rules:kari"))
    at.levels()
    assert used(at) == {FINAL}
    assert agrees(at) >= 12
    for projection in ALL:
        assert at.differs_from_fresh(projection) == 0


def test_a_ruling_changes_no_row(at: House) -> None:
    at.imports([fact for number, case in enumerate(CASES[:4]) for fact in case.of(str(9_100_000 + number)).facts])
    at.levels()
    before = at.asks("SELECT * FROM read.grant_amounts ORDER BY hpr, round, municipality")
    rulings = at.casework.rulings
    new = NewAnswer(
        option="full_leave",
        value="days",
        answer="Dag for dag.",
        answered_on=date(2026, 6, 15),
        source="b",
        binds="alle",
    )
    rulings.ask(NewQuestion(id="fravær", question="Hva koster en dag?"), now(), by("rules:kari"))
    rulings.propose("fravær", new, now(), by("rules:kari"))
    digest = str(at.casework.book.current().asked.questions["fravær"].digest)
    rulings.give("fravær", digest, now(), by("approver:ola"))
    at.levels()
    assert at.asks("SELECT * FROM read.grant_amounts ORDER BY hpr, round, municipality") == before
    for projection in ALL:
        assert at.differs_from_fresh(projection) == 0
