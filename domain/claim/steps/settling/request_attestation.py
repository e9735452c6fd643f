"""Somebody asks a revisor to attest."""

from typing import Annotated, Final, Literal

from pydantic import Field

from domain.claim.parts.parts import in_line_order
from domain.claim.parts.status import Status
from domain.claim.rights.known import Dates, Registrants
from domain.claim.rights.lines import check_granted
from domain.claim.rights.rights import other_roles
from domain.claim.rights.step import ANY, CASEWORKER, MUNICIPALITY, Acting, ClaimStep, Events, Step
from domain.claim.stream.events import AttestationRequested
from domain.claim.stream.state import GrantClaim
from domain.values.fields import RegisteredHpr
from domain.values.refusals.person import GivenName
from domain.values.refusals.refusal import refused


class RequestAttestation(ClaimStep):
    """Ask a revisor to attest lines; all that were granted, where none are named."""

    type: Literal["request_attestation"] = "request_attestation"
    revisor: GivenName
    lines: Annotated[tuple[RegisteredHpr, ...], Field(max_length=1_000)] = ()


def request_attestation(
    claim: GrantClaim, asked: RequestAttestation, acting: Acting, dates: Dates, registrants: Registrants
) -> Events:
    """Of lines that were granted, by somebody who may sign; due on the report date, or today if that is over."""
    if other_roles(asked.revisor, "revisor", claim.parts, registrants):
        raise refused("revisor-involved")
    lines = asked.lines or tuple(in_line_order(claim.granted))
    for hpr in lines:
        check_granted(claim, hpr)
    if not lines:
        raise refused("nothing-granted")
    due = dates.report_due and max(dates.report_due, acting.day)
    return [acting.event(AttestationRequested, revisor=asked.revisor, lines=lines, due_on=due)]


REQUEST_ATTESTATION: Final = Step(
    asked=RequestAttestation,
    decide=request_attestation,
    statuses=frozenset({Status.PAID, Status.ATTESTED}),
    roles=(*MUNICIPALITY, *CASEWORKER),
    help="Ber revisor attestere: revisor=revisor:kari.",
    too_early="not-paid",
    tried=lambda _: RequestAttestation(revisor=f"revisor:{ANY}"),
    makes=(AttestationRequested,),
)
