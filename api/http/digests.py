"""Digest fields of HTTP (RFC 9530): checks the digests that a sender gives."""

import base64
import binascii
import hashlib
import re
from typing import Final

from fastapi.datastructures import Headers

from api.http.problems import FieldError, Problem
from domain.values.refusals.refusal import refused

HEADERS: Final = ("Content-Digest", "Repr-Digest")
"""The two mean the same here, because nothing is sent compressed."""
_ALGORITHMS: Final = {"sha-256": hashlib.sha256, "sha-512": hashlib.sha512}
_MEMBER: Final = re.compile(r"([a-z*][a-z0-9_.*-]*)=:([A-Za-z0-9+/]*=*):", re.ASCII)


def check_digests(headers: Headers, content: bytes) -> None:
    """Raise `Problem` (digest-differs) if a digest that was sent is not that of the content.

    Unknown algorithms are ignored, as the RFC says; a malformed field is refused.
    """
    for name in HEADERS:
        for key, stated in _members(name, headers.getlist(name)):
            if key in _ALGORITHMS and stated != _ALGORITHMS[key](content).digest():
                raise Problem("digest-differs", header=name)


def sha256_field(digest: bytes) -> str:
    """A digest field of SHA-256."""
    return f"sha-256=:{base64.b64encode(digest).decode()}:"


def _members(name: str, lines: list[str]) -> list[tuple[str, bytes]]:
    members = [each.strip(" \t") for each in ",".join(lines).split(",")] if lines else []
    found = []
    for each in members:
        member = _MEMBER.fullmatch(each)
        try:
            found.append((member[1], base64.b64decode(member[2], validate=True)) if member else None)
        except binascii.Error:
            found.append(None)
    if None in found:
        error = refused("bad-text", field=name, wanted="sha-256=:base64:")
        raise Problem.invalid([FieldError.of(error)])
    return [each for each in found if each]
