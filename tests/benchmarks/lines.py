"""Lines of the round: from folded facts, from facts with and without the trace, from the database; and all lines."""

import json
from collections import Counter
from collections.abc import Callable
from itertools import islice
from statistics import median
from time import perf_counter

from domain.doctor.facts.fact import Fact
from domain.doctor.history import as_known
from domain.rulebook.release import choose_rule_set
from domain.rules.line.months import record_of
from domain.rules.result import Result, calculate, line_of
from domain.rules.sets.rule_set import RuleSet
from tests.benchmarks.findings import findings
from tests.benchmarks.house import Desk, stories
from tests.benchmarks.measure import Goal, Heading, Line, in_turns, number, ratio, stopped
from tests.benchmarks.peer import Peer
from tests.benchmarks.plain_doctors import plain_doctors
from tests.benchmarks.sizes import IMPORTED, Sizes
from tests.benchmarks.stories import ROUND, Json, facts, new_doctors
from tests.benchmarks.whole_round import whole_round

UNIT = " lines/s"


def lines(desk: Desk, sizes: Sizes, peer: Peer | None) -> list[Line | Heading]:
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
        *_beside(speeds["explained"], _one_by_one(by_doctor, where, rules, sizes), peer),
        *findings(folded, where, rules, sizes),
        *whole_round(desk, rules, len(told), sizes),
        *[_plain(doctors, rules, peer) for doctors in sizes.plain_doctors],
    ]


def _one_by_one(by_doctor: dict[str, list[Fact]], where: str, rules: RuleSet, sizes: Sizes) -> list[float]:
    """Milliseconds of one explained line at a time, the median of each round."""
    rounds = []
    for _ in range(sizes.line_rounds):
        taken = []
        for hpr, known in by_doctor.items():
            begun = perf_counter()
            text = _as_text(_from_facts({hpr: known}, where, rules, traced=True))
            taken.append((perf_counter() - begun) * _MILLI)
            assert text
        rounds.append(median(taken))
    return rounds


def _beside(speeds: list[float], one: list[float], peer: Peer | None) -> list[Line]:
    """The rows of the peer: without it only ours."""
    what = "one explained line, from facts, p50"
    if peer is None:
        return [Line(what, tuple(one), "", unit=" ms")]
    compared = {"ours": speeds, "peer": [peer.explained_per_second] * len(speeds)}
    slower = {"ours": one, "peer": [peer.one_line_ms] * len(one)}
    return [
        ratio("explained lines ÷ OpenFisca's", compared, ("ours", "peer"), "lines/s", Goal("≥", 1)),
        ratio(f"{what} ÷ OpenFisca's", slower, ("ours", "peer"), "ms", Goal("≤", 0.3)),
    ]


def _plain(doctors: int, rules: RuleSet, peer: Peer | None) -> Line:
    """Months and kroner of doctors with a plain year, whose days are laid out: what the peer's arrays hold."""
    seconds, kroner = 0.0, 0
    every = plain_doctors(doctors)
    while some := [(hpr, where, record_of(doctor, rules)) for hpr, where, doctor in islice(every, _SOME)]:
        with stopped() as watch:
            kroner += sum(line_of(hpr, laid, where, rules).amounts.total for hpr, where, laid in some)
        seconds += watch.seconds
    assert kroner
    made_of = f"{number(doctors / seconds)} lines a second"
    if peer and doctors in peer.seconds:
        made_of += f"; OpenFisca's tuned form {number(peer.seconds[doctors] * _MILLI)} ms"
    what = f"without explanation or findings, {number(doctors)} doctors with a plain year, days laid out"
    return Line(what, (seconds * _MILLI,), made_of, unit=" ms")


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


_MILLI = 1_000
_SOME = 2_400
"""So many doctors are held at a time."""
