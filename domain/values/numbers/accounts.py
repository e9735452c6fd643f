"""Account numbers: eleven digits, of which the last checks the others."""

from typing import Annotated, Final

from pydantic import StringConstraints

from domain.values.fields import WORDS
from domain.values.numbers.written import PLAIN, as_written, fault
from domain.values.refusals.refusal import refused

_ACCOUNT: Final = r"^[0-9]{11}$"
WORDS[_ACCOUNT] = "elleve siffer, gjerne med mellomrom eller punktum mellom"
Account = Annotated[str, StringConstraints(pattern=_ACCOUNT)]
WrittenAccount = Annotated[Account, PLAIN, as_written(11, "1234.56.78903")]
"""As somebody writes it; spaces and points go."""
_WEIGHTS: Final = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)


def check_account(account: str) -> None:
    """Raise `Refused` (bad-account) for a number that no account can have."""
    because = fault(account, _WEIGHTS)
    if because:
        raise refused("bad-account", account=account, because=because)
