"""Every decision that was ever recorded here is repeated, byte for byte, from the log that it rested on then.

The files are never changed: they hold what was decided. No key is stored, so that each is repeated as after every
name and text of it was erased.
"""

import json
from typing import Final

import pytest

from domain.casework.claims.claim_repeat import Repeated
from domain.rulebook.release import choose_rule_set
from domain.values.streams import track_id
from tests.desk import Desk, desk
from tests.recorded_decisions import BOOK, FOLDER, KINDS, load
from tests.scenario import Json, full_time

RECORDED: Final = sorted(file.stem for file in FOLDER.glob("*.json") if file != BOOK)

DIGEST: Final = choose_rule_set("nasjonal-alis-2026-provisional", "2026").digest


def recorded(kind: str) -> Json:
    found: Json = json.loads((FOLDER / f"{kind}.json").read_text("utf-8"))
    return found


def loaded(url: str, kind: str) -> Json:
    """The log as it was when the decision was recorded, in a database of its own."""
    kept = recorded(kind)
    load(url, [*json.loads(BOOK.read_text("utf-8")), *kept["rows"]])
    return kept


def repeated(at: Desk, kept: Json) -> Repeated:
    return at.casework.claims.repeat(kept["claim"])


def test_every_kind_of_decision_is_recorded() -> None:
    assert sorted(KINDS) == RECORDED


@pytest.mark.parametrize("kind", RECORDED)
def test_a_recorded_decision_comes_out_as_it_was_made(database_url: str, kind: str) -> None:
    kept = loaded(database_url, kind)
    with desk(database_url) as at:
        found = repeated(at, kept)
        assert found.identical
        assert found.as_json() == kept["expected"]
        assert at.store.verify()[1] == len(at.asks("SELECT position FROM events"))


def test_later_facts_and_rule_sets_change_no_recorded_decision(database_url: str) -> None:
    kept = loaded(database_url, "corrected-twice")
    with desk(database_url) as at:
        at.publishes()
        [late] = full_time("2025-06-01").known("2026-09-01").add("track_discontinued", on="2025-06-30").facts[-1:]
        at.imports([late | {"id": "late"}])
        assert repeated(at, kept).as_json() == kept["expected"]


@pytest.mark.parametrize(
    ("before", "after", "place"),
    [
        ('"total":378656', '"total":378657', "$.result.lines[0].total"),
        ('"amount":378656', '"amount":378657', "$.lines[0].amount"),
        ('"total":378656,"elements"', '"elements"', "$.result.lines[0].total"),
        (
            '"month":"2026-05","basis":"agreement"',
            '"month":"2026-05","basis":"none"',
            "$.result.lines[0].months[11].basis",
        ),
        ('"shares":{"gp":"1.000000"}', '"shares":{"gp":"1.000001"}', "$.result.lines[0].months[0].shares.gp"),
        (f'"{track_id("9000001")}":2', f'"{track_id("9000001")}":3', f"$.streams['{track_id('9000001')}']"),
        (f'"rule_set_digest":"{DIGEST}"', f'"rule_set_digest":"sha256:{"0" * 64}"', "$.rule_set_digest"),
    ],
)
def test_a_recorded_decision_that_was_tampered_with_is_not_identical_and_the_place_is_named(
    database_url: str, before: str, after: str, place: str
) -> None:
    kept, changed = recorded("full-year"), 0
    for row in kept["rows"]:
        if row["topic"] == "claim.assessed.v1":
            payload = row["payload"].replace(before, after, 1)
            changed += payload != row["payload"]
            row["payload"] = payload
    assert changed == 1
    load(database_url, [*json.loads(BOOK.read_text("utf-8")), *kept["rows"]])
    with desk(database_url) as at:
        found = repeated(at, kept).as_json()
        [decision] = found["decisions"]
        assert (found["identical"], decision["identical"], decision["first_difference"]) == (False, False, place)
        assert decision["decided"] != decision["repeated"]
