"""Whether an assessment still says what is known, and if not, which lines changed, by how much and why."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NewType

from domain.claim.lines.assessing import Computed
from domain.claim.parts.parts import AssessedLine
from domain.claim.stream.made import Assessment
from domain.rules.compare.explain import Side, explained
from domain.values.refusals.refusal import Refused, refused
from domain.values.words import kroner, listed, more_or_less

Sides = NewType("Sides", tuple[Side, Side])
"""What was known of the doctors at the assessment, and what is known now, each under the rules of its time."""


@dataclass(frozen=True, slots=True)
class OutdatedLine:
    """A line that comes to something else than it was assessed as."""

    before: AssessedLine
    after: AssessedLine


def check_current(assessment: Assessment, now: Computed, sides: Sides, municipality: str) -> None:
    """Raise `Refused` (assessment-outdated) where a line comes to something else now, with the explained difference."""
    found = list(changed(assessment, now))
    if not found:
        return
    sentences = [_sentence(line, sides, municipality) for line in found]
    problems = [{"key": f"lines/{line.after.hpr}", "reason": text} for line, text in zip(found, sentences, strict=True)]
    raise refused("assessment-outdated", lines="; ".join(sentences), problems=problems)


def changed(assessment: Assessment, now: Computed) -> Iterator[OutdatedLine]:
    """The lines whose canonical result is another now, or of which another amount can be granted."""
    for line in now.lines:
        before = assessment.lines[line.hpr]
        if before.worth != line.worth:
            yield OutdatedLine(before, line)


def _sentence(line: OutdatedLine, sides: Sides, municipality: str) -> str:
    """`lege 9000001 fra 378 656 kroner til 283 992 kroner: permisjon … (94 664 kroner mindre)`."""
    amounts = f"lege {line.after.hpr} fra {_amount(line.before)} til {_amount(line.after)}"
    causes = _causes(line.after.hpr, sides, municipality)
    return f"{amounts}: {listed(causes)}" if causes else amounts


def _causes(hpr: str, sides: Sides, municipality: str) -> Sequence[str]:
    """Each step that changes the line, with its kroner; of what changes months alone, that it does."""
    before, after = (Side({hpr: side.facts.get(hpr, ())}, side.rules) for side in sides)
    try:
        found = explained(municipality, before, after)
    except Refused:  # more changes than a sentence can tell
        return ()
    return [f"{each.text()} ({_signed(each.kroner)})" for each in found.contributions or found.without_effect]


def _amount(line: AssessedLine) -> str:
    return "ukjent beløp" if line.amount is None else kroner(line.amount)


def _signed(amount: int) -> str:
    return more_or_less(amount) if amount else "samme beløp"
