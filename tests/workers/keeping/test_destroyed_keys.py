"""The list of destroyed keys outside the database, and what a restore and a check do with it."""

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import psycopg
import pytest
from pydantic import SecretStr

from deploy.clock import now
from deploy.problems import DatabaseProblem
from deploy.settings import Settings
from domain.doctor.facts.absence import LeaveRegistered
from domain.doctor.key import ErasureReason, KeyDestroyed
from domain.values.norwegian_time import norwegian_day
from domain.values.refusals.refusal import Refused
from domain.values.streams import track_id
from tests import issuer
from tests.desk import Desk, desk, ordered_by
from tests.scenario import BODO, full_time
from tests.workers.test_cli import KEY, alis
from workers.keeping.backups import backup
from workers.keeping.destroyed_keys import add, list_file, listed
from workers.keeping.restoring import restore
from workers.keeping.verifying import verified

HPR: Final = "9000001"
OTHER: Final = "9000002"
DOCTOR: Final = track_id(HPR)


@pytest.fixture
def at(database_url: str) -> Iterator[Desk]:
    """Two doctors, each with a leave."""
    with desk(database_url) as opened:
        opened.publishes()
        for hpr in (HPR, OTHER):
            told = full_time().leave("l1", "2025-10-05", "2025-10-20", "sick")
            opened.imports(fact | {"hpr": hpr} for fact in told.facts)
        yield opened


@pytest.fixture
def settings(at: Desk, data_folder: Path) -> Settings:
    return Settings(database_url=SecretStr(at.url), data_folder=data_folder, master_key=SecretStr(KEY))


@pytest.fixture
def new(settings: Settings, empty_database_url: str) -> Settings:
    """The same with another database, which is empty."""
    return settings.model_copy(update={"database_url": SecretStr(empty_database_url)})


@pytest.fixture
def file(at: Desk, settings: Settings, tmp_path: Path) -> str:
    """A backup, and a list that says that nothing was erased."""
    name = str(tmp_path / "kopi.alis")
    backup(settings, name)
    assert at.store.keys.name_of(DOCTOR)
    return name


def erases(at: Desk, settings: Settings, hpr: str = HPR) -> str:
    """Destroy a doctor's key as the command does; gives its name."""
    at.casework.erasing.request(hpr, "ordered", ordered_by("operator:ber"), now())
    order, moment = ordered_by("operator:drift"), now()
    return at.casework.erasing.confirm(hpr, order, moment, lambda done: add(settings, [done], moment)).key


def two_persons(monkeypatch: pytest.MonkeyPatch, one: str, other: str) -> Mapping[str, Any]:
    """Tokens of two persons in the environment; gives the setting that they are checked by."""
    monkeypatch.setenv("ALIS_TOKEN", issuer.token(one))
    monkeypatch.setenv("ALIS_SECOND_TOKEN", issuer.token(other))
    return {"issuers_file": Path(issuer.settings()["ALIS_ISSUERS_FILE"])}


def code_of(ask: Callable[[], object]) -> str:
    try:
        ask()
    except (DatabaseProblem, Refused) as problem:
        return problem.code
    return "nothing is wrong"


def is_empty(settings: Settings) -> bool:
    assert settings.database_url is not None
    with psycopg.connect(settings.database_url.get_secret_value()) as connection:
        return not connection.execute("SELECT FROM pg_class WHERE relnamespace = 'public'::regnamespace").rowcount


def lines(settings: Settings) -> list[dict[str, Any]]:
    return [json.loads(line) for line in list_file(settings).read_text("utf-8").splitlines()]


def codes(settings: Settings) -> list[str]:
    return [each["code"] for each in verified(settings)["findings"]]


# ---------------------------------------------------------------- restoring


def test_what_was_erased_after_a_backup_is_erased_again_before_the_restored_database_serves(
    at: Desk, settings: Settings, file: str, new: Settings
) -> None:
    name = erases(at, settings)
    done = restore(new, file)
    assert (done["destroyed_again"], done["without_list"]) == (1, [])
    assert new.database_url is not None
    with desk(new.database_url.get_secret_value()) as restored:
        assert restored.store.keys.name_of(DOCTOR) is None
        assert restored.store.keys.name_of(track_id(OTHER)) == at.store.keys.name_of(track_id(OTHER))
        [told] = [each for _, each in restored.store.destroyed(0, 10**9)]
        assert (told.hpr, told.key, told.reason, told.recorded_by[:9]) == (HPR, name, "ordered", "operator:")
        facts = [each.event for each in restored.store.doctors([DOCTOR, track_id(OTHER)])]
        kinds = {each.hpr: each.kind for each in facts if isinstance(each, LeaveRegistered)}
        assert kinds == {HPR: "erased_extending", OTHER: "sick"}
        assert restored.replays(BODO) == at.replays(BODO)
    assert codes(new) == []
    assert [each.get("key") for each in lines(settings)] == [None, name]


