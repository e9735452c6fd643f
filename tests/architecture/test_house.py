"""Promises of the whole house that no import rule can tell."""

import ast
import re
import string
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

import pytest

from api.http.kinds import SENTENCES, STATUS
from domain.doctor.facts.facts import BY_TYPE
from domain.values.refusals.kinds import Kind
from domain.values.refusals.table import GROUPS
from tests.architecture.house import FILES, HOUSE, name, nodes
from workers.shell.exits import EXITS

REFUSAL_TABLE: Final = [
    *(each for each in (HOUSE / "domain/values/refusals").glob("*.py") if each.stem not in {"person", "refusal"}),
    HOUSE / "api/http/kinds.py",
]
READING: Final = {"domain/values/places.py", "domain/rulebook/release.py"}
"""What reads the data of the release, which is the same for everybody."""
NUMBERS_READ: Final = {"domain/values/fields.py", "domain/doctor/intake/plain.py"}
"""What reads numbers that somebody sent, before any is money."""
TIMED: Final = {"domain/values/patience.py"}
PURE: Final = [
    file
    for part in ("values", "doctor", "rules", "rulebook", "claim")
    for file in sorted((HOUSE / "domain" / part).rglob("*.py"))
    if name(file) not in READING | TIMED
]
IMPURE: Final = {
    "os", "random", "secrets", "socket", "subprocess", "tempfile", "threading", "time", "urllib", "importlib",
    "pathlib", "io", "sqlite3", "psycopg", "eventsourcing", "structlog", "sys", "pkgutil", "shutil", "glob",
}  # fmt: skip
ASKING: Final = {
    "now", "today", "utcnow", "uuid1", "uuid4", "getenv", "environ", "urandom",
    "open", "read_text", "read_bytes", "print", "input",
}  # fmt: skip
DAYS_IN_SQL: Final = re.compile(r"::date\b|\bcurrent_date\b|\bas date\)|\bdate_trunc\b", re.IGNORECASE)


# ---------------------------------------------------------------- refusals


