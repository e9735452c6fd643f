"""The hours of guidance of a month: as recorded for it, or else the sum of its sessions."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from domain.doctor.track.state import Session, SpecialisationTrack
from domain.values.fields import Confirmer


@dataclass(frozen=True, slots=True)
class MonthOfGuidance:
    """Hours of guidance in a calendar month, those of its sessions that both confirmed, and the facts behind them."""

    hours: Decimal
    confirmed: Decimal
    facts: tuple[str, ...]


def months_of_guidance(
    track: SpecialisationTrack, current: Callable[[str], str] = str
) -> Mapping[tuple[str, str], MonthOfGuidance]:
    """By municipality and month (`2025-06`), in their order; `current` gives the code of today for an ended one."""
    sessions: dict[tuple[str, str], list[Session]] = {}
    for session in track.sessions.values():
        sessions.setdefault((current(session.municipality), f"{session.on:%Y-%m}"), []).append(session)
    found = {place: _of_sessions(some) for place, some in sessions.items()}
    for (where, month), (hours, fact) in track.guidance.items():
        place = (current(where), month)
        confirmed = found[place].confirmed if place in found else Decimal(0)
        found[place] = MonthOfGuidance(hours, confirmed, (fact,))
    return dict(sorted(found.items()))


def is_confirmed(session: Session) -> bool:
    """Whether both the doctor and the supervisor confirmed a session as it stands."""
    return session.confirmed.keys() >= set(Confirmer)


def _of_sessions(sessions: list[Session]) -> MonthOfGuidance:
    confirmed = [session for session in sessions if is_confirmed(session)]
    return MonthOfGuidance(_hours(sessions), _hours(confirmed), tuple(session.fact for session in sessions))


def _hours(sessions: list[Session]) -> Decimal:
    return sum((session.hours for session in sessions), Decimal(0))
