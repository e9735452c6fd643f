"""The master key is changed while the service runs: all keys sealed anew, nothing else touched, stopped anywhere."""

import base64
import hashlib
import random
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import islice
from pathlib import Path
from uuid import UUID

import psycopg
import pytest
from psycopg import sql
from pydantic import SecretStr

from deploy.master_key import new_master_key, sealing_keys
from deploy.problems import DatabaseProblem, SettingsProblem
from deploy.settings import Settings
from domain.casework.service import Casework
from domain.store import REQUESTS_KEY, Store
from domain.store.sealed.master import NAME_BYTES, NAMED_BYTES, MasterKeys, WrongMasterKey, name_of_master
from domain.values.streams import track_id
from projections.all import ALL
from tests.desk import MASTER_KEY, Desk, guidance
from tests.projections.house import House
from tests.scenario import full_time
from tests.workers.test_cli import ALIS, alis, environment
from workers.keeping.backups import backup
from workers.keeping.keys import change
from workers.keeping.restoring import restore

HPR = "9000001"
NEW = bytes(range(32, 64))
OLD_NAME = name_of_master(MASTER_KEY)


def text(*keys: bytes) -> str:
    return "".join(base64.b64encode(key).decode() + "\n" for key in keys)


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """A service whose master key is in its file."""
    file = tmp_path / "master.key"
    file.write_text(text(MASTER_KEY))
    file.chmod(0o600)
    return Settings(database_url=SecretStr(database_url), data_folder=tmp_path)


@contextmanager
def service(settings: Settings) -> Iterator[House]:
    """A service as it starts with the keys that are given."""
    url = settings.database_url.get_secret_value() if settings.database_url else ""
    with closing(Store(url, sealing_keys(settings))) as store:
        yield House(url, store, Casework(store))


@pytest.fixture
def at(settings: Settings) -> Iterator[House]:
    """A service with a doctor of whom something personal is known, and its read models."""
    with service(settings) as opened:
        opened.publishes()
        opened.records_all(full_time().leave("l1", "2025-10-05", "2025-10-20", "sick"))
        opened.levels()
        yield opened


def kinds(at: Desk) -> list[str]:
    """The kinds of leave that can be read."""
    return [str(each.fact.kind) for each in at.store.facts_of([track_id(HPR)]) if hasattr(each.fact, "kind")]


def under(at: Desk) -> dict[str | None, int]:
    """How many keys are under which master key."""
    found = {each.name: each.keys + each.service_keys for each in at.store.resealing.counted()}
    return {name: keys for name, keys in found.items() if keys}


def others(url: str) -> dict[str, str]:
    """A digest of every table but those of keys, read models too."""
    with psycopg.connect(url) as connection:
        names = connection.execute(
            "SELECT schemaname || '.' || tablename FROM pg_tables"
            " WHERE schemaname IN ('public', 'read') AND tablename !~ '_keys$' ORDER BY 1"
        ).fetchall()
        return {
            name: hashlib.sha256(repr(connection.execute(rows_of(name)).fetchall()).encode()).hexdigest()
            for (name,) in names
        }


def rows_of(table: str) -> sql.Composed:
    """The query of a table's rows."""
    return sql.SQL("SELECT t::text FROM {} t ORDER BY 1").format(sql.Identifier(*table.split(".")))


def many(at: Desk, number: int, seed: int = 1) -> list[UUID]:
    """Keys of many doctors."""
    chance = random.Random(seed)  # noqa: S311 - the same each time
    doctors = [UUID(int=chance.getrandbits(128)) for _ in range(number)]
    at.store.keys.for_writing(doctors)
    return doctors


def test_every_key_is_sealed_anew_and_nothing_else_is_touched(at: House, settings: Settings) -> None:
    many(at, 1_200)
    requests, before = at.store.keys.service_key(REQUESTS_KEY), others(at.url)
    told = change(settings, at.store)
    assert under(at) == {told["master_key"]: told["sealed_anew"]} == {told["master_key"]: 1_203}
    assert others(at.url) == before
    with service(settings) as afterwards:
        afterwards.store.keys.check()
        assert kinds(afterwards) == ["sick"]
        assert afterwards.store.keys.service_key(REQUESTS_KEY) == requests
        assert [afterwards.differs_from_fresh(projection) for projection in ALL] == [0] * len(ALL)


