"""One odd event never stops a country: whoever cannot be taken is set aside, and everybody else goes on."""

import hashlib
import re

import pytest
from structlog.testing import capture_logs

from domain.casework.commands.book import SCHEME
from domain.values.streams import claim_id, rule_book_id, track_id
from projections.all import ALL
from projections.claims.claims import Claims
from projections.claims.tasks import Tasks
from projections.doctors.case_history import CaseHistory
from projections.doctors.grant_amounts import GrantAmounts
from projections.engine.aside.set_aside import Shown, shown
from projections.engine.generations import install
from projections.engine.log import Log
from projections.engine.projection import Projection
from projections.engine.rebuilding import rebuild, rebuild_all
from projections.engine.running import Runner
from projections.engine.status import wait_for
from projections.workers import Workers
from tests.claiming import claiming
from tests.desk import refusal
from tests.projections.engine.test_running import until
from tests.projections.fragile import Convalescent, Fragile, Hopeless, Indexed, Mended
from tests.projections.house import House, content_of, registered, with_value
from tests.projections.odd import spoils, stores
from tests.scenario import BODO, ROUND, full_time

ODD = "9000002"
LONG = "".join(hashlib.sha256(bytes([n])).hexdigest() for n in range(60))
POISON = full_time().facts[0] | {"hpr": ODD, "id": "poison"}


def others(at: House, *names: str) -> None:
    for hpr in names or ("9000003",):
        at.imports([fact | {"hpr": hpr} for fact in full_time().facts])


def aside(at: House) -> list[Shown]:
    with at.reads() as connection:
        return shown(connection)


def everywhere(kind: str, name: str | None, *projections: type[Projection]) -> set[tuple[str, str, str | None]]:
    return {(each.name, kind, name) for each in projections or ALL}


@pytest.mark.long
def test_a_doctor_who_cannot_be_taken_is_set_aside_and_all_others_go_on(at: House) -> None:
    at.imports(full_time().facts)
    at.imports([POISON])
    others(at)
    with Workers([Fragile, CaseHistory], at.store, at.url), at.reads() as connection:
        assert wait_for(connection, at.store.last_position() or 0, 20)
        at.records(full_time().ended("p1", "2026-05-31").facts[-1])
        assert wait_for(connection, at.store.last_position() or 0, 20)
    assert at.rows(Fragile) == {("9000001", 4), ("9000003", 3)}
    [one] = aside(at)
    assert (one.projection, one.kind, one.name) == ("fragile", "doctor", ODD)
    assert re.fullmatch(r"ValueError \(fragile\.py:\d+\)", one.error)


def test_whoever_is_set_aside_is_taken_up_when_a_worker_starts_after_the_mend(at: House) -> None:
    at.imports([*full_time().facts, POISON])
    at.levels([Fragile], aside={("fragile", "doctor", ODD)})
    with Workers([Mended], at.store, at.url):
        assert until(lambda: at.rows(Mended) == {("9000001", 3), (ODD, 1)}, 20)
    assert aside(at) == []


def test_whoever_is_set_aside_is_taken_up_with_the_next_event_that_lets_it(at: House) -> None:
    at.imports([*full_time().facts, POISON])
    at.levels([Convalescent], aside={("fragile", "doctor", ODD)})
    at.imports([full_time().facts[1] | {"hpr": ODD}])
    at.levels([Convalescent])
    assert at.rows(Convalescent) == {("9000001", 3), (ODD, 2)}


def test_whoever_is_set_aside_is_tried_again_after_growing_pauses_without_any_event(at: House) -> None:
    at.imports([*full_time().facts, POISON])
    at.levels([Fragile], aside={("fragile", "doctor", ODD)})
    [first] = aside(at)
    runner = Runner(Fragile, Log(at.store))
    with at.works() as connection:
        for tries in (2, 3):
            connection.execute("UPDATE set_aside SET next_try = clock_timestamp()")
            runner.turn(connection)
            [again] = aside(at)
            assert (again.tries, again.since) == (tries, first.since)
        connection.execute("UPDATE set_aside SET next_try = clock_timestamp()")
        assert Runner(Mended, Log(at.store)).turn(connection) == 0
    assert aside(at) == []
    assert at.rows(Mended) == {("9000001", 3), (ODD, 1)}