def texts() -> set[str]:
    """Every text in the house but the table of refusals; of a text with holes, its pieces."""
    elsewhere = [file for file in FILES if file not in REFUSAL_TABLE]
    return {
        node.value for _, node in nodes(elsewhere) if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def test_every_refusal_in_the_table_is_used() -> None:
    used = texts()
    put_together = {f"unknown-{kind}" for kind in used if "unknown-" in used}
    assert sorted(SENTENCES.keys() - used - put_together) == []


def test_every_refusal_is_one_whole_sentence() -> None:
    for code, sentence in SENTENCES.items():
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", code), code
        assert sentence.endswith((".", "{because}", "{detail}", "{first}")), code
        assert sentence[0].isupper() or sentence[0] in "«{", code


def refusals() -> Iterator[tuple[str, str, set[str]]]:
    """Where something is refused by a code that stands there, the code, and what fills its sentence."""
    for place, node in nodes(FILES):
        match node:
            case ast.Call(func=ast.Name(id="refused" | "Problem"), args=[ast.Constant(value=code)]):
                yield place, str(code), {word.arg for word in node.keywords if word.arg}


def test_every_refusal_that_is_made_is_in_the_table_and_leaves_no_hole_in_its_sentence() -> None:
    made = list(refusals())
    assert len(made) > 30
    for place, code, given in made:
        assert code in SENTENCES, f"{place} {code}"
        holes = {hole for _, hole, _, _ in string.Formatter().parse(SENTENCES[code]) if hole}
        assert holes <= given, f"{place} {code}"


def test_every_refusal_stands_once_and_has_a_kind() -> None:
    found = [
        str(code.value)
        for _, node in nodes(REFUSAL_TABLE)
        if isinstance(node, ast.Dict)
        for code, sentence in zip(node.keys, node.values, strict=True)
        if isinstance(code, ast.Constant) and isinstance(sentence, ast.Constant)
    ]
    assert sorted(found) == sorted(SENTENCES)
    assert SENTENCES.keys() > GROUPS.keys()


def test_every_kind_of_refusal_is_used_and_has_a_status_and_an_exit_code() -> None:
    assert {group.kind for group in GROUPS.values()} == set(Kind) == STATUS.keys() == EXITS.keys()


def test_the_domains_table_of_refusals_knows_no_status_and_no_exit_code() -> None:
    for place, node in nodes([file for file in REFUSAL_TABLE if "domain" in file.parts]):
        assert not isinstance(node, ast.Constant) or not isinstance(node.value, int) or node.value is True, place


# ---------------------------------------------------------------- facts


def test_every_type_of_fact_has_a_versioned_topic_of_its_own() -> None:
    topics = [cls.event_topic for cls in BY_TYPE.values()]
    assert len(set(topics)) == len(topics)
    assert all(re.fullmatch(r"(track|agreement|fact)\.[a-z]+(-[a-z]+)*\.v[1-9]\d*", topic) for topic in topics)


# ---------------------------------------------------------------- purity


def impure(code: Iterable[tuple[str, ast.AST]]) -> list[str]:
    """Where code asks the machine for something."""
    found = []
    for place, node in code:
        match node:
            case ast.Import(names=names):
                asked = IMPURE & {each.name.split(".")[0] for each in names}
            case ast.ImportFrom(module=str(module)):
                asked = IMPURE & {module.split(".")[0]}
            case ast.Attribute(attr=word) | ast.Call(func=ast.Name(id=word)):
                asked = ASKING & {word}
            case _:
                continue
        found += [f"{place} {each}" for each in asked]
    return found


def test_no_clock_chance_environment_or_file_in_the_streams_and_the_rules() -> None:
    assert impure(nodes(PURE)) == []


@pytest.mark.parametrize(
    "code",
    [
        "import os.path",
        "def later():\n    from pathlib import Path",
        "datetime.now()",
        "resource.read_text()",
        "open('findings.toml')",
    ],
)
def test_what_asks_the_machine_is_seen_however_it_is_written(code: str) -> None:
    assert impure(("here", node) for node in ast.walk(ast.parse(code)))


def test_the_day_of_a_moment_is_made_in_one_place() -> None:
    """A day of UTC is another than the Norwegian one for an hour or two every night."""
    elsewhere = [file for file in FILES if name(file) != "domain/values/norwegian_time.py"]
    for place, node in nodes(elsewhere):
        match node:
            case ast.Call(func=ast.Attribute(attr="date"), args=[]) | ast.Call(func=ast.Attribute(attr="strftime")):
                pytest.fail(place)
            case ast.Constant(value=str(text)):
                assert not DAYS_IN_SQL.search(text), place
    for file in (HOUSE / "deploy" / "migrations").glob("*.sql"):
        assert not DAYS_IN_SQL.search(file.read_text("utf-8")), name(file)


def asked_of(node: ast.AST) -> list[ast.expr]:
    """The types that a piece of code asks whether something is of."""
    match node:
        case ast.MatchClass(cls=cls):
            return [cls]
        case ast.Call(func=ast.Name(id="isinstance"), args=[_, kind]):
            return [kind]
        case _:
            return []


@pytest.mark.parametrize("file", [each for each in PURE if name(each) not in NUMBERS_READ], ids=name)
def test_no_float_is_named_anywhere_near_money_but_to_refuse_it(file: Path) -> None:
    """That none comes of a division is seen where the rules run: tests/domain/rules/test_exact.py."""
    found = list(nodes([file]))
    refusing = {id(part) for _, node in found for part in asked_of(node)}
    for place, node in found:
        match node:
            case ast.Constant(value=float() | complex()) | ast.Import(names=[ast.alias(name="math")]):
                pytest.fail(place)
            case ast.ImportFrom(module="math", names=names):
                assert {each.name for each in names} <= {"gcd", "lcm", "prod"}, place  # exact
            case ast.Name(id="float"):
                assert id(node) in refusing, place


def test_the_tests_of_purity_look_at_what_is_there() -> None:
    assert len(PURE) > 70
    assert {file.parent.name for file in PURE} >= {"sets", "lines", "findings", "facts"}
    assert all(file.exists() for file in PURE)
    assert len(FILES) > 40
