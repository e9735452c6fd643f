"""The rule book: drafted by one, approved by another, published; what is published is found by its content for ever."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any, Final
from uuid import UUID

import pytest

from deploy.clock import new_id, now
from domain.casework.commands.book import SCHEME, BookReceipt
from domain.casework.commands.commands import Actor, Command
from domain.rulebook.release import shipped_contents
from domain.rules.sets.rule_set import digest_of
from domain.values.norwegian_time import norwegian_day
from domain.values.refusals.refusal import Refused
from domain.values.streams import rule_book_id
from tests.desk import Desk, refusal
from tests.options import NEWER, NEWER_NUMBERS
from tests.scenario import full_time

PROVISIONAL: Final = "nasjonal-alis-2026-provisional"
FINAL: Final = "nasjonal-alis-2026-final"
[CONTENT] = [each for each in shipped_contents() if each["id"] == FINAL]
DIGEST: Final = digest_of(dict(CONTENT))
KARI: Final = Actor.named("rules:kari")
OLA: Final = Actor.named("approver:ola")


def of(actor: Actor, command_id: UUID | None = None, request: str = "r") -> Command:
    return Command(command_id or new_id(), actor, "api", new_id(), request)


def drafts(at: Desk, written: Mapping[str, Any] = CONTENT, by: Command | None = None) -> BookReceipt:
    return at.casework.book.draft("utkastet", written, now(), by or of(KARI))


def approves(at: Desk, digest: str = DIGEST, by: Command | None = None) -> BookReceipt:
    return at.casework.book.approve(FINAL, digest, now(), by or of(OLA))


def publishes(at: Desk, digest: str = DIGEST, by: Command | None = None) -> BookReceipt:
    return at.casework.book.publish(FINAL, digest, now(), by or of(KARI))


def flawed(written: Mapping[str, Any]) -> Mapping[str, Any]:
    return {**CONTENT, **written}


def test_a_decision_finds_the_rules_that_it_rests_on_by_their_digest(at: Desk) -> None:
    published = at.casework.book.current().published
    assert published
    for rules in published.values():
        assert at.casework.book.by_digest(rules.digest) == rules


def test_a_digest_that_was_never_published_leads_to_no_rules(at: Desk) -> None:
    drafts(at)
    with pytest.raises(Refused) as refused:
        at.casework.book.by_digest(DIGEST)
    assert refused.value.code == "unknown-rule-set"


def test_a_draft_that_another_approves_is_published_and_supersedes_the_one_it_names(at: Desk) -> None:
    former = at.casework.book.rule_set(None, "2026")
    assert [step(at).stored for step in (drafts, approves, publishes)] == [True, True, True]
    current = at.casework.book.rule_set(None, "2026")
    assert (current.id, current.status, str(current.numbers["hourly_rate"])) == (FINAL, "published", "1375")
    assert at.casework.book.by_digest(former.digest).status == "superseded"
    assert at.casework.book.by_digest(former.digest).content == former.content
    assert at.casework.book.current().successor(PROVISIONAL) == FINAL


def test_what_is_published_is_the_approved_draft_but_for_status_and_day(at: Desk) -> None:
    for step in (drafts, approves, publishes):
        step(at)
    published = at.casework.book.current().published[FINAL]
    assert published.written == {**CONTENT, "status": "published", "published_on": norwegian_day(now()).isoformat()}
    assert published.digest == digest_of(dict(published.written))


def test_who_did_what_is_in_the_book(at: Desk) -> None:
    for step in (drafts, approves, publishes):
        step(at)
    marks = at.casework.book.current().marks[FINAL]
    assert [mark and mark.by for mark in (marks.drafted, marks.approved, marks.published)] == [
        "rules:kari", "approver:ola", "rules:kari",
    ]  # fmt: skip


def test_a_published_rule_set_is_what_the_next_calculation_uses_and_the_earlier_can_be_repeated(at: Desk) -> None:
    at.records_all(full_time())
    before = at.replays("1804")
    former = at.casework.book.rule_set(None, "2026")
    for step in (drafts, approves, publishes):
        step(at)
    assert at.replays("1804")["total"] > before["total"]
    again = at.casework.replay("1804", at.casework.book.by_digest(former.digest), None).as_json()
    assert again == {**before, "rules_status": "superseded"}


def test_the_book_reads_the_same_from_the_first_event(at: Desk) -> None:
    for step in (drafts, approves, publishes):
        step(at)
    version = len(at.store.stream(rule_book_id(SCHEME)))
    anew = at.casework.book.at(version)
    book = at.casework.book.current()
    assert (anew.published, anew.drafts, anew.marks) == (book.published, book.drafts, book.marks)


def test_whoever_wrote_a_draft_cannot_approve_it_in_another_role_either(at: Desk) -> None:
    drafts(at)
    assert refusal(lambda: approves(at, by=of(KARI))) == "own-draft"
    assert refusal(lambda: approves(at, by=of(Actor.named("approver:Kari")))) == "own-draft"


@pytest.mark.parametrize("subject", ["kommune:1804", "caseworker:ab", "approver:ola", "operator:alis", "somebody:x"])
def test_only_those_who_make_rules_draft_and_publish(at: Desk, subject: str) -> None:
    assert refusal(lambda: drafts(at, by=of(Actor.named(subject)))) == "wrong-role"
    drafts(at)
    approves(at)
    assert refusal(lambda: publishes(at, by=of(Actor.named(subject)))) == "wrong-role"


def test_a_caseworker_does_not_approve_rules(at: Desk) -> None:
    drafts(at)
    assert refusal(lambda: approves(at, by=of(Actor.named("caseworker:ab")))) == "wrong-role"


def test_what_nobody_else_approved_is_not_published(at: Desk) -> None:
    drafts(at)
    assert refusal(lambda: publishes(at)) == "not-approved"


def test_an_approval_is_of_the_very_draft_that_was_seen(at: Desk) -> None:
    drafts(at)
    approves(at)
    drafts(at, {**CONTENT, "title": "Nasjonal ALIS og veiledning 2026, nye satser"})
    assert refusal(lambda: approves(at)) == "draft-changed"
    assert refusal(lambda: publishes(at)) == "draft-changed"
    changed = at.casework.book.current().drafts[FINAL].digest
    assert refusal(lambda: publishes(at, changed)) == "not-approved"  # the approval was of what was written before


def test_there_must_be_a_draft_to_approve_or_publish(at: Desk) -> None:
    assert refusal(lambda: approves(at)) == "no-draft"
    assert refusal(lambda: publishes(at)) == "no-draft"


def test_what_is_published_is_never_drafted_approved_or_published_again(at: Desk) -> None:
    for step in (drafts, approves, publishes):
        step(at)
    assert refusal(lambda: drafts(at)) == "rule-set-published"
    assert refusal(lambda: approves(at)) == "rule-set-published"
    assert refusal(lambda: publishes(at)) == "rule-set-published"


def test_a_rule_set_takes_the_place_of_the_one_in_force_and_says_so(at: Desk) -> None:
    lonely = {name: value for name, value in CONTENT.items() if name != "supersedes"}
    drafts(at, lonely)
    approves(at, digest_of(lonely))
    assert refusal(lambda: publishes(at, digest_of(lonely))) == "must-supersede"


def test_a_rule_set_is_superseded_once(at: Desk) -> None:
    for step in (drafts, approves, publishes):
        step(at)
    name = "nasjonal-alis-2026-other"
    other = {**CONTENT, "id": name}
    drafts(at, other)
    at.casework.book.approve(name, digest_of(other), now(), of(OLA))
    with pytest.raises(Refused) as refused:
        at.casework.book.publish(name, digest_of(other), now(), of(KARI))
    assert refused.value.code == "already-superseded"
    assert FINAL in str(refused.value)


def test_a_supersession_must_lead_to_something_published(at: Desk) -> None:
    for name in ("nasjonal-alis-2026-other", FINAL):
        drafts(at, {**CONTENT, "id": name, "supersedes": PROVISIONAL if name != FINAL else "nasjonal-alis-2026-other"})
    digest = at.casework.book.current().drafts[FINAL].digest
    approves(at, digest)
    with pytest.raises(Refused) as refused:
        publishes(at, digest)
    assert refused.value.code == "bad-rule-set"
    assert "supersedes: regelsettet «nasjonal-alis-2026-other» finnes ikke" in str(refused.value)


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ({"colour": "blue"}, "colour"),
        ({"values": {"hourly_rate": {"value": 1375.5}}}, "values.hourly_rate.value"),
        ({"values": {"travel": {"value": "1375", "unit": "x", "source": "x", "note": "y."}}}, "values.travel.basis"),
        ({"options": {"months": {"value": "weeks"}}}, "options.months.value"),
        ({"round": {"id": "2027", "first_day": "2026-01-01", "last_day": "2026-12-31"}}, "round"),
        ({"supersedes": "nasjonal-alis-2062"}, "supersedes"),
        ({"supersedes": FINAL}, "supersedes"),
        ({"status": "published"}, "status"),
        ({"id": ["a"]}, "id"),
        ({"elements": [{"id": ["a"]}]}, "elements"),
        ({"municipalities": ["a"]}, "municipalities"),
    ],
)
def test_a_bad_draft_is_refused_with_key_and_reason_and_the_book_stays_as_it_was(
    at: Desk, written: Mapping[str, Any], key: str
) -> None:
    events = at.asks("SELECT count(*) AS n FROM events")
    with pytest.raises(Refused) as refused:
        drafts(at, {"extends": PROVISIONAL, "id": FINAL, "options": NEWER, "values": NEWER_NUMBERS, **written})
    assert refused.value.code == "bad-rule-set"
    assert any(each["key"].startswith(key) and each["reason"] for each in refused.value.details["problems"])  # type: ignore[attr-defined]
    assert at.asks("SELECT count(*) AS n FROM events") == events
    assert FINAL not in at.casework.book.current().drafts


def test_a_repeated_command_gets_its_first_answer_and_does_nothing_twice(at: Desk) -> None:
    by, then = of(KARI), of(OLA)
    first = drafts(at, by=by)
    assert approves(at, by=then).stored
    assert drafts(at, by=by) == first
    assert approves(at, by=then).stored
    assert refusal(lambda: drafts(at, by=replace(by, request="another"))) == "command-id-reused"
    topics = [each["topic"] for each in at.asks("SELECT topic FROM events ORDER BY position DESC LIMIT 2")]
    assert topics == ["rulebook.rule-set-approved.v1", "rulebook.rule-set-drafted.v1"]


def test_what_is_there_already_is_not_stored_again(at: Desk) -> None:
    assert [drafts(at).stored, drafts(at).stored] == [True, False]
    assert [approves(at).stored, approves(at).stored] == [True, False]


def test_a_draft_is_used_by_its_name_alone_and_shadows_that_of_the_release(at: Desk) -> None:
    drafts(at, {**CONTENT, "title": "Et annet utkast"})
    assert at.casework.book.rule_set(None, "2026").id == PROVISIONAL
    assert at.casework.book.rule_set(FINAL, "2026").content.title == "Et annet utkast"
    assert at.casework.book.rule_set(FINAL, "2026").status == "draft"


def test_a_draft_may_extend_another_draft(at: Desk) -> None:
    drafts(at)
    drafts(at, {"extends": FINAL, "id": "nasjonal-alis-2026-mine", "values": {"productivity": {"value": "130000"}}})
    found = at.casework.book.named("nasjonal-alis-2026-mine")
    assert found
    assert (str(found.numbers["hourly_rate"]), str(found.numbers["productivity"])) == ("1375", "130000")


def test_of_two_who_publish_at_once_one_wins_and_the_chain_holds(at: Desk) -> None:
    drafts(at)
    approves(at)
    near = at.casework.book
    behind = type(near)(at.store)
    behind.current()
    publishes(at)
    assert refusal(lambda: behind.publish(FINAL, DIGEST, now(), of(KARI))) == "rule-set-published"
    assert at.store.verify()[0] == 1


def test_of_eight_who_publish_at_the_same_moment_one_does_it(at: Desk) -> None:
    drafts(at)
    approves(at)

    def outcome(_: int) -> str:
        try:
            return "stored" if publishes(at).stored else "known"
        except Refused as refusal:
            return refusal.code

    with ThreadPoolExecutor(8) as pool:
        outcomes = sorted(pool.map(outcome, range(8)))
    assert outcomes == [*["rule-set-published"] * 7, "stored"]
    topics = [each["topic"] for each in at.asks("SELECT topic FROM events WHERE topic LIKE 'rulebook.rule-set-s%%'")]
    assert topics == ["rulebook.rule-set-superseded.v1"]


def test_the_next_start_finds_what_was_published_here_and_leaves_it(at: Desk) -> None:
    for step in (drafts, approves, publishes):
        step(at)
    assert at.publishes() == []
    assert at.casework.book.rule_set(None, "2026").id == FINAL


@pytest.mark.parametrize("name", ["Ka\u030are", "K\u00c5RE", "k\u00e5re ", "\uff2b\u00e5re"])
def test_nobody_approves_their_own_draft_however_the_name_is_written(at: Desk, name: str) -> None:
    drafts(at, by=of(Actor.acting("rules:K\u00e5re")))
    assert refusal(lambda: approves(at, by=of(Actor.acting(f"approver:{name}")))) == "own-draft"
