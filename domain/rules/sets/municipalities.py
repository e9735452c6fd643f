"""Municipalities: a stable identity behind dated codes, and the centrality of a year."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from domain.values.refusals.refusal import refused


@dataclass(frozen=True, slots=True)
class Municipality:
    """A municipality as a list of one year has it."""

    code: str
    name: str
    centrality_class: int
    centrality_index: int
    organisation_number: str | None


@dataclass(frozen=True, slots=True)
class MunicipalityList:
    """One year's municipalities, with the ended codes that lead to them."""

    digest: str
    by_code: Mapping[str, Municipality]
    successors: Mapping[str, str]

    def current(self, code: str) -> str:
        """The code of this list that a code, also an ended one, stands for.

        Raises `Refused` (unknown-municipality) for a code that never was.
        """
        found = self.successors.get(code, code)
        if found not in self.by_code:
            raise refused("unknown-municipality", municipality=code)
        return found

    def codes_of(self, code: str) -> list[str]:
        """Every code, also ended ones, that stands for a municipality of this list."""
        return [code, *(old for old, new in self.successors.items() if new == code)]

    def centrality_class(self, code: str) -> int:
        """The centrality class (1 to 6) of a municipality, by any of its codes."""
        return self.by_code[self.current(code)].centrality_class


def municipality_list(
    digest: str, rows: Iterable[Mapping[str, str]], ended: Iterable[Mapping[str, str]]
) -> MunicipalityList:
    """Make a list of the rows of the two files (see `domain/rulebook/sets/README.md`)."""
    return MunicipalityList(
        digest,
        {
            row["municipality"]: Municipality(
                row["municipality"],
                row["name"],
                int(row["centrality_class"]),
                int(row["centrality_index"]),
                row["organisation_number"] or None,
            )
            for row in rows
        },
        {row["code"]: row["successor"] for row in ended},
    )