def test_the_log_names_it_once_and_quotes_nothing(at: House) -> None:
    at.imports([*full_time().facts, POISON])
    with capture_logs() as said:
        at.levels([Fragile], aside={("fragile", "doctor", ODD)})
        others(at)
        at.imports([full_time().facts[1] | {"hpr": ODD}])
        at.levels([Fragile], aside={("fragile", "doctor", ODD)})
    told = [line for line in said if line["event"] == "set-aside"]
    assert len(told) == 1
    assert "cannot take this" not in str(told)
    assert ODD not in str(told)


def test_where_nobody_can_be_taken_nobody_is_to_blame_and_the_projection_stops_with_its_rows(at: House) -> None:
    others(at, *(f"90000{n}" for n in range(10, 30)))
    at.levels([Mended])
    before = at.rows(Mended)
    others(at, *(f"90000{n}" for n in range(30, 50)))
    with at.works() as connection:
        Runner(Hopeless, Log(at.store)).turn(connection)
        [stopped] = registered(connection)
    assert stopped.status == "stopped"
    assert re.fullmatch(r"ValueError \(fragile\.py:\d+\)", stopped.error or "")
    assert aside(at) == []
    assert at.rows(Mended) == before


def test_a_text_too_long_for_an_index_sets_its_doctor_aside_for_it_is_no_broken_connection(at: House) -> None:
    stores(at, ODD, full_time().facts[0], full_time().facts[1] | {"workplace": LONG})
    others(at)
    at.levels([Indexed], aside=everywhere("doctor", ODD, Indexed))
    assert {hpr for hpr, *_ in at.rows(Indexed)} == {"9000003"}
    [one] = aside(at)
    assert one.error.startswith("ProgramLimitExceeded: index row")
    assert at.differs_from_fresh(Indexed) == 0


def test_a_control_character_that_the_database_takes_nowhere_sets_its_doctor_aside(at: House) -> None:
    stores(at, ODD, full_time().facts[0] | {"id": "a\x00b"}, *full_time().facts[1:])
    others(at)
    at.levels(aside=everywhere("doctor", ODD, CaseHistory))
    assert {row[1] for row in at.rows(CaseHistory)} == {"9000003"}
    assert at.differs_from_fresh(CaseHistory) == 0


def test_an_event_of_a_doctor_that_cannot_be_read_sets_the_doctor_aside_everywhere(at: House) -> None:
    others(at, ODD, "9000003")
    at.levels()
    spoils(at.url, track_id(ODD), "track.started.v1", b'{"hpr": "9000002", "id": 7}', track_id(ODD))
    others(at, "9000004")
    about_doctors = [each for each in ALL if each.name not in {"claims", "claim_lines", "tasks"}]
    at.levels(aside=everywhere("doctor", ODD, *about_doctors))
    assert "event-unreadable (version 3): ValidationError" in aside(at)[0].error
    assert {hpr for hpr, *_ in at.rows(GrantAmounts)} == {"9000003", "9000004"}
    done = [each.result() for each in rebuild_all(about_doctors, at.store, at.url)]
    assert [(each.differences, each.set_aside) for each in done] == [(0, 1)] * len(about_doctors)


def test_an_event_of_a_claim_that_cannot_be_read_sets_the_claim_aside(at: House) -> None:
    at.imports(full_time().facts)
    claiming(at).attested()
    at.levels()
    spoils(at.url, claim_id(BODO, ROUND), "claim.withdrawn.v1", b'{"claim": "1804-2026", "nonsense": 1}')
    others(at)
    of_claims = [each for each in ALL if each.name in {"claims", "claim_lines", "tasks"}]
    at.levels(aside=everywhere("claim", "1804-2026", *of_claims))
    assert at.rows(Claims) == set()
    assert [at.differs_from_fresh(each) for each in of_claims] == [0, 0, 0]


