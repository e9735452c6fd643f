"""The read side: doctors listed and searched, one doctor, a municipality's round, the overview, the projections."""

from collections.abc import Callable, Collection, Iterator
from typing import Annotated, Any, Final, TypeVar

from fastapi import APIRouter, Query, Response
from psycopg import Connection

from api.access.guarded import Guarded
from api.described.responses import listing
from api.http.identity import Seeing, seen_place
from api.http.lists import PageQuery, Reader, Reading, bad_cursor, cursor_of, key_of, not_yet_visible
from api.http.parameters import Hpr, Municipality, Nothing, Round
from api.http.problems import Problem
from api.http.services import Services
from api.round.names import Naming, told_of
from api.round.read_side_shapes import (
    CaseHistoryPage,
    DayQuery,
    DoctorAsOf,
    DoctorList,
    DoctorsQuery,
    MunicipalityRound,
    ProjectionState,
    ProjectionStates,
    RoundOverview,
    RoundQuery,
    Sentence,
)
from domain.rules.sets.rule_set import RuleSet
from domain.values.refusals.refusal import Refused, refused
from projections.doctors.case_history import CaseHistory, Entry, history_of, position_of_fact
from projections.doctors.cost_coverage import CostCoverage
from projections.doctors.doctors import Chosen, doctor, doctors
from projections.doctors.doctors import municipality as lines_of
from projections.doctors.eligible_months import EligibleMonths
from projections.doctors.grant_amounts import GrantAmounts
from projections.doctors.overview import Overview, by, by_municipality, total_of
from projections.doctors.productivity_window import ProductivityWindow
from projections.engine.log import in_force
from projections.engine.paging import MOST, sliced
from projections.engine.projection import Projection
from projections.engine.status import names_aside, status

T = TypeVar("T")
router = APIRouter(prefix="/api/v1", route_class=Guarded)
_ANY: Final = r"[^\x00]{1,64}"
DOCTORS: Final = "d"
SENTENCES: Final = "s"
MUNICIPALITIES: Final = "m"
_OF_RULES: Final = tuple(each.name for each in (EligibleMonths, GrantAmounts, Overview, CostCoverage))
_OF_DOCTORS: Final = (CaseHistory, EligibleMonths, ProductivityWindow, GrantAmounts)


@router.get(
    "/doctors",
    tags=["doctors"],
    summary="List and search doctors",
    operation_id="list_doctors",
    response_model=DoctorList,
    responses=listing("unknown-municipality", "unknown-round"),
)
def listed(query: Annotated[DoctorsQuery, Query()], naming: Naming, reading: Reading) -> Response:
    """List doctors in the order of the HPR number, each with its lines in short.

    A municipality, its revisor and its ALIS office see those who hold or held a post there, with their lines there; a
    doctor is the only one in the list. Filters narrow both the doctors and the lines, and `search` finds by the
    beginnings of words. A caseworker and an approver see all names, a municipality and its revisor those of its own
    doctors. `next`, and the `Link` header, lead to the next page.
    """
    sought = None if query.search is None else naming.sought(query.search)
    chosen = Chosen(_municipality(reading.serving, query), query.round, query.category, sought, naming.sight)
    after = key_of(DOCTORS, query.cursor)
    found = reading.ask(lambda connection: doctors(connection, chosen, after, query.limit))
    following = cursor_of(DOCTORS, found.after)
    names = naming.of([each.hpr for each in found.items])
    return reading.answer(DoctorList(found.items, names, following), following)


