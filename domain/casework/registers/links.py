"""Links between persons in the store: declared by one operator, approved by another, and asked at every sign-in."""

from datetime import datetime
from typing import Any

from domain.casework.commands.commands import Command
from domain.casework.registers.register import About, Register, RegisterReceipt
from domain.persons.events import LinkApproved, LinkDeclared, LinkEvent, LinkReason, LinkWithdrawn
from domain.persons.links import Links, Pair, decide
from domain.store import Store
from domain.values.refusals.refusal import refused
from domain.values.streams import link_id


class StoredLinks:
    """The links as stored."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._register = Register(store, Links(), store.of_links)

    def current(self) -> Links:
        """All links as they stand."""
        return self._register.current()

    def ids_of(self, person: str) -> tuple[str, ...]:
        """Every id of a person: first the one under which the person acts now."""
        return self.current().ids_of(person)

    def declare(self, pair: Pair, reason: LinkReason, now: datetime, command: Command) -> RegisterReceipt:
        """Declare that two are one person; raises `Refused` (unknown-person, and as `decide` does)."""
        known = self._store.persons.names(pair)
        for each in pair:
            if each not in known:
                raise refused("unknown-person", person=each)
        return self._done(LinkDeclared(reason=reason, **_common(pair, now, command)), command)

    def approve(self, pair: Pair, now: datetime, command: Command) -> RegisterReceipt:
        """Approve what another operator declared; raises `Refused` as `decide` does."""
        return self._done(LinkApproved(**_common(pair, now, command)), command)

    def withdraw(self, pair: Pair, now: datetime, command: Command) -> RegisterReceipt:
        """Withdraw what waits for approval; raises `Refused` as `decide` does."""
        return self._done(LinkWithdrawn(**_common(pair, now, command)), command)

    def _done(self, event: LinkEvent, command: Command) -> RegisterReceipt:
        person, other = event.person, event.other
        about, actor = About(person, other, link_id(person, other)), command.actor
        return self._register.carry_out(about, lambda links: [decide(links, event, actor.role, actor.called)], command)


def _common(pair: Pair, now: datetime, command: Command) -> dict[str, Any]:
    person, other = pair
    return {"person": person, "other": other, "recorded_at": now, "recorded_by": command.actor.subject}
