"""A projection that counts a doctor's events, and fails at one of them until it is mended."""

from typing import ClassVar

from projections.log import Page
from projections.projection import Projection, Table, Writer


class Fragile(Projection):
    """The number of events of each doctor; it cannot take the fact with the id `poison`."""

    name: ClassVar[str] = "fragile"
    table: ClassVar[Table] = Table("fragile", {"hpr": "text", "events": "integer"}, keys=1)
    mended: ClassVar[bool] = False

    def project(self, page: Page, writer: Writer) -> None:
        for doctors in page.touched():
            if not self.mended and any(each.fact.id == "poison" for known in doctors for each in known.told):
                raise ValueError("cannot take this")
            rows = [(known.hpr, len(known.told)) for known in doctors]
            writer.replace(self.table, [hpr for hpr, _ in rows], rows)


class Mended(Fragile):
    """The same after the mend."""

    mended: ClassVar[bool] = True


class Reshaped(Fragile):
    """The same with a column more."""

    mended: ClassVar[bool] = True
    table: ClassVar[Table] = Table("fragile", {"hpr": "text", "events": "integer", "more": "integer"}, keys=1)

    def project(self, page: Page, writer: Writer) -> None:
        for doctors in page.touched():
            rows = [(known.hpr, len(known.told), -len(known.told)) for known in doctors]
            writer.replace(self.table, [row[0] for row in rows], rows)


class Wrong(Fragile):
    """The same shape, but other rows."""

    mended: ClassVar[bool] = True

    def project(self, page: Page, writer: Writer) -> None:
        for doctors in page.touched():
            rows = [(known.hpr, 0) for known in doctors]
            writer.replace(self.table, [hpr for hpr, _ in rows], rows)
