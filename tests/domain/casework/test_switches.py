"""The best days of a planned switch, asked of what is stored, by whoever may see what of it."""

from datetime import UTC, datetime

from domain.casework.access.sight import EVERYTHING, Sight, codes_of
from domain.rules.switch.answer import BestSwitch
from domain.rules.switch.planned import MOST_APART, MOST_DAYS, PlannedSwitch
from tests.desk import Desk, refusal
from tests.domain.rules.switch.planning import planned, planned_arrival
from tests.scenario import BEIARN, BODO, Json, full_time

AUTUMN = ("2025-10-01", "2025-11-30")
OSLO = "0301"


def asks(
    at: Desk, plan: PlannedSwitch, municipality: str | None = None, known_at: datetime | None = None
) -> BestSwitch:
    sight = EVERYTHING if municipality is None else Sight(codes_of(municipality))
    return at.casework.preview.of_switch("9000001", plan, known_at, sight)


def seen(found: BestSwitch) -> Json:
    """All that an answer tells."""
    return found.as_json()


def test_a_caseworker_sees_both_municipalities_and_each_municipality_its_own(at: Desk) -> None:
    at.records_all(full_time())
    both = seen(asks(at, planned(AUTUMN)))
    assert [each["municipality"] for each in both["proposed"]["kroner"]] == [BODO, BEIARN]
    assert {each["municipality"] for each in both["changes"]} == {BODO, BEIARN}
    own = seen(asks(at, planned(AUTUMN), BODO))
    for part in (own["proposed"]["kroner"], own["changes"], own["remarks"]):
        assert {each["municipality"] for each in part} <= {BODO}
    assert own["proposed"]["last_day"] == "2025-11-30", "of two that lose none, the one that gives Bodø most"
    assert own["proposed"]["months_lost"] == []


def test_the_post_that_is_left_is_not_there_for_another_municipality(at: Desk) -> None:
    at.records_all(full_time())
    for other in (BEIARN, OSLO, ""):
        assert refusal(lambda other=other: asks(at, planned(AUTUMN), other)) == "unknown-position"  # type: ignore[misc]
    assert refusal(lambda: at.casework.preview.of_switch("9000009", planned(AUTUMN), None)) == "unknown-position"


def test_a_municipality_that_has_nothing_to_do_with_the_doctor_is_told_what_it_is_of_one_who_is_not_registered(
    at: Desk,
) -> None:
    before = seen(asks(at, planned_arrival(AUTUMN), BEIARN))
    at.records_all(full_time())
    assert seen(asks(at, planned_arrival(AUTUMN), BEIARN)) == before


def test_the_municipality_that_the_doctor_comes_to_asks_of_its_own_post_alone(at: Desk) -> None:
    at.records_all(full_time().agreement("a2", BEIARN, first="2025-10-01"))
    told = seen(asks(at, planned_arrival(AUTUMN), BEIARN))
    assert {each["municipality"] for each in told["proposed"]["kroner"] + told["changes"]} == {BEIARN}
    assert [each["kroner"] for each in told["proposed"]["kroner"]] == [385_771]
    assert (told["proposed"]["first_day"], told["proposed"]["months_lost"]) == ("2025-10-01", [])
    assert BODO not in str(told)
    assert asks(at, planned_arrival(AUTUMN), OSLO).as_json()["proposed"]["kroner"] == [], "nobody else's kroner"


def test_nothing_that_is_the_other_municipality_s_shows_in_a_municipality_s_answer(at: Desk) -> None:
    at.records_all(full_time())
    before = [seen(asks(at, planned(between), BODO)) for between in (AUTUMN, ("2025-10-05", "2025-10-20"))]
    theirs = full_time().position("p9", BEIARN, first="2025-10-01", percent=20)
    theirs = theirs.agreement("a9", BEIARN, first="2025-12-01")
    theirs = theirs.position("p8", OSLO, first="2025-10-01", category="other_municipal", percent=5)
    for fact in theirs.facts[3:]:
        at.records(fact | {"recorded_by": "kommune:1839"})
    after = [seen(asks(at, planned(between), BODO)) for between in (AUTUMN, ("2025-10-05", "2025-10-20"))]
    for one, other in zip(before, after, strict=True):
        for name in ("rounds", "assumptions", "order"):
            assert one[name] == other[name]
        assert one["proposed"]["months_lost"] == other["proposed"]["months_lost"]
        assert BEIARN not in {each["municipality"] for each in other["proposed"]["kroner"]}
    whole = seen(asks(at, planned(("2025-10-05", "2025-10-20"))))
    assert whole["proposed"]["months_lost"] == [], "whoever sees all sees that October counts in the other post there"


