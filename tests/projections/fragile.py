"""A projection that counts a doctor's events, and fails at one of them until it is mended."""

from typing import ClassVar

from projections.engine.log import Page
from projections.engine.projection import Projection, Table, Writer


class Fragile(Projection):
    """The number of events of each doctor; it cannot take the fact with the id `poison`."""

    name: ClassVar[str] = "fragile"
    table: ClassVar[Table] = Table("fragile", {"hpr": "text", "events": "integer"}, keys=1)
    mended: ClassVar[bool] = False

    def project(self, page: Page, writer: Writer) -> None:
        for doctors in page.touched():
            if not self.mended and any(each.fact.id == "poison" for known in doctors for each in known.logged):
                raise ValueError("cannot take this")
            rows = [(known.hpr, len(known.logged)) for known in doctors]
            writer.replace(self.table, [hpr for hpr, _ in rows], rows)


class Convalescent(Fragile):
    """The same where a doctor is well again as soon as something else is known."""

    def project(self, page: Page, writer: Writer) -> None:
        for doctors in page.touched():
            if any(known.logged[-1].fact.id == "poison" for known in doctors):
                raise ValueError("cannot take this")
            rows = [(known.hpr, len(known.logged)) for known in doctors]
            writer.replace(self.table, [hpr for hpr, _ in rows], rows)


class Indexed(Fragile):
    """The same with all workplaces in an index, which has a limit to the size of a row."""

    mended: ClassVar[bool] = True
    table: ClassVar[Table] = Table("fragile", {"hpr": "text", "workplaces": "text"}, keys=1, indexes=("workplaces",))

    def project(self, page: Page, writer: Writer) -> None:
        for doctors in page.touched():
            rows = [
                (known.hpr, " ".join(str(getattr(each.fact, "workplace", "")) for each in known.logged))
                for known in doctors
            ]
            writer.replace(self.table, [row[0] for row in rows], rows)


class Hopeless(Fragile):
    """One that can take nobody."""

    def project(self, page: Page, writer: Writer) -> None:
        for doctors in page.touched():
            raise ValueError(f"cannot take {len(doctors)} of {writer.generation}")


class Mended(Fragile):
    """The same after the mend."""

    mended: ClassVar[bool] = True


class Reshaped(Fragile):
    """The same with a column more."""

    mended: ClassVar[bool] = True
    table: ClassVar[Table] = Table("fragile", {"hpr": "text", "events": "integer", "more": "integer"}, keys=1)

    def project(self, page: Page, writer: Writer) -> None:
        for doctors in page.touched():
            rows = [(known.hpr, len(known.logged), -len(known.logged)) for known in doctors]
            writer.replace(self.table, [row[0] for row in rows], rows)


class Wrong(Fragile):
    """The same shape, but other rows."""

    mended: ClassVar[bool] = True

    def project(self, page: Page, writer: Writer) -> None:
        for doctors in page.touched():
            rows = [(known.hpr, 0) for known in doctors]
            writer.replace(self.table, [hpr for hpr, _ in rows], rows)
