"""The second wall: what each role of the database sees and may do, tried as that role."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, Final

import psycopg
import pytest
from psycopg import Connection, sql
from psycopg.conninfo import make_conninfo
from psycopg.errors import InsufficientPrivilege

from deploy.clock import new_id
from deploy.database import DatabaseProblem, embedded
from deploy.migrate import migrate
from deploy.roles import RIGHTS, as_worker, check_may_erase
from domain.casework.access.sight import Sight
from domain.store import AccessLog, CommandRecord, Document, Entry, Recorded, SealedDocument
from domain.store.log.documents import keep_document
from domain.store.walls.roles import DIRECTORATE, SCOPED, SERVICE, WORKER
from domain.values.streams import claim_id, track_id
from projections.all import ALL
from projections.claims.claims import claims
from projections.doctors.case_history import CaseHistory
from projections.doctors.doctors import Chosen, doctor, doctors
from projections.doctors.grant_amounts import GrantAmounts
from projections.doctors.productivity_window import ProductivityWindow
from projections.doctors.search import KINDS, MUNICIPALITY, Search
from projections.engine.projection import Projection
from projections.engine.rebuilding import rebuild
from tests.claiming import claiming
from tests.desk import command, desk, fact_of, guidance
from tests.projections.house import House
from tests.scenario import BEIARN, BODO, Told, track

ROLES: Final = (SERVICE, SCOPED, DIRECTORATE, WORKER)
FOR_EVER: Final = {"events": "topic", "commands": "result", "access_log": "subject"}
"""What nobody changes, each with a column of it."""
OTHER: Final = "1820"
HERE: Final = frozenset([BODO])
WALLED: Final = [each for each in ALL if {"municipality", "claim"} & each.table.columns.keys()]
"""The read models whose rows have a municipality."""
OF_DOCTORS: Final = (ProductivityWindow, Search)
"""Those whose rows are of a doctor, and say which municipalities have to do with the doctor."""
UNWALLED: Final = """
SELECT relname FROM pg_class
WHERE relnamespace = 'read'::regnamespace AND relkind = 'r' AND NOT relrowsecurity
"""
CLAIM: Final = claim_id(BODO, "2026")
_SOME_UPDATE: Final = """
SELECT attrelid::regclass, attname, acl.* FROM pg_attribute, aclexplode(attacl) acl
WHERE attrelid = ANY ('{events,commands,access_log}'::regclass[]) AND acl.privilege_type <> 'SELECT'
AND acl.grantee::regrole::text = ANY(%s)
"""
PAPER: Final = Document("application/pdf", b"%PDF-1.7")


def with_a_doctor(municipality: str, hpr: str) -> Told:
    """One whose rows are in every read model."""
    told = track("2024-10-01", hpr=hpr).position("p1", municipality, post="1").agreement("a1", municipality)
    of_one = {"municipality": municipality, "first_day": "2024-10-01"}
    return by(municipality, told.add("supervisor_assigned", supervisor="8000001", **of_one))


def by(municipality: str, told: Told) -> Told:
    """The same as recorded by a municipality."""
    return replace(told, facts=tuple({**fact, "recorded_by": f"kommune:{municipality}"} for fact in told.facts))


@pytest.fixture
def at(service_url: str) -> Iterator[House]:
    """The service and a worker as the roles that they have, three municipalities, and a claim in two of them."""
    with desk(service_url) as opened:
        opened.publishes()
        house = House(as_worker(make_conninfo(service_url, user=WORKER)), opened.store, opened.casework)
        for hpr, code in {"9000001": BODO, "9000002": BEIARN, "9000003": OTHER}.items():
            house.records_all(with_a_doctor(code, hpr))
        for code in (BODO, BEIARN):
            claiming(house).of(code).opened()
        house.levels()
        yield house


@contextmanager
def as_(role: str, service_url: str, sees: str | None = None) -> Iterator[Connection[Any]]:
    """A connection of a role, in the way that the program comes to be it."""
    logs_in = role if role in {SERVICE, WORKER} else SERVICE
    with psycopg.connect(make_conninfo(service_url, user=logs_in)) as connection:
        if role != logs_in:
            connection.execute(f"SET ROLE {role}".encode())
        if sees is not None:
            connection.execute("SELECT set_config('alis.sees', %s, true)", (sees,))
        yield connection


def seen(connection: Connection[Any], projection: type[Projection]) -> set[str]:
    """The municipalities of the rows that are seen."""
    code = "municipality" if "municipality" in projection.table.columns else "left(claim, 4)"
    query = sql.SQL("SELECT DISTINCT {} FROM {}").format(sql.SQL(code), projection.table.shown)
    return {found for (found,) in connection.execute(query)}


def may_not(connection: Connection[Any], statement: str) -> None:
    with pytest.raises(InsufficientPrivilege):
        connection.execute(statement.encode())
    connection.rollback()


@pytest.mark.usefixtures("at")
def test_who_says_nothing_sees_no_row_and_who_says_a_municipality_its_rows_alone(service_url: str) -> None:
    for projection in WALLED:
        with as_(DIRECTORATE, service_url) as connection:
            found = seen(connection, projection)
        assert {BODO, BEIARN} <= found or projection.name in {"tasks", "cost_coverage"}, projection.name
        for told, expected in {None: set(), "": set(), BODO: {BODO}, f"{BODO},{BEIARN}": {BODO, BEIARN}}.items():
            with as_(SCOPED, service_url, told) as connection:
                assert seen(connection, projection) == expected & found, (projection.name, told)
        with as_(SERVICE, service_url) as connection:
            may_not(connection, f"SELECT FROM read.{projection.table.name}")


@pytest.mark.usefixtures("at")
def test_rows_of_a_doctor_are_seen_by_those_municipalities_alone_that_have_to_do_with_them(
    service_url: str,
) -> None:
    expected: dict[str | None, set[str]] = {None: set(), "": set(), "-": set(), "0301": set()}
    expected |= {BODO: {"9000001"}, f"{BODO},{BEIARN}": {"9000001", "9000002"}}
    for projection in OF_DOCTORS:
        query = sql.SQL("SELECT DISTINCT hpr FROM {}").format(projection.table.shown)
        for told, found in expected.items():
            with as_(SCOPED, service_url, told) as connection:
                assert {hpr for (hpr,) in connection.execute(query)} == found, (projection.name, told)
        with as_(DIRECTORATE, service_url) as connection:
            assert {hpr for (hpr,) in connection.execute(query)} == {"9000001", "9000002", "9000003"}
        with as_(SERVICE, service_url) as connection:
            may_not(connection, f"SELECT FROM read.{projection.table.name}")


def test_a_municipality_is_shown_of_a_doctor_who_moved_the_words_that_are_its_own(at: House, service_url: str) -> None:
    moved = track("2024-10-01", hpr="9000004").add("doctor_named", name="Kari Vik").position("p1", BEIARN)
    at.records_all(by(BEIARN, moved.switched("p1", "2025-12-31", BODO)))
    at.levels()
    for sees, place in ((BODO, "bodø"), (BEIARN, "beiarn")):
        with as_(SCOPED, service_url, sees) as connection:
            words = connection.execute("SELECT kind, word FROM read.search WHERE hpr = '9000004'").fetchall()
            assert {kind for kind, _ in words} == {"hpr", "name", "municipality"}
            assert {word for kind, word in words if kind == MUNICIPALITY} == {sees, place}
        with at.store.reading(frozenset([sees])) as connection:
            for text in ("kari", place, "9000004"):
                found = doctors(connection, Chosen(search=at.sought(text, KINDS, [sees]))).items
                assert "9000004" in {each.hpr for each in found}, (sees, text)


def test_no_sentence_of_the_history_is_seen_for_a_municipality(at: House, service_url: str) -> None:
    with as_(SCOPED, service_url, f"{BODO},{BEIARN},{OTHER}") as connection:
        assert connection.execute("SELECT FROM read.case_history").rowcount == 0
    with as_(DIRECTORATE, service_url) as connection:
        assert connection.execute("SELECT FROM read.case_history").rowcount == len(at.rows(CaseHistory)) > 0


def test_a_doctor_is_read_by_whoever_is_told_anything_of_the_doctor(at: House) -> None:
    withdrawn = by(BODO, track("2024-10-01", hpr="9000004").position("p1").withdrawn("2"))
    signed = by(BEIARN, track("2024-10-01", hpr="9000005").agreement("a1", BODO))
    for told in (withdrawn, signed):
        at.records_all(told)
    at.levels()
    here, day = Sight(places=HERE), date(2026, 1, 1)
    with at.store.reading(HERE) as connection:
        for hpr in ("9000001", "9000004", "9000005"):
            found = doctor(connection, hpr, day, sight=here)
            assert found is not None, hpr
            assert [each.round for each in found.windows] == ["2022", "2023", "2024", "2025", "2026"]
        assert doctor(connection, "9000002", day, sight=here) is None
    with at.store.reading(None) as connection:
        found = doctor(connection, "9000002", day)
        assert found is not None
        assert found.history.items


@pytest.mark.usefixtures("at")
def test_a_read_is_seen_by_the_municipality_whose_case_it_was_and_none_is_by_who_says_nothing(service_url: str) -> None:
    read = Entry(subject="saksbehandler:ada", operation="read_claim", channel="api", correlation_id=new_id())
    with closing(AccessLog(service_url)) as log:
        for whose in (BODO, BEIARN, None):
            log.put(replace(read, municipality=whose)).result(10)
    for told, expected in {None: [], "": [], BODO: [BODO], f"{BODO},{BEIARN}": [BODO, BEIARN]}.items():
        with as_(SCOPED, service_url, told) as connection:
            found = connection.execute("SELECT municipality FROM access_log ORDER BY position").fetchall()
            assert [whose for (whose,) in found] == expected, told
            may_not(connection, "INSERT INTO access_log SELECT FROM access_log")
    for role in (DIRECTORATE, SERVICE):
        with as_(role, service_url) as connection:
            assert connection.execute("SELECT FROM access_log").rowcount == 3


def test_every_read_model_is_walled(at: House) -> None:
    assert at.asks(UNWALLED) == []


def test_a_question_that_forgot_its_filter_gives_what_the_role_sees_and_nothing_more(at: House) -> None:
    with at.store.reading(HERE) as connection:
        assert [each.municipality for each in claims(connection).items] == [BODO]
        assert {line.municipality for each in doctors(connection, Chosen()).items for line in each.lines} == {BODO}
    with at.store.reading(None) as connection:
        assert [each.municipality for each in claims(connection).items] == [BODO, BEIARN]
    with at.store.reading(frozenset()) as connection:
        assert claims(connection).items == []


def keeps(at: House) -> SealedDocument:
    """Append something, and a document of Bodø's claim in the same breath."""
    doctor, order = track_id("9000001"), command()
    version, doctor_version = 1 + len(at.store.stream(doctor)), 1 + at.store.versions()[doctor]
    event = Recorded(doctor, version, fact_of(guidance(1)), order.origin(), doctor, doctor_version)
    sealed = at.store.documents.sealed(CLAIM, BODO, CLAIM, PAPER)
    at.store.append([event], CommandRecord(order.id, order.request, "{}", order.actor.subject), sealed)
    return sealed


