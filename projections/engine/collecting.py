"""Python's collector of cycles, which has little to find where pages are projected: a quarter of the time was its."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

_THRESHOLDS: Final = (50_000, 20, 50)


@contextmanager
def collecting_seldom() -> Iterator[None]:
    """Look for cycles seldom, and never among what is there already; for a process that does little else."""
    before = gc.get_threshold()
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_THRESHOLDS)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()
