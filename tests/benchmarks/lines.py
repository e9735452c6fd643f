"""Lines of the round: from folded facts, from facts with and without the trace, from the database; and all lines."""

import json
from collections import Counter, defaultdict
from collections.abc import Callable

from domain.casework.library import choose_rule_set
from domain.facts import Fact
from domain.history import as_known
from domain.rules.result import Result, calculate
from domain.rules.rule_set import RuleSet
from tests.benchmarks.house import Desk, stories
from tests.benchmarks.measure import Goal, Heading, Line, in_turns, number, ratio, stopped
from tests.benchmarks.sizes import IMPORTED, Sizes
from tests.benchmarks.stories import ROUND, Json, facts, new_doctors

UNIT = " lines/s"


def lines(desk: Desk, sizes: Sizes, peer: float | None) -> list[Line | Heading]:
    """Results as JSON for the municipality with most doctors, then for all."""
    rules = choose_rule_set(None, ROUND)
    told = stories(new_doctors(sizes.round_doctors), (IMPORTED,))
    desk.take_in([fact for story in told for fact in story])
    desk.beside.execute("VACUUM (ANALYZE)")
    where = _largest(told)
    here = [story for story in told if where in json.dumps(story)]
    by_doctor = {str(story[0]["hpr"]): facts(story) for story in here}
    folded = [(hpr, as_known(known)) for hpr, known in by_doctor.items()]
    expected = _as_text(calculate(folded, where, rules))
    explained = _as_text(calculate(folded, where, rules, traced=True))
    speeds = in_turns(
        {
            "folded": _turn(lambda: calculate(folded, where, rules), expected),
            "facts": _turn(lambda: _from_facts(by_doctor, where, rules), expected),
            "explained": _turn(lambda: _from_facts(by_doctor, where, rules, traced=True), explained),
            "database": _turn(lambda: desk.casework.replay(where, rules, None).result, expected),
        },
        sizes.line_rounds,
    )
    of = f"municipality {where}: {len(calculate(folded, where, rules).lines)} lines"
    return [
        Heading("Lines of the round 2026 as JSON, with findings"),
        Line("from facts already folded", tuple(speeds["folded"]), of, unit=UNIT),
        Line("from facts", tuple(speeds["facts"]), of, unit=UNIT),
        Line("from the database", tuple(speeds["database"]), of, unit=UNIT),
        Line("explained, from facts: with the trace", tuple(speeds["explained"]), of, unit=UNIT),
        *_beside(speeds["explained"], peer),
        _whole_round(desk, rules, told, sizes),
    ]


def _beside(speeds: list[float], peer: float | None) -> list[Line]:
    if peer is None:
        return []
    compared = {"ours": speeds, "peer": [peer] * len(speeds)}
    what = "explained lines ÷ OpenFisca's, measured beside"
    return [ratio(what, compared, ("ours", "peer"), "lines/s", Goal("≥", 1))]


def _largest(told: list[list[Json]]) -> str:
    posts = Counter(story[1]["municipality"] for story in told)
    return str(posts.most_common(1)[0][0])


def _from_facts(by_doctor: dict[str, list[Fact]], where: str, rules: RuleSet, *, traced: bool = False) -> Result:
    return calculate(((hpr, as_known(known)) for hpr, known in by_doctor.items()), where, rules, traced=traced)


def _turn(compute: Callable[[], Result], expected: str) -> Callable[[], float]:
    def turn() -> float:
        with stopped() as watch:
            result = compute()
            text = _as_text(result)
        assert text == expected
        return len(result.lines) / watch.seconds

    return turn


def _as_text(result: Result) -> str:
    return json.dumps(result.as_json(), ensure_ascii=False)


def _whole_round(desk: Desk, rules: RuleSet, told: list[list[Json]], sizes: Sizes) -> Line:
    """Every municipality asked one after the other, by one process."""
    seconds, found = [], defaultdict[str, int](int)
    for _ in range(max(1, sizes.line_rounds // 2)):
        found.clear()
        with stopped() as watch:
            for code in rules.municipalities.by_code:
                result = desk.casework.replay(code, rules, None).result
                assert _as_text(result)
                for line in result.lines:
                    found[line.hpr] += 1
        seconds.append(watch.seconds)
    assert len(found) == len(told)
    made_of = f"{sum(found.values())} lines, {number(sum(found.values()) / min(seconds))} a second"
    what = f"the whole round from the database, {len(told)} doctors"
    goal = Goal("≤", 2, " s") if len(told) == FULL_ROUND else None
    return Line(what, tuple(seconds), made_of, goal, " s")


FULL_ROUND = 2_403
