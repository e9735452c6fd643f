"""What has happened to a claim, from opened to attested, and what somebody who takes a step is told."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any, Final

from pydantic_core import to_json

from domain.claim.lines.assessing import Computed
from domain.claim.lines.outdated import Sides
from domain.claim.parts.parts import Applied, AssessedLine, LineEffect, RestsOn
from domain.claim.rights.known import (
    NOBODY,
    Costs,
    Dates,
    Effects,
    Known,
    OtherAmounts,
    Registered,
    RegisteredLine,
    Registrants,
    StaleLines,
    dates_of,
)
from domain.claim.rights.step import Acting, ClaimStep, Who
from domain.claim.steps.decide import decide
from domain.claim.steps.registry import STEP
from domain.claim.stream.events import ClaimEvent
from domain.claim.stream.state import NO_CLAIM, GrantClaim, evolve
from domain.rulebook.release import choose_rule_set
from domain.rules.compare.explain import Side
from domain.rules.sets.rule_set import RuleSet
from tests.claiming import APPLIED, FIELDS, NAME, WHO
from tests.desk import refusal

A, B, C = "9000001", "9000002", "9000003"
MOMENT: Final = datetime(2026, 8, 1, 9, tzinfo=UTC)
TODAY: Final = MOMENT.date()
RULES: Final = choose_rule_set(None, "2026")
DIGESTS: Final = {hpr: f"sha256:{n:064d}" for n, hpr in enumerate((A, B, C))}
ORGANISATION: Final = "972418013"
ACCOUNT: Final = "12345678903"
WITH_DEADLINE: Final = choose_rule_set(None, "2025")


def computed(amounts: Mapping[str, int | None], digests: Mapping[str, str] = DIGESTS) -> Computed:
    """Lines as assessed, of amounts that need no calculation here."""
    on = RestsOn(
        rule_set=RULES.id,
        rule_set_digest=RULES.digest,
        position=17,
        claim_version=5,
        rule_book_version=7,
        streams={},
        engine_version="1",
        result={"lines": []},
        result_digest=DIGESTS[A],
    )
    lines = [
        AssessedLine(hpr=hpr, digest=digests[hpr], computed=amount, amount=amount, elements={})
        for hpr, amount in amounts.items()
    ]
    return Computed(on, tuple(lines))


REGISTERED: Final = {hpr: Applied.model_validate_json(to_json(APPLIED)) for hpr in (A, B)}
COMPUTED: Final = computed({A: 1_000, B: 500})


@dataclass(frozen=True)
class Given:
    """A claim after some steps, each taken by whoever takes it, with what is looked up for the next."""

    claim: GrantClaim = NO_CLAIM
    now: Computed = COMPUTED
    rules: RuleSet = RULES
    today: date = TODAY
    sides: tuple[Side, Side] = (Side({}, RULES), Side({}, RULES))
    effects: tuple[LineEffect, ...] = ()

    def events(self, step: str, by: Who | None = None, **fields: object) -> tuple[ClaimEvent, ...]:
        """What a step leads to."""
        asked = STEP.validate_json(to_json({"type": step, **FIELDS.get(step, {}), **fields}))
        moment = datetime.combine(self.today, MOMENT.timetz())
        return decide(self.claim, asked, Acting(NAME, by or WHO[step], moment), self._known(asked))

    def _known(self, asked: ClaimStep) -> Known:
        return {
            RuleSet: self.rules,
            Dates: dates_of(self.rules),
            Registered: REGISTERED,
            RegisteredLine: RegisteredLine(REGISTERED.get(getattr(asked, "hpr", ""))),
            Costs: (),
            Computed: self.now,
            Sides: self.sides,
            Effects: self.effects,
            OtherAmounts: self.effects,
            StaleLines: frozenset(),
            Registrants: NOBODY,
        }

    def after(self, step: str, by: Who | None = None, **fields: object) -> "Given":
        claim = self.claim
        for event in self.events(step, by, **fields):
            claim = evolve(claim, event, (by or WHO[step]).role)
        return replace(self, claim=claim)

    def knows(self, **what: Any) -> "Given":  # noqa: ANN401
        return replace(self, **what)

    def refuses(self, step: str, by: Who | None = None, **fields: object) -> str:
        return refusal(lambda: self.events(step, by, **fields))


def confirmed() -> Given:
    return Given().after("open").after("confirm_line").after("confirm_line", hpr=B)


def submitted() -> Given:
    return confirmed().after("submit")


def assessed(amounts: Mapping[str, int | None] | None = None) -> Given:
    now = COMPUTED if amounts is None else computed(amounts)
    return submitted().knows(now=now).after("assess")


def decided(kroner: int = 1_000) -> Given:
    """A is granted so much, B nothing."""
    lines = [refused(B)] if kroner == 1_000 else [partly(A, kroner) if kroner else refused(A), refused(B)]
    return assessed().after("propose", lines=lines).after("approve")


def paid() -> Given:
    return decided().after("pay", kroner=1_000).after("attach_document")


def partly(hpr: str, kroner: int) -> dict[str, object]:
    why = {"reason_code": "costs_not_documented", "reason": "bilag mangler"}
    return {"hpr": hpr, "outcome": "partly_granted", "kroner": kroner, **why}


def refused(hpr: str) -> dict[str, object]:
    return partly(hpr, 0) | {"outcome": "refused"}


def granted(hpr: str, kroner: int) -> dict[str, object]:
    return {"hpr": hpr, "outcome": "granted", "kroner": kroner}


def attested(**fields: object) -> dict[str, object]:
    return {"hpr": A, "digest": DIGESTS[A], "finding": "confirmed", **fields}
