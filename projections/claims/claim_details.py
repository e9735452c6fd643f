"""What an event of a claim says beyond its sentence, in words: every free text and every value."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final

from pydantic import BaseModel

from domain.claim.parts.parts import (
    Answer,
    AppliedBasis,
    AttestedLine,
    DecidedLine,
    DocumentKind,
    Finding,
    Outcome,
    ReasonCode,
    ReopenReason,
)
from domain.claim.stream import events as happened
from domain.claim.stream.earlier import LineAddedV1, LineConfirmedV1, LineCostsReportedV1, LinesProposedV1
from domain.claim.stream.events import ClaimEvent
from domain.claim.stream.numbering import NumberName, assessments_named, decisions_named
from domain.values import words
from domain.values.places import someone
from projections.claims.claim_sentences import BASES, DOCUMENTS, FEW, FINDINGS, OUTCOMES, REOPENED

REASON_CODES: Final[Mapping[ReasonCode, str]] = {
    ReasonCode.CONDITIONS: "vilkårene er ikke oppfylt",
    ReasonCode.DOCUMENTATION: "dokumentasjon mangler",
    ReasonCode.COSTS: "kostnadene er ikke dokumentert",
    ReasonCode.DOUBLE: "dekket av andre",
    ReasonCode.OTHER: "annet",
}
ANSWERS: Final[Mapping[Answer, str]] = {Answer.ACCEPTED: "godtatt", Answer.REOPENED: "gjenåpnes"}
LABELS: Final[Mapping[str, str]] = {
    "account": "kontonummer",
    "addressee": "adressat",
    "after": "nå",
    "amount": "kan gis",
    "answer": "svar",
    "assessment": "vurdering",
    "attested": "attestert",
    "basis": "grunnlag",
    "before": "før",
    "budget_item": "budsjettpost",
    "computed": "beregnet",
    "control_actions": "kontrollhandling",
    "costs": "kostnad",
    "decision": "vedtak",
    "due_on": "frist",
    "element": "element",
    "finding": "funn",
    "firm": "firma",
    "first_month": "fra",
    "gross": "brutto",
    "grant_scheme": "tilskuddsordning",
    "hpr": "lege",
    "kind": "type",
    "kroner": "beløp",
    "last_month": "til",
    "lines": "linjer",
    "municipality": "kommune",
    "name": "navn",
    "organisation_number": "organisasjonsnummer",
    "other_funding": "annen finansiering",
    "outcome": "utfall",
    "paid_on": "utbetalt",
    "place": "sted",
    "project_code": "prosjekt",
    "reason": "begrunnelse",
    "reason_code": "årsak",
    "reference": "referanse",
    "remark": "merknad",
    "revisor": "revisor",
    "round": "tilskuddsperiode",
    "signed_on": "signert",
    "source": "kilde",
    "statement": "attest",
    "supplement": "sentralitetstillegg",
    "total": "i alt",
    "until": "til og med",
    "what": "attestert",
}
"""What each field is called; a test finds one that has no name here."""
FOR_PROGRAMS: Final = frozenset({"digest", "document", "elements", "fact", "facts", "media_type", "rests_on", "size"})
"""Fields without words; the history has them as JSON."""
_COMMON: Final = frozenset({"type", "claim", "recorded_at", "recorded_by"})
_IN_SENTENCE: Final[Mapping[type[ClaimEvent], frozenset[str]]] = {
    happened.ClaimOpened: frozenset({"municipality", "round"}),
    **dict.fromkeys((LinesProposedV1, happened.LinesProposed), frozenset({"lines"})),
    **dict.fromkeys((LineConfirmedV1, LineAddedV1), frozenset({"hpr", "applied"})),
    **dict.fromkeys((happened.LineConfirmed, happened.LineAdded), frozenset({"hpr", "limits"})),
    happened.LineRemoved: frozenset({"hpr"}),
    **dict.fromkeys((LineCostsReportedV1, happened.LineCostsReported), frozenset({"hpr", "costs", "project_code"})),
    happened.DocumentAttached: frozenset({"hpr", "kind"}),
    happened.LateSubmissionAllowed: frozenset({"until"}),
    **dict.fromkeys((happened.ClaimAssessedV1, happened.ClaimAssessed), frozenset({"lines"})),
    happened.DecisionProposed: frozenset({"decision"}),
    happened.ProposalSentBack: frozenset({"decision"}),
    happened.DecisionApproved: frozenset({"decision", "total"}),
    **dict.fromkeys((happened.ClaimPaidV1, happened.ClaimPaid), frozenset({"kroner", "paid_on"})),
    **dict.fromkeys((happened.ClaimReclaimedV1, happened.ClaimReclaimed), frozenset({"kroner", "due_on"})),
    happened.AttestationRequested: frozenset({"due_on"}),
}
"""Fields that the sentence, the heading or the table of lines says already."""
_WORDS: Final[Mapping[type, Callable[[Any], str]]] = {
    Outcome: lambda value: OUTCOMES[value],
    Finding: lambda value: FINDINGS[value],
    DocumentKind: lambda value: DOCUMENTS[value],
    ReasonCode: lambda value: REASON_CODES[value],
    Answer: lambda value: ANSWERS[value],
    ReopenReason: lambda value: REOPENED[value],
    AppliedBasis: lambda value: BASES[value],
    date: words.day,
    bool: lambda value: "ja" if value else "nei",
}
_MONTHS: Final = frozenset({"first_month", "last_month"})
_KRONER: Final = frozenset({"kroner", "computed", "amount", "before", "after", "total"})


def content(event: ClaimEvent, *, whole: bool = True) -> dict[str, Any]:
    """All that an event says, but what an assessment rests on; if not whole, numbers alone."""
    if not whole:
        return {"decision": getattr(event, "decision", None), "assessment": getattr(event, "assessment", None)}
    return event.model_dump(mode="json", exclude={*_COMMON, "rests_on"})


def details_of(events: Sequence[ClaimEvent]) -> list[list[str]]:
    """The details of each event of a claim, from the first on; decisions and assessments by what they are called."""
    named = zip(events, decisions_named(events), assessments_named(events), strict=True)
    return [list(details(_called(event, decision=one, assessment=other))) for event, one, other in named]


def _called(event: ClaimEvent, **names: NumberName | None) -> ClaimEvent:
    return event.model_copy(update={name: called for name, called in names.items() if called is not None})


def details(event: ClaimEvent) -> Iterator[str]:
    """Lines to stand under the sentence: of the event itself, then of each of its lines."""
    left_out = _COMMON | FOR_PROGRAMS | _IN_SENTENCE.get(type(event), frozenset())
    own = [each for name, value in event if name not in left_out for each in _told(name, value, event)]
    if own:
        yield "; ".join(own)
    for name, value in event:
        if name not in left_out and isinstance(value, tuple):
            yield from map(_of_line, _worth_telling([part for part in value if _hpr(part) is not None]))


def _worth_telling(parts: Sequence[Any]) -> Sequence[Any]:
    """Of many lines those with more to say than the sentence, which counts the granted and the confirmed ones."""
    return parts if len(parts) <= FEW else [part for part in parts if not _is_plain(part)]


def _is_plain(part: BaseModel) -> bool:
    match part:
        case DecidedLine():
            return part.outcome is Outcome.GRANTED and part.reason is None
        case AttestedLine():
            return part.finding is Finding.CONFIRMED and part.remark is None
    return False


def _of_line(part: BaseModel) -> str:
    left_out = FOR_PROGRAMS | {"hpr"}
    told = (each for name, value in part if name not in left_out for each in _told(name, value, part))
    return "; ".join([f"lege {_hpr(part)}", *told])


def _told(name: str, value: Any, within: BaseModel) -> Iterator[str]:  # noqa: ANN401 - the value of any field
    """A value as `label: words`; parts within parts one after the other, and lines apart."""
    match value:
        case None:
            return
        case BaseModel():
            yield from (each for inner, one in value if inner not in FOR_PROGRAMS for each in _told(inner, one, value))
        case tuple():
            parts = [one for one in value if isinstance(one, BaseModel)]
            yield from (each for one in parts if _hpr(one) is None for each in _told(name, one, within))
            if value and not parts and (name != "lines" or len(value) <= FEW):
                yield f"{LABELS[name]}: {words.listed(_words(name, one, within) for one in value)}"
        case _:
            yield f"{LABELS[name]}: {_words(name, value, within)}"


def _words(name: str, value: Any, within: BaseModel) -> str:  # noqa: ANN401 - the value of any field
    if name == "kroner" and isinstance(within, AttestedLine):
        return f"{words.kroner(abs(value))} for {'mye' if value > 0 else 'lite'} innvilget"
    if name in _KRONER:
        return words.kroner(value)
    if name in _MONTHS:
        return words.month(value)
    if name in {"revisor", "element"}:
        return someone(value) if name == "revisor" else words.element(value)
    said = _WORDS.get(type(value))
    return said(value) if said else f"«{value}»" if name in {"reason", "remark"} else str(value)


def _hpr(part: object) -> str | None:
    found = getattr(part, "hpr", None)
    return found if isinstance(part, BaseModel) and not isinstance(part, ClaimEvent) else None
