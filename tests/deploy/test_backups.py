"""A backup and what comes of it, with real databases and the real command."""

import gzip
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tarfile
import threading
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import psycopg
import pytest
from psycopg import sql
from pydantic import SecretStr

from deploy.clock import new_id, now
from deploy.database import embedded
from deploy.migrate import migrate
from deploy.problems import DatabaseProblem
from deploy.server import programs
from deploy.settings import Settings
from domain.store import CommandRecord, Document, Entry, Recorded
from domain.store.sealed.master import derived_key
from domain.values.refusals.refusal import Refused
from domain.values.streams import track_id
from tests.desk import MASTER_KEY, Desk, command, desk, fact_of, guidance
from tests.golden_cases import CASES
from tests.scenario import BODO, full_time, lines_of, track
from workers.keeping.backup_file import PROOF, proof
from workers.keeping.backups import backup
from workers.keeping.destroyed_keys import add
from workers.keeping.fingerprints import NOT_KEPT, fingerprints, kept_tables
from workers.keeping.restoring import restore

ALIS: Final = str(Path(sys.executable).with_name("alis"))
KEY: Final = SecretStr("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=")
GONE: Final = b"(gone)"
Rows = dict[str, list[tuple[Any, ...]]]


@pytest.fixture
def at(database_url: str) -> Iterator[Desk]:
    with desk(database_url) as opened:
        opened.publishes()
        for number, case in enumerate(CASES[:12]):
            opened.imports(case.of(str(9_000_001 + number)).facts)
        opened.records_all(track("2024-10-01", hpr="9100001").position("p1").leave("l1", "2025-11-01", kind="sick"))
        yield opened


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "kopi.alis"


def given(url: str, data_folder: Path) -> Settings:
    """A given database, and the master key of these tests."""
    return Settings(database_url=SecretStr(url), data_folder=data_folder, master_key=KEY)


def code_of(problem: pytest.ExceptionInfo[DatabaseProblem]) -> str:
    assert problem.value.sentence.endswith(".")
    assert problem.value.sentence.count(". ") == 0, "one sentence"
    return problem.value.code


def everything(url: str) -> Rows:
    """Every row of every table that a backup keeps, in the order of all its columns."""
    rows: Rows = {}
    with psycopg.connect(url) as connection:
        tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1").fetchall()
        for (table,) in tables:
            query = sql.SQL("SELECT t.* FROM {} t ORDER BY t.*::text").format(sql.Identifier(table))
            if table not in NOT_KEPT:
                rows[f"public.{table}"] = connection.execute(query).fetchall()
    return rows


def without_reads(url: str) -> Rows:
    """The same without the log of reads, which goes on with each command."""
    return {table: rows for table, rows in everything(url).items() if table != "public.access_log"}


def is_empty(url: str) -> bool:
    with psycopg.connect(url) as connection:
        return not connection.execute(
            "SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace WHERE nspname IN ('public', 'read')"
        ).fetchall()


def edited(file: Path, parts: Mapping[str, bytes] | None = None, *, prove: bool = False, **changes: object) -> Path:
    """The same backup with other parts, or another manifest; proven anew, it is of whoever has the key."""
    changed, found = file.with_suffix(".edited"), {}
    with tarfile.open(file) as old:
        for member in old:
            content = old.extractfile(member)
            assert content is not None
            found[member.name] = content.read()
    if changes:
        found["manifest.json"] = json.dumps(json.loads(found["manifest.json"]) | changes).encode()
    found |= parts or {}
    if prove:
        found["manifest.mac"] = proof(derived_key(MASTER_KEY, PROOF), found["manifest.json"])
    write_tar(changed, {name: body for name, body in found.items() if body != GONE})
    return changed


def write_tar(file: Path, parts: Mapping[str, bytes]) -> None:
    with tarfile.open(file, "w") as made:
        for name, body in parts.items():
            info = tarfile.TarInfo(name)
            info.size = len(body)
            made.addfile(info, BytesIO(body))


def manifest(file: Path) -> Mapping[str, Any]:
    with tarfile.open(file) as archive:
        content = archive.extractfile("manifest.json")
        assert content is not None
        found: Mapping[str, Any] = json.load(content)
        return found


