"""The small values that facts are made of: how they are written, and every bound of new input.

What checks before a value is read (`BeforeValidator`) and what a constraint says are bounds: they are asked of new
input only, and `domain.doctor.facts.stored` reads the log without them.
"""

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Final

from pydantic import AwareDatetime, BeforeValidator, Field, PlainSerializer, StringConstraints, with_config
from pydantic_core import PydanticCustomError
from typing_extensions import TypedDict

from domain.values.texts import LINE_BREAKS, mixes_alphabets, unseen

HUNDREDTHS: Final = 100
"""Percents are counted in hundredths of a percent where integers are wanted: 33.33 % is 3333."""

EARLIEST: Final = date(1900, 1, 1)
LATEST: Final = date(2200, 12, 31)
"""No day of a doctor who specialises now lies outside; 0001-01-01 is somebody's empty field."""
FIRST_RECORDED: Final = datetime(2017, 1, 1, tzinfo=UTC)
"""The grant began in 2017: nothing of it was recorded before."""
MOST_ID: Final = 64
MOST_NAME: Final = 200
MOST_TEXT: Final = 2_000
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:?\d\d)", re.ASCII)
_NUMBER: Final = re.compile(r"\d{1,9}(\.\d+)?", re.ASCII)
_MOST_DIGITS: Final = 9
_MOST_DECIMALS: Final = 20
"""No number is written with more digits before and after its point."""


def _refusal(wanted: str) -> PydanticCustomError:
    """A refusal that `domain.doctor.intake.intake` says in words."""
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
    if not EARLIEST <= day <= LATEST:
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


def _recorded(value: object) -> datetime:
    moment = _moment(value)
    if moment < FIRST_RECORDED:
        raise _refusal("recorded-too-early")
    return moment


def _number(value: object) -> Decimal:
    """A number, written as a number or as a text, with no more digits than every reader of JSON keeps."""
    if isinstance(value, Decimal):
        return value
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise _refusal("number")
    if isinstance(value, str) and not _NUMBER.fullmatch(value):
        raise _refusal("number")
    number = Decimal(str(value))
    if not number.is_finite() or number.adjusted() >= _MOST_DIGITS or number != Decimal(repr(float(value))):
        raise _refusal("number")
    if -int(number.as_tuple().exponent) > _MOST_DECIMALS:
        raise _refusal("number")
    return number


def _line(value: object) -> object:
    return _legible(value)


def _lines(value: object) -> object:
    return _legible(value, LINE_BREAKS)


def _legible(value: object, allowed: str = "") -> object:
    """Refuse a text with a character that nobody sees: it would look like another one."""
    if isinstance(value, str) and (character := unseen(value, allowed)):
        raise PydanticCustomError("unseen", "unseen", {"character": character})
    return value


def _one_alphabet(value: object) -> object:
    """Refuse a name whose letters are of several alphabets: some of them look like letters of another."""
    if isinstance(value, str) and mixes_alphabets(value.partition(":")[2]):
        raise _refusal("alphabets")
    return value


_AS_READ: Final = PlainSerializer(lambda number: format(number, "f"), return_type=str, when_used="json")
"""Without an exponent, so that every number is read back as it was written."""


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
    SALARIED_WITH_BONUS = "salaried_with_bonus"
    SELF_EMPLOYED = "self_employed"
    OTHER = "other"


class LeavingReason(StrEnum):
    """Why a doctor left a post, as a code."""

    OTHER_MUNICIPALITY = "other_municipality"
    HOSPITAL = "hospital"
    LEAVES_GENERAL_PRACTICE = "leaves_general_practice"
    FAMILY = "family"
    TERMS = "terms"
    COMPLETED = "completed"
    UNKNOWN = "unknown"


class LeaveKind(StrEnum):
    """Why a doctor is on leave.

    Two stand for a kind whose key was destroyed. `leave` is told to those who may not know the kind, and never stored.
    """

    PARENTAL = "parental"
    SICK = "sick"
    STATUTORY = "statutory"
    AGREED = "agreed"
    OTHER = "other"
    ERASED_EXTENDING = "erased_extending"
    ERASED_OTHER = "erased_other"
    UNTOLD = "leave"

    @property
    def extends(self) -> bool:
        """Whether such leave extends the five years (MAL 1.2: by law or agreement)."""
        return self not in {LeaveKind.OTHER, LeaveKind.ERASED_OTHER}


ERASED_KINDS: Final = (LeaveKind.ERASED_EXTENDING, LeaveKind.ERASED_OTHER)
REPORTED_KINDS: Final = tuple(kind for kind in LeaveKind if kind not in {*ERASED_KINDS, LeaveKind.UNTOLD})


