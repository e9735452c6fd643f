"""The one base of all events: what is stored, under which topic, when, and by whom."""

from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict

from domain.values.fields import Moment, RecordedBy


class Strict(BaseModel):
    """Frozen, with no field beyond its own and no value converted: events, commands and what they consist of."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Event(Strict):
    """What every event carries: when it was recorded, and who recorded it.

    A class has an explicit, versioned topic, so that moving the class never breaks the store; a changed shape is
    a new class with a new topic. An event is stored with its fields in the order in which the classes give them,
    those of the last base first: fields that come before the two here stand in a base after `Event`.
    """

    event_topic: ClassVar[str] = ""

    recorded_at: Moment
    recorded_by: RecordedBy

    def __init_subclass__(cls, topic: str = "", **options: Any) -> None:  # noqa: ANN401
        """Give the class its topic."""
        super().__init_subclass__(**options)
        cls.event_topic = topic