def test_a_document_is_seen_and_kept_by_those_alone_who_see_its_municipality(at: House, service_url: str) -> None:
    document = keeps(at)
    assert at.store.documents.find(CLAIM, PAPER.digest, HERE) == PAPER
    assert at.store.documents.find(CLAIM, PAPER.digest, None) == PAPER
    assert at.store.documents.find(CLAIM, PAPER.digest, frozenset([BEIARN])) is None
    with as_(SCOPED, service_url, BEIARN) as connection:
        assert connection.execute("UPDATE documents SET media_type = 'text/plain'").rowcount == 0
        with pytest.raises(InsufficientPrivilege, match="row-level security"):
            keep_document(connection, document._replace(digest=bytes(32)), b"")
    with as_(SERVICE, service_url) as connection:
        may_not(connection, "SELECT FROM documents")


@pytest.mark.usefixtures("at")
@pytest.mark.parametrize("role", ROLES)
def test_no_role_changes_what_is_for_ever_or_the_walls_themselves(service_url: str, role: str) -> None:
    with as_(role, service_url, BODO) as connection:
        for table, column in FOR_EVER.items():
            may_not(connection, f"UPDATE {table} SET {column} = {column}")  # noqa: S608 - our own names
            may_not(connection, f"DELETE FROM {table}")  # noqa: S608 - our own names
            may_not(connection, f"TRUNCATE {table}")
            may_not(connection, f"ALTER TABLE {table} DISABLE TRIGGER ALL")
            may_not(connection, f"DROP TABLE {table}")
        for statement in (
            "ALTER TABLE documents DISABLE ROW LEVEL SECURITY",
            "DROP POLICY scoped ON documents",
            "DELETE FROM documents",
            "DELETE FROM doctor_keys",
            "UPDATE doctor_keys SET sealed_key = sealed_key",
            "SET session_replication_role = replica",
            "SET ROLE alis",
            "CREATE TABLE public.more (a text)",
            "CREATE TABLE read.more (a text)" if role != WORKER else "SELECT payload FROM events",
            *(f"SET SESSION AUTHORIZATION {each}" for each in (*ROLES, "alis") if each not in {role, SERVICE}),
        ):
            may_not(connection, statement)
        if role != WORKER:
            may_not(connection, "ALTER TABLE read.claims_1 DISABLE ROW LEVEL SECURITY")
            may_not(connection, f"SET ROLE {WORKER}")


