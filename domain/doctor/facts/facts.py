"""The facts of a doctor, as contract.md section 1 writes them; what the streams store is these.

A new type of fact is a class beside those that are like it, and is named in their union there.
"""

from collections.abc import Iterator
from typing import Annotated, ClassVar, Final, Literal, get_args

from pydantic import Discriminator, JsonValue, TypeAdapter

from domain.doctor.facts.absence import AbsenceFact, AffiliationFact
from domain.doctor.facts.accounts import AccountFact
from domain.doctor.facts.agreements import AnyAgreementFact
from domain.doctor.facts.fact import Fact, Private, StreamKind, is_personal
from domain.doctor.facts.notices import NoticeFact
from domain.doctor.facts.positions import NewPosition, PositionFact
from domain.doctor.facts.supervision import GuidanceFact, SupervisionFact
from domain.doctor.facts.track import TrackFact
from domain.values.event import Strict
from domain.values.fields import RegisteredHpr, RegisteredId


class FactCorrected(Fact, topic="fact.corrected.v1", words="retting"):
    """Fields of an earlier fact are replaced, or (`replacement` null) the fact is withdrawn.

    It is stored in the stream of the fact that it corrects.
    """

    stream: ClassVar[StreamKind] = "either"
    type: Literal["fact_corrected"] = "fact_corrected"
    hpr: RegisteredHpr
    corrects: RegisteredId
    replacement: dict[str, JsonValue] | None
    reason: Private

    def as_json(self) -> dict[str, JsonValue]:
        """A withdrawal is written out: `replacement: null`."""
        return {**super().as_json(), "replacement": self.replacement}


AnyFact = Annotated[
    TrackFact
    | PositionFact
    | AbsenceFact
    | SupervisionFact
    | GuidanceFact
    | AffiliationFact
    | AccountFact
    | NoticeFact
    | AnyAgreementFact
    | FactCorrected,
    Discriminator("type"),
]

FACT_CLASSES: Final[tuple[type[Fact], ...]] = get_args(get_args(AnyFact)[0])
BY_TYPE: Final = {str(cls.model_fields["type"].default): cls for cls in FACT_CLASSES}
BY_TOPIC: Final = {cls.event_topic: cls for cls in FACT_CLASSES}
FACT: Final[TypeAdapter[AnyFact]] = TypeAdapter(AnyFact)
FIXED_FIELDS: Final = frozenset({"id", "type", "hpr", "recorded_at", "recorded_by"})
"""Fields that no correction can replace."""


def _personal_fields() -> Iterator[str]:
    classes: tuple[type[Strict], ...] = (*FACT_CLASSES, NewPosition)
    for cls in classes:
        for name, field in cls.model_fields.items():
            if is_personal(field):
                yield name


PERSONAL_FIELDS: Final = frozenset(_personal_fields())
"""Names of the fields that are stored encrypted, wherever in a fact they stand."""
