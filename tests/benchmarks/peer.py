"""OpenFisca on the shape of these rules, run in the same minutes on the same machine, where its folder is given."""

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self

from tests.benchmarks.sizes import Sizes

_TUNED: Final = "monthly x12, tuned lookup (best found), no tracer"


@dataclass(frozen=True, slots=True)
class Peer:
    """What it measured: one doctor explained (milliseconds, and how many a second), all in vectors (seconds)."""

    one_line_ms: float
    explained_per_second: float
    seconds: dict[int, float]

    @classmethod
    def run(cls, folder: Path, sizes: Sizes) -> Self:
        """Run it with the same numbers of doctors; what it prints is in its `results.json` as well."""
        doctors = ",".join(map(str, sizes.plain_doctors))
        subprocess.run([folder / "run.sh", "--sizes", doctors], check=True, stdout=subprocess.DEVNULL)
        found: dict[str, Any] = json.loads((folder / "results.json").read_text("utf-8"))
        one, rows = found["one_case_explained_ms"], found["rows"]
        return cls(one["p50"], one["per_s"], {row["n"]: row["run_s"] for row in rows if row["what"] == _TUNED})
