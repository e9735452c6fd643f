"""Bulk work without the collector of cycles."""

import gc

import pytest

from domain.casework.commands.bulk import collector_at_rest


def test_the_collector_rests_during_the_work_and_goes_on_afterwards_also_when_it_fails() -> None:
    with pytest.raises(AssertionError, match="at rest"), collector_at_rest():
        assert gc.isenabled(), "at rest"
    assert gc.isenabled()


def test_work_within_work_leaves_the_collector_at_rest() -> None:
    with collector_at_rest():
        with collector_at_rest():
            pass
        assert not gc.isenabled()
    assert gc.isenabled()
