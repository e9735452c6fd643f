"""Rulings in the store: who knows of them when, which decisions they touch, and that they change none."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

import pytest

from domain.casework.claims.claim_rulings import RulingEffect
from domain.casework.commands.commands import Actor
from domain.rulebook.questions import NewAnswer, NewQuestion
from domain.rules.sets.options import OPTIONS
from domain.rules.sets.rulings import Ruling
from domain.values.refusals.refusal import Refused
from tests.claiming import claiming, command_by
from tests.desk import Desk, desk
from tests.domain.casework.test_recorded_decisions import RECORDED, loaded, repeated
from tests.scenario import BEIARN, BODO, Json, Told, full_time, track

KARI: Final = Actor.named("rules:kari")
OLA: Final = Actor.named("approver:ola")
GIVEN: Final = datetime(2026, 9, 1, 12, tzinfo=UTC)
ANSWER: Final[Json] = {
    "option": "full_leave",
    "value": "days",
    "answer": "Fullt fravær trekkes fra dag for dag.",
    "answered_on": date(2026, 8, 20),
    "source": "Helsedirektoratets brev 20. august 2026",
    "binds": "alle kommuner",
}


def rules_on(at: Desk, name: str = "fravær", given: datetime = GIVEN, **more: Any) -> Ruling:  # noqa: ANN401
    """Ask, answer and approve."""
    new = NewAnswer(**{**ANSWER, **more})
    at.casework.rulings.ask(NewQuestion(id=name, question="Hva koster en dag fravær?"), given, command_by(KARI))
    at.casework.rulings.propose(name, new, given, command_by(KARI))
    digest = str(at.casework.book.current().asked.questions[name].digest)
    at.casework.rulings.give(name, digest, given, command_by(OLA))
    return at.casework.book.current().asked.rulings[-1]


def a_day_away(told: Told | None = None) -> Told:
    return (told or full_time()).leave("l1", "2026-02-10", "2026-02-10")


def of_another(hpr: str, municipality: str = BODO) -> Told:
    return (
        Told(hpr)
        .add("track_started", on="2024-10-01", scheme="new")
        .position("p1", municipality)
        .agreement("a1", municipality)
    )


def touched(at: Desk, ruling: Ruling) -> RulingEffect:
    return at.casework.ruling_effects.of(ruling)


def traced(at: Desk, known_at: datetime | None = None) -> Json:
    rules = at.casework.book.rule_set(None, "2026")
    found: Json = at.casework.replay(BODO, rules, known_at, traced=True).as_json(assumptions=True)
    return found


# ---------------------------------------------------------------- who knows of it when


def test_the_trace_and_the_choices_that_decide_know_the_ruling_from_its_moment_on(at: Desk) -> None:
    at.records_all(a_day_away())
    before = traced(at)
    rules_on(at)
    after = traced(at)
    option = after["lines"][0]["trace"]["options"]["full_leave"]
    assert (option["value"], option["ruling"]["followed"]) == ("month", False)
    assert option["ruling"]["text"].startswith("I strid med fortolkning av 20. august 2026")
    [decides] = [each for each in after["assumptions"] if each["option"] == "full_leave"]
    assert decides["ruling"] == option["ruling"]
    [warned] = [each["text"] for each in deciding(after) if each["severity"] == "warning"]
    assert "i strid med fortolkning av 20. august 2026" in warned
    assert traced(at, GIVEN - timedelta(seconds=1)) == {**before, **_head(traced(at, GIVEN - timedelta(seconds=1)))}
    assert traced(at, GIVEN)["lines"] == after["lines"]


def deciding(found: Json) -> list[Json]:
    return [each for each in found["lines"][0]["findings"] if each["code"] == "assumption_decides"]


def _head(found: Json) -> Json:
    return {name: found[name] for name in ("known_at", "known_before_stored_after")}


def test_a_choice_that_follows_the_ruling_is_stated_by_it_in_the_trace(at: Desk) -> None:
    at.records_all(a_day_away())
    rules_on(at, value="month", answer="Én dag koster måneden.")
    option = traced(at)["lines"][0]["trace"]["options"]["full_leave"]
    assert (option["basis"], option["source"], option["note"]) == (
        "stated",
        ANSWER["source"],
        "Én dag koster måneden.",
    )
    assert {each["severity"] for each in deciding(traced(at))} == {"info"}


def test_every_municipality_of_a_round_and_a_draft_know_it_too(at: Desk) -> None:
    at.records_all(a_day_away())
    rules_on(at)
    rules = at.casework.book.rule_set(None, "2026")
    [found] = at.casework.replay_round(rules, None, traced=True)
    assert "ruling" in found.as_json()["lines"][0]["trace"]["options"]["full_leave"]
    draft = at.casework.book.named("nasjonal-alis-2026-final")
    assert draft
    assert [each.id for each in draft.rulings] == ["fravær"]


def test_of_two_answers_on_one_choice_approved_at_once_one_is_given(at: Desk) -> None:
    digests = {}
    for name, value in (("a", "days"), ("b", "month")):
        at.casework.rulings.ask(NewQuestion(id=name, question="Hva gjelder?"), GIVEN, command_by(KARI))
        at.casework.rulings.propose(name, NewAnswer(**{**ANSWER, "value": value}), GIVEN, command_by(KARI))
        digests[name] = str(at.casework.book.current().asked.questions[name].digest)

    def approves(name: str) -> str:
        try:
            at.casework.rulings.give(name, digests[name], GIVEN, command_by(OLA))
        except Refused as refused:
            return refused.code
        return "given"

    with ThreadPoolExecutor(2) as both:
        assert sorted(both.map(approves, digests)) == ["given", "ruled-meanwhile"]
    assert len(at.casework.book.current().asked.rulings) == 1


# ---------------------------------------------------------------- what it changes, which is nothing


def test_a_ruling_changes_no_result_no_digest_and_no_decision(at: Desk) -> None:
    at.records_all(a_day_away())
    claim = claiming(at).decided()
    rules = at.casework.book.rule_set(None, "2026")
    before = at.casework.replay(BODO, rules, None).result
    assessed = claim.state.decided
    rules_on(at)
    after = at.casework.replay(BODO, at.casework.book.rule_set(None, "2026"), None).result
    assert (after.digest(), after.canonical()) == (before.digest(), before.canonical())
    assert at.casework.book.rule_set(None, "2026").digest == rules.digest
    assert at.casework.claims.repeat(claim.name).identical
    assert claim.state.decided == assessed
    effect = at.casework.claims.effect(claim.name)
    assert effect
    assert effect.lines == ()


def test_no_recorded_decision_is_another_after_a_ruling_on_every_choice(database_url: str) -> None:
    kept = loaded(database_url, RECORDED[0])
    with desk(database_url) as at:
        at.publishes()
        for name, option in OPTIONS.items():
            rules_on(at, name.replace("_", "-"), option=name, value=option.values[-1])
        assert repeated(at, kept).as_json() == kept["expected"]


# ---------------------------------------------------------------- the decisions that it touches


@pytest.mark.long
@pytest.mark.parametrize("kind", RECORDED)
def test_a_ruling_that_makes_no_line_another_touches_no_recorded_decision(database_url: str, kind: str) -> None:
    loaded(database_url, kind)
    with desk(database_url) as at:
        at.publishes()
        found = touched(at, rules_on(at, option="unused_funds", value="repaid"))
        assert (len(found.decisions), found.touched, found.difference) == (1, (), 0)


def test_the_decisions_made_under_another_value_are_listed_with_the_kroner(at: Desk) -> None:
    at.records_all(a_day_away())
    at.records_all(of_another("9000002"))
    claim = claiming(at).decided()
    ruling = rules_on(at)
    [found] = touched(at, ruling).touched
    assert (found.claim.name, [line.hpr for line in found.lines]) == (claim.name, ["9000001"])
    decided = claim.state.decided
    assert decided
    [under_it] = [
        effect["kroner"]
        for each in traced(at)["assumptions"]
        if each["option"] == "full_leave"
        for effect in each["alternatives"]
    ]
    assert found.difference == under_it > 0
    assert touched(at, ruling).as_json() == {
        "ruling": "fravær",
        "decisions": [
            {
                "claim": claim.name,
                "decision": 1,
                "rule_set": "nasjonal-alis-2026-provisional",
                "value": "month",
                "decided": decided.total,
                "would_grant": decided.total + under_it,
                "difference": under_it,
                "lines": [
                    {
                        "hpr": "9000001",
                        "decided": decided.lines["9000001"].kroner,
                        "would_grant": decided.lines["9000001"].kroner + under_it,
                        "difference": under_it,
                    }
                ],
            }
        ],
        "untouched": 0,
        "difference": under_it,
    }


def test_a_decision_under_the_ruled_value_and_one_that_is_the_same_anyway_are_not_listed(at: Desk) -> None:
    at.records_all(full_time())
    claiming(at).decided()
    same_anyway = touched(at, rules_on(at)).as_json()
    assert (same_anyway["decisions"], same_anyway["untouched"]) == ([], 1)
    followed = touched(at, rules_on(at, "igjen", value="month")).as_json()
    assert (followed["decisions"], followed["untouched"]) == ([], 0)


def test_each_municipality_has_its_own_and_a_round_from_before_the_ruling_has_none(at: Desk) -> None:
    at.records_all(a_day_away())
    at.records_all(a_day_away(of_another("9000002", BEIARN)))
    claiming(at).decided()
    claiming(at).of(BEIARN).decided()
    found = touched(at, rules_on(at))
    assert [each.claim.municipality for each in found.touched] == [BODO, BEIARN]
    mine = at.casework.ruling_effects.of(found.ruling, frozenset({BEIARN}))
    assert [each.claim.municipality for each in mine.touched] == [BEIARN]
    assert touched(at, rules_on(at, "senere", first_day=date(2026, 6, 1))).decisions == ()


def test_what_became_known_after_the_decision_is_not_counted_for_the_ruling(at: Desk) -> None:
    at.records_all(a_day_away())
    claiming(at).decided()
    ruling = rules_on(at)
    before = touched(at, ruling).difference
    at.records_all(track("2024-10-01").known("2026-09-02"))
    [late] = a_day_away().known("2026-09-02").leave("l2", "2026-04-10", "2026-04-10").facts[-1:]
    at.records({**late, "id": "late"})
    assert touched(at, ruling).difference == before


def test_a_line_that_got_less_for_a_reason_gets_no_more_under_the_ruling(at: Desk) -> None:
    at.records_all(a_day_away())
    claim = claiming(at).assessed()
    claim.do(
        "propose",
        lines=[
            {
                "hpr": "9000001",
                "outcome": "partly_granted",
                "kroner": 1_000,
                "reason_code": "documentation_missing",
                "reason": "bilag mangler",
            }
        ],
    )
    claim.do("approve")
    [found] = touched(at, rules_on(at)).touched
    assert [(line.decided, line.would_grant) for line in found.lines] == [(1_000, 1_000)]
    assert found.difference == 0