def test_a_restored_database_has_every_row_of_the_first_and_gives_the_same_results(
    at: Desk, file: Path, empty_database_url: str, data_folder: Path
) -> None:
    at.erases(at.log()[-1][0])
    read = Entry(subject="saksbehandler:ada", operation="facts.read", channel="api", correlation_id=new_id())
    at.store.access_log.put(read).result(20)
    made = backup(given(at.url, data_folder), str(file))
    done = restore(given(empty_database_url, data_folder), str(file))
    assert everything(empty_database_url) == everything(at.url)
    assert made["rows"] == done["rows"] == {name: len(rows) for name, rows in everything(at.url).items()}
    assert made["events"] == done["events"] > 40
    with desk(empty_database_url) as restored:
        assert restored.store.verify() == at.store.verify() == (done["streams"], done["events"])
        assert restored.replays(BODO) == at.replays(BODO)
        assert restored.replays(BODO, "2026-01-01T00:00:00Z") == at.replays(BODO, "2026-01-01T00:00:00Z")


def test_after_a_restore_events_go_on_in_the_same_chains_at_the_next_positions(
    at: Desk, file: Path, empty_database_url: str, data_folder: Path
) -> None:
    backup(given(at.url, data_folder), str(file))
    restore(given(empty_database_url, data_folder), str(file))
    with desk(empty_database_url) as restored:
        before = restored.store.last_position() or 0
        told = track("2024-10-01", hpr="9100001").position("p1").leave("l1", "2025-11-01").ended("p1", "2026-03-31")
        restored.records(told.facts[-1])
        assert restored.store.last_position() == before + 1
        restored.store.verify()
        with pytest.raises(psycopg.errors.RaiseException, match="append-only"):
            restored.asks("DELETE FROM events")


@pytest.mark.long
def test_a_document_beside_the_log_comes_back_with_it(
    at: Desk, file: Path, empty_database_url: str, data_folder: Path
) -> None:
    doctor, claim = track_id("9100001"), new_id()
    document = Document("text/plain", b"Avtale for Kari Nordmann")
    order, version = command(), 1 + len(at.store.stream(doctor))
    attached = Recorded(doctor, version, fact_of(guidance(1, "9100001")), order.origin(), doctor, version)
    record = CommandRecord(order.id, order.request, "{}", order.actor.subject)
    at.store.append([attached], record, at.store.documents.sealed(claim, BODO, doctor, document))
    made = backup(given(at.url, data_folder), str(file))
    restore(given(empty_database_url, data_folder), str(file))
    assert made["rows"]["public.documents"] == 1
    with desk(empty_database_url) as restored:
        assert restored.store.documents.find(claim, document.digest, None) == document


@pytest.mark.long
def test_the_command_moves_an_embedded_database_to_another_data_folder(data_folder: Path, tmp_path: Path) -> None:
    history, file, other = tmp_path / "h.jsonl", tmp_path / "kopi.alis", data_folder.with_name(data_folder.name + "-b")
    history.write_bytes(lines_of(full_time().leave("l1", "2025-11-01", kind="sick").facts))

    def alis(folder: Path, *words: str, expected: int = 0) -> "subprocess.CompletedProcess[str]":
        env = {name: value for name, value in os.environ.items() if not name.startswith("ALIS_")}
        env |= {"ALIS_DATA_FOLDER": str(folder)}
        done = subprocess.run([ALIS, *words], check=False, capture_output=True, text=True, env=env)
        assert done.returncode == expected, done.stderr
        return done

    replay = ("replay", "--municipality", BODO, "--round", "2026", "--format", "json")
    try:
        alis(data_folder, "import", str(history))
        made = alis(data_folder, "backup", str(file))
        assert "Hovednøkkelen er ikke med i kopien" in made.stderr
        assert file.stat().st_mode & 0o777 == 0o600
        key = (data_folder / "master.key").read_bytes()
        assert key.strip() not in file.read_bytes()
        assert "master.key" in alis(other, "restore", str(file), expected=2).stderr
        assert not other.exists()
        other.mkdir(mode=0o711)
        shutil.copy2(data_folder / "master.key", other)
        assert "Listen over slettede nøkler mangler" in alis(other, "restore", str(file), expected=2).stderr
        shutil.copytree(data_folder / "evidence", other / "evidence")
        assert "alis worker bygger dem" in alis(other, "restore", str(file)).stderr
        assert alis(other, *replay).stdout == alis(data_folder, *replay).stdout
        assert json.loads(alis(other, "verify").stdout)["intact"]
        assert "ikke tom" in alis(other, "restore", str(file), expected=2).stderr
        with embedded(data_folder) as first, embedded(other) as second:
            assert without_reads(first) == without_reads(second)
    finally:
        shutil.rmtree(other, ignore_errors=True)


