"""A worker in a process of its own, with one slow projection: tells when a page is under way, until told to end."""

import sys
import time
from typing import ClassVar

from deploy.ending import told_to_end
from domain.store import Store
from projections.engine.log import Page
from projections.engine.projection import Projection, Table, Writer
from projections.workers import Workers

MASTER_KEY = bytes(range(32))


class Slow(Projection):
    """The last position of every page."""

    name: ClassVar[str] = "slow"
    table: ClassVar[Table] = Table("slow", {"last": "bigint"}, keys=1)

    def project(self, page: Page, writer: Writer) -> None:
        print("page", flush=True)
        time.sleep(1.5)
        writer.replace(self.table, [page.last], [(page.last,)])


if __name__ == "__main__":
    with told_to_end() as told:
        store = Store(sys.argv[1], MASTER_KEY)
        with Workers([Slow], store, sys.argv[1]):
            told.wait()
        store.close()
