"""What later knowledge makes of a decided claim, as a person reads it; and which signatures no longer hold."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from domain.casework.claims.claim_effects import ClaimEffect
from domain.claim.lines.cause import CauseShape
from domain.claim.lines.effect import AffectedLine
from domain.values import words
from domain.values.words import grouped, kroner, signed, signed_kroner
from workers.shell.table import UNKNOWN

_WIDTH: Final = 12
_MONTH: Final = 16
_DIGEST: Final = 19
Statement = Mapping[str, Any]
"""A statement as `StoredClaims.statements` gives it."""


def effect_table(effect: ClaimEffect, statements: Sequence[Statement], *, whole: bool = True) -> str:
    """The whole effect, ending in a newline; unless `whole`, the facts of other municipalities have no names."""
    lines = [line for each in effect.lines for line in ("", *_line(each, whole=whole))]
    return "\n".join([*_head(effect), *lines, *_stale(statements), ""])


def _head(effect: ClaimEffect) -> Iterator[str]:
    settled = effect.settled
    paid = "" if settled is None else f", {grouped(settled)} oppgjort"
    yield f"{effect.claim.name}, vedtak {effect.decision.name}: {kroner(effect.decision.total)}{paid}"
    if not effect.lines:
        yield "Ingenting som er kjent nå, endrer vedtaket."
        return
    if effect.rules[0].id != effect.rules[1].id:
        yield f"Vedtatt etter «{effect.rules[0].content.title}»; nå gjelder «{effect.rules[1].content.title}»."
    would = effect.would_grant
    yield f"Slik vi vet det nå: {UNKNOWN if would is None else kroner(would)}{_left(would, settled)}"


def _left(would: int | None, settled: int | None) -> str:
    if would is None or settled is None or would == settled:
        return ""
    what = "mer å betale" if would > settled else "å kreve tilbake"
    return f"; {kroner(abs(would - settled))} {what}"


def _line(line: AffectedLine, *, whole: bool) -> Iterator[str]:
    first = line.first_month
    since = "" if first is None else f", tidligst {words.month_name(first)}"
    yield f"{line.subject.hpr}: {_amount(line.before.amount)} → {_amount(line.after.amount)}{since}"
    yield f"{'':>{_MONTH}}{'før':>{_WIDTH}}{'nå':>{_WIDTH}}{'endring':>{_WIDTH}}"
    for month in line.as_json()["months"]:
        was, now = (_of(month[side]) for side in ("before", "after"))
        change = UNKNOWN if was is None or now is None else signed(now - was)
        name = f"{words.month(month['month']):<{_MONTH}}"
        yield f"{name}{_amount(was):>{_WIDTH}}{_amount(now):>{_WIDTH}}{change:>{_WIDTH}}"
    yield from (_cause(each) for each in line.causes_as_json(whole=whole))
    yield from _unchanged(line)
    finding = line.finding(whole=whole)
    yield from [finding.text] if finding else []


def _of(month: Mapping[str, Any] | None) -> int | None:
    """The kroner of a month; of none, nothing."""
    return 0 if month is None else month["kroner"]


def _cause(cause: CauseShape) -> str:
    return f"{UNKNOWN if cause['kroner'] is None else signed_kroner(cause['kroner'])}: {cause['text']}"


def _unchanged(line: AffectedLine) -> Iterator[str]:
    """The months before the first one affected, and the digest that they have both then and now."""
    proof = line.as_json()["unchanged"]
    if proof["months"] and proof["identical"]:
        months = f"fra {words.month(proof['months'][0])} til {words.month(proof['months'][-1])}"
        yield f"Uendret {months}: {proof['digest_before'][:_DIGEST]}… både da og nå"


def _stale(statements: Sequence[Statement]) -> Iterator[str]:
    stale = [(each, line) for each in statements for line in each["lines"] if line["state"] == "stale"]
    if stale:
        yield ""
    for statement, line in stale:
        because = "; ".join(cause["text"] for cause in line["causes"])
        yield f"Revisorattest {statement['statement']} gjelder ikke lenger for {line['hpr']}: {because}"


def _amount(amount: int | None) -> str:
    return UNKNOWN if amount is None else grouped(amount)
