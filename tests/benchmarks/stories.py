"""Doctors made up for the benchmarks: always the same ones, valid by the rules, told as contract.md writes facts.

A doctor begins with a track, a post, an agreement and a supervisor; then comes what a caseworker registers between
then and the end of the round 2026, spread over the time there is. The HPR number alone decides the story.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import accumulate, count
from random import Random
from typing import Any, Final

from domain.doctor.facts.fact import Fact
from domain.doctor.facts.facts import FACT
from domain.rulebook.release import release_reference

Json = dict[str, Any]
ROUND: Final = "2026"
_END: Final = date(2026, 5, 31)
_BEGINNINGS: Final = [date(year, month, 1) for year in range(2021, 2026) for month in range(1, 13, 2)]
_WORKPLACES: Final = ("Sentrum legesenter", "Nordbyen legekontor", "Fjordgata legehus", "Øvre Dal helsehus")
_SUPERVISORS: Final = ("Ingrid Aasen", "Lars Bråten", "Marit Dahle", "Odd Eikeland", "Siv Fosse", "Tor Grønli")
_REASONS: Final = ("flyttet nærmere familien", "ønsket større praksis", "vikariatet tok slutt", "helsemessige årsaker")
_LEAVE_KINDS: Final = ("parental", "sick", "sick", "statutory", "agreed", "other")
_ENDS: Final = {
    "leave": "leave_ended",
    "service": "institutional_service_ended",
    "affiliation": "agency_affiliation_ended",
}
_NUMBERS: Final = count(2_000_001)


def new_doctors(how_many: int) -> list[str]:
    """HPR numbers that no other benchmark of this run has."""
    return [str(next(_NUMBERS)) for _ in range(how_many)]


def told(hpr: str, how_many: int) -> list[Json]:
    """The first facts of a doctor, as JSON objects in the order they became known."""
    story = _Story(hpr, how_many)
    story.begin()
    while len(story.facts) < how_many:
        story.go_on()
    return story.facts[:how_many]


def facts(objects: Sequence[Json]) -> list[Fact]:
    """Told facts as the domain has them."""
    return [FACT.validate_json(json.dumps(each)) for each in objects]


def as_lines(objects: Sequence[Json]) -> bytes:
    """Told facts as JSON Lines, in the order they became known."""
    ordered = sorted(objects, key=lambda each: str(each["recorded_at"]))
    return "\n".join(json.dumps(each, ensure_ascii=False) for each in ordered).encode()


@cache
def _municipalities() -> tuple[list[str], list[float]]:
    """Every municipality with a weight: few have many doctors, many have few."""
    codes = sorted(release_reference().lists[0].by_code)
    Random(2403).shuffle(codes)  # noqa: S311 - made-up data
    return codes, list(accumulate(1 / (place + 4) for place in range(len(codes))))


class _Story:
    """One doctor's facts as they come about; each move tells what it finds sensible, or nothing."""

    def __init__(self, hpr: str, how_many: int) -> None:
        self.facts: list[Json] = []
        self._hpr = hpr
        self._chance = Random(int(hpr))  # noqa: S311 - made-up data
        self._first = self._chance.choice(_BEGINNINGS)
        self._step = (_END - self._first) / how_many
        self._municipality = self._somewhere()
        self._post = ""
        self._agreement = ""
        self._supervisor = ""
        self._open: dict[str, str] = {}
        self._correctable: dict[str, Json] = {}
        self._moves: Mapping[Callable[[], None], int] = {
            self._guidance: 28,
            self._costs: 10,
            self._percent: 12,
            self._workplace: 7,
            self._leave: 14,
            self._service: 6,
            self._another_supervisor: 7,
            self._amendment: 5,
            self._switch: 3,
            self._correction: 5,
            self._agency: 2,
            self._interruption: 1,
        }

    def begin(self) -> None:
        day = self._today().isoformat()
        self._tell("track_started", on=day, scheme="new")
        self._post = self._name("p")
        self._tell(
            "position_started", position=self._post, **self._place(), category=self._category(), first_day=day,
            percent=self._chance.choice((100, 100, 80, 60)), employment="salaried",
        )  # fmt: skip
        self._sign(day)
        self._supervisor = self._some_hpr()
        self._tell("supervisor_assigned", supervisor=self._supervisor, first_day=day, name=self._some_name())

    def go_on(self) -> None:
        """Tell at least one fact more."""
        before = len(self.facts)
        while len(self.facts) == before:
            if self._open and self._chance.random() < 0.2:
                self._end(*self._open.popitem())
            else:
                move, *_ = self._chance.choices(list(self._moves), list(self._moves.values()))
                move()

    def _guidance(self) -> None:
        hours = self._chance.choice(("4", "6.5", "7.5", "8"))
        month = f"{self._today():%Y-%m}"
        fact = self._tell("guidance_recorded", municipality=self._municipality, month=month, hours=hours)
        self._correctable[fact["id"]] = {"hours": "5"}

    def _costs(self) -> None:
        element = self._chance.choice(("practice_compensation", "learning_activities", "supervision", "facilitation"))
        kroner = self._chance.randrange(5_000, 250_000)
        fact = self._tell(
            "costs_reported", municipality=self._municipality, round=ROUND, element=element, kroner=kroner,
            project_code=f"{self._chance.randrange(10_000, 99_999)}",
        )  # fmt: skip
        self._correctable[fact["id"]] = {"kroner": kroner + 1_000}

    def _percent(self) -> None:
        percent = self._chance.choice((100, 100, 80, 50, "66.67"))
        fact = self._tell("position_changed", position=self._post, first_day=self._day(), percent=percent)
        self._correctable[fact["id"]] = {"percent": 90}

    def _workplace(self) -> None:
        workplace, title = self._chance.choice(_WORKPLACES), "lege i spesialisering"
        fact = self._tell(
            "position_changed", position=self._post, first_day=self._day(), workplace=workplace, title=title,
            category=self._category(),
        )  # fmt: skip
        self._correctable[fact["id"]] = {"title": "fastlege"}

    def _leave(self) -> None:
        kind, percent = self._chance.choice(_LEAVE_KINDS), self._chance.choice((100, 100, 50, 20))
        fact = self._begins("leave", "leave_registered", kind=kind, percent=percent)
        self._correctable[fact["id"]] = {"kind": "other" if kind == "agreed" else "agreed"}

    def _service(self) -> None:
        municipal = self._chance.random() < 0.3
        self._begins("service", "institutional_service_registered", institution="Nordlandssykehuset",
                     municipal=municipal)  # fmt: skip

    def _agency(self) -> None:
        self._begins("affiliation", "agency_affiliation_registered", agency="Vikarlegene AS")

    def _interruption(self) -> None:
        self._begins("interruption", "track_interrupted")

    def _another_supervisor(self) -> None:
        new = self._some_hpr()
        self._tell("supervisor_replaced", supervisor=self._supervisor, replaced_by=new, first_day=self._day(),
                   name=self._some_name())  # fmt: skip
        self._supervisor = new

    def _amendment(self) -> None:
        day = self._day()
        self._tell("agreement_amended", agreement=self._agreement, signed_on=day, first_day=day,
                   elements=["practice_compensation", "supervision", "learning_activities"])  # fmt: skip

    def _switch(self) -> None:
        """The last day in one post, the first day in the next, and the agreement there."""
        tomorrow = (self._today() + timedelta(days=1)).isoformat()
        left, self._post, self._municipality = self._post, self._name("p"), self._somewhere()
        new = {"position": self._post, **self._place(), "category": "gp", "percent": 100, "first_day": tomorrow}
        self._tell("job_switched", position=left, last_day=self._day(), reason=self._chance.choice(_REASONS), new=new)
        self._sign(tomorrow)

    def _correction(self) -> None:
        if self._correctable:
            fact, replacement = self._correctable.popitem()
            self._tell("fact_corrected", corrects=fact, replacement=replacement, reason="lest feil i månedsoppgaven")

    def _sign(self, first_day: str) -> None:
        self._agreement = self._name("a")
        self._tell("agreement_signed", agreement=self._agreement, municipality=self._municipality,
                   signed_on=first_day, first_day=first_day, template="hdir-2023")  # fmt: skip

    def _begins(self, what: str, begin: str, /, **fields: object) -> Json:
        """Something begins that has no last day yet; what was open of its kind ends first."""
        if what in self._open:
            self._end(what, self._open.pop(what))
        self._open[what] = self._name(what[0])
        return self._tell(begin, **{what: self._open[what]}, first_day=self._day(), **fields)

    def _end(self, what: str, name: str) -> None:
        if what == "interruption":
            self._tell("track_resumed", interruption=name, on=self._day())
        else:
            self._tell(_ENDS[what], **{what: name}, last_day=self._day())

    def _tell(self, event: str, /, **fields: object) -> Json:
        moment = datetime.combine(self._today(), time(8), UTC) + timedelta(minutes=len(self.facts), microseconds=137)
        fact = {
            "id": f"{self._hpr}-{len(self.facts) + 1:03}",
            "type": event,
            "hpr": self._hpr,
            "recorded_at": moment.isoformat(),
            "recorded_by": f"kommune:{self._municipality}",
            **{name: value for name, value in fields.items() if value is not None},
        }
        self.facts.append(fact)
        return fact

    def _today(self) -> date:
        """The opening is of one day; after it every fact has its own."""
        return self._first + self._step * max(0, len(self.facts) - 3)

    def _day(self) -> str:
        return self._today().isoformat()

    def _name(self, kind: str) -> str:
        return f"{kind}{len(self.facts) + 1}"

    def _place(self) -> Json:
        return {"municipality": self._municipality, "workplace": self._chance.choice(_WORKPLACES)}

    def _category(self) -> str:
        return self._chance.choice(("gp", "gp", "gp", "gp_locum", "introductory", "other_municipal"))

    def _somewhere(self) -> str:
        codes, weights = _municipalities()
        return self._chance.choices(codes, cum_weights=weights)[0]

    def _some_hpr(self) -> str:
        return str(self._chance.randrange(1_000_000, 1_999_999))

    def _some_name(self) -> str | None:
        return self._chance.choice((*_SUPERVISORS, None))
