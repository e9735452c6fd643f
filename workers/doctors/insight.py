"""`alis insight`: all that is stored about one doctor, written to one file for that doctor."""

import os
from argparse import ArgumentParser, Namespace
from pathlib import Path

from api.doctors.insight.routes import archive_of
from deploy.clock import now
from domain.values.norwegian_time import norwegian_day
from domain.values.refusals.refusal import refused
from workers.access.reads import acting, log_read
from workers.shell.arguments import acting_options, hpr
from workers.shell.files import unwritable
from workers.shell.output import print_json, tell


def arguments(to: ArgumentParser) -> None:
    """About whom, and where to."""
    to.add_argument("hpr", type=hpr, metavar="HPR", help="legens HPR-nummer")
    to.add_argument("file", metavar="FIL", help="filen som skal lages, som innsyn.zip; den må ikke finnes fra før")
    acting_options(to)


def run(asked: Namespace) -> None:
    """Write the file, and tell what to do with it."""
    with acting(asked) as at:
        if asked.sight.doctor not in {None, asked.hpr}:
            raise refused("unknown-doctor", hpr=asked.hpr)
        content = archive_of(at.casework, asked.hpr, norwegian_day(now()))
        log_read(at.store.access_log, asked, "insight.read", f"HPR-nummer {asked.hpr}")
    _write(Path(asked.file), content)
    print_json({"hpr": asked.hpr, "file": asked.file, "bytes": len(content)})
    tell("Filen har alt om legen i klartekst; gi den bare til legen selv, og slett den så.")


def _write(file: Path, content: bytes) -> None:
    """For its owner alone, and never in place of another."""
    try:
        with os.fdopen(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as made:
            made.write(content)
    except OSError as error:
        raise unwritable(file, error) from None
