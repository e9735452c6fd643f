"""What is compared when one asks what a rule set would do, and what one should know of it before reading the kroner."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import prod
from typing import Any, Final, Literal

from domain.rules.compare.impact.groups import LineImpact
from domain.rules.sets.content import Element, Round
from domain.rules.sets.rule_set import RuleSet, rule_set
from domain.values import words

Code = Literal["element_outside_share", "element_dropped", "rate_unknown", "centrality_class_differs"]
_MOST: Final = 10
"""So many municipalities are named in a sentence."""


@dataclass(frozen=True, slots=True)
class Compared:
    """A rule set, and the one that it is compared with, in the same round.

    `laid_from` is the round that the other belongs to, if it is another.
    """

    draft: RuleSet
    current: RuleSet
    laid_from: Round | None = None

    @property
    def elements(self) -> tuple[str, ...]:
        """The elements of both, in the order of the one asked about, then those that only the other has."""
        names = (each.id for rules in (self.draft, self.current) for each in rules.content.elements)
        return tuple(dict.fromkeys(names))

    def as_json(self) -> dict[str, Any]:
        """The two rule sets by names."""
        draft, current = self.draft, self.current
        return {
            "draft": draft.id,
            "draft_title": draft.content.title,
            "draft_status": draft.status,
            "draft_digest": draft.digest,
            "published": current.id,
            "published_title": current.content.title,
            "published_digest": current.digest,
            "published_round": (self.laid_from or current.round).id,
            "laid_over": self.laid_from is not None,
            "round": draft.round.id,
            "first_day": draft.round.first_day.isoformat(),
            "last_day": draft.round.last_day.isoformat(),
        }


@dataclass(frozen=True, slots=True)
class Supposed:
    """The rule set with a new element among those that another is a share of."""

    element: Element
    share: Element
    rules: RuleSet


@dataclass(frozen=True, slots=True)
class Remark:
    """Something that one should know, in Norwegian; with the kroner that it asks about, if any."""

    code: Code
    element: str | None
    kroner: int | None
    text: str

    def as_json(self) -> dict[str, Any]:
        """The remark by names."""
        return {"code": self.code, "element": self.element, "kroner": self.kroner, "text": self.text}


def compared_in_words(of: Compared) -> str:
    """What is compared with what, and on which facts."""
    asked, other, round_ = f"«{of.draft.content.title}»", f"«{of.current.content.title}»", of.draft.round
    if of.laid_from is None:
        superseded = ", som det avløste" if of.draft.status != "draft" else ""
        return f"{asked} er sammenlignet med {other}{superseded}, på opplysningene slik de er nå."
    before = "ikke noe annet kunngjort" if of.draft.status != "draft" else "ikke noe kunngjort"
    return (
        f"Tilskuddsperioden {round_.id} har {before} regelsett. {asked} er derfor sammenlignet med {other}, som gjelder"
        f" tilskuddsperioden {of.laid_from.id}, brukt på tiden {words.span(round_.first_day, round_.last_day)}. Begge"
        " er regnet på opplysningene slik de er nå."
    )


def supposed_of(draft: RuleSet, current: RuleSet) -> tuple[Supposed, ...]:
    """For each new element that a share is not taken of, the rules in which it is."""
    before = {each.id for each in current.content.elements}
    shares = [each for each in draft.content.elements if each.of]
    new = [each for each in draft.content.elements if each.id not in before and not each.of]
    outside = [(each, share) for share in shares for each in new if each.id not in share.of]
    return tuple(Supposed(each, share, _within(draft, each, share)) for each, share in outside)


def _within(rules: RuleSet, element: Element, share: Element) -> RuleSet:
    content = rules.completed
    elements: list[dict[str, Any]] = [each for each in content["elements"] if each["id"] != element.id]
    [own] = [each for each in content["elements"] if each["id"] == element.id]
    at = next(number for number, each in enumerate(elements) if each["id"] == share.id)
    elements[at] = {**elements[at], "of": [*share.of, element.id]}
    changed = [*elements[:at], own, *elements[at:]]
    return rule_set({**content, "status": "draft", "elements": changed}, "draft", rules.municipalities)


def remarks_on(of: Compared, supposed: Sequence[Supposed], lines: Sequence[LineImpact]) -> Iterator[Remark]:
    """Every remark."""
    yield from (_outside(number, each, lines) for number, each in enumerate(supposed))
    yield from _dropped(of)
    yield from _unknown(of, lines)
    yield from _other_class(of)


def _outside(number: int, of: Supposed, lines: Sequence[LineImpact]) -> Remark:
    """What the share would be more, were the new element in it; of the lines that have an amount both ways."""
    pairs = [(line.after.total, line.supposed[number]) for line in lines]
    known = [within - after for after, within in pairs if after is not None and within is not None]
    unknown = words.counted(len(pairs) - len(known), "én linje", "linjer")
    left_out = f" ({unknown} uten kjent sats er ikke med)" if len(known) < len(pairs) else ""
    kroner = None if pairs and not known else sum(known)
    more = "Det kan ikke regnes ut" if kroner is None else f"{words.signed_kroner(kroner)}{left_out}"
    text = (
        f"Elementet {of.element.name} er nytt og står utenfor det som {of.share.name} er"
        f" {_percent(of.share, of.rules)} av. Hva ville det utgjort om det var med? {more}."
    )
    return Remark("element_outside_share", of.element.id, kroner, text)


def _percent(share: Element, rules: RuleSet) -> str:
    known = [rules.numbers.get(name) for name in share.factors]
    if None in known:
        return "en andel"
    exact = prod((each for each in known if each is not None), start=Fraction(100))
    return f"{words.rounded(exact)} prosent"


def _dropped(of: Compared) -> Iterator[Remark]:
    after = {each.id for each in of.draft.content.elements}
    for each in of.current.content.elements:
        if each.id not in after:
            text = f"Elementet {each.name} er ikke med i «{of.draft.content.title}»."
            yield Remark("element_dropped", each.id, None, text)


def _unknown(of: Compared, lines: Sequence[LineImpact]) -> Iterator[Remark]:
    """The elements without a rate that lines need; such a line has no amount, and is not in the kroner."""
    sides = (
        (of.current, [line.before.missing for line in lines]),
        (of.draft, [line.after.missing for line in lines]),
    )
    for rules, missing in sides:
        for each in rules.content.elements:
            if number := sum(each.id in names for names in missing):
                left_out = words.counted(number, "Én linje", "linjer")
                text = (
                    f"Satsen for {each.name} er ikke kjent i «{rules.content.title}». "
                    f"{left_out[0].upper()}{left_out[1:]} som trenger den, er ikke med i kronene."
                )
                yield Remark("rate_unknown", each.id, None, text)


def _other_class(of: Compared) -> Iterator[Remark]:
    """The municipalities that another list puts in another centrality class."""
    lists = of.current.municipalities, of.draft.municipalities
    if lists[0].digest == lists[1].digest:
        return
    both = [(each, lists[1].by_code.get(each.code)) for each in lists[0].by_code.values()]
    moved = [
        f"{before.name} ({before.code}) fra {before.centrality_class} til {after.centrality_class}"
        for before, after in both
        if after and after.centrality_class != before.centrality_class
    ]
    if moved:
        yield Remark("centrality_class_differs", None, None, _moved(moved))


def _moved(moved: Sequence[str]) -> str:
    named: Iterable[str] = moved[:_MOST]
    rest = len(moved) - _MOST
    others = [words.counted(rest, "én kommune til", "kommuner til")] if rest > 0 else []
    return f"Kommunelisten er en annen, og disse skifter sentralitetsklasse: {words.listed([*named, *others])}."
