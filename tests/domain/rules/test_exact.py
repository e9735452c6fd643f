"""No floating point anywhere near money: the rules are watched line by line while they run."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from fractions import Fraction
from pathlib import Path
from types import FrameType
from typing import Any, Final

import pytest

import domain
from domain.doctor.history import as_known
from domain.rulebook.release import choose_rule_set
from domain.rules.result import calculate
from tests.domain.rules.no_floats import CHECK, FloatForbidden, compiled, exactly
from tests.golden_cases import CASES, Case
from tests.scenario import judged, lines_of

WATCHED: Final = str(Path(str(domain.__file__)).parent)


@contextmanager
def watched() -> Iterator[list[str]]:
    """Every place in the domain where a name stood for a float, or a float was returned."""
    found: list[str] = []

    def watch(frame: FrameType, event: str, value: Any) -> Any:  # noqa: ANN401 - what Python tells its watchers
        if not frame.f_code.co_filename.startswith(WATCHED):
            return None
        held = [*frame.f_locals.values(), value if event == "return" else None]
        if any(isinstance(each, float) for each in held):
            found.append(f"{frame.f_code.co_filename}:{frame.f_lineno}")
        return watch

    before = sys.gettrace()
    sys.settrace(watch)
    try:
        yield found
    finally:
        sys.settrace(before)


def computed(case: Case) -> list[str]:
    at = datetime.fromisoformat(case.known_at) if case.known_at else None
    facts = list(judged(lines_of(case.facts)).items())
    rules = choose_rule_set(case.rules, case.round)
    with watched() as floats:
        found = calculate(((hpr, as_known(each, at)) for hpr, each in facts), case.municipality, rules, at)
        assert found.as_json()["total"] == case.expected["total"]
        assert found.digest()
    return floats


def test_no_float_from_the_facts_to_the_kroner_in_any_golden_case() -> None:
    assert {place for case in CASES for place in computed(case)} == set()


def test_the_watch_sees_a_float() -> None:
    content = lines_of([fact | {"percent": 33.33} for fact in CASES[0].facts if fact["type"] == "position_started"])
    with watched() as floats:
        judged(content)
    assert floats  # where JSON is read, a number is a float for a moment, and exact: it is read as it is written


# ---------------------------------------------------------------- with floats forbidden

FORBIDDING: Final = Path(__file__).with_name("no_floats.py")
HOUSE: Final = Path(WATCHED).parent


def test_every_golden_case_is_computed_with_floats_forbidden() -> None:
    """Not even for a moment, in the middle of an expression."""
    done = subprocess.run(
        [sys.executable, str(FORBIDDING)],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        env={**os.environ, "PYTHONPATH": str(HOUSE)},
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["lines"] >= len(CASES)
    assert found["places"] > 500
    assert {
        "domain.rules.line.amounts",
        "domain.rules.line.months",
        "domain.rules.days.duration",
        "domain.rules.trace.trace",
    } <= {*found["modules"]}


@pytest.mark.parametrize(
    "code",
    [
        "total = 7 / 2",
        "total = int(7 / 2)",
        "total = 7\ntotal /= 2",
        "total = int(float('7'))",
        "total = [n * 7 / 2 for n in (1, 2)]",
    ],
)
def test_a_float_that_lasts_for_a_moment_only_is_seen(code: str) -> None:
    with pytest.raises(FloatForbidden):
        exec(compiled(code, "rules"), {CHECK: exactly})  # noqa: S102 - the code of this test


def test_a_float_that_is_written_is_seen_before_anything_runs() -> None:
    with pytest.raises(FloatForbidden):
        compiled("rate = 0.05", "rules")


def test_exact_numbers_pass_where_floats_are_forbidden() -> None:
    names: dict[str, Any] = {CHECK: exactly, "Fraction": Fraction}
    exec(compiled("total = Fraction(7) / 2\ntotal *= 2\nwhole = 7 // 2", "rules"), names)  # noqa: S102 - as above
    assert (names["total"], names["whole"]) == (7, 3)
