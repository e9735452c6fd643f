"""The register of assumptions: each choice that a rule set makes, the alternatives, and where it stands."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

from domain.rules.content import OPTIONS
from domain.rules.finding_checks.limits import limits, token
from domain.rules.rule_set import RuleSet

QUESTIONS: Final[Mapping[str, str]] = {
    "months": "Hva er en hel måned?",
    "change_in_month": "Hva gjelder når stillingen endres midt i måneden?",
    "partly_agreed_month": "Hva gir en måned med avtale bare en del av tiden?",
    "full_leave": "Hva koster en dag med fullt fravær?",
    "graded_leave": "Hvordan virker gradert fravær på stillingsandelen?",
    "over_100": "Hvordan settes stillingsprosenter over 100 ned?",
    "agreement_counts_from": "Fra hvilken dag teller en ALIS-avtale?",
    "window_anchor": "Hvor regnes de 24 første månedene fra?",
    "window_paused_by_leave": "Stanser permisjon de 24 første månedene?",
    "window_counts_before_2025_06": "Regnes tid før 1. juni 2025 med i de 24 første månedene?",
    "duration_counts": "Hvilke dager bruker av de fem årene?",
    "after_duration": "Hva betales etter de fem årene?",
    "hospital_service": "Hva betales under institusjonstjeneste utenfor kommunen?",
    "payment_basis": "Er tilskuddet faste satser, eller dekker det kostnader?",
    "unused_funds": "Hva skjer med midler som ikke er brukt?",
}
"""What each option of rules.md section 5 answers."""


@dataclass(frozen=True, slots=True)
class Alternative:
    """One value of an option, in words that stand after «at»."""

    value: str | bool
    words: str


@dataclass(frozen=True, slots=True)
class Choice:
    """A choice that was made, and what else could have been chosen."""

    option: str
    question: str
    value: str | bool
    words: str
    alternatives: tuple[Alternative, ...]
    basis: str
    source: str
    note: str

    def as_json(self) -> dict[str, Any]:
        """The choice by names."""
        return asdict(self)


def register(rules: RuleSet) -> tuple[Choice, ...]:
    """Every choice of a rule set, in the order of rules.md section 5."""
    return tuple(_choice(option, rules) for option in OPTIONS)


def _choice(option: str, rules: RuleSet) -> Choice:
    made = rules.content.options[option]
    found = [Alternative(value, limits().words(option, value)) for value in OPTIONS[option]]
    [chosen] = [each for each in found if token(each.value) == token(made.value)]
    others = tuple(each for each in found if each is not chosen)
    return Choice(option, QUESTIONS[option], made.value, chosen.words, others, made.basis, made.source, made.note)