def test_the_file_has_the_new_key_alone_and_the_old_one_is_kept_beside_for_old_backups(
    at: House, settings: Settings
) -> None:
    told = change(settings, at.store)
    files = {file.name: file for file in settings.data_folder.iterdir()}
    assert files.keys() == {"master.key", f"master-{OLD_NAME}.key"}
    assert {file.stat().st_mode & 0o777 for file in files.values()} == {0o600}
    assert told["old_key_in"] == [str(files[f"master-{OLD_NAME}.key"])]
    assert files[f"master-{OLD_NAME}.key"].read_text() == text(MASTER_KEY)
    [kept] = files["master.key"].read_text().split()
    assert name_of_master(base64.b64decode(kept)) == told["master_key"]


@pytest.mark.parametrize("steps", range(5))
def test_a_change_that_stopped_anywhere_is_read_by_all_and_goes_on(at: House, settings: Settings, steps: int) -> None:
    many(at, 1_200)
    with service(settings) as began_before:
        name = name_of_master(new_master_key(settings))
        if steps:
            at.store.resealing.begin(name)
            list(islice(at.store.resealing.reseal(), steps - 1))
        for each in (began_before, at):
            each.store.keys.forget_all()
            assert kinds(each) == ["sick"]
        with service(settings) as began_meanwhile:
            began_meanwhile.store.keys.check()
            assert kinds(began_meanwhile) == ["sick"]
            assert change(settings, began_meanwhile.store)["master_key"] == name
    assert under(at) == {name: 1_202}


def test_a_service_that_began_with_the_old_key_serves_and_registers_all_the_while(
    at: House, settings: Settings
) -> None:
    many(at, 3_000)
    stop, failed, numbers = threading.Event(), [], iter(range(1, 100_000))

    def works() -> None:
        with service(settings) as beside:
            while not stop.is_set():
                try:
                    beside.records(guidance(next(numbers)))
                    beside.store.keys.forget_all()
                    assert kinds(beside) == ["sick"]
                    many(beside, 3, seed=next(numbers) + 10)
                except BaseException as error:  # noqa: BLE001 - told below
                    failed.append(error)
                    return

    threads = [threading.Thread(target=works) for _ in range(2)]
    for thread in threads:
        thread.start()
    try:
        names = [str(change(settings, at.store)["master_key"]) for _ in range(3)]
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    assert failed == []
    assert next(numbers) > 10
    assert under(at).keys() == {names[-1]}
    assert len(set(names)) == 3


def test_who_knows_only_the_old_key_makes_no_key_under_it_once_another_seals(at: House, settings: Settings) -> None:
    at.store.resealing.begin(name_of_master(new_master_key(settings)))
    [doctor] = [UUID(int=7)]
    with closing(Store(at.url, MASTER_KEY)) as store, pytest.raises(WrongMasterKey):
        store.keys.for_writing([doctor])
    assert at.asks("SELECT FROM doctor_keys WHERE doctor = %s", doctor) == []


def test_what_was_erased_meanwhile_does_not_come_back(at: House, settings: Settings) -> None:
    name = name_of_master(new_master_key(settings))
    at.store.resealing.begin(name)
    read = at.asks("SELECT sealed_key FROM doctor_keys WHERE doctor = %s", track_id(HPR))
    at.erases(HPR)
    change(settings, at.store)
    assert len(read) == 1
    assert at.asks("SELECT FROM doctor_keys WHERE doctor = %s", track_id(HPR)) == []
    assert kinds(at) == ["erased_extending"]


def test_keys_sealed_before_master_keys_had_names_are_sealed_anew_too(at: House, settings: Settings) -> None:
    at.asks("UPDATE doctor_keys SET sealed_key = %s", unnamed(at))
    at.asks("DELETE FROM service_keys")
    at.asks("INSERT INTO service_keys (name) VALUES (%s)", REQUESTS_KEY)
    at.asks("DELETE FROM master_keys")
    with service(settings) as began:
        began.store.keys.check()
        assert kinds(began) == ["sick"]
        assert under(began) == {None: 2}
        told = change(settings, began.store)
        assert under(began) == {told["master_key"]: 2}
    with service(settings) as afterwards:
        assert kinds(afterwards) == ["sick"]
        assert afterwards.store.keys.service_key(REQUESTS_KEY) == MASTER_KEY


