"""`alis demo`: the examples imported, what to try, and the service."""

import sys
from argparse import ArgumentParser, Namespace

from deploy.problems import PORT_IN_USE, DatabaseProblem
from workers.running.demonstration import demonstrate
from workers.running.issuing import issuing
from workers.running.serving import already, serve, serves_already
from workers.shell.output import say
from workers.shell.session import Session, session, settings_read


def arguments(_: ArgumentParser) -> None:
    """Nothing: the examples are those of the release."""


def run(_: Namespace) -> None:
    """Serve the examples; where they are served already, only tell what to try."""
    settings = settings_read()
    try:
        serve(settings, _tell_what_there_is, issuing, with_worker=True)
    except DatabaseProblem as problem:
        if problem.code != PORT_IN_USE or not serves_already(settings):
            raise
        with session(settings) as now:
            _tell_what_there_is(now)
        say(already(settings))


def _tell_what_there_is(now: Session) -> None:
    sys.stdout.write(demonstrate(now))
    sys.stdout.flush()
