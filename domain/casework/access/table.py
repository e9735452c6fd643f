"""The table of rights: for each operation, which roles may do it, and how far each of them sees (domain.md, «Rights»).

A role without a row may not do it at all. Beyond how far it sees there is nothing: what is outside is not found.
"""

from collections.abc import Iterable, Mapping
from enum import Enum, auto
from typing import Final


class Width(Enum):
    """How far somebody sees in an operation."""

    ALL = auto()
    """Everything."""
    OWN = auto()
    """One municipality: their own, the one that engaged them, or the one that invited them."""
    SELF = auto()
    """What concerns the doctor who asks."""


Row = Mapping[str, Width]
_DIRECTORATE: Final = ("caseworker", "approver", "auditor")


def _row(every: Iterable[str] = (), own: Iterable[str] = (), self: Iterable[str] = ()) -> Row:
    """A row of the table."""
    return {
        **dict.fromkeys(every, Width.ALL),
        **dict.fromkeys(own, Width.OWN),
        **dict.fromkeys(self, Width.SELF),
    }


_OF_A_MUNICIPALITY: Final = ("municipality", "revisor", "alis_office")
_READ: Final = _row(every=_DIRECTORATE, own=_OF_A_MUNICIPALITY, self=["doctor"])
_READ_BY_OFFICES: Final = _row(every=_DIRECTORATE, own=_OF_A_MUNICIPALITY)
_ROLES: Final = (*_DIRECTORATE, *_OF_A_MUNICIPALITY, "doctor", "rules", "operator")

OPERATIONS: Final[Mapping[str, Row]] = {
    "facts.read": _READ,
    "insight.read": _row(every=["caseworker"], self=["doctor"]),
    "facts.preview": _row(every=["caseworker", "approver"], own=["municipality"]),
    "facts.register": _row(every=["caseworker"], own=["municipality"], self=["doctor"]),
    "conversions.read": _row(every=_DIRECTORATE, own=["municipality", "revisor"]),
    "conversions.register": _row(every=["caseworker"], own=["municipality"]),
    "doctors.list": _READ,
    "rounds.read": _READ,
    "overview.read": {**_READ_BY_OFFICES, "rules": Width.ALL},
    "costs.read": {**_READ_BY_OFFICES, "rules": Width.ALL},
    "posts.read": _READ_BY_OFFICES,
    "supervisors.read": _READ,
    "claims.read": _READ,
    "claims.step": _row(every=["caseworker", "approver"], own=["municipality", "revisor"]),
    "documents.read": _row(every=_DIRECTORATE, own=["municipality", "revisor"]),
    "documents.attach": _row(every=["caseworker"], own=["municipality", "revisor"]),
    "tasks.read": _READ,
    "rules.read": _row(every=_ROLES),
    "rules.change": _row(every=["rules", "approver"]),
    "rules.impact": _row(every=[*_DIRECTORATE, "rules"], own=["municipality", "revisor"]),
    "rulings.decisions": _row(every=[*_DIRECTORATE, "rules"], own=["municipality", "revisor"]),
    "municipality.read": _READ_BY_OFFICES,
    "municipality.contacts": _row(every=["caseworker", "approver"], own=["municipality", "alis_office"]),
    "municipality.change": _row(every=["caseworker"], own=["municipality"]),
    "municipality.access": _row(every=_DIRECTORATE, own=["municipality"]),
    "ties.read": _row(every=_DIRECTORATE),
    "ties.change": _row(every=["caseworker", "approver"]),
    "access.read": _row(every=["auditor"], own=["municipality"], self=["doctor"]),
    "projections.read": _row(every=_ROLES),
    "keep": _row(every=["operator"]),
}
"""What can be done, by whom, and how far each sees."""


def roles_of(operation: str) -> tuple[str, ...]:
    """The roles that may do something."""
    return tuple(OPERATIONS[operation])
