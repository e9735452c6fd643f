"""`alis insight`: all that is stored about one doctor, written to one file for that doctor."""

import os
from argparse import ArgumentParser, Namespace
from pathlib import Path

from api.doctors.insight.routes import archive_of
from deploy.clock import now
from domain.values.norwegian_time import norwegian_day
from domain.values.refusals.refusal import Refused
from workers.access.reads import log_read
from workers.shell.arguments import hpr
from workers.shell.files import unwritable
from workers.shell.output import print_json, tell
from workers.shell.session import Session, opened


def arguments(to: ArgumentParser) -> None:
    """About whom, and where to."""
    to.add_argument("hpr", type=hpr, metavar="HPR", help="legens HPR-nummer")
    to.add_argument("file", metavar="FIL", help="filen som skal lages, som innsyn.zip; den må ikke finnes fra før")


def run(asked: Namespace) -> None:
    """Write the file, and tell what to do with it."""
    with opened() as at:
        content = _logged(at, asked)
    _write(Path(asked.file), content)
    print_json({"hpr": asked.hpr, "file": asked.file, "bytes": len(content)})
    tell("Filen har alt om legen i klartekst; gi den bare til legen selv, og slett den så.")


def _logged(at: Session, asked: Namespace) -> bytes:
    """The content, once it is logged who reads it; raises `Refused`."""
    log = at.store.access_log
    try:
        content = archive_of(at.casework, asked.hpr, norwegian_day(now()))
    except Refused as refusal:
        log_read(log, asked, "insight.read", "", refusal)
        raise
    log_read(log, asked, "insight.read", f"HPR-nummer {asked.hpr}")
    return content


def _write(file: Path, content: bytes) -> None:
    """For its owner alone, and never in place of another."""
    try:
        with os.fdopen(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as made:
            made.write(content)
    except OSError as error:
        raise unwritable(file, error) from None
