"""Posts over HTTP, with real workers beside the service."""

from collections.abc import Iterator
from typing import Final
from xml.etree import ElementTree as ET

import httpx
import pytest

from domain.casework.service import Casework
from domain.store import Store
from projections.posts.holdings import PostHoldings
from projections.workers import Workers
from tests.api.asking import CLERK, Json, as_, engage, errors, imported, refusal
from tests.scenario import BEIARN, BODO, Told, lines_of, track

KNOWN: Final = "2025-06-15T12:00:00Z"
CASEWORKER: Final = as_("saksbehandler:ada")
SVG: Final = "{http://www.w3.org/2000/svg}"


def holder(hpr: str, first: str, last: str | None = None, post: str = "Sentrum 1", where: str = BODO) -> Told:
    return track("2024-01-01", hpr=hpr).position("p1", where, first, last_day=last, post=post)


@pytest.fixture
def asked(client: httpx.Client, casework: Casework, store: Store, database_url: str) -> Iterator[httpx.Client]:
    engage(client, "1804", "1839")
    """The service with three doctors in two municipalities."""
    told = [
        holder("9000001", "2024-10-01", "2025-01-10").add("doctor_named", name="Per Vik"),
        holder("9000002", "2025-03-01"),
        holder("9000003", "2025-02-01", post="Moldjord", where=BEIARN),
    ]
    with Workers([PostHoldings], store, database_url):
        imported(casework, lines_of(fact for each in told for fact in each.facts))
        yield client


def posts(client: httpx.Client, headers: dict[str, str], **query: str) -> dict[tuple[str, str], str]:
    """The posts as known at a moment: the number of the doctor who has each month, or a point."""
    found = client.get("posts", params={"known_at": KNOWN, **query}, headers=headers)
    assert found.status_code == 200, found.text
    return {
        (each["municipality"], each["name"]): "".join(str(month["holder"] or ".") for month in each["months"])
        for each in found.json()["posts"]
    }


def test_a_caseworker_sees_all_posts_and_a_municipality_its_own(asked: httpx.Client) -> None:
    bodo, beiarn = {(BODO, "Sentrum 1"): "1111.2222"}, {(BEIARN, "Moldjord"): "11111"}
    assert posts(asked, CASEWORKER) == bodo | beiarn
    assert posts(asked, CASEWORKER, municipality=BEIARN) == beiarn
    assert posts(asked, as_(f"kommune:{BODO}")) == bodo
    assert posts(asked, as_(f"person:kari; role=revisor; organisation={BEIARN}")) == beiarn


def test_the_holders_have_names_for_those_who_may_see_them(asked: httpx.Client) -> None:
    seen = {"kommune:1804": {"9000001": "Per Vik"}, "kommune:1839": {}, "auditor:gh": {}}
    for actor, names in (seen | {"saksbehandler:ada": seen["kommune:1804"]}).items():
        found = asked.get("posts", params={"known_at": KNOWN}, headers=as_(actor))
        assert found.json()["names"] == names, actor


def test_anothers_posts_are_answered_as_those_of_a_municipality_without_any(asked: httpx.Client) -> None:
    bodo = as_(f"kommune:{BODO}")
    for address in ("posts", "posts/squares"):
        other = asked.get(address, params={"municipality": BEIARN, "known_at": KNOWN}, headers=bodo)
        none = asked.get(address, params={"municipality": "1875", "known_at": KNOWN}, headers=bodo)
        assert other.status_code == 200
        assert (other.content, other.headers["etag"]) == (none.content, none.headers["etag"])


@pytest.mark.parametrize("address", ["posts", "posts/squares"])
def test_who_sees_no_posts_is_told_so(asked: httpx.Client, address: str) -> None:
    for role in ("operator", "doctor", "rules"):
        found = asked.get(address, headers=as_(f"person:kari; role={role}"))
        assert refusal(found) == (403, "wrong-role")
    assert refusal(asked.get(address, params={"municipality": "9999"}, headers=CASEWORKER)) == (
        404,
        "unknown-municipality",
    )
    assert errors(asked.get(address, params={"cursor": "x"}, headers=CASEWORKER)) == [("cursor", "bad-text")]


