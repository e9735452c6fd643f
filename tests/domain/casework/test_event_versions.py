"""Events are for ever: one file for every version of every event there ever was, as it was stored then.

A file is never changed and never removed. An event that gets another shape gets another topic, a file of its own,
and an upcaster from the old one, whose file stays.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final
from uuid import UUID

import pytest
from cryptography.exceptions import InvalidTag

from deploy.clock import new_id
from domain.claim.stream.events import CLAIM_EVENTS
from domain.doctor.facts.fact import Fact
from domain.doctor.facts.facts import BY_TOPIC
from domain.doctor.key import KEY_EVENTS
from domain.municipality.events import MUNICIPALITY_EVENTS
from domain.persons.events import LINK_EVENTS
from domain.rulebook.book_event import BookEvent
from domain.rulebook.rulebook import BOOK_EVENTS, RuleBook, RuleSetSuperseded, evolve
from domain.store import Event, EventMapper, Origin, Recorded, Row
from domain.store.sealed.key_ring import KeyRing
from domain.store.sealed.master import MasterKeys
from domain.ties.events import TIE_EVENTS
from domain.values.refusals.refusal import Refused
from domain.values.streams import claim_id, link_id, rule_book_id, tie_id, track_id
from tests.desk import MASTER_KEY
from tests.scenario import Json

FOLDER: Final = Path(__file__).parent / "events"
FILES: Final = sorted(file for file in FOLDER.glob("*.json") if not file.name.endswith("key.json"))
KEY: Final = json.loads((FOLDER / "key.json").read_text("utf-8"))
DOCTOR: Final = UUID(KEY["doctor"])
CLAIM_KEY: Final = json.loads((FOLDER / "claim-key.json").read_text("utf-8"))
CLAIM: Final = UUID(CLAIM_KEY["claim"])
MUNICIPALITY_KEY: Final = json.loads((FOLDER / "municipality-key.json").read_text("utf-8"))
MUNICIPALITY: Final = UUID(MUNICIPALITY_KEY["municipality"])


@dataclass(frozen=True)
class Keys:
    """The keys of doctors, as the table has them."""

    kept: Mapping[UUID, bytes]

    def keep(self, keys: Mapping[UUID, bytes], _: str) -> bool:
        return keys.keys() <= self.kept.keys()

    def find(self, doctors: Iterable[UUID]) -> Mapping[UUID, bytes]:
        return {doctor: self.kept[doctor] for doctor in doctors if doctor in self.kept}

    def any(self) -> Mapping[UUID, bytes]:
        return self.kept

    def service_keys(self) -> Mapping[str, bytes | None]:
        return {}

    def keep_service_key(self, name: str, _: bytes, __: str) -> bool:
        raise NotImplementedError(name)

    def sealing(self, master_key: str) -> str:
        raise NotImplementedError(master_key)


KEPT: Final = {
    DOCTOR: bytes.fromhex(KEY["sealed_key"]),
    CLAIM: bytes.fromhex(CLAIM_KEY["sealed_key"]),
    MUNICIPALITY: bytes.fromhex(MUNICIPALITY_KEY["sealed_key"]),
}
WITH_KEY: Final = EventMapper(KeyRing(MasterKeys(MASTER_KEY), Keys(KEPT)))
WITHOUT_KEY: Final = EventMapper(KeyRing(MasterKeys(MASTER_KEY), Keys({})))
SOMEBODY: Final = Origin("kommune:1804", "municipality", "1804", new_id(), new_id(), new_id(), "import")


def stored(file: Path) -> Json:
    found: Json = json.loads(file.read_text("utf-8"))
    return found


def topic_of(file: Path) -> str:
    """What stands after a plus names the optional fields that the type got since."""
    return file.stem.partition("+")[0]


def read(mapper: EventMapper, kept: Json) -> Event:
    """The event of a row with these bytes."""
    stream = stream_of(kept["topic"])
    moment = datetime.fromisoformat(kept["event"]["recorded_at"])
    doctor = DOCTOR if stream == DOCTOR else None
    row = Row(stream, 1, kept["topic"], kept["payload"].encode(), doctor, 1, None, moment, SOMEBODY)
    return mapper.to_domain_event(row).event


def stream_of(topic: str) -> UUID:
    """A stream that events of a topic are in."""
    own = {
        "rulebook": rule_book_id("nasjonal-alis-og-veiledning"),
        "claim": CLAIM,
        "municipality": MUNICIPALITY,
        "tie": tie_id("t1"),
        "person-link": link_id(f"p-{'a' * 20}", f"p-{'b' * 20}"),
    }
    return own.get(topic.partition(".")[0], DOCTOR)


def unreadable_because(ask: Callable[[], object]) -> BaseException | None:
    """Why an event cannot be read, which nobody is told who asks."""
    with pytest.raises(Refused) as refused:
        ask()
    assert refused.value.code == "event-unreadable"
    return refused.value.__cause__


def plain(event: Event) -> Json:
    return event.model_dump(mode="json")


def test_every_event_that_can_be_stored_has_its_file_and_every_file_is_of_an_event() -> None:
    of_doctors, of_cases = BY_TOPIC.keys() | KEY_EVENTS.keys(), BOOK_EVENTS.keys() | CLAIM_EVENTS.keys()
    of_registers = MUNICIPALITY_EVENTS.keys() | TIE_EVENTS.keys() | LINK_EVENTS.keys()
    assert {topic_of(file) for file in FILES} == of_doctors | of_cases | of_registers


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_what_was_stored_then_is_read_today(file: Path) -> None:
    kept = stored(file)
    event = read(WITH_KEY, kept)
    assert (kept["topic"], event.event_topic) == (topic_of(file), topic_of(file))
    assert plain(event) == kept["event"]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_without_the_doctors_key_the_personal_fields_alone_are_gone(file: Path) -> None:
    kept = stored(file)
    assert plain(read(WITHOUT_KEY, kept)) == kept.get("erased", kept["event"])


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_what_is_stored_today_has_the_shape_of_then(file: Path) -> None:
    kept = stored(file)
    doctor = DOCTOR if isinstance(event := read(WITH_KEY, kept), Fact) else None
    row = WITH_KEY.to_stored_event(Recorded(stream_of(kept["topic"]), 1, event, SOMEBODY, doctor, 1))
    today, then = json.loads(row.state), json.loads(kept["payload"])
    # what is sealed is sealed anew each time; that it holds the same is tested above
    assert [each for each in today.items() if each[0] != "sealed"] == [
        each for each in then.items() if each[0] != "sealed"
    ]  # and its fields in the order of then
    assert plain(read(WITH_KEY, kept | {"payload": row.state.decode()})) == kept["event"]


def test_a_stored_rule_set_can_be_used() -> None:
    book = RuleBook()
    for topic in ("rulebook.municipality-list-adopted.v1", "rulebook.rule-set-published.v1"):
        event = read(WITH_KEY, stored(FOLDER / f"{topic}.json"))
        assert isinstance(event, BookEvent)
        book = evolve(book, event)
    assert book.of_round("2026").municipalities.centrality_class("1507") == 3


def test_a_stored_draft_can_be_approved_and_a_superseded_rule_set_is_still_found() -> None:
    book = RuleBook()
    for name in ("municipality-list-adopted", "rule-set-published", "rule-set-drafted", "rule-set-approved"):
        event = read(WITH_KEY, stored(FOLDER / f"rulebook.{name}.v1.json"))
        assert isinstance(event, BookEvent)
        book = evolve(book, event)
    drafted, approved = book.marks["nasjonal-alis-2026-final"].drafted, book.marks["nasjonal-alis-2026-final"].approved
    assert drafted
    assert approved
    assert (drafted.by, approved.by) == ("rules:kari", "approver:ola")
    superseded = read(WITH_KEY, stored(FOLDER / "rulebook.rule-set-superseded.v1.json"))
    assert isinstance(superseded, RuleSetSuperseded)
    assert evolve(book, superseded).by_digest(superseded.digest).status == "superseded"


def test_a_topic_that_nobody_knows_stops_the_reader() -> None:
    kept = stored(FOLDER / "track.started.v1.json")
    cause = unreadable_because(lambda: read(WITH_KEY, kept | {"topic": "track.begun.v1"}))
    assert isinstance(cause, LookupError)
    assert "track.begun.v1" in str(cause)


def test_a_sealed_text_opens_only_for_the_fact_that_it_was_sealed_with() -> None:
    kept = stored(FOLDER / "track.leave-registered.v1.json")
    moved = kept["payload"].replace('"f11"', '"f12"')
    assert moved != kept["payload"]
    assert isinstance(unreadable_because(lambda: read(WITH_KEY, kept | {"payload": moved})), InvalidTag)


def test_a_sealed_text_of_a_claim_opens_only_for_the_event_that_it_was_sealed_with() -> None:
    kept = stored(FOLDER / "claim.returned.v1.json")
    moment = datetime.fromisoformat(kept["event"]["recorded_at"])
    moved = Row(CLAIM, 2, kept["topic"], kept["payload"].encode(), None, None, None, moment, SOMEBODY)
    assert isinstance(unreadable_because(lambda: WITH_KEY.to_domain_event(moved)), InvalidTag)


def test_the_streams_of_a_doctor_and_of_a_claim_are_the_same_for_ever() -> None:
    assert track_id("9000001") == DOCTOR
    assert claim_id("1804", "2026") == CLAIM
