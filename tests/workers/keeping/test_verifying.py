"""`alis verify` only reads, and names what can be seen to be wrong; here a superuser changes whatever it is."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from itertools import count
from pathlib import Path
from typing import Any, Final

import psycopg
import pytest
from psycopg import sql
from pydantic import SecretStr
from pydantic_core import to_json

from deploy.clock import new_id, now
from deploy.problems import InputProblem
from deploy.settings import Settings
from domain.claim.steps.registry import STEP
from domain.store import Document, Entry, Store
from domain.store.log.recorded import chained, genesis
from domain.values.streams import agreement_id, claim_id, track_id
from projections.all import ALL
from projections.engine.generations import install
from projections.engine.running import connect
from tests.claiming import MUNICIPALITY, NAME, Claiming, claiming, command_by
from tests.desk import MASTER_KEY, Desk, command, desk
from tests.domain.casework.test_rulings import rules_on
from tests.scenario import Json, full_time
from tests.workers.test_cli import alis
from workers.keeping.verifying import verified

KEY: Final = SecretStr("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=")
DOCTOR: Final = track_id("9000001")
AGREEMENT: Final = agreement_id("9000001", "a1")
CLAIM: Final = claim_id(*NAME.split("-"))
ERASED: Final = track_id("9000003")
NUMBERS: Final = count(1)
Tamper = Callable[["psycopg.Connection[Any]"], None]


def settings_of(url: str, key: SecretStr | None = KEY) -> Settings:
    return Settings(database_url=SecretStr(url), master_key=key, data_folder=Path("/nowhere"))


def attach(claim: Claiming, document: Document) -> None:
    """A document of a doctor, with its bytes."""
    fields = {"document": f"sha256:{document.digest.hex()}", "kind": "agreement", "media_type": document.media_type}
    step = {"type": "attach_document", **fields, "size": len(document.content), "hpr": "9000001", "name": "avtale"}
    claim.at.casework.claims.do(
        NAME, STEP.validate_json(to_json(step)), command_by(MUNICIPALITY), next(claim.moments), document=document
    )


def grow(at: Desk) -> None:
    """A claim with everything in it, a doctor who was erased, and read models that have come level."""
    at.publishes()
    at.imports([*full_time().leave("l1", "2025-10-05", "2025-10-20", "sick").facts])
    at.imports(fact | {"hpr": "9000002"} for fact in full_time().facts)
    at.imports(fact | {"hpr": "9000003"} for fact in full_time().leave("l1", "2025-10-05", kind="sick").facts)
    at.records(full_time().ended("p1", "2026-05-31").facts[-1] | {"hpr": "9000002", "id": "last"})
    at.erases("9000003")
    claim = claiming(at).opened()
    attach(claim, Document("application/pdf", b"%PDF-1.4\n%%EOF\n"))
    claim.confirmed().do("submit")
    for step in ("assess", "propose", "approve", "pay"):
        claim.do(step)
    claim.do("request_attestation")
    rules_on(at)
    given = {"type": "contact_given", "role": "grant", "name": "Kari Nordmann", "first_day": "2026-01-01"}
    at.casework.municipalities.register("1508", given, now(), command_by(MUNICIPALITY))
    tie = {"type": "tie_declared", "hpr": "9000001", "kind": "family", "first_day": "2026-01-01", "reason": "søsken"}
    at.casework.ties.register(tie, now(), command())
    for role in ("caseworker", "auditor"):
        read = Entry(subject=f"{role}:ab", role=role, operation="claims.read", channel="api", correlation_id=new_id())
        at.store.access_log.put(read).result(20)
    with closing(connect(at.url)) as connection:
        install(connection, ALL)


@pytest.fixture(scope="module")
def grown(server_url: str, migrated: str) -> Iterator[str]:
    """The database that those of the tests are copies of."""
    assert migrated
    name = f"grown_{next(NUMBERS)}"
    url = server_url.replace("/alis?", f"/{name}?")
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE migrated".encode())
        with desk(url) as at:
            grow(at)
        yield name
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


@pytest.fixture
def url(server_url: str, grown: str) -> Iterator[str]:
    name = f"verified_{next(NUMBERS)}"
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {grown}".encode())
        yield server_url.replace("/alis?", f"/{name}?")
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


def everything(url: str) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table, and the state of every sequence."""
    with psycopg.connect(url) as connection:
        names = connection.execute(
            "SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE c.relkind IN ('r', 'S') AND n.nspname IN ('public', 'read') ORDER BY 1, 2"
        ).fetchall()
        queries = {".".join(each): sql.SQL("SELECT * FROM {}").format(sql.Identifier(*each)) for each in names}
        return {name: sorted(connection.execute(query).fetchall(), key=repr) for name, query in queries.items()}


