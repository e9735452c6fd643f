"""All lines of the round from the database at once; and each of them checked against what was decided on it."""

from typing import Final

from deploy.clock import now
from domain.rules.result import Result
from domain.rules.sets.rule_set import RuleSet
from tests import desk as tests_desk
from tests.benchmarks.house import Desk, command
from tests.benchmarks.measure import Goal, Line, number, stopped
from tests.benchmarks.sizes import Sizes
from tests.claiming import claiming
from workers.shell.collecting import gc_paused

FULL_ROUND: Final = 2_403
"""The doctors of architecture.md section 7."""


def whole_round(desk: Desk, rules: RuleSet, doctors: int, sizes: Sizes) -> list[Line]:
    """Every municipality at once, by one process: before anything is decided, and with every claim decided."""
    alone = {code: desk.casework.replay(code, rules, None).result for code in rules.municipalities.by_code}
    expected = {code: result for code, result in alone.items() if result.lines}
    lines = sum(len(result.lines) for result in expected.values())
    assert len({line.hpr for result in expected.values() for line in result.lines}) == doctors
    computed = _computed(desk, rules, expected, sizes)
    _decide_all(desk, expected)
    checked = _checked(desk, rules, expected, sizes)
    what = f"the whole round from the database, {doctors} doctors"
    return [
        Line(what, computed, f"{_pace(lines, computed)}; the digest of each municipality's result", unit=" s"),
        Line(
            "the same, each line checked against the decision in force",
            checked,
            f"{_pace(lines, checked)}; {len(expected)} decided claims, read and folded, all of which hold",
            Goal("≤", 2, " s") if doctors == FULL_ROUND else None,
            " s",
        ),
    ]


def _computed(desk: Desk, rules: RuleSet, expected: dict[str, Result], sizes: Sizes) -> tuple[float, ...]:
    """Seconds of each time; every result is that of the municipality asked alone."""
    digests = {code: result.digest() for code, result in expected.items()}
    seconds = []
    for _ in range(sizes.line_rounds):
        with stopped() as watch, gc_paused():
            found = {each.result.municipality: each.result.digest() for each in desk.casework.replay_round(rules, None)}
        assert found == digests
        seconds.append(watch.seconds)
    return tuple(seconds)


def _checked(desk: Desk, rules: RuleSet, expected: dict[str, Result], sizes: Sizes) -> tuple[float, ...]:
    """Seconds of each time; every municipality has a decision, which holds."""
    seconds = []
    for _ in range(sizes.line_rounds):
        with stopped() as watch, gc_paused():
            found = desk.casework.replay_round(rules, None)
        assert {each.result.municipality for each in found if each.decision and each.decision.holds} == expected.keys()
        assert len(found) == len(expected)
        seconds.append(watch.seconds)
        del found  # what is let go of now is not in the way of the next
    return tuple(seconds)


def _decide_all(desk: Desk, expected: dict[str, Result]) -> None:
    """Decide on the claim of every municipality with a line, step by step through the service."""
    desk.casework.book.publish_release(now(), lambda _: command(source="release"))
    municipality = claiming(tests_desk.Desk(desk.url, desk.store, desk.casework))
    for code, result in expected.items():
        decided = municipality.of(code).assessed().decided_as_assessed().state.decided
        assert decided
        assert decided.lines.keys() == {line.hpr for line in result.lines}
    desk.beside.execute("VACUUM (ANALYZE)")


def _pace(lines: int, seconds: tuple[float, ...]) -> str:
    return f"{lines} lines, {number(lines / min(seconds))} a second"
