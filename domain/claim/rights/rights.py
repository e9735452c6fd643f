"""Whether a step is possible now, and for this person, and the refusal where it is not.

A refusal says what to do instead. Where a claim is not far enough, it names the step that comes first; where it is
too far, how to get back.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from domain.claim.parts.status import Status
from domain.claim.rights.known import NOBODY, NOTHING_KNOWN, Known, Registrants
from domain.claim.rights.step import Parts, Step, Who
from domain.claim.stream.state import GrantClaim
from domain.ties.ties import NOT_DISQUALIFIED, Disqualification
from domain.values import words
from domain.values.refusals.person import check_another_person, same_person
from domain.values.refusals.refusal import Refused, refused

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
"""Refusals that would be untrue of a claim that was decided before and is now being decided again."""


def check_step(claim: GrantClaim, step: Step, who: Who, name: str, known: Known = NOTHING_KNOWN) -> None:
    """Raise `Refused` where a step is not for this person, or not for a claim (of this name) where it stands.

    Of what is known, it looks at who recorded any fact of the doctors, and whose cases the person may not handle.
    """
    _check_role(name, step, who)
    known.get(Disqualification, NOT_DISQUALIFIED).check(who.role, claim.lines, [name.partition("-")[0]])
    found = hindrance(claim, step, name)
    if found is not None:
        raise found
    _check_part(claim, step, who, known.get(Registrants, NOBODY))


def hindrance(claim: GrantClaim, step: Step, name: str) -> Refused | None:
    """Why a claim is not where a step can be taken; None where it is."""
    status = claim.status
    if status is None:
        return None if step.name == "open" else refused("unknown-claim", claim=name)
    if status in _possible_in(claim, step):
        return _decided_before(claim, step)
    if status in {Status.WITHDRAWN, Status.CLOSED} or step.name == "open":
        return refused(_TOO_LATE[status])
    too_early = _LIFE.index(status) < min(_LIFE.index(each) for each in step.statuses)
    if too_early and step.too_early in _AFTER_DECISION and _is_decided_anew(claim, status):
        return refused("new-decision-first")
    return refused(step.too_early if too_early else _TOO_LATE[status])


def _is_decided_anew(claim: GrantClaim, status: Status) -> bool:
    return bool(claim.decisions) and status in {Status.REOPENED, Status.ASSESSED, Status.PROPOSED}


def _possible_in(claim: GrantClaim, step: Step) -> frozenset[Status]:
    """A claim of which nothing was granted has nothing to attest or report: it can be closed at once."""
    if step.name == "close" and claim.decided and not claim.decided.total:
        return step.statuses | {Status.PAID}
    return step.statuses


def _decided_before(claim: GrantClaim, step: Step) -> Refused | None:
    """A decision can be replaced by a new one, but not undone."""
    if step.name in {"return", "withdraw"} and claim.decisions:
        return refused("already-decided")
    return None


def _check_part(claim: GrantClaim, step: Step, who: Who, registrants: Parts) -> None:
    """Nobody who had a part in the claim acts in it in another role; a fact of its doctors is a part, too."""
    if step.name in {"approve", "send_back"} and claim.proposal:
        check_another_person(who.subject, claim.proposal.by, refused("same-person"), *who.called)
    if step.name == "approve" and claim.reopened and claim.reopened.of_the_decision:
        check_another_person(who.subject, claim.reopened.by, refused("same-person-reopened"), *who.called)
    parts = [claim.parts] if who.role == "municipality" else [claim.parts, registrants]
    had = other_roles(who.subject, who.role, *parts, called=who.called)
    if had:
        code = "revisor-involved" if step.name == "attest" else "part-in-another-role"
        raise refused(code, roles=words.listed(sorted(words.ROLES.get(role, role) for role in had)))


def other_roles(subject: str, role: str | None, *parts: Parts, called: Sequence[str] = ()) -> set[str]:
    """The roles but this one in which somebody, who may be called something else too, had a part."""
    return {other for each in parts for other in _roles_of(subject, called, each)} - {role}


def _roles_of(subject: str, called: Sequence[str], parts: Parts) -> Iterator[str]:
    for other, roles in parts.items():
        if same_person(subject, other, *called):
            yield from roles


def _check_role(name: str, step: Step, who: Who) -> None:
    if who.role not in step.roles:
        raise refused("wrong-role", role=who.role, wanted=step.roles)
    municipality = name.partition("-")[0]
    if who.role in {"municipality", "revisor"} and who.organisation != municipality:
        raise refused("other-municipality", municipality=municipality)
