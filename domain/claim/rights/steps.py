"""Which step is possible when, and for whom: one row a step, and the refusal where it is not.

A refusal says what to do instead. Where a claim is not far enough, it names the step that comes first; where it is
too far, how to get back.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Protocol

from domain.claim.stream.state import GrantClaim, Status
from domain.values import words
from domain.values.refusals.person import check_another_person, same_person
from domain.values.refusals.refusal import Refused, refused


class Who(Protocol):
    """Somebody who acts: `kind:name`, the role, and the organisation where there is one."""

    @property
    def subject(self) -> str:
        """`kind:name`."""

    @property
    def role(self) -> str | None:
        """The role in which somebody acts."""

    @property
    def organisation(self) -> str | None:
        """The code of the municipality, for whoever acts for one."""


Parts = Mapping[str, frozenset[str]]
"""Who had a part, and in which roles."""
NOBODY: Final[Parts] = {}


@dataclass(frozen=True, slots=True)
class Step:
    """When a step is possible, who may take it, and what to say where the claim is not far enough."""

    statuses: frozenset[Status]
    roles: tuple[str, ...]
    too_early: str = "claim-unknown"


_LIFE: Final = tuple(Status)[:-1]
"""The statuses in the order of a claim's life, but for a withdrawn one."""
_TOO_LATE: Final[Mapping[Status, str]] = {
    Status.OPENED: "already-opened",
    Status.RETURNED: "already-opened",
    Status.SUBMITTED: "already-submitted",
    Status.REOPENED: "already-reopened",
    Status.ASSESSED: "already-assessed",
    Status.PROPOSED: "already-proposed",
    Status.DECIDED: "already-decided",
    Status.PAID: "already-paid",
    Status.ATTESTED: "already-attested",
    Status.REPORT_ACCEPTED: "report-already-accepted",
    Status.CLOSED: "claim-closed",
    Status.WITHDRAWN: "claim-withdrawn",
}
_AFTER_DECISION: Final = frozenset({"not-decided", "not-paid", "not-attested", "report-not-accepted"})
"""What is not true of a claim that was decided, paid or attested once, and is to be decided anew."""
_S: Final = Status
_DRAFT: Final = frozenset({_S.OPENED, _S.RETURNED})
_DECIDED: Final = frozenset({_S.DECIDED, _S.PAID, _S.ATTESTED, _S.REPORT_ACCEPTED})
_ACTIVE: Final = frozenset(_LIFE) - {_S.CLOSED}
_BEFORE_DECISION: Final = frozenset({_S.OPENED, _S.RETURNED, _S.SUBMITTED, _S.ASSESSED})
_M, _C, _A, _R = ("municipality",), ("caseworker",), ("approver",), ("revisor",)

STEPS: Final[Mapping[str, Step]] = {
    "open": Step(frozenset({_S.WITHDRAWN}), _M),
    "propose_lines": Step(_DRAFT | {_S.REOPENED}, _M),
    "confirm_line": Step(_DRAFT | {_S.REOPENED}, _M),
    "add_line": Step(_DRAFT | {_S.REOPENED}, _M),
    "remove_line": Step(_DRAFT | {_S.REOPENED}, _M),
    "report_costs": Step(_ACTIVE - {_S.SUBMITTED, _S.ASSESSED, _S.PROPOSED, _S.REOPENED}, _M),
    "attach_document": Step(_ACTIVE, (*_M, *_C, *_R)),
    "remove_document": Step(_DRAFT, _M),
    "allow_late_submission": Step(_DRAFT, _C),
    "submit": Step(_DRAFT, _M),
    "return": Step(frozenset({_S.SUBMITTED, _S.ASSESSED}), _C, "not-submitted"),
    "withdraw": Step(_BEFORE_DECISION, _M),
    "assess": Step(frozenset({_S.SUBMITTED, _S.ASSESSED, _S.REOPENED}), _C, "not-submitted"),
    "propose": Step(frozenset({_S.ASSESSED}), _C, "not-assessed"),
    "send_back": Step(frozenset({_S.PROPOSED}), _A, "nothing-proposed"),
    "approve": Step(frozenset({_S.PROPOSED}), _A, "nothing-proposed"),
    "pay": Step(frozenset({_S.DECIDED}), _C, "not-decided"),
    "reclaim": Step(frozenset({_S.DECIDED}), _C, "not-decided"),
    "request_attestation": Step(frozenset({_S.PAID, _S.ATTESTED}), (*_M, *_C), "not-paid"),
    "attest": Step(frozenset({_S.PAID, _S.ATTESTED}), _R, "not-paid"),
    "accept_report": Step(frozenset({_S.ATTESTED}), _C, "not-attested"),
    "close": Step(frozenset({_S.REPORT_ACCEPTED}), _C, "report-not-accepted"),
    "reopen": Step(_DECIDED | {_S.CLOSED}, _C, "not-decided"),
}


