"""Personal texts of the events of claims, municipalities and ties: what is about a doctor under the doctor's key.

The others are sealed under a key of the stream's own.

A sealed payload has the personal fields of each owner as one AES-256-GCM text beside the clear ones, with the places
that they stand in. A key that was destroyed leaves "(slettet)" in these.
"""

import base64
import os
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Final, TypeVar
from uuid import UUID

from pydantic import BaseModel
from pydantic_core import from_json, to_json

from domain.doctor.facts.fact import is_personal
from domain.doctor.facts.stored import stored_event
from domain.store.sealed.master import NONCE_BYTES
from domain.store.sealed.sealing import ERASED_TEXT, MARK, DoctorKey
from domain.values.event import Event
from domain.values.streams import track_id

E = TypeVar("E", bound=Event)

Place = tuple[str | int, ...]
"""Where a field stands in an event: names of fields and numbers in lists."""
Texts = Mapping[UUID, Mapping[Place, str]]
"""Personal texts by whose key seals them, and the place of each."""
_LINE: Final = "hpr"


def personal_texts(event: Event, stream: UUID) -> Texts:
    """The personal texts of an event by owner."""
    found: dict[UUID, dict[Place, str]] = defaultdict(dict)
    for owner, place, text in _texts(event, stream, ()):
        found[owner][place] = text
    return found


def seal_texts(event: Event, texts: Texts, keys: Mapping[UUID, DoctorKey], bound_to: bytes) -> bytes:
    """An event as stored bytes, its personal texts sealed; `bound_to` is what nobody can move them from."""
    if not texts:
        return event.model_dump_json().encode()
    plain = event.model_dump(mode="json")
    sealed = []
    for owner, by_place in texts.items():
        for place in by_place:
            _holder(plain, place)[place[-1]] = None  # until it is put back
        nonce, secret = os.urandom(NONCE_BYTES), to_json(list(by_place.values()))
        text = nonce + keys[owner].cipher.encrypt(nonce, secret, bound_to)
        kept = {"of": str(owner), "key": keys[owner].name, "at": list(by_place)}
        sealed.append({**kept, "text": base64.b64encode(text).decode()})
    return to_json({**plain, "sealed": sealed})


def owners_of(payload: bytes) -> frozenset[UUID]:
    """Whose keys stored bytes need."""
    if MARK not in payload:
        return frozenset()
    return frozenset(UUID(each["of"]) for each in from_json(payload)["sealed"])


def keys_named(payload: bytes) -> list[tuple[UUID, str]]:
    """Whose keys sealed bytes need, and their names."""
    return [(UUID(each["of"]), each["key"]) for each in from_json(payload)["sealed"]]


def unseal_texts(kind: type[E], payload: bytes, keys: Mapping[UUID, DoctorKey], bound_to: bytes) -> E:
    """The event of stored bytes; without its key a personal text is erased."""
    if MARK not in payload:
        return stored_event(kind, payload)
    plain = from_json(payload)
    for each in plain.pop("sealed"):
        for place, text in zip(each["at"], _opened(each, keys, bound_to), strict=True):
            _holder(plain, place)[place[-1]] = text
    return stored_event(kind, to_json(plain))


def _opened(sealed: Mapping[str, Any], keys: Mapping[UUID, DoctorKey], bound_to: bytes) -> list[str]:
    key = keys.get(UUID(sealed["of"]))
    if key is None or key.name != sealed["key"]:
        return [ERASED_TEXT] * len(sealed["at"])
    text = base64.b64decode(sealed["text"])
    opened: list[str] = from_json(key.cipher.decrypt(text[:NONCE_BYTES], text[NONCE_BYTES:], bound_to))
    return opened


def _texts(part: BaseModel, owner: UUID, place: Place) -> Iterator[tuple[UUID, Place, str]]:
    """The personal texts of a part and its parts; a part that names a doctor belongs to the doctor."""
    hpr = part.__dict__.get(_LINE)
    owner = owner if hpr is None else track_id(hpr)
    private = _private(type(part))
    for name, value in part:
        if name in private and value is not None:
            listed = enumerate(value) if isinstance(value, tuple) else None
            yield from (
                ((owner, (*place, name, n), text) for n, text in listed) if listed else [(owner, (*place, name), value)]
            )
        elif isinstance(value, BaseModel):
            yield from _texts(value, owner, (*place, name))
        elif isinstance(value, tuple):
            for n, each in enumerate(value):
                if isinstance(each, BaseModel):
                    yield from _texts(each, owner, (*place, name, n))


@cache
def _private(kind: type[BaseModel]) -> frozenset[str]:
    return frozenset(name for name, field in kind.model_fields.items() if is_personal(field))


def _holder(plain: Any, place: Any) -> Any:  # noqa: ANN401 - JSON
    """What a place is in."""
    for step in place[:-1]:
        plain = plain[step]
    return plain