def test_a_backup_is_of_one_moment_while_others_write(
    at: Desk, file: Path, empty_database_url: str, data_folder: Path
) -> None:
    written, stop = 0, threading.Event()

    def write() -> None:
        nonlocal written
        while not stop.is_set():
            at.records(track("2024-10-01", hpr=str(9_200_000 + written)).facts[0] | {"id": str(new_id())})
            written += 1

    writer = threading.Thread(target=write)
    writer.start()
    try:
        made = backup(given(at.url, data_folder), str(file))
    finally:
        stop.set()
        writer.join()
    assert written > 1
    done = restore(given(empty_database_url, data_folder), str(file))
    assert made["rows"] == done["rows"]
    first, second = everything(at.url), everything(empty_database_url)
    assert set(second["public.events"]) < set(first["public.events"])


def test_a_backup_never_replaces_a_file_and_leaves_nothing_half_made(
    at: Desk, file: Path, data_folder: Path, empty_database_url: str
) -> None:
    file.write_text("noe annet")
    with pytest.raises(DatabaseProblem) as problem:
        backup(given(at.url, data_folder), str(file))
    assert code_of(problem) == "backup-exists"
    assert file.read_text() == "noe annet"
    with pytest.raises(DatabaseProblem) as problem:
        backup(given(at.url, data_folder), str(file.parent / "ingen" / "kopi"))
    assert code_of(problem) == "backup-unwritable"
    with pytest.raises(DatabaseProblem) as problem:
        backup(given(empty_database_url, data_folder), str(file.parent / "tom"))
    assert code_of(problem) == "backup-nothing"
    assert [each.name for each in file.parent.iterdir()] == [file.name]


def test_a_log_that_was_tampered_with_is_not_backed_up_as_if_it_were_whole(
    at: Desk, file: Path, data_folder: Path
) -> None:
    at.asks("ALTER TABLE events DISABLE TRIGGER USER")
    at.asks("UPDATE events SET recorded_by = 'kommune:0301' WHERE position = 5")
    with pytest.raises(Refused) as refusal:
        backup(given(at.url, data_folder), str(file))
    assert refusal.value.code == "chain-broken"
    assert not file.exists()


def test_a_database_with_anything_in_it_is_not_restored_into(
    at: Desk, file: Path, empty_database_url: str, data_folder: Path
) -> None:
    backup(given(at.url, data_folder), str(file))
    with psycopg.connect(empty_database_url) as connection:
        connection.execute("CREATE TABLE mine (one integer)")
    with pytest.raises(DatabaseProblem) as problem:
        restore(given(empty_database_url, data_folder), str(file))
    assert code_of(problem) == "restore-not-empty"
    assert everything(empty_database_url) == {"public.mine": []}


