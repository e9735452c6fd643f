"""Search: doctors by the beginnings of words, however they are written.

Names and workplaces are personal, so none of their words stand here: only a keyed digest of each beginning of two
letters or more, under a key of the service. When the log tells that the doctor's key was destroyed,
what was sealed under it is read as erased, and its digests are gone too. How many doctors share a beginning can be
counted without the key, and guessed from: what many have is a common name.
"""

import hmac
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar, Final

from domain.doctor.about import Places, places_of
from domain.doctor.facts.fact import Fact
from domain.doctor.facts.positions import JobSwitched, PositionChanged, PositionFields, PositionStarted
from domain.doctor.facts.supervision import SupervisorAssigned, SupervisorReplaced
from domain.doctor.facts.track import DoctorNamed
from domain.rulebook.rulebook import RuleBook
from domain.store.sealed.sealing import ERASED_TEXT
from domain.values.places import municipality_of
from domain.values.texts import folded_words, spellings
from projections.engine.log import Known, Page
from projections.engine.projection import Projection, Table, Writer

HPR: Final = "hpr"
MUNICIPALITY: Final = "municipality"
WORKPLACE: Final = "workplace"
SUPERVISOR: Final = "supervisor"
NAME: Final = "name"
PERSONAL: Final = (NAME, WORKPLACE, SUPERVISOR)
CLEAR: Final = (HPR, MUNICIPALITY)
KINDS: Final = (*CLEAR, *PERSONAL)
NOWHERE: Final = "-"
"""The place of what only those who see every municipality may find a doctor by."""
_MOST_WORDS: Final = 8
_LEAST_LETTERS: Final = 2
_MOST_LETTERS: Final = 24
"""Beyond these, words that begin alike are found together."""


@dataclass(frozen=True, slots=True)
class Digests:
    """A keyed digest of a personal word: without the key it can neither be read nor looked up."""

    key: bytes

    def of(self, kind: str, word: str) -> str:
        """The digest of the beginning of a word of a kind; the same word of another kind has another."""
        return hmac.digest(self.key, f"{kind}/{word[:_MOST_LETTERS]}".encode(), "sha256")[:16].hex()

    def of_beginnings(self, kind: str, word: str) -> Iterator[str]:
        """The digests that a word is found by; a word of one letter is found as it is."""
        last = min(len(word), _MOST_LETTERS)
        for length in range(min(_LEAST_LETTERS, last), last + 1):
            yield self.of(kind, word[:length])


class Search(Projection):
    """The words, or digests of words, that a doctor is found by, and a municipality that may find the doctor so."""

    name: ClassVar[str] = "search"
    version: ClassVar[int] = 5
    table: ClassVar[Table] = Table(
        "search",
        {"hpr": "text", "kind": "text", "word": "text", "place": "text"},
        keys=4,
        indexes=("word text_pattern_ops, hpr", "place"),
    )

    def project(self, page: Page, writer: Writer) -> None:
        """Write the words of the doctors in the page; of all, where a list of municipalities was adopted in it."""
        before, now = page.before, page.now
        digests = Digests(page.log.search_key)
        for doctors in page.touched():
            self._write(writer, doctors, now, digests)
        if before.lists.keys() != now.lists.keys():
            for doctors in page.others():
                self._write(writer, doctors, now, digests)

    def _write(self, writer: Writer, doctors: Sequence[Known], book: RuleBook, digests: Digests) -> None:
        rows = {
            (known.hpr, kind, entry, place)
            for known in doctors
            for kind, text, place in _texts(known, book)
            for word in folded_words(text)
            for spelling in spellings(word)
            for entry in (digests.of_beginnings(kind, spelling) if kind in PERSONAL else (spelling,))
        }
        writer.replace(self.table, [known.hpr for known in doctors], sorted(rows))


def _texts(known: Known, book: RuleBook) -> Iterator[tuple[str, str, str]]:
    """What a doctor is found by, of which kind, and the code of a municipality that may find the doctor by it."""
    names = [each.name for each in known.standing if isinstance(each, DoctorNamed) and each.name != ERASED_TEXT]
    places = places_of(known.standing)
    for code in {code for fact in known.standing for code in _posts(fact)} or {NOWHERE}:
        yield HPR, known.hpr, code
        yield from ((NAME, name, code) for name in names[-1:])
    for fact in known.standing:
        for code in _posts(fact):
            yield from ((MUNICIPALITY, text, code) for text in _names(code, book))
        for where in _told_of(fact, places[fact.id]):
            yield from ((WORKPLACE, text, where) for text in _workplaces(fact))
            if isinstance(fact, SupervisorAssigned | SupervisorReplaced) and fact.name:
                yield SUPERVISOR, fact.name, where


def _told_of(fact: Fact, about: Places) -> Collection[str]:
    """The municipalities that the workplace or the supervisor in a fact tells of."""
    if isinstance(fact, JobSwitched):
        return [fact.new.municipality]
    return about or [municipality_of(fact.recorded_by) or NOWHERE]


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


WITH_POST: Final = "SELECT hpr FROM read.search WHERE kind = 'municipality' AND word = ANY(%({codes})s)"
"""The doctors who hold or held a post in a municipality."""
_EACH: Final = """
SELECT hpr FROM read.search WHERE (%(places)s::text[] IS NULL OR place = ANY(%(places)s)) AND (
    (word LIKE %(word_{n})s AND kind = ANY(%(kinds)s))
    OR (word = ANY(%(digests_{n})s) AND kind <> ALL(%(kinds)s)
        AND (%(codes)s::text[] IS NULL OR hpr IN ({with_post}))))
"""


@dataclass(frozen=True, slots=True)
class Sought:
    """A query: for each word its LIKE pattern, and its digests as a personal word.

    Personal words are looked for in the doctors of a municipality, by all its codes; None: in all doctors. Words
    are looked for among those that `places` may find by; None: among all.
    """

    kinds: tuple[str, ...]
    words: tuple[tuple[str, list[str]], ...]
    codes: Collection[str] | None
    places: Collection[str] | None = None

    @classmethod
    def of(
        cls, text: str, key: bytes, kinds: Collection[str] = KINDS, codes: Collection[str] | None = None
    ) -> "Sought":
        """The words of a text, in the kinds that the caller may search in, and the personal ones in these doctors."""
        digests = Digests(key)
        private = [kind for kind in PERSONAL if kind in kinds]
        found = folded_words(text)[:_MOST_WORDS]
        clear = tuple(kind for kind in kinds if kind not in PERSONAL)
        words = tuple((f"{word}%", [digests.of(kind, word) for kind in private]) for word in found)
        return cls(clear, words, codes)

    def query(self) -> str:
        """Who has, for every word, a word that begins with it."""
        with_post = WITH_POST.format(codes="codes")
        return " INTERSECT ".join(_EACH.format(n=n, with_post=with_post) for n in range(len(self.words)))

    def asked(self) -> dict[str, object]:
        """What the query is asked with."""
        prefixes = {f"word_{n}": prefix for n, (prefix, _) in enumerate(self.words)}
        digests = {f"digests_{n}": digests for n, (_, digests) in enumerate(self.words)}
        codes, places = (None if each is None else list(each) for each in (self.codes, self.places))
        return {"kinds": list(self.kinds), "codes": codes, "places": places, **prefixes, **digests}
