"""Account and organisation numbers: read as people write them, kept plain, and checked as every bank does."""

import re
from collections.abc import Sequence
from typing import Annotated, Final

from pydantic import BeforeValidator, StringConstraints, WithJsonSchema

from domain.values.fields import WORDS
from domain.values.refusals.refusal import refused

_BETWEEN: Final = " .\u00a0\u2007\u2009\u202f"
"""What stands between groups of digits: a space (plain, no-break, as wide as a digit, thin, narrow), or a point."""
_ORGANISATION: Final = r"^[0-9]{9}$"
_ACCOUNT: Final = r"^[0-9]{11}$"
WORDS[_ORGANISATION] = "ni siffer, gjerne med mellomrom eller punktum mellom"
WORDS[_ACCOUNT] = "elleve siffer, gjerne med mellomrom eller punktum mellom"
OrganisationNumber = Annotated[str, StringConstraints(pattern=_ORGANISATION)]
Account = Annotated[str, StringConstraints(pattern=_ACCOUNT)]


def _plain(value: object) -> object:
    return re.sub(f"[{_BETWEEN}]", "", value) if isinstance(value, str) else value


def _as_written(digits: int, example: str) -> WithJsonSchema:
    return WithJsonSchema(
        {"type": "string", "pattern": f"^([{_BETWEEN}]*[0-9]){{{digits}}}[{_BETWEEN}]*$", "examples": [example]}
    )


WrittenOrganisationNumber = Annotated[OrganisationNumber, BeforeValidator(_plain), _as_written(9, "972 418 013")]
"""As somebody writes it; spaces and points go."""
WrittenAccount = Annotated[Account, BeforeValidator(_plain), _as_written(11, "1234.56.78903")]
"""As somebody writes it; spaces and points go."""
_ORGANISATION_WEIGHTS: Final = (3, 2, 7, 6, 5, 4, 3, 2)
_ACCOUNT_WEIGHTS: Final = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)


def check_organisation_number(number: str) -> None:
    """Raise `Refused` (bad-organisation-number) for a number that no organisation can have."""
    because = _fault(number, _ORGANISATION_WEIGHTS)
    if because:
        raise refused("bad-organisation-number", number=number, because=because)


def check_account(account: str) -> None:
    """Raise `Refused` (bad-account) for a number that no account can have."""
    because = _fault(account, _ACCOUNT_WEIGHTS)
    if because:
        raise refused("bad-account", account=account, because=because)


def _fault(number: str, weights: Sequence[int]) -> str | None:
    if not number.strip("0"):
        return "det består bare av nuller"
    products = sum(int(digit) * weight for digit, weight in zip(number, weights, strict=False))
    return None if (-products) % 11 == int(number[-1]) else "det siste sifferet stemmer ikke med de andre"
