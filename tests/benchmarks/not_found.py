"""What is another's beside what does not exist: an answer that came sooner or later would tell which of them it is."""

from collections.abc import Mapping
from statistics import median
from time import perf_counter
from typing import Final, NamedTuple

import httpx

from api.main import create_app
from deploy.clock import now
from projections.all import ALL
from projections.workers import Workers
from tests.api.access.country import HOME, OVER, ROUND, WORD, Country, digest_of
from tests.api.asking import Json, as_, serving
from tests.benchmarks.house import Desk, command
from tests.benchmarks.measure import Goal, Heading, Line
from tests.benchmarks.sizes import Sizes
from tests.issuer import identity

_PAIRS: Final = 500
_MS: Final = 1_000
_SHARE: Final = 0.1
_OTHER: Final = HOME["1839"][0]
_NOBODY: Final = "9999999"
_LEAVE: Final = {"type": "leave_ended", "leave": "finnes-ikke", "last_day": "2026-01-31"}


class Pair(NamedTuple):
    """What another has, the same of what nobody has, who asks for both, and what is sent."""

    theirs: str
    nobodys: str
    actor: str = "kommune:1804"
    body: Json | None = None


def _of_doctor(what: str = "", body: Json | None = None) -> Pair:
    return Pair(f"doctors/{_OTHER}{what}", f"doctors/{_NOBODY}{what}", body=body)


PAIRS: Final[Mapping[str, Pair]] = {
    "a claim": Pair(f"claims/1839-{ROUND}", "claims/1839-2023"),
    "a claim, to a doctor": Pair(f"claims/1839-{ROUND}", "claims/1839-2023", f"lege:{HOME['1804'][0]}"),
    "an assessment": Pair(f"claims/1839-{ROUND}/assessments/1", "claims/1839-2023/assessments/1"),
    "a step": Pair(f"claims/1839-{ROUND}/steps", "claims/1839-2023/steps", body={"type": "close"}),
    "a document in ours": Pair(
        f"claims/1804-{ROUND}/documents/{digest_of('1839', _OTHER)}",
        f"claims/1804-{ROUND}/documents/sha256:{'0' * 64}",
    ),
    "a round": Pair(
        f"municipalities/1839/rounds/{ROUND}/calculation", f"municipalities/9999/rounds/{ROUND}/calculation"
    ),
    "a line": Pair(
        f"municipalities/1804/rounds/{ROUND}/calculation/{_OTHER}",
        f"municipalities/1804/rounds/{ROUND}/calculation/{_NOBODY}",
    ),
    "a municipality": Pair("municipalities/1839", "municipalities/9999"),
    "a doctor": _of_doctor(),
    "the facts of a doctor": _of_doctor("/facts"),
    "the state of a doctor": _of_doctor("/history"),
    "the history of a doctor": _of_doctor("/case-history"),
    "the meters of a doctor": _of_doctor("/meters"),
    "a fact of a doctor in common": Pair(
        f"doctors/{OVER}/facts/{WORD['1839']}-{OVER}-1", f"doctors/{OVER}/facts/{'x' * 16}1"
    ),
    "a previewed fact": _of_doctor("/facts/preview", _LEAVE),
    "a refused fact": _of_doctor("/facts", _LEAVE),
    "the doctors of a list": Pair(f"claims?doctor={_OTHER}", f"claims?doctor={_NOBODY}"),
}
"""What is asked of both."""


def not_found(at: Desk, _sizes: Sizes) -> list[Line | Heading]:
    """Pairs of both, asked in turns, one after the other."""
    heading = Heading("What is another municipality's beside what does not exist, over HTTP: medians of pairs")
    with (
        Workers(ALL, at.store, at.url),
        serving(create_app(at.casework, identity=identity(at.casework))) as address,
        httpx.Client(base_url=f"{address}/api/v1", headers=as_("kommune:1804"), timeout=60) as client,
    ):
        at.casework.book.publish_release(now(), lambda _: command(source="release"))
        Country(client, at.casework)
        return [heading, *(_line(client, what, both) for what, both in PAIRS.items())]


def _line(client: httpx.Client, what: str, both: Pair) -> Line:
    """The difference between the medians: at most a tenth of the answer, or a millisecond."""
    theirs: list[float] = []
    nobodys: list[float] = []
    method, headers, statuses = "POST" if both.body else "GET", as_(both.actor), set[int]()
    for turn in range(_PAIRS):
        order = ((theirs, both.theirs), (nobodys, both.nobodys))
        for taken, address in order if turn % 2 else reversed(order):
            begun = perf_counter()
            response = client.request(method, address, json=both.body, headers=headers)
            taken.append((perf_counter() - begun) * _MS)
            statuses.add(response.status_code)
    assert len(statuses) == 1, (what, statuses)
    one, other = median(theirs), median(nobodys)
    bound = max(1.0, _SHARE * other)
    return Line(what, (abs(one - other),), f"{one:.2f} and {other:.2f} ms", Goal("≤", round(bound, 2), " ms"), " ms")
