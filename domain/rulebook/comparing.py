"""Which rule set another is compared with."""

from domain.rulebook.rulebook import RuleBook
from domain.rules.compare.impact.remarks import Compared
from domain.rules.sets.rule_set import RuleSet, laid_over
from domain.values.refusals.refusal import refused


def compared(book: RuleBook, rules: RuleSet) -> Compared:
    """A published rule set beside the one that it superseded, a draft beside the one in force for its round.

    Where there is none, beside the last published of the scheme before it, laid over its round. Raises `Refused`
    (before-all-rules) where there is none of those either.
    """
    former = _former(book, rules)
    if former is not None:
        return Compared(rules, former)
    days = rules.round.first_day
    earlier = [
        each
        for each in book.all_in_force()
        if each.content.scheme == rules.content.scheme and each.round.first_day < days
    ]
    if not earlier:
        raise refused("before-all-rules", day=days)
    last = max(earlier, key=lambda each: each.round.first_day)
    return Compared(rules, laid_over(last, rules.round), last.round)


def _former(book: RuleBook, rules: RuleSet) -> RuleSet | None:
    if rules.id in book.published:
        return book.published.get(rules.content.supersedes or "")
    return book.in_force(rules.round.id)
