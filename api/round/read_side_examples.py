"""Examples of what the read side answers, made of the example calculation."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from pydantic_core import to_jsonable_python

from api.doctors import examples
from api.http.lists import cursor_of
from api.round.read_side_shapes import (
    CaseHistoryPage,
    DoctorAsOf,
    DoctorList,
    MunicipalityRound,
    ProjectionState,
    ProjectionStates,
    RoundOverview,
    Sentence,
)
from domain.rulebook.release import choose_rule_set
from projections.doctors.doctors import LineInShort, Listed
from projections.doctors.eligible_months import EligibleMonth
from projections.doctors.grant_amounts import Amount
from projections.doctors.overview import Sums
from projections.doctors.productivity_window import Window

_DAY: Final = date(2026, 3, 1)
_LIMIT: Final = Decimal(60)
_USED: Final = Decimal("16.800000")
_USED_BEFORE: Final = Decimal("14.800000")


def answers() -> list[tuple[str, str, str, Any]]:
    """Each operation with its example: path, method, status, answer."""
    found = {
        "/doctors": DoctorList([_listed()], cursor_of("d", examples.HPR)),
        "/doctors/{hpr}": DoctorAsOf(examples.HPR, _DAY, _months(), [_window()], [_amount()], [_sentence()], None),
        "/doctors/{hpr}/case-history": CaseHistoryPage(examples.HPR, [_sentence()], None),
        "/municipalities/{municipality}/rounds/{round}": MunicipalityRound(
            examples.MUNICIPALITY, examples.ROUND, _sums(examples.MUNICIPALITY), [_amount()], _months(), None
        ),
        "/overview": RoundOverview(
            examples.ROUND, _sums(examples.ROUND), [_sums("gp")], [_sums("2")], [_sums(examples.MUNICIPALITY)], None
        ),
        "/projections": ProjectionStates([ProjectionState("overview", 1, "live", 0, 0.0, poisoned=False, set_aside=0)]),
    }
    return [(path, "get", "200", to_jsonable_python(answer)) for path, answer in found.items()]


def _line() -> dict[str, Any]:
    line: dict[str, Any] = examples.calculation()["lines"][0]
    return line


def _months() -> list[EligibleMonth]:
    names = ("month", "basis", "shares", "productivity", "reasons")
    return [
        EligibleMonth(examples.HPR, examples.ROUND, examples.MUNICIPALITY, **{name: month[name] for name in names})
        for month in _line()["months"]
    ]


def _counts() -> tuple[int, int, int]:
    bases = [month.basis for month in _months()]
    return bases.count("agreement"), bases.count("guidance_only"), bases.count("none")


def _listed() -> Listed:
    line = LineInShort(examples.HPR, examples.ROUND, examples.MUNICIPALITY, *_counts(), _line()["total"])
    return Listed(examples.HPR, [line])


def _amount() -> Amount:
    rules, line = choose_rule_set(None, examples.ROUND), _line()
    place = (examples.HPR, examples.ROUND, examples.MUNICIPALITY)
    return Amount(*place, line["total"], line["elements"], [], None, rules.id, rules.digest)


def _sums(name: str) -> Sums:
    shares = sum((Fraction(share) for month in _months() for share in month.shares.values()), Fraction(0))
    full_time = Decimal(shares.numerator) / Decimal(shares.denominator)
    return Sums(name, 1, *_counts(), full_time, _line()["total"] or 0, 0)


def _window() -> Window:
    return Window(
        hpr=examples.HPR,
        round=examples.ROUND,
        rule_set=choose_rule_set(None, examples.ROUND).id,
        first_month="2024-09",
        last_month="2026-08",
        used=19,
        left=5,
        given=[month.month for month in _months() if month.productivity],
        time_limit=_LIMIT,
        time_used_before_round=_USED_BEFORE,
        time_used=_USED,
        time_left=_LIMIT - _USED,
        first_exhausted=None,
    )


def _sentence() -> Sentence:
    known = next(each for each in examples.facts().facts if each.fact["id"] == examples.FACT_ID)
    stored = known.stored_at
    return Sentence(
        examples.FACT_ID,
        "position_started",
        date(2024, 9, 1),
        stored - timedelta(milliseconds=12),
        stored,
        examples.ACTOR,
        [examples.MUNICIPALITY],
        None,
        "stands",
        "Stilling p1 i Bodø begynte: fastlege, 80 %.",
    )
