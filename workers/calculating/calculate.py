"""`alis calculate`: a result from a file, without a database."""

from argparse import ArgumentParser, Namespace
from collections import defaultdict

from domain.doctor.facts.fact import Fact
from domain.doctor.history import as_known, names_in
from domain.doctor.intake.intake import Placed, read_facts
from domain.doctor.judging import judge
from domain.rulebook.release import choose_rule_set, release_reference
from domain.rules.result import calculate, check_round
from domain.values.refusals.refusal import Problem, Rejected
from workers.calculating.results import show_result
from workers.shell.arguments import calculation_options, municipality_and_round
from workers.shell.columns import with_names
from workers.shell.files import read_input


def arguments(to: ArgumentParser) -> None:
    """A file of facts, and what is computed of it."""
    to.add_argument("file", metavar="FIL", help="historikken, som JSON Lines eller en JSON-liste")
    municipality_and_round(to)
    calculation_options(to)


def run(asked: Namespace) -> None:
    """Calculate and show."""
    rules = choose_rule_set(asked.rules, asked.round)
    check_round(rules, asked.round)
    rules.municipalities.current(asked.municipality)
    told = _doctors_in(asked.file)
    doctors = ((hpr, as_known(facts, asked.known_at)) for hpr, facts in told)
    result = calculate(doctors, asked.municipality, rules, asked.known_at, traced=asked.trace)
    names = {hpr: found[-1] for hpr, facts in told if (found := names_in(facts))}
    show_result(result, result.as_json, asked, lambda text: with_names(text, names))


def read_file(name: str) -> tuple[list[Placed], list[Problem]]:
    """The facts and problems of a file; raises `Refused` (unreadable-file)."""
    return read_facts(read_input(name))


def _doctors_in(name: str) -> list[tuple[str, list[Fact]]]:
    """Each doctor's facts in a file, checked; raises `Rejected` with every problem of the file."""
    placed, problems = read_file(name)
    by_doctor: dict[str, list[tuple[int | None, Fact]]] = defaultdict(list)
    for place, fact in placed:
        by_doctor[fact.hpr].append((place, fact))
    doctors = []
    for hpr, facts in by_doctor.items():
        accepted, found = judge([], facts, release_reference())
        problems.extend(found)
        doctors.append((hpr, accepted))
    if problems:
        raise Rejected(sorted(problems, key=lambda problem: problem.place or 0))
    return doctors