def check_step(claim: GrantClaim, step: str, who: Who, name: str, registrants: Parts = NOBODY) -> None:
    """Raise `Refused` where a step is not for this person, or not for a claim (of this name) where it stands.

    `registrants` are those who recorded any fact of the doctors in the claim.
    """
    _check_role(name, step, who)
    found = hindrance(claim, step, name)
    if found is not None:
        raise found
    _check_part(claim, step, who, registrants)


def hindrance(claim: GrantClaim, step: str, name: str) -> Refused | None:
    """Why a claim is not where a step can be taken; None where it is."""
    rule, status = STEPS[step], claim.status
    if status is None:
        return None if step == "open" else refused("unknown-claim", claim=name)
    if status in _possible_in(claim, rule, step):
        return _decided_before(claim, step)
    if status in {Status.WITHDRAWN, Status.CLOSED} or step == "open":
        return refused(_TOO_LATE[status])
    too_early = _LIFE.index(status) < min(_LIFE.index(each) for each in rule.statuses)
    if too_early and rule.too_early in _AFTER_DECISION and _is_decided_anew(claim, status):
        return refused("new-decision-first")
    return refused(rule.too_early if too_early else _TOO_LATE[status])


def _is_decided_anew(claim: GrantClaim, status: Status) -> bool:
    return bool(claim.decisions) and status in {Status.REOPENED, Status.ASSESSED, Status.PROPOSED}


def _possible_in(claim: GrantClaim, rule: Step, step: str) -> frozenset[Status]:
    """A claim of which nothing was granted has nothing to attest or report: it can be closed at once."""
    if step == "close" and claim.decided and not claim.decided.total:
        return rule.statuses | {Status.PAID}
    return rule.statuses


def _decided_before(claim: GrantClaim, step: str) -> Refused | None:
    """What was decided once can be decided anew, but not undone."""
    if step in {"return", "withdraw"} and claim.decisions:
        return refused("already-decided")
    return None


def _check_part(claim: GrantClaim, step: str, who: Who, registrants: Parts) -> None:
    """Nobody who had a part in the claim acts in it in another role; a fact of its doctors is a part, too."""
    if step in {"approve", "send_back"} and claim.proposal:
        check_another_person(who.subject, claim.proposal.by, refused("same-person"))
    if step == "approve" and claim.reopened and claim.reopened.of_the_decision:
        check_another_person(who.subject, claim.reopened.by, refused("same-person-reopened"))
    parts = [claim.parts] if who.role == "municipality" else [claim.parts, registrants]
    had = other_roles(who.subject, who.role, *parts)
    if had:
        code = "revisor-involved" if step == "attest" else "part-in-another-role"
        raise refused(code, roles=words.listed(sorted(words.ROLES.get(role, role) for role in had)))


def other_roles(subject: str, role: str | None, *parts: Parts) -> set[str]:
    """The roles but this one in which somebody had a part."""
    return {other for each in parts for other in _roles_of(subject, each)} - {role}


def _roles_of(subject: str, parts: Parts) -> Iterator[str]:
    for other, roles in parts.items():
        if same_person(subject, other):
            yield from roles


def _check_role(name: str, step: str, who: Who) -> None:
    roles = STEPS[step].roles
    if who.role not in roles:
        raise refused("wrong-role", role=who.role, wanted=roles)
    municipality = name.partition("-")[0]
    if who.role in {"municipality", "revisor"} and who.organisation != municipality:
        raise refused("other-municipality", municipality=municipality)
