"""`alis migrate`: the database brought up to this release, and nothing else."""

from argparse import ArgumentParser, Namespace

from deploy.database import database
from deploy.migrate import migrate
from deploy.settings import read_settings
from workers.shell.output import print_json


def arguments(_: ArgumentParser) -> None:
    """Nothing: all steps are taken."""


def run(_: Namespace) -> None:
    """Migrate, and tell which steps were taken."""
    with database(read_settings()) as at:
        print_json({"applied": migrate(at.owner)})
