"""`alis token`: a token of one of the demonstration's people, for use with other programs."""

import sys
from argparse import ArgumentParser, Namespace

from workers.access.acting import token_for
from workers.shell.session import settings_read


def arguments(to: ArgumentParser) -> None:
    """Whose."""
    to.add_argument("--as", dest="who", required=True, metavar="NAVN", help="en i demonstrasjonen, som ada")


def run(asked: Namespace) -> None:
    """Print it, and nothing else."""
    sys.stdout.write(f"{token_for(settings_read(), asked.who)}\n")
