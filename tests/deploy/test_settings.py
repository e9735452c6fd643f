import base64
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest

from deploy.clock import new_id, now
from deploy.master_key import master_keys
from deploy.problems import SettingsProblem
from deploy.settings import ROOTS_FOLDERS, Settings, read_settings

KEY = base64.b64encode(bytes(range(32))).decode()


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.upper().startswith("ALIS_")]:
        monkeypatch.delenv(name)


def sentence() -> str:
    with pytest.raises(SettingsProblem) as problem:
        read_settings()
    return str(problem.value)


def test_without_settings_it_serves_this_machine_from_its_own_folder() -> None:
    settings = read_settings()
    assert (settings.host, settings.port, settings.database_url) == ("127.0.0.1", 8000, None)
    assert settings.data_folder.parent in {Path(__file__).parents[2], ROOTS_FOLDERS}


@pytest.mark.parametrize("value", ["", " ", "\t\n"])
@pytest.mark.parametrize("field", Settings.model_fields)
def test_a_variable_that_is_set_but_empty_is_refused(monkeypatch: pytest.MonkeyPatch, field: str, value: str) -> None:
    name = f"ALIS_{field.upper()}"
    monkeypatch.setenv(name, value)
    assert sentence() == f"{name} er satt, men tom; gi den en verdi, eller fjern den."


@pytest.mark.parametrize("value", ["", " \n"])
def test_a_secret_whose_file_is_empty_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, value: str) -> None:
    (tmp_path / "alis_data_folder").write_text(value)
    monkeypatch.setenv("ALIS_SECRETS_FOLDER", str(tmp_path))
    assert sentence().startswith("ALIS_SECRETS_FOLDER kan ikke brukes; ")


def test_every_variable_is_described() -> None:
    assert all(field.description for field in Settings.model_fields.values())


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ALIS_PORT", "åtti"),
        ("ALIS_PORT", "70000"),
        ("ALIS_LOG_FORMAT", "xml"),
        ("ALIS_DATABASE_URL", "postgresql://eva:hemmelig@[vert"),
        ("ALIS_MASTER_KEY", "hemmelig"),
        ("ALIS_MASTER_KEY", base64.b64encode(b"hemmelig").decode()),
    ],
)
def test_a_bad_value_is_told_in_one_sentence_that_does_not_repeat_it(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    told = sentence()
    assert told.startswith(f"{name} kan ikke brukes; den skal være ")
    assert value not in told
    assert "hemmelig" not in told


def test_a_misspelt_variable_is_refused_rather_than_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALIS_DATABSE_URL", "postgresql://vert/alis")
    assert sentence().startswith("ALIS_DATABSE_URL er ingen innstilling; ")


def test_secrets_do_not_show_when_the_settings_are_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALIS_DATABASE_URL", "postgresql://eva:hemmelig@vert/alis")
    monkeypatch.setenv("ALIS_MASTER_KEY", KEY)
    shown = repr(read_settings())
    assert "hemmelig" not in shown
    assert KEY not in shown


def test_a_given_master_key_is_used_and_no_file_is_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALIS_MASTER_KEY", KEY)
    monkeypatch.setenv("ALIS_DATA_FOLDER", str(tmp_path))
    assert master_keys(read_settings()) == (bytes(range(32)),)
    assert list(tmp_path.iterdir()) == []


def test_the_first_start_makes_a_master_key_that_only_its_owner_may_read(tmp_path: Path) -> None:
    settings = Settings(data_folder=tmp_path / "ny")
    [first] = master_keys(settings)
    file = tmp_path / "ny" / "master.key"
    assert len(first) == 32
    assert file.stat().st_mode & 0o777 == 0o600
    assert master_keys(settings) == (first,)
    assert list(file.parent.iterdir()) == [file]


def test_a_key_that_is_gone_is_not_made_anew_for_a_database_that_holds_keys(tmp_path: Path) -> None:
    with pytest.raises(SettingsProblem, match="mangler, men databasen er laget med den"):
        master_keys(Settings(data_folder=tmp_path), first_start=False)
    assert not list(tmp_path.iterdir())


def test_first_starts_at_once_agree_on_one_master_key(tmp_path: Path) -> None:
    settings = Settings(data_folder=tmp_path)
    with ThreadPoolExecutor(8) as threads:
        assert len(set(threads.map(lambda _: master_keys(settings), range(32)))) == 1


def test_a_master_key_that_others_may_read_is_refused(tmp_path: Path) -> None:
    settings = Settings(data_folder=tmp_path)
    master_keys(settings)
    (tmp_path / "master.key").chmod(0o644)
    with pytest.raises(SettingsProblem, match="chmod 600"):
        master_keys(settings)


def test_a_master_key_that_was_cut_short_is_refused_and_not_replaced(tmp_path: Path) -> None:
    file = tmp_path / "master.key"
    file.write_text("AAAA")
    file.chmod(0o600)
    with pytest.raises(SettingsProblem, match="32 byte i base64"):
        master_keys(Settings(data_folder=tmp_path))
    assert file.read_text() == "AAAA"


def test_ids_sort_by_when_they_were_made() -> None:
    first = new_id()
    time.sleep(0.002)
    assert first.version == 7
    assert first < new_id()


def test_the_clock_tells_the_time_in_utc() -> None:
    assert now().utcoffset() == timedelta(0)


def test_setting_up_writes_nothing_about_secrets_when_a_process_fails_on_them() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from deploy.settings import read_settings; read_settings()"],
        env={**os.environ, "ALIS_MASTER_KEY": "hemmelig"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "hemmelig" not in done.stderr
