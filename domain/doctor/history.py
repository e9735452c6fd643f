"""What is known of a doctor: facts in the order they became known, corrections applied.

Each fact is checked against what was known just before it (contract.md section 1). A correction
keeps the place of the fact that it corrects, so it is checked by folding everything again.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from domain.doctor import agreement as agreements
from domain.doctor.agreement import Agreement
from domain.doctor.correcting import check_bounds, check_new, corrected
from domain.doctor.facts.accounts import CostsReported
from domain.doctor.facts.agreements import AgreementFact
from domain.doctor.facts.fact import Fact
from domain.doctor.facts.facts import FactCorrected
from domain.doctor.facts.track import DoctorNamed
from domain.doctor.track.deciding import decide as decide_on_the_track
from domain.doctor.track.folding import evolve as evolve_the_track
from domain.doctor.track.folding import folded as folded_track
from domain.doctor.track.state import SpecialisationTrack
from domain.values.refusals.refusal import Refused, refused


class Reference(Protocol):
    """What a fact may refer to beyond the doctor."""

    def check_municipality(self, code: str) -> None:
        """Raise `Refused` (unknown-municipality) for a code that never was."""

    def check_cost_element(self, round_id: str, element: str) -> None:
        """Raise `Refused` (unknown-round, unknown-element) where no cost can be reported."""


@dataclass(frozen=True, slots=True)
class Doctor:
    """What is known of one doctor: the track and the agreements by their id."""

    track: SpecialisationTrack = field(default_factory=SpecialisationTrack)
    agreements: Mapping[str, Agreement] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class History:
    """The facts as recorded and as they stand now (None: withdrawn), both in order."""

    recorded: dict[str, Fact] = field(default_factory=dict)
    standing: Mapping[str, Fact | None] = field(default_factory=dict)
    names: Mapping[tuple[str, str], str] = field(default_factory=dict)
    doctor: Doctor = field(default_factory=Doctor)


def in_order(facts: Iterable[Fact]) -> list[Fact]:
    """Facts by the moment they became known; equal moments keep their order."""
    return sorted(facts, key=lambda fact: fact.recorded_at)


def known(facts: Iterable[Fact], at: datetime | None) -> list[Fact]:
    """The facts recorded at or before a moment, in order; all if no moment is given."""
    return in_order(fact for fact in facts if at is None or fact.recorded_at <= at)


def standing(facts: Iterable[Fact]) -> dict[str, Fact | None]:
    """Facts in order with corrections applied in the place of the original; None: withdrawn."""
    by_id: dict[str, Fact | None] = {}
    for fact in facts:
        stand(by_id, fact)
    return by_id


def stand(by_id: dict[str, Fact | None], fact: Fact) -> Fact | None:
    """Let a fact stand, and what it corrects be otherwise; gives the fact as it stands after that."""
    by_id[fact.id] = fact
    if not isinstance(fact, FactCorrected):
        return fact
    original = by_id[fact.corrects]
    now = by_id[fact.corrects] = None if original is None else corrected(original, fact)
    return now


def as_known(facts: Iterable[Fact], at: datetime | None = None) -> Doctor:
    """What was known of a doctor at a moment, of facts that were accepted before."""
    return folded(standing(known(facts, at)).values())


def names_in(facts: Iterable[Fact]) -> list[str]:
    """The names that stand, the last recorded last, of all that was recorded about names and all corrections."""
    told = in_order(facts)
    named = {fact.id for fact in told if isinstance(fact, DoctorNamed)}
    about = (fact for fact in told if not isinstance(fact, FactCorrected) or fact.corrects in named)
    return [fact.name for fact in standing(about).values() if isinstance(fact, DoctorNamed)]


def evolve_doctor(doctor: Doctor, fact: Fact) -> Doctor:
    """Fold one fact into the stream that it belongs to."""
    if isinstance(fact, AgreementFact):
        name = fact.agreement
        state = agreements.evolve(doctor.agreements.get(name), fact)
        return Doctor(doctor.track, {**doctor.agreements, name: state})
    return Doctor(evolve_the_track(doctor.track, fact), doctor.agreements)


def decide(history: History, fact: Fact, reference: Reference) -> tuple[Fact, ...]:
    """The events that a fact leads to after all that is known: none if it is known already.

    Raises `Refused` with what is wrong.
    """
    if fact.id in history.recorded:
        return decide_again(history, fact, reference)
    original = None
    if isinstance(fact, FactCorrected) and (original := history.standing.get(fact.corrects)):
        check_bounds(original, fact)
    events = decide_again(history, fact, reference)
    check_new(fact, original)
    return events


def decide_again(history: History, fact: Fact, reference: Reference) -> tuple[Fact, ...]:
    """As `decide`, of a fact that was accepted once; its personal fields may have been erased since."""
    before = history.recorded.get(fact.id)
    if before is not None:
        if before != fact:
            raise refused("fact-id-used", id=fact.id)
        return ()
    if isinstance(fact, FactCorrected):
        _after_correction(history, fact, reference)
        return (fact,)
    return _decide_plain(history.doctor, history.names, fact, reference)


def evolve(history: History, fact: Fact) -> History:
    """Add a fact that was decided on."""
    now = dict(history.standing)
    stands = stand(now, fact)
    names = {**history.names, **named(stands)}
    is_correction = isinstance(fact, FactCorrected)
    doctor = folded(now.values()) if is_correction else evolve_doctor(history.doctor, fact)
    return History({**history.recorded, fact.id: fact}, now, names, doctor)


def history_of(facts: Iterable[Fact]) -> History:
    """The history that accepted facts make."""
    recorded, now, names = dict[str, Fact](), dict[str, Fact | None](), dict[tuple[str, str], str]()
    for fact in in_order(facts):
        recorded[fact.id] = fact
        names |= named(stand(now, fact))
    return History(recorded, now, names, folded(now.values()))


def named(fact: Fact | None) -> dict[tuple[str, str], str]:
    """What a fact that stands brings in, with the fact's id."""
    return {} if fact is None else dict.fromkeys(fact.names(), fact.id)


