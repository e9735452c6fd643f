"""The decision on any step: a claim, what is asked and what was looked up in; events out, or a named refusal."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from domain.claim.rights.steps import check_step
from domain.claim.steps import applying, attesting, handling, paying, reporting
from domain.claim.steps import commands as asked
from domain.claim.steps.commands import AnyStep
from domain.claim.steps.deciding import Context
from domain.claim.stream.events import ClaimEvent
from domain.claim.stream.state import GrantClaim
from domain.values.event import Strict

_DECIDED_BY: Final[Mapping[type[Strict], Callable[[GrantClaim, Any, Context], Any]]] = {
    asked.Open: applying.open_claim,
    asked.ProposeLines: applying.propose_lines,
    asked.ConfirmLine: applying.confirm_line,
    asked.AddLine: applying.add_line,
    asked.RemoveLine: applying.remove_line,
    asked.ReportCosts: applying.report_costs,
    asked.AttachDocument: applying.attach_document,
    asked.RemoveDocument: applying.remove_document,
    asked.AllowLateSubmission: applying.allow_late_submission,
    asked.Submit: applying.submit,
    asked.Withdraw: applying.withdraw,
    asked.Return: handling.return_claim,
    asked.Assess: handling.assess,
    asked.Propose: handling.propose,
    asked.SendBack: handling.send_back,
    asked.Approve: handling.approve,
    asked.Pay: paying.pay,
    asked.Reclaim: paying.reclaim,
    asked.Reopen: handling.reopen,
    asked.RequestAttestation: reporting.request_attestation,
    asked.Attest: attesting.attest,
    asked.AcceptReport: reporting.accept_report,
    asked.Close: reporting.close,
}


def decide(claim: GrantClaim, step: AnyStep, context: Context) -> tuple[ClaimEvent, ...]:
    """The events that a step leads to; raises `Refused` with why it cannot be taken, and what to do instead."""
    check_step(claim, step.type, context.who, context.claim, context.registrants)
    return tuple(_DECIDED_BY[type(step)](claim, step, context))
