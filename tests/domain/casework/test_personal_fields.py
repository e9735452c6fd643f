"""Names, free text and the kind of a leave are erased with the doctor's key; the amounts stay."""

from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from domain.casework.service import Casework
from domain.doctor.facts.fact import Fact
from domain.doctor.history import as_known
from domain.store import Store
from domain.store.sealed.master import WrongMasterKey
from tests.desk import MASTER_KEY, Desk, desk, fact_of, refusal
from tests.scenario import BEIARN, Json, Told, full_time, track

MARK = "Hemmelighet"
"""Stands in every personal text here, and nowhere else."""
POST = {"municipality": BEIARN, "category": "gp", "percent": 50, "workplace": f"{MARK}1", "title": f"{MARK}2"}


def doctor(hpr: str = "9000001") -> Told:
    """A doctor of whom everything personal is told that can be told."""
    return (
        track("2020-08-01", hpr=hpr)
        .position("p1", percent=80, workplace=f"{MARK}3", title=f"{MARK}4")
        .agreement("a1", signatory=f"{MARK}18")
        .changed("p1", "2025-09-10", percent=60, workplace=f"{MARK}5", title=f"{MARK}6")
        .leave("l1", "2025-10-05", "2025-10-20", "sick")
        .leave("l2", "2022-01-01", "2022-06-30", "parental")
        .leave("l3", "2023-01-01", "2023-03-31", "other", percent=50)
        .add("institutional_service_registered", service="s1", institution=f"{MARK}7", municipal=False,
             first_day="2024-01-01", last_day="2024-02-29")
        .add("agency_affiliation_registered", affiliation="t1", agency=f"{MARK}8",
             first_day="2026-02-02", last_day="2026-02-03")
        .add("supervisor_assigned", supervisor="8000001", first_day="2025-06-01", name=f"{MARK}9")
        .add("supervisor_replaced", supervisor="8000001", replaced_by="8000002", first_day="2025-09-01",
             name=f"{MARK}10")
        .add("job_switched", position="p1", last_day="2026-03-31", reason=f"{MARK}11",
             new={"position": "p2", "first_day": "2026-04-01", **POST})
        .add("agreement_ended", agreement="a1", last_day="2026-04-30", reason=f"{MARK}12")
        .add("position_ended", position="p2", last_day="2026-05-31", reason=f"{MARK}13")
        .add("fact_corrected", corrects="7", replacement={"kind": "statutory"}, reason=f"{MARK}14")
        .add("fact_corrected", corrects="12", reason=f"{MARK}15",
             replacement={"new": {"position": "p2", "first_day": "2026-04-01", **POST, "percent": 40}})
        .add("fact_corrected", corrects="2", replacement={"workplace": f"{MARK}16"}, reason=f"{MARK}17")
        .add("doctor_named", name=f"{MARK}19")
        .add("guidance_held", session="v1", municipality="1804", on="2025-06-03", hours=1, supervisor="8000001",
             topic=f"{MARK}20")
    )  # fmt: skip


def results(at: Desk) -> list[Json]:
    return [at.replays("1804"), at.replays(BEIARN), at.replays("1804", "2026-12-31T00:00:00Z")]


def everything_stored(url: str) -> dict[str, bytes]:
    """Every table, each row as text and each of its bytes as they are."""
    with psycopg.connect(url) as connection:
        named = connection.execute(
            "SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE c.relkind = 'r' AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'"
        ).fetchall()
        found = {}
        for schema, table in named:
            query = sql.SQL("SELECT * FROM {}").format(sql.Identifier(schema, table))
            values = [value for row in connection.execute(query) for value in row]
            found[f"{schema}.{table}"] = b"\0".join(
                value if isinstance(value, bytes) else str(value).encode() for value in values
            )
    assert {"public.events", "public.commands", "public.doctor_keys"} <= found.keys()
    return found


