"""Who is who: the one place that compares persons, asks for four eyes, and says which names may be given at all.

A person is the name in `kind:name`, whatever the kind: somebody with two roles is one person. Of somebody who signed in
it is a random id. Before there was sign-in a name was all that was known, so the name that the issuer gives is compared
with the names of then, as a reader sees them. Capitals, spaces, hyphens, invisible
characters, differently composed letters and the look-alikes of Latin letters make no other person. Somebody who signed
in through several issuers has several ids, which operators link.
"""

import re
from functools import lru_cache
from typing import Annotated, Final
from unicodedata import category, normalize

from pydantic import AfterValidator, StringConstraints
from pydantic_core import PydanticCustomError

from domain.values.fields import WORDS, RecordedBy
from domain.values.refusals.refusal import Refused, refused
from domain.values.texts import is_unseen, mixes_alphabets, unseen

_SMALL: Final = str.maketrans(
    "аеорсухіјѕһԁԛԝүвкмнтгпьαοινρτυχκγεηωβɑɡıɩɪʟʀʏ",
    "aeopcyxijshdqwybkmhtrnbaoivptuxkyenwbagiiilry",
)
"""Cyrillic, Greek and other letters, and the Latin ones that they look like."""
_CAPITAL: Final = str.maketrans(
    "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧАВЕЅІЈКМНОРСТУХҮ",  # noqa: RUF001 - as above
    "ABEZHIKMNOPTYXABESIJKMHOPCTYXY",
)
"""As above, for capitals, which can look like another letter than the small one does."""
_ID: Final = re.compile(r"p-[a-z2-7]{20}")
_WHOLE_ID: Final = f"^{_ID.pattern}$"
WORDS[_WHOLE_ID] = "p- og tjue tegn, som personen ser på siden om innloggingen sin"
PersonId = Annotated[str, StringConstraints(pattern=_WHOLE_ID)]
"""The random id of somebody who has signed in."""
WANTED: Final = "slag:navn med synlige tegn, og bokstaver fra ett alfabet"


def same_person(one: str, other: str, *called: str) -> bool:
    """Whether two `kind:name` are of one person; the first may also be `called` a name by an issuer, or have other ids.

    A name is compared with names alone, and an id with ids.
    """
    fitting = (each for each in called if has_signed_in(f":{each}") == has_signed_in(other))
    readings = _readings(one).union(*(_readings(f":{each}") for each in fitting))
    return not readings.isdisjoint(_readings(other))


def has_signed_in(subject: str) -> bool:
    """Whether a `kind:name` has a person's id for its name."""
    return _ID.fullmatch(subject.partition(":")[2]) is not None


def check_another_person(subject: str, first: str, refusal: Refused, *called: str) -> None:
    """Four eyes: raise the refusal where somebody is to confirm what they did themselves."""
    if same_person(subject, first, *called):
        raise refusal


def given_name(subject: str, field: str) -> str:
    """A `kind:name` as it is recorded: composed; raises `Refused` (bad-text) if it could pass for another.

    This is asked of new input only: what was recorded before stays readable.
    """
    composed = normalize("NFC", subject)
    if unseen(composed) or mixes_alphabets(composed.partition(":")[2]):
        raise refused("bad-text", field=field, wanted=WANTED)
    return composed


def _given(subject: str) -> str:
    try:
        return given_name(subject, "")
    except Refused:
        raise PydanticCustomError("name", "name") from None


GivenName = Annotated[RecordedBy, AfterValidator(_given)]
"""A `kind:name` in a request; events keep `RecordedBy`, which reads what was recorded before too."""


@lru_cache(maxsize=10_000)
def _readings(subject: str) -> frozenset[str]:
    """How a name can be read: as it stands, and with its capitals taken for Latin ones."""
    written = normalize("NFKD", subject.partition(":")[2])
    return frozenset({_reading(written), _reading(written.translate(_CAPITAL))})


def _reading(written: str) -> str:
    """The letters and digits, however they are spaced; a name that has none is compared as it is written."""
    folded = normalize("NFC", normalize("NFKD", written.casefold()).translate(_SMALL))
    seen = (each for each in folded if not is_unseen(each) and category(each) not in {"Mn", "Me"})
    return "".join(each for each in seen if each.isalnum()) or folded
