"""A page taken apart: every doctor, claim and event of the rule book alone where they fail together.

One that fails alone is set aside. Where an event of the rule book makes many doctors fail, that event is, and the
others go on under the rules in force before it.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any, Final
from uuid import UUID

from psycopg import Connection, Rollback

from domain.store import Fault, fault_of
from projections.engine.aside.books import BookFault
from projections.engine.aside.set_aside import Failing, put_aside, reason, take_back
from projections.engine.aside.subjects import NOTHING_ASIDE, Blamed, Subject, TooMany
from projections.engine.log import Log, Page
from projections.engine.projection import Projection, Writer

FEW: Final = 8
"""After this many failures in a row, check whether anyone passes at all."""
Failed = tuple[Subject, Exception]


@dataclass(frozen=True, slots=True)
class Apart:
    """Takes pages of one generation."""

    projection: Projection
    log: Log
    writer: Writer
    say: Any

    def whole(self, page: Page) -> Page:
        """All at once; those that are set aside alone, where the page has something new for them."""
        self.projection.project(page.without_aside(), self.writer)
        self.again(page, _concerned(page))
        return page

    def one_by_one(self, page: Page) -> Page:
        """Up to the next event of the rule book, or that event; gives what was taken."""
        first = self.log.first_of_book(page.after, page.last)
        if first is None:
            self._subjects(page)
            return page
        before = self.log.page(page.after, page.events, first - 1, page.tick, page.aside)
        if before is not None:
            self._subjects(before)
            return before
        of_book = self.log.page(page.after, 1, first, page.tick, page.aside)
        assert of_book is not None  # noqa: S101 - it was found there
        self._book(of_book)
        return of_book

    def again(self, page: Page, subjects: Sequence[Subject]) -> None:
        """Try those that are set aside, each alone."""
        for subject in subjects:
            if isinstance(subject.id, int):
                page = self._book_again(page, subject)
            else:
                failed = list(self._failing(page, [subject]))
                self._keep(page, failed, {subject})

    def put(self, subject: Subject, error: Exception, position: int) -> None:
        """Set a subject aside and remove its rows; log it the first time."""
        one = Failing(subject, self.log.name_of(subject), position, error)
        if one.name is not None:
            self.projection.remove(self.writer, subject.kind, one.name)
        if put_aside(self._connection, self._generation, one):
            self.say.error("set-aside", kind=subject.kind, position=position, error=reason(error))

    @property
    def _connection(self) -> Connection[Any]:
        return self.writer.connection

    @property
    def _generation(self) -> tuple[str, int]:
        return self.projection.name, self.writer.generation

    def _subjects(self, page: Page) -> None:
        """The claims and doctors of a page that leaves the rule book unchanged."""
        streams = self.log.claim_streams(page.after, page.last)
        page = self._group(page, _claims(streams))
        self._group(page, _doctors(page.doctors))

    def _group(self, page: Page, subjects: Sequence[Subject]) -> Page:
        """Take some; gives the page without those who fail."""
        failing = self._failing(page, subjects)
        failed = list(islice(failing, FEW + 1))
        if len(failed) > FEW and not self._anybody_passes(page, failed):
            raise TooMany from failed[0][1]
        failed += failing
        self._keep(page, failed, set(subjects) & set(page.aside.subjects()))
        return page.going_on_without(subject for subject, _ in failed)

    def _keep(self, page: Page, failed: Sequence[Failed], tried_again: set[Subject]) -> None:
        """Set aside who failed, and take back those who passed."""
        for subject, error in failed:
            self.put(subject, error, page.last)
        for subject in tried_again - {subject for subject, _ in failed}:
            take_back(self._connection, self._generation, subject)

    def _book(self, page: Page) -> None:
        """One event of the rule book, for all doctors."""
        everybody = _doctors(self.log.versions(page.last).keys() - page.aside.doctors)
        failed = self._unless_many(page, everybody)
        subject = Subject("rules", page.last)
        if len(failed) > FEW or 2 * len(failed) >= len(everybody) > 0:
            self.put(subject, failed[0][1], page.last)
        else:
            self._keep(page, failed, set())

    def _book_again(self, page: Page, subject: Subject) -> Page:
        """An event of the rule book that was set aside; gives the page as it is with it or without."""
        taken = replace(page, aside=page.aside.but_these(NOTHING_ASIDE.and_these([subject])))
        failed: list[Failed]
        try:
            failed = self._unless_many(taken, _doctors(self.log.versions(page.last).keys() - page.aside.doctors), 0)
        except BookFault as fault:
            failed = [(subject, fault)]
        if failed:
            self.put(subject, failed[0][1], page.last)
            return page
        take_back(self._connection, self._generation, subject)
        return taken

    def _unless_many(self, page: Page, subjects: Sequence[Subject], few: int = FEW) -> list[Failed]:
        """Take some, or none of them where many fail."""
        with self._connection.transaction():
            failed = list(islice(self._failing(page, subjects), few + 1))
            if len(failed) > few or 2 * len(failed) >= len(subjects) > 0:
                raise Rollback
        return failed

    def _anybody_passes(self, page: Page, failed: Sequence[Failed]) -> bool:
        """Whether some of all the others, in the page or not, are taken."""
        tried, kinds = {subject for subject, _ in failed}, {subject.kind for subject, _ in failed}
        doctors = _doctors(self.log.versions(page.last)) if "doctor" in kinds else []
        claims = _claims(self.log.claim_streams(0, page.last)) if "claim" in kinds else []
        others = [each for each in (*doctors, *claims) if each not in tried]
        some = others[:: max(1, len(others) // FEW)]
        return any(next(self._failing(page, [each]), None) is None for each in some)

    def _failing(self, page: Page, subjects: Sequence[Subject]) -> Iterator[Failed]:
        """Write the rows of some, and give those who fail, found by halving."""
        if not subjects:
            return
        try:
            with self._connection.transaction():
                self.projection.project(page.part(subjects), self.writer)
        except BookFault:
            raise
        except Blamed as blamed:
            if fault_of(blamed) is not Fault.EVENT:
                raise
            yield blamed.who, blamed
            others = [each for each in subjects if each != blamed.who]
            yield from self._failing(page.going_on_without([blamed.who]), others)
        except Exception as error:
            if fault_of(error) is not Fault.EVENT:
                raise
            half = len(subjects) // 2
            if not half:
                yield subjects[0], error
            else:
                yield from self._failing(page, subjects[:half])
                yield from self._failing(page, subjects[half:])


def _concerned(page: Page) -> list[Subject]:
    """Those set aside that a page has something new for: all, where the rule book has."""
    aside = page.aside
    if not aside.subjects():
        return []
    if page.before is not page.now:
        return aside.subjects()
    claims = page.log.claim_streams(page.after, page.last) if aside.claims else ()
    return [*_doctors(aside.doctors & page.doctors.keys()), *_claims(aside.claims.intersection(claims))]


def _doctors(ids: Iterable[UUID]) -> list[Subject]:
    return [Subject("doctor", each) for each in sorted(ids)]


def _claims(ids: Iterable[UUID]) -> list[Subject]:
    return [Subject("claim", each) for each in sorted(ids)]
