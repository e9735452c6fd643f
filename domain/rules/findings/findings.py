"""Findings (rules.md section 6): what changes no amount, but tells people where to look.

They follow from facts and rules alone; `recorded_after_decision` needs a decision, and belongs to the claim.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from domain.doctor.history import Doctor
from domain.rules.findings.assumptions import Touch, assumption_decides, goes_against_ruling, touches
from domain.rules.findings.checks import agreements, earlier, ends, guidance, lost, spending, terms, twice, unsigned
from domain.rules.findings.views.view import Finding, Found, Severity, View
from domain.rules.line.months import Month, Record
from domain.rules.sets.rule_set import RuleSet

Check = Callable[[View], Iterable[Found]]

CHECKS: Final[Mapping[str, tuple[Severity, Check]]] = {
    "supervisor_gap": (Severity.WARNING, guidance.supervisor_gap),
    "guidance_below_minimum": (Severity.WARNING, guidance.guidance_below_minimum),
    "month_lost_to_job_switch": (Severity.WARNING, lost.month_lost_to_job_switch),
    "month_lost_to_leave": (Severity.INFO, lost.month_lost_to_leave),
    "over_100_percent": (Severity.WARNING, lost.over_100_percent),
    "claimed_by_two_municipalities": (Severity.INFO, lost.claimed_by_two_municipalities),
    "agreement_missing": (Severity.WARNING, unsigned.agreement_missing),
    "agreement_signed_late": (Severity.WARNING, unsigned.agreement_signed_late),
    "wrong_template": (Severity.WARNING, agreements.wrong_template),
    "element_not_agreed": (Severity.WARNING, agreements.element_not_agreed),
    "percent_differs_from_agreement": (Severity.WARNING, agreements.percent_differs_from_agreement),
    "earlier_agreement": (Severity.INFO, earlier.earlier_agreement),
    "window_ends_in_round": (Severity.INFO, ends.window_ends_in_round),
    "duration_ends_in_round": (Severity.INFO, ends.duration_ends_in_round),
    "old_scheme_ends": (Severity.WARNING, ends.old_scheme_ends),
    "guidance_unconfirmed": (Severity.WARNING, guidance.guidance_unconfirmed),
    "costs_below_grant": (Severity.INFO, spending.costs_below_grant),
    "introductory_terms": (Severity.WARNING, terms.introductory_terms),
    "registered_twice": (Severity.WARNING, twice.registered_twice),
    "locum_too_short": (Severity.WARNING, terms.locum_too_short),
}
"""In the order of the table of rules.md."""


@dataclass(frozen=True, slots=True)
class Findings:
    """How the lines of one municipality are looked at, and whether it is asked which choices decide them."""

    municipality: str
    rules: RuleSet
    assumptions: bool = False

    def of(self, doctor: Doctor, record: Record, line: Sequence[Month]) -> tuple[list[Finding], list[Touch]]:
        """The findings of a line, by code in the order of the table, then by month; and the choices that decide it."""
        view = View(doctor, record, line, self.municipality, self.rules)
        deciding = touches(view) if self.assumptions else []
        found = [each for code, (severity, check) in CHECKS.items() for each in _made(code, severity, check(view))]
        return [*found, *self._assumed(deciding)], deciding

    def _assumed(self, deciding: Sequence[Touch]) -> list[Finding]:
        """The choices that decide the line; a warning where one was made otherwise than a ruling says."""
        found = [
            each
            for touch in deciding
            for each in _made("assumption_decides", self._severity(touch), [assumption_decides(touch, self.rules)])
        ]
        return sorted(found, key=lambda finding: finding.months)

    def _severity(self, touch: Touch) -> Severity:
        return Severity.WARNING if goes_against_ruling(touch, self.rules) else Severity.INFO


def _made(code: str, severity: Severity, found: Iterable[Found]) -> list[Finding]:
    """Found things as findings, by their first month; a fact is named once."""
    made = [Finding(code, severity, tuple(sorted(each.months)), _once(each.facts), each.text) for each in found]
    return sorted(made, key=lambda finding: finding.months)


def _once(facts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(facts))
