"""The rule book: what is published stays, and is found by its content."""

import pytest

from domain.errors import Refused
from tests.desk import Desk


def test_a_decision_finds_the_rules_that_it_rests_on_by_their_digest(at: Desk) -> None:
    published = at.casework.book.current().published
    assert published
    for rules in published.values():
        assert at.casework.book.by_digest(rules.digest) == rules


def test_a_digest_that_was_never_published_leads_to_no_rules(at: Desk) -> None:
    with pytest.raises(Refused) as refused:
        at.casework.book.by_digest(f"sha256:{0:064}")
    assert refused.value.code == "unknown-rule-set"
