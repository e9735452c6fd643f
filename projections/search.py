"""Search: doctors by the beginnings of words, however they are written.

Workplaces and supervisors' names are personal: when the log tells that the doctor's key was destroyed, what was
sealed under it is read as erased, and is gone from here too.
"""

import re
import unicodedata
from collections.abc import Collection, Iterator, Sequence
from typing import Any, ClassVar, Final

from psycopg import Connection
from psycopg.rows import tuple_row

from domain.casework.sealing import ERASED_TEXT
from domain.facts import (
    Fact,
    JobSwitched,
    PositionChanged,
    PositionFields,
    PositionStarted,
    SupervisorAssigned,
    SupervisorReplaced,
)
from domain.rulebook import RuleBook
from projections.log import Known, Page
from projections.paging import MOST, Slice, sliced
from projections.projection import Projection, Table, Writer

HPR: Final = "hpr"
MUNICIPALITY: Final = "municipality"
WORKPLACE: Final = "workplace"
SUPERVISOR: Final = "supervisor"
KINDS: Final = (HPR, MUNICIPALITY, WORKPLACE, SUPERVISOR)
PERSONAL: Final = (WORKPLACE, SUPERVISOR)
_WORD: Final = re.compile(r"[^\W_]+")
_MOST_WORDS: Final = 8
_LIKE: Final = str.maketrans({"ä": "æ", "ö": "ø", "đ": "d", "ŋ": "n", "ŧ": "t", "ð": "d", "ł": "l"})


def words(text: str) -> list[str]:
    """The words of a text as they are compared: without case or accents, but æ, ø and å are letters."""
    folded = unicodedata.normalize("NFC", text).casefold()
    plain = folded if folded.isascii() else "".join(map(_plain, folded.translate(_LIKE)))
    return _WORD.findall(plain)


def _plain(letter: str) -> str:
    if letter in "æøå":
        return letter
    return "".join(each for each in unicodedata.normalize("NFKD", letter) if not unicodedata.combining(each))


class Search(Projection):
    """The words that a doctor is found by."""

    name: ClassVar[str] = "search"
    table: ClassVar[Table] = Table(
        "search", {"hpr": "text", "kind": "text", "word": "text"}, keys=3, indexes=("word text_pattern_ops, hpr",)
    )

    def project(self, page: Page, writer: Writer) -> None:
        """Write the words of the doctors in the page; of all, where a list of municipalities was adopted in it."""
        before, now = page.log.book(page.after), page.log.book(page.last)
        for doctors in page.touched():
            self._write(writer, doctors, now)
        if before.lists.keys() != now.lists.keys():
            for doctors in page.others():
                self._write(writer, doctors, now)

    def _write(self, writer: Writer, doctors: Sequence[Known], book: RuleBook) -> None:
        rows = {
            (known.hpr, kind, word) for known in doctors for kind, text in _texts(known, book) for word in words(text)
        }
        writer.replace(self.table, [known.hpr for known in doctors], sorted(rows))


def _texts(known: Known, book: RuleBook) -> Iterator[tuple[str, str]]:
    yield HPR, known.hpr
    for fact in known.standing:
        for code in _posts(fact):
            yield from ((MUNICIPALITY, text) for text in _names(code, book))
        yield from ((WORKPLACE, text) for text in _workplaces(fact))
        if isinstance(fact, SupervisorAssigned | SupervisorReplaced) and fact.name:
            yield SUPERVISOR, fact.name


def _posts(fact: Fact) -> Iterator[str]:
    if isinstance(fact, PositionStarted):
        yield fact.municipality
    elif isinstance(fact, JobSwitched):
        yield fact.new.municipality


def _workplaces(fact: Fact) -> Iterator[str]:
    post = fact.new if isinstance(fact, JobSwitched) else fact
    if isinstance(post, PositionFields | PositionChanged) and post.workplace not in {None, "", ERASED_TEXT}:
        yield post.workplace


def _names(code: str, book: RuleBook) -> Iterator[str]:
    """The number, and the number and name that each adopted list has for it."""
    yield code
    for each in book.lists.values():
        current = each.successors.get(code, code)
        if current in each.by_code:
            yield current
            yield each.by_code[current].name


def prefixes(text: str) -> list[str]:
    """What LIKE is asked for the words of a text."""
    return [f"{word}%" for word in words(text)[:_MOST_WORDS]]


def find(
    connection: Connection[Any],
    text: str,
    kinds: Collection[str] = KINDS,
    after: str | None = None,
    limit: int = MOST,
) -> Slice[str]:
    """HPR numbers of the doctors who have, for every word of a text, a word that begins with it.

    `kinds` are those that the caller may search in; a text without words finds nobody.
    """
    wanted = prefixes(text)
    if not wanted:
        return Slice([], None)
    each = "SELECT hpr FROM read.search WHERE word LIKE %s AND kind = ANY(%s)"
    query = (
        f"SELECT DISTINCT hpr::integer, hpr FROM ({' INTERSECT '.join([each] * len(wanted))}) found"  # noqa: S608 - only placeholders
        " WHERE (hpr::integer, hpr) > (%s::integer, %s) ORDER BY 1, 2 LIMIT %s"
    )
    asked = [value for prefix in wanted for value in (prefix, list(kinds))]
    rows = connection.cursor(row_factory=tuple_row).execute(
        query.encode(), [*asked, after or "-1", after or "", limit + 1]
    )
    return sliced([hpr for _, hpr in rows], limit, str)
