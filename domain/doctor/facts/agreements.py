"""The ALIS agreements, each a stream of its own."""

from typing import ClassVar, Literal, Self

from pydantic import model_validator

from domain.doctor.facts.fact import Fact, Private, StreamKind, some_of
from domain.values.fields import AgreementElement, Day, LeavePercent, MunicipalityCode, Name, RegisteredName, Token


class AgreementFact(Fact):
    """A fact of one ALIS agreement."""

    stream: ClassVar[StreamKind] = "agreement"
    agreement: RegisteredName


class AgreementSigned(AgreementFact, topic="agreement.signed.v1", words="ALIS-avtale signert", brings="agreement"):
    """A municipality and a doctor signed an ALIS agreement on a template."""

    type: Literal["agreement_signed"] = "agreement_signed"
    agreement: Token
    municipality: MunicipalityCode
    signed_on: Day
    first_day: Day
    last_day: Day | None = None
    template: Name
    percent: LeavePercent | None = None
    elements: tuple[AgreementElement, ...] | None = None


class AgreementAmended(AgreementFact, topic="agreement.amended.v1", words="ALIS-avtale endret"):
    """The parties changed percent, elements or last day of an agreement."""

    type: Literal["agreement_amended"] = "agreement_amended"
    signed_on: Day
    first_day: Day
    last_day: Day | None = None
    percent: LeavePercent | None = None
    elements: tuple[AgreementElement, ...] | None = None

    @model_validator(mode="after")
    def _changes_something(self) -> Self:
        some_of(self, "percent", "elements", "last_day")
        return self


class AgreementEnded(AgreementFact, topic="agreement.ended.v1", words="ALIS-avtale avsluttet"):
    """An agreement was ended before the post was; leaving the post is never recorded here."""

    type: Literal["agreement_ended"] = "agreement_ended"
    last_day: Day
    reason: Private | None = None


AnyAgreementFact = AgreementSigned | AgreementAmended | AgreementEnded
