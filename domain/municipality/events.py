"""The events of a municipality's stream: what holds of it from which day, and what becomes of that later.

An event is at once what somebody registers and what is stored. Names, addresses and reasons are personal: they are
sealed under a key of the municipality's own.
"""

from datetime import date
from enum import StrEnum
from typing import Annotated, ClassVar, Final, Literal, Self

from pydantic import Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from domain.doctor.facts.fact import Personal, in_order
from domain.values.event import Event, Strict
from domain.values.fields import WORDS, Day, Hpr, MunicipalityCode, Name, PostName, Text, Token
from domain.values.numbers.accounts import WrittenAccount
from domain.values.numbers.organisations import WrittenOrganisationNumber
from domain.values.refusals.person import GivenName
from domain.values.texts import folded

_SOMETHING: Final = r"\S"
WORDS[_SOMETHING] = "minst ett synlig tegn"
_EMAIL: Final = r"^[^@\s]+@[^@\s]+\.[^@\s]+$"
WORDS[_EMAIL] = "en e-postadresse, som post@kommunen.no"
_PHONE: Final = r"^\+?[0-9][0-9 ]{3,19}$"
WORDS[_PHONE] = "et telefonnummer: sifre, gjerne med mellomrom og + foran"
PersonalName = Annotated[Name, Personal]
EMail = Annotated[str, StringConstraints(pattern=_EMAIL, max_length=200), Personal]
Phone = Annotated[str, StringConstraints(pattern=_PHONE), Personal]
Written = Annotated[Text, StringConstraints(pattern=_SOMETHING), Personal]
Places = Annotated[int, Field(ge=1, le=100)]
MUNICIPALITY: Final = ("municipality",)
CASEWORKER: Final = ("caseworker",)


class ContactRole(StrEnum):
    """What a contact of a municipality is asked about."""

    HEALTH_LEADER = "health_leader"
    GRANT = "grant"
    ACCOUNTS = "accounts"
    OTHER = "other"


class _OfMunicipality(Strict):
    type: str
    municipality: MunicipalityCode
    """The first code that is known of it, whatever it is called today."""
    entry: Token


class MunicipalityEvent(Event, _OfMunicipality):
    """What every event of a municipality carries: which entry it makes or changes, when, and by whom."""


class Entry(MunicipalityEvent):
    """Something that holds of a municipality from a day on, and to another where it says so.

    `roles` may give, end and withdraw it. Two with the same `one_of` never hold on the same day.
    """

    roles: ClassVar[tuple[str, ...]] = MUNICIPALITY

    first_day: Day
    last_day: Day | None = None

    @model_validator(mode="after")
    def _days_in_order(self) -> Self:
        in_order(self.first_day, self.last_day)
        return self

    @property
    def one_of(self) -> tuple[str, ...] | None:
        """What there is one of at a time; None where there can be any number."""
        return ()

    def holds_on(self, day: date) -> bool:
        """Whether a day lies in its days, as it was given."""
        return self.first_day <= day and (self.last_day is None or day <= self.last_day)


class TrainingRegistered(Entry, topic="municipality.training-registered.v1"):
    """The municipality was registered as an organisation that trains specialists; Helsedirektoratet records it."""

    roles: ClassVar[tuple[str, ...]] = CASEWORKER

    type: Literal["training_registered"] = "training_registered"


class ContactGiven(Entry, topic="municipality.contact-given.v1"):
    """The municipality said whom to ask, about what."""

    type: Literal["contact_given"] = "contact_given"
    role: ContactRole
    name: PersonalName
    e_mail: EMail | None = None
    phone: Phone | None = None

    @property
    def one_of(self) -> None:
        """There can be several, also for one role."""


class AccountGiven(Entry, topic="municipality.account-given.v1"):
    """The municipality said where its grant is to be paid."""

    type: Literal["account_given"] = "account_given"
    organisation_number: WrittenOrganisationNumber
    account: WrittenAccount


class CoordinatorAppointed(Entry, topic="municipality.coordinator-appointed.v1"):
    """A person, or the people of another municipality, may act for the municipality."""

    type: Literal["coordinator_appointed"] = "coordinator_appointed"
    person: GivenName | None = None
    organisation_number: WrittenOrganisationNumber | None = None

    @model_validator(mode="after")
    def _one_of_them(self) -> Self:
        if (self.person is None) == (self.organisation_number is None):
            raise PydanticCustomError("one-of", "{names}", {"names": "person og organisation_number"})
        return self

    @property
    def one_of(self) -> tuple[str, ...]:
        """One appointment of each person or organisation."""
        return (self.person or self.organisation_number or "",)


class RevisorEngaged(Entry, topic="municipality.revisor-engaged.v1"):
    """The municipality engaged a firm as its revisor; `person` is whom it answers through, where that is known."""

    type: Literal["revisor_engaged"] = "revisor_engaged"
    organisation_number: WrittenOrganisationNumber
    person: PersonalName | None = None

    @property
    def one_of(self) -> tuple[str, ...]:
        """One engagement of each firm."""
        return (self.organisation_number,)


class OfficeInvited(Entry, topic="municipality.office-invited.v1"):
    """The municipality let an ALIS office read what it reads."""

    type: Literal["office_invited"] = "office_invited"
    organisation_number: WrittenOrganisationNumber

    @property
    def one_of(self) -> tuple[str, ...]:
        """One invitation of each office."""
        return (self.organisation_number,)


class PostClosed(Entry, topic="municipality.post-closed.v1"):
    """The municipality closed a post that doctors held in turn; from its first day the post is vacant no more."""

    type: Literal["post_closed"] = "post_closed"
    post: PostName

    @property
    def one_of(self) -> tuple[str, ...]:
        """One closing of each post, however its name is written."""
        return (folded(self.post),)


class SupervisorOffered(Entry, topic="municipality.supervisor-offered.v1"):
    """The municipality has a supervisor who can guide so many doctors, also of other municipalities."""

    type: Literal["supervisor_offered"] = "supervisor_offered"
    supervisor: Hpr
    places: Places

    @property
    def one_of(self) -> tuple[str, ...]:
        """One offer of each supervisor."""
        return (self.supervisor,)


class EntryEnded(MunicipalityEvent, topic="municipality.entry-ended.v1"):
    """What an entry says holds no longer after a day, or after another day than was said before."""

    type: Literal["entry_ended"] = "entry_ended"
    last_day: Day


class EntryWithdrawn(MunicipalityEvent, topic="municipality.entry-withdrawn.v1"):
    """An entry was wrong: it holds on no day. That it was there stays in the history."""

    type: Literal["entry_withdrawn"] = "entry_withdrawn"
    reason: Written


ENTRIES: Final[tuple[type[Entry], ...]] = (
    TrainingRegistered,
    ContactGiven,
    AccountGiven,
    CoordinatorAppointed,
    RevisorEngaged,
    OfficeInvited,
    PostClosed,
    SupervisorOffered,
)
_CLASSES: Final[tuple[type[MunicipalityEvent], ...]] = (*ENTRIES, EntryEnded, EntryWithdrawn)
MUNICIPALITY_EVENTS: Final = {cls.event_topic: cls for cls in _CLASSES}
BY_TYPE: Final = {str(cls.model_fields["type"].default): cls for cls in _CLASSES}
