"""What a document is said to be, and what it is."""

import base64
import hashlib
from io import BytesIO
from typing import Final
from zipfile import ZipFile

import pytest
from fastapi.datastructures import Headers

from api.http.digests import check_digests, sha256_field
from api.http.problems import Problem
from domain.claim.parts.media import KINDS, UNNAMED, check_content, filename, kind_of_content, kind_of_file, media_type
from domain.values.refusals.refusal import Refused

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CONTENT: Final = b"%PDF-1.7"
SHA_256: Final = hashlib.sha256(CONTENT).digest()


def workbook(*parts: str) -> bytes:
    """A zip file with parts, compressed as Excel does."""
    file = BytesIO()
    with ZipFile(file, "w") as made:
        for part in parts:
            made.writestr(part, "<x/>")
    return file.getvalue()


BOOK: Final = workbook("[Content_Types].xml", "xl/workbook.xml")
SAMPLES: Final = {
    "application/pdf": CONTENT,
    "image/png": b"\x89PNG\r\n\x1a\nxx",
    "image/jpeg": b"\xff\xd8\xff\xe0xx",
    XLSX: BOOK,
    "text/csv": "\ufeffkonto;kroner\r\n4711;100\r\n".encode(),
    "text/plain": "Økonomi\tog tall\n".encode(),
}


def code(problem: pytest.ExceptionInfo[Problem] | pytest.ExceptionInfo[Refused]) -> str:
    """The code, whose sentence can be said."""
    assert str(problem.value)
    return problem.value.code


def test_there_is_a_sample_of_every_kind() -> None:
    assert SAMPLES.keys() == KINDS.keys()


@pytest.mark.parametrize("kind", SAMPLES)
def test_each_kind_is_known_by_its_bytes_and_taken_for_no_other(kind: str) -> None:
    check_content(kind, SAMPLES[kind])
    texts = {"text/csv", "text/plain"}
    for other in SAMPLES.keys() - {kind}:
        if kind in texts and other in texts:
            continue  # whatever is comma-separated is text
        if other in texts and kind == "application/pdf":
            continue  # the sample has nothing but its first line, which is text
        with pytest.raises(Refused) as problem:
            check_content(other, SAMPLES[kind])
        assert code(problem) == "document-differs"


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("application/pdf", b"<html><script>alert(1)</script></html>"),
        ("application/pdf", b"\n" * 2000 + b"%PDF-1.7"),
        ("text/plain", b"null\x00byte"),
        ("text/plain", "regnskap".encode("utf-16")),
        ("text/csv", b"\x1b]0;title\x07"),
        (XLSX, b"PK\x03\x04"),
        (XLSX, workbook("[Content_Types].xml", "word/document.xml")),
        (XLSX, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
    ],
)
def test_what_is_not_what_it_is_said_to_be_is_refused(kind: str, content: bytes) -> None:
    with pytest.raises(Refused) as problem:
        check_content(kind, content)
    assert code(problem) == "document-differs"


@pytest.mark.parametrize("before", [b"\xef\xbb\xbf", b"\n", b"\r\n\r\n", b"\xef\xbb\xbf\r\n", b" \t\n"])
def test_a_pdf_after_a_byte_order_mark_or_blank_lines_is_taken(before: bytes) -> None:
    check_content("application/pdf", before + CONTENT)


@pytest.mark.parametrize("kind", ["text/csv", "text/plain"])
def test_a_text_in_windows_1252_is_told_to_be_that(kind: str) -> None:
    with pytest.raises(Refused) as problem:
        check_content(kind, "konto;beløp – sum\r\n4711;100 €\r\n".encode("cp1252"))
    assert code(problem) == "document-encoding"
    assert "Windows-1252" in str(problem.value)