def files_of(url: str) -> list[Path]:
    """The files in which the server keeps this database, its log ahead, and its own log."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CHECKPOINT")
        row = connection.execute(
            "SELECT current_setting('data_directory'), oid FROM pg_database WHERE datname = current_database()"
        ).fetchone()
    assert row
    folder = Path(row[0])
    return [file for part in (f"base/{row[1]}", "pg_wal", "base/pgsql_tmp") for file in (folder / part).glob("*")] + [
        folder / "server.log"
    ]


def register(at: Desk) -> None:
    at.records_all(doctor())


def import_at_once(at: Desk) -> None:
    assert at.imports(doctor().facts).stored == len(doctor().facts) > 16  # so many that they are copied in


BOTH_WAYS = pytest.mark.parametrize("stored", [register, import_at_once])


def test_what_is_planted_here_is_everything_that_is_personal(at: Desk) -> None:
    register(at)
    rows = at.asks("SELECT payload FROM events WHERE doctor IS NOT NULL")
    sealed = [row for row in rows if b'"sealed":' in row["payload"]]
    assert len(sealed) == len(rows) - 1  # all but the start of the track


@BOTH_WAYS
def test_nothing_personal_stands_in_clear_in_any_table(at: Desk, stored: object) -> None:
    assert callable(stored)
    stored(at)
    for table, content in everything_stored(at.url).items():
        assert MARK.encode() not in content, table
    events = everything_stored(at.url)["public.events"]
    for kind in (b"sick", b"parental", b"statutory", b'"other"', b'"kind"'):
        assert kind not in events


@BOTH_WAYS
def test_nothing_personal_stands_in_clear_in_any_file_of_the_database(at: Desk, stored: object) -> None:
    assert callable(stored)
    stored(at)
    files = [file for file in files_of(at.url) if file.is_file()]
    assert any(b"leave-registered" in file.read_bytes() for file in files)
    assert not [file for file in files if MARK.encode() in file.read_bytes()]


def test_with_the_key_everything_is_read_as_it_was_told(at: Desk) -> None:
    register(at)
    assert [each.event for each in at.casework.doctor("9000001")] == [fact_of(fact) for fact in doctor().facts]


def test_when_the_key_is_destroyed_the_personal_fields_are_gone_and_the_amounts_stay_to_the_krone(at: Desk) -> None:
    register(at)
    before = results(at)
    at.erases("9000001")
    with desk(at.url) as afterwards:
        for each in (at, afterwards):
            told = [recorded.event.model_dump_json() for recorded in each.casework.doctor("9000001")]
            assert len(told) == len(doctor().facts)
            assert MARK not in "".join(told)
            assert not [fact for fact in told if any(f'"{kind}"' in fact for kind in ("sick", "parental", "statutory"))]
            assert results(each) == before


def test_the_kind_of_a_leave_is_erased_but_not_whether_it_extends_the_five_years(at: Desk) -> None:
    told = full_time("2020-06-01").leave("l1", "2022-01-01", "2022-03-31", "sick")
    at.records_all(told.leave("l2", "2023-01-01", "2023-03-31", "other"))
    before = at.replays("1804")
    months = before["lines"][0]["months"]
    assert [month["basis"] for month in months].index("none") == 3  # sick leave extends, other leave does not
    at.erases("9000001")
    assert at.replays("1804") == before


def test_the_kind_of_a_cost_is_not_personal_and_stays_also_where_a_correction_says_other(at: Desk) -> None:
    spent = {"municipality": "1804", "round": "2026", "element": "supervision", "kroner": 500}
    told = full_time().add("costs_reported", **spent, kind="travel").add("costs_reported", **spent, kind="course")
    at.records_all(told.corrected(told.facts[-1]["id"], kind="other", kroner=700))
    before = at.casework.doctor("9000001")
    assert b'"kind":"travel"' in everything_stored(at.url)["public.events"]
    at.erases("9000001")
    track = [
        as_known(each.event for each in some if isinstance(each.event, Fact)).track
        for some in (before, at.casework.doctor("9000001"))
    ]
    assert track[0] == track[1]
    assert {key.kind: kroner for key, (kroner, _) in track[1].costs.items()} == {"travel": 500, "other": 700}


def test_one_doctors_key_opens_nothing_of_another(at: Desk) -> None:
    for hpr in ("9000001", "9000002"):
        at.records_all(doctor(hpr))
    at.erases("9000001")
    with desk(at.url) as afterwards:
        told = [each.event.model_dump_json() for each in afterwards.casework.doctor("9000002")]
        assert sum(MARK in fact for fact in told) == len(told) - 4  # track, and three leaves


def test_after_a_key_was_destroyed_the_case_goes_on(at: Desk) -> None:
    register(at)
    at.erases("9000001")
    more = doctor().leave("l9", "2026-05-04", "2026-05-05", "sick")
    assert at.records(more.facts[-1]).stored
    with desk(at.url) as afterwards:
        assert len(afterwards.casework.doctor("9000001")) == len(more.facts)
        assert afterwards.replays(BEIARN)["lines"][0]["months"][11]["reasons"] == ["no_agreement", "on_leave"]


def test_an_erased_leave_can_still_be_ended_and_corrected(at: Desk) -> None:
    at.records_all(full_time().leave("l1", "2025-10-05", kind="sick"))
    at.erases("9000001")
    with desk(at.url) as afterwards:
        more = full_time().leave("l1", "2025-10-05").add("leave_ended", leave="l1", last_day="2025-11-30")
        for fact in more.corrected("4", first_day="2025-11-01").facts[-2:]:
            assert afterwards.records(fact).stored
        months = afterwards.replays("1804")["lines"][0]["months"]
        assert [month["month"] for month in months if "on_leave" in month["reasons"]] == ["2025-11"]


def test_what_became_known_before_an_erased_leave_is_still_taken_in(at: Desk) -> None:
    told = full_time().leave("l1", "2025-10-05", "2025-10-20", kind="sick").leave("l2", "2026-02-02", "2026-02-03")
    *before, late, last = told.facts
    for fact in (*before, last):
        assert at.records(fact).stored
    at.erases("9000001")
    with desk(at.url) as afterwards:
        assert afterwards.imports([late]).stored == 1
        assert afterwards.imports([late]).already_stored == 1


def test_nobody_can_report_a_kind_that_only_a_destroyed_key_leaves_behind(at: Desk) -> None:
    at.records_all(full_time().leave("l1", "2025-10-05", kind="sick"))
    corrected = full_time().leave("l1", "2025-10-05").corrected("4", kind="erased_other").facts[-1]
    assert refusal(lambda: at.records(corrected)) == "bad-value"


def test_a_wrong_master_key_is_told_before_anything_is_read_or_written(at: Desk) -> None:
    register(at)
    store = Store(at.url, bytes(32))
    try:
        with pytest.raises(WrongMasterKey):
            store.keys.check()
        with pytest.raises(WrongMasterKey):
            Casework(store).doctor("9000001")
    finally:
        store.close()


def test_the_keys_of_the_doctors_are_kept_under_the_master_key(at: Desk) -> None:
    register(at)
    [row] = at.asks("SELECT sealed_key FROM doctor_keys")
    assert len(row["sealed_key"]) == 8 + 12 + 32 + 16  # the master key's name, nonce, key, tag
    assert MASTER_KEY not in row["sealed_key"]
