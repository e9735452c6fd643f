"""The arguments of `alis claim`."""

from argparse import ArgumentParser
from typing import Final

from domain.claim.steps.applying.report_costs import REPORT_COSTS
from domain.claim.steps.registry import STEPS
from domain.values.fields import CostKind, FundingSource
from domain.values.words import listed
from workers.shell.arguments import acting_options, format_option

_FIELDS: Final = "feltene i steget, som reason='Avtalen mangler' der steget har en begrunnelse; lister som JSON"


def claim_arguments(to: ArgumentParser) -> None:
    """The commands under `alis claim`."""
    steps = to.add_subparsers(dest="step", required=True, metavar="HVA")

    def add(name: str, sentence: str) -> ArgumentParser:
        made: ArgumentParser = steps.add_parser(name, help=sentence, description=sentence)
        format_option(made)
        acting_options(made)
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
        if name == REPORT_COSTS.name:
            _one_cost(step)
        step.add_argument("fields", nargs="*", metavar="FELT=VERDI", help=_FIELDS)


def _one_cost(step: ArgumentParser) -> None:
    """One cost as options; several stand in `costs` as JSON."""
    add = step.add_argument
    add("--element", metavar="ELEMENT", help="elementet kostnaden gjelder; flere kostnader kan stå i costs som JSON")
    add("--kind", metavar="TYPE", help=f"type kostnad, der den ikke er hele elementet: {listed(CostKind)}")
    add("--kroner", metavar="KRONER", help="netto kostnad; kan utelates der brutto er oppgitt")
    add("--gross", metavar="KRONER", help="brutto kostnad")
    add(
        "--funding",
        metavar="KILDE=KRONER",
        action="append",
        default=[],
        help=f"hva andre har dekket, som fond2=2500; kan gjentas. Kilder: {listed(FundingSource)}",
    )
