"""Numbers of assessments and decisions: none is given twice in a claim.

Streams that were stored before may have a number twice, from before a withdrawal and after it. Then the second is
called `1b`, the third `1c`, in the order of the log; what names a number means the last of it before that.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from domain.claim.stream.events import ClaimAssessed, ClaimEvent, DecisionApproved, DecisionProposed, ProposalSentBack

NumberName = int | str
"""What something is called by its number: 2, or `1b`."""
_LETTERS: Final = 26


@dataclass(frozen=True, slots=True)
class Numbers:
    """The numbers given so far, and how often each was."""

    times: Mapping[int, int] = field(default_factory=dict)

    @property
    def next(self) -> int:
        """One above the highest ever."""
        return max(self.times, default=0) + 1

    def given(self, number: int) -> "Numbers":
        """With one number more."""
        return Numbers({**self.times, number: self.times.get(number, 0) + 1})

    def name(self, number: int) -> NumberName:
        """What the last with this number is called."""
        times = self.times.get(number, 1)
        return number if times == 1 else f"{number}{_letters(times)}"


NONE_YET: Final = Numbers()


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision as proposed, the assessment that it is under, and how it was settled, if it was."""

    name: NumberName
    proposed: DecisionProposed
    assessment: NumberName
    assessed: ClaimAssessed
    settled: DecisionApproved | ProposalSentBack | None = None

    @property
    def total(self) -> int:
        """The kroner of all lines."""
        return sum(line.kroner for line in self.proposed.lines)


def assessments_in(events: Sequence[ClaimEvent]) -> dict[NumberName, ClaimAssessed]:
    """Every assessment by what it is called, in order."""
    numbers, found = NONE_YET, dict[NumberName, ClaimAssessed]()
    for event in events:
        if isinstance(event, ClaimAssessed):
            numbers = numbers.given(event.assessment)
            found[numbers.name(event.assessment)] = event
    return found


def decisions_in(events: Sequence[ClaimEvent]) -> list[Decision]:
    """Every decision that was proposed, in order, with what it names."""
    found: dict[NumberName, Decision] = {}
    assessed, proposed, made = NONE_YET, NONE_YET, dict[int, ClaimAssessed]()
    for event in events:
        match event:
            case ClaimAssessed():
                assessed, made[event.assessment] = assessed.given(event.assessment), event
            case DecisionProposed():
                proposed = proposed.given(event.decision)
                name, under = proposed.name(event.decision), assessed.name(event.assessment)
                found[name] = Decision(name, event, under, made[event.assessment])
            case DecisionApproved() | ProposalSentBack():
                name = proposed.name(event.decision)
                found[name] = replace(found[name], settled=event)
    return list(found.values())


def decisions_named(events: Sequence[ClaimEvent]) -> list[NumberName | None]:
    """Of each event what the decision is called that it names, if it names one."""
    return _named(events, DecisionProposed, "decision")


def assessments_named(events: Sequence[ClaimEvent]) -> list[NumberName | None]:
    """Of each event what the assessment is called that it names, if it names one."""
    return _named(events, ClaimAssessed, "assessment")


def _named(events: Sequence[ClaimEvent], made: type[ClaimEvent], field_of: str) -> list[NumberName | None]:
    given, found = NONE_YET, list[NumberName | None]()
    for event in events:
        number = getattr(event, field_of, None)
        if isinstance(event, made) and number is not None:
            given = given.given(number)
        found.append(None if number is None else given.name(number))
    return found


def _letters(nth: int) -> str:
    """`b` for the second, `z` for the twenty-sixth, `aa` for the one after."""
    text = ""
    while nth:
        nth, letter = divmod(nth - 1, _LETTERS)
        text = chr(ord("a") + letter) + text
    return text
