"""Why days of a switch are good or bad, and what the answer assumes, in sentences that people read."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from domain.rules.days.conditions import CONDITIONS, NO_AGREEMENT
from domain.rules.switch.choosing import Choice
from domain.rules.switch.computing import Lines, Outcome, Switching
from domain.values import words
from domain.values.days.calendar import month_number
from domain.values.places import place

ORDER: Final = (
    "Forslaget er dagene som taper færrest måneder. Av dager som taper like mange, er de valgt som gir flest kroner, "
    "så de med færrest dager uten stilling, og så de første."
)


def why(switching: Switching, choice: Choice, outcome: Outcome) -> list[str]:
    """Which months some days lose, by which condition in which municipality, and how much less they give."""
    lost = choice.lost(outcome)
    last, first = map(words.day, outcome.days)
    switched = f"første dag {first}" if switching.left is None else f"siste dag {last} og første dag {first}"
    months = words.listed(map(words.month_name, lost)) if lost else "ingen måned"
    less = choice.kroner(choice.best) - choice.kroner(outcome)
    kroner = [f"Det gir {words.more_or_less(-less)} enn forslaget."] if less else []
    lines = switching.lines(outcome.days)
    nothing = [] if outcome.counted else [_nothing(lines, outcome)]
    return [f"Er {switched}, tapes {months}.", *nothing, *_reasons(switching, lines, lost), *kroner]


def assumptions(switching: Switching, choice: Choice) -> Iterator[str]:
    """What the answer rests on that is not registered."""
    yield from _agreement(switching, choice)
    if switching.left is None:
        before = words.day(switching.plan.first_days.first_day)
        yield f"Det er forutsatt at legen har sluttet i stillinger i andre kommuner før {before}."
    elif switching.left.last_day is not None:
        told = f"Stillingen som forlates, er registrert med siste dag {words.day(switching.left.last_day)}"
        yield f"{told}; her er dagene i perioden prøvd i stedet."
    for number, each in enumerate(switching.rounds):
        if each.laid_over:
            told = f"Det er ikke kunngjort noe regelsett for tiden fra {words.day(each.rules.round.first_day)}"
            yield f"{told}; måneder og kroner der er regnet etter «{each.rules.content.title}»."
        elif number not in choice.compared:
            told = f"En sats er ukjent i tilskuddsperioden {each.rules.round.id}"
            yield f"{told}; kronene der teller ikke når dagene sammenlignes."


def _reasons(switching: Switching, lines: Lines, lost: tuple[int, ...]) -> Iterator[str]:
    """The conditions that fail in lost months, a sentence for each municipality and kind of month."""
    for at, each in enumerate(switching.places):
        months = [month for of_round in lines for month in of_round[at].months if month.number in lost]
        alike = defaultdict[tuple[str, ...], list[int]](list)
        for month in months:
            alike[tuple(reason for reason in month.reasons if reason != NO_AGREEMENT)].append(month.number)
        for reasons, numbers in alike.items():
            failed = words.listed(CONDITIONS[reason].words for reason in reasons)
            yield f"{place(each.code)} får ikke tilskudd {words.months(numbers)}: {failed}."


def _nothing(lines: Lines, outcome: Outcome) -> str:
    """What fails in the new post, where no month counts at all, so that none can be lost."""
    begins = month_number(outcome.days.first_day)
    months = [month for *_, there in lines for month in there.months if month.number >= begins]
    failing = {reason for month in months[1:] or months for reason in month.reasons} - {NO_AGREEMENT}
    failed = words.listed(each.words for each in CONDITIONS.values() if each.code in failing)
    return f"Ingen måned gir tilskudd, uansett dag: {failed}."


def _agreement(switching: Switching, choice: Choice) -> Iterator[str]:
    """The agreement in the new municipality: that one is assumed, or that the registered one is used."""
    where = place(switching.plan.new.municipality)
    assumed = {there.is_assumed(each.days) for *_, there in switching.supposed for each in choice.outcomes}
    if True in assumed:
        yield f"Det er forutsatt at en ALIS-avtale i {where} er signert, og gjelder, fra den første dagen der."
    if False in assumed:
        other = " der den gjelder" if True in assumed else ""
        yield f"Den registrerte ALIS-avtalen i {where} er lagt til grunn{other}."
