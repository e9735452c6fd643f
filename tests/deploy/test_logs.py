"""The log of a process."""

import json
import logging  # noqa: TID251 - as libraries do
from contextlib import suppress

import pytest
import structlog

from deploy.logs import MOST, QUIET, WITHIN_SECONDS, Sparing, configure


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


def told(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    structlog.reset_defaults()
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def test_what_goes_wrong_over_and_over_is_written_so_often_and_then_counted() -> None:
    moment = 0.0
    sparing = Sparing(most=3, clock=lambda: moment)

    def lines(number: int, **line: object) -> list[object]:
        written: list[object] = []
        for _ in range(number):
            with suppress(structlog.DropEvent):
                written.append(sparing(None, "info", {"event": "request", **line}))
        return written

    assert len(lines(50, status=404)) == 3
    assert len(lines(1, status=503)) == 1
    assert len(lines(50, status=200)) == 50
    moment = WITHIN_SECONDS
    [first] = lines(1, status=404)
    assert first == {"event": "request", "status": 404, "left_out": 47}


def test_what_a_library_logs_is_a_line_of_ours_without_the_words_of_an_exception(
    capsys: pytest.CaptureFixture[str],
) -> None:
    configure("json")
    library = logging.getLogger("uvicorn.error")
    try:
        int("9000001x")
    except ValueError:
        library.exception("Exception in ASGI application\n")
    for _ in range(1000):
        library.warning("Invalid HTTP request received.")
    lines = told(capsys)
    assert [line["event"] for line in lines[:2]] == ["Exception in ASGI application", "Invalid HTTP request received."]
    assert lines[0]["error"] == "ValueError"
    assert "9000001" not in json.dumps(lines)
    assert len(lines) == 1 + MOST
