"""A process that does nothing but project in small pages, for tests that kill it."""

import time
from contextlib import closing
from multiprocessing.connection import Connection

from domain.store import Store
from projections.all import ALL
from projections.engine.generations import install
from projections.engine.log import Log, Page
from projections.engine.projection import Projection, Writer
from projections.engine.running import Runner, connect
from tests.desk import MASTER_KEY

_PAUSE_SECONDS = 0.004


def telling(projection: type[Projection], told: Connection) -> type[Projection]:
    """The same projection, which tells when it has written the rows of a page, and waits a little before they count."""

    class Telling(projection):  # type: ignore[valid-type,misc]
        def project(self, page: Page, writer: Writer) -> None:
            super().project(page, writer)
            told.send("written")
            time.sleep(_PAUSE_SECONDS)

    return Telling


def project(url: str, most: int, told: Connection) -> None:
    """Bring everything level, again and again; say when the rows of a page are written."""
    log = Log(Store(url, MASTER_KEY, 2))
    with closing(connect(url)) as connection:
        install(connection, ALL)
        runners = [Runner(telling(projection, told), log, most=most) for projection in ALL]
        while True:
            for runner in runners:
                runner.turn(connection)
