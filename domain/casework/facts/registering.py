"""Who may register what on a doctor: one table by the type of fact.

A municipality registers what is its own, and what belongs to the doctor while a post is held there; a doctor confirms
guidance and gives notice; a caseworker registers everything and says why. Others register nothing. To a municipality
what is another's is as if it were not there, so that no refusal tells whether it is.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, NamedTuple

from domain.casework.commands.commands import Actor
from domain.casework.facts.shown import held_here, is_from
from domain.doctor.about import Places, places_of
from domain.doctor.correcting import corrected
from domain.doctor.facts.absence import (
    AgencyAffiliationEnded,
    AgencyAffiliationRegistered,
    InstitutionalServiceEnded,
    InstitutionalServiceRegistered,
    LeaveEnded,
    LeaveRegistered,
)
from domain.doctor.facts.accounts import CostsReported
from domain.doctor.facts.agreements import AgreementAmended, AgreementEnded, AgreementSigned
from domain.doctor.facts.fact import Fact
from domain.doctor.facts.facts import FactCorrected
from domain.doctor.facts.notices import NoticeGiven
from domain.doctor.facts.positions import JobSwitched, PositionChanged, PositionEnded, PositionStarted
from domain.doctor.facts.supervision import (
    GroupGuidanceAttended,
    GuidanceConfirmed,
    GuidanceHeld,
    GuidanceRecorded,
    SupervisorAssigned,
    SupervisorEnded,
    SupervisorReplaced,
)
from domain.doctor.facts.track import (
    DoctorNamed,
    TrackCompleted,
    TrackConverted,
    TrackDiscontinued,
    TrackInterrupted,
    TrackResumed,
    TrackStarted,
)
from domain.doctor.history import History
from domain.doctor.track.state import Session, SpecialisationTrack
from domain.values.days.periods import Period
from domain.values.fields import Confirmer
from domain.values.norwegian_time import norwegian_day
from domain.values.refusals.refusal import refused

OTHERS: Final = ("doctor", "caseworker")
"""Who registers what no municipality does."""


@dataclass(frozen=True, slots=True)
class Here:
    """A municipality by all its codes, and a doctor's history as the municipality is shown it."""

    codes: Places
    seen: History

    @property
    def track(self) -> SpecialisationTrack:
        """The doctor's track as the municipality is shown it."""
        return self.seen.doctor.track

    def check_named(self, code: str | None) -> None:
        """Raise `Refused` (not-your-municipality) for another municipality."""
        if code not in {None, *self.codes}:
            raise refused("not-your-municipality")

    def check_held(self, first: date, last: date | None) -> None:
        """Raise `Refused` (no-post-here) where the doctor holds no post here on any of some days."""
        if not held_here(self.track, self.codes, first, last):
            raise refused("no-post-here")


def check_municipality(here: Here, fact: Fact) -> None:
    """Raise `Refused` where a fact is not for this municipality to register."""
    RIGHTS[type(fact)].municipality(here, fact)


def check_doctor(own: str, fact: Fact, history: History) -> None:
    """Raise `Refused` where a fact is not for this doctor (by HPR number) to register.

    Who is neither the doctor nor the supervisor of a session does not find the doctor, registered or not.
    """
    guides = isinstance(fact, GuidanceConfirmed) and guided_by(own, history.doctor.track.sessions.get(fact.session))
    if not guides and not (own == fact.hpr and history.recorded):
        raise refused("unknown-doctor", hpr=fact.hpr)
    if not RIGHTS[type(fact)].is_for_the_doctor:
        raise refused("not-for-the-doctor")
    if isinstance(fact, GuidanceConfirmed) and guides is not (fact.by is Confirmer.SUPERVISOR):
        raise refused("confirmed-for-another")


def check_reason(actor: Actor) -> None:
    """Raise `Refused` (fact-without-reason) where a caseworker does not say why."""
    if actor.role == "caseworker" and not actor.reason.strip():
        raise refused("fact-without-reason")


def guided_by(own: str, session: Session | None) -> bool:
    """Whether somebody, by HPR number, is the supervisor of a session."""
    return session is not None and session.supervisor.lstrip("0") == own.lstrip("0")


# ---------------------------------------------------------------- what a municipality may


def _named(here: Here, fact: Any) -> None:  # noqa: ANN401 - any fact that names a municipality
    here.check_named(fact.municipality)


def _own_post(here: Here, fact: PositionChanged | PositionEnded | JobSwitched) -> None:
    post = here.track.positions.get(fact.position)
    if post is None or post.municipality not in here.codes:
        raise refused("unknown-position", name=fact.position)


def _switch_within(here: Here, fact: JobSwitched) -> None:
    if fact.new.municipality not in here.codes:
        raise refused("switch-elsewhere")
    _own_post(here, fact)