def test_a_workbook_with_macros_is_told_to_have_them() -> None:
    with pytest.raises(Refused) as problem:
        check_content(XLSX, workbook("[Content_Types].xml", "xl/workbook.xml", "xl/vbaProject.bin"))
    assert code(problem) == "document-macros"
    with pytest.raises(Refused, match="makroer"):
        media_type("application/vnd.ms-excel.sheet.macroEnabled.12")
    with pytest.raises(Refused, match="makroer"):
        kind_of_file("regneark.XLSM")


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (BOOK, "Excel"),
        (CONTENT, "PDF"),
        (b"\xd0\xcf\x11\xe0", "Office-fil"),
        ("å".encode("utf-16"), "UTF-16"),
        (b"\x00\x01", "noe annet"),
    ],
)
def test_of_what_differs_is_told_what_it_is(content: bytes, word: str) -> None:
    with pytest.raises(Refused, match=word) as problem:
        check_content("image/png", content)
    assert code(problem) == "document-differs"


def test_a_document_of_no_named_kind_is_known_by_its_bytes() -> None:
    assert media_type("application/octet-stream") == UNNAMED
    known = {kind: kind_of_content(content) for kind, content in SAMPLES.items()}
    assert known == {**{kind: kind for kind in SAMPLES}, "text/csv": "text/plain"}


def test_an_empty_document_is_none() -> None:
    with pytest.raises(Refused) as problem:
        check_content("text/plain", b"")
    assert code(problem) == "document-empty"


@pytest.mark.parametrize("header", ["text/csv", "Text/CSV; charset=UTF-8", 'text/plain;charset="utf-8"', "image/png"])
def test_a_kind_can_be_written_in_more_ways_than_one(header: str) -> None:
    assert media_type(header) in KINDS


@pytest.mark.parametrize(
    "header",
    ["", "text/html", "application/json", "image/svg+xml", "application/pdf; x=1"],
)
def test_any_other_kind_is_not_taken(header: str) -> None:
    with pytest.raises(Refused) as problem:
        media_type(header)
    assert code(problem) == "document-type"


@pytest.mark.parametrize("charset", ["latin1", "windows-1252", '"utf-16"'])
def test_a_text_that_is_said_to_be_in_another_encoding_is_refused_by_its_name(charset: str) -> None:
    with pytest.raises(Refused, match=charset.strip('"')) as problem:
        media_type(f"text/csv; charset={charset}")
    assert code(problem) == "document-encoding"


@pytest.mark.parametrize(
    "lines",
    [
        {},
        {"Content-Digest": sha256_field(SHA_256)},
        {"Repr-Digest": sha256_field(SHA_256)},
        {"Repr-Digest": f"md5=:AAAA:, {sha256_field(SHA_256)}"},
        {"Content-Digest": f"sha-512=:{base64.b64encode(hashlib.sha512(CONTENT).digest()).decode()}:"},
        {"Content-Digest": "unixsum=:AAA=:"},
    ],
)
def test_a_digest_that_is_right_or_of_an_unknown_kind_is_let_through(lines: dict[str, str]) -> None:
    check_digests(Headers(lines), CONTENT)


@pytest.mark.parametrize("name", ["Content-Digest", "Repr-Digest"])
@pytest.mark.parametrize(
    ("value", "refused_as"),
    [
        (sha256_field(bytes(32)), "digest-differs"),
        (f"{sha256_field(SHA_256)}, sha-512=:AAAA:", "digest-differs"),
        ("sha-256=abc", "invalid-request"),
        ("sha-256=:a:", "invalid-request"),
        ("", "invalid-request"),
        (SHA_256.hex(), "invalid-request"),
    ],
)
def test_a_digest_that_differs_or_is_none_is_refused(name: str, value: str, refused_as: str) -> None:
    with pytest.raises(Problem) as problem:
        check_digests(Headers({name: value}), CONTENT)
    assert code(problem) == refused_as


def test_a_saved_document_has_a_name_that_tells_nothing() -> None:
    assert filename("text/csv", SHA_256.hex()) == f"dokument-{SHA_256.hex()[:12]}.csv"


@pytest.mark.parametrize("kind", SAMPLES)
def test_a_file_is_of_the_kind_that_its_name_ends_with(kind: str) -> None:
    assert kind_of_file(filename(kind, SHA_256.hex())) == kind
    assert kind_of_file("Bilde.JPEG") == "image/jpeg"
    with pytest.raises(Refused) as problem:
        kind_of_file("avtale.docx")
    assert code(problem) == "document-type"
