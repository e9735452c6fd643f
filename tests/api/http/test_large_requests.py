"""Requests that would take more than their share of memory or time."""

import httpx
import pytest
from fastapi import FastAPI

from api.door.door import HEAD_BYTES
from api.http.services import ROOM_BYTES, Room
from tests.api.asking import refusal
from tests.api.claim_life import attach
from tests.api.claims.test_claim_documents import opened

__all__ = ["opened"]


@pytest.mark.parametrize(
    ("address", "headers"),
    [
        (f"doctors/{'9' * HEAD_BYTES}", {}),
        (f"doctors?q={'a' * HEAD_BYTES}", {}),
        ("health", {f"X-{number}": "a" * 1000 for number in range(17)}),
    ],
    ids=["path", "query", "headers"],
)
def test_a_head_is_as_large_as_it_may_be_however_it_comes(
    client: httpx.Client, address: str, headers: dict[str, str]
) -> None:
    assert refusal(client.get(address, headers=headers)) == (431, "head-too-large")


def test_documents_have_no_more_room_than_there_is_and_give_it_back(app: FastAPI, opened: httpx.Client) -> None:
    room: Room = app.state.services.room
    room.take(ROOM_BYTES - 1)
    assert refusal(attach(opened)) == (503, "crowded")
    room.give_back(ROOM_BYTES - 1)
    assert attach(opened).status_code == 200
    assert refusal(attach(opened, content=b"no document")) == (422, "document-differs")
    room.take(ROOM_BYTES)


def test_the_description_is_written_once_for_all_who_ask(app: FastAPI, client: httpx.Client) -> None:
    found = client.get("openapi.json")
    assert found.json() == app.openapi()
    assert app.written() is app.written()  # type: ignore[attr-defined]
    assert client.get("openapi.json").content == found.content
