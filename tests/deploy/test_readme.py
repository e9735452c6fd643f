"""What `deploy/README.md` says of settings, numbers and codes is so."""

import re
from pathlib import Path
from typing import Final

from deploy.settings import Settings
from deploy.telemetry import ENDPOINTS
from domain.store.walls.roles import ALL as ROLES

DEPLOY: Final = Path(__file__).parents[2] / "deploy"
README: Final = (DEPLOY / "README.md").read_text("utf-8")
ROWS: Final = dict(re.findall(r"^\| `([A-Z_]+)` \| (.+?) \|", README, re.MULTILINE))


def test_every_setting_has_its_row_and_no_row_is_of_something_else() -> None:
    rows = {name for name in ROWS if name.startswith("ALIS_")}
    assert rows == {f"ALIS_{field.upper()}" for field in Settings.model_fields}


def test_what_a_setting_is_without_its_variable_is_what_the_program_takes() -> None:
    plain = {
        name: field.default for name, field in Settings.model_fields.items() if isinstance(field.default, str | int)
    }
    assert plain
    assert {name: ROWS[f"ALIS_{name.upper()}"] for name in plain} == {name: f"`{it}`" for name, it in plain.items()}


def test_the_variables_that_turn_traces_on_are_described() -> None:
    assert set(ENDPOINTS) <= ROWS.keys()


def test_every_number_that_is_told_of_is_one_that_the_service_gives() -> None:
    code = (DEPLOY.parent / "api" / "door" / "metrics.py").read_text("utf-8")
    given = {name.removesuffix("_total") for name in re.findall(r'"(alis_[a-z_]+)"', code)}
    told = {name.removesuffix("_total") for name in re.findall(r"`(alis_[a-z_]+)`", README)}
    assert told - {"alis_master_key", "alis_database_url", "alis_office", *ROLES} <= given
    assert given - told <= {"alis_pool_connections"}


def test_every_code_of_a_failed_backup_is_listed() -> None:
    code = "".join(
        (DEPLOY.parent / "workers" / "keeping" / name).read_text("utf-8")
        for name in ("backups.py", "backup_file.py", "restoring.py", "old_backups.py")
    )
    assert set(re.findall(r'"((?:backup|restore)-[a-z-]+)",? ', code.replace("\n", " "))) == set(
        re.findall(r"`((?:backup|restore)-[a-z-]+)`", README)
    )
