"""Three municipalities with claims, doctors of their own and doctors in common; each writes a word of its own in all.

Every text, name and id that a municipality sends has its word, so an answer to another that has it has told too much.
The doctors and supervisors of one municipality alone, the days of its facts and the kroner of its lines are its own.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

import httpx

from domain.casework.service import Casework
from domain.values import words
from domain.values.norwegian_time import norwegian_day
from tests.api.asking import Json, as_, imported
from tests.issuer import FIRM, OFFICE

ROUND: Final = "2026"
CODES: Final = ("1804", "1839", "1875")
WORD: Final = dict(zip(CODES, ("Ravnfjell", "Ulvdal", "Gaupnes"), strict=True))
HOME: Final = {"1804": ("9100001", "9100002"), "1839": ("9200001", "9200002"), "1875": ("9300001", "9300002")}
"""The doctors of one municipality alone."""
OVER, UNDER, MOVED, LEFT = "9412001", "9413001", "9423001", "9431001"
"""Doctors with posts over 100 percent in two, with posts in two, switched from one to another, and gone from one."""
SHARED: Final = {OVER: ("1804", "1839"), UNDER: ("1804", "1875"), MOVED: ("1839", "1875"), LEFT: ("1875", "1804")}
SUPERVISOR: Final = {"1804": "9700001", "1839": "9800002", "1875": "9900003"}
CASEWORKER, APPROVER = "saksbehandler:ada", "godkjenner:bo"
EARLY: Final = "2025-09-01T00:00:00Z"
"""Before anything of the second of two municipalities became known."""
_PAID_TO: Final = {"1804": "972418013", "1839": "961147867", "1875": "970542507"}
_DAY_OF: Final = {"1804": 3, "1839": 7, "1875": 11}


def doctors_of(code: str) -> list[str]:
    """The doctors that a municipality has to do with."""
    return [*HOME[code], *(hpr for hpr, codes in SHARED.items() if code in codes)]


DOCTORS: Final = tuple(dict.fromkeys(hpr for code in CODES for hpr in doctors_of(code)))


def person(code: str, role: str) -> str:
    """Somebody who acts for a municipality in a role."""
    return f"{role}:{WORD[code].lower()}-{role}; organisation={code}"


def document_of(code: str, hpr: str) -> bytes:
    """What is attached to a line."""
    return f"%PDF-1.7\n% {WORD[code]} {hpr}\n".encode()


@dataclass(frozen=True)
class Own:
    """What one municipality registers of one doctor, from a day on."""

    code: str
    hpr: str
    first: date
    percent: int

    @property
    def word(self) -> str:
        """What stands in every text of the municipality."""
        return f"{WORD[self.code]}-{self.hpr}"

    def fact(self, number: int, kind: str, /, **fields: Any) -> Json:  # noqa: ANN401 - JSON
        """A fact under an id with the word; the later a doctor came, the later it became known."""
        known = max(self.first, date(2024, 9, _DAY_OF[self.code]))
        head = {"id": f"{self.word}-{number}", "type": kind, "hpr": self.hpr, "recorded_by": f"kommune:{self.code}"}
        return {**head, "recorded_at": f"{known}T08:{_DAY_OF[self.code]:02}:{number:02}Z", **fields}

    def facts(self, last: date | None = None) -> Iterator[Json]:
        """A post under an agreement with supervisor and guidance, changed, corrected and paid for."""
        there = {"municipality": self.code}
        post = {"position": f"{self.word}-post", "category": "gp", "percent": self.percent, **there}
        texts = {"workplace": f"{self.word} legesenter", "title": f"{self.word} tittel", "post": WORD[self.code][:4]}
        guides = {"supervisor": SUPERVISOR[self.code], **there}
        ends = {} if last is None else {"last_day": last.isoformat()}
        first = self.first.isoformat()
        yield self.fact(1, "position_started", **post, **texts, first_day=first, **ends)
        signed = {"signed_on": first, "first_day": first, "template": "hdir-2023", "signatory": f"{self.word} Vik"}
        yield self.fact(2, "agreement_signed", agreement=f"{self.word}-avtale", **there, **signed)
        yield self.fact(3, "supervisor_assigned", **guides, first_day=first, name=f"{self.word} Veileder")
        held = {"on": (self.first + timedelta(days=20)).isoformat(), "hours": 2, "topic": f"{self.word} tema"}
        yield self.fact(4, "guidance_held", session=f"{self.word}-økt", **guides, **held)
        yield self.fact(5, "guidance_recorded", month="2026-02", hours=3, **there)
        less = {"replacement": {"hours": 4}, "reason": f"{self.word} feil"}
        yield self.fact(6, "fact_corrected", corrects=f"{self.word}-5", **less)
        kroner = 10_000 + int(self.code) + int(self.hpr[-4:])
        cost = {"round": ROUND, "element": "supervision", "kroner": kroner, "project_code": f"{self.word} prosjekt"}
        yield self.fact(7, "costs_reported", **there, **cost)


def history() -> list[Json]:
    """Everything that is known of the doctors before the claims."""
    facts: list[Json] = []
    for code in CODES:
        for number, hpr in enumerate(HOME[code]):
            own = Own(code, hpr, date(2024, 9, _DAY_OF[code]) + timedelta(days=number), 80 + number)
            facts += [_named(own, f"Navn{WORD[code]} {hpr}"), _track(own), *own.facts()]
            facts.append(_leave(own, date(2026, 3, _DAY_OF[code]), 2))
    for hpr, (one, other) in SHARED.items():
        first = Own(one, hpr, date(2024, 9, _DAY_OF[one]) + timedelta(days=2), 60 if hpr == OVER else 40)
        then = Own(other, hpr, date(2025, 10, _DAY_OF[other]) + timedelta(days=2), 60 if hpr == OVER else 40)
        gone = date(2025, 9, _DAY_OF[one] + 14) if hpr == LEFT else None
        facts += [_named(first, f"Felles {hpr}"), _track(first), *first.facts(gone)]
        facts += _switch(first, then) if hpr == MOVED else then.facts()
        facts.append(_leave(then, date(2026, 4, _DAY_OF[other]), 2))
    return sorted(facts, key=lambda fact: fact["recorded_at"])


def _named(own: Own, name: str) -> Json:
    return own.fact(0, "doctor_named", name=name)


def _track(own: Own) -> Json:
    return own.fact(0, "track_started", on=own.first.isoformat(), scheme="new") | {"id": f"{own.word}-løp"}


def _leave(own: Own, first: date, days: int) -> Json:
    last = first + timedelta(days=days)
    fields = {"kind": "sick", "first_day": first.isoformat(), "last_day": last.isoformat()}
    known = {"recorded_at": f"2026-02-20T08:{_DAY_OF[own.code]:02}:08Z"}
    return own.fact(8, "leave_registered", leave=f"fravær-{own.hpr}", **fields) | known


def _switch(left: Own, new: Own) -> Iterator[Json]:
    """The switch is a caseworker's and one fact of both; all else of the new post is its municipality's."""
    started, *others = new.facts()
    post = {
        name: started[name] for name in ("position", "category", "percent", "municipality", "first_day", "workplace")
    }
    last = (new.first - timedelta(days=3)).isoformat()
    both = {"position": f"{left.word}-post", "last_day": last, "new": post, "reason": "Bytte."}
    known = {"recorded_at": "2025-10-02T08:00:00Z"}
    yield started | {"id": "bytte", "type": "job_switched", "recorded_by": CASEWORKER} | both | known
    yield from others


class Country:
    """The country as a service answers about it."""

    def __init__(self, client: httpx.Client, casework: Casework) -> None:
        self._client = client
        imported(casework, json.dumps([_clean(fact) for fact in history()], ensure_ascii=False).encode())
        for code in CODES:
            self._entries(code)
            self._claim(code)
        imported(casework, json.dumps(list(self._later()), ensure_ascii=False).encode())
        self._again("1804")

    @staticmethod
    def _later() -> Iterator[Json]:
        """What each municipality tells of every doctor after the decisions."""
        for code in CODES:
            for hpr in doctors_of(code):
                own = Own(code, hpr, date(2026, 8, _DAY_OF[code]), 30)
                fields = {
                    "position": f"{own.word}-post",
                    "first_day": f"2026-01-{_DAY_OF[code] + 13:02}",
                    "percent": 37,
                }
                if (hpr, code) != (LEFT, "1875") and (hpr, code) != (MOVED, "1839"):
                    yield own.fact(9, "position_changed", **fields)

    def _entries(self, code: str) -> None:
        """Whom a municipality has engaged and invited, whom to ask there, and which supervisor it offers."""
        word = WORD[code]
        entries: tuple[Json, ...] = (
            {"type": "revisor_engaged", "organisation_number": FIRM, "person": f"{word} Revisor"},
            {"type": "office_invited", "organisation_number": OFFICE},
            {"type": "contact_given", "role": "grant", "name": f"{word} Kontakt", "e_mail": f"{word}@kommunen.example"},
            {"type": "supervisor_offered", "supervisor": SUPERVISOR[code], "places": 3},
        )
        for number, entry in enumerate(entries):
            asked = {"entry": f"{word}-{number}", "first_day": "2026-01-01", **entry}
            response = self._client.post(f"municipalities/{code}/entries", json=asked, headers=as_(f"kommune:{code}"))
            assert response.status_code == 201, (asked, response.text)

    def _claim(self, code: str) -> None:
        """The claim of a municipality, from opening to a statement, with its word in all that is written."""
        word, own, revisor = WORD[code], f"kommune:{code}", person(code, "revisor")
        opened = self._step(code, own, type="open")
        lines = [line["hpr"] for line in opened["lines"]]
        for hpr in lines:
            limited = {"applied": {"last_month": "2026-04"}, "reason": f"{word} {hpr} avgrenset"}
            self._step(code, own, type="confirm_line", hpr=hpr, **(limited if hpr == HOME[code][1] else {}))
            self._attach(code, hpr)
        self._step(code, CASEWORKER, type="allow_late_submission", until="2027-12-31", reason=f"{word} brev")
        self._step(code, own, type="submit", name=f"{word} Navnesen")
        remarks = [{"hpr": hpr, "remark": f"{word} {hpr} mangler"} for hpr in lines]
        self._step(code, CASEWORKER, type="return", reason=f"{word} retur", lines=remarks)
        self._step(code, own, type="submit", name=f"{word} Navnesen")
        self._step(code, CASEWORKER, type="assess")
        self._step(code, CASEWORKER, type="propose", lines=self._part(code))
        self._step(code, APPROVER, type="send_back", reason=f"{word} tilbake")
        self._step(code, CASEWORKER, type="propose", lines=self._part(code))
        decided = self._step(code, APPROVER, type="approve")
        self._attested(code, revisor, decided)

    def _attested(self, code: str, revisor: str, decided: Json) -> None:
        moment = datetime.fromisoformat(decided["history"][-1]["at"])
        word, today = WORD[code], str(norwegian_day(moment))
        account = {"organisation_number": _PAID_TO[code], "account": "12345678903", "reference": f"{word} bilag"}
        self._step(code, CASEWORKER, type="pay", kroner=decided["granted"], paid_on=today, **account)
        self._step(code, CASEWORKER, type="request_attestation", revisor=revisor.partition(";")[0])
        signed = [
            {
                "hpr": line["hpr"],
                "digest": line["digest"],
                "finding": "confirmed",
                "remark": f"{word} {line['hpr']} sett",
            }
            for line in decided["lines"]
            if line["granted"]
        ]
        texts = {"grant_scheme": "Nasjonal ALIS", "budget_item": "kap. 762", "addressee": "Helsedirektoratet"}
        what = {"what": f"{word} avtale", "document": digest_of(code, HOME[code][0])}
        seen = {"attested": [what], "control_actions": [f"{word} lest"]}
        by = {"place": f"{word} sted", "signed_on": today, "name": f"{word} Revisor", "firm": f"{word} revisjon"}
        self._step(code, revisor, type="attest", **texts, **seen, **by, lines=signed)

    def _again(self, code: str) -> None:
        """The claim opened again for what became known, with a new proposal that nobody has approved."""
        word = WORD[code]
        self._step(code, CASEWORKER, type="reopen", reason=f"{word} gjenåpnet")
        self._step(code, CASEWORKER, type="assess")
        self._step(code, CASEWORKER, type="propose", lines=self._part(code))

    @staticmethod
    def _part(code: str) -> list[Json]:
        """A line that gets less than it could, with the reason."""
        less = {"outcome": "partly_granted", "kroner": 100_000 + int(code), "reason_code": "other"}
        return [{"hpr": HOME[code][0], **less, "reason": f"{WORD[code]} {HOME[code][0]} trekk"}]

    def _attach(self, code: str, hpr: str) -> None:
        query = {"kind": "agreement", "hpr": hpr, "name": f"{WORD[code]} {hpr} avtale"}
        headers = {**as_(f"kommune:{code}"), "Content-Type": "application/pdf"}
        address, content = f"claims/{code}-{ROUND}/documents", document_of(code, hpr)
        response = self._client.post(address, params=query, content=content, headers=headers)
        assert response.status_code == 200, response.text

    def _step(self, code: str, actor: str, **asked: Any) -> Json:  # noqa: ANN401 - JSON
        response = self._client.post(f"claims/{code}-{ROUND}/steps", json=asked, headers=as_(actor))
        assert response.status_code in {200, 201}, (asked["type"], response.text)
        found: Json = response.json()
        return found


def digest_of(code: str, hpr: str) -> str:
    """What a document is addressed by."""
    return f"sha256:{hashlib.sha256(document_of(code, hpr)).hexdigest()}"


def _clean(fact: Json) -> Json:
    """A switch has the fields of a switch alone."""
    if fact["type"] != "job_switched":
        return fact
    kept = ("id", "type", "hpr", "recorded_at", "recorded_by", "position", "last_day", "new", "reason")
    return {name: fact[name] for name in kept}


def days_of(code: str) -> set[str]:
    """The days of facts that no other municipality needs, as they are written for programs and for people."""
    facts = [fact for fact in history() if fact["recorded_by"] == f"kommune:{code}" and _is_apart(fact)]
    names = ("first_day", "last_day", "signed_on", "on")
    found = {fact[name] for fact in facts for name in names if name in fact}
    own = found - {fact["on"] for fact in history() if fact["type"] == "track_started" and fact["hpr"] in SHARED}
    return own | {words.day(date.fromisoformat(day)) for day in own}


def _is_apart(fact: Json) -> bool:
    """Whether a fact changes nothing for another municipality; what is the doctor's own does, and so do percents."""
    return fact["hpr"] not in SHARED or (
        fact["type"] in {"agreement_signed", "guidance_held", "supervisor_assigned"} and fact["hpr"] != OVER
    )
