"""Who waits to be converted: a doctor with a post on a track of the old scheme that is not converted."""

from collections.abc import Iterator
from datetime import date
from itertools import pairwise

from domain.doctor.track.state import Position, SpecialisationTrack, Spell
from domain.values.days.calendar import Days, days_of
from domain.values.fields import Scheme


def waiting_posts(track: SpecialisationTrack, day: date) -> list[Position]:
    """The posts held, on a day or later, while the track is of the old scheme and not converted."""
    unconverted = [days for days in _of_old_scheme(track.spells) if days[1] >= day.toordinal()]
    return [post for post in posts_from(track, day) if any(_is_held(post, days, day) for days in unconverted)]


def posts_from(track: SpecialisationTrack, day: date) -> list[Position]:
    """The posts held on a day or later."""
    return [post for post in track.positions.values() if days_of(post)[1] >= day.toordinal()]


def _is_held(post: Position, within: Days, day: date) -> bool:
    first, last = days_of(post)
    return max(first, within[0], day.toordinal()) <= min(last, within[1])


def _of_old_scheme(spells: tuple[Spell, ...]) -> Iterator[Days]:
    """The days of each run of the track of the old scheme that no conversion is recorded for."""
    for spell, following in pairwise((*spells, None)):
        if spell is not None and spell.scheme is Scheme.OLD and spell.converted_on is None:
            first, last = days_of(spell)
            yield first, last if following is None else min(last, following.first_day.toordinal() - 1)
