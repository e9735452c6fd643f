"""What can be asked: doctors listed and found, one doctor, a municipality, the overview."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from domain.values.texts import folded_words
from projections.doctors.doctors import Chosen, doctor, doctors, municipality
from projections.doctors.overview import by, by_municipality, total_of
from projections.doctors.productivity_window import window_of
from projections.doctors.search import HPR, MUNICIPALITY, PERSONAL, WORKPLACE, Search, Sought
from tests.benchmarks.stories import new_doctors, told
from tests.projections.house import House, content_of, finds
from tests.scenario import BEIARN, BODO, Told, full_time


def someone(hpr: str, where: str = BODO, **post: str) -> Told:
    return Told(hpr).started("2024-10-01").position("p1", where, None, **post).agreement("a1", where)


@pytest.fixture
def with_three(at: House) -> House:
    at.imports(someone("9000001", workplace="Sentrum Legesenter").facts)
    at.imports(someone("10000001", BEIARN, category="introductory").facts)
    at.imports(someone("9000003", category="gp_locum").switched("p1", "2025-12-31", BEIARN).facts)
    at.levels()
    return at


def test_doctors_are_listed_by_their_number_and_chosen_by_municipality_round_and_category(with_three: House) -> None:
    with with_three.reads() as connection:

        def chosen(**what: Any) -> list[str]:  # noqa: ANN401 - as `Chosen` has them
            return [each.hpr for each in doctors(connection, Chosen(**what)).items]

        assert chosen() == ["9000001", "9000003", "10000001"]
        assert chosen(municipality=BODO) == ["9000001", "9000003"]
        assert chosen(municipality=BEIARN, round="2026") == ["9000003", "10000001"]
        assert chosen(municipality=BEIARN, category="gp") == ["9000003"]
        assert chosen(category="introductory") == ["10000001"]
        assert chosen(round="2031") == []
        first = doctors(connection, limit=2)
        assert [each.hpr for each in first.items] == ["9000001", "9000003"]
        assert [each.hpr for each in doctors(connection, after=first.after, limit=2).items] == ["10000001"]
        assert doctors(connection, after=first.after).after is None
        [mine] = doctors(connection, Chosen(municipality=BEIARN, category="gp")).items
        assert {line.municipality for line in mine.lines} == {BEIARN}


def test_words_are_compared_without_case_and_accents_but_with_the_norwegian_letters() -> None:
    assert folded_words("Øvre ÅRDAL-Legesenter, 2. etg.") == ["øvre", "årdal", "legesenter", "2", "etg"]
    assert folded_words("A\u030as Kárášjohka Ödegård Æsøy é") == ["ås", "karasjohka", "ødegård", "æsøy", "e"]
    assert folded_words("  %_' ") == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("9000001", ["9000001"]),
        ("900", ["9000001", "9000003"]),
        ("bod", ["9000001", "9000003"]),
        ("1839", ["9000003", "10000001"]),
        ("BEIARN", ["9000003", "10000001"]),
        ("legesen bodø", ["9000001"]),
        ("bod bei", ["9000003"]),
        ("%", []),
        ("", []),
        ("odø", []),
    ],
)
def test_doctors_are_found_by_the_beginnings_of_words(with_three: House, text: str, found: list[str]) -> None:
    with with_three.reads() as connection:
        assert finds(connection, with_three.sought(text)) == found


def test_a_word_is_found_from_two_letters_and_by_no_more_than_twenty_four(at: House) -> None:
    long = "Donaudampfschiffahrtselektrizitätenhauptbetriebswerk"
    at.imports(someone("9000001", workplace=f"{long} B").facts)
    at.levels()
    with at.reads() as connection:
        for text in ("do", long[:12], long, f"{long} b", "b"):
            assert finds(connection, at.sought(text, PERSONAL)) == ["9000001"], text
        assert finds(connection, at.sought("d", PERSONAL)) == []
    assert len([row for row in at.rows(Search) if row[1] == WORKPLACE]) == 24


def test_who_has_another_key_finds_nobody_by_what_is_personal(with_three: House) -> None:
    with with_three.reads() as connection:
        assert finds(connection, Sought.of("sentrum", bytes(32))) == []
        assert finds(connection, Sought.of("bod", bytes(32))) == ["9000001", "9000003"]


def test_who_may_not_search_in_what_is_personal_finds_nothing_there(with_three: House) -> None:
    with with_three.reads() as connection:
        assert finds(connection, with_three.sought("sentrum", kinds=(HPR, MUNICIPALITY))) == []
        assert finds(connection, with_three.sought("sentrum", kinds=PERSONAL)) == ["9000001"]


def test_what_is_found_is_read_in_slices(with_three: House) -> None:
    with with_three.reads() as connection:
        first = doctors(connection, Chosen(search=with_three.sought("1")), limit=1)
        assert ([each.hpr for each in first.items], first.after) == (["9000001"], "9000001")
        rest = doctors(connection, Chosen(search=with_three.sought("1")), after=first.after)
        assert [each.hpr for each in rest.items] == ["9000003", "10000001"]


def test_a_prefix_is_looked_up_in_an_index(with_three: House) -> None:
    with with_three.reads() as connection:
        connection.execute("SET enable_seqscan = off")
        asked = with_three.sought("bodø sentrum").asked()
        plan = connection.execute(f"EXPLAIN {with_three.sought('bodø sentrum').query()}".encode(), asked).fetchall()
    assert str(plan).count("search_1_by_0") >= 2
    assert "Seq Scan" not in str(plan)


def test_one_doctor_has_months_windows_amounts_and_history(with_three: House) -> None:
    with with_three.reads() as connection:
        found = doctor(connection, "9000003", date(2025, 12, 15))
        assert found is not None
        lines = [(BODO, "2025"), (BODO, "2026"), (BEIARN, "2026")]
        assert {(month.municipality, month.round) for month in found.months} == set(lines)
        assert [window.round for window in found.windows] == ["2022", "2023", "2024", "2025", "2026"]
        assert [(amount.municipality, amount.round) for amount in found.amounts] == lines
        assert len(found.history.items) == 4
        assert doctor(connection, "1234567", date(2025, 12, 15)) is None


@pytest.mark.parametrize(
    ("day", "used", "left", "time_used"),
    [
        (date(2024, 9, 30), 0, 24, 8),
        (date(2024, 10, 1), 1, 23, 8),
        (date(2025, 6, 30), 9, 15, 9),
        (date(2026, 9, 30), 24, 0, 20),
        (date(2030, 1, 1), 24, 0, 20),
    ],
)
def test_the_window_is_counted_to_the_day_that_is_asked_for(
    with_three: House, day: date, used: int, left: int, time_used: int
) -> None:
    with with_three.reads() as connection:
        window = window_of(connection, "9000001", "2026", day)
    assert window is not None
    assert (window.first_month, window.last_month) == ("2024-10", "2026-09")
    assert (window.used, window.left) == (used, left)
    assert (window.time_used_before_round, window.time_used) == (Decimal(8), Decimal(time_used))
    assert window.time_left == 60 - time_used
    assert (len(window.given), window.first_exhausted) == (12, None)


def test_the_first_month_outside_the_five_years_is_named(at: House) -> None:
    at.imports(full_time("2020-09-01").facts)
    at.levels()
    with at.reads() as connection:
        window = window_of(connection, "9000001", "2026", date(2026, 5, 31))
    assert window is not None
    assert window.first_exhausted == "2025-09"
    assert window.time_left == 0


def test_the_overview_sums_to_what_replay_gives(at: House) -> None:
    at.imports([fact for hpr in new_doctors(25) for fact in told(hpr, 15)])
    at.levels()
    with at.reads() as connection:
        whole, after = [], None
        while True:
            part = by_municipality(connection, "2026", after, limit=4)
            whole += part.items
            after = part.after
            if after is None:
                break
        total = total_of(connection, "2026")
        for sums in whole:
            replay = at.replays(sums.name)
            assert (sums.kroner, sums.doctors) == (replay["total"], len(replay["lines"]))
        assert sum(sums.kroner for sums in whole) == total.kroner
        categories, classes = by("category", connection, "2026"), by("centrality_class", connection, "2026")
    assert sum(sums.kroner for sums in categories) == sum(sums.kroner for sums in classes) == total.kroner
    assert sum(sums.full_time_months for sums in categories) == pytest.approx(
        total.full_time_months, abs=Decimal("0.001")
    )
    assert {sums.name for sums in categories} <= {"gp", "gp_locum", "introductory", "other_municipal"}


def test_a_municipality_without_doctors_has_no_lines(with_three: House) -> None:
    with with_three.reads() as connection:
        found = municipality(connection, "0301", "2026")
    assert (found.sums.doctors, found.sums.kroner, found.lines.items, found.months) == (0, 0, [], [])


def test_a_line_without_a_rate_counts_as_unknown(at: House) -> None:
    at.imports(full_time().facts)
    content = content_of("nasjonal-alis-2026-provisional", id="without-rate")
    values = {name: value for name, value in content["values"].items() if name != "hourly_rate"}
    at.publishes_another({**content, "values": values, "completeness": "partial"})
    at.levels()
    with at.reads() as connection:
        found = municipality(connection, BODO, "2026")
    assert (found.sums.unknown, found.sums.kroner, found.sums.doctors) == (1, 0, 1)
    assert found.lines.items[0].total is None
    assert "supervision" in found.lines.items[0].missing
