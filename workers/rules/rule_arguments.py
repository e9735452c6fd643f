"""The arguments of `alis rules`."""

from argparse import ArgumentParser
from typing import Final

from workers.rules.rulings import ruling_arguments
from workers.shell.arguments import acting_options, format_option

_DIGEST: Final = "digesten av utkastet, slik alis rules show viser den"


def rules_arguments(to: ArgumentParser) -> None:
    """The commands under `alis rules`."""
    steps = to.add_subparsers(dest="step", required=True, metavar="STEG")

    def add(name: str, sentence: str) -> ArgumentParser:
        made: ArgumentParser = steps.add_parser(name, help=sentence, description=sentence)
        return made

    listed = add("list", "Viser regelsettene: de kunngjorte, og utkastene.")
    shown = add("show", "Viser et regelsett: datoer, parametre og registeret over forutsetninger.")
    shown.add_argument("rules", metavar="ID|FIL", help="et regelsett, eller en fil med et")
    drafted = add("draft", "Registrerer et utkast til et regelsett.")
    drafted.add_argument("rules", metavar="FIL|ID", help="en fil, eller et utkast som følger med programmet")
    approved = add("approve", "Godkjenner et utkast som en annen har skrevet.")
    published = add("publish", "Kunngjør et godkjent utkast.")
    for step in (approved, published):
        step.add_argument("rules", metavar="ID", help="utkastet")
        step.add_argument("--digest", required=True, metavar="DIGEST", help=_DIGEST)
    book = add("book", "Skriver regelboken: én Markdown-side for hvert regelsett.")
    book.add_argument("folder", nargs="?", default="docs/rules", metavar="MAPPE", help="ellers docs/rules")
    book.add_argument("--stored", action="store_true", help="regelsettene i basen, med fortolkningene")
    effect = add("impact", "Regner alle kommuner etter et regelsett, sammenlignet med det som er eller var kunngjort.")
    effect.add_argument("rules", metavar="ID|FIL", help="et utkast eller et kunngjort regelsett, eller en fil med et")
    effect.add_argument("--svg", metavar="FIL", help="tegn virkningen i en SVG-fil")
    for step in (listed, shown, effect):
        format_option(step)
    for step in (listed, shown, drafted, approved, published, effect):
        acting_options(step)
    ruling_arguments(add)
