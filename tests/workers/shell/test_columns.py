"""Doctors by name in what is printed: in a sentence before the number, in a table in a last column."""

from typing import Final

from hypothesis import given
from hypothesis import strategies as st

from workers.shell.columns import columns, numbers_in, with_names

NAMES: Final = {"9000001": "Biret Čáhppe", "10000001": "Ola Vik"}
TABLE: Final = columns(
    [("HPR-nummer", "søkt om", "kan gis"), ("9000001", "alt", "482 213"), ("9000002", "alt", "1"), ("Sum", "", "2")], 2
)


def test_a_sentence_has_the_name_before_the_number() -> None:
    said = {
        "9000001: 0 → 1": "Biret Čáhppe (9000001): 0 → 1",
        "linjene for 9000001 og 10000001 er": "linjene for Biret Čáhppe (9000001) og Ola Vik (10000001) er",
        "Legen med HPR-nummer 9000001 er kommet": "Legen Biret Čáhppe (9000001) er kommet",
        "1 HPR-nummer 9000001 fra 1. mai": "1 Biret Čáhppe (9000001) fra 1. mai",
        "uten virkning: «f1» (9000001)": "uten virkning: «f1» (Biret Čáhppe, 9000001)",
    }
    assert {each: with_names(each, NAMES) for each in said} == said


def test_nothing_else_is_taken_for_a_doctor() -> None:
    for text in ("9000002", "19000001", "f-9000001", "9000001-2", "x9000001", "0.9000001", "avtale 90000011"):
        assert with_names(text, NAMES) == text


def test_a_table_has_the_names_in_a_last_column_and_keeps_the_others() -> None:
    assert with_names(TABLE, NAMES) == (
        "HPR-nummer  søkt om  kan gis  lege\n"
        "9000001     alt      482 213  Biret Čáhppe\n"
        "9000002     alt            1\n"
        "Sum                        2\n"
    )
    assert with_names(TABLE, {"7654321": "Ola Vik"}) == TABLE


def test_sentences_right_below_a_table_are_sentences() -> None:
    below = "9000001 er avgrenset av saksbehandler ada\n\n9000001  feb. 2026: fullt fravær\n"
    assert with_names(TABLE + below, NAMES).endswith(
        "Biret Čáhppe (9000001) er avgrenset av saksbehandler ada\n\nBiret Čáhppe (9000001)  feb. 2026: fullt fravær\n"
    )


def test_the_longest_name_is_cut_in_a_table_and_whole_in_a_sentence() -> None:
    longest = {"9000001": "Á" * 200}
    rows = with_names(TABLE, longest).splitlines()
    assert max(map(len, rows)) == len("9000001     alt      482 213  ") + 30
    assert rows[1].endswith("Á…")
    assert with_names("9000001 er lege", longest) == f"{'Á' * 200} (9000001) er lege"


@given(st.lists(st.sampled_from(["9000001", "9000002", "  ", "HPR-nummer  ", "\n", "\n\n", "Sum", "(", ")", "«f»"])))
def test_only_names_are_added_and_each_number_stays_as_often_as_it_was(parts: list[str]) -> None:
    text = "".join(parts)
    assert with_names(text, {}) == text
    named = with_names(text, {"9000001": "Ola Vik"})
    assert named.count("9000001") == text.count("9000001")
    assert named.count("\n") == text.count("\n")
    assert numbers_in(named) == numbers_in(text)
