"""The log of a process."""

import json

import pytest
import structlog

from deploy.logs import QUIET, configure


def test_what_goes_as_it_should_can_be_left_untold_and_what_goes_wrong_cannot(
    capsys: pytest.CaptureFixture[str],
) -> None:
    configure("json")
    log = structlog.get_logger("test")
    with structlog.contextvars.bound_contextvars(**{QUIET: True}):
        log.info("untold")
        log.warning("refused")
        log.error("failed")
    log.info("told")
    structlog.reset_defaults()
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert [line["event"] for line in lines] == ["refused", "failed", "told"]
    assert not any(QUIET in line for line in lines)
