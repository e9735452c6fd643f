"""Valid histories at random: a doctor's facts in the order they became known, each at a moment of its own.

Each step draws a fact that looks at what is known; what the regulation of facts refuses is left out, so that
what remains is valid, however odd. Days lie thickest in the round and at the edges of months.
"""

import calendar
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Final

from hypothesis import strategies as st
from pydantic_core import to_json

from domain.doctor.facts.facts import FACT
from domain.doctor.history import History, decide, evolve
from domain.rulebook.release import release_reference
from domain.values.refusals.refusal import Refused
from tests.scenario import BEIARN, BODO, Json

HPR: Final = "9000001"
MUNICIPALITIES: Final = (BODO, BEIARN)
LAST: Final = date(2026, 7, 31)
KINDS: Final = ("parental", "sick", "statutory", "agreed", "other")
CATEGORIES: Final = ("gp", "gp", "gp_locum", "introductory", "other_municipal")
PERCENTS: Final = st.sampled_from([100, 100, 80, 60, 50, 20, 33.33, "66.67", "12.5", 0.01])
LEAVE_PERCENTS: Final = st.sampled_from([None, 100, 50, 40, 60, 33.33, "99.99"])


def days(first: date = date(2025, 4, 1), last: date = LAST) -> st.SearchStrategy[date]:
    """A day between two, often the first or the last of a month."""
    first = min(first, last)
    plain = st.dates(first, last)
    edges = st.one_of(plain.map(lambda day: day.replace(day=1)), plain.map(_month_end))
    return st.one_of(plain, edges.map(lambda day: min(max(day, first), last)))


def _month_end(day: date) -> date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def _later(draw: st.DrawFn, first: date) -> str | None:
    """No last day, or one some days later."""
    length = draw(st.sampled_from([None, 0, 6, 27, 30, 60, 91, 92, 180]))
    return None if length is None else (first + timedelta(days=length)).isoformat()


class _Chronicle:
    """What has been drawn so far, and what is known by it."""

    def __init__(self) -> None:
        self.facts: list[Json] = []
        self.history = History()
        self.moment = datetime(2019, 1, 1, 9, tzinfo=UTC)

    def tell(self, fields: Json) -> None:
        """Add a fact, unless it is refused."""
        self.moment += timedelta(seconds=1)
        head = {
            "id": f"f{len(self.facts) + 1}",
            "hpr": HPR,
            "recorded_at": self.moment.isoformat(),
            "recorded_by": "caseworker:ab",
        }
        correction = fields["type"] == "fact_corrected"
        told = head | {name: value for name, value in fields.items() if correction or value is not None}
        fact = FACT.validate_json(to_json(told))
        try:
            decide(self.history, fact, release_reference())
        except Refused:
            return
        self.history = evolve(self.history, fact)
        self.facts.append(told)

    def new(self, letter: str) -> str:
        return f"{letter}{len(self.facts) + 1}"


Step = Callable[[st.DrawFn, _Chronicle], Json | None]


def _some(draw: st.DrawFn, things: Sequence[str]) -> str | None:
    return draw(st.sampled_from(things)) if things else None


def _post(draw: st.DrawFn, told: _Chronicle, first: date, last: str | None) -> Json:
    return {
        "position": told.new("p"),
        "municipality": draw(st.sampled_from(MUNICIPALITIES)),
        "category": draw(st.sampled_from(CATEGORIES)),
        "percent": draw(PERCENTS),
        "first_day": first.isoformat(),
        **({"last_day": last} if last else {}),
    }


def _position(draw: st.DrawFn, told: _Chronicle) -> Json:
    first = draw(days())
    return {"type": "position_started", **_post(draw, told, first, _later(draw, first))}


def _changed(draw: st.DrawFn, told: _Chronicle) -> Json | None:
    positions = told.history.doctor.track.positions
    name = _some(draw, list(positions))
    if name is None:
        return None
    held = positions[name]
    fields: Json = draw(st.fixed_dictionaries({}, optional={"percent": PERCENTS, "title": st.just("lege")}))
    if not fields or draw(st.booleans()):
        fields["category"] = draw(st.sampled_from(CATEGORIES))
    day = draw(days(held.first_day, min(held.last_day or LAST, LAST)))
    return {"type": "position_changed", "position": name, "first_day": day.isoformat(), **fields}


def _ended(draw: st.DrawFn, told: _Chronicle) -> Json | None:
    name = _some(draw, list(told.history.doctor.track.positions))
    last = draw(days())
    if name is None:
        return None
    if draw(st.booleans()):
        return {"type": "position_ended", "position": name, "last_day": last.isoformat()}
    first = last + timedelta(days=draw(st.sampled_from([1, 1, 2, 30])))
    new = _post(draw, told, first, _later(draw, first))
    return {"type": "job_switched", "position": name, "last_day": last.isoformat(), "new": new}


def _leave(draw: st.DrawFn, told: _Chronicle) -> Json:
    first = draw(days(date(2021, 1, 1)) if draw(st.booleans()) else days())
    fields = {"leave": told.new("l"), "kind": draw(st.sampled_from(KINDS)), "percent": draw(LEAVE_PERCENTS)}
    return {"type": "leave_registered", "first_day": first.isoformat(), "last_day": _later(draw, first), **fields}


def _hospital(draw: st.DrawFn, told: _Chronicle) -> Json:
    ends = [p.last_day + timedelta(days=1) for p in told.history.doctor.track.positions.values() if p.last_day]
    after_a_post = bool(ends) and draw(st.booleans())
    first = draw(st.sampled_from(ends)) if after_a_post else draw(days())
    fields = {"service": told.new("s"), "institution": "Sykehuset", "municipal": draw(st.sampled_from([False, True]))}
    span = {"first_day": first.isoformat(), "last_day": _later(draw, first)}
    return {"type": "institutional_service_registered", **fields, **span}


