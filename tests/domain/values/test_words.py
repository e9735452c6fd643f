"""Kroner and differences in words: one krone is one krone, and a difference has no sign."""

from fractions import Fraction

import pytest

from domain.values.places import someone
from domain.values.words import more_or_less, signed_kroner


@pytest.mark.parametrize(
    ("amount", "with_sign", "compared"),
    [
        (12_345, "+12\u2009345 kroner", "12\u2009345 kroner mer"),
        (1, "+1 krone", "1 krone mer"),
        (-1, "\u22121 krone", "1 krone mindre"),
        (-2_000, "\u22122\u2009000 kroner", "2\u2009000 kroner mindre"),
    ],
)
def test_a_difference_is_said_with_its_sign_or_with_mer_and_mindre(amount: int, with_sign: str, compared: str) -> None:
    assert signed_kroner(amount) == with_sign
    assert more_or_less(amount) == more_or_less(Fraction(amount)) == compared


def test_a_doctor_who_acts_is_told_by_number_for_not_all_may_see_the_name() -> None:
    assert someone("lege-9000001:p-aaaaaaaaaaaaaaaaaaaa") == "lege 9000001"
    assert someone("kommune-1804:p-aaaaaaaaaaaaaaaaaaaa") == "Bodø (1804) ved p-aaaaaaaaaaaaaaaaaaaa"
