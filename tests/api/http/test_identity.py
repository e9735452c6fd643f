import asyncio
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from tests.api.asking import FACTS, as_, leave, refusal


def ask(app: FastAPI, peer: tuple[str, int] | None, address: str = "health", **headers: str) -> httpx.Response:
    """Ask as somebody at another address would."""

    async def asked() -> httpx.Response:
        transport = httpx.ASGITransport(app, client=peer)  # type: ignore[arg-type]
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1/api/v1", headers=headers) as made:
            return await made.get(address)

    return asyncio.run(asked())


@pytest.mark.parametrize("peer", ["127.0.0.1", "127.3.2.1", "::1", "::ffff:127.0.0.1"])
def test_the_machine_itself_is_answered(app: FastAPI, peer: str) -> None:
    assert ask(app, (peer, 1)).status_code == 200


@pytest.mark.parametrize("peer", ["10.0.0.5", "192.168.1.1", "::ffff:10.0.0.5", "2001:db8::1", "testclient", ""])
def test_nobody_else_is_whatever_they_ask(app: FastAPI, peer: str) -> None:
    for address in ("health", FACTS, "docs", "openapi.json", "nowhere"):
        assert refusal(ask(app, (peer, 1), address, **as_("kommune:1804"))) == (403, "not-loopback")


def test_who_comes_from_no_known_address_is_not(app: FastAPI) -> None:
    assert refusal(ask(app, None)) == (403, "not-loopback")


@pytest.mark.parametrize("header", ["Forwarded", "X-Forwarded-For", "X-Real-IP"])
def test_what_comes_through_a_proxy_is_not_from_here(client: httpx.Client, header: str) -> None:
    assert refusal(client.get("health", headers={header: "127.0.0.1"})) == (403, "not-loopback")


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:8000", "127.0.0.1", "127.0.0.1:1", "[::1]", "[::1]:8000"])
def test_the_machine_answers_to_its_own_names(client: httpx.Client, host: str) -> None:
    assert client.get("health", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example:80", "evil.example:8000", "[::2]", ""]
)
def test_a_page_that_points_its_own_name_here_is_refused(client: httpx.Client, host: str) -> None:
    headers: dict[str, Any] = {"Host": host}
    assert refusal(client.post(FACTS, json=leave("l1"), headers=headers)) == (421, "wrong-host")


def test_a_person_is_one_person_in_whatever_role_they_act(client: httpx.Client) -> None:
    headers = {"Idempotency-Key": "once", **as_("saksbehandler:ab")}
    assert client.post(FACTS, json=leave("l1"), headers=headers).status_code == 201
    other = client.post(FACTS, json=leave("l2"), headers={**headers, **as_("saksbehandler:ab;role=caseworker")})
    assert refusal(other) == (409, "command-id-reused")
