"""Words are found however somebody writes them: with or without accents, composed or not, in any case."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.values.texts import folded_words, spellings

LETTERS = "aeioukrnstæøåäöüáčđŋšŧžéèçñłß\u0131þðœïàδωςйѐђ'-’. "
NAMES = st.text(alphabet=LETTERS, max_size=40)


@given(NAMES)
def test_a_name_is_the_same_composed_or_not_in_capitals_or_not(name: str) -> None:
    expected = folded_words(name)
    for form in ("NFC", "NFD", "NFKC", "NFKD"):
        written = unicodedata.normalize(form, name)
        assert folded_words(written) == folded_words(written.upper()) == expected


@given(NAMES)
def test_folding_again_changes_nothing(name: str) -> None:
    words = folded_words(name)
    assert folded_words(" ".join(words)) == words


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Biret Čáhppe Đđŋŧ", ["biret", "cahppe", "ddnt"]),
        ("Šuoš Žáre", ["suos", "zare"]),
        ("Sää\u02b9mõõl", ["sææmool"]),
        ("Björn Sjöberg-Høye", ["bjørn", "sjøberg", "høye"]),
        ("Ægir Hägg", ["ægir", "hægg"]),
        ("Łukasz Wałęsa", ["lukasz", "walesa"]),
        ("Jörg Weiß", ["jørg", "weiss"]),
        ("Y\u0131ld\u0131z İpek", ["yildiz", "ipek"]),
        ("Þóra Guðrún", ["thora", "gudrun"]),
        ("Ελένη Παππάς", ["ελενη", "παππασ"]),
        ("Андрей Ёлкин", ["андреи", "елкин"]),
        ("Siobhán O’Brien", ["siobhan", "o", "brien"]),
        ("Kari B. Vik", ["kari", "b", "vik"]),
    ],
)
def test_letters_are_compared_as_people_without_them_write_them(name: str, words: list[str]) -> None:
    assert folded_words(name) == words


def test_a_word_with_two_a_is_also_spelt_with_one_letter_and_the_other_way_round() -> None:
    assert spellings("aasen") == {"aasen", "åsen"}
    assert spellings("håkon") == {"håkon", "haakon"}
    assert spellings("vik") == {"vik"}
