"""`make run` started twice at once on one empty data folder."""

import subprocess
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest

from tests.deploy.test_ending import ALIS, free_port, running

SECONDS = 120


def until_served(process: "subprocess.Popen[str]") -> str:
    """What it says until it serves, or ends."""
    assert process.stderr
    said = ""
    for line in process.stderr:
        said += line
        if "Tjenesten" in line:
            break
    return said


def started(data_folder: Path, *ports: int) -> list[tuple[str, int | None, bool]]:
    """Of demonstrations started at once: what each said, how it ended if it did, and whether it is served."""
    with ExitStack() as opened, ThreadPoolExecutor() as pool:
        made = [
            opened.enter_context(running([ALIS, "demo"], ALIS_DATA_FOLDER=str(data_folder), ALIS_PORT=str(port)))
            for port in ports
        ]
        said = list(pool.map(until_served, made))
        served = [httpx.get(f"http://127.0.0.1:{port}/api/v1/health", timeout=SECONDS).is_success for port in ports]
        for each in (one for one, words in zip(made, said, strict=True) if "kjører allerede" in words):
            each.wait(SECONDS)
        return [(words, one.poll(), well) for words, one, well in zip(said, made, served, strict=True)]


@pytest.mark.long
def test_of_two_at_one_address_the_slower_says_that_it_runs_already(data_folder: Path) -> None:
    port = free_port()
    found = started(data_folder, port, port)
    assert sorted((code, "kjører allerede" in said) for said, code, _ in found if code is not None) == [(0, True)]
    assert all(well for _, _, well in found)


@pytest.mark.long
def test_of_two_at_different_addresses_both_go_on(data_folder: Path) -> None:
    found = started(data_folder, free_port(), free_port())
    assert [(code, well) for _, code, well in found] == [(None, True), (None, True)]
