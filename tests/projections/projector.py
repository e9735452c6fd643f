"""A process that does nothing but project in small pages, for tests that kill it."""

from contextlib import closing
from multiprocessing.connection import Connection

from domain.casework.store import Store
from projections.all import ALL
from projections.generations import install
from projections.log import Log
from projections.running import Runner, connect
from tests.desk import MASTER_KEY


def project(url: str, most: int, told: Connection) -> None:
    """Bring everything level, again and again; say when it begins."""
    log = Log(Store(url, MASTER_KEY, 2))
    with closing(connect(url)) as connection:
        install(connection, ALL)
        runners = [Runner(projection, log, most=most) for projection in ALL]
        told.send("begins")
        while True:
            for runner in runners:
                runner.turn(connection)
