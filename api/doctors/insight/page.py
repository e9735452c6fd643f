"""The insight as a page that a doctor can read: a sentence for each thing, and what was personal in clear under it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape
from typing import Any, Final

from api.described.page import STYLE
from api.doctors.insight.whole import AsSupervisor, Attached, DoctorInsight, OfKey, ReadBy, StoredFact, last_erased
from domain.claim.parts.parts import DocumentKind, Finding, Outcome
from domain.claim.parts.status import Status
from domain.doctor.facts.facts import PERSONAL_FIELDS
from domain.values.fields import LeaveKind
from domain.values.places import someone
from domain.values.words import day, kroner, moment, span
from projections.claims.about_doctor import AboutDoctor, ClaimAbout
from projections.claims.claim_sentences import DOCUMENTS, FINDINGS, OUTCOMES, STATUSES
from projections.doctors.telling.places import Places

LABELS: Final[Mapping[str, str]] = {
    "agency": "vikarbyrå",
    "institution": "institusjon",
    "kind": "slag",
    "name": "navn",
    "reason": "begrunnelse",
    "signatory": "den som signerte",
    "text": "melding",
    "title": "stillingstittel",
    "topic": "tema",
    "workplace": "arbeidssted",
}
"""What each personal field of a fact is called; a test finds one that has no name here."""
_LEAVES: Final[Mapping[LeaveKind, str]] = {
    LeaveKind.PARENTAL: "foreldrepermisjon",
    LeaveKind.SICK: "sykdom",
    LeaveKind.STATUTORY: "lovfestet permisjon",
    LeaveKind.AGREED: "avtalt permisjon",
    LeaveKind.OTHER: "annet fravær",
    LeaveKind.ERASED_EXTENDING: "slettet; permisjonen forlenger de fem årene",
    LeaveKind.UNTOLD: "ikke oppgitt",
    LeaveKind.ERASED_OTHER: "slettet; fraværet forlenger ikke de fem årene",
}
_STATES: Final = {"standing": "gjelder", "corrected": "rettet", "withdrawn": "trukket tilbake"}
HAPPENED: Final[Mapping[str, str]] = {
    "opened": "Søknaden ble åpnet.",
    "lines-proposed": "Linjen ble foreslått ut fra det som er registrert.",
    "line-confirmed": "Linjen ble bekreftet.",
    "line-added": "Linjen ble lagt til.",
    "line-removed": "Linjen ble tatt ut av søknaden.",
    "costs-reported": "Kostnader for linjen ble rapportert.",
    "document-attached": "Et dokument ble lagt ved linjen.",
    "document-removed": "Et dokument ble tatt ut av søknaden.",
    "late-submission-allowed": "Søknaden kan sendes inn etter fristen.",
    "submitted": "Søknaden ble sendt inn.",
    "returned": "Søknaden ble returnert for retting.",
    "withdrawn": "Søknaden ble trukket.",
    "assessed": "Linjen ble vurdert.",
    "decision-proposed": "Et vedtak ble foreslått.",
    "proposal-sent-back": "Forslaget til vedtak ble sendt tilbake.",
    "decided": "Vedtaket ble godkjent.",
    "paid": "Tilskudd ble utbetalt.",
    "reclaimed": "Tilskudd ble krevd tilbake.",
    "attestation-requested": "Revisor ble bedt om å attestere.",
    "attested": "Revisor attesterte.",
    "report-accepted": "Rapporten ble godtatt.",
    "closed": "Søknaden ble avsluttet.",
    "reopened": "Søknaden ble gjenåpnet.",
}
"""What happened to a claim, by the middle of the event's topic, without anybody's sums."""
_OF_KEY: Final = {
    "erasure_requested": "Noen ba om at det personlige skal slettes.",
    "erasure_withdrawn": "Det ble trukket tilbake at det personlige skal slettes.",
    "doctor_key_destroyed": "Det personlige ble slettet, og kan ikke leses mer.",
}
_OUTCOMES: Final = {"answered": "fikk svar", "not_found": "fant ingenting", "refused": "ble avvist"}
_PAGE: Final = """\
<!doctype html>
<html lang="nb"><head><meta charset="utf-8"><title>{title}</title>
<meta name="viewport" content="width=device-width"><link rel="icon" href="data:,">
<style>{style}</style></head><body><main>
<h1>{title}</h1>
<p>HPR-nummer {hpr}. Slik det sto {day}. Alt står også i innsyn.json, som programmer kan lese.</p>
{erased}{body}</main></body></html>
"""
_LINKED: Final = "innloggingen din ble koblet til HPR-nummeret ditt"
Row = Sequence[str]


def insight_page(insight: DoctorInsight, places: Places) -> str:
    """The page, whole, with nothing to be fetched and no script."""
    body = "".join(_body(insight, places))
    for person, name in insight.persons.items():
        body = body.replace(person, escape(name))
    title = f"Alt som er lagret om {insight.name}" if insight.name else "Alt som er lagret om deg"
    return _PAGE.format(
        title=escape(title),
        style=STYLE,
        hpr=escape(insight.hpr),
        day=day(insight.day),
        erased="".join(_erased(insight)),
        body=body,
    )


def _erased(insight: DoctorInsight) -> Iterator[str]:
    found = last_erased(insight)
    if found is not None:
        yield (
            f"<p>Navn, permisjonstyper, fritekst og vedlegg fra før {escape(moment(found.at))} er slettet for"
            " alltid, og kan ikke gis ut. Måneder, kroner og vedtak står, fordi de skal kunne regnes ut på nytt.</p>\n"
        )


def _body(insight: DoctorInsight, places: Places) -> Iterator[str]:
    yield from _table("Opplysninger", ("Kjent", "Hva", "Registrert av", "Nå"), _facts(insight.facts))
    for claim in insight.claims:
        heading = f"Søknaden fra {places.name(claim.municipality)} for tilskuddsperioden {claim.round}"
        yield from _table(heading, ("Når", "Hva", "Av"), _claim(claim))
    yield from _table("Vedlegg", ("Lagt ved", "Hva", "Av", "Fil"), map(_document, insight.documents))
    yield from _table("Hvor langt du er kommet", ("Mål", "Kilde"), _meters(insight))
    yield from _table("Registrert som veileder", ("Kjent", "Hva", "Registrert av"), _supervisor(insight, places))
    yield from _table("Nevnt andre steder", ("Når", "Hva", "Av"), _mentioned(insight, places))
    yield from _table("Hvem som har lest om deg", ("Når", "Hvem", "Hva som skjedde"), map(_read, insight.read_by))
    yield from _table("Sletting", ("Når", "Hva", "Av"), map(_of_key, insight.keys))
    yield from _table("Innlogging", ("Når", "Hva"), ((moment(each), _LINKED) for each in insight.signs_in))
    kept = ((each.what, each.how_long, each.why, each.source) for each in insight.kept)
    yield from _table("Hvor lenge det beholdes", ("Hva", "Hvor lenge", "Hvorfor", "Grunnlag"), kept)


def _table(heading: str, head: Row, rows: Iterable[Row]) -> Iterator[str]:
    yield f"<h2>{escape(heading)}</h2>\n"
    told = [_row("td", row) for row in rows]
    yield from (["<table>", _row("th", head), *told, "</table>\n"] if told else ["<p>Ingenting.</p>\n"])


def _row(cell: str, texts: Row) -> str:
    return f"<tr>{''.join(f'<{cell}>{escape(text)}</{cell}>' for text in texts)}</tr>\n"


def _facts(stored: Iterable[StoredFact]) -> Iterator[Row]:
    for each in stored:
        more = "; ".join(_personal(each.fact.fact))
        said = f"{each.sentence} ({more})" if more else each.sentence
        yield moment(each.known_at), said, someone(each.by), _now(each)


def _now(each: StoredFact) -> str:
    state = _STATES[each.fact.state]
    return f"{state}; personlig innhold er slettet" if each.erased else state


def _personal(part: Mapping[str, Any]) -> Iterator[str]:
    """The personal values of a fact, and of what is nested in it."""
    for name, value in part.items():
        if isinstance(value, dict):
            yield from _personal(value)
        elif name in PERSONAL_FIELDS and value is not None and (name != "kind" or value in set(LeaveKind)):
            yield f"{LABELS[name]}: {_LEAVES[LeaveKind(value)] if name == 'kind' else value}"


def _claim(claim: ClaimAbout) -> Iterator[Row]:
    for each in claim.happened:
        yield moment(each.at), " ".join([HAPPENED[each.event.split(".")[1]], *_more(each)]), someone(each.by)
    yield "", f"Søknaden er nå {STATUSES[Status(claim.status)]}.", ""


def _more(each: AboutDoctor) -> Iterator[str]:
    """What is said of the doctor's own line: amounts, outcome, findings, and what people wrote."""
    for part in (each.content, each.content.get("line")):
        said: Mapping[str, Any] = part if isinstance(part, dict) else {}
        if "outcome" in said:
            yield f"Linjen: {OUTCOMES[Outcome(said['outcome'])]}, {kroner(said['kroner'])}."
        if "finding" in said:
            yield f"Linjen: {FINDINGS[Finding(said['finding'])]}."
        if said.get("amount") is not None:
            yield f"Linjen: {kroner(said['amount'])} kan gis."
        yield from (f"«{said[name]}»" for name in ("reason", "remark") if said.get(name))


