"""`alis preview`: what a file would change: the months as marks, and the kroner before and after."""

from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from typing import Final

from deploy.clock import now
from domain.casework.preview import Preview
from domain.claim.lines.touched import ClaimTouched
from domain.rules.compare.changes import LineChange, LineMonths
from domain.values.words import grouped, listed, signed
from workers.calculating.calculate import read_file
from workers.shell.arguments import format_option
from workers.shell.output import show
from workers.shell.session import opened
from workers.shell.table import LEGEND, NOTHING, UNKNOWN, marks

_WIDTH: Final = 14
_TOUCHED: Final = {
    "assessment": "vurdering",
    "proposal": "forslag",
    "decision": "vedtak",
    "attestation": "revisorattest",
}
"""What depends on a line, in words."""


def arguments(to: ArgumentParser) -> None:
    """A file of facts."""
    to.add_argument("file", metavar="FIL", help="opplysningene, som JSON Lines eller en JSON-liste")
    format_option(to)


def run(asked: Namespace) -> None:
    """Preview, and store nothing."""
    read = read_file(asked.file)
    with opened() as at:
        found = at.casework.preview.of_file(read, now())
    show(asked.format, lambda: preview_table(found), found.as_json)


def preview_table(preview: Preview) -> str:
    """The whole preview, ending in a newline."""
    changed = [line for change in preview.changes for line in _change(change)]
    legend = ["", LEGEND] if changed else []
    claims = ["", *map(_claim, preview.claims)] if preview.claims else []
    return "\n".join([*_head(preview), *changed, *claims, *legend, ""])


def _head(preview: Preview) -> Iterator[str]:
    counts = f"{preview.facts} opplysninger, {preview.new} nye" if preview.facts > 1 else _one(preview)
    yield f"Forhåndsvisning: {counts}. Ingenting er lagret."
    if not preview.changes:
        yield "Ingen tilskuddsmåneder og ingen kroner endres."


def _one(preview: Preview) -> str:
    return "én ny opplysning" if preview.new else "én opplysning, som er registrert fra før"


def _change(change: LineChange) -> Iterator[str]:
    where = change.rules.municipalities.by_code[change.municipality]
    told = change.as_json()
    yield ""
    yield f"{change.hpr} i {where.name} ({where.code}), tilskuddsperioden {change.rules.round.id}"
    yield f"{'':<22}{'før':>{_WIDTH}}{'etter':>{_WIDTH}}{'endring':>{_WIDTH}}"
    yield f"{'måneder':<22}{_marks(change.before, change):>{_WIDTH}}{_marks(change.after, change):>{_WIDTH}}"
    for element in change.rules.content.elements:
        if element.id in told["elements"] and any(told["elements"][element.id].values()):
            yield _row(element.name, told["elements"][element.id])
    yield _row("sum", told["kroner"])


def _claim(touched: ClaimTouched) -> str:
    """A claim in one line: what of it rests on the doctor's line."""
    told = [f"{_TOUCHED[each.what]} {each.number}" for each in touched.touches]
    what = listed(told) if told else "ingenting er vurdert ennå"
    return f"Søknaden {touched.claim.name} berøres for {touched.hpr}: {what}."


def _row(name: str, pair: dict[str, int | None]) -> str:
    cells = (_amount(pair["before"]), _amount(pair["after"]), _difference(pair["difference"]))
    return f"{name:<22}" + "".join(f"{cell:>{_WIDTH}}" for cell in cells)


def _marks(line: LineMonths | None, change: LineChange) -> str:
    return NOTHING * len(change.rules.months) if line is None else marks(line.line.months)


def _amount(amount: int | None) -> str:
    return UNKNOWN if amount is None else grouped(amount)


def _difference(amount: int | None) -> str:
    return UNKNOWN if amount is None else signed(amount)