def unnamed(at: Desk) -> bytes:
    """The doctor's key as earlier releases sealed it: without the name in front."""
    [row] = at.asks("SELECT sealed_key FROM doctor_keys")
    assert len(row["sealed_key"]) == NAMED_BYTES
    return bytes(row["sealed_key"])[NAME_BYTES:]


def test_a_key_that_nothing_opens_stops_no_other_and_the_old_master_key_is_kept(at: House, settings: Settings) -> None:
    [bad] = many(at, 1)
    at.asks("UPDATE doctor_keys SET sealed_key = sealed_key || '\\x00'::bytea WHERE doctor = %s", bad)
    with pytest.raises(DatabaseProblem) as problem:
        change(settings, at.store)
    assert (problem.value.code, problem.value.sentence.count(". ")) == ("keys-left", 0)
    assert kinds(at) == ["sick"]
    assert len((settings.data_folder / "master.key").read_text().split()) == 2
    assert under(at) == {None: 1, at.store.keys.master.sealing: 2}


@pytest.mark.parametrize("taken", ["before", "after"])
def test_a_backup_from_before_opens_with_the_old_key_alone_and_one_from_after_with_the_new(
    at: House, settings: Settings, empty_database_url: str, tmp_path: Path, taken: str
) -> None:
    backup(settings, str(tmp_path / "before.alis"))
    change(settings, at.store)
    backup(settings, str(tmp_path / "after.alis"))
    new = settings.model_copy(update={"database_url": SecretStr(empty_database_url)})
    old = new.model_copy(update={"master_key": SecretStr(text(MASTER_KEY).strip())})
    right, wrong = (old, new) if taken == "before" else (new, old)
    with pytest.raises(DatabaseProblem) as problem:
        restore(wrong, str(tmp_path / f"{taken}.alis"))
    assert problem.value.code == "backup-forged"
    assert restore(right, str(tmp_path / f"{taken}.alis"))["intact"] is True
    with service(right) as restored:
        assert kinds(restored) == ["sick"]


def test_a_backup_in_the_middle_of_a_change_opens_with_both_and_the_change_goes_on(
    at: House, settings: Settings, empty_database_url: str, tmp_path: Path
) -> None:
    many(at, 600)
    at.store.resealing.begin(name_of_master(new_master_key(settings)))
    assert list(islice(at.store.resealing.reseal(), 1)) == [500]
    backup(settings, str(tmp_path / "midt.alis"))
    there = settings.model_copy(update={"database_url": SecretStr(empty_database_url)})
    restore(there, str(tmp_path / "midt.alis"))
    with service(there) as restored:
        assert change(there, restored.store)["sealed_anew"] > 100
        assert kinds(restored) == ["sick"]
        assert len(under(restored)) == 1


# ---------------------------------------------------------------- at the terminal


def test_with_the_key_in_a_variable_the_new_one_is_given_in_another(at: House) -> None:
    url, old, new = at.url, text(MASTER_KEY).strip(), text(NEW).strip()
    refused = alis("keys", "change", ALIS_DATABASE_URL=url)
    assert (refused.code, refused.out) == (2, "")
    assert "ALIS_NEW_MASTER_KEY" in refused.err
    both = {"ALIS_DATABASE_URL": url, "ALIS_MASTER_KEY": old, "ALIS_NEW_MASTER_KEY": new}
    changed = alis("keys", "change", **both)
    assert (changed.json["master_key"], changed.json["old_key_in"]) == (name_of_master(NEW), [])
    assert "Sett nå ALIS_MASTER_KEY til den nye" in changed.err
    assert alis("keys", "change", **both).json["sealed_anew"] == 0
    told = alis("keys", "show", ALIS_DATABASE_URL=url, ALIS_MASTER_KEY=new).json["master_keys"]
    assert [(each["name"], each["seals"], each["given"], each["keys"]) for each in told] == [
        (OLD_NAME, False, False, 0),
        (name_of_master(NEW), True, True, 1),
    ]
    wrong = alis("keys", "show", ALIS_DATABASE_URL=url, ALIS_MASTER_KEY=old)
    assert (wrong.code, wrong.out) == (1, "")
    assert "den som nøklene i databasen er forseglet med" in wrong.err


