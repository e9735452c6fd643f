"""The `alis` command as other programs and people run it (contract.md 2)."""

import atexit
import base64
import json
import os
import pty
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import pytest

from tests.desk import MASTER_KEY, desk
from tests.golden_cases import CASES, promised
from tests.issuer import typed
from tests.logged import look_through
from tests.options import NEWER_TOML
from tests.scenario import Json, full_time, lines_of, track
from workers.cli import main

ALIS: Final = Path(sys.executable).with_name("alis")
RULES: Final = Path(__file__).parents[2] / "domain/rulebook/sets/nasjonal-alis-2026-provisional.toml"
BODO_2026: Final = ("--municipality", "1804", "--round", "2026")
KEY: Final = base64.b64encode(MASTER_KEY).decode()
OWN: Final = [case.of(f"{9_100_001 + n}") for n, case in enumerate(CASES)]


@dataclass(frozen=True)
class Ended:
    """How a run of the program ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:  # noqa: ANN401 - whatever the program prints
        """What was printed, of a run that was done."""
        assert self.code == 0, self.err
        return json.loads(self.out)


@cache
def evidence() -> str:
    """A folder for what commands keep outside a database, beside those of other test processes."""
    folder = tempfile.TemporaryDirectory(prefix="alis-evidence-")
    atexit.register(folder.cleanup)
    return folder.name


def environment(more: Mapping[str, str]) -> dict[str, str]:
    """What a command is started with: of a given database also where to keep what belongs outside it."""
    kept = {name: value for name, value in os.environ.items() if not name.upper().startswith("ALIS_")}
    given = more.get("ALIS_DATABASE_URL")
    beside = {"ALIS_EVIDENCE_FOLDER": str(Path(evidence(), sha256(given.encode()).hexdigest()))} if given else {}
    return kept | {"ALIS_MASTER_KEY": KEY} | beside | dict(more)


def alis(*arguments: object, **more: str) -> Ended:
    asked, signed_in = typed(map(str, arguments))
    done = subprocess.run(
        [str(ALIS), *asked],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        env=environment({**signed_in, **more}),
    )
    look_through(done.stderr)
    return Ended(done.returncode, done.stdout, done.stderr)


def main_as(arguments: Iterable[object], monkeypatch: pytest.MonkeyPatch) -> int:
    """Run a command in this process as somebody who is written as in the tests."""
    asked, signed_in = typed(map(str, arguments))
    with monkeypatch.context() as environ:
        for name, value in signed_in.items():
            environ.setenv(name, value)
        return main(asked)


def refused(*arguments: object, **more: str) -> str:
    """The message of a run that was refused for bad usage or bad input."""
    ended = alis(*arguments, **more)
    assert (ended.code, ended.out) == (2, ""), ended
    assert "Traceback" not in ended.err
    return ended.err


def refused_here(capsys: pytest.CaptureFixture[str], *arguments: object) -> str:
    """As `refused`, but without a process of its own, which is much faster."""
    with pytest.raises(SystemExit) as ended:
        sys.exit(main([str(argument) for argument in arguments]))
    said = capsys.readouterr()
    assert (ended.value.code, said.out) == (2, "")
    return said.err


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A history of one doctor."""
    return written(tmp_path, lines_of(full_time().facts))


def written(folder: Path, content: bytes) -> Path:
    file = folder / "historikk.jsonl"
    file.write_bytes(content)
    return file


# ---------------------------------------------------------------- calculate


@pytest.mark.parametrize("case", [CASES[0], *(case for case in CASES if case.known_at)], ids=lambda case: case.name)
def test_a_golden_case_calculated_from_its_file_is_printed_as_json(tmp_path: Path, case: Any) -> None:  # noqa: ANN401
    known_at = ("--known-at", case.known_at) if case.known_at else ()
    asked = ("--municipality", case.municipality, "--round", case.round, "--rules", case.rules, *known_at)
    ended = alis("calculate", written(tmp_path, lines_of(case.facts)), *asked)
    assert promised(ended.json) == case.expected
    assert ended.err == ""