@router.get(
    "/doctors/{hpr}",
    tags=["doctors"],
    summary="Read a doctor as of a day",
    operation_id="read_doctor",
    response_model=DoctorAsOf,
    responses=listing("unknown-doctor"),
)
def one(hpr: Hpr, query: Annotated[DayQuery, Query()], naming: Naming, reading: Reading) -> Response:
    """Read a doctor's months, productivity windows and five years as of `day`, amounts, and history.

    Of the history it has the beginning, as sentences. A municipality is told of its own months and amounts, of the
    window and the five years how far they are used, and of the history what it is told of the facts.
    """
    day = query.day or reading.serving.today()
    told = told_of(naming, hpr)
    found = _ask_of_doctor(
        reading, hpr, _OF_DOCTORS, lambda connection: doctor(connection, hpr, day, sight=naming.sight)
    )
    some = found.history if told is None else sliced(told, MOST, lambda entry: entry.fact)
    history = [Sentence.of(entry) for entry in some.items]
    following = cursor_of(SENTENCES, history[-1].fact if some.after else None)
    name = naming.of([hpr]).get(hpr)
    content = DoctorAsOf(hpr, name, day, found.months, found.windows, found.amounts, history, following)
    return reading.answer(content)


@router.get(
    "/doctors/{hpr}/case-history",
    tags=["doctors"],
    summary="Read a doctor's history as sentences",
    operation_id="read_case_history",
    response_model=CaseHistoryPage,
    responses=listing("unknown-doctor"),
)
def case_history(hpr: Hpr, query: Annotated[PageQuery, Query()], naming: Naming, reading: Reading) -> Response:
    """Read one Norwegian sentence for each event.

    With it come the day it is about, when it became known and when it was stored. Nothing personal stands in
    a sentence.
    """
    after, told = key_of(SENTENCES, query.cursor, _ANY), told_of(naming, hpr)

    def page(connection: Connection[Any]) -> CaseHistoryPage | None:
        if told is not None:
            return _page_of(hpr, told, after, query.limit)
        if not history_of(connection, hpr, limit=1).items:
            return None
        position = None if after is None else position_of_fact(connection, hpr, after)
        if after is not None and position is None:
            raise bad_cursor()
        found = history_of(connection, hpr, position, query.limit)
        sentences = [Sentence.of(entry) for entry in found.items]
        return CaseHistoryPage(hpr, sentences, cursor_of(SENTENCES, sentences[-1].fact if found.after else None))

    content = _ask_of_doctor(reading, hpr, [CaseHistory], page)
    return reading.answer(content, content.next)


@router.get(
    "/municipalities/{municipality}/rounds/{round}",  # noqa: FAST003 - `Round` has the alias
    tags=["municipalities"],
    summary="Read a municipality's round",
    operation_id="read_municipality_round",
    response_model=MunicipalityRound,
    responses=listing("unknown-municipality", "unknown-round"),
)
def municipality_round(
    municipality: Municipality,
    round_id: Round,
    query: Annotated[PageQuery, Query()],
    naming: Naming,
    reading: Reading,
) -> Response:
    """Read doctors, months and kroner of a municipality in a round under the rule set in force.

    The lines follow with their months, page by page, in the order of the doctors' numbers. The sums are those of the
    calculation; a doctor is told of the own line alone.
    """
    rules, sight = rules_of(reading.serving, round_id), naming.sight
    code, after = rules.municipalities.current(seen_place(sight, municipality)), key_of(DOCTORS, query.cursor)
    found = ask_of_round(
        reading, round_id, lambda connection: lines_of(connection, code, round_id, after, query.limit, sight)
    )
    following = cursor_of(DOCTORS, found.lines.after)
    names = naming.of([each.hpr for each in found.lines.items])
    content = MunicipalityRound(code, round_id, found.sums, found.lines.items, found.months, names, following)
    return reading.answer(content, following)


@router.get(
    "/overview",
    tags=["overview"],
    summary="Read the overview of a round",
    operation_id="read_overview",
    response_model=RoundOverview,
    responses=listing("unknown-round"),
)
def overview(query: Annotated[RoundQuery, Query()], sight: Seeing, reading: Reading) -> Response:
    """Read a round as a whole, by category, by centrality class, and municipality by municipality, page by page.

    A municipality, its revisor and its ALIS office are told of its own lines alone, in all of them.
    """
    rules_of(reading.serving, query.round)
    after = key_of(MUNICIPALITIES, query.cursor, "[0-9]{4}")

    def page(connection: Connection[Any]) -> RoundOverview:
        found = by_municipality(connection, query.round, after, query.limit, sight)
        return RoundOverview(
            query.round,
            total_of(connection, query.round, sight=sight),
            by("category", connection, query.round, sight),
            by("centrality_class", connection, query.round, sight),
            found.items,
            cursor_of(MUNICIPALITIES, found.after),
        )

    content = ask_of_round(reading, query.round, page)
    return reading.answer(content, content.next)


