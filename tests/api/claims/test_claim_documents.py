"""Documents of a claim: sent as they are, checked, given out as downloads, and gone with the key."""

import base64
import hashlib
from collections.abc import Callable, Iterator
from typing import Final

import httpx
import pytest

from api.http.services import RequestLimits
from api.main import create_app
from domain.casework.service import Casework
from domain.store import Store
from tests.api.asking import HPR, POST, STARTED, engage, errors, refusal, serving
from tests.api.claim_life import (
    CASEWORKER,
    DIGEST,
    DOCUMENT,
    MUNICIPALITY,
    ONE,
    REVISOR,
    STEPS,
    attach,
    by,
    registered,
    step,
)
from tests.issuer import identity

AT: Final = f"{ONE}/documents/{DIGEST}"
MOST: Final = 2_000


@pytest.fixture
def opened(client: httpx.Client) -> httpx.Client:
    """A claim that is open, with a line."""
    registered(client, HPR, POST, STARTED)
    assert step(client, MUNICIPALITY, STEPS[0].body).status_code == 201
    return client


@pytest.fixture
def small(casework: Casework, opened: httpx.Client) -> Iterator[httpx.Client]:
    """The same claim, where no document may be large."""
    del opened
    with (
        serving(create_app(casework, RequestLimits(MOST), identity=identity(casework))) as address,
        httpx.Client(base_url=f"{address}/api/v1", timeout=60) as made,
    ):
        yield made


def digest_of(content: bytes, name: str = "sha-256") -> str:
    """A digest field of RFC 9530."""
    made = hashlib.new(name.replace("-", ""), content).digest()
    return f"{name}=:{base64.b64encode(made).decode()}:"


def test_a_document_comes_down_as_it_went_up_and_never_as_a_page(opened: httpx.Client) -> None:
    engage(opened, "1804")
    sent = attach(opened, Content_Digest=digest_of(DOCUMENT), Repr_Digest=digest_of(DOCUMENT, "sha-512"))
    assert sent.status_code == 200
    [shown] = sent.json()["documents"]
    assert (shown["document"], shown["kind"], shown["size"], shown["hpr"]) == (DIGEST, "agreement", len(DOCUMENT), HPR)
    found = opened.get(AT, headers=by(REVISOR))
    assert (found.status_code, found.content) == (200, DOCUMENT)
    digest = DIGEST.removeprefix("sha256:")
    assert {
        name: found.headers[name] for name in ("content-type", "etag", "x-content-type-options", "repr-digest")
    } == {
        "content-type": "application/pdf",
        "etag": f'"{digest}"',
        "x-content-type-options": "nosniff",
        "repr-digest": digest_of(DOCUMENT),
    }
    assert found.headers["content-disposition"] == f'attachment; filename="dokument-{digest[:12]}.pdf"'
    again = opened.get(AT, headers=by(REVISOR, If_None_Match=found.headers["etag"]))
    assert (again.status_code, again.content) == (304, b"")


def test_a_document_need_not_be_of_a_line(opened: httpx.Client) -> None:
    headers = by(MUNICIPALITY, Content_Type="text/csv; charset=utf-8")
    content = b"konto;kroner\n4711;100\n"
    query = {"kind": "ledger", "name": "Prosjektregnskap"}
    sent = opened.post(f"{ONE}/documents", params=query, content=content, headers=headers)
    [shown] = sent.json()["documents"]
    assert (shown["hpr"], shown["name"], shown["media_type"]) == (None, "Prosjektregnskap", "text/csv")
    found = opened.get(f"{ONE}/documents/{shown['document']}", headers=by(CASEWORKER))
    assert (found.content, found.headers["content-type"]) == (content, "text/csv; charset=utf-8")


@pytest.mark.parametrize("actor", ["kommune:1839", "person:x; role=revisor; organisation=1839"])
def test_anothers_document_is_not_found(opened: httpx.Client, actor: str) -> None:
    engage(opened, "1839")
    attach(opened)
    assert refusal(opened.get(AT, headers=by(actor))) == (404, "unknown-claim")
    assert opened.post("claims/1839-2026/steps", json={"type": "open"}, headers=by("kommune:1839")).status_code == 201
    elsewhere = AT.replace("1804-2026", "1839-2026")
    assert refusal(opened.get(elsewhere, headers=by("kommune:1839"))) == (404, "unknown-document")


def test_a_document_that_is_not_there_or_was_taken_off_is_not_found(opened: httpx.Client) -> None:
    assert refusal(opened.get(AT, headers=by(CASEWORKER))) == (404, "unknown-document")
    attach(opened)
    assert step(opened, MUNICIPALITY, {"type": "remove_document", "document": DIGEST}).status_code == 200
    assert refusal(opened.get(AT, headers=by(CASEWORKER))) == (404, "unknown-document")
    twice = step(opened, MUNICIPALITY, {"type": "remove_document", "document": DIGEST})
    assert refusal(twice) == (422, "unknown-document")
    assert errors(opened.get(f"{ONE}/documents/sha256:abc", headers=by(CASEWORKER))) == [("document", "bad-text")]


