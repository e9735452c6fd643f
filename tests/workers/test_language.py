"""What people read is Norwegian bokmål: no names of fields, no days and moments of machines, kroner with spaces."""

import ast
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

import pytest

from api.http.kinds import SENTENCES
from domain.casework.access.sight import EVERYTHING, Sight
from domain.doctor.facts.facts import FACT_CLASSES
from domain.doctor.history import as_known
from domain.rulebook.release import choose_rule_set, shipped_rule_sets
from domain.rulebook.rulebook import RuleBook
from domain.rules.days.conditions import CONDITIONS
from domain.rules.result import calculate
from domain.rules.sets.options import OPTIONS
from domain.values import words
from domain.values.places import place, someone
from domain.values.refusals.refusal import refused, said
from projections.claims.claim_sentences import sentence
from projections.claims.claims import events_of
from tests.claiming import claiming
from tests.desk import Desk, desk
from tests.golden_cases import CASES, Case
from tests.scenario import full_time, judged, lines_of
from workers.calculating.trace_table import trace_table
from workers.claims.claim_possible import possible_now
from workers.claims.claim_seen import ClaimSeen
from workers.claims.claim_table import claim_table
from workers.shell.rule_tables import listing_table, rule_set_table
from workers.shell.table import table

MACHINE_MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\dT")
MACHINE_DAY: Final = re.compile(r"(?<![-\w])\d{4}-\d\d-\d\d(?![-\w.])")
FIELD_NAME: Final = re.compile(r"(?<![\w(/.«])[a-zæøå]+_[a-zæøå_]+(?![\w)»])")
CLOSE_KRONER: Final = re.compile(r"\d{4,} kron")
ID: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-")
NORWEGIAN: Final = re.compile(r"[æøåÆØÅ«»]")
HOUSE: Final = Path(__file__).parents[2]
FOR_PROGRAMS: Final = ("2026-03-01T00:00:00Z", "2026-07-01T00:00:00Z", "alis_master_key", "pg_dump", "pg_restore")
"""What is typed, or is the name of a file or a program: the sentence shows how it is written."""


def slips(text: str) -> list[str]:
    for known in FOR_PROGRAMS:
        text = text.replace(known, "")
    kinds = (MACHINE_MOMENT, MACHINE_DAY, FIELD_NAME, CLOSE_KRONER, ID)
    return [found.group(0) for kind in kinds for found in kind.finditer(text)]


def written() -> Iterator[tuple[str, str]]:
    """Every Norwegian text of the program's own files, with where it stands."""
    for room in ("domain", "projections", "api", "workers", "deploy"):
        for file in (HOUSE / room).rglob("*.py"):
            tree = ast.parse(file.read_text("utf-8"))
            told = {id(each.value) for each in ast.walk(tree) if isinstance(each, ast.Expr)}
            for node in ast.walk(tree):
                if not isinstance(node, ast.Constant) or not isinstance(node.value, str) or id(node) in told:
                    continue
                if NORWEGIAN.search(node.value):
                    yield f"{file.relative_to(HOUSE)}:{node.lineno}", re.sub(r"\{[^}]*\}", "…", node.value)


def test_no_text_for_people_has_a_field_name_or_a_day_as_machines_write_it() -> None:
    found = [(where, slip) for where, text in written() for slip in slips(text)]
    assert found == []


def test_a_refusal_says_days_moments_kroner_roles_and_municipalities_in_words() -> None:
    deadline = refused("too-late", deadline=date(2026, 4, 1))
    assert "Fristen var 1. april 2026;" in str(deadline)
    moment = datetime(2026, 4, 1, 0, 0, tzinfo=UTC)
    assert said("{at}", {"at": moment}) == "1. april 2026 kl. 02.00"
    assert said("{at}", {"at": moment.replace(month=1)}) == "1. januar 2026 kl. 01.00"
    assert f"{words.kroner(4_066_401)}" in str(refused("to-be-paid", kroner=4_066_401))
    assert "bare kommunen gjøre. Du er logget inn som saksbehandler." in str(
        refused("wrong-role", role="caseworker", wanted=("municipality",))
    )
    assert "tilhører Bodø (1804)." in str(refused("other-municipality", municipality="1804"))
    assert "mars 2026" in str(refused("months-outside-round", first="2025-06", last="2026-03"))


def test_whoever_acts_is_called_by_role_and_name_and_a_municipality_by_its_own() -> None:
    assert someone("saksbehandler:Ada Lie") == someone("caseworker:Ada Lie") == "saksbehandler Ada Lie"
    assert (someone("kommune:1804"), someone("kommune:Bodø")) == ("Bodø (1804)", "kommunen Bodø")
    assert (place("1507"), place("9999")) == ("Ålesund (1507)", "kommune 9999")


def test_kroner_have_thin_spaces_and_one_krone_is_one() -> None:
    assert words.kroner(4_066_401) == "4\u2009066\u2009401 kroner"
    assert (words.kroner(1), words.kroner(0)) == ("1 krone", "0 kroner")
    assert (words.counted(1, "én linje", "linjer"), words.counted(12, "", "linjer")) == ("én linje", "tolv linjer")
    assert words.counted(1300, "", "linjer") == "1\u2009300 linjer"


@pytest.fixture
def at(database_url: str) -> Iterator[Desk]:
    with desk(database_url) as made:
        made.publishes()
        yield made


@pytest.mark.parametrize("code", SENTENCES)
def test_a_sentence_names_only_values_that_it_is_given_to_say(code: str) -> None:
    plain = re.sub(r"\{[^}]*\}", "…", SENTENCES[code])
    assert slips(plain) == []
    assert plain[-1] in ".…:"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_result_with_its_findings_and_reasons_is_told_in_words(case: Case) -> None:
    doctors = [(hpr, as_known(facts)) for hpr, facts in judged(lines_of(case.facts)).items()]
    rules = choose_rule_set(case.rules, case.round)
    found = calculate(doctors, case.municipality, rules, traced=True)
    assert slips(table(found) + trace_table(found)) == []


def test_a_rule_set_is_told_in_words() -> None:
    told = "".join(rule_set_table(each, RuleBook()) for each in shipped_rule_sets())
    assert slips(told) == []
    assert "andel praksiskompensasjon: 0,60" in told
    assert slips(listing_table(shipped_rule_sets())) == []


def test_every_choice_reason_and_fact_has_its_words() -> None:
    choices = [text for each in OPTIONS.values() for text in (each.question, *each.words.values())]
    conditions = [text for each in CONDITIONS.values() for text in (each.words, each.sentence)]
    for text in (*choices, *conditions, *(each.words for each in FACT_CLASSES)):
        assert slips(text) == []


def test_a_whole_claim_is_told_in_words(at: Desk) -> None:
    at.imports(full_time("2025-06-01").facts)
    claiming(at).closed()
    recorded = at.casework.claims.events("1804-2026")
    rules = choose_rule_set(None, "2026")
    stored = at.casework.claims.claim("1804-2026")
    possible = possible_now(at.casework.claims, stored, recorded[-1].event.recorded_at)
    for sight in (EVERYTHING, Sight(places=frozenset(["1804"])), Sight(places=frozenset(), doctor="9000001")):
        assert slips(claim_table(ClaimSeen.of(at.casework.claims, recorded, sight), rules, possible)) == []
    told = "\n".join(sentence(event) for event in events_of(recorded))
    assert slips(told) == []
    assert f"vurdert etter regelsettet «{rules.content.title}»" in told
