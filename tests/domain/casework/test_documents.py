"""Documents beside the log: kept with the event that names them, sealed, and gone with the key."""

from typing import Final

import pytest

from deploy.clock import new_id
from domain.store import CommandRecord, Conflict, Document, Recorded
from domain.values.streams import track_id
from tests.desk import Desk, command, fact_of, guidance
from tests.scenario import BODO

CLAIM: Final = track_id("the claim's own stream")
DOCTOR: Final = track_id("9000001")
PDF: Final = Document("application/pdf", b"%PDF-1.7 Kari Nordmann")


def keeps(at: Desk, document: Document = PDF, owner: object = DOCTOR, number: int = 1, version: int = 1) -> None:
    """Append something, and the document in the same breath."""
    assert owner in {DOCTOR, CLAIM}
    whose = DOCTOR if owner == DOCTOR else CLAIM
    order = command()
    event = Recorded(DOCTOR, version, fact_of(guidance(number)), order.origin(), DOCTOR, version)
    record = CommandRecord(order.id, order.request, "{}", order.actor.subject)
    at.store.append([event], record, at.store.documents.sealed(CLAIM, BODO, whose, document))


def test_a_document_comes_back_as_it_was_and_lies_sealed(at: Desk) -> None:
    keeps(at)
    assert at.store.documents.find(CLAIM, PDF.digest, None) == PDF
    [row] = at.asks("SELECT size, digest, sealed FROM documents")
    assert (row["size"], bytes(row["digest"])) == (len(PDF.content), PDF.digest)
    assert b"Kari" not in bytes(row["sealed"])


def test_another_claims_document_is_not_found(at: Desk) -> None:
    keeps(at)
    assert at.store.documents.find(new_id(), PDF.digest, None) is None
    assert at.store.documents.find(CLAIM, bytes(32), None) is None


def test_what_names_it_is_appended_with_it_or_neither_is(at: Desk) -> None:
    keeps(at)
    with pytest.raises(Conflict):
        keeps(at, Document("text/plain", b"ikke denne"), number=2)
    assert len(at.asks("SELECT 1 AS one FROM documents")) == 1
    assert len(at.asks("SELECT 1 AS one FROM events WHERE doctor IS NOT NULL")) == 1


def test_it_goes_with_the_key_of_whom_it_is_about_and_only_with_that(at: Desk) -> None:
    keeps(at)
    keeps(at, Document("text/plain", b"regnskap"), owner=CLAIM, number=2, version=2)
    at.erases("9000001")
    assert at.store.documents.find(CLAIM, PDF.digest, None) is None
    assert at.store.documents.find(CLAIM, Document("text/plain", b"regnskap").digest, None) is not None


def test_attached_again_under_a_new_key_it_can_be_read_again(at: Desk) -> None:
    keeps(at)
    at.erases("9000001")
    keeps(at, number=2, version=2)
    assert at.store.documents.find(CLAIM, PDF.digest, None) == PDF


def test_the_same_document_about_two_doctors_stays_when_one_is_erased(at: Desk) -> None:
    keeps(at)
    keeps(at, owner=CLAIM, number=2, version=2)
    at.erases("9000001")
    assert at.store.documents.find(CLAIM, PDF.digest, None) == PDF
