"""Kroner are paid or reclaimed as decided only if what is known now says the same amount, or somebody says why."""

from collections.abc import Sequence

from domain.claim.parts.parts import LineEffect
from domain.values import words
from domain.values.refusals.refusal import refused


def check_known(others: Sequence[LineEffect], reason: str | None) -> None:
    """Raise `Refused` (another-amount-known) with the lines of another amount, unless a reason is given."""
    if not others or reason is not None:
        return
    sentences = [_sentence(line) for line in others]
    places = [f"lines/{line.hpr}" for line in others]
    problems = [{"key": place, "reason": text} for place, text in zip(places, sentences, strict=True)]
    raise refused("another-amount-known", lines="; ".join(sentences), problems=problems)


def _sentence(line: LineEffect) -> str:
    """`lege 9000001: 283 992 kroner i stedet for 378 656 kroner, 94 664 kroner mindre`."""
    decided = words.kroner(line.before or 0)
    if line.after is None:
        return f"lege {line.hpr}: ukjent beløp i stedet for {decided}"
    difference = line.after - (line.before or 0)
    return f"lege {line.hpr}: {words.kroner(line.after)} i stedet for {decided}, {words.more_or_less(difference)}"
