"""What findings cost a line: with all of them, without those that were added last, and with none."""

from collections.abc import Callable, Collection, Sequence
from typing import Final

from domain.doctor.history import Doctor
from domain.rules.findings.findings import CHECKS
from domain.rules.findings.views.view import View
from domain.rules.line.months import record_of
from domain.rules.result import line_of
from domain.rules.sets.rule_set import RuleSet
from tests.benchmarks.measure import Line, in_turns, ratio, stopped
from tests.benchmarks.sizes import Sizes

_LAST: Final = frozenset({"agreement_missing", "old_scheme_ends", "costs_below_grant"})


def findings(folded: Sequence[tuple[str, Doctor]], where: str, rules: RuleSet, sizes: Sizes) -> list[Line]:
    """Lines a second from folded facts, with the findings of each, as ratios."""
    speeds = in_turns(
        {
            "all": _turn(folded, where, rules, CHECKS),
            "before": _turn(folded, where, rules, CHECKS.keys() - _LAST),
            "none": _turn(folded, where, rules, ()),
        },
        sizes.line_rounds,
    )
    return [
        ratio("lines with all findings ÷ without the three added last", speeds, ("all", "before"), "lines/s"),
        ratio("lines with all findings ÷ with none", speeds, ("all", "none"), "lines/s"),
    ]


def _turn(
    folded: Sequence[tuple[str, Doctor]], where: str, rules: RuleSet, codes: Collection[str]
) -> Callable[[], float]:
    checks = [check for code, (_, check) in CHECKS.items() if code in codes]

    def turn() -> float:
        found = 0
        with stopped() as watch:
            for hpr, doctor in folded:
                record = record_of(doctor, rules)
                line = line_of(hpr, record, where, rules)
                view = View(doctor, record, line.months, where, rules)
                found += sum(len([*check(view)]) for check in checks)
        assert bool(found) == bool(checks)
        return len(folded) / watch.seconds

    return turn
