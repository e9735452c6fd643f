"""What a step of a claim needs to know is found by its type."""

import pytest

from domain.casework.claims.claim_lookup import BY_TYPE
from domain.claim.rights.known import Costs
from domain.claim.rights.step import Step
from domain.claim.steps.registry import STEPS


@pytest.mark.parametrize("step", STEPS.values(), ids=STEPS)
def test_whatever_a_step_needs_can_be_looked_up(step: Step) -> None:
    assert {*step.needs} <= BY_TYPE.keys() | {Costs}
