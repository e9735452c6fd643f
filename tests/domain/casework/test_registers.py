"""Municipalities and ties over a real log: read on from what came, and asked at every step."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from typing import Any, Final

import pytest

from deploy.clock import new_id, now
from domain.casework.claims.claim_ties import TiedDecision
from domain.casework.commands.commands import Actor, Command
from domain.casework.conversions.conversion import Wanted
from domain.casework.registers.register import RegisterReceipt
from domain.casework.service import Casework
from domain.values.norwegian_time import norwegian_day
from domain.values.refusals.refusal import refused
from tests.claiming import CASEWORKER, Claiming, claiming
from tests.desk import Desk, command, desk, guidance, refusal
from tests.domain.casework.test_survival import the_log_held, until
from tests.scenario import BEIARN, BODO, full_time, track

TODAY: Final = norwegian_day(now())
FIRM: Final = {"type": "revisor_engaged", "organisation_number": "974760673", "first_day": "2026-01-01"}
ADA: Final = "saksbehandler:ada"


@pytest.fixture
def at(database_url: str) -> Iterator[Desk]:
    with desk(database_url) as opened:
        opened.publishes()
        yield opened


def by(subject: str) -> Command:
    return replace(command(), actor=Actor.named(subject))


def registered(casework: Casework, code: str, **more: Any) -> RegisterReceipt:  # noqa: ANN401 - as in a request
    return casework.municipalities.register(code, {**FIRM, **more}, now(), by(f"kommune:{code}"))


def opened(at: Desk) -> Claiming:
    """A claim of Bodø, not opened yet, for a doctor with a full-time post."""
    at.imports(full_time().facts)
    return claiming(at)


def tied(at: Desk, person: str, **about: str) -> None:
    said = {"type": "tie_declared", "person": person, "kind": "family", "first_day": "2026-01-01", **about}
    at.casework.ties.register(said, now(), by(ADA))


def found(at: Desk, person: str) -> list[TiedDecision]:
    return at.casework.tie_search.decisions(person)


def test_what_one_process_registers_every_other_one_knows_at_once(at: Desk) -> None:
    other = Casework(at.store)
    assert other.municipalities.engaged("974760673", TODAY) == ()
    registered(at.casework, BODO, entry="r1")
    registered(at.casework, BEIARN)
    assert other.municipalities.engaged("974760673", TODAY) == (BODO, BEIARN)
    ended = {"type": "entry_ended", "entry": "r1", "last_day": "2026-06-30"}
    other.municipalities.register(BODO, ended, now(), by(f"kommune:{BODO}"))
    assert at.casework.municipalities.engaged("974760673", TODAY) == (BEIARN,)


def test_of_many_who_ask_at_once_nobody_misses_what_was_registered_before_they_asked(at: Desk) -> None:
    codes = [BODO, BEIARN, "1838", "1840", "1875", "1806", "1824", "1841"]

    def registers_and_asks(code: str) -> bool:
        registered(at.casework, code)
        return code in at.casework.municipalities.engaged("974760673", TODAY)

    with ThreadPoolExecutor(len(codes)) as pool:
        assert all(pool.map(registers_and_asks, codes))


def test_a_repeated_command_registers_once_and_gets_its_first_answer(at: Desk) -> None:
    again = replace(by(f"kommune:{BODO}"), id=new_id())
    first = at.casework.municipalities.register(BODO, FIRM, now(), again)
    assert at.casework.municipalities.register(BODO, FIRM, now(), again) == first
    assert len(at.asks("SELECT topic FROM events WHERE topic LIKE 'municipality.%%'")) == 1


def test_a_municipality_has_one_stream_under_all_its_codes(at: Desk) -> None:
    registered(at.casework, "1507")
    assert refusal(lambda: registered(at.casework, "1508")) == "entry-overlaps"
    assert at.casework.municipalities.engaged("974760673", TODAY) == ("1508",)
    assert refusal(lambda: at.casework.municipalities.municipality("9999")) == "unknown-municipality"


def test_contacts_are_sealed_in_the_log_and_read_again(at: Desk) -> None:
    contact = {"type": "contact_given", "role": "grant", "name": "Kari Nordmann", "first_day": "2026-01-01"}
    done = at.casework.municipalities.register(BODO, contact, now(), by(f"kommune:{BODO}"))
    [row] = at.asks("SELECT payload FROM events WHERE topic LIKE 'municipality.%%'")
    assert b"Nordmann" not in bytes(row["payload"])
    read = Casework(at.store).municipalities.municipality(BODO).entries[done.name]
    assert read.given.model_dump()["name"] == "Kari Nordmann"


@pytest.mark.parametrize("about", [{"hpr": "9000001"}, {"municipality": BODO}])
def test_whoever_has_a_tie_handles_no_claim_registers_nothing_and_converts_nobody(
    at: Desk, about: dict[str, str]
) -> None:
    claim = opened(at).submitted()
    tied(at, CASEWORKER.subject, **about)
    assert refusal(lambda: claim.do("assess", CASEWORKER)) == "disqualified"
    old = track("2024-09-01", "old", hpr="9000009").position("p1", BODO, None)
    at.imports(old.facts)
    about_old = {"hpr": "9000009"} if "hpr" in about else about
    tied(at, CASEWORKER.subject, **about_old)
    wanted = Wanted(TODAY, ("9000009",), "avvikles")
    converted = at.casework.conversions.convert(wanted, by(CASEWORKER.subject), now())
    assert [each.get("code") for each in converted.results] == ["disqualified"]
    fact = {**old.facts[-1], "id": "x", "recorded_at": now().isoformat(), "position": "p9"}
    assert refusal(lambda: at.records(fact, by(CASEWORKER.subject))) == "disqualified"


@pytest.fixture
def with_old_scheme(at: Desk) -> Claiming:
    """A submitted claim of Bodø, and a doctor there who waits to be converted."""
    at.imports(track("2024-09-01", "old", hpr="9000009").position("p1", BODO, None).facts)
    return opened(at).submitted()


def assessed(claim: Claiming) -> str:
    return claim.do("assess", CASEWORKER).events[0]


def fact_recorded(claim: Claiming) -> str:
    return claim.at.records(guidance(1), replace(command(), actor=replace(CASEWORKER, reason="prøve"))).fact


def converted(claim: Claiming) -> str:
    order, wanted = by(CASEWORKER.subject), Wanted(TODAY, ("9000009",), "avvikles")
    [result] = claim.at.casework.conversions.convert(wanted, order, now()).results
    if "code" in result:
        raise refused(result["code"])
    return order.actor.subject


@pytest.mark.parametrize("act", [assessed, fact_recorded, converted])
@pytest.mark.parametrize("tie_first", [True, False], ids=["the tie is first", "the act is first"])
def test_of_a_tie_and_an_act_in_the_same_instant_the_tie_hinders_or_finds_the_act_done(
    at: Desk, with_old_scheme: Claiming, act: Callable[[Claiming], str], *, tie_first: bool
) -> None:
    """Both have read all there is, and wait for the log in this order; whoever comes last knows of the first."""
    declare, take = partial(tied, at, CASEWORKER.subject, municipality=BODO), partial(act, with_old_scheme)
    with ThreadPoolExecutor() as pool:
        with the_log_held(at):
            first = pool.submit(declare if tie_first else take)
            until(at, waiting=1)
            last = pool.submit(take if tie_first else declare)
            until(at, waiting=2)
        if tie_first:
            first.result()
            assert refusal(last.result) == "disqualified"
        else:
            assert first.result()
            last.result()
    assert refusal(take) == "disqualified"


def test_a_tie_to_one_doctor_keeps_nobody_from_another_claim(at: Desk) -> None:
    claim = opened(at).submitted()
    tied(at, CASEWORKER.subject, hpr="9999999")
    tied(at, CASEWORKER.subject, municipality=BEIARN)
    claim.do("assess", CASEWORKER)


def test_the_search_tells_what_somebody_did_before_and_after_the_tie_was_declared(at: Desk) -> None:
    claim: Claiming = opened(at).decided()
    assert found(at, CASEWORKER.subject) == []
    tied(at, CASEWORKER.subject, municipality=BODO, tie="t1")
    [decision] = found(at, CASEWORKER.subject)
    done = {each.event.event_topic: each.declared_before for each in decision.took_part}
    assert (decision.claim, decision.tie.tie) == (claim.name, "t1")
    assert (done["claim.assessed.v2"], done["claim.decision-proposed.v1"]) == (False, False)
    assert found(at, "saksbehandler:noen andre") == []


def test_the_search_leaves_out_what_was_done_before_the_tie_began_and_claims_not_decided(at: Desk) -> None:
    opened(at).assessed()
    tied(at, CASEWORKER.subject, municipality=BODO)
    assert found(at, CASEWORKER.subject) == []
