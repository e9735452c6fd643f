"""`alis claim`: claims from the command line, for operators and for trying."""

import json
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from functools import partial
from typing import Any

from pydantic_core import to_jsonable_python

from api.claims.access import Asker, check_sees
from api.claims.view import shown
from api.http.services import Services
from deploy.clock import now
from deploy.settings import read_settings
from domain.casework.access.sight import Sight
from domain.casework.claims.claim_loading import claim_in
from domain.casework.claims.claims import ClaimReceipt
from domain.casework.service import Casework
from domain.claim.parts.name import parts_of
from domain.claim.steps.applying.report_costs import REPORT_COSTS
from domain.claim.stream.events import ClaimEvent
from domain.claim.stream.state import NO_CLAIM, GrantClaim, claim_of
from domain.doctor.facts.accounts import CostsReported
from domain.rules.sets.rule_set import RuleSet
from domain.store import NEWEST, Recorded
from domain.values.refusals.refusal import Refused, refused
from projections.claims.claim_decisions import ProposalView, lines_in_force, proposal_views
from projections.claims.claim_details import content
from projections.claims.claim_sentences import sentences
from projections.claims.claims import ClaimInShort, events_of, in_short, limit_reasons, lines_of
from projections.claims.known_of_lines import KnownCost, net_costs
from workers.access.persons import by_name
from workers.access.reads import acting
from workers.claims.claim_arguments import claim_arguments
from workers.claims.claim_effect_table import effect_table
from workers.claims.claim_possible import possible_for, possible_now
from workers.claims.claim_seen import ClaimSeen
from workers.claims.claim_steps import all_lines, attached, cost_typed, step_of, usual
from workers.claims.claim_table import claim_table, claims_table, told
from workers.shell.arguments import fields_of
from workers.shell.output import as_table, print_json, show
from workers.shell.session import Session, command, named


def arguments(to: ArgumentParser) -> None:
    """The commands under `alis claim`."""
    claim_arguments(to)


def run(asked: Namespace) -> None:
    """Run one of the commands."""
    with acting(asked) as at:
        if asked.step == "list":
            _list(at, asked)
            return
        check_sees(asked.sight, asked.claim)
        if asked.step == "show":
            _show(at.casework, asked)
        elif asked.step == "effect":
            _effect(at.casework, asked)
        else:
            _take(at.casework, asked, read_settings().document_max_bytes)


def _list(at: Session, asked: Namespace) -> None:
    recorded = (at.store.stream(stream) for stream in at.store.claims_between(0, NEWEST))
    found = [in_short(each).seen_by(asked.sight) for each in recorded if _is_seen(claim_in(each).state, asked.sight)]
    found = sorted((each for each in found if _is_wanted(each, asked)), key=lambda claim: claim.claim)
    show(asked.format, lambda: claims_table(found), lambda: {"claims": to_jsonable_python(found)})


def _is_seen(claim: GrantClaim, sight: Sight) -> bool:
    """Whether somebody sees a claim: a doctor those with the own line."""
    return sight.doctor in claim.lines if sight.doctor is not None else sight.sees_municipality(claim.municipality)


def _is_wanted(claim: ClaimInShort, asked: Namespace) -> bool:
    wanted = ((asked.municipality, claim.municipality), (asked.round, claim.round), (asked.status, claim.status))
    return all(one is None or one == other for one, other in wanted)


def _show(casework: Casework, asked: Namespace) -> None:
    recorded, actor = casework.claims.events(asked.claim), asked.actor
    if as_table(asked.format):
        sys.stdout.write(named(casework, _as_table(casework, asked, recorded), actor))
    elif actor is None:
        print_json(_whole(casework, recorded))
    else:
        print_json(json.loads(shown(Asker(actor, asked.sight, Services(casework, now=now)), recorded)))


def _as_table(casework: Casework, asked: Namespace, recorded: Sequence[Recorded]) -> str:
    """For a person, what that person sees, and the steps that he or she can take; else all, and who can take each."""
    claims, stored, moment = casework.claims, claim_in(recorded), now()
    seen = ClaimSeen.of(claims, recorded, asked.sight)
    possible = (
        possible_for(claims, stored, asked.actor, moment) if asked.actor else possible_now(claims, stored, moment)
    )
    return claim_table(seen, _rules(casework, asked.claim), possible, partial(by_name, persons=casework.store.persons))


