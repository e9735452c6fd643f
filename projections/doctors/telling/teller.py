"""What an event says, as a sentence that can be read aloud; nothing personal is said.

A fact names posts and agreements by the doctor's own ids; the teller remembers what they stand for.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from domain.doctor.correcting import corrected
from domain.doctor.facts.absence import (
    AgencyAffiliationEnded,
    AgencyAffiliationRegistered,
    InstitutionalServiceEnded,
    InstitutionalServiceRegistered,
    LeaveEnded,
)
from domain.doctor.facts.agreements import AgreementAmended, AgreementEnded, AgreementFact, AgreementSigned
from domain.doctor.facts.fact import Fact
from domain.doctor.facts.facts import FactCorrected
from domain.doctor.facts.positions import JobSwitched, PositionChanged, PositionEnded, PositionFields, PositionStarted
from domain.doctor.facts.supervision import (
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
from domain.values.fields import Confirmer
from domain.values.refusals.refusal import Refused
from domain.values.words import (
    CATEGORIES,
    EMPLOYMENTS,
    LEAVING_REASONS,
    SCHEMES,
    day,
    element,
    listed,
    percent,
    span,
)
from projections.doctors.telling.places import Places
from projections.doctors.telling.plain import of_account, of_guidance

_DAYS: Final = ("first_day", "on", "last_day")


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence, the day that it is about, and the municipalities that it speaks of."""

    sentence: str
    day: date | None
    municipalities: tuple[str, ...]