def test_a_result_has_all_that_the_contract_names(file: Path) -> None:
    found = alis("calculate", file, *BODO_2026).json
    heads = {"municipality", "round", "rules", "rules_status", "rules_digest", "known_at", "total", "complete", "lines"}
    assert heads <= found.keys()
    assert {"hpr", "total", "elements", "months"} <= found["lines"][0].keys()


def test_each_line_has_its_trace_where_it_is_asked_for(file: Path) -> None:
    [line] = alis("calculate", file, *BODO_2026, "--trace").json["lines"]
    assert line["trace"]
    [without] = alis("calculate", file, *BODO_2026).json["lines"]
    assert line.keys() - without.keys() == {"trace"}


def test_a_table_tells_the_reasons_where_they_are_asked_for(file: Path) -> None:
    assert "BEGRUNNELSE FOR" in alis("calculate", file, *BODO_2026, "--trace", "--format", "table").out
    assert "BEGRUNNELSE FOR" not in alis("calculate", file, *BODO_2026, "--format", "table").out


def test_a_table_tells_the_findings_and_which_rates_are_unknown(tmp_path: Path) -> None:
    history = written(tmp_path, lines_of(full_time("2024-09-01").leave("l1", "2025-08-10", "2025-08-20").facts))
    told = alis("calculate", history, *BODO_2026, "--format", "table").out
    assert "Se nærmere på\n  9000001  " in told
    assert "August 2025 gir ikke tilskudd på grunn av fullt fravær. " in told
    assert "vart hele måneden, ville den gitt 31\u2009555 kroner." in told
    partly = alis("calculate", history, "--municipality", "1804", "--round", "2025", "--format", "table").out
    assert "9000001  mangler sats for praksiskompensasjon, " in partly
    assert "0  uten linjene med ukjent sats\n" in partly


def test_a_moment_may_have_any_offset_and_is_told_in_utc(file: Path) -> None:
    found = alis("calculate", file, *BODO_2026, "--known-at", "2024-01-01T01:00:00+01:00").json
    assert found["known_at"] == "2024-01-01T00:00:00Z"
    assert found["lines"] == []  # the track alone was known then


def test_a_table_is_printed_where_one_is_asked_for(file: Path) -> None:
    ended = alis("calculate", file, *BODO_2026, "--format", "table")
    assert (ended.code, ended.err) == (0, "")
    assert "Bodø (1804)" in ended.out
    assert "9000001" in ended.out
    assert "378\u2009656" in ended.out


def test_in_a_terminal_a_table_is_printed(file: Path) -> None:
    ours, its = pty.openpty()
    with os.fdopen(ours, "rb", buffering=0) as terminal:
        command = [str(ALIS), "calculate", str(file), *BODO_2026]
        with subprocess.Popen(command, stdout=its, stderr=subprocess.PIPE, env=environment({})) as process:
            os.close(its)
            shown = terminal.read(4096).decode()
            process.wait(timeout=60)
    assert shown.startswith("Bodø (1804), tilskuddsperioden 2026")


