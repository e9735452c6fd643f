"""`make benchmark`: ratios measured in one run, each beside what it should reach (architecture.md section 7).

Everything runs on an embedded PostgreSQL of its own with the settings of a real one: nothing is made faster by
giving up durability. Contestants take turns, so that a slow minute of the machine is slow for all.
"""

import argparse
import json
import os
import platform
import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Final

import psycopg

from deploy.database import embedded
from tests.benchmarks import bulk
from tests.benchmarks.access_log import access_log
from tests.benchmarks.claims import claims
from tests.benchmarks.commands import eight_writers, one_writer
from tests.benchmarks.house import Desk, desk, log_to_nowhere, new_database
from tests.benchmarks.http import http
from tests.benchmarks.lines import lines
from tests.benchmarks.loading import loading
from tests.benchmarks.measure import Heading, Line
from tests.benchmarks.not_found import not_found
from tests.benchmarks.peer import Peer
from tests.benchmarks.read_side import read_side
from tests.benchmarks.sizes import FULL, QUICK, Sizes
from tests.benchmarks.table import table
from tests.benchmarks.variants import UnchainedStore, UnsealedStore

_NOTES: Final = """\
Median over interleaved rounds; a ratio is taken within each round. Unless said otherwise the service has worked on the
doctor since it started, so that the case and the key are in memory. A doctor has 20 to 50 facts, about a third of them
with personal fields. The log is on: one line of JSON a command, to the null device. The baselines write and read the
very rows that the service wrote. Calls in the process, but for the rows of HTTP. {server}, fsync on; {cpus} CPUs shared
by server and clients; {kib} KiB written and synced takes {sync:.0f} µs in {folder}. Python {python}.
{seconds:.0f} s in all."""
_APART: Final[Mapping[str, Callable[[Desk, Sizes], list[Line | Heading]]]] = {
    "claims": claims,
    "http": http,
    "access_log": access_log,
    "not_found": not_found,
}
"""Parts with a database of their own: each can be asked for alone."""
_BLOCK: Final = 8_192
_SYNCS: Final = 200


@dataclass(frozen=True, slots=True)
class Options:
    """What was asked for."""

    sizes: Sizes
    json: Path | None
    peer: Path | None
    only: str | None


def main(arguments: Sequence[str] | None = None) -> None:
    options = _options(arguments)
    log_to_nowhere()
    begun = perf_counter()
    folder = Path(tempfile.mkdtemp(prefix="alis-benchmark-"))
    folder.chmod(0o711)  # root's server is another user, and must reach its data
    try:
        with embedded(folder / "data") as server:
            found = _measured(server, options, folder)
            notes = _notes(server, folder, perf_counter() - begun)
    finally:
        shutil.rmtree(folder)
    print(f"{table(found)}\n\n{notes}")
    if options.json:
        content = {"lines": [line.as_json() for line in found], "notes": notes}
        options.json.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def _measured(server: str, options: Options, folder: Path) -> list[Line | Heading]:
    sizes = options.sizes
    with ExitStack() as open_:

        def at(name: str) -> Desk:
            return open_.enter_context(desk(new_database(server, name)))

        if options.only:
            return _APART[options.only](at(options.only), sizes)
        daily, bulky, round_ = at("daily"), at("bulky"), at("round")
        unsealed, bulky_unsealed = (open_.enter_context(desk(d.url, UnsealedStore)) for d in (daily, bulky))
        unchained = open_.enter_context(desk(new_database(server, "unchained"), UnchainedStore))
        return [
            *one_writer(daily, unsealed, unchained, sizes),
            *eight_writers(daily, sizes),
            *loading(daily, sizes),
            *bulk.against_copy(bulky, sizes),
            *bulk.others(bulky, sizes, folder),
            *bulk.costs(bulky, bulky_unsealed, unchained, sizes),
            *lines(round_, sizes, Peer.run(options.peer, sizes) if options.peer else None),
            *read_side(at("read"), at("read_longer"), sizes),
            *(line for name, part in _APART.items() for line in part(at(name), sizes)),
        ]


def _options(arguments: Sequence[str] | None) -> Options:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="less of everything, for the direction only")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    parser.add_argument(
        "--peer", type=Path, metavar="FOLDER", help="where OpenFisca's benchmark is (run.sh), to be run beside"
    )
    parser.add_argument("--only", choices=sorted(_APART), help="one part, which has a database of its own")
    asked = parser.parse_args(arguments)
    return Options(QUICK if asked.quick else FULL, asked.json, asked.peer, asked.only)


def _notes(server: str, folder: Path, seconds: float) -> str:
    with psycopg.connect(server) as connection:
        major = connection.info.server_version // 10_000
        fsync = connection.execute("SHOW fsync").fetchone()
    assert fsync == ("on",)
    return _NOTES.format(
        server=f"PostgreSQL {major}", cpus=os.cpu_count(), kib=_BLOCK // 1024, sync=_sync(folder) * 1e6,
        folder=folder.parent, python=platform.python_version(), seconds=seconds,
    )  # fmt: skip


def _sync(folder: Path) -> float:
    """Seconds that a small durable write takes on this disk."""
    taken = []
    with (folder / "synced").open("wb", buffering=0) as file:
        for _ in range(_SYNCS):
            begun = perf_counter()
            file.seek(0)
            file.write(bytes(_BLOCK))
            os.fdatasync(file.fileno())
            taken.append(perf_counter() - begun)
    return median(taken)


if __name__ == "__main__":
    main()