class Teller:
    """Tells the events of one doctor in the order they were stored."""

    def __init__(self, places: Places) -> None:
        self._place = places.name
        self._facts: dict[str, Fact] = {}
        self._named: dict[tuple[str, str], Fact] = {}

    def learn(self, fact: Fact) -> None:
        """Remember what a fact says, for the facts that build on it."""
        if isinstance(fact, FactCorrected):
            original = self._facts[fact.corrects]
            fact = _after(original, fact) or original
        self._facts[fact.id] = fact
        for name in fact.names():
            self._named[name] = fact

    def tell(self, fact: Fact) -> Said:
        """What a fact says, after those learnt."""
        if isinstance(fact, FactCorrected):
            return self._told_correction(fact)
        return Said(self._sentence(fact), _day_of(fact), tuple(dict.fromkeys(self._municipalities(fact))))

    def _told_correction(self, fact: FactCorrected) -> Said:
        original = self._facts[fact.corrects]
        before, new = self.tell(original), _after(original, fact)
        if fact.replacement is None:
            return Said(f"Trukket tilbake: «{before.sentence[:-1]}» gjelder ikke.", before.day, before.municipalities)
        now = self.tell(new) if new else before
        places = tuple(dict.fromkeys((*before.municipalities, *now.municipalities)))
        if now.sentence == before.sentence:
            return Said(f"Rettet; teksten er den samme: «{now.sentence[:-1]}».", now.day, places)
        return Said(
            f"Rettet: Der det sto «{before.sentence[:-1]}», skal det stå «{now.sentence[:-1]}».", now.day, places
        )

    def _municipalities(self, fact: Fact) -> Iterator[str]:
        """Those that a fact names, or that the post or agreement has that it is about."""
        if isinstance(fact, PositionChanged | PositionEnded | JobSwitched):
            yield self._post(fact.position).municipality
        if isinstance(fact, GuidanceConfirmed):
            yield self._session(fact.session).municipality
        elif isinstance(fact, JobSwitched):
            yield fact.new.municipality
        elif isinstance(fact, AgreementFact) and not isinstance(fact, AgreementSigned):
            yield self._agreement(fact.agreement).municipality
        elif code := fact.__dict__.get("municipality"):
            yield code

    def _post(self, name: str) -> PositionFields:
        fact = self._named["position", name]
        assert isinstance(fact, PositionStarted | JobSwitched)  # noqa: S101 - only these bring one
        return fact.new if isinstance(fact, JobSwitched) else fact

    def _agreement(self, name: str) -> AgreementSigned:
        fact = self._named["agreement", name]
        assert isinstance(fact, AgreementSigned)  # noqa: S101 - only these bring one
        return fact

    def _session(self, name: str) -> GuidanceHeld:
        fact = self._named["session", name]
        assert isinstance(fact, GuidanceHeld)  # noqa: S101 - only this brings one
        return fact

    def _begun(self, kind: str, name: str) -> str:
        """When something began that is only known by its id."""
        return day(getattr(self._named[kind, name], "first_day"))  # noqa: B009 - all that have such names have it

    def _sentence(self, fact: Fact) -> str:
        match fact:
            case PositionStarted() | PositionChanged() | PositionEnded() | JobSwitched():
                return self._of_post(fact)
            case AgreementFact():
                return self._of_agreement(fact)
            case SupervisorAssigned() | SupervisorReplaced() | SupervisorEnded():
                return self._of_supervisor(fact)
            case GuidanceConfirmed():
                return self._of_confirmation(fact)
            case _:
                plain = _of_track(fact) or of_guidance(fact, self._place) or of_account(fact, self._place)
                return plain or self._of_absence(fact)

    def _of_post(self, fact: PositionStarted | PositionChanged | PositionEnded | JobSwitched) -> str:
        if isinstance(fact, PositionStarted):
            return f"Legen har stilling som {self._as_post(fact)} {span(fact.first_day, fact.last_day)}."
        where = self._place(self._post(fact.position).municipality)
        match fact:
            case PositionChanged():
                changes = listed(_changes(fact)) or "arbeidsstedet eller tittelen blir en annen"
                return f"Stillingen i {where} endres fra {day(fact.first_day)}: {changes}."
            case PositionEnded():
                return f"Stillingen i {where} slutter med {day(fact.last_day)} som siste dag{_reason(fact)}."
            case JobSwitched(new=new):
                post = f"{self._as_post(new)} {span(new.first_day, new.last_day)}"
                return (
                    f"Legen bytter stilling: {day(fact.last_day)} er siste dag i {where}{_reason(fact)},"
                    f" og legen har stilling som {post}."
                )

    def _as_post(self, post: PositionFields) -> str:
        tie = f" ({EMPLOYMENTS[post.employment]})" if post.employment else ""
        name = f", hjemmel «{post.post}»," if post.post else ""
        where = f"{CATEGORIES[post.category]}{tie} i {self._place(post.municipality)}"
        return f"{where}{name} på {percent(post.percent)}"

    def _of_agreement(self, fact: AgreementFact) -> str:
        place = self._place(fact.municipality if isinstance(fact, AgreementSigned) else self._agreed_in(fact))
        match fact:
            case AgreementSigned():
                terms = [f"den gjelder {span(fact.first_day, fact.last_day)}", *_terms(fact)]
                return f"ALIS-avtalen med {place} er signert {day(fact.signed_on)}{_signed_by(fact)}; {listed(terms)}."
            case AgreementAmended():
                last = [f"siste dag blir {day(fact.last_day)}"] if fact.last_day else []
                head = f"ALIS-avtalen med {place} endres fra {day(fact.first_day)} (signert {day(fact.signed_on)})"
                return f"{head}: {listed([*_terms(fact), *last])}."
            case AgreementEnded():
                return f"ALIS-avtalen med {place} avsluttes med {day(fact.last_day)} som siste dag."
        raise LookupError(fact.event_topic)

    def _agreed_in(self, fact: AgreementFact) -> str:
        return self._agreement(fact.agreement).municipality

    def _of_supervisor(self, fact: SupervisorAssigned | SupervisorReplaced | SupervisorEnded) -> str:
        who = f"eileder med HPR-nummer {fact.supervisor}"
        match fact:
            case SupervisorAssigned():
                where = f" i {self._place(fact.municipality)}" if fact.municipality else ""
                doubt = "" if fact.approved else ", som ikke er godkjent"
                return f"Legen har v{who}{doubt}{where} {span(fact.first_day, fact.last_day)}."
            case SupervisorReplaced():
                return f"V{who} avløses av veileder med HPR-nummer {fact.replaced_by} fra {day(fact.first_day)}."
            case SupervisorEnded():
                return f"V{who} slutter med {day(fact.last_day)} som siste dag."

    def _of_confirmation(self, fact: GuidanceConfirmed) -> str:
        session = self._session(fact.session)
        who = "Legen" if fact.by is Confirmer.DOCTOR else "Veilederen"
        return f"{who} bekrefter veiledningen {day(session.on)} i {self._place(session.municipality)}."

    def _of_absence(self, fact: Fact) -> str:
        match fact:
            case LeaveEnded():
                begun = self._begun("leave", fact.leave)
                return f"Permisjonen eller fraværet fra {begun} slutter med {day(fact.last_day)} som siste dag."
            case InstitutionalServiceRegistered():
                kind = "i en godkjent kommunal enhet" if fact.municipal else "utenfor den kommunale tjenesten"
                return f"Legen har institusjonstjeneste {kind} {span(fact.first_day, fact.last_day)}."
            case InstitutionalServiceEnded():
                begun = self._begun("service", fact.service)
                return f"Institusjonstjenesten fra {begun} slutter med {day(fact.last_day)} som siste dag."
            case AgencyAffiliationRegistered():
                actor = "et vikarbyrå eller en annen kommersiell aktør"
                return f"Legen er knyttet til {actor} {span(fact.first_day, fact.last_day)}."
            case AgencyAffiliationEnded():
                begun = self._begun("affiliation", fact.affiliation)
                return f"Tilknytningen til vikarbyrået fra {begun} slutter med {day(fact.last_day)} som siste dag."
            case TrackResumed():
                begun = self._begun("interruption", fact.interruption)
                return f"Spesialiseringsløpet tas opp igjen {day(fact.on)} etter avbruddet fra {begun}."
        raise LookupError(fact.event_topic)


