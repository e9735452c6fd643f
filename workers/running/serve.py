"""`alis serve`: the service, until it is stopped."""

from argparse import ArgumentParser, Namespace

from workers.running.serving import serve
from workers.shell.session import settings_read


def arguments(_: ArgumentParser) -> None:
    """Nothing: the settings say where."""


def run(_: Namespace) -> None:
    """Serve."""
    serve(settings_read())
