"""Personal fields under a key per doctor: destroying the key erases them, amounts stay.

A sealed payload carries the personal fields as one AES-256-GCM text beside the clear ones; what a
rule needs of them (whether a leave extends the five years) stands in clear.
"""

import base64
import json
import os
from collections.abc import Iterable, Mapping
from typing import Any, Final, Protocol
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from domain.facts import (
    BY_TYPE,
    FACT,
    FACT_CLASSES,
    PERSONAL_FIELDS,
    Fact,
    FactCorrected,
    JobSwitched,
)
from domain.values import LeaveKind

_NONCE_BYTES: Final = 12
_KEY_BITS: Final = 256
_MARK: Final = b'"sealed":'
_ERASED_TEXT: Final = "(slettet)"
_PRIVATE_CLASSES: Final = tuple(
    cls for cls in FACT_CLASSES if cls in {JobSwitched, FactCorrected} or PERSONAL_FIELDS & cls.model_fields.keys()
)


class KeyStore(Protocol):
    """Where sealed keys lie."""

    def keep(self, keys: Mapping[UUID, bytes]) -> Mapping[UUID, bytes]:
        """Keep new sealed keys where there is none, and return those that hold."""

    def find(self, doctors: Iterable[UUID]) -> Mapping[UUID, bytes]:
        """The sealed keys of those doctors that have one."""

    def any(self) -> Mapping[UUID, bytes]:
        """One sealed key, where there are any."""


class KeyRing:
    """The doctors' keys, opened with the master key; remembers the latest used."""

    LIMIT: Final = 20_000

    def __init__(self, master_key: bytes, store: KeyStore) -> None:
        self._master = AESGCM(master_key)
        self._store = store
        self._open: dict[UUID, AESGCM] = {}

    def for_writing(self, doctors: Iterable[UUID]) -> Mapping[UUID, AESGCM]:
        """The keys of doctors, made where they are missing."""
        wanted = set(doctors)
        missing = [doctor for doctor in wanted if doctor not in self._open]
        if missing:
            self._remember(self._store.find(missing))
            new = {doctor: self._fresh(doctor) for doctor in missing if doctor not in self._open}
            self._remember(self._store.keep(new))
        return {doctor: self._open[doctor] for doctor in wanted}

    def for_reading(self, doctors: Iterable[UUID]) -> Mapping[UUID, AESGCM]:
        """The keys that still exist; a destroyed one is simply not there."""
        wanted = set(doctors)
        missing = [doctor for doctor in wanted if doctor not in self._open]
        if missing:
            self._remember(self._store.find(missing))
        return {doctor: self._open[doctor] for doctor in wanted if doctor in self._open}

    def check(self) -> None:
        """Raise `WrongMasterKey` where the keys that are kept were sealed with another."""
        self._remember(self._store.any())

    def forget(self, doctor: UUID) -> None:
        """Drop a key that was destroyed."""
        self._open.pop(doctor, None)

    def _fresh(self, doctor: UUID) -> bytes:
        nonce = os.urandom(_NONCE_BYTES)
        key = AESGCM.generate_key(_KEY_BITS)
        return nonce + self._master.encrypt(nonce, key, doctor.bytes)

    def _remember(self, sealed: Mapping[UUID, bytes]) -> None:
        if len(self._open) + len(sealed) > self.LIMIT:
            self._open.clear()
        for doctor, blob in sealed.items():
            try:
                key = self._master.decrypt(blob[:_NONCE_BYTES], blob[_NONCE_BYTES:], doctor.bytes)
            except InvalidTag:
                raise WrongMasterKey from None
            self._open[doctor] = AESGCM(key)


class WrongMasterKey(Exception):
    """The master key is not the one that the doctors' keys were sealed with."""

    def __str__(self) -> str:
        """One sentence for whoever runs the program."""
        return "Hovednøkkelen (ALIS_MASTER_KEY) er ikke den som databasen ble laget med."


def holds_personal(fact: Fact) -> bool:
    """Whether a fact has anything to seal."""
    return isinstance(fact, _PRIVATE_CLASSES) and any(_personal_in(fact.as_json()))


def seal(fact: Fact, key: AESGCM) -> bytes:
    """A fact as stored bytes, its personal fields sealed."""
    plain = fact.model_dump(mode="json")
    secret = _take_out(plain)
    if secret:
        nonce = os.urandom(_NONCE_BYTES)
        text = json.dumps(secret, ensure_ascii=False, separators=(",", ":")).encode()
        sealed = nonce + key.encrypt(nonce, text, _bound_to(plain))
        plain["sealed"] = base64.b64encode(sealed).decode()
    return json.dumps(plain, ensure_ascii=False, separators=(",", ":")).encode()


def is_sealed(payload: bytes) -> bool:
    """Whether stored bytes need a key."""
    return _MARK in payload


def unseal(payload: bytes, key: AESGCM | None) -> Fact:
    """The fact of stored bytes; without its key the personal fields are erased."""
    if not is_sealed(payload):
        return FACT.validate_json(payload)
    plain = json.loads(payload)
    sealed = base64.b64decode(plain.pop("sealed"))
    if key is None:
        return _erased(plain)
    secret = key.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], _bound_to(plain))
    _put_back(plain, json.loads(secret))
    return FACT.validate_json(json.dumps(plain))


def _bound_to(plain: Mapping[str, Any]) -> bytes:
    """A sealed text cannot be moved to another fact or another doctor."""
    return f"{plain['hpr']}/{plain['id']}".encode()


def _personal_in(plain: Mapping[str, Any]) -> Iterable[str]:
    for name, value in plain.items():
        if name in PERSONAL_FIELDS and value is not None:
            yield name
        elif isinstance(value, dict):
            yield from _personal_in(value)


def _take_out(plain: dict[str, Any]) -> dict[str, Any]:
    """Move the personal fields out, also of nested parts; leave what a rule needs."""
    secret: dict[str, Any] = {}
    for name in list(plain):
        value = plain[name]
        if name in PERSONAL_FIELDS and value is not None:
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
            plain[name] = _ERASED_TEXT
    return FACT.validate_json(json.dumps(plain))


def _fill_erased(plain: dict[str, Any]) -> None:
    if "extends" in plain:
        extending = plain.pop("extends")
        plain["kind"] = LeaveKind.ERASED_EXTENDING if extending else LeaveKind.ERASED_OTHER
    for value in plain.values():
        if isinstance(value, dict):
            _fill_erased(value)