def test_the_posts_of_now_follow_a_fact_that_was_just_registered(asked: httpx.Client) -> None:
    last = asked.post(
        "doctors/9000003/facts",
        json={"type": "position_ended", "position": "p1", "last_day": "2025-03-31"},
        headers=CLERK,
    )
    waiting = {**CASEWORKER, "Prefer": "wait=10", "Alis-After": last.headers["alis-command"]}
    now = asked.get("posts", headers=waiting).json()
    [moldjord, sentrum] = sorted(now["posts"], key=lambda post: str(post["name"]))
    assert [month["holder"] for month in moldjord["months"]][:4] == [1, 1, None, None]
    assert moldjord["held_by"] == []
    assert sentrum["held_by"] == ["9000002"]
    assert sentrum["holders"][0] == {
        "number": 1,
        "hpr": "9000001",
        "periods": [{"first_day": "2024-10-01", "last_day": "2025-01-10"}],
        "months": 4,
    }
    assert sentrum["months"][-1]["month"] == now["until"][:7]


def test_posts_are_listed_page_by_page(asked: httpx.Client) -> None:
    response = asked.get("posts", params={"known_at": KNOWN, "limit": "1"}, headers=CASEWORKER)
    names = [each["name"] for each in response.json()["posts"]]
    following = asked.get(asked.base_url.join(response.links["next"]["url"]), headers=CASEWORKER).json()
    assert [*names, *(each["name"] for each in following["posts"])] == ["Sentrum 1", "Moldjord"]
    assert following["next"] is None


def test_the_squares_have_a_colour_for_each_month_and_the_same_in_words(asked: httpx.Client) -> None:
    found = asked.get("posts/squares", params={"known_at": KNOWN}, headers=CASEWORKER)
    assert found.headers["content-type"].startswith("image/svg+xml")
    drawing = ET.fromstring(found.text)  # noqa: S314 - our own
    said = drawing.findtext(f"{SVG}desc") or ""
    assert "Bodø (1804), Sentrum 1: lege 1 fra oktober 2024 til januar 2025, ledig i februar 2025 og lege 2 fra" in said
    pointed = [title.text for title in drawing.iter(f"{SVG}title")][1:]
    assert len(pointed) == 9 + 5
    assert pointed[4] == "februar 2025: ledig"
    assert "HPR-nummer 9000003" in str(pointed[-1])
    unchanged = asked.get(
        "posts/squares", params={"known_at": KNOWN}, headers={**CASEWORKER, "If-None-Match": found.headers["etag"]}
    )
    assert unchanged.status_code == 304


def test_a_drawing_of_no_posts_is_a_drawing(asked: httpx.Client) -> None:
    found = asked.get("posts/squares", params={"known_at": "2024-01-31T00:00:00Z"}, headers=CASEWORKER)
    drawing = ET.fromstring(found.text)  # noqa: S314 - our own
    assert "ingen hjemler" in (drawing.findtext(f"{SVG}desc") or "")


def test_the_figures_are_whole_for_caseworkers_and_a_municipality_reads_its_own_without_small_cells(
    asked: httpx.Client,
) -> None:
    def stable(actor: str) -> Json:
        found: Json = asked.get("posts/stability", params={"known_at": KNOWN}, headers=as_(actor)).json()
        return found

    whole = stable("saksbehandler:ada")
    assert {each["name"]: each["figures"]["doctors"] for each in whole["municipalities"]} == {BODO: 2, BEIARN: 1}
    assert whole["whole"]["figures"]["mean_months"] == "4.3"
    assert stable("auditor:per")["municipalities"] == [
        {"name": BODO, "figures": None},
        {"name": BEIARN, "figures": None},
    ]
    own = stable(f"kommune:{BODO}")
    assert own["municipalities"] == [{"name": BODO, "figures": None}]
    assert own["whole"] == {"name": "all", "figures": None}