# ---------------------------------------------------------------- what is whole


def test_a_database_that_nobody_touched_is_intact_and_stays_as_it_is_to_the_byte(url: str) -> None:
    before = everything(url)
    told = verified(settings_of(url))
    assert told["findings"] == []
    assert (told["intact"], told["found"], told["decisions"]) == (True, 0, 1)
    assert told["events"] == len(before["public.events"])
    assert everything(url) == before
    assert any("senere kopi" in each for each in told["not_checked"])


def test_a_correction_of_an_agreement_is_where_it_belongs(url: str) -> None:
    head = {"type": "fact_corrected", "hpr": "9000001", "recorded_by": "kommune:1804", "reason": "feil"}
    signed: Json = {"id": "c1", "corrects": "3", "replacement": {"signed_on": "2024-09-30"}}
    withdrawn: Json = {"id": "c2", "corrects": "3", "replacement": None}
    with desk(url) as at:
        for hour, each in enumerate((signed, withdrawn), 9):
            at.imports([{**head, **each, "recorded_at": f"2026-08-20T{hour:02d}:00:00Z"}])
    with psycopg.connect(url) as connection:
        query = "SELECT count(*) FROM events WHERE stream = %s"
        assert connection.execute(query, (AGREEMENT,)).fetchone() == (3,)
    assert verified(settings_of(url))["findings"] == []