@router.get(
    "/projections",
    tags=["overview"],
    summary="Read how far the read side has come",
    operation_id="read_projections",
    response_model=ProjectionStates,
    responses=listing(),
)
def projections(_query: Nothing, reading: Reading) -> Response:
    """Read how far the projections that lists and overviews come of have come.

    Of each: how many events it has not seen yet, how long the first of them has waited, whether it has stopped, whether
    a worker runs it, and how many doctors, claims and rule sets it lacks.
    """
    found = reading.ask(status)
    return reading.answer(ProjectionStates([ProjectionState.of(each) for each in found]))


def _page_of(hpr: str, told: list[Entry], after: str | None, limit: int) -> CaseHistoryPage:
    """Some of what somebody is told of a doctor's history, after one of its facts."""
    names = [entry.fact for entry in told]
    if after is not None and after not in names:
        raise bad_cursor()
    found = sliced(told[names.index(after) + 1 :] if after else told, limit, lambda entry: entry.fact)
    return CaseHistoryPage(hpr, [Sentence.of(entry) for entry in found.items], cursor_of(SENTENCES, found.after))


def rules_of(serving: Services, round_id: str) -> RuleSet:
    """The rule set in force for a round; raises `Refused` (unknown-round)."""
    found = in_force(serving.casework.book.current()).get(round_id)
    if found is None:
        raise refused("unknown-round", round=round_id)
    return found


def _municipality(serving: Services, query: DoctorsQuery) -> str | None:
    """The code that the lines of a municipality stand under; raises `Refused` (unknown-municipality, unknown-round)."""
    rounds = [rules_of(serving, query.round)] if query.round is not None else list(_newest_first(serving))
    if query.municipality is None:
        return None
    for rules in rounds:
        try:
            return rules.municipalities.current(query.municipality)
        except Refused:
            continue
    raise refused("unknown-municipality", municipality=query.municipality)


def _newest_first(serving: Services) -> Iterator[RuleSet]:
    found = in_force(serving.casework.book.current()).values()
    return iter(sorted(found, key=lambda rules: rules.round.first_day, reverse=True))


def ask_of_round(
    reading: Reader, round_id: str, question: Callable[[Connection[Any]], T], *, of_all: bool = False
) -> T:
    """Ask about a round, of what the caller sees or of all.

    Raises `Problem` (rules-set-aside) if its sums go on without one of its rule sets.
    """
    published = reading.serving.casework.book.current().published

    def asked(connection: Connection[Any]) -> T:
        for name in names_aside(connection, "rules", _OF_RULES):
            if name in published and published[name].round.id == round_id:
                raise Problem("rules-set-aside", round=round_id, rules=name)
        return question(connection)

    return reading.ask_of_all(asked) if of_all else reading.ask(asked)


def _ask_of_doctor(
    reading: Reader, hpr: str, shown_by: Collection[type[Projection]], question: Callable[[Connection[Any]], T | None]
) -> T:
    """Ask about a doctor; raises `Problem` (set-aside, not-yet-visible) or `Refused` (unknown-doctor)."""

    def asked(connection: Connection[Any]) -> T | None:
        if hpr in names_aside(connection, "doctor", [each.name for each in shown_by]):
            raise Problem("set-aside", hpr=hpr)
        return question(connection)

    found = reading.ask(asked)
    if found is None and reading.serving.casework.is_registered(hpr):
        raise not_yet_visible(reading.request.state.behind)
    if found is None:
        raise refused("unknown-doctor", hpr=hpr)
    return found
