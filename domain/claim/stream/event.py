"""What every event of a claim is."""

from typing import Any, ClassVar

from domain.claim.parts.parts import ClaimName
from domain.doctor.facts.facts import Part
from domain.values.fields import Moment, RecordedBy


class ClaimEvent(Part):
    """What every event of a claim carries: which claim, when, and by whom in which role."""

    topic: ClassVar[str] = ""

    claim: ClaimName
    recorded_at: Moment
    recorded_by: RecordedBy

    def __init_subclass__(cls, topic: str = "", **options: Any) -> None:  # noqa: ANN401
        """Give the class its topic."""
        super().__init_subclass__(**options)
        cls.topic = topic
