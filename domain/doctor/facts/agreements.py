"""The ALIS agreements, each a stream of its own."""

from typing import ClassVar, Literal, Self

from pydantic import model_validator
from pydantic_core import PydanticCustomError

from domain.doctor.facts.fact import Fact, Private, PrivateLabel, StreamKind, added_later, some_of
from domain.values.fields import AgreementElement, Day, LeavePercent, MunicipalityCode, Name, RegisteredName, Token


class AgreementFact(Fact):
    """A fact of one ALIS agreement."""

    stream: ClassVar[StreamKind] = "agreement"
    agreement: RegisteredName


class AgreementSigned(AgreementFact, topic="agreement.signed.v1", words="ALIS-avtale signert", brings="agreement"):
    """A municipality and a doctor signed an ALIS agreement on a template; `signed_on` is the later signature."""

    type: Literal["agreement_signed"] = "agreement_signed"
    agreement: Token
    municipality: MunicipalityCode
    signed_on: Day
    first_day: Day
    last_day: Day | None = None
    template: Name
    percent: LeavePercent | None = None
    elements: tuple[AgreementElement, ...] | None = None
    signed_by_municipality_on: Day | None = added_later()
    signed_by_doctor_on: Day | None = added_later()
    signatory: PrivateLabel | None = added_later()

    @model_validator(mode="after")
    def _signed_by_both(self) -> Self:
        given = [day for day in (self.signed_by_municipality_on, self.signed_by_doctor_on) if day is not None]
        if given and (max(given) > self.signed_on or (len(given) > 1 and max(given) != self.signed_on)):
            raise PydanticCustomError("signed-on-differs", "signed-on-differs")
        return self


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