@pytest.mark.parametrize(
    ("headers", "content", "expected"),
    [
        ({"Content_Type": "text/html"}, DOCUMENT, (415, "document-type")),
        ({"Content_Type": ""}, DOCUMENT, (415, "document-type")),
        ({"Content_Type": "application/octet-stream"}, b"\x00\x01", (422, "document-differs")),
        ({"Content_Encoding": "gzip"}, DOCUMENT, (415, "document-compressed")),
        ({}, b"", (422, "document-empty")),
        ({}, b"<html></html>", (422, "document-differs")),
        ({"Content_Type": "image/png"}, DOCUMENT, (422, "document-differs")),
        ({"Repr_Digest": digest_of(b"other")}, DOCUMENT, (422, "digest-differs")),
        ({"Content_Digest": digest_of(b"other", "sha-512")}, DOCUMENT, (422, "digest-differs")),
        ({"Alis_Actor": "auditor:kl"}, DOCUMENT, (403, "wrong-role")),
        ({"Alis_Actor": "kommune:1839"}, DOCUMENT, (404, "unknown-claim")),
        ({"If_Match": '"x"'}, DOCUMENT, (412, "changed-meanwhile")),
    ],
)
def test_what_is_refused_leaves_no_bytes_behind(
    opened: httpx.Client, store: Store, headers: dict[str, str], content: bytes, expected: tuple[int, str]
) -> None:
    headers = dict(headers)
    actor = headers.pop("Alis_Actor", MUNICIPALITY)
    assert refusal(attach(opened, actor, content, **headers)) == expected
    with store.reading(None) as connection:
        assert connection.execute("SELECT FROM documents").rowcount == 0


def test_a_document_of_a_doctor_who_is_not_in_the_claim_is_refused(opened: httpx.Client) -> None:
    headers = by(MUNICIPALITY, Content_Type="application/pdf")
    query = {"kind": "agreement", "hpr": "9000009"}
    sent = opened.post(f"{ONE}/documents", params=query, content=DOCUMENT, headers=headers)
    assert refusal(sent) == (422, "unknown-line")
    for params, field in (({}, "kind"), ({"kind": "photo"}, "kind"), ({"kind": "other", "x": "1"}, "x")):
        sent = opened.post(f"{ONE}/documents", params=params, content=DOCUMENT, headers=headers)
        assert errors(sent)[0][0] == field


@pytest.mark.parametrize("actor", [CASEWORKER, REVISOR])
def test_a_caseworker_and_the_engaged_revisor_attach_documents_too(opened: httpx.Client, actor: str) -> None:
    engage(opened, "1804")
    assert attach(opened, actor).status_code == 200
    assert opened.get(AT, headers=by(MUNICIPALITY)).content == DOCUMENT


def test_the_same_document_once_and_a_repeated_request_gets_the_first_answer(opened: httpx.Client) -> None:
    first = attach(opened, Idempotency_Key="once")
    again = attach(opened, Idempotency_Key="once")
    assert (again.status_code, again.content) == (first.status_code, first.content)
    assert refusal(attach(opened)) == (409, "document-there")
    assert refusal(attach(opened, content=b"%PDF-other", Idempotency_Key="once")) == (409, "command-id-reused")


def test_no_more_is_read_than_a_document_may_be(small: httpx.Client) -> None:
    just = b"%PDF-" + bytes(MOST - 5)
    assert attach(small, content=just).status_code == 200
    assert refusal(attach(small, content=just + b"x")) == (413, "too-large")
    read = 0

    def endless() -> Iterator[bytes]:
        nonlocal read
        while read < 200:
            read += 1
            yield b"%PDF-" + bytes(1_000)

    headers = by(MUNICIPALITY, Content_Type="application/pdf")
    try:
        sent = small.post(f"{ONE}/documents", params={"kind": "other"}, content=endless(), headers=headers)
    except httpx.WriteError:  # the service has hung up, which says the same
        return
    assert refusal(sent) == (413, "too-large")


def test_when_the_doctors_key_is_destroyed_the_document_is_gone_and_the_claim_says_it_was_there(
    opened: httpx.Client, erases: Callable[[str], None]
) -> None:
    attach(opened)
    erases(HPR)
    assert refusal(opened.get(AT, headers=by(CASEWORKER))) == (410, "document-erased")
    [shown] = opened.get(ONE, headers=by(CASEWORKER)).json()["documents"]
    assert (shown["document"], shown["name"]) == (DIGEST, "(slettet)")


def test_a_name_with_letters_that_nobody_sees_is_refused(opened: httpx.Client) -> None:
    response = opened.post(
        f"{ONE}/documents?kind=agreement&name=avtale%00x",
        content=DOCUMENT,
        headers=by(MUNICIPALITY, Content_Type="application/pdf"),
    )
    assert errors(response) == [("name", "bad-text")]
