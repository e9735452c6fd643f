"""Python's collector of cycles, which finds little in bulk work and costs up to a quarter of the time there.

It works for the whole process, so only commands that do nothing else switch it; the service never does.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

_THRESHOLDS: Final = (50_000, 20, 50)


@contextmanager
def gc_paused() -> Iterator[None]:
    """Turn the collector off, and on again afterwards; objects without references are freed as always."""
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()


@contextmanager
def gc_seldom() -> Iterator[None]:
    """Collect seldom, and never look at objects that exist already; for a process that runs for long."""
    before = gc.get_threshold()
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_THRESHOLDS)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()