def test_a_doctor_in_a_claim_who_cannot_be_read_leaves_the_other_tasks_of_the_claim_alone(at: House) -> None:
    at.imports(full_time().facts)
    others(at, ODD)
    claiming(at).attested()
    at.imports(
        [
            fact | {"hpr": hpr}
            for hpr in ("9000001", ODD)
            for fact in full_time().known("2026-08-20").leave("l1", "2026-01-10", "2026-02-05").facts[-1:]
        ]
    )
    at.levels()
    before = {(row[5], row[1]) for row in at.rows(Tasks)}
    assert {hpr for hpr, kind in before if kind != "stands"} == {"9000001", ODD}
    spoils(at.url, track_id(ODD), "track.started.v1", b'{"hpr": "9000002"}', track_id(ODD))
    at.levels([Tasks], aside=everywhere("doctor", ODD, Tasks))
    assert {(row[5], row[1]) for row in at.rows(Tasks)} == {
        (hpr, kind) for hpr, kind in before if hpr != ODD or kind == "stands"
    }
    assert at.differs_from_fresh(Tasks) == 0


def test_rates_beyond_what_a_row_holds_set_the_rule_set_aside_and_no_doctor(at: House) -> None:
    at.imports(full_time().facts)
    at.levels()
    before = at.rows(GrantAmounts)
    absurd = with_value(
        content_of("nasjonal-alis-2026-provisional", id="absurd", supersedes="nasjonal-alis-2026-provisional"),
        "hourly_rate",
        "9" * 20,
    )
    at.publishes_another(absurd)
    others(at, *(f"90000{n}" for n in range(10, 30)))
    at.levels(aside={(name, "rules", "absurd") for name in ("cost_coverage", "grant_amounts", "overview")})
    found = at.rows(GrantAmounts)
    assert before <= found
    assert len(found) == 21 * len(before)
    assert [at.differs_from_fresh(each) for each in ALL] == [0] * len(ALL)


def test_a_line_beyond_all_bounds_is_refused_in_a_sentence_when_it_is_proposed(at: House) -> None:
    at.imports(full_time().facts)
    provisional = "nasjonal-alis-2026-provisional"
    absurd = content_of(provisional, id="absurd", supersedes=provisional)
    at.publishes_another(with_value(absurd, "hourly_rate", "9" * 20))
    claim = claiming(at).assessed()
    assert refusal(lambda: claim.do("propose")) == "line-beyond-bounds"


def test_an_event_of_the_rule_book_that_cannot_be_read_is_gone_on_without(at: House) -> None:
    at.imports(full_time().facts)
    at.levels()
    position = spoils(at.url, rule_book_id(SCHEME), "rulebook.rule-set-published.v1", b'{"rule_set": "spoilt"}')
    others(at)
    of_book = [each for each in ALL if each.name not in {"claims", "claim_lines", "post_holdings"}]
    at.levels(aside=everywhere("rules", "spoilt", *of_book))
    assert {one.position for one in aside(at)} == {position}
    assert {hpr for hpr, *_ in at.rows(GrantAmounts)} == {"9000001", "9000003"}


@pytest.mark.parametrize("most", [1, 7, None])
def test_pages_of_every_size_set_the_same_aside_and_give_the_same_rows(at: House, most: int | None) -> None:
    others(at, *(f"90000{n}" for n in range(10, 20)))
    stores(at, ODD, full_time().facts[0] | {"id": "a\x00b"}, *full_time().facts[1:])
    others(at, "9000030")
    with at.works() as connection:
        install(connection, [CaseHistory])
    at.levels([CaseHistory], most=most, aside=everywhere("doctor", ODD, CaseHistory))
    assert at.differs_from_fresh(CaseHistory) == 0
    assert rebuild(CaseHistory, at.store, at.url).differences == 0
