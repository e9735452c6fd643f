"""The arguments of `alis claim`."""

from argparse import ArgumentParser
from typing import Final

from domain.claim.steps.registry import STEPS
from workers.shell.arguments import format_option, person

_FIELDS: Final = "feltene i steget, som reason='Avtalen mangler' der steget har en begrunnelse; lister som JSON"


def claim_arguments(to: ArgumentParser) -> None:
    """The commands under `alis claim`."""
    steps = to.add_subparsers(dest="step", required=True, metavar="HVA")

    def add(name: str, sentence: str) -> ArgumentParser:
        made: ArgumentParser = steps.add_parser(name, help=sentence, description=sentence)
        format_option(made)
        return made

    listed = add("list", "Viser tilskuddssøknadene.")
    listed.add_argument("--municipality", metavar="NUMMER", help="bare denne kommunens")
    listed.add_argument("--round", metavar="PERIODE", help="bare denne tilskuddsperiodens")
    listed.add_argument("--status", metavar="STATUS", help="bare de som er her i livet sitt, som assessed")
    add("show", "Viser en søknad: linjer, hva som har skjedd, og hva som kan gjøres nå.").add_argument(
        "claim", metavar="ID", help="søknaden, som 1804-2026"
    )
    add(
        "effect", "Viser hva som er kjent etter vedtaket, og hva det gjør med linjene og revisorattestene."
    ).add_argument("claim", metavar="ID", help="søknaden, som 1804-2026")
    for name, each in STEPS.items():
        step = add(name.replace("_", "-"), each.help)
        step.add_argument("claim", metavar="ID", help="søknaden, som 1804-2026")
        step.add_argument("fields", nargs="*", metavar="FELT=VERDI", help=_FIELDS)
        step.add_argument(
            "--as", type=person, required=True, dest="who", metavar="HVEM", help="hvem du er, som kommune:1804"
        )
        step.add_argument("--role", metavar="ROLLE", help="rollen, der slaget ikke sier det")
        step.add_argument("--organisation", metavar="NUMMER", help="kommunen du handler for, der navnet ikke sier det")
