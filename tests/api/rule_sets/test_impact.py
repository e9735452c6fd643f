"""What a rule set would do, over HTTP."""

from typing import Final

import httpx
import pytest

from domain.casework.service import Casework
from tests.api.asking import Json, as_, imported, problem, refusal
from tests.options import NEWER, NEWER_NUMBERS
from tests.scenario import BEIARN, BODO, full_time, lines_of, track

PROVISIONAL: Final = "nasjonal-alis-2026-provisional"
FINAL: Final = "nasjonal-alis-2026-final"
ADA: Final = as_("saksbehandler:ada")
KARI: Final = as_("rules:kari")
SOURCED: Final = {"basis": "assumed", "source": "prøven", "note": "Neste år."}
NEXT: Final[Json] = {
    "extends": PROVISIONAL,
    "id": "nasjonal-alis-2027",
    "title": "Nasjonal ALIS og veiledning 2027, utkast",
    "round": {"id": "2027", "first_day": "2026-06-01", "last_day": "2027-05-31", **SOURCED},
    "values": {"hourly_rate": {"value": "1420", **SOURCED}} | NEWER_NUMBERS,
    "options": NEWER,
}
OTHER: Final = track("2024-10-01", hpr="9000002").position("p1", BEIARN).agreement("a1", BEIARN)


@pytest.fixture
def two_municipalities(client: httpx.Client, casework: Casework) -> httpx.Client:
    """A doctor in Bodø and one in Beiarn, both with posts that go on."""
    for told in (full_time(), OTHER):
        imported(casework, lines_of(told.facts))
    return client


def asked(client: httpx.Client, rules: str, headers: dict[str, str]) -> Json:
    response = client.get(f"rule-sets/{rules}/impact", headers=headers)
    assert response.status_code == 200, response.text
    found: Json = response.json()
    return found


def test_a_draft_for_next_year_is_laid_beside_the_last_published_and_says_so(two_municipalities: httpx.Client) -> None:
    assert two_municipalities.post("rule-sets", json=NEXT, headers=KARI).status_code == 201
    found = asked(two_municipalities, "nasjonal-alis-2027", ADA)
    assert (found["laid_over"], found["published"], found["published_round"], found["round"]) == (
        True,
        PROVISIONAL,
        "2026",
        "2027",
    )
    assert found["compared"].startswith("Tilskuddsperioden 2027 har ikke noe kunngjort regelsett. ")
    assert {line["municipality"]: line["before"] for line in found["lines"]} == {BODO: 291_156, BEIARN: 491_156}
    # 53 kr x (0.60 x 160 h + 1.15 x 57.5 h) x 1.05 each
    assert {line["difference"] for line in found["lines"]} == {9_022}
    assert found["total"]["percent"] == "2.3"
    assert sum(each["difference"] for each in found["by_element"]) == found["total"]["difference"]


def test_a_municipality_sees_its_own_lines_and_nothing_of_others(two_municipalities: httpx.Client) -> None:
    found = asked(two_municipalities, FINAL, as_(f"kommune:{BODO}"))
    assert [line["municipality"] for line in found["lines"]] == [BODO]
    assert (found["total"]["lines"], [each["key"] for each in found["by_municipality"]]) == (1, [BODO])
    assert OTHER.hpr not in str(found)
    nobody = asked(two_municipalities, FINAL, as_("kommune:0301"))
    assert (nobody["lines"], nobody["by_centrality_class"], nobody["total"]["before"]) == ([], [], 0)


def test_what_is_not_there_or_has_nothing_before_it_is_refused(client: httpx.Client) -> None:
    assert refusal(client.get("rule-sets/no-such/impact", headers=ADA)) == (404, "unknown-rule-set")
    first = client.get("rule-sets/nasjonal-alis-2022/impact", headers=ADA)
    assert refusal(first) == (404, "before-all-rules")
    assert problem(first)["detail"] == "Det er ikke kunngjort noe regelsett for 1. januar 2022 eller tiden før."


def test_the_same_answer_is_not_sent_twice(two_municipalities: httpx.Client) -> None:
    address = f"rule-sets/{FINAL}/impact"
    first = two_municipalities.get(address, headers=ADA)
    again = two_municipalities.get(address, headers={**ADA, "If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
