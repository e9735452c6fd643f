"""Bulk work without the collector of cycles."""

import gc

import pytest

from workers.shell.collecting import gc_paused


def test_the_collector_is_off_during_the_work_and_goes_on_afterwards_also_when_it_fails() -> None:
    with pytest.raises(AssertionError, match="paused"), gc_paused():
        assert gc.isenabled(), "paused"
    assert gc.isenabled()


def test_work_within_work_leaves_the_gc_paused() -> None:
    with gc_paused():
        with gc_paused():
            pass
        assert not gc.isenabled()
    assert gc.isenabled()