def _whole(casework: Casework, recorded: Sequence[Recorded]) -> dict[str, Any]:
    claims, stored, events = casework.claims, claim_in(recorded), events_of(recorded)
    findings, made = claims.findings(stored.state), proposal_views(events)
    history = [_happened(event, said) for event, said in zip(events, sentences(events), strict=True)]
    return {
        **to_jsonable_python(in_short(recorded)),
        "names": casework.names(stored.state.doctors),
        "lines": _lines(events, made, claims.costs(stored.state)),
        "decisions": [_decision(each, findings) for each in made],
        "history": history,
        "steps": [each.as_json() for each in possible_now(claims, stored, now())],
    }


def _lines(
    events: Sequence[ClaimEvent], made: Sequence[ProposalView], costs: Mapping[str, Sequence[CostsReported]]
) -> list[dict[str, Any]]:
    reasons, decided = limit_reasons(events), lines_in_force(made)
    return [
        {
            **to_jsonable_python(line),
            "costs": [to_jsonable_python(KnownCost.of(each)) for each in costs.get(line.hpr, ())],
            "net_costs": net_costs(costs.get(line.hpr, ())),
            "limit_reason": reasons.get(line.hpr),
            "reason": decided[line.hpr].reason if line.hpr in decided else None,
        }
        for line in lines_of(claim_of(events))
    ]


def _decision(told: ProposalView, findings: Mapping[str, tuple[str, ...]]) -> dict[str, Any]:
    looked_at = findings if told.settled is None else {}
    lines = [{**to_jsonable_python(line), "findings": looked_at.get(line.hpr, ())} for line in told.lines]
    return {"decision": told.name, "state": told.state, "reason": told.sent_back_for, "lines": lines}


def _effect(casework: Casework, asked: Namespace) -> None:
    """What later knowledge makes of the decision, and which signatures no longer hold."""
    seen: Sight = asked.sight
    found = casework.claims.effect(asked.claim, seen)
    statements = casework.claims.statements(asked.claim, seen)
    if found is None:
        raise refused("not-decided")
    whole = not seen.places  # a doctor sees all of the own line
    show(
        asked.format,
        lambda: named(casework, effect_table(found, statements, whole=whole), asked.actor),
        lambda: {**found.as_json(whole=whole), "statements": statements},
    )


def _happened(event: ClaimEvent, said: str) -> dict[str, Any]:
    at = to_jsonable_python(event.recorded_at)
    told = {"event": event.event_topic, "sentence": said, "content": content(event)}
    return {"at": at, "by": event.recorded_by, **told}


def _take(casework: Casework, asked: Namespace, most_bytes: int) -> None:
    name, fields = asked.step.replace("-", "_"), fields_of(asked.fields)
    if name == REPORT_COSTS.name and (typed := cost_typed(asked)):
        fields["costs"] = [*fields.get("costs", ()), typed]
    before = _state_version(casework, asked.claim)
    if name == "confirm_line" and not fields:
        receipts = [_do(casework, asked, name, each) for each in all_lines(casework.claims.claim(asked.claim).state)]
        if not receipts:
            raise refused("nothing-to-confirm" if casework.claims.claim(asked.claim).state.lines else "no-lines")
        receipt = receipts[-1]
    else:
        receipt = _do(casework, asked, name, fields, most_bytes)
    if as_table(asked.format):
        happened = casework.claims.events(asked.claim)[: receipt.version]
        call = partial(by_name, persons=casework.store.persons)
        table = told(happened, before, call, all_proposals=asked.sight.whole)
        sys.stdout.write(named(casework, table, asked.actor))
    else:
        print_json(asdict(receipt))


def _do(casework: Casework, asked: Namespace, name: str, fields: dict[str, Any], most_bytes: int = 0) -> ClaimReceipt:
    document = None
    if name == "attach_document":
        fields, document = attached(fields, most_bytes)
    try:
        state = casework.claims.claim(asked.claim).state
    except Refused:
        state = NO_CLAIM
    step = step_of(name, usual(name, fields, state))
    return casework.claims.do(asked.claim, step, command(asked.actor, "terminal"), now(), document=document)


def _state_version(casework: Casework, claim: str) -> int:
    try:
        return casework.claims.claim(claim).version
    except Refused:
        return 0


def _rules(casework: Casework, claim: str) -> RuleSet | None:
    """The rule set in force for the round; None if the round has no published rule set."""
    try:
        return casework.book.rule_set(None, parts_of(claim)[1])
    except Refused:
        return None
