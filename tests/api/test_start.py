"""What somebody finds who opens the address of the service."""

import base64
import hashlib
import re

import httpx
import psycopg
import pytest

from domain.store import Store
from projections.all import ALL
from projections.engine.status import wait_for
from projections.workers import Workers

BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}


def start(client: httpx.Client, **headers: str) -> httpx.Response:
    return client.get(client.base_url.join("/"), headers=headers)


@pytest.mark.parametrize("accept", [BROWSER["Accept"], "*/*", "text/html, application/json"])
def test_whoever_opens_the_address_gets_a_page_in_norwegian(client: httpx.Client, accept: str) -> None:
    page = start(client, Accept=accept)
    assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert '<html lang="nb">' in page.text
    assert page.text.count("<h1>") == 1
    assert "<title>" in page.text
    assert page.headers["vary"] == "Accept"


def test_a_program_that_wants_json_is_sent_to_the_description(client: httpx.Client) -> None:
    sent = start(client, Accept="application/json")
    assert (sent.status_code, sent.headers["location"]) == (303, "/api/v1/openapi.json")
    assert client.get(client.base_url.join(sent.headers["location"])).json()["info"]["title"] == "ALIS"


def test_the_page_lets_nothing_in_from_elsewhere(client: httpx.Client) -> None:
    page = start(client, **BROWSER)
    style = re.search(r"<style>(.*)</style>", page.text, re.DOTALL)
    assert style
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    policy = page.headers["content-security-policy"]
    assert f"default-src 'none'; style-src 'sha256-{digest}'" in policy
    assert "<script" not in page.text


def test_every_link_of_the_page_leads_to_something_that_a_browser_may_read(
    client: httpx.Client, store: Store, database_url: str
) -> None:
    links = re.findall(r'href="(/[^"]*)"', start(client, **BROWSER).text)
    assert len(links) > 3
    with Workers(ALL, store, database_url), psycopg.connect(database_url, autocommit=True) as connection:
        assert wait_for(connection, store.last_position() or 0, 60)
        assert links[0] == "/sign-in"
        for link in links[1:]:
            assert client.get(client.base_url.join(link), headers=BROWSER).status_code == 200, link
