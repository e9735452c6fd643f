"""Where a claim is in its life."""

from enum import StrEnum


class Status(StrEnum):
    """Where in its life a claim is."""

    OPENED = "opened"
    RETURNED = "returned"
    SUBMITTED = "submitted"
    REOPENED = "reopened"
    ASSESSED = "assessed"
    PROPOSED = "proposed"
    DECIDED = "decided"
    PAID = "paid"
    ATTESTED = "attested"
    REPORT_ACCEPTED = "report_accepted"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"