@pytest.mark.usefixtures("at")
def test_who_sees_one_municipality_is_told_that_there_is_a_wall_where_they_would_pass_it(service_url: str) -> None:
    with as_(SCOPED, service_url, BODO) as connection:
        connection.execute("SET LOCAL row_security = off")
        may_not(connection, "SELECT FROM read.claims")


def test_a_new_generation_has_its_walls_too(at: House, service_url: str) -> None:
    built = rebuild(GrantAmounts, at.store, at.url)
    assert (built.generation, built.differences) == (2, 0)
    for told, expected in {"": set(), BODO: {BODO}}.items():
        with as_(SCOPED, service_url, told) as connection:
            assert seen(connection, GrantAmounts) == expected


def test_what_was_made_before_there_were_roles_is_handed_over_and_walled(database_url: str, service_url: str) -> None:
    with desk(database_url) as opened:
        opened.publishes()
        house = House(opened.url, opened.store, opened.casework)
        house.records_all(with_a_doctor(BODO, "9000001"))
        house.levels()
        house.asks("ALTER TABLE read.grant_amounts_1 DISABLE ROW LEVEL SECURITY")
        house.asks("ALTER TABLE access_log DISABLE ROW LEVEL SECURITY")
        house.asks("ALTER VIEW read.grant_amounts RESET (security_invoker)")
        house.asks("REVOKE ALL ON ALL TABLES IN SCHEMA read FROM alis_scoped, alis_directorate")
    assert migrate(database_url) == []
    assert house.asks("SELECT relname FROM pg_class WHERE relname = 'access_log' AND NOT relrowsecurity") == []
    for told, expected in {"": set(), BODO: {BODO}}.items():
        with as_(SCOPED, service_url, told) as connection:
            assert seen(connection, GrantAmounts) == expected
    with desk(service_url) as opened:
        url = as_worker(make_conninfo(service_url, user=WORKER))
        assert rebuild(GrantAmounts, opened.store, url).differences == 0


