"""`alis preview`: what a file would change, or which days of a planned switch lose the fewest months."""

from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from typing import Final

from deploy.clock import now
from domain.casework.preview import Preview
from domain.claim.lines.touched import ClaimTouched
from domain.values.words import listed
from workers.access.reads import reading
from workers.calculating.calculate import read_file
from workers.calculating.change_table import change_table
from workers.calculating.switch import run_switch, switch_arguments
from workers.shell.arguments import format_option, hpr
from workers.shell.output import show
from workers.shell.session import named
from workers.shell.table import LEGEND

_TOUCHED: Final = {
    "assessment": "vurdering",
    "proposal": "forslag",
    "decision": "vedtak",
    "attestation": "revisorattest",
}
"""What depends on a line, in words."""


def arguments(to: ArgumentParser) -> None:
    """A file of facts, or a planned switch."""
    what = to.add_mutually_exclusive_group(required=True)
    what.add_argument("file", nargs="?", metavar="FIL", help="opplysningene, som JSON Lines eller en JSON-liste")
    what.add_argument(
        "--switch", type=hpr, metavar="HPR", help="et planlagt bytte av stilling: hvilke dager taper minst?"
    )
    switch_arguments(to)
    format_option(to)


def run(asked: Namespace) -> None:
    """Preview, and store nothing."""
    if asked.switch is not None:
        run_switch(asked)
        return
    read = read_file(asked.file)
    with reading(asked, "facts.preview") as at:
        found = at.casework.preview.of_file(read, now())
        show(asked.format, lambda: named(at.casework, preview_table(found)), found.as_json)


def preview_table(preview: Preview) -> str:
    """The whole preview, ending in a newline."""
    changed = [line for change in preview.changes for line in change_table(change)]
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


def _claim(touched: ClaimTouched) -> str:
    """A claim in one line: what of it rests on the doctor's line."""
    told = [f"{_TOUCHED[each.what]} {each.number}" for each in touched.touches]
    what = listed(told) if told else "ingenting er vurdert ennå"
    return f"Søknaden {touched.claim.name} berøres for {touched.hpr}: {what}."