def test_a_role_that_may_only_read_is_enough(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("DROP ROLE IF EXISTS reader")
        connection.execute("CREATE ROLE reader LOGIN")
        connection.execute("GRANT USAGE ON SCHEMA public, read TO reader")
        connection.execute("GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader")
        connection.execute("GRANT SELECT ON ALL SEQUENCES IN SCHEMA public TO reader")
    try:
        with pytest.raises(InputProblem) as problem:
            verified(settings_of(f"{url}&user=reader"))
        assert problem.value.code == "verify-role"
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("GRANT alis_directorate TO reader")
        told = verified(settings_of(f"{url}&user=reader"))
        assert told["intact"], told["findings"]
    finally:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("DROP OWNED BY reader")
            connection.execute("DROP ROLE reader")


def test_without_the_master_key_the_rest_is_looked_at_and_that_is_said(url: str) -> None:
    told = verified(settings_of(url, None))
    assert told["intact"]
    assert "hovednøkkelen" in told["not_checked"][0]
    wrong = verified(settings_of(url, SecretStr("A" * 43 + "=")))
    assert [each["code"] for each in wrong["findings"]] == ["wrong-master-key"]


def test_a_database_with_nothing_in_it_is_left_alone(empty_database_url: str, data_folder: Path) -> None:
    ended = alis("verify", ALIS_DATABASE_URL=empty_database_url)
    assert (ended.code, ended.out) == (2, "")
    assert everything(empty_database_url) == {}
    assert alis("verify", ALIS_DATA_FOLDER=str(data_folder)).code == 2
    assert not data_folder.exists()


# ---------------------------------------------------------------- what is not


def run(*statements: str) -> Tamper:
    """Somebody who may do anything, with the triggers off."""

    def tamper(connection: "psycopg.Connection[Any]") -> None:
        for each in statements:
            connection.execute(each.encode())

    return tamper


def chained_anew(*before: str) -> Tamper:
    """The same by somebody who computes every chain anew afterwards."""

    def tamper(connection: "psycopg.Connection[Any]") -> None:
        run(*before)(connection)
        connection.commit()
        url = connection.info.dsn
        with closing(Store(url, MASTER_KEY)) as store:
            rows, hashes = list(store.chained()), b""
        for row, _ in rows:
            hashes = chained(genesis(row) if row.originator_version == 1 else hashes, row)
            connection.execute(
                "UPDATE events SET hash = %s WHERE stream = %s AND version = %s",
                (hashes, row.originator_id, row.originator_version),
            )

    return tamper


def replaced(before: str, after: str, topic: str) -> str:
    return (
        f"UPDATE events SET payload = convert_to(replace(convert_from(payload, 'UTF8'), '{before}', '{after}'), 'UTF8')"
        f" WHERE topic = '{topic}'"
    )


_ANSWERS_MOVED_UP: Final = """
UPDATE commands c SET result = regexp_replace(result, '"version": [0-9]+', '"version": ' || e.version)
FROM events e, gone WHERE e.command_id = c.id AND e.stream = gone.stream AND e.version >= gone.version
"""


def taken_out(topic: str) -> Sequence[str]:
    """An event of the claim goes, with its command; those after it move up."""
    return (
        f"DELETE FROM commands WHERE id = (SELECT command_id FROM events WHERE topic = '{topic}')",
        f"CREATE TEMP TABLE gone AS SELECT stream, version FROM events WHERE topic = '{topic}'",
        f"DELETE FROM events WHERE topic = '{topic}'",
        "UPDATE events e SET version = -e.version FROM gone WHERE e.stream = gone.stream AND e.version > gone.version",
        "UPDATE events SET version = -version - 1 WHERE version < 0",
        _ANSWERS_MOVED_UP,
    )


ANY_POSITION: Final = "ALTER TABLE events ALTER COLUMN position SET GENERATED BY DEFAULT"
UNCHECKED: Final = "ALTER TABLE events DROP CONSTRAINT events_version_check"
TAMPERED: Final[dict[str, tuple[Tamper, str, str]]] = {
    "a fact's content": (run(replaced("100", "90", "track.position-started.v1")), "event-changed", "9000001"),
    "who recorded it": (
        run("UPDATE events SET recorded_by = 'kommune:0301' WHERE topic = 'claim.paid.v2'"),
        "event-changed",
        NAME,
    ),
    "bytes that are no event": (
        run(f"UPDATE events SET payload = 'x' WHERE stream = '{DOCTOR}' AND version = 2"),
        "event-unreadable",
        "9000001",
    ),
    "an event in the middle": (
        run(f"DELETE FROM events WHERE stream = '{DOCTOR}' AND version = 2"),
        "event-missing",
        "hendelse 2 mangler",
    ),
    "a whole stream": (
        run(f"DELETE FROM events WHERE stream = '{AGREEMENT}'"),
        "doctors-event-missing",
        "Opplysning 3 om legen med HPR-nummer 9000001",
    ),
    "a doctor's last event": (
        run(
            "DELETE FROM events WHERE position = (SELECT max(position) FROM events"
            f" WHERE doctor = '{track_id('9000002')}')"
        ),
        "command-differs",
        "Forespørselen",
    ),
    "all events": (run("DELETE FROM events"), "log-emptied", "Loggen er tom"),
    "the order": (
        run(
            ANY_POSITION,
            f"UPDATE events SET position = position + 1000000 WHERE stream = '{DOCTOR}' AND version = 1",
        ),
        "event-moved",
        "9000001",
    ),
    "a position that is used twice": (
        run(
            ANY_POSITION,
            "ALTER TABLE events DROP CONSTRAINT events_pkey",
            "UPDATE events SET position = 9 WHERE position = 10",
        ),
        "position-twice",
        "Posisjon 9",
    ),
    "a command": (
        run("DELETE FROM commands WHERE id = (SELECT command_id FROM events WHERE topic = 'claim.paid.v2')"),
        "event-without-command",
        NAME,
    ),
    "what an import was answered": (
        run("UPDATE commands SET result = replace(result, '\"stored\": ', '\"stored\": 1')"),
        "command-changed",
        "Svaret",
    ),
    "what was answered": (
        run("UPDATE commands SET result = replace(result, 'claim.paid.v2', 'claim.closed.v1')"),
        "command-changed",
        "Svaret",
    ),
    "who asked": (
        run("UPDATE commands SET actor = 'saksbehandler:xy' WHERE actor = 'saksbehandler:ab'"),
        "command-differs",
        "saksbehandler xy",
    ),
    "a document": (run("DELETE FROM documents"), "document-missing", NAME),
    "a document's bytes": (
        run("UPDATE documents SET sealed = sealed || '\\x00'::bytea"),
        "document-changed",
        "et annet innhold",
    ),
    "a document's kind": (run("UPDATE documents SET media_type = 'text/plain'"), "document-changed", "et annet slag"),
    "a document that nobody attached": (
        run("INSERT INTO documents SELECT claim, sha256(digest), owner, media_type, size, sealed FROM documents"),
        "document-unknown",
        "ingen hendelse nevner",
    ),
    "a key": (run(f"DELETE FROM doctor_keys WHERE doctor = '{DOCTOR}'"), "key-missing", "9000001"),
    "another key": (
        run(
            f"UPDATE doctor_keys SET sealed_key = sealed_key || '\\x00'::bytea WHERE doctor = '{DOCTOR}'",
        ),
        "key-changed",
        "9000001",
    ),
    "who read a case": (run("UPDATE access_log SET subject = 'x' WHERE position = 2"), "access-changed", "Oppslag 2"),
    "that somebody read a case": (run("DELETE FROM access_log WHERE position = 1"), "access-missing", "Oppslag 1"),
    "the guard of the access log": (
        run("DROP TRIGGER access_log_is_for_ever ON access_log"),
        "guard-missing",
        "oppslag",
    ),
    "the guard": (run("DROP TRIGGER events_are_for_ever ON events"), "guard-missing", "Sperren"),
    "the guard, turned off": (run("ALTER TABLE events DISABLE TRIGGER ALL"), "guard-off", "Sperren"),
    "what the guard does": (
        run(
            "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RETURN NULL; END $$"
        ),
        "guard-off",
        "Sperren",
    ),
    "the counter": (
        run("SELECT setval(pg_get_serial_sequence('events', 'position'), 1)"),
        "sequence-behind",
        "Telleren",
    ),
    "a step of the tables": (
        run("UPDATE schema_migrations SET digest = 'x' WHERE name LIKE '0003%'"),
        "migration-changed",
        "0003",
    ),
    "the end, where a read model has seen more": (
        run("UPDATE projections SET position = 1000000 WHERE name = 'claims'"),
        "log-shorter",
        "claims",
    ),
    "a decision, with the chain computed anew": (
        chained_anew(UNCHECKED, *taken_out("claim.decided.v1")),
        "claim-step-missing",
        NAME,
    ),
    "a payment, with the chain computed anew": (
        chained_anew(UNCHECKED, *taken_out("claim.paid.v2")),
        "claim-step-missing",
        NAME,
    ),
    "a fact that a decision rests on, with the chain computed anew": (
        chained_anew(replaced('"percent":"100"', '"percent":"90"', "track.position-started.v1")),
        "decision-differs",
        f"Vedtak 1 i søknaden {NAME}",
    ),
    "what an assessment read, with the chain computed anew": (
        chained_anew(
            f"DELETE FROM commands WHERE id IN (SELECT command_id FROM events WHERE doctor = '{track_id('9000002')}')",
            f"DELETE FROM events WHERE doctor = '{track_id('9000002')}'",
        ),
        "read-events-missing",
        "9000002",
    ),
    "a published rule set, with the chain computed anew": (
        chained_anew(replaced('"value":"125000"', '"value":"130000"', "rulebook.rule-set-published.v1")),
        "rules-changed",
        "Regelsettet",
    ),
    "what was ruled, with the chain computed anew": (
        chained_anew(replaced('"value":"days"', '"value":"month"', "rulebook.ruling-proposed.v1")),
        "rules-changed",
        "Svaret på spørsmålet «fravær»",
    ),
    "whose an event is, with the chain computed anew": (
        chained_anew(replaced('"hpr":"9000002"', '"hpr":"9000009"', "track.started.v1")),
        "event-misplaced",
        "gjelder noe annet",
    ),
}


@pytest.mark.parametrize("what", TAMPERED)
def test_whatever_a_superuser_changes_is_named(url: str, what: str) -> None:
    tamper, code, says = TAMPERED[what]
    with psycopg.connect(url) as connection:
        connection.execute("SET session_replication_role = replica")
        tamper(connection)
    told = verified(settings_of(url))
    found = [each["sentence"] for each in told["findings"] if each["code"] == code]
    assert told["intact"] is False
    assert found, told["findings"]
    assert any(says in each for each in found), found
    assert all("uuid" not in each and str(DOCTOR) not in each and str(CLAIM) not in each for each in found)


def test_a_destroyed_key_that_was_put_back_is_named(url: str) -> None:
    with desk(url) as at:
        [row] = at.asks("SELECT * FROM doctor_keys WHERE doctor = %s", DOCTOR)
        at.erases("9000001")
        at.asks("INSERT INTO doctor_keys (doctor, sealed_key) VALUES (%s, %s)", DOCTOR, row["sealed_key"])
    [found] = verified(settings_of(url))["findings"]
    assert found["code"] == "key-not-destroyed"
    assert "9000001" in found["sentence"]


def test_a_key_exchanged_for_another_is_named(url: str) -> None:
    with desk(url) as at:
        at.asks("DELETE FROM doctor_keys WHERE doctor = %s", DOCTOR)
        at.store.keys.for_writing([DOCTOR])
    codes = {each["code"] for each in verified(settings_of(url))["findings"]}
    assert "key-exchanged" in codes


@pytest.mark.parametrize("topic", ["claim.decided.v1", "claim.paid.v2"])
def test_repeating_a_claim_notices_that_a_decision_or_a_payment_is_gone(url: str, topic: str) -> None:
    assert alis("replay", "--claim", NAME, ALIS_DATABASE_URL=url).json["identical"] is True
    with psycopg.connect(url) as connection:
        connection.execute("SET session_replication_role = replica")
        chained_anew(UNCHECKED, *taken_out(topic))(connection)
    ended = alis("replay", "--claim", NAME, ALIS_DATABASE_URL=url)
    told = json.loads(ended.out)
    assert (ended.code, told["identical"]) == (1, False)
    assert told["missing"]["before"] > 1
    assert f"I søknaden {NAME} mangler noe før hendelse" in ended.err


def test_verify_publishes_nothing_where_the_log_was_emptied(url: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute("DELETE FROM events")
    before = everything(url)
    ended = alis("verify", ALIS_DATABASE_URL=url)
    assert ended.code == 1
    assert json.loads(ended.out)["intact"] is False
    assert everything(url) == before


def test_the_first_thing_wrong_is_said_and_all_are_listed(url: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute("UPDATE events SET source = 'page' WHERE topic IN ('claim.opened.v1', 'claim.paid.v2')")
    ended = alis("verify", ALIS_DATABASE_URL=url)
    told = json.loads(ended.out)
    assert ended.code == 1
    assert told["found"] == len(told["findings"]) == 2
    assert told["findings"][0]["sentence"] in ended.err
    assert f"søknaden {NAME}, lagret" in ended.err
