"""The rule sets and municipality lists that come with the release, read from their files."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, Final

from pydantic import JsonValue

from domain.rulebook.rulebook import MunicipalityListAdopted
from domain.rules.sets.checks import Flaw, bad_rule_set
from domain.rules.sets.municipalities import MunicipalityList, municipality_list
from domain.rules.sets.rule_file import read_content, read_contents
from domain.rules.sets.rule_set import RuleSet, digest_of, rule_set
from domain.values.refusals.refusal import refused

_SETS: Final = resources.files("domain.rulebook") / "sets"
_TABLES: Final = resources.files("domain.values") / "lists"
_MOST_LETTERS: Final = 1024 * 1024
"""In a rule set file: fifty times what there is."""
_LISTS: Final = (("municipalities-2024.csv", "municipality-codes-2023-to-2024.csv"),)


@dataclass(frozen=True, slots=True)
class ListContent:
    """A municipality list as recorded: both tables, and their common digest."""

    digest: str
    rows: list[dict[str, str]]
    ended: list[dict[str, str]]


@cache
def shipped_lists() -> Mapping[str, ListContent]:
    """The municipality lists of the release by digest."""
    lists = {}
    for current, ended in _LISTS:
        tables: dict[str, JsonValue] = {"municipalities": _rows(current), "ended": _rows(ended)}
        digest = digest_of(tables)
        lists[digest] = ListContent(digest, _rows(current), _rows(ended))  # type: ignore[arg-type]
    return lists


def load_list(content: ListContent) -> MunicipalityList:
    """A municipality list ready to ask."""
    return municipality_list(content.digest, content.rows, content.ended)


@cache
def shipped_contents() -> tuple[Mapping[str, JsonValue], ...]:
    """The contents of the rule sets of the release, in the order of their files' names.

    Raises `Rejected` with all that is wrong with any of them.
    """
    files = [file for file in _SETS.iterdir() if file.name.endswith(".toml")]
    return tuple(read_contents({file.name: file.read_text("utf-8") for file in files}, shipped_lists()))


@cache
def shipped_rule_sets() -> tuple[RuleSet, ...]:
    """The rule sets of the release, ready to compute with."""
    return tuple(make_rule_set(content) for content in shipped_contents())


def shipped_publications() -> list[Mapping[str, JsonValue]]:
    """The contents that the release publishes, round by round, what is superseded before what supersedes it."""
    published = {str(each["id"]): each for each in shipped_contents() if each["status"] == "published"}
    return sorted(published.values(), key=lambda each: (each["round"]["first_day"], _steps_to(each, published)))  # type: ignore[index,call-overload]


def _steps_to(content: Mapping[str, JsonValue], others: Mapping[str, Mapping[str, JsonValue]]) -> int:
    """How many rule sets one supersedes, the superseded ones of those too."""
    former = others.get(str(content.get("supersedes")))
    return 0 if former is None else 1 + _steps_to(former, others)


def make_rule_set(content: Mapping[str, Any], status: str | None = None) -> RuleSet:
    """A rule set of its content, on the municipality list that it names."""
    lists = shipped_lists()
    wanted = content.get("municipalities")
    if wanted not in lists:
        raise bad_rule_set(str(content.get("id")), [Flaw("municipalities", "kommunelisten finnes ikke")])
    return rule_set(content, status or str(content.get("status")), load_list(lists[str(wanted)]))


def adoption_of(name: str, now: datetime, by: str) -> MunicipalityListAdopted:
    """The event that adopts a municipality list of the release, by its digest."""
    content = shipped_lists()[name]
    return MunicipalityListAdopted(
        digest=content.digest,
        municipalities=tuple(content.rows),
        ended=tuple(content.ended),
        recorded_at=now,
        recorded_by=by,
    )


def read_rule_set(name: str, text: str) -> Mapping[str, JsonValue]:
    """The content of a rule set file, which may extend one of the release.

    Raises `Refused` (bad-rule-set) with all that is wrong.
    """
    return read_content(name, text, {str(each["id"]): each for each in shipped_contents()}, shipped_lists())


def choose_rule_set(rules: str | None, round_id: str) -> RuleSet:
    """A shipped rule set by id, one from a file, or the round's latest published one.

    Raises `Refused` (unknown-rule-set, no-rule-set, wrong-round, bad-rule-set).
    """
    shipped = shipped_rule_sets()
    if rules is None:
        of_round = [s for s in shipped if s.round.id == round_id and s.status == "published"]
        if not of_round:
            raise refused("no-rule-set", round=round_id)
        return max(of_round, key=lambda s: s.content.published_on or date.min)
    named = next((s for s in shipped if s.id == rules), None)
    return named or rule_set_from_file(rules)


def rule_set_from_file(path: str) -> RuleSet:
    """A rule set that somebody wrote in a file of their own; raises `Refused` (unknown-rule-set, bad-rule-set)."""
    published = {each.id: each for each in shipped_rule_sets() if each.status == "published"}
    return own_rule_set(path, read_rule_set(path, read_file(path)), published)


def own_rule_set(path: str, content: Mapping[str, JsonValue], published: Mapping[str, RuleSet]) -> RuleSet:
    """What stands in a file of somebody's own: a draft even if it says otherwise, unless it is what is published.

    Raises `Refused` (bad-rule-set) where it has the id of a published rule set and another content: an amount must
    never be told as what the published rules give.
    """
    made = make_rule_set(content, "draft")
    known = published.get(made.id)
    if known is None:
        return made
    if known.digest != made.digest:
        reason = f"er kunngjort med et annet innhold: {known.digest} er kunngjort, filen har {made.digest}"
        raise bad_rule_set(path, [Flaw("id", f"«{made.id}» {reason}; gi regelsettet en egen id")])
    return known


def read_file(path: str) -> str:
    """The text of a rule set file; raises `Refused` (unknown-rule-set, bad-rule-set)."""
    if not Path(path).is_file():
        raise refused("unknown-rule-set", rules=path)
    try:
        with Path(path).open(encoding="utf-8") as file:
            text = file.read(_MOST_LETTERS + 1)
    except UnicodeDecodeError:
        raise bad_rule_set(path, [Flaw("filen", "er ikke UTF-8")]) from None
    except OSError:
        raise bad_rule_set(path, [Flaw("filen", "kan ikke leses")]) from None
    if len(text) > _MOST_LETTERS:
        raise bad_rule_set(path, [Flaw("filen", "er for stor")])
    return text


@dataclass(frozen=True, slots=True)
class ReleaseReference:
    """What facts may refer to, by the municipality lists and rule sets of the release."""

    lists: tuple[MunicipalityList, ...]
    cost_elements: Mapping[str, frozenset[str]]

    def check_municipality(self, code: str) -> None:
        """Raise `Refused` (unknown-municipality) for a code that never was."""
        if not any(code in each.by_code or code in each.successors for each in self.lists):
            raise refused("unknown-municipality", municipality=code)

    def check_cost_element(self, round_id: str, element: str) -> None:
        """Raise `Refused` (unknown-round, unknown-element) where no cost can be reported."""
        if round_id not in self.cost_elements:
            raise refused("unknown-round", round=round_id)
        if element not in self.cost_elements[round_id]:
            raise refused("unknown-element", element=element, round=round_id)


@cache
def release_reference() -> ReleaseReference:
    """The reference of this release: costs can be reported on any element of a round but the supplement.

    A round that has drafts alone is not known yet.
    """
    elements: dict[str, frozenset[str]] = {}
    published = {rules.round.id for rules in shipped_rule_sets() if rules.status == "published"}
    for rules in (each for each in shipped_rule_sets() if each.round.id in published):
        costs = frozenset(each.id for each in rules.content.elements if not each.centrality)
        elements[rules.round.id] = elements.get(rules.round.id, frozenset()) | costs
    return ReleaseReference(tuple(map(load_list, shipped_lists().values())), elements)


def _rows(name: str) -> JsonValue:
    with (_TABLES / name).open(encoding="utf-8") as file:
        return [dict(row) for row in csv.DictReader(file)]
