"""Which rule set another is compared with, when one asks what it would do."""

from datetime import UTC, datetime
from functools import reduce
from typing import Any, Final

import pytest
from pydantic import JsonValue

from domain.rulebook.comparing import compared
from domain.rulebook.release import adoption_of, choose_rule_set, make_rule_set, shipped_publications
from domain.rulebook.rulebook import RuleBook, RuleSetSuperseded, evolve, publication
from domain.rules.compare.impact.remarks import compared_in_words
from domain.rules.sets.rule_set import RuleSet
from domain.values.refusals.refusal import Refused

AT: Final = datetime(2026, 7, 1, 9, tzinfo=UTC)
PROVISIONAL: Final = choose_rule_set(None, "2026")
FINAL: Final = choose_rule_set("nasjonal-alis-2026-final", "2026")


def book() -> RuleBook:
    """The rule sets of the release, published."""
    events = [publication(each, AT, "release:alis") for each in shipped_publications()]
    return reduce(evolve, [adoption_of(PROVISIONAL.content.municipalities, AT, "release:alis"), *events], RuleBook())


def after_final() -> RuleBook:
    """The same when the final rates have superseded the provisional ones."""
    content: dict[str, JsonValue] = {**FINAL.written, "status": "published", "published_on": "2026-07-01"}
    superseded = RuleSetSuperseded(
        rule_set=PROVISIONAL.id,
        digest=PROVISIONAL.digest,
        superseded_by=FINAL.id,
        recorded_at=AT,
        recorded_by="rules:kari",
    )
    return reduce(evolve, [publication(content, AT, "rules:kari"), superseded], book())


def of_round(name: str, first_day: str, last_day: str, scheme: str | None = None) -> RuleSet:
    """A draft for another round."""
    content: dict[str, Any] = PROVISIONAL.completed
    days = {**content["round"], "id": name, "first_day": first_day, "last_day": last_day}
    more = {"id": "utkast", "status": "draft", "round": days, "scheme": scheme or content["scheme"]}
    return make_rule_set({**content, **more})


def test_a_draft_is_compared_with_the_rule_set_in_force_for_its_round() -> None:
    found = compared(book(), FINAL)
    assert (found.current.id, found.laid_from) == (PROVISIONAL.id, None)


def test_a_published_one_is_compared_with_the_one_that_it_superseded() -> None:
    then = after_final()
    found = compared(then, then.published[FINAL.id])
    assert (found.current.id, found.current.status, found.laid_from) == (PROVISIONAL.id, "superseded", None)
    assert compared_in_words(found) == (
        f"«{FINAL.content.title}» er sammenlignet med «{PROVISIONAL.content.title}», som det avløste, på opplysningene"
        " slik de er nå."
    )


def test_a_draft_for_a_round_without_rules_is_compared_with_the_last_published_laid_over_it() -> None:
    next_year = of_round("2027", "2026-06-01", "2027-05-31")
    for then, last in ((book(), PROVISIONAL), (after_final(), FINAL)):
        found = compared(then, next_year)
        assert (found.current.id, found.current.round, found.current.months) == (
            last.id,
            next_year.round,
            next_year.months,
        )
        assert found.laid_from == PROVISIONAL.round
        assert found.as_json()["published_digest"] == then.published[last.id].digest


def test_the_first_published_of_a_round_is_compared_with_the_round_before_and_says_so() -> None:
    found = compared(book(), PROVISIONAL)
    assert found.laid_from
    assert (found.current.id, found.laid_from.id, found.current.months) == (
        "nasjonal-alis-2025",
        "2025",
        PROVISIONAL.months,
    )
    assert compared_in_words(found).startswith("Tilskuddsperioden 2026 har ikke noe annet kunngjort regelsett.")


@pytest.mark.parametrize(
    "rules",
    [
        choose_rule_set("nasjonal-alis-2022", "2022"),
        of_round("2021", "2021-01-01", "2021-12-31"),
        of_round("2027", "2026-06-01", "2027-05-31", "another-scheme"),
    ],
    ids=["the first", "before all", "another scheme"],
)
def test_where_nothing_was_published_before_there_is_nothing_to_compare_with(rules: RuleSet) -> None:
    with pytest.raises(Refused) as refused:
        compared(book(), rules)
    assert refused.value.code == "before-all-rules"
