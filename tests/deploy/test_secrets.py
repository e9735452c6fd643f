"""Secrets from files, as containers have them."""

import base64
import os
from pathlib import Path

import pytest

from deploy.problems import SettingsProblem
from deploy.settings import read_settings

KEY = base64.b64encode(bytes(range(32))).decode()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in [name for name in os.environ if name.upper().startswith("ALIS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("ALIS_SECRETS_FOLDER", str(tmp_path))
    return tmp_path


def test_a_file_stands_in_for_a_variable(folder: Path) -> None:
    (folder / "alis_master_key").write_text(KEY + "\n")
    (folder / "rhsm").mkdir()  # what some engines put there themselves
    settings = read_settings()
    assert settings.master_key is not None
    assert settings.master_key.get_secret_value() == KEY


def test_a_variable_goes_before_its_file(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "alis_port").write_text("9001")
    assert read_settings().port == 9001
    monkeypatch.setenv("ALIS_PORT", "9002")
    assert read_settings().port == 9002


@pytest.mark.parametrize("content", [("alis_master_kee", KEY), ("alis_master_key", "")])
def test_a_misspelt_or_empty_secret_is_refused_rather_than_passed_over(folder: Path, content: tuple[str, str]) -> None:
    (folder / content[0]).write_text(content[1])
    with pytest.raises(SettingsProblem, match=r"^ALIS_SECRETS_FOLDER kan ikke brukes; den skal være "):
        read_settings()


def test_a_folder_that_is_not_there_is_refused(folder: Path) -> None:
    folder.rmdir()
    with pytest.raises(SettingsProblem, match=r"^ALIS_SECRETS_FOLDER kan ikke brukes"):
        read_settings()


def test_a_bad_secret_is_told_without_repeating_it(folder: Path) -> None:
    (folder / "alis_master_key").write_text("hemmelig")
    with pytest.raises(SettingsProblem, match=r"^ALIS_MASTER_KEY kan ikke brukes") as problem:
        read_settings()
    assert "hemmelig" not in str(problem.value)


@pytest.mark.usefixtures("folder")
def test_the_frameworks_own_traces_which_name_doctors_cannot_be_turned_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FASTAPI_OTEL_AUTO_CONFIGURE", "true")
    with pytest.raises(SettingsProblem, match=r"^FASTAPI_OTEL_AUTO_CONFIGURE kan ikke brukes"):
        read_settings()
