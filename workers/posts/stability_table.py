"""The stability of posts as a table."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from domain.values.places import place
from domain.values.words import day, grouped
from projections.posts.stability import Group, Stability, StabilityTable
from workers.shell.columns import columns

_HEAD: Final = (
    ("", "hjemler", "besatt", "samme lege", "leger", "sluttet", "leger per", "måneder", "ledige", "ledig", "snitt",
     "median"),
    ("", "", "nå", "hele tiden", "", "", "hjemmel", "", "måneder", "prosent", "måneder", "måneder"),
)  # fmt: skip
_HIDDEN: Final = "*"
_SMALL: Final = f"{_HIDDEN} gjelder færre enn fem personer, eller kunne vært brukt til å regne ut et slikt tall"


def stability_table(found: StabilityTable) -> str:
    """The figures by municipality, by class and as a whole, ending in a newline."""
    if found.whole is None:
        return "Ingen stilling er registrert med navnet på en hjemmel.\n"
    groups = [
        *((place(each.name), each) for each in found.municipalities),
        *((f"sentralitetsklasse {each.name}", each) for each in found.by_centrality_class),
        ("alle", found.whole),
    ]
    rows = [*_HEAD, *((name, *_cells(each)) for name, each in groups)]
    hidden = f"\n{_SMALL}\n" if any(_HIDDEN in row for row in rows) else ""
    explained = "Snitt og median er måneder per lege i hver hjemmel, også for leger som fortsatt har den.\n"
    return f"Hvor stabile hjemlene er per {day(found.until)}\n\n{columns(rows, 1)}\n{explained}{hidden}"


def _cells(of: Group) -> Iterator[str]:
    if of.figures is None:
        return (_HIDDEN for _ in _HEAD[0][1:])
    return map(_cell, _values(of.figures))


def _values(of: Stability) -> tuple[int | Decimal | None, ...]:
    return (
        of.posts, of.held, of.same_doctor, of.doctors, of.left, of.doctors_per_post, of.months, of.months_vacant,
        of.vacant_percent, of.mean_months, of.median_months,
    )  # fmt: skip


def _cell(value: int | Decimal | None) -> str:
    if value is None:
        return _HIDDEN
    return grouped(value) if isinstance(value, int) else str(value).replace(".", ",")