def folded(facts: Iterable[Fact | None]) -> Doctor:
    """What facts that were accepted make, as `evolve_doctor` would one after the other."""
    agreed, others = dict[str, Agreement](), list[Fact]()
    for fact in facts:
        if isinstance(fact, AgreementFact):
            agreed[fact.agreement] = agreements.evolve(agreed.get(fact.agreement), fact)
        elif fact is not None:
            others.append(fact)
    return Doctor(folded_track(others), agreed)


def _decide_plain(
    doctor: Doctor, names: Mapping[tuple[str, str], str], fact: Fact, reference: Reference
) -> tuple[Fact, ...]:
    for code in fact.municipalities():
        reference.check_municipality(code)
    if isinstance(fact, CostsReported):
        reference.check_cost_element(fact.round, fact.element)
    for name in fact.names():
        if names.get(name, fact.id) != fact.id:
            raise refused("name-used", name=name[1])
    if isinstance(fact, AgreementFact):
        return agreements.decide(doctor.agreements.get(fact.agreement), fact)
    return decide_on_the_track(doctor.track, fact)


def _after_correction(history: History, fact: FactCorrected, reference: Reference) -> None:
    """Refuse a correction after which the history would not be valid."""
    if fact.corrects not in history.standing:
        raise refused("unknown-fact", name=fact.corrects)
    original = history.standing[fact.corrects]
    if original is None:
        raise refused("fact-withdrawn", name=fact.corrects)
    if isinstance(original, FactCorrected):
        raise refused("correction-of-correction")
    now = {**history.standing, fact.corrects: corrected(original, fact)}
    doctor = Doctor()
    for each in now.values():
        if each is None or isinstance(each, FactCorrected):
            continue
        try:
            _decide_plain(doctor, history.names, each, reference)
        except Refused as refusal:
            mine = each.id == fact.corrects
            code = "correction-invalid" if mine else "others-build-on-it"
            raise refused(code, name=each.id, because=refusal) from None
        doctor = evolve_doctor(doctor, each)
