"""`alis import`: the facts of a file, all of them or none."""

from argparse import ArgumentParser, Namespace

from deploy.clock import now
from workers.calculating.calculate import read_file
from workers.shell.collecting import gc_paused
from workers.shell.output import Progress, print_json, tell
from workers.shell.session import OPERATOR, command, opened


def arguments(to: ArgumentParser) -> None:
    """A file of facts."""
    to.add_argument("file", metavar="FIL", help="historikken, som JSON Lines eller en JSON-liste")


@gc_paused()
def run(asked: Namespace) -> None:
    """Import, and tell what is stored."""
    read = read_file(asked.file)
    with opened() as at:
        done = at.casework.importing.import_facts(read, command(OPERATOR, "import"), now(), Progress())
    print_json(done.as_json())
    if done.erased_doctors:
        tell(
            "Noe i filen gjelder personopplysninger som er slettet. De er fortsatt slettet; resten er lest inn. "
            f"Leger: {', '.join(done.erased_doctors)}."
        )
