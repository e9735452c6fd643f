"""What has happened to a claim, as sentences that can be read aloud; they hold no free text."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

from domain.claim.parts.limits import EVERYTHING, Limits, as_limits
from domain.claim.parts.parts import (
    Answer,
    AppliedBasis,
    DocumentKind,
    Finding,
    Outcome,
    ReopenReason,
    ReportedCost,
    ReportedCostV1,
)
from domain.claim.stream import events as happened
from domain.claim.stream.earlier import (
    ClaimReopenedV1,
    LineAddedV1,
    LineConfirmedV1,
    LineCostsReportedV1,
    LinesProposedV1,
)
from domain.claim.stream.events import ClaimEvent
from domain.claim.stream.numbering import NumberName, decisions_named
from domain.claim.stream.state import Status
from domain.rulebook.release import shipped_contents
from domain.values.words import COST_KINDS, FUNDING_SOURCES, counted, day, element, kroner, listed, month

STATUSES: Final[Mapping[Status, str]] = {
    Status.OPENED: "åpnet",
    Status.RETURNED: "returnert",
    Status.SUBMITTED: "sendt inn",
    Status.REOPENED: "gjenåpnet",
    Status.ASSESSED: "vurdert",
    Status.PROPOSED: "vedtak foreslått",
    Status.DECIDED: "vedtatt",
    Status.PAID: "oppgjort",
    Status.ATTESTED: "attestert",
    Status.REPORT_ACCEPTED: "rapport godtatt",
    Status.CLOSED: "avsluttet",
    Status.WITHDRAWN: "trukket",
}
OUTCOMES: Final[Mapping[Outcome, str]] = {
    Outcome.GRANTED: "innvilget",
    Outcome.PARTLY_GRANTED: "delvis innvilget",
    Outcome.REFUSED: "avslått",
}
FINDINGS: Final[Mapping[Finding, str]] = {
    Finding.CONFIRMED: "bekreftet",
    Finding.DEVIATION: "med avvik",
    Finding.NOT_POSSIBLE: "lot seg ikke kontrollere",
}
_FOUND: Final[Mapping[Finding, str]] = {**FINDINGS, Finding.NOT_POSSIBLE: "som ikke lot seg kontrollere"}
"""A finding as it is counted: én bekreftet og to som ikke lot seg kontrollere."""
DOCUMENTS: Final[Mapping[DocumentKind, str]] = {
    DocumentKind.AGREEMENT: "ALIS-avtale",
    DocumentKind.CONTRACT: "arbeidsavtale",
    DocumentKind.LEDGER: "regnskap",
    DocumentKind.GRANT_LETTER: "tilskuddsbrev",
    DocumentKind.STATEMENT: "revisorattest",
    DocumentKind.OTHER: "annet dokument",
}
REOPENED: Final[Mapping[ReopenReason, str]] = {
    ReopenReason.LATER: "nye opplysninger",
    ReopenReason.RATES: "nye satser",
    ReopenReason.ERROR: "feil i vedtaket",
    ReopenReason.COMPLAINT: "klage",
    ReopenReason.REVISOR: "det revisor fant",
}
"""Why a decision was opened again, in words."""
BASES: Final[Mapping[AppliedBasis, str]] = {
    AppliedBasis.AGREEMENT: "ALIS-avtale",
    AppliedBasis.GUIDANCE_ONLY: "kun veiledning",
}
ROLES: Final[Mapping[str | None, str]] = {
    "municipality": "kommunen",
    "caseworker": "saksbehandleren",
    "approver": "godkjenneren",
    "revisor": "revisor",
}
"""Who acts, as the sentences name them."""


FEW: Final = 12
"""The most lines that are listed one by one. Of more, plain ones are only counted."""
PROPOSED: Final = "Et vedtak ble foreslått."
"""The sentence on a proposal for readers who may not see its content."""


def sentences(events: Sequence[ClaimEvent]) -> list[str]:
    """What each event of a claim says, from the first on."""
    return [sentence(event, name) for event, name in zip(events, decisions_named(events), strict=True)]


def sentence(event: ClaimEvent, decision: NumberName | None = None) -> str:
    """What an event says; `decision` is what the decision that it names is called, if not by its number alone."""
    if isinstance(event, happened.DecisionProposed | happened.ProposalSentBack | happened.DecisionApproved):
        return _of_decision(event, decision or event.decision)
    return TOLD[type(event)](event)


def _of_decision(
    event: happened.DecisionProposed | happened.ProposalSentBack | happened.DecisionApproved, decision: NumberName
) -> str:
    match event:
        case happened.DecisionProposed():
            outcomes = _counted(OUTCOMES[line.outcome] for line in event.lines)
            total = sum(line.kroner for line in event.lines)
            return f"Vedtak {decision} ble foreslått: {outcomes}, {kroner(total)}."
        case happened.ProposalSentBack():
            return f"Forslaget til vedtak {decision} ble sendt tilbake."
        case _:
            return f"Vedtak {decision} ble godkjent: {kroner(event.total)}."


def applied_for(limits: Limits) -> str:
    """What a line applies for."""
    return f"med avgrensning: {limited_to(limits)}" if limits != EVERYTHING else "for alt som er beregnet"


def limited_to(limits: Limits) -> str:
    """What a line is limited to, in words; nothing where it is not limited."""
    basis = [] if limits.basis is None else [BASES[limits.basis]]
    supplement = {None: [], True: ["med sentralitetstillegg"], False: ["uten sentralitetstillegg"]}
    return ", ".join([*basis, *limited_months(limits.first_month, limits.last_month), *supplement[limits.supplement]])


def limited_months(first: str | None, last: str | None) -> list[str]:
    """The months that a line is limited to: `fra juni 2025 til oktober 2025`."""
    since = [f"fra {month(first)}"] if first else []
    until = [f"{'til' if first else 'til og med'} {month(last)}"] if last else []
    return [" ".join([*since, *until])] if since or until else []


def _lines(number: int) -> str:
    return counted(number, "én søknadslinje", "søknadslinjer")


def lines_confirmed(number: int, applied: str) -> str:
    """That many lines were confirmed for the same: `to søknadslinjer ble bekreftet: alt som er beregnet`."""
    return _capital(f"{_lines(number)} ble bekreftet: {applied}.")


def _lines_proposed(event: happened.LinesProposed | LinesProposedV1) -> str:
    return _capital(f"{_lines(len(event.lines))} ble foreslått ut fra det som er registrert.")


def _capital(sentence: str) -> str:
    return sentence[0].upper() + sentence[1:]


def _costs(event: happened.LineCostsReported | LineCostsReportedV1) -> str:
    costs = listed(map(_cost, event.costs))
    return f"Kostnader for lege {event.hpr} ble rapportert på prosjekt {event.project_code}: {costs}."


def _cost(cost: ReportedCostV1) -> str:
    if not isinstance(cost, ReportedCost):
        return f"{element(cost.element)} {kroner(cost.kroner)}"
    kind = f" ({COST_KINDS[cost.kind]})" if cost.kind else ""
    less = [f"{kroner(each.kroner)} fra {FUNDING_SOURCES[each.source]}" for each in cost.other_funding or ()]
    gross = [] if cost.gross is None else [f"brutto {kroner(cost.gross)}"]
    why = f" ({listed([*gross, *less])})" if gross else ""
    return f"{element(cost.element)}{kind} {kroner(cost.kroner)}{why}"


def _attached(event: happened.DocumentAttached) -> str:
    about = f" for lege {event.hpr}" if event.hpr else ""
    return f"Et dokument ble lagt ved{about}: {DOCUMENTS[event.kind]}."


def _late(event: happened.LateSubmissionAllowed) -> str:
    until = f" til og med {day(event.until)}" if event.until else ""
    return f"Søknaden kan sendes inn etter fristen{until}."


def _assessed(event: happened.ClaimAssessed) -> str:
    total = sum(line.amount or 0 for line in event.lines)
    lacking = [line.hpr for line in event.lines if line.amount is None]
    but = f"; uten beløp: lege {listed(lacking)}" if lacking else ""
    rules = f"regelsettet «{_title(event.rests_on.rule_set)}»"
    return f"Søknaden ble vurdert etter {rules}: {_lines(len(event.lines))}, {kroner(total)}{but}."


def _title(rules: str) -> str:
    """The title of a rule set of the release; one that was drafted here is known by its id alone."""
    return next((str(each["title"]) for each in shipped_contents() if each["id"] == rules), rules)


def _attested(event: happened.ClaimAttested) -> str:
    findings = _counted(_FOUND[line.finding] for line in event.lines)
    return f"Revisor attesterte {_lines(len(event.lines))}: {findings}."


def _requested(event: happened.AttestationRequested) -> str:
    due = f", innen {day(event.due_on)}" if event.due_on else ""
    return f"Revisor ble bedt om å attestere {_lines(len(event.lines))}{due}."


def _accepted(event: happened.ReportAccepted) -> str:
    again = [each.hpr for each in event.answers if each.answer is Answer.REOPENED]
    but = f"; søknaden skal gjenåpnes for lege {listed(again)}" if again else ""
    return f"Rapporten ble godtatt{but}."


def _reopened(event: happened.ClaimReopened | ClaimReopenedV1) -> str:
    why = f" på grunn av {REOPENED[event.reason_code]}" if isinstance(event, happened.ClaimReopened) else ""
    few = len(event.effects) <= FEW
    affected = listed(f"lege {line.hpr}" for line in event.effects) if few else _lines(len(event.effects))
    return f"Søknaden ble gjenåpnet{why}" + (f"; dette endrer {affected}." if event.effects else ".")


def _counted(words: Iterable[str]) -> str:
    return listed(counted(number, f"én {word}", word) for word, number in Counter(words).items())


TOLD: Final[Mapping[type[ClaimEvent], Callable[[Any], str]]] = {
    happened.ClaimOpened: lambda e: f"Søknaden for tilskuddsperioden {e.round} ble åpnet.",
    happened.LinesProposed: _lines_proposed,
    happened.LineConfirmed: lambda e: f"Linjen for lege {e.hpr} ble bekreftet {applied_for(e.limits)}.",
    happened.LineAdded: lambda e: f"Lege {e.hpr} ble lagt til {applied_for(e.limits)}.",
    LinesProposedV1: _lines_proposed,
    LineConfirmedV1: lambda e: f"Linjen for lege {e.hpr} ble bekreftet: {limited_to(as_limits(e.applied))}.",
    LineAddedV1: lambda e: f"Lege {e.hpr} ble lagt til: {limited_to(as_limits(e.applied))}.",
    happened.LineRemoved: lambda e: f"Lege {e.hpr} ble tatt ut av søknaden.",
    happened.LineCostsReported: _costs,
    LineCostsReportedV1: _costs,
    happened.DocumentAttached: _attached,
    happened.DocumentRemoved: lambda _: "Et dokument ble tatt ut av søknaden.",
    happened.LateSubmissionAllowed: _late,
    happened.ClaimSubmitted: lambda _: "Søknaden ble sendt inn.",
    happened.ClaimReturned: lambda _: "Søknaden ble returnert for retting.",
    happened.ClaimWithdrawn: lambda _: "Søknaden ble trukket.",
    happened.ClaimAssessed: _assessed,
    happened.ClaimAssessedV1: _assessed,
    **dict.fromkeys(
        (happened.ClaimPaidV1, happened.ClaimPaid), lambda e: f"{kroner(e.kroner)} ble utbetalt {day(e.paid_on)}."
    ),
    **dict.fromkeys(
        (happened.ClaimReclaimedV1, happened.ClaimReclaimed),
        lambda e: f"{kroner(e.kroner)} kreves tilbake innen {day(e.due_on)}.",
    ),
    happened.AttestationRequested: _requested,
    happened.ClaimAttested: _attested,
    happened.ReportAcceptedV1: lambda _: "Rapporten ble godtatt.",
    happened.ReportAccepted: _accepted,
    happened.ClaimClosed: lambda _: "Søknaden ble avsluttet.",
    happened.ClaimReopened: _reopened,
    ClaimReopenedV1: _reopened,
}