def _document(each: Attached) -> Row:
    what = f"{DOCUMENTS[DocumentKind(each.kind)]}: {each.name}, {each.size} byte"
    return moment(each.attached_at), what, someone(each.attached_by), each.file or "slettet"


def _meters(insight: DoctorInsight) -> Iterator[Row]:
    found = insight.meters["meters"]
    assert isinstance(found, list)  # noqa: S101 - as the meters tell themselves
    yield from ((str(each["text"]), f"{each['note']} ({each['source']})") for each in found if isinstance(each, dict))


def _supervisor(insight: DoctorInsight, places: Places) -> Iterator[Row]:
    for each in insight.as_supervisor:
        yield moment(each.recorded_at), _guides(each, places), someone(each.recorded_by)


def _guides(each: AsSupervisor, places: Places) -> str:
    where = f" i {places.name(each.municipality)}" if each.municipality else ""
    called = f" (navn: {each.name})" if each.name else ""
    return f"Veileder for en lege{where} {span(each.first_day, each.last_day)}.{called}"


def _mentioned(insight: DoctorInsight, places: Places) -> Iterator[Row]:
    for each in insight.mentioned:
        offered = f"{places.name(each.municipality)} tilbyr deg som veileder." if each.municipality else ""
        yield (
            moment(each.at),
            offered or "Noen i saksbehandlingen har oppgitt en tilknytning til deg.",
            someone(each.by),
        )


def _read(each: ReadBy) -> Row:
    behalf = f" for {each.on_behalf_of}" if each.on_behalf_of else ""
    why = f": «{each.reason}»" if each.reason else ""
    return moment(each.at), f"{someone(each.by)}{behalf}", f"{_OUTCOMES[each.outcome]}{why}"


def _of_key(each: OfKey) -> Row:
    return moment(each.at), _OF_KEY[each.event], someone(each.by)
