"""Who is let in where the service is on a network, and what is believed about them."""

import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_network
from pathlib import Path
from typing import Any, Final

import httpx
import pytest

from api.door import arriving, metrics
from api.http.problems import Problem
from api.main import create_app
from deploy.network import Network
from domain.casework.service import Casework
from domain.store import Store
from tests.api.asking import refusal, serving
from tests.certificates import made_for
from tests.issuer import identity

HOST: Final = "alis.example"
OUTSIDE: Final = "192.0.2.60"
PROXY: Final = "10.0.0.5"
NETWORK: Final = Network(
    "https://alis.example", proxies=(ip_network("10.0.0.0/24"),), scrapers=(ip_network("172.16.0.9/32"),)
)
SAID: Final = f"for={OUTSIDE};proto=https;host={HOST}"


def arrives(
    peer: str, *headers: tuple[str, str], host: str = HOST, scheme: str = "http", path: str = "/", to: str = "10.0.0.9"
) -> tuple[str, str, list[str]]:
    """What the rest of the service is told: who asks, over what, and the headers about it."""
    given = [("host", host), *headers] if host else list(headers)
    raw = [(name.lower().encode(), value.encode("latin-1")) for name, value in given]
    scope: dict[str, Any] = {
        "client": (peer, 4711), "server": (to, 8000), "scheme": scheme, "path": path, "headers": raw,
    }  # fmt: skip
    arriving.check(scope, NETWORK)
    return (
        scope["client"][0],
        scope["scheme"],
        [f"{name.decode()}: {value.decode()}" for name, value in scope["headers"]],
    )


def refused(*said: Any, **more: Any) -> str:  # noqa: ANN401 - as of `arrives`
    with pytest.raises(Problem) as problem:
        arrives(*said, **more)
    return problem.value.code


def test_who_comes_through_a_trusted_proxy_is_whom_it_speaks_for() -> None:
    said = ("Forwarded", SAID)
    assert arrives(PROXY, said, ("Accept", "*/*")) == (OUTSIDE, "https", [f"host: {HOST}", "accept: */*"])
    assert arrives(PROXY, said, host="service:8000")[2] == [f"host: {HOST}"]
    assert arrives(f"::ffff:{PROXY}", said)[0] == OUTSIDE
    assert arrives(PROXY, ("Forwarded", 'for="[2001:db8::7]:99";proto=https'))[0] == "2001:db8::7"


def test_what_a_caller_says_of_themselves_before_a_trusted_proxy_speaks_is_passed_over() -> None:
    lies = ("Forwarded", "for=127.0.0.1;proto=http;host=evil.example")
    assert arrives(PROXY, lies, ("Forwarded", SAID))[:2] == (OUTSIDE, "https")


@pytest.mark.parametrize("name", ["Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP"])
def test_nobody_but_a_trusted_proxy_is_believed_about_others(name: str) -> None:
    told = arrives(OUTSIDE, (name, "for=127.0.0.1"), scheme="https")
    assert told == (OUTSIDE, "https", [f"host: {HOST}"])


def test_headers_that_no_standard_describes_do_not_replace_forwarded() -> None:
    assert refused(PROXY, ("X-Forwarded-For", OUTSIDE), ("X-Forwarded-Proto", "https")) == "not-forwarded"
    assert arrives(PROXY, ("X-Forwarded-For", "127.0.0.1"), ("Forwarded", SAID))[0] == OUTSIDE


@pytest.mark.parametrize("said", ["", f"for={OUTSIDE}", "for=;proto=https", "proto=https;proto=https"])
def test_a_proxy_that_does_not_say_who_asks_and_over_what_is_told_so(said: str) -> None:
    assert refused(PROXY, ("Forwarded", said)) == "not-forwarded"
    assert refused(PROXY) == "not-forwarded"


def test_only_what_came_encrypted_is_answered() -> None:
    assert refused(OUTSIDE) == "not-https"
    assert refused(PROXY, ("Forwarded", f"for={OUTSIDE};proto=http;host={HOST}")) == "not-https"
    assert refused(PROXY, ("Forwarded", f"for={OUTSIDE};proto=http, for=10.0.0.7;proto=https")) == "not-https"
    assert arrives(OUTSIDE, scheme="https")[1] == "https"


@pytest.mark.parametrize("host", ["evil.example", "alis.example.evil.example", "localhost", "127.0.0.1", ""])
def test_it_answers_to_its_own_name_alone(host: str) -> None:
    assert refused(OUTSIDE, host=host, scheme="https") == "wrong-host"
    assert refused(PROXY, ("Forwarded", f'for={OUTSIDE};proto=https;host="{host or "x"}"')) == "wrong-host"


def test_its_name_may_be_written_with_the_port_that_goes_without_saying() -> None:
    for host in ("ALIS.example", "alis.example:443"):
        assert arrives(OUTSIDE, host=host, scheme="https")[0] == OUTSIDE
    assert refused(OUTSIDE, host="alis.example:8443", scheme="https") == "wrong-host"
    assert refused(OUTSIDE, ("Host", "evil.example"), scheme="https") == "wrong-host"


