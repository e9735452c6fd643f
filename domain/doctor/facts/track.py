"""Who the doctor is, and the specialisation itself: begun, interrupted, completed or given up."""

from typing import Annotated, Literal

from domain.doctor.facts.fact import Fact, Personal, Private, added_later
from domain.values.fields import Day, Name, RegisteredName, Scheme, Token


class DoctorNamed(Fact, topic="track.doctor-named.v1", words="legens navn"):
    """The doctor's name; the last recorded counts."""

    type: Literal["doctor_named"] = "doctor_named"
    name: Annotated[Name, Personal]


class TrackStarted(Fact, topic="track.started.v1", words="spesialiseringsløpet begynner"):
    """The doctor began to specialise."""

    type: Literal["track_started"] = "track_started"
    on: Day
    scheme: Scheme
    expected_end: Day | None = None


class TrackConverted(Fact, topic="track.converted.v1", words="spesialiseringsløpet går over til ny ordning"):
    """The track went over from the old scheme to the new one; the day itself is of the new."""

    type: Literal["track_converted"] = "track_converted"
    on: Day
    reason: Private | None = added_later()


class TrackInterrupted(
    Fact, topic="track.interrupted.v1", words="spesialiseringsløpet avbrytes", brings="interruption"
):
    """The doctor paused the specialisation."""

    type: Literal["track_interrupted"] = "track_interrupted"
    interruption: Token
    first_day: Day
    last_day: Day | None = None


class TrackResumed(Fact, topic="track.resumed.v1", words="spesialiseringsløpet tas opp igjen"):
    """The doctor took the specialisation up again; `on` is the first day back."""

    type: Literal["track_resumed"] = "track_resumed"
    interruption: RegisteredName
    on: Day


class TrackCompleted(Fact, topic="track.completed.v1", words="spesialiseringsløpet er fullført"):
    """The doctor became a specialist; `on` is the last day of the track."""

    type: Literal["track_completed"] = "track_completed"
    on: Day


class TrackDiscontinued(
    Fact, topic="track.discontinued.v1", words="spesialiseringsløpet er avsluttet uten å være fullført"
):
    """The doctor gave the specialisation up; `on` is the last day of the track."""

    type: Literal["track_discontinued"] = "track_discontinued"
    on: Day


TrackFact = (
    DoctorNamed | TrackStarted | TrackConverted | TrackInterrupted | TrackResumed | TrackCompleted | TrackDiscontinued
)