def test_the_new_key_can_be_put_in_the_file_before_it_is_used(at: House, settings: Settings) -> None:
    variables = {"ALIS_DATABASE_URL": at.url, "ALIS_DATA_FOLDER": str(settings.data_folder), "ALIS_MASTER_KEY": ""}
    del variables["ALIS_MASTER_KEY"]
    prepared = run("keys", "change", "--prepare", **variables)
    assert '"sealed_anew": 0' in prepared
    assert under(at).keys() == {OLD_NAME}
    shown = run("keys", "show", "--format", "table", **variables)
    assert "forsegler nå" in shown
    assert f'"master_key": "{name_of_master(new_master_key(settings))}"' in run("keys", "change", **variables)
    assert len(under(at)) == 1
    assert under(at).keys() != {OLD_NAME}


def run(*arguments: str, **variables: str) -> str:
    """What is printed, with the master key in the file."""
    environs = environment(variables)
    del environs["ALIS_MASTER_KEY"]
    done = subprocess.run([str(ALIS), *arguments], capture_output=True, text=True, check=True, env=environs)
    return done.stdout


def test_a_third_key_is_refused_while_one_is_changed_to_another(at: House, settings: Settings) -> None:
    new_master_key(settings)
    with pytest.raises(SettingsProblem, match="en annen enn den nøkkelen som det alt byttes til"):
        change(settings.model_copy(update={"new_master_key": SecretStr(text(NEW).strip())}), at.store)


def test_two_at_once_do_no_harm(at: House, settings: Settings) -> None:
    many(at, 3_000)
    environs = environment({"ALIS_DATABASE_URL": at.url, "ALIS_DATA_FOLDER": str(settings.data_folder)})
    del environs["ALIS_MASTER_KEY"]
    both = [subprocess.Popen([str(ALIS), "keys", "change"], env=environs, stderr=subprocess.PIPE) for _ in range(2)]
    said = [each.communicate(timeout=60)[1].decode() for each in both]
    assert 0 in {each.returncode for each in both}
    assert all(each.returncode == 0 or "bytter hovednøkkelen nå" in err for each, err in zip(both, said, strict=True))
    assert len(under(at)) == 1
    with service(settings) as afterwards:
        assert kinds(afterwards) == ["sick"]


@pytest.mark.long
@pytest.mark.parametrize("seed", range(4))
def test_killed_at_any_point_it_can_be_continued(at: House, settings: Settings, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - the same each time
    doctors = many(at, 20_000, seed)
    opened = {doctor: at.store.keys.for_reading([doctor])[doctor].name for doctor in chance.sample(doctors, 200)}
    before = others(at.url)
    environs = environment({"ALIS_DATABASE_URL": at.url, "ALIS_DATA_FOLDER": str(settings.data_folder)})
    del environs["ALIS_MASTER_KEY"]
    for _ in range(5):
        process = subprocess.Popen([str(ALIS), "keys", "change"], env=environs, stderr=subprocess.DEVNULL)
        wanted = chance.choice([0, chance.randrange(20_000)])
        while process.poll() is None and anew(at) < wanted:
            time.sleep(0.002)
        time.sleep(chance.random() * 0.05)
        process.kill()
        process.wait()
        with service(settings) as between:
            between.store.keys.check()
            assert kinds(between) == ["sick"]
            assert {doctor: key.name for doctor, key in between.store.keys.for_reading(opened).items()} == opened
            many(between, 1, chance.getrandbits(30))
    change(settings, at.store)
    assert len(under(at)) == 1
    assert others(at.url) == before
    with service(settings) as afterwards:
        assert {doctor: key.name for doctor, key in afterwards.store.keys.for_reading(opened).items()} == opened


def anew(at: Desk) -> int:
    """How many keys are under the master key that seals now, if it is not the first."""
    [row] = at.asks(
        "SELECT count(*) AS keys FROM doctor_keys, master_keys"
        " WHERE seals AND master_keys.name <> %s AND sealed_under(sealed_key) = master_keys.name",
        OLD_NAME,
    )
    return int(row["keys"])


def test_a_master_key_is_told_by_a_name_that_is_not_part_of_it() -> None:
    keys = MasterKeys(MASTER_KEY)
    assert bytes.fromhex(OLD_NAME) not in MASTER_KEY
    assert keys.sealed(bytes(32), b"", OLD_NAME)[:NAME_BYTES].hex() == OLD_NAME