def _own_agreement(here: Here, fact: AgreementAmended | AgreementEnded) -> None:
    agreement = here.seen.doctor.agreements.get(fact.agreement)
    if agreement is None or agreement.municipality not in here.codes:
        raise refused("unknown-agreement", name=fact.agreement)


def _while_held(here: Here, fact: Any) -> None:  # noqa: ANN401 - any fact that lasts
    here.check_named(fact.__dict__.get("municipality"))
    here.check_held(fact.first_day, fact.__dict__.get("last_day"))


def _from_then_on(here: Here, fact: TrackStarted | TrackConverted | TrackResumed) -> None:
    here.check_held(fact.on, None)


def _on_the_day(here: Here, fact: TrackCompleted | TrackDiscontinued) -> None:
    here.check_held(fact.on, fact.on)


def _from_today_on(here: Here, fact: DoctorNamed) -> None:
    here.check_held(norwegian_day(fact.recorded_at), None)


def _ended(kind: str) -> Callable[[Here, Any], None]:
    """The rule of what ends a leave, service or affiliation: the doctor holds a post here while it lasts."""

    def rule(here: Here, fact: Fact) -> None:
        things: Mapping[str, Period] = getattr(here.track, f"{kind}s")
        thing = things.get(fact.__dict__[kind])
        if thing is None:
            raise refused(f"unknown-{kind}", name=fact.__dict__[kind])
        here.check_held(thing.first_day, thing.last_day)

    return rule


def _own_supervisor(here: Here, fact: SupervisorReplaced | SupervisorEnded) -> None:
    """One who is assigned here, or wherever the doctor holds a post while one is held here."""
    mine = [time for time in here.track.supervisions if time.supervisor == fact.supervisor]
    if not any(time.municipality in {None, *here.codes} for time in mine):
        raise refused("unknown-supervisor", name=fact.supervisor)
    if not any(time.municipality in here.codes for time in mine):
        day = fact.first_day if isinstance(fact, SupervisorReplaced) else fact.last_day
        here.check_held(day, day)


def _own_fact(here: Here, fact: FactCorrected) -> None:
    """A correction is of the municipality's own fact, and makes one of it that it could register."""
    original = here.seen.recorded.get(fact.corrects)
    if original is None:
        raise refused("unknown-fact", name=fact.corrects)
    if not is_from(original, here.codes) or _is_elsewhere(here, fact.corrects):
        raise refused("not-your-fact")
    stands = here.seen.standing[fact.corrects]
    if stands is None or isinstance(stands, FactCorrected):
        return
    result = corrected(stands, fact)
    if result is not None:
        check_municipality(here, result)


def _is_elsewhere(here: Here, fact: str) -> bool:
    """Whether a fact is about other municipalities only."""
    codes = places_of(here.seen.recorded.values())[fact]
    return bool(codes) and not codes & here.codes


def _never(_here: Here, _fact: Fact) -> None:
    raise refused("wrong-role", role="municipality", wanted=OTHERS)


class Right(NamedTuple):
    """The rule for a municipality, and whether a doctor registers the fact too."""

    municipality: Callable[[Here, Any], None]
    is_for_the_doctor: bool = False


RIGHTS: Final[Mapping[type[Fact], Right]] = {
    DoctorNamed: Right(_from_today_on),
    TrackStarted: Right(_from_then_on),
    TrackConverted: Right(_from_then_on),
    TrackInterrupted: Right(_while_held),
    TrackResumed: Right(_from_then_on),
    TrackCompleted: Right(_on_the_day),
    TrackDiscontinued: Right(_on_the_day),
    PositionStarted: Right(_named),
    PositionChanged: Right(_own_post),
    PositionEnded: Right(_own_post),
    JobSwitched: Right(_switch_within),
    LeaveRegistered: Right(_while_held),
    LeaveEnded: Right(_ended("leave")),
    InstitutionalServiceRegistered: Right(_while_held),
    InstitutionalServiceEnded: Right(_ended("service")),
    AgencyAffiliationRegistered: Right(_while_held),
    AgencyAffiliationEnded: Right(_ended("affiliation")),
    SupervisorAssigned: Right(_while_held),
    SupervisorReplaced: Right(_own_supervisor),
    SupervisorEnded: Right(_own_supervisor),
    GuidanceRecorded: Right(_named),
    GuidanceHeld: Right(_named),
    GuidanceConfirmed: Right(_never, is_for_the_doctor=True),
    GroupGuidanceAttended: Right(_while_held),
    CostsReported: Right(_named),
    AgreementSigned: Right(_named),
    AgreementAmended: Right(_own_agreement),
    AgreementEnded: Right(_own_agreement),
    NoticeGiven: Right(_never, is_for_the_doctor=True),
    FactCorrected: Right(_own_fact),
}
"""A type of fact without a row can be registered by nobody but an import."""
