"""HEAD tells what GET would answer, without the body."""

from typing import Final

import httpx
import pytest

from tests.api.asking import FACTS, STARTED, leave, logged, register

CHANGING: Final = ("date", "correlation-id")


@pytest.mark.parametrize(
    "address", [FACTS, "doctors/nobody/facts", "rule-sets", "health", "docs", "openapi.json", "nowhere"]
)
def test_head_has_the_status_and_the_headers_of_get_and_no_body(client: httpx.Client, address: str) -> None:
    register(client, STARTED, leave("l1"))
    asked, got = client.head(address), client.get(address)
    assert asked.content == b""
    assert asked.status_code == got.status_code
    for each in (asked, got):
        for name in CHANGING:
            each.headers.pop(name, None)
    assert asked.headers == got.headers
    assert int(asked.headers["content-length"]) == len(got.content) > 0


def test_head_answers_that_nothing_has_changed(client: httpx.Client) -> None:
    register(client, STARTED)
    tag = client.head(FACTS).headers["etag"]
    assert client.head(FACTS, headers={"If-None-Match": tag}).status_code == 304
    register(client, leave("l1"))
    assert client.head(FACTS, headers={"If-None-Match": tag}).status_code == 200


def test_the_log_tells_head_from_get(client: httpx.Client) -> None:
    with logged(2) as lines:
        client.head("health")
        client.get("health")
    assert [(line["method"], line["route"], line["status"]) for line in lines] == [
        ("HEAD", "/api/v1/health", 200),
        ("GET", "/api/v1/health", 200),
    ]
