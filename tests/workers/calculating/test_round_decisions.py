"""`alis replay --all`: beside each municipality's result, whether what was decided still is what is computed."""

import json

import pytest

from tests.claiming import claiming
from tests.desk import desk
from tests.scenario import BEIARN, BODO, full_time, track
from tests.workers.test_cli import alis

OTHER = track("2025-06-01", hpr="9000002").position("p1", BODO).agreement("a1", BODO)
ELSEWHERE = track("2025-06-01", hpr="9000003").position("p1", BEIARN).agreement("a1", BEIARN)
ALL = ("replay", "--all", "--round", "2026")


def away(hpr: str) -> dict[str, object]:
    leave = full_time("2025-06-01").known("2026-08-20").leave("l1", "2026-01-10", "2026-02-05").facts[-1]
    return {**leave, "hpr": hpr, "id": "late"}


@pytest.mark.parametrize(
    ("late", "sentence"),
    [
        ([], "alle linjene er som vedtatt"),
        (["9000002"], "linjen for 9000002 er ikke lenger som vedtatt"),
        (["9000001", "9000002"], "linjene for 9000001 og 9000002 er ikke lenger som vedtatt"),
    ],
)
def test_what_later_knowledge_does_to_a_decision_is_told_and_is_no_failure(
    database_url: str, late: list[str], sentence: str
) -> None:
    with desk(database_url) as at:
        at.publishes()
        at.imports([*full_time("2025-06-01").facts, *OTHER.facts, *ELSEWHERE.facts])
        claiming(at).decided()
        for hpr in late:
            at.imports([away(hpr)])
    decided, undecided = map(json.loads, alis(*ALL, ALIS_DATABASE_URL=database_url).out.splitlines())
    assert decided["decision"] == {"claim": "1804-2026", "number": 1, "holds": not late, "lines": late}
    assert "decision" not in undecided
    ended = alis(*ALL, "--format", "table", ALIS_DATABASE_URL=database_url)
    assert (ended.code, ended.err) == (0, "")
    assert [line for line in ended.out.splitlines() if line.startswith("Vedtak")] == [
        f"Vedtak 1 på tilskuddssøknad 1804-2026: {sentence}"
    ]
