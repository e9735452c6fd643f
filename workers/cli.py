"""The `alis` command: results to standard output, messages to standard error."""

import sys
from collections.abc import Sequence
from typing import Final

from deploy.problems import DatabaseProblem, SettingsProblem
from deploy.version import VERSION
from domain.values.refusals.refusal import Refused, Rejected
from domain.values.words import counted
from workers.shell.exits import DONE, FAILED, exit_code
from workers.shell.output import end_messages, end_unwritten, prepare_streams, say, tell
from workers.shell.parser import Command, Parser

COMMANDS: Final = {
    "calculate": Command("Regner ut tilskuddet fra en fil, uten database.", "workers.calculating.calculate"),
    "import": Command("Lagrer opplysningene i en fil, alle eller ingen.", "workers.calculating.importing"),
    "preview": Command(
        "Viser hva opplysningene i en fil ville endret; ingenting lagres.", "workers.calculating.preview"
    ),
    "replay": Command("Regner ut tilskuddet på nytt fra det som er lagret.", "workers.calculating.replay"),
    "explain": Command(
        "Forklarer forskjellen mellom to beregninger av det som er lagret, krone for krone.",
        "workers.calculating.explain",
    ),
    "meters": Command(
        "Viser hvor mye en lege har brukt av det utdanningen krever, og av det tilskuddet gis for.",
        "workers.doctors.meters",
    ),
    "insight": Command("Skriver alt som er lagret om én lege, til én fil som legen kan få.", "workers.doctors.insight"),
    "backup": Command("Tar kopi av hele databasen i én fil, uten hovednøkkelen.", "workers.keeping.backups"),
    "restore": Command(
        "Gjenoppretter en sikkerhetskopi i en tom database og sammenligner alt.", "workers.keeping.restoring"
    ),
    "erase": Command(
        "Sletter navn, permisjonstyper, fritekst og vedlegg om én lege; måneder og kroner blir stående."
        " Én ber om det, en annen bekrefter.",
        "workers.keeping.erasing",
    ),
    "keys": Command(
        "Viser hvilken hovednøkkel nøklene er forseglet med, eller bytter den mens tjenesten går.",
        "workers.keeping.keys",
    ),
    "issuers": Command(
        "Viser hvem som kan logge inn personer og maskiner, og trekker en av nøklene deres tilbake.",
        "workers.access.issuers",
    ),
    "persons": Command(
        "Viser hvem som har logget inn, og kobler flere innlogginger av én person. Én melder det, en annen godkjenner.",
        "workers.access.linking",
    ),
    "sessions": Command("Viser hvem som er logget inn i en nettleser, og logger dem ut.", "workers.access.sessions"),
    "access": Command("Viser hvem som har lest hvilke saker, og når.", "workers.access_log.access"),
    "forget": Command(
        "Fjerner de eldste oppslagene fra innsynsloggen, så bare hashene står igjen; innstillingene sier når.",
        "workers.access_log.forgetting",
    ),
    "verify": Command(
        "Leser hele databasen uten å endre noe, og sier alt som ikke er slik det skal være.",
        "workers.keeping.verifying",
    ),
    "migrate": Command("Bringer databasen opp til denne utgaven, og gjør ingenting mer.", "workers.keeping.migrating"),
    "worker": Command("Holder lesemodellene oppdatert til noen stopper den.", "workers.running.worker"),
    "projections": Command("Viser hvor lesemodellene er, eller bygger dem på nytt.", "workers.running.projections"),
    "rules": Command("Viser regelsettene, og fører utkast frem til kunngjøring.", "workers.rules.rules"),
    "coverage": Command(
        "Viser rapporterte kostnader ved siden av tilskuddet for de samme linjene.", "workers.doctors.coverage"
    ),
    "supervisors": Command("Viser hvem som veileder hvem, og i hvilken kommune.", "workers.doctors.supervisors"),
    "claim": Command("Viser tilskuddssøknader, og fører dem videre.", "workers.claims.claims"),
    "conversions": Command(
        "Viser leger på gammel ordning, og konverterer mange til ny ordning.", "workers.conversions.conversions"
    ),
    "posts": Command(
        "Viser hvem som har hatt hjemlene i kommunene, måned for måned, og hvor stabile de er.", "workers.posts.posts"
    ),
    "municipality": Command(
        "Viser hva en kommune har oppgitt om seg selv og hvem som hadde tilgang, og registrerer mer.",
        "workers.registers.municipality",
    ),
    "ties": Command(
        "Viser habilitetsforhold og vedtakene de berører, og melder eller avslutter dem.", "workers.registers.ties"
    ),
    "token": Command("Skriver et token for en av menneskene i demonstrasjonen.", "workers.access.token"),
    "serve": Command("Starter tjenesten på denne maskinen; Ctrl-C stopper den.", "workers.running.serve"),
    "demo": Command(
        "Leser inn oppdiktede eksempler, sier hva du kan prøve, og starter tjenesten.", "workers.running.demo"
    ),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return the exit code."""
    try:
        prepare_streams()
        try:
            return _run(arguments)
        finally:
            end_messages()
            sys.stdout.flush()
    except OSError as error:
        end_unwritten(error)
        return FAILED


def parser() -> Parser:
    """The parser of all commands."""
    top = Parser(prog="alis", description="Regner ut, lagrer og etterprøver tilskudd til ALIS-avtaler.")
    top.add_argument("--version", action="version", version=f"alis {VERSION}", help="viser hvilken utgave dette er")
    top.add_commands(COMMANDS, dest="command", metavar="KOMMANDO")
    return top


def _run(arguments: Sequence[str] | None) -> int:
    asked = parser().parse_args(arguments)
    try:
        asked.run(asked)
    except Rejected as rejected:
        _tell_rejected(getattr(asked, "file", None), rejected)
        return exit_code(rejected)
    except (Refused, SettingsProblem, DatabaseProblem, KeyboardInterrupt) as hindrance:
        tell(str(hindrance) or "Avbrutt; ingenting er halvt gjort.")
        return exit_code(hindrance)
    return DONE


def _tell_rejected(file: str | None, rejected: Rejected) -> None:
    """Every problem on a line of its own: file, line or element, fact, sentence and code.

    A rule set of the release that cannot be used says itself which file it stands in.
    """
    for problem in rejected.problems:
        asked = None if problem.refusal.code == "bad-rule-set" else file
        where = (asked or "alis") if problem.place is None else f"{asked}:{problem.place}"
        fact = f" {problem.fact}:" if problem.fact else ""
        say(f"{where}:{fact} {problem.refusal} [{problem.refusal.code}]\n")
    tell(f"{counted(rejected.count, 'én feil', 'feil').capitalize()}; ingenting er lagret.")
