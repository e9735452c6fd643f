"""What every fact is: at once what somebody reports and the event that is recorded.

It says what holds from which day, and when and by whom it became known.
"""

from typing import Annotated, Any, ClassVar, Literal, Self, get_args

from pydantic import Field, JsonValue, model_validator
from pydantic.fields import FieldInfo
from pydantic_core import PydanticCustomError

from domain.values import words
from domain.values.event import Event, Strict
from domain.values.fields import Hpr, Label, RecordedAt, Text, Token


class Personal:
    """Marks a field that is stored encrypted under the doctor's key."""


Names = tuple[tuple[str, str], ...]
StreamKind = Literal["track", "agreement", "either"]
Private = Annotated[Text, Personal]
PrivateLabel = Annotated[Label, Personal]


def added_later() -> Any:  # noqa: ANN401 - stands where a value of the field's own type does
    """An optional field that a stored type got later; if missing it is not written, so old facts stay as they are."""
    return Field(default=None, exclude_if=_is_missing)


def _is_missing(value: object) -> bool:
    return value is None


def in_order(first: object, last: object) -> None:
    """Refuse a last day before its first."""
    if first is not None and last is not None and last < first:  # type: ignore[operator]
        raise PydanticCustomError("last-before-first", "last-before-first")


def some_of(part: Strict, *names: str) -> None:
    """Refuse a change that changes nothing."""
    if all(getattr(part, name) is None for name in names):
        raise PydanticCustomError("nothing-changed", "{names}", {"names": words.listed(names)})


class _OfDoctor(Strict):
    id: Token
    hpr: Hpr


class Fact(Event, _OfDoctor):
    """What every fact carries: whose it is, when it became known, and who recorded it.

    Each type has its words for people. A type that brings something with a name, such as a position, says which kind
    of thing it is: the field with the name is called the same.
    """

    stream: ClassVar[StreamKind] = "track"
    words: ClassVar[str] = ""
    brings: ClassVar[str] = ""

    recorded_at: RecordedAt

    def __init_subclass__(cls, topic: str = "", words: str = "", brings: str = "", **options: Any) -> None:  # noqa: ANN401
        """Give the class its topic, its words and what it brings."""
        super().__init_subclass__(topic, **options)
        cls.words, cls.brings = words, brings

    @model_validator(mode="after")
    def _days_in_order(self) -> Self:
        fields = self.__dict__  # getattr of what is not there is slow, and this is done for every event read
        in_order(fields.get("first_day"), fields.get("last_day"))
        return self

    def as_json(self) -> dict[str, JsonValue]:
        """The fact as contract.md writes it: optional fields that are missing stay away."""
        return self.model_dump(mode="json", exclude_none=True)

    def names(self) -> Names:
        """The kind and name of what the fact brings into the doctor's history."""
        return ((self.brings, self.__dict__[self.brings]),) if self.brings else ()

    def municipalities(self) -> tuple[str, ...]:
        """The municipality codes that the fact names."""
        code = self.__dict__.get("municipality")
        return () if code is None else (code,)


def is_personal(field: FieldInfo) -> bool:
    """Whether a field, or what it is a list of, is marked as personal."""
    inner = get_args(field.annotation)
    inner = (*inner, *(each for option in inner for each in get_args(option)))
    marks = (*field.metadata, *(mark for each in inner for mark in getattr(each, "__metadata__", ())))
    return Personal in marks
