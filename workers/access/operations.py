"""What each command does, in the words of the table of rights, or that it is the operator's of this machine."""

from argparse import Namespace
from collections.abc import Mapping
from typing import Final

from domain.claim.steps.registry import STEPS
from domain.municipality.events import BY_TYPE

BY_OPERATORS: Final = "operator"
"""What is done on this machine itself, by whoever has the database and the master key: no person need be named."""

OPERATIONS: Final[Mapping[str, str]] = {
    **dict.fromkeys(
        (
            "backup",
            "calculate",
            "demo",
            "explain",
            "forget",
            "import",
            "issuers list",
            "issuers withdraw",
            "keys change",
            "keys show",
            "migrate",
            "municipality acts-for",
            "persons links",
            "persons list",
            "preview",
            "projections",
            "replay",
            "restore",
            "rules book",
            "serve",
            "sessions end",
            "sessions list",
            "token",
            "verify",
            "worker",
        ),
        BY_OPERATORS,
    ),
    "access": "access.read",
    "claim list": "claims.read",
    "claim show": "claims.read",
    "claim effect": "claims.read",
    **{f"claim {name.replace('_', '-')}": "claims.step" for name in STEPS},
    "claim attach-document": "documents.attach",
    "coverage": "costs.read",
    "conversions list": "conversions.read",
    "conversions preview": "conversions.read",
    "conversions convert": "conversions.register",
    "erase": "keep",
    "insight": "insight.read",
    "meters": "facts.read",
    **{f"persons {name}": "keep" for name in ("link", "approve-link", "withdraw-link")},
    "municipality show": "municipality.read",
    "municipality history": "municipality.read",
    "municipality access": "municipality.access",
    **{f"municipality {each.replace('_', '-')}": "municipality.change" for each in BY_TYPE},
    "posts": "posts.read",
    "rules list": "rules.read",
    "rules show": "rules.read",
    "rules draft": "rules.change",
    "rules approve": "rules.change",
    "rules publish": "rules.change",
    "rules impact": "rules.impact",
    "rules ask": "rules.change",
    "rules answer": "rules.change",
    "rules approve-answer": "rules.change",
    "rules rulings": "rulings.decisions",
    "supervisors": "supervisors.read",
    "ties list": "ties.read",
    "ties decisions": "ties.read",
    "ties declare": "ties.change",
    "ties end": "ties.change",
}
"""What somebody does who is named, or, where it only reads, whoever works at this machine."""

READING: Final = frozenset(
    {
        "access.read",
        "claims.read",
        "conversions.read",
        "costs.read",
        "facts.read",
        "insight.read",
        "municipality.read",
        "municipality.access",
        "posts.read",
        "rules.read",
        "rules.impact",
        "rulings.decisions",
        "supervisors.read",
        "ties.read",
    }
)
"""What changes nothing."""


def command_of(asked: Namespace) -> str:
    """A command as it is written: `claim show`, `erase`."""
    return " ".join(filter(None, (asked.command, getattr(asked, "step", None))))
