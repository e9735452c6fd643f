"""The keys of an issuer: new ones are found, old ones let go, and no token makes us ask too often."""

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final

import pytest
from joserfc.jwk import RSAKey

from api.identity.issuers import Issuer
from api.identity.keys import AGE_SECONDS, PAUSE_SECONDS, IssuerKeys, KeysUnavailable
from deploy.issuer import ProviderConfig, new_key, provider
from tests.deploy.test_ending import free_port
from workers.access.identity import demonstrated

FIRST: Final = new_key("first")
SECOND: Final = new_key("second")


@dataclass
class Clock:
    now: float = 0.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Published:
    """Keys that somebody publishes, and how often they were asked for."""

    issuer: Issuer
    keys: list[RSAKey] = field(default_factory=lambda: [FIRST])
    status: int = 200
    asked: int = 0
    stated: str = ""
    """Whom the metadata say that they are of."""


@pytest.fixture
def published() -> Iterator[Published]:
    class Answering(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            made.asked += 1
            keys = [key.as_dict(private=False) for key in made.keys]
            stated = {"issuer": made.stated, "jwks_uri": f"{address}/jwks"}
            body = json.dumps({**stated, "keys": [*keys, {"kty": "NEW", "kid": "new"}]}).encode()
            self.send_response(made.status)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Answering) as server:
        address = f"http://127.0.0.1:{server.server_port}"
        [issuer] = demonstrated(address)
        made = Published(issuer.model_copy(update={"jwks_uri": f"{address}/jwks"}))
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield made
        server.shutdown()
        thread.join()


def test_unknown_keys_cost_one_question_in_ten_seconds_however_many_tokens_name_them(published: Published) -> None:
    clock = Clock(1_000.0)
    keys = IssuerKeys(published.issuer, clock)
    assert keys.key("first")
    assert [keys.key(f"made-up-{n}") for n in range(100)] == [None] * 100
    assert published.asked == 1
    clock.now += PAUSE_SECONDS
    threads = [threading.Thread(target=keys.key, args=(f"more-{n}",)) for n in range(20)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert published.asked == 2
    for _ in range(100):
        clock.now += 1
        assert keys.key("first")
    assert published.asked == 2, "a known key costs nothing"


def test_a_new_key_is_found_by_one_question_and_one_that_is_gone_let_go_with_it(published: Published) -> None:
    clock = Clock()
    keys = IssuerKeys(published.issuer, clock)
    assert keys.key("first")
    published.keys = [FIRST, SECOND]
    assert keys.key("second") is None, "it was asked just now"
    clock.now += PAUSE_SECONDS
    assert keys.key("second")
    assert keys.key("first")
    published.keys = [SECOND]
    clock.now += AGE_SECONDS
    assert keys.key("first") is None
    assert keys.key("second")
    assert published.asked == 3


def test_known_keys_go_on_while_the_issuer_is_silent_but_not_longer_than_an_hour(published: Published) -> None:
    clock = Clock()
    keys = IssuerKeys(published.issuer, clock)
    assert keys.key("first")
    published.status = 500
    clock.now += AGE_SECONDS - 1
    assert keys.key("unknown") is None
    assert keys.key("first")
    clock.now += 1 + PAUSE_SECONDS
    for _ in range(5):
        with pytest.raises(KeysUnavailable):
            keys.key("first")
    assert published.asked == 3, "once for the unknown key, and once when the hour was over"
    published.status = 200
    clock.now += PAUSE_SECONDS
    assert keys.key("first")


def test_metadata_that_speak_for_another_issuer_lead_to_no_keys(published: Published) -> None:
    own = published.issuer.model_copy(update={"jwks_uri": None})
    published.stated = own.issuer
    assert IssuerKeys(own).key("first")
    for another in (f"{own.issuer}/", own.issuer.replace("http:", "https:"), "https://evil.example"):
        published.stated = another
        with pytest.raises(KeysUnavailable):
            IssuerKeys(own).key("first")


def test_a_provider_that_was_started_anew_with_another_key_is_believed_by_that() -> None:
    port, clock = free_port(), Clock()
    [issuer] = demonstrated(ProviderConfig(port).issuer)
    keys = IssuerKeys(issuer, clock)
    for given, known in (([FIRST], {"first"}), ([SECOND, FIRST], {"first", "second"}), ([SECOND], {"second"})):
        clock.now += AGE_SECONDS
        with provider(ProviderConfig(port, keys=given)):
            assert {kid for kid in ("first", "second") if keys.key(kid)} == known
