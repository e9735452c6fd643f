"""Given a municipality to which things have happened; then what is decided, or refused."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import reduce
from typing import Any, Final

import pytest

from domain.doctor.intake.typed import read_typed
from domain.municipality.deciding import Known, decide
from domain.municipality.events import BY_TYPE, MunicipalityEvent
from domain.municipality.state import Municipality, evolve
from domain.values.refusals.refusal import Refused, Rejected

BODO: Final = "972418013"
FIRM: Final = "974760673"
OFFICE: Final = "983974880"
KNOWN: Final = Known("Bodø", "972418013", {"972418013": "1804", "970542507": "1875"})
ROLES: Final = {"training_registered": "caseworker"}


def said(on: str, entry: str, kind: str, **fields: Any) -> MunicipalityEvent:  # noqa: ANN401 - as in a request
    """An event of Bodø as somebody registers it on a day."""
    ours = {
        "municipality": "1804",
        "recorded_at": datetime.fromisoformat(f"{on}T10:00:00").replace(tzinfo=UTC),
        "recorded_by": "kommune:1804",
    }
    return read_typed({"type": kind, **fields}, BY_TYPE, ours, {"entry": entry})


@dataclass(frozen=True)
class Given:
    """Bodø, and what is registered on it; `acting` is the role of who registers, where it is not who may."""

    municipality: Municipality = field(default_factory=Municipality)

    def after(self, on: str, entry: str, kind: str, **fields: Any) -> "Given":  # noqa: ANN401 - as above
        return Given(reduce(evolve, self.decided(on, entry, kind, **fields), self.municipality))

    def decided(
        self,
        on: str,
        entry: str,
        kind: str,
        acting: str = "",
        **fields: Any,  # noqa: ANN401 - as above
    ) -> tuple[MunicipalityEvent, ...]:
        acting = acting or ROLES.get(kind, "municipality")
        return decide(self.municipality, said(on, entry, kind, **fields), acting, KNOWN)

    def refuses(self, on: str, entry: str, kind: str, acting: str = "", **fields: Any) -> str:  # noqa: ANN401
        with pytest.raises((Refused, Rejected)) as found:
            self.decided(on, entry, kind, acting, **fields)
        why = found.value.problems[0].refusal if isinstance(found.value, Rejected) else found.value
        assert isinstance(why, Refused)
        assert str(why)
        return why.code


def engaged(on: str = "2026-01-10", **fields: Any) -> Given:  # noqa: ANN401 - as above
    """Bodø with a revisor firm."""
    days = {"first_day": "2026-01-01", **fields}
    return Given().after(on, "r1", "revisor_engaged", organisation_number=FIRM, **days)
