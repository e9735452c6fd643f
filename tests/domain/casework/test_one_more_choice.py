"""A release that knows a choice and a number more: no rule set is edited, and what was decided comes out as it was.

The release of the test is this checkout with a record more in the tables of choices and of newer values, written as
whoever adds one writes it.
"""

import inspect
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from domain.rules.sets import newer_values, options

ROOT: Final = Path(__file__).parents[3]
TABLE: Final = Path(inspect.getfile(options)).relative_to(ROOT)
VALUES: Final = Path(inspect.getfile(newer_values)).relative_to(ROOT)
LAST: Final = "\nOPTIONS: Final"
MORE: Final = """
_OPTIONS += (
    Option(
        "full_leave_at_the_edge",
        "Hva gir en dag med fullt fravær først eller sist i måneden?",
        Stage.MONTHS,
        {"as_any_day": "en slik dag regnes som andre", "nothing": "en slik dag ikke gir noe"},
    ),
)
"""
NAME: Final = "full_leave_at_the_edge"
NUMBER: Final = "leave_months"
ONE_NUMBER_MORE: Final = f"""
NEWER_VALUES = {{**NEWER_VALUES, "{NUMBER}": _newer("6", "måneder", "Et fravær varer høyst så lenge.")}}
"""
SHOWN: Final = """
import json
from domain.rulebook.release import choose_rule_set, read_rule_set, shipped_rule_sets
from domain.values.refusals.refusal import Refused
from domain.doctor.history import as_known
from domain.rules.result import calculate
from tests.golden_cases import CASES
from tests.scenario import judged, lines_of
from workers.calculating.trace_table import trace_table

def traced(case):
    doctors = [(hpr, as_known(facts)) for hpr, facts in judged(lines_of(case.facts)).items()]
    return calculate(doctors, case.municipality, choose_rule_set(case.rules, case.round), traced=True)

def refusal(text):
    try:
        read_rule_set("utkast.toml", text)
    except Refused as refused:
        return refused.details["problems"]

print(json.dumps({
    "digests": {each.id: each.digest for each in shipped_rule_sets()},
    "table": trace_table(traced(CASES[0])),
    "results": {case.name: traced(case).as_json() for case in CASES},
    "newer": {each.id: sorted(each.newer_values) for each in shipped_rule_sets()},
    "refused": refusal('extends = "nasjonal-alis-2026-provisional"\\nid = "utkast"\\n'),
}))
"""
"""What that release makes of the rule sets and the golden cases."""


@pytest.fixture(scope="module")
def newer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The checkout with one more choice and number: the domain is a copy, all else is this one's."""
    folder = tmp_path_factory.mktemp("newer")
    for each in ROOT.iterdir():
        if each.name in {"api", "workers", "projections", "deploy", "tests", "pyproject.toml"}:
            (folder / each.name).symlink_to(each)
    shutil.copytree(ROOT / "domain", folder / "domain", ignore=shutil.ignore_patterns("__pycache__"))
    table = folder / TABLE
    text = table.read_text("utf-8")
    assert text.count(LAST) == 1
    table.write_text(text.replace(LAST, f"{MORE}{LAST}"), "utf-8")
    values = folder / VALUES
    values.write_text(values.read_text("utf-8") + ONE_NUMBER_MORE, "utf-8")
    return folder


def run(folder: Path, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.long
def test_every_recorded_decision_comes_out_byte_for_byte_as_it_was_made(newer: Path) -> None:
    decisions = "tests/domain/casework/test_recorded_decisions.py::test_a_recorded_decision_comes_out_as_it_was_made"
    assert " passed" in run(newer, "-m", "pytest", "-q", "-p", "no:cacheprovider", decisions)


def test_every_rule_set_of_the_release_is_read_with_its_digest_and_only_a_draft_must_write_what_is_new(
    newer: Path,
) -> None:
    here, there = (json.loads(run(folder, "-c", SHOWN)) for folder in (ROOT, newer))
    assert there["digests"] == here["digests"]
    lacking = [{"key": key, "reason": "mangler"} for key in (f"options.{NAME}", f"values.{NUMBER}")]
    by_key = sorted([*here["refused"], *lacking], key=lambda each: each["key"])
    assert sorted(there["refused"], key=lambda each: each["key"]) == by_key
    assert all(there["newer"][name] == sorted([*newer, NUMBER]) for name, newer in here["newer"].items())
    told = "Hva gir en dag med fullt fravær først eller sist i måneden? Lagt til grunn: at en slik dag regnes som andre"
    assert f"{told} (forutsatt, valget er nyere enn regelsettet)" in there["table"]
    for result in there["results"].values():
        for line in result["lines"]:
            newest = line["trace"]["options"].pop(NAME)
            assert (newest["value"], newest["source"]) == ("as_any_day", "valget er nyere enn regelsettet")
    assert there["results"] == here["results"]
