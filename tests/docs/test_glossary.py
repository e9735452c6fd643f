"""Every event and every code has its word in the glossary."""

import importlib
import pkgutil
import re
from enum import Enum
from pathlib import Path
from types import ModuleType
from typing import Final, get_args

import pytest

import domain
from domain.claim.parts.status import Status
from domain.claim.steps.registry import STEPS
from domain.claim.stream.events import CLAIM_EVENTS
from domain.doctor.facts.facts import BY_TOPIC
from domain.doctor.key import KEY_EVENTS
from domain.municipality.events import MUNICIPALITY_EVENTS
from domain.persons.events import LINK_EVENTS
from domain.rulebook.rulebook import BOOK_EVENTS
from domain.store.log.recorded import Source
from domain.ties.events import TIE_EVENTS
from domain.values import words
from projections.claims.claim_sentences import STATUSES

GLOSSARY: Final = (Path(__file__).parents[2] / "docs" / "glossary.md").read_text("utf-8")
CODES: Final = set(re.findall(r"`([^`]+)`", GLOSSARY))
_STORED: Final = (BY_TOPIC, CLAIM_EVENTS, BOOK_EVENTS, KEY_EVENTS, MUNICIPALITY_EVENTS, TIE_EVENTS, LINK_EVENTS)
EVENTS: Final = {topic: cls.__name__ for topics in _STORED for topic, cls in topics.items()}
_INTERNAL: Final = {"Fault", "Kind", "Stage", "Width"}
"""Codes that no reader meets: whose fault an error of a database is, of what kind a refusal, what a choice decides,
how far a role sees."""


def modules() -> list[ModuleType]:
    return [importlib.import_module(each.name) for each in pkgutil.walk_packages(domain.__path__, "domain.")]


def enumerations() -> list[type[Enum]]:
    """Every enumeration of the domain, where it is made."""
    return [
        each
        for module in modules()
        for each in vars(module).values()
        if isinstance(each, type) and issubclass(each, Enum) and each.__module__ == module.__name__
    ]


def test_every_event_has_its_row_and_no_row_is_of_something_else() -> None:
    rows = dict(re.findall(r"^\| `([a-z-]+\.[a-z-]+\.v\d+)` \| `(\w+)` \| \S", GLOSSARY, re.MULTILINE))
    assert rows == EVENTS


def test_every_subject_of_a_topic_is_listed() -> None:
    subjects = {topic.partition(".")[0] for topic in EVENTS}
    assert subjects <= CODES


@pytest.mark.parametrize("kind", [each for each in enumerations() if each.__name__ not in _INTERNAL])
def test_every_value_of_an_enumeration_is_in_the_glossary(kind: type[Enum]) -> None:
    assert {str(each.value) for each in kind} <= CODES


def test_every_step_and_role_and_way_in_is_in_the_glossary() -> None:
    assert {*STEPS, *words.ROLES, *get_args(Source)} <= CODES


def test_a_status_and_a_role_are_called_what_the_program_calls_them() -> None:
    for status in Status:
        assert f"`{status}` {STATUSES[status]}" in GLOSSARY
    for role in words.ROLES:
        assert f"`{role}` {words.ROLES[role]}" in GLOSSARY


def test_the_tests_of_the_glossary_look_at_what_is_there() -> None:
    assert len(enumerations()) > 10
    assert len(EVENTS) > 50