def _agency(draw: st.DrawFn, told: _Chronicle) -> Json:
    first = draw(days())
    span = {"first_day": first.isoformat(), "last_day": _later(draw, first)}
    return {"type": "agency_affiliation_registered", "affiliation": told.new("t"), "agency": "Vikar AS", **span}


def _interruption(draw: st.DrawFn, told: _Chronicle) -> Json:
    first = draw(days())
    span = {"first_day": first.isoformat(), "last_day": _later(draw, first)}
    return {"type": "track_interrupted", "interruption": told.new("i"), **span}


def _end_of_something(draw: st.DrawFn, told: _Chronicle) -> Json | None:
    track, last = told.history.doctor.track, draw(days()).isoformat()
    kinds: list[tuple[str, str, str, Sequence[str]]] = [
        ("leave_ended", "leave", "last_day", list(track.leaves)),
        ("institutional_service_ended", "service", "last_day", list(track.services)),
        ("agency_affiliation_ended", "affiliation", "last_day", list(track.affiliations)),
        ("track_resumed", "interruption", "on", list(track.interruptions)),
        ("agreement_ended", "agreement", "last_day", list(told.history.doctor.agreements)),
    ]
    possible = [kind for kind in kinds if kind[3]]
    if not possible:
        return None
    kind, name, field, things = draw(st.sampled_from(possible))
    return {"type": kind, name: draw(st.sampled_from(things)), field: last}


def _track(draw: st.DrawFn, _: _Chronicle) -> Json:
    """The track ends, is converted, or begins again; mostly only one of them is possible."""
    on = draw(days()).isoformat()
    kind = draw(st.sampled_from(["track_discontinued", "track_completed", "track_converted", "track_started"]))
    return {"type": kind, "on": on, "scheme": "new" if kind == "track_started" else None}


def _agreement(draw: st.DrawFn, told: _Chronicle) -> Json:
    first = draw(days(date(2020, 6, 1)) if draw(st.booleans()) else days())
    signed = first + timedelta(days=draw(st.sampled_from([0, 0, -20, 10, 45])))
    fields = {"agreement": told.new("a"), "municipality": draw(st.sampled_from(MUNICIPALITIES)), "template": "hdir"}
    span = {"signed_on": signed.isoformat(), "first_day": first.isoformat(), "last_day": _later(draw, first)}
    return {"type": "agreement_signed", **fields, **span}


def _amended(draw: st.DrawFn, told: _Chronicle) -> Json | None:
    name = _some(draw, list(told.history.doctor.agreements))
    first = draw(days())
    if name is None:
        return None
    last = (first + timedelta(days=draw(st.sampled_from([0, 30, 200])))).isoformat()
    fields = {"agreement": name, "signed_on": first.isoformat(), "first_day": first.isoformat(), "last_day": last}
    return {"type": "agreement_amended", **fields}


def _correction(draw: st.DrawFn, told: _Chronicle) -> Json | None:
    """Withdraw a fact, or replace a field that it has."""
    plain = [fact for fact in told.facts if fact["type"] != "fact_corrected"]
    fact = draw(st.sampled_from(plain))
    possible: list[Json | None] = [None]
    possible += [{name: draw(days()).isoformat()} for name in ("on", "first_day", "last_day") if name in fact]
    possible += [{"last_day": None}] if "last_day" in fact else []
    possible += [{"percent": draw(PERCENTS)}] if "percent" in fact else []
    possible += [{"category": draw(st.sampled_from(CATEGORIES))}] if "category" in fact else []
    possible += [{"kind": draw(st.sampled_from(KINDS))}] if "leave" in fact and "kind" in fact else []
    possible += [{"new": {**fact["new"], "percent": draw(PERCENTS)}}] if "new" in fact else []
    replacement = draw(st.sampled_from(possible))
    return {"type": "fact_corrected", "corrects": fact["id"], "replacement": replacement, "reason": "feil"}


_STEPS: Final[Sequence[Step]] = (
    *(_position, _position, _changed, _changed, _ended, _ended, _leave, _leave, _hospital, _agency, _interruption),
    *(_end_of_something, _track, _agreement, _agreement, _amended, _correction, _correction),
)


@st.composite
def histories(draw: st.DrawFn, most: int = 10) -> list[Json]:
    """The facts of one doctor, in the order they became known, at moments that all differ."""
    told = _Chronicle()
    start = draw(days(date(2020, 1, 1), date(2025, 6, 30)))
    told.tell(
        {"type": "track_started", "on": start.isoformat(), "scheme": draw(st.sampled_from(["new", "new", "old"]))}
    )
    post = {"category": draw(st.sampled_from(CATEGORIES)), "percent": draw(PERCENTS), "first_day": start.isoformat()}
    told.tell({"type": "position_started", "position": "p0", "municipality": BODO, **post})
    signed = {"signed_on": start.isoformat(), "first_day": start.isoformat(), "template": "hdir-2023"}
    told.tell({"type": "agreement_signed", "agreement": "a0", "municipality": BODO, **signed})
    for step in draw(st.lists(st.sampled_from(_STEPS), max_size=most)):
        told.moment += timedelta(days=draw(st.sampled_from([0, 1, 40])))
        fields = step(draw, told)
        if fields is not None:
            told.tell(fields)
    return told.facts
