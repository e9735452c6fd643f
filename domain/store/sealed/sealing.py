"""Personal fields under a key per doctor: destroying the key erases them, amounts stay.

A sealed payload carries the personal fields as one AES-256-GCM text beside the clear ones; what a
rule needs of them (whether a leave extends the five years) stands in clear.
"""

import base64
import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from pydantic_core import from_json, to_json

from domain.doctor.facts.fact import Fact
from domain.doctor.facts.facts import BY_TYPE, FACT_CLASSES, PERSONAL_FIELDS
from domain.doctor.facts.positions import JobSwitched, NewPosition
from domain.doctor.facts.stored import stored_fact
from domain.store.sealed.master import NONCE_BYTES
from domain.values.event import Strict
from domain.values.fields import LeaveKind

MARK: Final = b'"sealed":'
ERASED_TEXT: Final = "(slettet)"
"""Stands where a text must stand and its key was destroyed."""
_CHANGEABLE: Final = ("percent", "category", "employment", "post")
_LEAVE_KINDS: Final = frozenset(LeaveKind)
"""A correction does not say what it corrects; the kinds of costs are not personal."""
_KINDS: Final[tuple[type[Strict], ...]] = (*FACT_CLASSES, NewPosition)
_PRIVATE: Final = {kind: tuple(PERSONAL_FIELDS & kind.model_fields.keys()) for kind in _KINDS}
"""The personal fields of each kind of fact; a correction always has its reason."""


@dataclass(frozen=True, slots=True)
class DoctorKey:
    """A doctor's key, and the name by which a sealed text says that it was this one."""

    name: str
    cipher: AESGCM

    @classmethod
    def of(cls, key: bytes) -> "DoctorKey":
        """The key that some bytes make."""
        return cls(hashlib.sha256(key).hexdigest()[:16], AESGCM(key))


def holds_personal(fact: Strict) -> bool:
    """Whether a fact has anything to seal."""
    fields = vars(fact)
    if any(fields[name] is not None for name in _PRIVATE[type(fact)]):
        return True
    return isinstance(fact, JobSwitched) and holds_personal(fact.new)


def seal(fact: Fact, key: DoctorKey) -> bytes:
    """A fact as stored bytes, its personal fields sealed."""
    plain = fact.model_dump(mode="json")
    secret = _take_out(plain)
    if secret:
        nonce = os.urandom(NONCE_BYTES)
        text = to_json(secret)
        sealed = nonce + key.cipher.encrypt(nonce, text, _bound_to(plain))
        plain["key"] = key.name
        plain["sealed"] = base64.b64encode(sealed).decode()
    return to_json(plain)


def is_sealed(payload: bytes) -> bool:
    """Whether stored bytes need a key."""
    return MARK in payload


def is_erased(payload: bytes, key: DoctorKey | None) -> bool:
    """Whether the key that stored bytes were sealed under is gone."""
    return is_sealed(payload) and (key is None or key.name.encode() not in payload)


def clear_part(fact: Fact) -> dict[str, Any]:
    """What of a fact is left when its key is destroyed."""
    plain = fact.model_dump(mode="json", exclude_none=True)
    _take_out(plain)
    return plain


def as_erased(fact: Fact) -> Fact:
    """The fact as it is read once its key is destroyed."""
    return _erased(clear_part(fact))


def key_named(payload: bytes) -> str:
    """The name of the key that sealed bytes need."""
    name: str = from_json(payload)["key"]
    return name


def unseal(payload: bytes, key: DoctorKey | None) -> Fact:
    """The fact of stored bytes; without its key the personal fields are erased."""
    if not is_sealed(payload):
        return stored_fact(payload)
    plain = from_json(payload)
    sealed = base64.b64decode(plain.pop("sealed"))
    name = plain.pop("key")
    if key is None or name != key.name:
        return _erased(plain)
    secret = key.cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], _bound_to(plain))
    _put_back(plain, from_json(secret))
    return stored_fact(to_json(plain))


def _bound_to(plain: Mapping[str, Any]) -> bytes:
    """A sealed text cannot be moved to another fact or another doctor."""
    return f"{plain['hpr']}/{plain['id']}".encode()


def _take_out(plain: dict[str, Any]) -> dict[str, Any]:
    """Move the personal fields out, also of nested parts; leave what a rule needs."""
    secret: dict[str, Any] = {}
    personal = _PRIVATE[BY_TYPE[plain["type"]]] if "type" in plain else PERSONAL_FIELDS
    for name in list(plain):
        value = plain[name]
        if name in personal and value is not None and (name != "kind" or value in _LEAVE_KINDS):
            secret[name] = plain.pop(name)
            if name == "kind":
                plain["extends"] = LeaveKind(value).extends
        elif isinstance(value, dict) and (inner := _take_out(value)):
            secret[name] = inner
    return secret


def _put_back(plain: dict[str, Any], secret: Mapping[str, Any]) -> None:
    for name, value in secret.items():
        if name not in PERSONAL_FIELDS:
            _put_back(plain[name], value)
            continue
        plain[name] = value
        if name == "kind":
            del plain["extends"]


def _erased(plain: dict[str, Any]) -> Fact:
    """The fact without its personal fields: texts say so, a leave keeps what a rule needs."""
    _fill_erased(plain)
    wanted = BY_TYPE[plain["type"]].model_fields
    for name in PERSONAL_FIELDS & wanted.keys() - plain.keys():
        if wanted[name].is_required():
            plain[name] = ERASED_TEXT
    if plain["type"] == "position_changed" and all(plain.get(name) is None for name in _CHANGEABLE):
        plain["workplace"] = ERASED_TEXT  # nothing else was changed, and a change changes something
    return stored_fact(to_json(plain))


def _fill_erased(plain: dict[str, Any]) -> None:
    if "extends" in plain:
        extending = plain.pop("extends")
        plain["kind"] = LeaveKind.ERASED_EXTENDING if extending else LeaveKind.ERASED_OTHER
    for value in plain.values():
        if isinstance(value, dict):
            _fill_erased(value)
