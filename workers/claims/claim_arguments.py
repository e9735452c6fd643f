"""The arguments of `alis claim`."""

from argparse import ArgumentParser
from collections.abc import Mapping
from typing import Final

from domain.claim.steps.commands import STEP_NAMES
from workers.shell.arguments import format_option, person

_REFUSAL: Final = (
    'lines=\'[{"hpr": "9000001", "outcome": "refused", "kroner": 0, '
    '"reason_code": "conditions_not_met", "reason": "Ingen stilling"}]\''
)
_ERROR: Final = "reason_code=error_in_decision"
SENTENCES: Final[Mapping[str, str]] = {
    "open": "Åpner søknaden, med linjer foreslått ut fra det som er registrert (kommunen).",
    "propose_lines": "Foreslår linjer for leger som er registrert siden (kommunen).",
    "confirm_line": "Sier hva det søkes om på en linje; uten hpr bekreftes alle linjer som foreslått (kommunen).",
    "add_line": "Legger til en lege (kommunen).",
    "remove_line": "Tar en lege ut av søknaden (kommunen).",
    "report_costs": "Rapporterer kostnadene på en linje (kommunen).",
    "attach_document": "Legger ved en fil: file=avtale.pdf kind=agreement hpr=9000001.",
    "remove_document": "Tar et dokument ut av søknaden (kommunen).",
    "allow_late_submission": "Tillater at søknaden sendes etter fristen (saksbehandleren).",
    "submit": "Sender inn søknaden: name=navnet på den som sender (kommunen).",
    "return": "Returnerer søknaden for retting: reason=… (saksbehandleren).",
    "withdraw": "Trekker søknaden (kommunen).",
    "assess": "Vurderer søknaden etter det kunngjorte regelsettet (saksbehandleren).",
    "propose": (
        "Foreslår vedtak; linjer som ikke nevnes, innvilges som vurdert. Avslag og delvis innvilgelse har årsak og "
        f"begrunnelse: {_REFUSAL} (saksbehandleren)."
    ),
    "send_back": "Sender forslaget tilbake: reason=… (godkjenneren).",
    "approve": "Godkjenner forslaget, som en annen enn den som foreslo (godkjenneren).",
    "pay": "Registrerer utbetalingen; uten kroner det som gjenstår (saksbehandleren).",
    "reclaim": "Registrerer et tilbakekrav; uten kroner det som er betalt for mye (saksbehandleren).",
    "request_attestation": "Ber revisor attestere: revisor=revisor:kari.",
    "attest": "Signerer en revisorattest; uten lines bekreftes alle innvilgede linjer (revisor).",
    "accept_report": "Godtar rapporten, med svar på linjer revisor ikke bekreftet: answers=… (saksbehandleren).",
    "close": "Avslutter søknaden (saksbehandleren).",
    "reopen": (
        f"Gjenåpner søknaden: reason=…; der ingenting er endret, også {_ERROR} (feil i vedtaket) "
        "eller complaint (klage) (saksbehandleren)."
    ),
}
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
    for name in STEP_NAMES:
        step = add(name.replace("_", "-"), SENTENCES[name])
        step.add_argument("claim", metavar="ID", help="søknaden, som 1804-2026")
        step.add_argument("fields", nargs="*", metavar="FELT=VERDI", help=_FIELDS)
        step.add_argument(
            "--as", type=person, required=True, dest="who", metavar="HVEM", help="hvem du er, som kommune:1804"
        )
        step.add_argument("--role", metavar="ROLLE", help="rollen, der slaget ikke sier det")
        step.add_argument("--organisation", metavar="NUMMER", help="kommunen du handler for, der navnet ikke sier det")