def test_every_table_says_what_each_role_may_do_with_it_and_no_role_may_do_more(database_url: str) -> None:
    with psycopg.connect(database_url, autocommit=True) as connection:
        tables = {name for (name,) in connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")}
        assert tables == {table for rights in RIGHTS.values() for table in rights}
        connection.execute(f"GRANT UPDATE ON events TO {SERVICE}; GRANT UPDATE (hash) ON events TO {SCOPED}".encode())
        connection.execute(f"REVOKE INSERT ON commands FROM {SERVICE}".encode())
        migrate(database_url)
        for role, rights in RIGHTS.items():
            for table in tables:
                for what in ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER"):
                    asked = "SELECT has_table_privilege(%s, %s, %s)"
                    row = connection.execute(asked, (role, table, what)).fetchone()
                    assert row == (what in rights.get(table, ()),), (role, table, what)
        assert connection.execute(_SOME_UPDATE, (list(ROLES),)).fetchall() == []


def on(url: str, database: str, user: str = "alis") -> str:
    """Another database of the same server, for another user."""
    return make_conninfo(url, dbname=database, user=user)


@pytest.fixture
def cluster(data_folder: Path) -> Iterator[str]:
    """A server on which nobody has made a role yet, as one that is given has none."""
    with embedded(data_folder, durable=False) as url:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(f"DROP ROLE {SERVICE}, {WORKER}".encode())
            connection.execute("CREATE ROLE plain LOGIN; CREATE ROLE maker LOGIN CREATEROLE")
        yield url


def made(cluster: str, name: str, owner: str = "alis") -> str:
    """A new database for its owner."""
    with psycopg.connect(cluster, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} OWNER {owner}".encode())
    return on(cluster, name, owner)


def works(url: str, worker: str) -> list[str]:
    """Whether somebody can record, read, keep and rebuild; tells whose lines a municipality sees that forgot to ask."""
    with desk(url) as opened:
        opened.publishes()
        house = House(worker, opened.store, opened.casework)
        for hpr, code in {"9000001": BODO, "9000002": BEIARN}.items():
            house.records_all(with_a_doctor(code, hpr))
        house.levels()
        keeps(house)
        rebuild(GrantAmounts, house.store, worker)
        with house.store.reading(HERE) as connection:
            return [line.municipality for each in doctors(connection, Chosen()).items for line in each.lines]


@pytest.mark.long
def test_databases_of_one_cluster_that_are_made_at_once_share_the_roles(cluster: str) -> None:
    urls = [made(cluster, f"at_once_{number}") for number in range(3)]
    with ThreadPoolExecutor(3) as at_once:
        assert len(set(map(len, at_once.map(migrate, urls)))) == 1
    assert set(works(on(urls[2], "at_once_2"), as_worker(urls[2]))) == {BODO}


@pytest.mark.long
def test_an_owner_who_can_make_no_roles_goes_on_without_walls_and_one_who_can_has_them(cluster: str) -> None:
    plain = made(cluster, "plain", "plain")
    migrate(plain)
    assert set(works(plain, as_worker(plain))) == {BODO, BEIARN}
    maker = made(cluster, "made", "maker")
    migrate(maker)
    assert set(works(maker, as_worker(maker))) == {BODO}


@pytest.mark.long
def test_a_given_login_serves_without_being_the_owner_and_keeps_read_models_only_as_the_role_for_it(
    cluster: str,
) -> None:
    owner = made(cluster, "given", "maker")
    with psycopg.connect(cluster, autocommit=True) as connection:
        connection.execute("CREATE ROLE serves LOGIN; CREATE ROLE keeps LOGIN")
        serves, keeper = on(cluster, "given", "serves"), on(cluster, "given", "keeps")
        with pytest.raises(DatabaseProblem) as problem:
            migrate(serves)
        assert problem.value.code == "migration-role"
        migrate(owner)
        connection.execute(f"GRANT {SERVICE} TO serves, keeps; GRANT {WORKER} TO keeps".encode())
    assert migrate(serves) == []
    with pytest.raises(DatabaseProblem) as problem:
        as_worker(serves)
    assert problem.value.code == "database-role"
    with pytest.raises(DatabaseProblem) as problem:
        check_may_erase(serves)
    assert problem.value.code == "database-role"
    check_may_erase(owner)
    assert set(works(serves, as_worker(keeper))) == {BODO}
