"""Decisions of many kinds, recorded once with the whole log that they rest on, and repeated for ever.

`python -m tests.recorded_decisions` writes those that are not there yet to `casework/decisions`; what is there is never
written again. Those named `…-as-first-stored` are of the release in which what the program proposed was a limit too.
`rule-book.json` there has the events of the rule book that all of them begin with.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import psycopg
from psycopg.rows import dict_row

from deploy.clock import now
from deploy.database import embedded
from deploy.migrate import migrate
from domain.casework.commands.commands import Actor
from domain.rulebook.release import shipped_contents
from domain.rules.sets.rule_set import digest_of
from tests.claiming import Claiming, claiming, command_by
from tests.desk import Desk, desk
from tests.golden_cases import CASES
from tests.scenario import BEIARN, BODO, Json, Told, full_time, track

FINAL_RATES: Final = "nasjonal-alis-2026-final"
FOLDER: Final = Path(__file__).parent / "domain" / "casework" / "decisions"
BOOK: Final = FOLDER / "rule-book.json"
_COLUMNS: Final = (
    "position", "stream", "version", "topic", "doctor", "doctor_version", "municipality", "recorded_at", "stored_at",
    "recorded_by", "role", "organisation", "command_id", "correlation_id", "causation_id", "source",
)  # fmt: skip
_SELECT: Final = (
    "SELECT *, convert_from(payload, 'UTF8') AS text, encode(hash, 'hex') AS chained FROM events ORDER BY 1"
)

_GO_ON: Final = "SELECT setval(pg_get_serial_sequence('events', 'position'), max(position)) FROM events"


# ---------------------------------------------------------------- in and out of a database


def rows_of(at: Desk) -> list[Json]:
    """The whole log as JSON, exactly as it is stored."""
    with psycopg.connect(at.url, row_factory=dict_row) as connection:
        found = connection.execute(_SELECT).fetchall()
    return [
        {name: _plain(row[name]) for name in _COLUMNS} | {"payload": row["text"], "hash": row["chained"]}
        for row in found
    ]


def load(url: str, rows: Iterable[Mapping[str, Any]]) -> None:
    """Store rows as they were, positions, moments and hashes and all; keys there are none."""
    names = [*_COLUMNS, "payload", "hash"]
    query = f"INSERT INTO events ({', '.join(names)}) OVERRIDING SYSTEM VALUE VALUES ({', '.join(['%s'] * len(names))})"  # noqa: S608 - names of this file
    with psycopg.connect(url) as connection:
        for row in rows:
            bytes_of = {"payload": row["payload"].encode(), "hash": bytes.fromhex(row["hash"])}
            connection.execute(query.encode(), [{**row, **bytes_of}[name] for name in names])
        connection.execute(_GO_ON)


def _plain(value: object) -> object:
    return value if value is None or isinstance(value, int | str) else str(value)


# ---------------------------------------------------------------- the kinds


def whole(told: Told, *steps: str, municipality: str = BODO) -> Callable[[Desk], Claiming]:
    """A claim of one history, granted as computed, and some steps more."""

    def make(at: Desk) -> Claiming:
        at.imports(told.facts)
        claim = claiming(at).of(municipality).decided()
        for step in steps:
            claim.do(step)
        return claim

    return make


def applied(told: Told, municipality: str = BODO, **fields: object) -> Callable[[Desk], Claiming]:
    """A claim of one history that applies for less than is computed."""

    def make(at: Desk) -> Claiming:
        at.imports(told.facts)
        claim = claiming(at).of(municipality).opened()
        [hpr] = claim.state.lines
        claim.do("confirm_line", hpr=hpr, applied=fields)
        for step in ("submit", "assess", "propose", "approve"):
            claim.do(step)
        return claim

    return make


def decided_again(first: Told, *later: Told) -> Callable[[Desk], Claiming]:
    """A claim that what became known later changes, paid or reclaimed once more."""

    def make(at: Desk) -> Claiming:
        at.imports(first.facts)
        claim = claiming(at).paid()
        for told in later:
            at.imports(told.facts)
            claim.do("reopen")
            for hpr in claim.state.lines:
                claim.do("confirm_line", hpr=hpr, applied=None)
            for step in ("assess", "propose", "approve"):
                claim.do(step)
            claim.do("pay" if claim.state.outstanding > 0 else "reclaim")
        return claim

    return make


def partly_granted(at: Desk) -> Claiming:
    for hpr in ("9000001", "9000002", "9000003"):
        at.imports(fact | {"hpr": hpr} for fact in full_time("2025-06-01").facts)
    claim = claiming(at).assessed()
    why = {"reason_code": "documentation_missing", "reason": "veiledningen er ikke dokumentert"}
    partly = {"hpr": "9000002", "outcome": "partly_granted", "kroner": 100_000, **why}
    claim.do("propose", lines=[partly, {"hpr": "9000003", "outcome": "refused", "kroner": 0, **why}])
    claim.do("approve")
    return claim


def reopened_for_an_error(at: Desk) -> Claiming:
    """A line that was refused by mistake is granted, though nothing became known."""
    at.imports(full_time("2025-06-01").facts)
    claim = claiming(at).assessed()
    why = {"reason_code": "documentation_missing", "reason": "avtalen mangler"}
    claim.do("propose", lines=[{"hpr": "9000001", "outcome": "refused", "kroner": 0, **why}])
    claim.do("approve")
    claim.do("reopen", reason_code="error_in_decision", reason="avtalen lå ved hele tiden")
    claim.do("assess")
    claim.do("propose", lines=[{"hpr": "9000001", "outcome": "granted", "kroner": 378_656}])
    claim.do("approve")
    return claim


def line_after_decision(at: Desk) -> Claiming:
    """A doctor was registered after the decision: the claim is opened again with the line, and decided anew."""
    at.imports(full_time("2025-06-01").facts)
    claim = claiming(at).paid()
    at.imports(fact | {"hpr": "9000002"} for fact in full_time("2025-06-01").facts)
    for step in ("reopen", "assess", "propose", "approve", "pay"):
        claim.do(step)
    return claim


def sent_back_and_returned(at: Desk) -> Claiming:
    at.imports(full_time("2025-06-01").facts)
    claim = claiming(at).assessed()
    for step in ("return", "submit", "assess", "propose", "send_back", "assess", "propose", "approve"):
        claim.do(step)
    return claim


def withdrawn_and_opened_again(at: Desk) -> Claiming:
    at.imports(full_time("2025-06-01").facts)
    claim = claiming(at).submitted()
    claim.do("withdraw")
    return claim.decided()


def every_golden_case(at: Desk) -> Claiming:
    """Everything that a claim can hold: each golden case of Bodø in 2026 a doctor of its own."""
    cases = [case for case in CASES if (case.municipality, case.round) == (BODO, "2026")]
    at.imports(fact for n, case in enumerate(cases) for fact in case.of(f"{9_100_001 + n}").facts)
    claim = claiming(at).assessed()
    assessment = claim.state.assessment
    assert assessment
    why = {"reason_code": "conditions_not_met", "reason": "ingen tilskuddsmåneder"}
    nothing = [hpr for hpr, line in assessment.lines.items() if not line.amount]
    claim.do("propose", lines=[{"hpr": hpr, "outcome": "refused", "kroner": 0, **why} for hpr in nothing])
    claim.do("approve")
    return claim


def with_costs(at: Desk) -> Claiming:
    at.imports(full_time("2025-06-01").facts)
    claim = claiming(at).opened().confirmed()
    for step in ("report_costs", "submit", "assess", "propose", "approve"):
        claim.do(step)
    return claim


def rate_unknown(at: Desk) -> Claiming:
    """In 2022 what guidance alone was paid is not known: such a line has no amount, and is refused."""
    at.imports(track("2021-01-01").position("p1").facts)
    claim = claiming(at).for_claim(f"{BODO}-2022").opened().confirmed()
    claim.do("allow_late_submission")
    claim.do("submit")
    claim.do("assess")
    why = {"reason_code": "other", "reason": "satsen er ikke kjent"}
    claim.do("propose", lines=[{"hpr": "9000001", "outcome": "refused", "kroner": 0, **why}])
    claim.do("approve")
    return claim


def rules_superseded(at: Desk) -> Claiming:
    """Decided under the provisional rates, and again under the final ones that superseded them."""
    at.imports(full_time("2025-06-01").facts)
    claim = claiming(at).paid()
    publish_the_final_rates(at)
    for step in ("reopen", "assess", "propose", "approve", "pay"):
        claim.do(step)
    return claim


def publish_the_final_rates(at: Desk) -> None:
    [content] = [each for each in shipped_contents() if each["id"] == FINAL_RATES]
    digest = digest_of(dict(content))
    book, kari, ola = at.casework.book, Actor.named("rules:kari"), Actor.named("approver:ola")
    book.draft(FINAL_RATES, content, now(), command_by(kari))
    book.approve(FINAL_RATES, digest, now(), command_by(ola))
    book.publish(FINAL_RATES, digest, now(), command_by(kari))


def within_limits(at: Desk) -> Claiming:
    """A person limited the line; what became known later gives more within the limits, and no more beyond them."""
    at.imports(LEAVES.facts)
    claim = claiming(at).opened()
    claim.do("confirm_line", applied={"first_month": "2025-08", "last_month": "2026-03"}, reason="prøvetid")
    for step in ("submit", "assess", "propose", "approve", "pay"):
        claim.do(step)
    at.imports([STAYED])
    for step in ("reopen", "assess", "propose", "approve", "pay"):
        claim.do(step)
    return claim


def withdrawn_after_sent_back(at: Desk) -> Claiming:
    """Assessed, proposed, sent back, withdrawn, opened again with less, and approved."""
    at.imports(full_time("2025-06-01").facts)
    claim = claiming(at).proposed()
    for step in ("send_back", "withdraw"):
        claim.do(step)
    at.imports([full_time("2025-06-01").known("2026-08-10").changed("p1", "2026-01-01", percent=50).facts[-1]])
    return claim.decided()


YEAR: Final = full_time("2025-06-01")
LEAVES: Final = YEAR.known("2025-11-01").ended("p1", "2025-11-14")
STAYED: Final = LEAVES.known("2026-08-10").withdrawn("4").facts[-1]
LATER: Final = YEAR.known("2026-08-10")
KINDS: Final[Mapping[str, Callable[[Desk], Claiming]]] = {
    "full-year": whole(YEAR),
    "full-year-in-class-6": whole(full_time("2025-06-01", BEIARN), municipality=BEIARN),
    "closed-after-attestation": whole(YEAR, "pay", "attach_document", "attest", "accept_report", "close"),
    "guidance-only": whole(track("2025-06-01").position("p1")),
    "guidance-only-applied-for": applied(YEAR, basis="guidance_only"),
    "some-months-applied-for": applied(YEAR, first_month="2025-09", last_month="2026-01"),
    "without-the-supplement": applied(full_time("2025-06-01", BEIARN), BEIARN, supplement=False),
    "percent-and-category-change-in-mid-month": whole(
        YEAR.changed("p1", "2025-11-12", percent=60).changed("p1", "2026-02-17", category="introductory")
    ),
    "graded-sick-leave": whole(YEAR.leave("l1", "2025-10-06", "2026-01-18", kind="sick", percent=40)),
    "parental-leave": whole(YEAR.leave("l1", "2025-10-06", "2026-03-31", kind="parental")),
    "job-switch-away": whole(YEAR.switched("p1", "2025-11-14", BEIARN)),
    "job-switch-here": whole(
        full_time("2025-06-01", BEIARN).switched("p1", "2025-11-14", BODO).agreement("a2", BODO, "2025-11-15")
    ),
    "hospital-service": whole(YEAR.hospital("h1", "2025-09-01", "2025-11-30")),
    "locum-becomes-permanent": whole(
        track("2025-06-01")
        .position("p1", category="gp_locum", last_day="2025-12-31")
        .agreement("a1")
        .position("p2", first="2026-01-01")
    ),
    "becomes-a-specialist": whole(YEAR.add("track_completed", on="2026-02-10")),
    "old-scheme-converted": whole(
        track("2024-06-01", "old").position("p1").agreement("a1").add("track_converted", on="2025-09-01")
    ),
    "partly-granted-and-refused": partly_granted,
    "sent-back-and-returned": sent_back_and_returned,
    "withdrawn-and-opened-again": withdrawn_and_opened_again,
    "costs-reported": with_costs,
    "rate-unknown": rate_unknown,
    "every-golden-case": every_golden_case,
    "late-leave-reclaimed": decided_again(YEAR, LATER.leave("l1", "2026-01-01", "2026-03-31")),
    "late-agreement-paid": decided_again(
        track("2025-06-01").position("p1"),
        track("2025-06-01").position("p1").known("2026-08-10").agreement("a1", signed_on="2025-06-01"),
    ),
    "corrected-twice": decided_again(
        YEAR,
        LATER.corrected("2", percent=50),
        LATER.corrected("2", percent=50).known("2026-08-20").corrected("2", percent=80),
    ),
    "rules-superseded": rules_superseded,
    "leaves-in-november-as-first-stored": whole(LEAVES),
    "numbered-anew-as-first-stored": withdrawn_after_sent_back,
    "withdrawn-after-sent-back": withdrawn_after_sent_back,
    "stayed-after-all": decided_again(LEAVES, LEAVES.known("2026-08-10").withdrawn("4")),
    "line-after-decision": line_after_decision,
    "reopened-for-an-error": reopened_for_an_error,
    "within-limits": within_limits,
}


def record(url: str, kind: str) -> Json:
    """A kind as it is kept: the claim, the log but for what all begin with, and what repeating gives."""
    book = json.loads(BOOK.read_text("utf-8"))
    load(url, book)
    with desk(url) as at:
        claim = KINDS[kind](at)
        expected = at.casework.claims.repeat(claim.name).as_json()
        return {"claim": claim.name, "rows": rows_of(at)[len(book) :], "expected": expected}


def _write_missing(server: str) -> None:
    """Record what is not there yet, each kind in a database of its own."""
    for number, kind in enumerate([BOOK.stem, *KINDS]):
        file = FOLDER / f"{kind}.json"
        if file.exists():
            continue
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE recorded_{number}".encode())
        url = server.replace("/alis?", f"/recorded_{number}?")
        migrate(url)
        found = record(url, kind) if kind in KINDS else _book(url)
        file.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", "utf-8")


def _book(url: str) -> list[Json]:
    with desk(url) as at:
        at.publishes()
        return rows_of(at)


if __name__ == "__main__":
    with TemporaryDirectory() as folder:
        Path(folder).chmod(0o711)
        with embedded(Path(folder) / "server", durable=False) as running:
            _write_missing(running)
