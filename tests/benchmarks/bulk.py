"""Importing a file of facts, against COPY of the same rows; and what other writers feel of it."""

import multiprocessing
from collections.abc import Sequence
from multiprocessing.connection import Connection
from pathlib import Path
from time import sleep

from deploy.clock import now
from domain.doctor.intake.intake import read_facts
from domain.values.streams import track_id
from tests.benchmarks import raw
from tests.benchmarks.house import Desk, command, desk, log_to_nowhere, stories
from tests.benchmarks.measure import Goal, Heading, Line, in_turns, number, quantile, ratio, stopped
from tests.benchmarks.pace import Pace
from tests.benchmarks.sizes import IMPORTED, Sizes
from tests.benchmarks.stories import as_lines, new_doctors
from workers.shell.collecting import gc_paused

UNIT = "facts/s"
_MILLI = 1_000
_CALLERS = 2


class Importer:
    """Imports one new file after the other."""

    def __init__(self, at: Desk, doctors: int) -> None:
        self._desk = at
        self._how_many = doctors
        self._doctors: Sequence[str] = ()

    def turn(self) -> float:
        """Facts a second from the text of a file to what is stored."""
        self._doctors = new_doctors(self._how_many)
        content = file_of(self._doctors)
        before = raw.count(self._desk.beside, "events")
        with stopped() as watch:
            stored = import_file(self._desk, content)
        assert stored == self._how_many * IMPORTED
        assert raw.count(self._desk.beside, "events") == before + stored
        return stored / watch.seconds

    def copied(self) -> float:
        """Rows a second of COPY with the rows of the file imported last."""
        rows = raw.written(self._desk.beside, [track_id(hpr) for hpr in self._doctors], "import")
        before = raw.count(self._desk.beside, "raw_events")
        speed = raw.copy(self._desk.beside, rows)
        assert raw.count(self._desk.beside, "raw_events") == before + self._how_many * IMPORTED
        return speed


def file_of(doctors: Sequence[str]) -> bytes:
    return as_lines([fact for story in stories(doctors, (IMPORTED,)) for fact in story])


def import_file(at: Desk, content: bytes) -> int:
    with gc_paused():
        return at.casework.importing.import_facts(read_facts(content), command(source="import"), now()).stored


def against_copy(at: Desk, sizes: Sizes) -> list[Line | Heading]:
    """The whole way, from text to stored."""
    raw.prepare_tables(at.url)
    importer = Importer(at, sizes.import_doctors)
    speeds: dict[str, list[float]] = {"ours": [], "raw": []}
    for _ in range(sizes.import_rounds):
        speeds["ours"].append(importer.turn())
        speeds["raw"].append(importer.copied())
    facts = sizes.import_doctors * IMPORTED
    return [
        Heading(f"A bulk import of {facts:,} facts of {sizes.import_doctors:,} doctors".replace(",", " ")),
        ratio("from JSON Lines to stored ÷ raw COPY of the rows", speeds, ("ours", "raw"), UNIT, Goal("≥", 0.1)),
    ]


def costs(at: Desk, unsealed: Desk, unchained: Desk, sizes: Sizes) -> list[Line | Heading]:
    """With and without chain and encryption, in smaller files."""
    doctors = sizes.cost_doctors
    speeds = in_turns(
        {
            "ours": Importer(at, doctors).turn,
            "unsealed": Importer(unsealed, doctors).turn,
            "unchained": Importer(unchained, doctors).turn,
        },
        max(2, sizes.import_rounds),
    )
    return [
        ratio("cost of the chain: with ÷ without", speeds, ("ours", "unchained"), UNIT),
        ratio("cost of encryption: with ÷ without", speeds, ("ours", "unsealed"), UNIT),
    ]


def others(at: Desk, sizes: Sizes, folder: Path) -> list[Line | Heading]:
    """Writers at a steady pace, first alone, then beside an import in another process."""
    file = folder / "facts.jsonl"
    file.write_bytes(file_of(new_doctors(sizes.import_doctors)))
    pace = Pace(at, _CALLERS)
    at.beside.execute("VACUUM (ANALYZE)")
    before = raw.count(at.beside, "events")
    pipe, theirs = multiprocessing.get_context("spawn").Pipe()
    process = multiprocessing.get_context("spawn").Process(target=_import, args=(theirs, at.url, file), daemon=True)
    process.start()
    pipe.recv()
    with pace.kept() as idle:
        sleep(sizes.idle_seconds)
    with pace.kept() as busy:
        pipe.send("go")
        stored = pipe.recv()
    process.join()
    assert stored == sizes.import_doctors * IMPORTED
    assert raw.count(at.beside, "events") == before + stored + pace.recorded
    longest = f", the longest {number(max(busy.calls) * _MILLI)} ms"
    return [
        _slower("other writers' calls during it, p95 ÷ idle", idle.calls, busy.calls, longest),
        _slower("the same from when each was due, p95 ÷ idle", idle.waits, busy.waits),
    ]


def _import(pipe: Connection, url: str, file: Path) -> None:
    log_to_nowhere()
    content = file.read_bytes()
    with desk(url) as mine:
        pipe.send("ready")
        pipe.recv()
        pipe.send(import_file(mine, content))


def _slower(what: str, idle: Sequence[float], busy: Sequence[float], more: str = "") -> Line:
    alone, beside = quantile(idle, 0.95) * _MILLI, quantile(busy, 0.95) * _MILLI
    made_of = f"{number(beside)} / {number(alone)} ms of {len(busy)} calls{more}"
    return Line(what, (beside / alone,), made_of, Goal("≤", 3))