def test_a_rule_set_in_a_file_of_ones_own_is_used(file: Path, tmp_path: Path) -> None:
    own = tmp_path / "mitt.toml"
    text = RULES.read_text("utf-8").replace('"125000"', '"0"').replace("-provisional", "-mitt")
    own.write_text(text + NEWER_TOML, "utf-8")
    found = alis("calculate", file, *BODO_2026, "--rules", own).json
    assert (found["rules"], found["total"]) == ("nasjonal-alis-2026-mitt", 247_406)


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        (("--municipality", "9999", "--round", "2026"), "Kommunenummeret 9999 finnes ikke."),
        (("--municipality", "1804", "--round", "2019"), "2019"),
        ((*BODO_2026, "--rules", "nasjonal-alis-2062"), "Regelsettet «nasjonal-alis-2062» finnes ikke."),
        (("--municipality", "1804", "--round", "2025", "--rules", "nasjonal-alis-2026-provisional"),
         "Regelsettet «nasjonal-alis-2026-provisional» gjelder tilskuddsperioden 2026, ikke 2025."),
        ((*BODO_2026, "--rules", __file__), "kan ikke brukes"),
        ((*BODO_2026, "--known-at", "2026-07-01"), "«2026-07-01» er ikke et tidspunkt med tidssone"),
        ((*BODO_2026, "--known-at", "9999-12-31T23:59:59Z"), "er ikke kommet ennå"),
        ((*BODO_2026, "--format", "xml"), "--format"),
        (("--round", "2026"), "--municipality"),
        ((*BODO_2026, "--kommune", "1804"), "--kommune"),
    ],
)  # fmt: skip
def test_what_is_asked_for_wrongly_is_refused_with_a_sentence(
    file: Path, asked: tuple[object, ...], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert sentence in refused_here(capsys, "calculate", file, *asked)


def test_a_file_that_cannot_be_read_is_refused_with_its_name(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in (tmp_path / "borte.jsonl", tmp_path):
        assert str(name) in refused_here(capsys, "calculate", name, *BODO_2026)


def test_bad_input_is_told_whole_with_file_line_fact_and_reason(tmp_path: Path) -> None:
    facts: list[Json] = [*full_time().facts]
    facts[1] |= {"percent": 120}
    facts.append(full_time().add("leave_ended", leave="l1", last_day="2025-06-01").facts[-1])
    bad = written(tmp_path, lines_of(facts))
    told = refused("calculate", bad, *BODO_2026).splitlines()
    assert told[0].startswith(f"{bad}:2: 2: Feltet «percent» er utenfor de lovlige verdiene")
    assert told[1].startswith(f"{bad}:4: 4: Permisjonen «l1» er ikke kjent")
    assert len(told) == 3


def test_a_message_prints_no_character_that_nobody_sees(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bad = written(tmp_path, lines_of([{"id": "\x1b[31ma\u202e", "type": "\x1b[0m"}]))
    told = refused_here(capsys, "calculate", bad, *BODO_2026)
    assert "?[31ma?:" in told
    assert "\x1b" not in told


def test_the_version_is_told_on_standard_output() -> None:
    told = alis("--version")
    assert (told.code, told.out, told.err) == (0, f"alis {version('alis')}\n", "")


def test_without_a_command_the_usage_is_told_and_help_is_no_error() -> None:
    assert "bruk: alis" in refused()
    helped = alis("--help")
    assert (helped.code, helped.err) == (0, "")
    assert all(command in helped.out for command in ("calculate", "import", "replay"))


def test_a_reader_that_goes_away_gets_no_complaint(file: Path) -> None:
    command = [str(ALIS), "calculate", str(file), *BODO_2026]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment({})) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.close()
        assert process.stderr.read() == b""


# ---------------------------------------------------------------- import and replay


def test_an_import_prints_what_it_did_and_a_second_one_stores_nothing(database_url: str, file: Path) -> None:
    first = alis("import", file, ALIS_DATABASE_URL=database_url).json
    assert first == {"facts": 3, "stored": 3, "already_stored": 0, "doctors": 1}
    second = alis("import", file, ALIS_DATABASE_URL=database_url).json
    assert second == {"facts": 3, "stored": 0, "already_stored": 3, "doctors": 1}


def test_a_refused_import_tells_every_error_and_stores_nothing(database_url: str, tmp_path: Path) -> None:
    bad = written(tmp_path, lines_of([*full_time().facts, full_time().ended("p8", "2025-12-31").facts[-1]]))
    told = refused("import", bad, ALIS_DATABASE_URL=database_url)
    assert f"{bad}:4: 4: Stillingen «p8» er ikke kjent" in told
    assert "ingenting er lagret" in told
    with desk(database_url) as at:
        assert at.log() == []


@pytest.mark.long
def test_replay_from_the_stored_events_equals_calculate_from_the_file(database_url: str, tmp_path: Path) -> None:
    file = written(tmp_path, lines_of([fact for case in OWN for fact in case.facts]))
    counts = alis("import", file, ALIS_DATABASE_URL=database_url).json
    assert counts["stored"] == counts["facts"]
    for where, moment in [("1804", None), ("1839", None), ("1804", "2026-07-01T00:00:00Z")]:
        asked = ("--municipality", where, "--round", "2026", *(("--known-at", moment) if moment else ()))
        replayed = alis("replay", *asked, ALIS_DATABASE_URL=database_url).json
        calculated = alis("calculate", file, *asked).json
        assert {name: replayed[name] for name in calculated} == calculated
        expected = {
            case.facts[0]["hpr"]: case.expected["lines"][0]
            for case in OWN
            if case.municipality == where and case.known_at == moment
        }
        lines = {line["hpr"]: line for line in promised(replayed)["lines"]}
        assert {hpr: lines[hpr] for hpr in expected} == expected


@pytest.mark.long
def test_a_replay_of_the_whole_round_prints_one_result_a_line(database_url: str, tmp_path: Path) -> None:
    everyone = written(tmp_path, lines_of([fact for case in OWN for fact in case.facts]))
    assert alis("import", everyone, ALIS_DATABASE_URL=database_url).code == 0
    whole = alis("replay", "--all", "--round", "2026", ALIS_DATABASE_URL=database_url)
    results = [json.loads(line) for line in whole.out.splitlines()]
    assert len(results) > 1
    for each in results[:2]:
        asked = ("--municipality", each["municipality"], "--round", "2026")
        assert alis("replay", *asked, ALIS_DATABASE_URL=database_url).json == each
    tables = alis("replay", "--all", "--round", "2026", "--format", "table", ALIS_DATABASE_URL=database_url).out
    assert tables.count("tilskuddsperioden 2026") == len(results)


@pytest.mark.long
def test_what_was_known_at_a_moment_but_stored_later_is_told_in_the_replay(database_url: str, file: Path) -> None:
    alis("import", file, ALIS_DATABASE_URL=database_url)
    found = alis("replay", *BODO_2026, "--known-at", "2026-07-01T00:00:00Z", ALIS_DATABASE_URL=database_url).json
    assert [each["fact"] for each in found["known_before_stored_after"]] == ["1", "2", "3"]
    asked = ("--known-at", "2026-07-01T00:00:00Z", "--format", "table")
    shown = alis("replay", *BODO_2026, *asked, ALIS_DATABASE_URL=database_url).out
    assert "Kjent da, men lagret her senere: «1» (9000001), «2» (9000001), «3» (9000001)\n" in shown
    shown = alis("replay", *BODO_2026, "--format", "table", ALIS_DATABASE_URL=database_url).out
    assert "lagret her senere" not in shown


@pytest.mark.parametrize(
    ("asked", "word"),
    [
        (("--municipality", "9999", "--round", "2026"), "9999"),
        (("--municipality", "1804", "--round", "2019"), "2019"),
        (("--municipality", "1804"), "--round"),
        (("--claim", "1804-2026"), "1804-2026"),
    ],
)
def test_a_replay_of_what_does_not_exist_is_refused(database_url: str, asked: tuple[str, ...], word: str) -> None:
    assert word in refused("replay", *asked, ALIS_DATABASE_URL=database_url)


def test_nothing_personal_is_told_while_facts_are_stored(database_url: str, tmp_path: Path) -> None:
    told = full_time().leave("l1", "2025-08-01", "2025-08-31", kind="sick")
    told = told.changed("p1", "2025-09-01", workplace="Hemmelig legekontor")
    ended = alis("import", written(tmp_path, lines_of(told.facts)), ALIS_DATABASE_URL=database_url)
    assert ended.code == 0
    assert not [word for word in ("sick", "Hemmelig") if word in ended.err + ended.out]


def test_the_log_is_json_on_standard_error_with_a_correlation_id(database_url: str, file: Path) -> None:
    ended = alis("import", file, ALIS_DATABASE_URL=database_url)
    [line] = [json.loads(line) for line in ended.err.splitlines() if '"import"' in line]
    assert (line["event"], line["outcome"], line["stored"]) == ("import", "stored", 3)
    assert line["correlation"]


# ---------------------------------------------------------------- what is wrong around it


def test_a_database_that_does_not_answer_is_a_failure_and_no_fault_of_the_input(file: Path) -> None:
    ended = alis("import", file, ALIS_DATABASE_URL="postgresql://eva:hemmelig@127.0.0.1:1/alis")
    assert (ended.code, ended.out) == (1, "")
    assert "svarer ikke" in ended.err
    assert "hemmelig" not in ended.err


def test_a_master_key_of_another_database_is_a_failure(database_url: str, tmp_path: Path) -> None:
    told = full_time().leave("l1", "2025-08-01")
    file = written(tmp_path, lines_of(told.facts))
    alis("import", file, ALIS_DATABASE_URL=database_url)
    other = base64.b64encode(bytes(32)).decode()
    ended = alis("replay", *BODO_2026, ALIS_DATABASE_URL=database_url, ALIS_MASTER_KEY=other)
    assert (ended.code, ended.out) == (1, "")
    assert "ALIS_MASTER_KEY" in ended.err


def test_a_setting_that_does_not_exist_is_bad_usage(file: Path) -> None:
    assert "ALIS_DATABSE_URL er ingen innstilling" in refused("import", file, ALIS_DATABSE_URL="x")


def test_the_chain_is_verified_and_a_break_is_a_failure(database_url: str, file: Path) -> None:
    alis("import", file, ALIS_DATABASE_URL=database_url)
    with desk(database_url) as at:
        found = alis("verify", ALIS_DATABASE_URL=database_url).json
        assert found["events"] == len(at.asks("SELECT position FROM events"))
        at.asks("ALTER TABLE events DISABLE TRIGGER ALL")
        at.asks("UPDATE events SET recorded_by = 'kommune:1839' WHERE topic = 'track.started.v1'")
    ended = alis("verify", ALIS_DATABASE_URL=database_url)
    assert (ended.code, json.loads(ended.out)["intact"]) == (1, False)
    assert "Hendelse 1 om legen med HPR-nummer 9000001" in ended.err


@pytest.mark.long
def test_two_first_starts_at_once_on_an_empty_data_folder_share_one_database(data_folder: Path, tmp_path: Path) -> None:
    both = [*full_time().facts, *track("2024-10-01", hpr="9000002").facts]
    file = written(tmp_path, lines_of(both))
    where = environment({"ALIS_DATA_FOLDER": str(data_folder)})
    del where["ALIS_MASTER_KEY"]  # the first to start makes one, and the other finds it
    processes = [
        subprocess.Popen([str(ALIS), "import", str(file)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=where)
        for _ in range(3)
    ]
    told = [process.communicate(timeout=120) for process in processes]
    assert [process.returncode for process in processes] == [0, 0, 0], told
    assert sorted(json.loads(out)["stored"] for out, _ in told) == [0, 0, 4]
    assert json.loads(answer(where, "replay", *BODO_2026))["total"] == 378_656
    # two tracks, an agreement and one rule book, each begun once
    assert json.loads(answer(where, "verify"))["streams"] == 4


def answer(where: Mapping[str, str], *arguments: str) -> bytes:
    return subprocess.run([str(ALIS), *arguments], capture_output=True, check=True, env=where, timeout=120).stdout


def test_no_command_but_those_that_serve_waits_for_what_serves_http() -> None:
    loaded = "import sys, workers.cli; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, check=True, timeout=60)
    assert {"fastapi", "uvicorn"}.isdisjoint(done.stdout.split())
