"""A step of a claim: what is asked for, when and for whom it is possible, what it needs to know, how it is decided."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from inspect import get_annotations
from typing import Final, Protocol, TypeVar

from domain.claim.parts.status import Status
from domain.claim.stream.event import ClaimEvent
from domain.claim.stream.state import GrantClaim
from domain.values.event import Strict
from domain.values.norwegian_time import norwegian_day

Event = TypeVar("Event", bound=ClaimEvent)
Events = Sequence[ClaimEvent]
Parts = Mapping[str, frozenset[str]]
"""Who had a part, and in which roles."""
MUNICIPALITY, CASEWORKER, APPROVER, REVISOR = ("municipality",), ("caseworker",), ("approver",), ("revisor",)
DRAFT: Final = frozenset({Status.OPENED, Status.RETURNED})
DECIDED: Final = frozenset({Status.DECIDED, Status.PAID, Status.ATTESTED, Status.REPORT_ACCEPTED})
ACTIVE: Final = frozenset(Status) - {Status.CLOSED, Status.WITHDRAWN}
ANY: Final = "–"
"""Stands for any text in a step that is only tried."""
_ALWAYS_GIVEN: Final = 3
"""The claim, what is asked for, and who acts."""


class ClaimStep(Strict):
    """What is asked of a claim, as it stands in a request."""

    type: str


class Who(Protocol):
    """Somebody who acts: `kind:name`, the role, the organisation where there is one, and what else they are called."""

    @property
    def called(self) -> tuple[str, ...]:
        """What a person who signed in is called, besides in the subject."""

    @property
    def subject(self) -> str:
        """`kind:name`."""

    @property
    def role(self) -> str | None:
        """The role in which somebody acts."""

    @property
    def organisation(self) -> str | None:
        """The number of the municipality that somebody acts for."""


@dataclass(frozen=True, slots=True)
class Acting:
    """On which claim a step is taken, by whom, and when."""

    claim: str
    who: Who
    moment: datetime

    @property
    def day(self) -> date:
        """The day in Norway."""
        return norwegian_day(self.moment)

    def event(self, kind: type[Event], /, **fields: object) -> Event:
        """An event of the claim, at this moment, by this person."""
        return kind(claim=self.claim, recorded_at=self.moment, recorded_by=self.who.subject, **fields)

    def as_asked(self, kind: type[Event], asked: ClaimStep, /, **more: object) -> Event:
        """An event with the fields of what was asked for, and `more`, which replaces what has the same name."""
        return self.event(kind, **({name: value for name, value in asked if name != "type"} | more))


@dataclass(frozen=True, kw_only=True)
class Step:
    """A step, whole; `asked` is its command, whose docstring describes it over HTTP, and `help` at the command line.

    `decide(claim, asked, acting, …)` gives the events or raises `Refused`; the types of its further parameters are what
    is looked up for it. `check` raises `Refused` for what the claim alone tells, before anything is asked for.
    `tried` is the step as somebody could take it, for finding out whether it is possible.
    `too_early` is the refusal where the claim is not far enough.

    One of the events that the step `makes` where it is not possible shows that a stored claim has a gap.
    A step that `rests_on_log` is stored only if nothing became known of the doctors, and no rules were published,
    since it was looked up.
    """

    asked: type[ClaimStep]
    decide: Callable[..., Events]
    statuses: frozenset[Status]
    roles: tuple[str, ...]
    help: str
    too_early: str = "claim-unknown"
    check: Callable[[GrantClaim], None] | None = None
    tried: Callable[[GrantClaim], ClaimStep] | None = None
    makes: tuple[type[ClaimEvent], ...] = ()
    rests_on_log: bool = False

    @cached_property
    def name(self) -> str:
        """What it is called in a request."""
        return str(self.asked.model_fields["type"].default)

    @cached_property
    def needs(self) -> tuple[object, ...]:
        """The types of what is looked up for it."""
        *parameters, _ = get_annotations(self.decide).values()
        return tuple(parameters[_ALWAYS_GIVEN:])