def test_the_answer_is_as_known_at_a_moment(at: Desk) -> None:
    at.records_all(full_time().known("2026-02-01").changed("p1", "2025-08-01", percent=50))
    now = asks(at, planned(AUTUMN), BODO)
    then = asks(at, planned(AUTUMN), BODO, datetime(2026, 1, 1, tzinfo=UTC))
    assert now.choice.kroner(now.choice.best) < then.choice.kroner(then.choice.best)
    assert seen(then)["known_at"] == "2026-01-01T00:00:00Z"
    early = datetime(2023, 1, 1, tzinfo=UTC)
    assert refusal(lambda: asks(at, planned(AUTUMN), known_at=early)) == "unknown-position"


def test_what_is_told_of_the_proposed_days_is_what_the_facts_then_give(at: Desk) -> None:
    told = full_time()
    at.records_all(told)
    proposed = seen(asks(at, planned(AUTUMN)))["proposed"]
    switched = (
        told.known("2026-08-20").switched("p1", "2025-10-31", to=BEIARN).agreement("a2", BEIARN, first="2025-11-01")
    )
    at.records_all(switched)
    kroner = [at.replays(each)["total"] for each in (BODO, BEIARN)]
    assert [each["kroner"] for each in proposed["kroner"]] == kroner


def test_nothing_is_stored(at: Desk) -> None:
    at.records_all(full_time())
    before = at.asks("SELECT position, hash FROM events ORDER BY position")
    asks(at, planned(AUTUMN))
    assert at.asks("SELECT position, hash FROM events ORDER BY position") == before


def test_days_that_no_switch_can_fall_on_are_refused(at: Desk) -> None:
    at.records_all(full_time())
    for code, plan in (
        ("unknown-position", planned(AUTUMN, position="p9")),
        ("unknown-municipality", planned(AUTUMN, to="9999")),
        ("ends-before-it-begins", planned(("2024-09-30", "2024-10-10"))),
        ("new-before-old-ends", planned(AUTUMN, ("2025-09-01", "2025-10-01"))),
        ("last-before-first", planned(AUTUMN, last_day="2025-10-01")),
        ("range-too-long", planned(("2025-10-01", "2025-12-02"))),
        ("range-too-long", planned(("2025-10-01", "2025-10-02"), ("2025-10-01", "2025-12-02"))),
        ("range-too-long", planned_arrival(("2025-10-01", "2025-12-02"))),
        ("missing-field", PlannedSwitch(position="p1", new=planned(AUTUMN).new)),
        ("missing-field", planned(AUTUMN).model_copy(update={"position": None})),
        ("switch-too-long", planned(("2025-10-01", "2025-10-02"), ("2026-10-01", "2026-10-03"))),
    ):
        assert refusal(lambda plan=plan: asks(at, plan)) == code  # type: ignore[misc]
    assert (MOST_DAYS, MOST_APART) == (62, 366)
    asks(at, planned(("2025-07-01", "2025-08-31")))


def test_the_first_and_the_last_day_that_facts_can_have_are_days_like_others(at: Desk) -> None:
    at.records_all(full_time())
    assert refusal(lambda: asks(at, planned_arrival(("1900-01-01", "1900-01-02")))) == "before-all-rules"
    told = asks(at, planned(("2200-12-30", "2200-12-31")))
    assert told.why(told.choice.best)[1:] == ["Ingen måned gir tilskudd, uansett dag: de fem årene er brukt."]
    assert [each["round"] for each in seen(told)["rounds"]] == ["2201"]


def test_time_before_all_rules_is_refused(at: Desk) -> None:
    at.records_all(full_time("2021-01-01"))
    assert refusal(lambda: asks(at, planned(("2021-10-01", "2021-10-31")))) == "before-all-rules"
