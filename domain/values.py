"""The small values that facts are made of: how they are written, and what is refused."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Final

from pydantic import AwareDatetime, BeforeValidator, Field, PlainSerializer, StringConstraints
from pydantic_core import PydanticCustomError

Tick = Callable[[], None]
"""Called between the steps of a long computation; whoever gives it may raise, and so end it."""
HUNDREDTHS: Final = 100
"""Percents are counted in hundredths of a percent where integers are wanted: 33.33 % is 3333."""

EARLIEST: Final = date(1900, 1, 1)
"""No doctor who specialises now has a day before it; 0001-01-01 is somebody's empty field."""
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)", re.ASCII)
_NUMBER: Final = re.compile(r"\d{1,9}(\.\d{1,20})?", re.ASCII)


def untimed() -> None:
    """The tick of whoever waits however long it takes."""


def _refusal(wanted: str) -> PydanticCustomError:
    """A refusal that `domain.intake` says in words."""
    return PydanticCustomError(wanted, wanted)


def _day(value: object) -> date:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        raise _refusal("day")
    try:
        day = date.fromisoformat(value)
    except ValueError:
        raise _refusal("day") from None
    if day < EARLIEST:
        raise _refusal("day")
    return day


def _moment(value: object) -> datetime:
    if isinstance(value, str) and _MOMENT.fullmatch(value):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            raise _refusal("moment") from None
    if not isinstance(value, datetime) or value.tzinfo is None:
        raise _refusal("moment")
    try:
        return value.astimezone(UTC)
    except OverflowError:
        raise _refusal("moment") from None


def _number(value: object) -> Decimal:
    if isinstance(value, Decimal):
        return value
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise _refusal("number")
    if isinstance(value, str) and not _NUMBER.fullmatch(value):
        raise _refusal("number")
    number = Decimal(str(value))
    if number > 0 and not _NUMBER.fullmatch(format(number, "f")):  # others are out of every range
        raise _refusal("number")
    return number


_AS_READ: Final = PlainSerializer(lambda number: format(number, "f"), return_type=str, when_used="json")
"""Without an exponent: whatever is written is read again as it was."""


class Category(StrEnum):
    """What kind of post a doctor holds (rules.md 3.1)."""

    GP = "gp"
    GP_LOCUM = "gp_locum"
    INTRODUCTORY = "introductory"
    OTHER_MUNICIPAL = "other_municipal"


class Scheme(StrEnum):
    """The specialist education that a track follows."""

    NEW = "new"
    OLD = "old"


class Employment(StrEnum):
    """How the doctor is tied to the post."""

    SALARIED = "salaried"
    SELF_EMPLOYED = "self_employed"
    OTHER = "other"


class LeaveKind(StrEnum):
    """Why a doctor is on leave; the two last stand for a kind whose key was destroyed."""

    PARENTAL = "parental"
    SICK = "sick"
    STATUTORY = "statutory"
    AGREED = "agreed"
    OTHER = "other"
    ERASED_EXTENDING = "erased_extending"
    ERASED_OTHER = "erased_other"

    @property
    def extends(self) -> bool:
        """Whether such leave extends the five years (MAL 1.2: by law or agreement)."""
        return self not in {LeaveKind.OTHER, LeaveKind.ERASED_OTHER}


ERASED_KINDS: Final = (LeaveKind.ERASED_EXTENDING, LeaveKind.ERASED_OTHER)
REPORTED_KINDS: Final = tuple(kind for kind in LeaveKind if kind not in ERASED_KINDS)


class AgreementElement(StrEnum):
    """What an ALIS agreement can list (MAL 4.1-4.3)."""

    PRACTICE_COMPENSATION = "practice_compensation"
    LEARNING_ACTIVITIES = "learning_activities"
    PRODUCTIVITY = "productivity"
    SUPERVISION = "supervision"
    FACILITATION = "facilitation"
    ADDITIONAL = "additional"
    MUNICIPAL = "municipal"


Day = Annotated[date, BeforeValidator(_day)]
Moment = Annotated[AwareDatetime, BeforeValidator(_moment)]
Percent = Annotated[Decimal, BeforeValidator(_number), Field(gt=0, le=100, decimal_places=2), _AS_READ]
LeavePercent = Annotated[Decimal, BeforeValidator(_number), Field(gt=0, le=100), _AS_READ]
"""As `Percent`, but of any number of decimals: only those of posts are limited (contract.md)."""
Hours = Annotated[Decimal, BeforeValidator(_number), Field(ge=0, le=744), _AS_READ]
Kroner = Annotated[int, Field(ge=0, le=1_000_000_000)]
_VISIBLE: Final = r"[^\s\x00-\x1f]"
WORDS: Final[dict[str, str]] = {}
"""What a pattern asks for, in words."""


def _pattern(pattern: str, words: str, most: int | None = None) -> StringConstraints:
    WORDS[pattern] = words
    return StringConstraints(pattern=pattern, max_length=most)


Hpr = Annotated[str, _pattern(r"^[0-9]{7,9}$", "7 til 9 siffer")]
MunicipalityCode = Annotated[str, _pattern(r"^[0-9]{4}$", "fire siffer")]
MonthText = Annotated[str, _pattern(r"^[0-9]{4}-(0[1-9]|1[0-2])$", "ÅÅÅÅ-MM")]
Token = Annotated[str, _pattern(r"^\S(.{0,62}\S)?$", "1 til 64 tegn, uten mellomrom først eller sist")]
"""An id of up to 64 characters that neither begins nor ends with a space."""
Name = Annotated[str, _pattern(r"^\S(.{0,198}\S)?$", "1 til 200 tegn, uten mellomrom først eller sist")]
"""What somebody else calls a thing: a position, a template, a project; up to 200 characters."""
RecordedBy = Annotated[
    str,
    _pattern(rf"^[^\s:\x00-\x1f]+:{_VISIBLE}([^\x00-\x1f]*{_VISIBLE})?$", "slag:navn, som kommune:1804", 100),
]
"""Who recorded a fact, `kind:name`."""
Text = Annotated[str, StringConstraints(max_length=10_000)]


def hundredths(percent: Decimal) -> int:
    """A percent of at most two decimals as a whole number of hundredths of a percent."""
    return int(percent * HUNDREDTHS)