def _of_track(fact: Fact) -> str | None:
    match fact:
        case DoctorNamed():
            return "Navnet på legen er registrert."
        case TrackStarted():
            end = f" og ventes ferdig {day(fact.expected_end)}" if fact.expected_end else ""
            return f"Spesialiseringsløpet begynner {day(fact.on)} etter {SCHEMES[fact.scheme]}{end}."
        case TrackConverted():
            return f"Spesialiseringsløpet går over til ny ordning {day(fact.on)}."
        case TrackInterrupted():
            return f"Spesialiseringsløpet er avbrutt {span(fact.first_day, fact.last_day)}."
        case TrackCompleted() | TrackDiscontinued():
            how = "er fullført" if isinstance(fact, TrackCompleted) else "avsluttes uten å være fullført,"
            return f"Spesialiseringsløpet {how} med {day(fact.on)} som siste dag."
    return None


def _changes(fact: PositionChanged) -> Iterator[str]:
    """What is not personal; the rest is not known any more once the doctor's key is destroyed."""
    if fact.percent is not None:
        yield f"stillingsprosenten blir {percent(fact.percent)}"
    if fact.category is not None:
        yield f"stillingstypen blir {CATEGORIES[fact.category]}"
    if fact.employment is not None:
        yield f"tilknytningen blir {EMPLOYMENTS[fact.employment]}"
    if fact.post is not None:
        yield f"hjemmelen blir «{fact.post}»"


def _reason(fact: PositionEnded | JobSwitched) -> str:
    return f" ({LEAVING_REASONS[fact.reason_code]})" if fact.reason_code else ""


def _signed_by(fact: AgreementSigned) -> str:
    """When each of the parties signed, where that is known."""
    days = (("kommunen", fact.signed_by_municipality_on), ("legen", fact.signed_by_doctor_on))
    signed = [f"{who} signerte {day(on)}" for who, on in days if on]
    return f" ({listed(signed)})" if signed else ""


def _terms(fact: AgreementSigned | AgreementAmended) -> Iterator[str]:
    if fact.percent is not None:
        yield f"prosenten er {percent(fact.percent)}"
    if fact.elements is not None:
        yield f"elementene er {listed(map(element, fact.elements)) if fact.elements else 'ingen'}"


def _day_of(fact: Fact) -> date | None:
    """The first day that a fact is about; a month begins on its first, and costs have no day."""
    if isinstance(fact, GuidanceRecorded):
        return date.fromisoformat(f"{fact.month}-01")
    fields = fact.__dict__
    return next((fields[name] for name in _DAYS if fields.get(name)), None)


def _after(original: Fact, correction: FactCorrected) -> Fact | None:
    """The fact as corrected; corrections stored in another order than they became known may not fit one by one."""
    try:
        return corrected(original, correction)
    except Refused:
        return original