def test_this_machine_may_use_the_names_of_loopback_but_not_through_a_proxy_that_nobody_named() -> None:
    for host in ("localhost:8000", "127.0.0.1", HOST):
        assert arrives("127.0.0.1", host=host)[0] == "127.0.0.1"
    assert refused("127.0.0.1", host="evil.example") == "wrong-host"
    assert refused("127.0.0.1", ("Forwarded", SAID)) == "untrusted-proxy"
    assert refused("127.0.0.1", ("X-Forwarded-For", OUTSIDE)) == "untrusted-proxy"
    assert arrives("10.0.9.9", to="10.0.9.9")[0] == "10.0.9.9"


def test_a_proxy_may_look_whether_the_service_lives_without_speaking_for_anybody() -> None:
    for path in arriving.PROBES:
        assert arrives(PROXY, host="10.0.0.9:8000", path=path)[0] == PROXY
    assert refused(PROXY, path="/metrics") == "not-forwarded"
    assert refused(OUTSIDE, path=arriving.PROBES[0]) == "not-https"


def test_numbers_are_for_this_machine_and_for_those_who_are_named() -> None:
    assert arrives("127.0.0.1", host="localhost:8000", path="/metrics")[0] == "127.0.0.1"
    assert arrives("172.16.0.9", host="service:8000", path="/metrics")[0] == "172.16.0.9"
    assert arrives(PROXY, ("Forwarded", f"for=172.16.0.9;proto=https;host={HOST}"), path="/metrics")[0] == "172.16.0.9"
    assert refused("172.16.0.9", host="service:8000") == "not-https"
    assert refused(OUTSIDE, scheme="https", path="/metrics") == "not-scraper"
    assert refused(PROXY, ("Forwarded", SAID), path="/metrics") == "not-scraper"
    assert refused(PROXY, ("Forwarded", f"for=127.0.0.1;proto=https;host={HOST}"), path="/metrics") == "not-scraper"


# ---------------------------------------------------------------- a proxy that runs


class _Passing(BaseHTTPRequestHandler):
    """Ends TLS, and passes on what it is asked, adding what it saw to what the caller sent, as RFC 7239 has it."""

    behind: tuple[str, int]

    def do_GET(self) -> None:
        headers = {name: value for name, value in self.headers.items() if name.lower() != "host"}
        saw = f'for={self.client_address[0]};proto=https;host="{self.headers["Host"]}"'
        headers["Forwarded"] = ", ".join(filter(None, [headers.get("Forwarded"), saw]))
        onward = HTTPConnection(*self.behind, source_address=("127.0.0.2", 0), timeout=30)
        onward.request("GET", self.path, headers=headers)
        answer = onward.getresponse()
        body = answer.read()
        self.send_response(answer.status)
        for name, value in answer.getheaders():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)
        onward.close()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def proxy(certificate: tuple[Path, Path]) -> Iterator[ThreadingHTTPServer]:
    """One that runs; whom it stands before is set later, when its port is known there."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(*certificate)
    running = ThreadingHTTPServer(("127.0.0.1", 0), type("Passing", (_Passing,), {}))
    running.socket = context.wrap_socket(running.socket, server_side=True)
    thread = threading.Thread(target=running.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield running
    finally:
        running.shutdown()
        thread.join()
        running.server_close()


def test_a_browser_behind_a_proxy_is_answered_and_whoever_goes_round_it_is_not(
    casework: Casework, store: Store, tmp_path: Path
) -> None:
    certificate = made_for(tmp_path, "localhost")
    with proxy(certificate) as before:
        at = f"https://localhost:{before.server_port}"
        app = create_app(
            casework, network=Network(at, proxies=(ip_network("127.0.0.2/32"),)), identity=identity(casework)
        )
        metrics.install(app, store)
        trusting = ssl.create_default_context(cafile=str(certificate[0]))
        with serving(app) as behind, httpx.Client(verify=trusting, timeout=30) as client:
            url = httpx.URL(behind)
            before.RequestHandlerClass.behind = (url.host, url.port)  # type: ignore[attr-defined]
            answered = client.get(f"{at}/api/v1/health", headers={"Forwarded": "for=127.0.0.1;proto=http"})
            assert answered.status_code == 200
            assert answered.headers["strict-transport-security"] == "max-age=63072000; includeSubDomains"
            assert refusal(client.get(f"{at}/metrics")) == (403, "not-scraper")
            assert refusal(client.get(f"{at}/api/v1/health", headers={"Host": "evil.example"})) == (421, "wrong-host")
            round_it = httpx.get(f"{behind}/api/v1/health", headers={"Forwarded": SAID})
            assert refusal(round_it) == (403, "untrusted-proxy")
            assert httpx.get(f"{behind}/metrics").status_code == 200, "asked from this machine, with nobody between"