class CostKind(StrEnum):
    """What a municipality spent money on."""

    SUPERVISOR_FEE = "supervisor_fee"
    LOCUM = "locum"
    COURSE = "course"
    TRAVEL = "travel"
    SUPERVISION_ON_SITE = "supervision_on_site"
    LIST_REDUCTION = "list_reduction"
    ADMINISTRATION = "administration"
    OTHER = "other"


class FundingSource(StrEnum):
    """Who else paid for what was spent."""

    FOND2 = "fond2"
    FOLKETRYGDEN = "folketrygden"
    OTHER = "other"


class Confirmer(StrEnum):
    """Who confirms that guidance was held."""

    DOCTOR = "doctor"
    SUPERVISOR = "supervisor"


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
RecordedAt = Annotated[AwareDatetime, BeforeValidator(_recorded)]
Percent = Annotated[Decimal, BeforeValidator(_number), Field(gt=0, le=100, decimal_places=2), _AS_READ]
LeavePercent = Annotated[Decimal, BeforeValidator(_number), Field(gt=0, le=100), _AS_READ]
"""As `Percent`, with any number of decimals that every reader of JSON keeps: two is the limit for posts alone."""
Hours = Annotated[Decimal, BeforeValidator(_number), Field(ge=0, le=744), _AS_READ]
MOST_KRONER: Final = 1_000_000_000
Kroner = Annotated[int, Field(ge=0, le=MOST_KRONER)]
_VISIBLE: Final = r"[^\s\x00-\x1f]"
_ONE_LINE: Final = BeforeValidator(_line)
_SEVERAL_LINES: Final = BeforeValidator(_lines)
WORDS: Final[dict[str, str]] = {}
"""What a pattern asks for, in words."""


def _pattern(pattern: str, words: str, most: int | None = None) -> StringConstraints:
    WORDS[pattern] = words
    return StringConstraints(pattern=pattern, max_length=most)


def _between(most: int) -> StringConstraints:
    """From one character to `most`, with no space at either end."""
    return _pattern(rf"^\S(.{{0,{most - 2}}}\S)?$", f"1 til {most} tegn, uten mellomrom først eller sist")


Hpr = Annotated[str, _pattern(r"^[1-9][0-9]{6,8}$", "7 til 9 siffer, det første ikke 0")]
RegisteredHpr = Annotated[str, _pattern(r"^[0-9]{7,9}$", "7 til 9 siffer")]
"""The number of somebody who is registered already; a first digit 0 was accepted once."""
MunicipalityCode = Annotated[str, _pattern(r"^[0-9]{4}$", "fire siffer")]
MonthText = Annotated[str, _pattern(r"^[0-9]{4}-(0[1-9]|1[0-2])$", "ÅÅÅÅ-MM")]
Token = Annotated[str, _between(MOST_ID), _ONE_LINE]
"""An id of up to 64 characters that neither begins nor ends with a space."""
Name = Annotated[str, _between(MOST_NAME), _ONE_LINE]
"""What somebody else calls a thing: a template, a project; up to 200 characters."""
PostName = Annotated[
    str,
    _pattern(
        r"^[A-Za-zÆØÅæøå0-9./-]([A-Za-zÆØÅæøå0-9./ -]{0,62}[A-Za-zÆØÅæøå0-9./-])?$",
        "1 til 64 tegn: bokstavene A–Å, sifre, bindestrek, punktum, skråstrek og mellomrom",
    ),
]
"""The municipality's own name for a post that doctors hold in turn."""
RegisteredId = Annotated[str, _between(MOST_ID)]
RegisteredName = Annotated[str, _between(MOST_NAME)]
"""The id of something registered already, which was once accepted with more and other characters."""
RecordedBy = Annotated[
    str,
    _pattern(rf"^[^\s:\x00-\x1f]+:{_VISIBLE}([^\x00-\x1f]*{_VISIBLE})?$", "slag:navn, som kommune:1804", 100),
    _ONE_LINE,
    BeforeValidator(_one_alphabet),
]
"""Who recorded a fact, `kind:name`."""
Label = Annotated[str, StringConstraints(max_length=MOST_NAME), _ONE_LINE]
"""The name of a person or a place, as somebody wrote it."""
Text = Annotated[str, StringConstraints(max_length=MOST_TEXT), _SEVERAL_LINES]
"""What somebody wrote, on one or more lines."""


def hundredths(percent: Decimal) -> int:
    """A percent of at most two decimals as a whole number of hundredths of a percent."""
    return int(percent * HUNDREDTHS)


@with_config(extra="forbid")
class Shape(TypedDict):
    """What is written as JSON, as its description in OpenAPI has it: these names, and no others."""
