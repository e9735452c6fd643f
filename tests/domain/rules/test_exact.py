"""No floating point anywhere near money: the rules are watched line by line while they run."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from types import FrameType
from typing import Any, Final

import domain
from domain.casework.library import choose_rule_set
from domain.history import as_known
from domain.rules.result import calculate
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
