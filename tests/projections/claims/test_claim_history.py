"""The history of a claim as a person reads it."""

from typing import Final

from domain.claim.stream.events import ClaimEvent
from projections.claims.claim_history import Happening, history
from projections.claims.claims import events_of
from tests.claiming import NAME, Claiming, claiming
from tests.desk import Desk
from tests.scenario import Json, full_time

DOCTORS: Final = 14
FACTS: Final = full_time("2025-06-01").facts


def hprs(number: int = DOCTORS) -> list[str]:
    return [str(9_000_001 + n) for n in range(number)]


def opened(at: Desk, number: int = DOCTORS) -> Claiming:
    at.imports([fact | {"hpr": hpr} for hpr in hprs(number) for fact in FACTS])
    return claiming(at).opened()


def events(at: Desk) -> list[ClaimEvent]:
    return events_of(at.casework.claims.events(NAME))


def told(at: Desk) -> list[str]:
    return [each.said for each in history(events(at))]


def refused(hpr: str) -> Json:
    return {"hpr": hpr, "outcome": "refused", "kroner": 0, "reason_code": "other", "reason": "mangler"}


def test_lines_confirmed_alike_in_a_row_by_one_person_are_told_once(at: Desk) -> None:
    opened(at).confirmed()
    assert told(at)[2:] == ["14 søknadslinjer ble bekreftet: alt som er beregnet."]
    assert history(events(at))[2].at == events(at)[-1].recorded_at


def test_a_limit_is_told_by_itself_and_so_is_what_comes_after_it(at: Desk) -> None:
    claim = opened(at, 4)
    for hpr, limit in zip(hprs(4), (None, None, {"last_month": "2025-12"}, None), strict=True):
        claim.do("confirm_line", hpr=hpr, applied=limit)
    assert told(at)[2:] == [
        "To søknadslinjer ble bekreftet: alt som er beregnet.",
        "Linjen for lege 9000003 ble bekreftet med avgrensning: til og med desember 2025.",
        "Linjen for lege 9000004 ble bekreftet for alt som er beregnet.",
    ]


def test_of_many_lines_the_granted_and_confirmed_ones_are_counted_and_the_others_told(at: Desk) -> None:
    claim = opened(at).confirmed()
    claim.do("submit")
    claim.do("assess")
    claim.do("propose", lines=[refused("9000003")])
    [proposed] = [each for each in history(events(at)) if "foreslått: " in each.said]
    assert "13 innvilget og én avslått" in proposed.said
    assert lines_under(proposed) == ["9000003"]
    claim.do("approve")
    claim.do("pay")
    claim.do("request_attestation")
    assert lines_under(history(events(at))[-1]) == []
    assert "linjer" not in " ".join(history(events(at))[-1].more)


def lines_under(happened: Happening) -> list[str]:
    return [line.removeprefix("lege ").split(";")[0] for line in happened.more if line.startswith("lege ")]