def test_a_backup_that_was_restored_again_can_be_backed_up_and_restored_once_more(
    at: Desk, settings: Settings, file: str, new: Settings, tmp_path: Path
) -> None:
    erases(at, settings)
    first = restore(new, file)
    made = backup(new, str(tmp_path / "ny.alis"))
    assert (made["events"], made["streams"]) == (first["events"], first["streams"])


def test_a_list_that_says_that_nothing_was_erased_stops_no_restore(file: str, new: Settings) -> None:
    assert listed(new) == {}
    assert restore(new, file)["destroyed_again"] == 0


def test_without_the_list_nothing_is_restored_unless_two_operators_say_so(
    at: Desk, settings: Settings, file: str, new: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    erases(at, settings)
    list_file(settings).unlink()
    assert code_of(lambda: restore(new, file)) == "restore-without-list"
    assert code_of(lambda: restore(new, file, without_list=True)) == "two-operators"
    for one, other, code in (
        ("operator:kari", "operator:kari", "one-operator"),
        ("operator:kari", "saksbehandler:ola", "not-your-role"),
    ):
        believed = new.model_copy(update=two_persons(monkeypatch, one, other))
        assert code_of(lambda believed=believed: restore(believed, file, without_list=True)) == code  # type: ignore[misc]
        assert is_empty(new)
    believed = new.model_copy(update=two_persons(monkeypatch, "operator:kari", "operator:ola"))
    done = restore(believed, file, without_list=True)
    assert (len(set(done["without_list"])), done["destroyed_again"]) == (2, 0)
    assert lines(new)[1]["restored_without_list_by"] == done["without_list"]
    assert code_of(lambda: restore(believed, file)) == "restore-not-empty"


def test_a_list_that_lacks_what_was_erased_before_the_backup_is_no_list(
    at: Desk, settings: Settings, new: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name, file = erases(at, settings), tmp_path / "kopi.alis"
    backup(settings, str(file))
    first, *_ = list_file(settings).read_bytes().splitlines(keepends=True)
    list_file(settings).write_bytes(first)
    assert codes(settings) == ["list-short"]
    assert code_of(lambda: restore(new, str(file))) == "restore-list-short"
    assert is_empty(new)
    believed = new.model_copy(update=two_persons(monkeypatch, "operator:kari", "operator:ola"))
    assert len(restore(believed, str(file), without_list=True)["without_list"]) == 2
    assert listed(settings) == {name: "ordered"}
    assert codes(settings) == []


# ---------------------------------------------------------------- the list


def test_a_key_stands_on_the_list_before_it_is_destroyed_or_is_not_destroyed(at: Desk, settings: Settings) -> None:
    name = at.store.keys.name_of(DOCTOR)
    settings.data_folder.mkdir(mode=0o711)
    (settings.data_folder / "evidence").write_text("ingen mappe")
    with pytest.raises(DatabaseProblem) as problem:
        erases(at, settings)
    assert problem.value.code in {"list-unreadable", "list-unwritable"}
    assert at.store.keys.name_of(DOCTOR) == name
    (settings.data_folder / "evidence").unlink()
    confirmed = at.casework.erasing.confirm(
        HPR, ordered_by("operator:drift"), now(), lambda done: add(settings, [done], now())
    )
    assert listed(settings) == {confirmed.key: ErasureReason.ORDERED}


def test_erasing_by_the_command_puts_the_key_on_the_list_with_its_day_and_reason(at: Desk, data_folder: Path) -> None:
    def erase(*more: str) -> Any:  # noqa: ANN401 - JSON
        folder = str(data_folder / "bevis")
        return alis("erase", HPR, *more, ALIS_DATABASE_URL=at.url, ALIS_EVIDENCE_FOLDER=folder).json

    erase("--reason-code", "requested", "--as", "operator:kari")
    done = erase("--confirm", "--as", "operator:ola")
    [_, line] = [json.loads(each) for each in (data_folder / "bevis" / "destroyed-keys.jsonl").read_text().splitlines()]
    assert line.pop("hash")
    assert line == {
        "key": done["key"],
        "day": str(norwegian_day(datetime.fromisoformat(done["at"]))),
        "reason": "requested",
    }
    assert (data_folder / "bevis" / "destroyed-keys.jsonl").stat().st_mode & 0o777 == 0o600


def destroyed(number: int) -> KeyDestroyed:
    fields = {"hpr": HPR, "key": f"{number:016x}", "reason": ErasureReason.REQUESTED, "recorded_by": "operator:ola"}
    return KeyDestroyed.model_validate({**fields, "recorded_at": now()})


@pytest.fixture
def three(data_folder: Path) -> Settings:
    """A list of three keys, put there in turn, one of them twice."""
    settings = Settings(data_folder=data_folder)
    for number in (1, 2, 1, 3):
        add(settings, [destroyed(number)], now())
    return settings


def test_each_key_stands_on_the_list_once(three: Settings) -> None:
    assert [each.get("key") for each in lines(three)] == [None, *(f"{number:016x}" for number in (1, 2, 3))]
    assert listed(three) == dict.fromkeys((f"{number:016x}" for number in (1, 2, 3)), ErasureReason.REQUESTED)


@pytest.mark.parametrize("gone", [0, 1, 2])
def test_a_list_from_which_a_line_was_taken_is_refused_and_says_where(three: Settings, gone: int) -> None:
    whole = list_file(three).read_bytes().splitlines(keepends=True)
    list_file(three).write_bytes(b"".join(whole[:gone] + whole[gone + 1 :]))
    with pytest.raises(DatabaseProblem, match=f"endret i linje {gone + 1};") as problem:
        listed(three)
    assert problem.value.code == "list-changed"
    assert code_of(lambda: add(three, [destroyed(4)], now())) == "list-changed"


@pytest.mark.parametrize(
    "other", [b"x", b"{}\n", b"[]\n", b"\xff\n", b'{"key": "1", "reason": "derfor", "hash": ""}\n']
)
def test_a_list_with_something_else_in_it_is_refused(three: Settings, other: bytes) -> None:
    whole = list_file(three).read_bytes()
    list_file(three).write_bytes(whole.replace(b'"reason": "requested"', b'"reason": "ordered"', 1))
    assert code_of(lambda: listed(three)) == "list-changed"
    list_file(three).write_bytes(other + whole)
    assert code_of(lambda: listed(three)) == "list-changed"


def test_a_line_that_was_only_begun_counts_for_nothing_and_is_written_over(three: Settings) -> None:
    whole = list_file(three).read_bytes()
    list_file(three).write_bytes(whole + b'{"key": "00000000')
    assert len(listed(three) or {}) == 3
    add(three, [destroyed(4)], now())
    assert list_file(three).read_bytes().startswith(whole)
    assert len(listed(three) or {}) == 4


def test_a_list_that_was_emptied_is_no_list(three: Settings) -> None:
    list_file(three).write_bytes(b"")
    assert listed(three) is None


# ---------------------------------------------------------------- verify


def test_a_key_on_the_list_that_is_there_is_named_by_its_doctor(at: Desk, settings: Settings) -> None:
    [row] = at.asks("SELECT sealed_key FROM doctor_keys WHERE doctor = %s", DOCTOR)
    assert row
    name = str(at.store.keys.name_of(DOCTOR))
    add(settings, [destroyed(int(name, 16))], now())
    [found] = verified(settings)["findings"]
    assert found["code"] == "key-not-destroyed"
    assert HPR in found["sentence"]
    assert "listen over slettede nøkler" in found["sentence"]


def test_a_list_that_was_changed_is_named_and_without_one_it_is_said_what_is_not_seen(
    at: Desk, settings: Settings
) -> None:
    assert at.url
    assert any("listen over slettede nøkler" in each for each in verified(settings)["not_checked"])
    add(settings, [destroyed(1)], now())
    assert codes(settings) == []
    assert not any("listen over slettede nøkler" in each for each in verified(settings)["not_checked"])
    list_file(settings).write_bytes(b"{}\n" + list_file(settings).read_bytes())
    assert codes(settings) == ["list-changed"]
