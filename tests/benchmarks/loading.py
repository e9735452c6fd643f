"""Loading and folding a doctor of fifty events, against selecting the same rows."""

from itertools import cycle, islice
from uuid import UUID

from domain.casework.facts.cases import case_of
from domain.doctor.history import history_of
from domain.values.streams import track_id
from tests.benchmarks import raw
from tests.benchmarks.house import Desk, stories
from tests.benchmarks.measure import Goal, Heading, Line, in_turns, ratio, stopped
from tests.benchmarks.sizes import LOADED, Sizes
from tests.benchmarks.stories import facts, new_doctors

_DOCTORS = 60
UNIT = "doctors/s"


def loading(desk: Desk, sizes: Sizes) -> list[Line | Heading]:
    """As a command does that meets a doctor for the first time: read, decrypt, decode, fold."""
    doctors = new_doctors(_DOCTORS)
    told = stories(doctors, (LOADED,))
    desk.take_in([fact for story in told for fact in story])
    raw.prepare_tables(desk.url)
    for hpr, story in zip(doctors, told, strict=True):
        case = case_of(desk.store.facts_of([track_id(hpr)]))
        assert case.history == history_of(facts(story))
        assert len(case.facts) == LOADED
    asked = [track_id(hpr) for hpr in islice(cycle(doctors), sizes.loads)]
    speeds = in_turns(
        {
            "ours": lambda: _load(desk, asked),
            "key": lambda: _load(desk, asked, forget=True),
            "raw": lambda: raw.select(desk.beside, asked),
        },
        sizes.load_rounds,
    )
    return [
        Heading(f"Load and fold one doctor of {LOADED} events: read, decrypt, decode, fold"),
        ratio("÷ raw SELECT of the rows", speeds, ("ours", "raw"), UNIT, Goal("≥", 0.3)),
        ratio("the doctor's key not open yet ÷ raw SELECT", speeds, ("key", "raw"), UNIT),
    ]


def _load(desk: Desk, doctors: list[UUID], *, forget: bool = False) -> float:
    with stopped() as watch:
        for doctor in doctors:
            if forget:
                desk.store.keys.forget(doctor)
            case = case_of(desk.store.facts_of([doctor]))
            assert len(case.facts) == LOADED
    return len(doctors) / watch.seconds
