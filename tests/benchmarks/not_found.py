"""What is another's beside what does not exist: an answer that came sooner or later would tell which of them it is."""

from collections.abc import Mapping
from statistics import median
from time import perf_counter
from typing import Final

import httpx

from api.main import create_app
from deploy.clock import now
from projections.all import ALL
from projections.workers import Workers
from tests.api.access.country import HOME, ROUND, Country
from tests.api.asking import as_, serving
from tests.benchmarks.house import Desk, command
from tests.benchmarks.measure import Goal, Heading, Line
from tests.issuer import identity

_PAIRS: Final = 500
_MS: Final = 1_000
_SHARE: Final = 0.1
_OTHER: Final = HOME["1839"][0]
_NOBODY: Final = "9999999"
PAIRS: Final[Mapping[str, tuple[str, str]]] = {
    "a claim": (f"claims/1839-{ROUND}", "claims/1839-2023"),
    "an assessment": (f"claims/1839-{ROUND}/assessments/1", f"claims/1839-{ROUND}/assessments/9"),
    "a round": (f"municipalities/1839/rounds/{ROUND}/calculation", f"municipalities/9999/rounds/{ROUND}/calculation"),
    "a line": (
        f"municipalities/1804/rounds/{ROUND}/calculation/{_OTHER}",
        f"municipalities/1804/rounds/{ROUND}/calculation/{_NOBODY}",
    ),
    "a doctor": (f"doctors/{_OTHER}", f"doctors/{_NOBODY}"),
    "the facts of a doctor": (f"doctors/{_OTHER}/facts", f"doctors/{_NOBODY}/facts"),
}
"""What another municipality has, and the same of what nobody has."""


def not_found(at: Desk) -> list[Line | Heading]:
    """Pairs of both, asked in turns as a municipality, one after the other."""
    heading = Heading("What is another municipality's beside what does not exist, over HTTP: medians of pairs")
    with (
        Workers(ALL, at.store, at.url),
        serving(create_app(at.casework, identity=identity(at.casework))) as address,
        httpx.Client(base_url=f"{address}/api/v1", headers=as_("kommune:1804"), timeout=60) as client,
    ):
        at.casework.book.publish_release(now(), lambda _: command(source="release"))
        Country(client, at.casework)
        return [heading, *(_line(client, what, both) for what, both in PAIRS.items())]


def _line(client: httpx.Client, what: str, both: tuple[str, str]) -> Line:
    """The difference between the medians: at most a tenth of the answer, or a millisecond."""
    theirs: list[float] = []
    nobodys: list[float] = []
    for turn in range(_PAIRS):
        order = ((theirs, both[0]), (nobodys, both[1]))
        for taken, address in order if turn % 2 else reversed(order):
            begun = perf_counter()
            response = client.get(address)
            taken.append((perf_counter() - begun) * _MS)
            assert response.status_code == httpx.codes.NOT_FOUND, response.text
    one, other = median(theirs), median(nobodys)
    bound = max(1.0, _SHARE * other)
    return Line(what, (abs(one - other),), f"{one:.2f} and {other:.2f} ms", Goal("≤", round(bound, 2), " ms"), " ms")