def test_a_file_that_is_no_backup_or_not_whole_is_refused_before_the_database_is_touched(
    at: Desk, file: Path, empty_database_url: str, data_folder: Path
) -> None:
    def refused(name: Path) -> str:
        with pytest.raises(DatabaseProblem) as problem:
            restore(given(empty_database_url, data_folder), str(name), unproven=True)
        assert is_empty(empty_database_url)
        return code_of(problem)

    backup(given(at.url, data_folder), str(file))
    whole = file.read_bytes()
    other = file.with_suffix(".other")
    with pytest.raises(Refused, match="finnes ikke"):
        restore(given(empty_database_url, data_folder), str(other), unproven=True)
    for length in (0, 100, 700, len(whole) // 2, len(whole) - 4000):
        other.write_bytes(whole[:length])
        assert refused(other) == "backup-unknown"
    at_rows = whole.index(b"\x1f\x8b", whole.index(b"public.events.copy")) + 200
    other.write_bytes(whole[:at_rows] + bytes([whole[at_rows] ^ 1]) + whole[at_rows + 1 :])
    assert refused(other) == "backup-damaged"
    assert refused(edited(file, format=3, prove=True)) == "backup-newer"
    assert refused(edited(file, migrations={"0099-later.sql": "x"}, prove=True)) == "backup-newer"
    fewer = {name: each for name, each in manifest(file)["tables"].items() if name != "public.documents"}
    assert refused(edited(file, tables=fewer, prove=True)) == "backup-unknown"


def test_a_backup_that_somebody_without_the_key_wrote_or_changed_is_refused_before_anything_is_restored(
    at: Desk, file: Path, empty_database_url: str, data_folder: Path
) -> None:
    def refused(name: Path, **changed: object) -> str:
        settings = given(empty_database_url, data_folder).model_copy(update=changed)
        with pytest.raises(DatabaseProblem) as problem:
            restore(settings, str(name), unproven=True)
        assert is_empty(empty_database_url)
        return code_of(problem)

    backup(given(at.url, data_folder), str(file))
    assert refused(edited(file, made_at="2026-01-01T00:00:00Z")) == "backup-forged"
    assert refused(edited(file, {"manifest.mac": b"0" * 64})) == "backup-forged"
    assert refused(edited(file, {"manifest.mac": b""})) == "backup-forged"
    assert refused(edited(file, {"manifest.json": b"{}"})) == "backup-forged"
    assert refused(edited(file, {"manifest.mac": GONE})) == "backup-unknown"
    assert refused(file, master_key=SecretStr("A" * 43 + "=")) == "backup-forged"
    assert restore(given(empty_database_url, data_folder), str(file))["proven"]


def test_rows_that_the_tables_do_not_take_leave_the_database_empty(
    at: Desk, file: Path, empty_database_url: str, data_folder: Path
) -> None:
    backup(given(at.url, data_folder), str(file))
    tables = manifest(file)["tables"]
    for rows in (b"noe ganske annet\n", b"\\.\nDROP TABLE events;\n"):
        packed = gzip.compress(rows)
        changed = tables["public.events"] | {"sha256": hashlib.sha256(packed).hexdigest()}
        parts = {"public.events.copy.gz": packed}
        strange = edited(file, parts, tables=tables | {"public.events": changed}, prove=True)
        with pytest.raises(DatabaseProblem) as problem:
            restore(given(empty_database_url, data_folder), str(strange))
        assert code_of(problem) in {"restore-failed", "restore-differs"}
        assert is_empty(empty_database_url)


def test_what_differs_after_the_restoring_is_taken_away_again(
    at: Desk, file: Path, empty_database_url: str, data_folder: Path
) -> None:
    backup(given(at.url, data_folder), str(file))
    tables = dict(manifest(file)["tables"])
    tables["public.events"] = tables["public.events"] | {"rows": {"rows": 1, "sha256": "00"}}
    with pytest.raises(DatabaseProblem) as problem:
        restore(given(empty_database_url, data_folder), str(edited(file, tables=tables, prove=True)))
    assert code_of(problem) == "restore-differs"
    assert "public.events" in problem.value.sentence
    assert is_empty(empty_database_url)
    assert restore(given(empty_database_url, data_folder), str(file))["intact"]


def test_every_table_is_kept_in_a_backup_or_made_again(at: Desk) -> None:
    """Whoever adds a table decides which; `NOT_KEPT` names those that workers or the release make."""
    with psycopg.connect(at.url) as connection:
        kept = {table.name for table in kept_tables(connection)}
        found = {name for (name,) in connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")}
    log = {"access_log", "access_log_leaves", "commands", "documents", "events"}
    keys = {"doctor_keys", "master_keys", "service_keys", "withdrawn_keys"}
    assert kept == {*log, *keys, "persons", "person_identities", "hpr_numbers"}
    assert found - kept <= NOT_KEPT


# ---------------------------------------------------------------- of the first format


def old_backup(url: str, file: Path) -> None:
    """A backup of the first format: pg_dump's own archive, and a manifest that proves nothing."""
    command = [str(programs({}) / "pg_dump"), "--format=custom", "--no-owner", f"--dbname={url}"]
    dump = subprocess.run(command, check=True, capture_output=True).stdout
    with psycopg.connect(url) as connection:
        tables = {name: asdict(each) for name, each in fingerprints(connection).items()}
        steps: dict[str, str] = dict(
            connection.execute("SELECT name, digest FROM schema_migrations ORDER BY name").fetchall()
        )
    said = {
        "format": 1,
        "program": "0.1.0",
        "postgres": 180000,
        "made_at": "2026-11-22T12:00:00Z",
        "migrations": steps,
        "tables": {**tables, "public.schema_migrations": {"rows": 5, "sha256": "00"}},
        "key_check": {},
        "dump_sha256": hashlib.sha256(dump).hexdigest(),
    }
    write_tar(file, {"database.dump": dump, "manifest.json": json.dumps(said).encode()})


def test_a_backup_of_the_first_format_is_restored_only_where_that_is_asked_for(
    at: Desk, file: Path, empty_database_url: str, data_folder: Path
) -> None:
    old_backup(at.url, file)
    with pytest.raises(DatabaseProblem) as problem:
        restore(given(empty_database_url, data_folder), str(file))
    assert code_of(problem) == "backup-unproven"
    assert is_empty(empty_database_url)
    with pytest.raises(DatabaseProblem) as problem:
        restore(given(empty_database_url, data_folder), str(file), unproven=True)
    assert code_of(problem) == "restore-without-list"
    add(given(at.url, data_folder), [], now())
    done = restore(given(empty_database_url, data_folder), str(file), unproven=True)
    assert done["proven"] is False
    assert everything(empty_database_url) == everything(at.url)


def test_nothing_in_a_dump_is_ever_run(at: Desk, file: Path, empty_database_url: str, data_folder: Path) -> None:
    trace = Path("/tmp") / f"alis-{new_id()}"  # noqa: S108 - where the server's own user can write too
    with psycopg.connect(at.url, autocommit=True) as connection:
        connection.execute(
            "CREATE FUNCTION run(text) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN"
            f" COPY (SELECT 1) TO PROGRAM 'touch {trace}'; RETURN true; END $$".encode()
        )
        connection.execute("ALTER TABLE commands ADD CONSTRAINT runs CHECK (run(actor)) NOT VALID")
    old_backup(at.url, file)
    add(given(at.url, data_folder), [], now())
    restore(given(empty_database_url, data_folder), str(file), unproven=True)
    assert not trace.exists()
    with psycopg.connect(empty_database_url) as connection:
        assert connection.execute("SELECT FROM pg_proc WHERE proname = 'run'").fetchall() == []
        assert connection.execute("SELECT FROM pg_roles WHERE rolname = 'alis_restores'").fetchall() == []


# ---------------------------------------------------------------- others meanwhile


def test_a_program_that_makes_the_tables_meanwhile_is_waited_for_by_nobody(
    at: Desk, file: Path, empty_database_url: str, data_folder: Path
) -> None:
    backup(given(at.url, data_folder), str(file))
    with psycopg.connect(empty_database_url) as other:
        other.execute("SELECT pg_advisory_lock(1634494835)")  # deploy.migrate.LOCK
        with pytest.raises(DatabaseProblem) as problem:
            restore(given(empty_database_url, data_folder), str(file))
    assert code_of(problem) == "restore-busy"
    assert migrate(empty_database_url)


def test_no_password_and_nothing_personal_is_seen_in_a_failure(at: Desk, file: Path, data_folder: Path) -> None:
    assert MASTER_KEY
    url = at.url + "&password=hemmelig&application_name=kopi"
    with psycopg.connect(at.url) as blocker:
        blocker.execute("LOCK TABLE events IN ACCESS EXCLUSIVE MODE")
        blocked = url + "&options=-c%20lock_timeout%3D200ms%20-c%20statement_timeout%3D500ms"
        with pytest.raises((DatabaseProblem, Refused)) as problem:
            backup(given(blocked, data_folder), str(file))
    assert "hemmelig" not in str(problem.value)
    assert not file.exists()
