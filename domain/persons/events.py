"""What becomes of a link between two persons: it is declared, and then approved or withdrawn."""

from enum import StrEnum
from typing import Final, Literal

from domain.values.event import Event, Strict
from domain.values.refusals.person import PersonId


class LinkReason(StrEnum):
    """Why two ids are of one person; a code, since a free text could be personal itself."""

    SEVERAL_ISSUERS = "several-issuers"
    NEW_IDENTITY_NUMBER = "new-identity-number"


class _OfLink(Strict):
    type: str
    person: PersonId
    other: PersonId


class LinkEvent(Event, _OfLink):
    """What every event of a link carries: between which two, when, and by whom."""


class LinkDeclared(LinkEvent, topic="person-link.declared.v1"):
    """Somebody declared that two ids are of one person; nothing follows from it until another operator approves it."""

    type: Literal["link_declared"] = "link_declared"
    reason: LinkReason


class LinkApproved(LinkEvent, topic="person-link.approved.v1"):
    """Another operator approved the link: from now on the two are one person, who acts under the first id."""

    type: Literal["link_approved"] = "link_approved"


class LinkWithdrawn(LinkEvent, topic="person-link.withdrawn.v1"):
    """A link that waited for approval was withdrawn; the two are still two."""

    type: Literal["link_withdrawn"] = "link_withdrawn"


LINK_EVENTS: Final = {cls.event_topic: cls for cls in (LinkDeclared, LinkApproved, LinkWithdrawn)}
