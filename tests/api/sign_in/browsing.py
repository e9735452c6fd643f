"""The service under TLS beside a real provider, and browsers that sign in."""

import re
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import httpx
import uvicorn
from fastapi import FastAPI

from api.door.connections import ConnectionLimits, guarded
from api.main import create_app
from deploy import clock
from deploy.certificate import Certificate
from deploy.issuer import ProviderConfig, claims_of
from deploy.network import Network
from domain.casework.service import Casework
from tests.issuer import encoded
from tests.logged import seed
from workers.access.identity import demonstrated, identity_of

COOKIE: Final = "__Host-alis"
BOUND: Final = "__Host-alis-sign_in"
CLERK: Final = {"name": "Ada Solberg", "roles": ["caseworker"]}
BOTH: Final = {"name": "Bo Lind", "roles": ["caseworker", "approver"]}
NOBODY: Final = {"name": "Ingen Rolle"}
LOOPBACK: Final = "alis_loopback"
PID: Final = "01810000042"


def person(who: dict[str, Any]) -> str:
    """What the provider knows somebody by, who is stated whole."""
    return encoded({**claims_of(42, who), **{name: who[name] for name in ("sid", "pid") if name in who}})


@dataclass
class Site:
    """The service as browsers see it."""

    at: str
    provider: str
    trusting: ssl.SSLContext
    closing: ExitStack
    shift: timedelta = timedelta(0)

    def browser(self) -> "Browser":
        client = httpx.Client(verify=self.trusting, timeout=30, trust_env=False)
        return Browser(self, self.closing.enter_context(client))


@dataclass
class Browser:
    """A browser with its own cookies; it says where a form comes from, as browsers do."""

    site: Site
    client: httpx.Client

    def get(self, path: str, **more: Any) -> httpx.Response:  # noqa: ANN401 - httpx's own
        return self.client.get(self.site.at + path if path.startswith("/") else path, **more)

    def post(self, path: str, form: dict[str, str], **headers: str) -> httpx.Response:
        ours = {"Origin": self.site.at, "Sec-Fetch-Site": "same-origin"}
        return self.client.post(self.site.at + path, data=form, headers=headers or ours)

    def asked(self, return_to: str = "/") -> str:
        """Where the service sends the browser to sign in."""
        sent = self.get("/sign-in", params={"return_to": return_to})
        assert sent.status_code == 303, sent.text
        return sent.headers["location"]

    def answered(self, asked: str, who: dict[str, Any]) -> str:
        """Where the provider sends the browser back to, when somebody has signed in there, now or before."""
        address = asked
        while not address.startswith(self.site.at):
            sent = self.client.get(address)
            if sent.status_code == httpx.codes.OK:
                sent = self.client.post(f"{address}/as/{person(who)}")
            address = str(httpx.URL(self.site.provider).join(sent.headers["location"]))
        return address

    def sign_in(self, who: dict[str, Any], return_to: str = "/") -> httpx.Response:
        """Sign in; gives the service's answer, which begins a session."""
        begun = self.get(self.answered(self.asked(return_to), who))
        for name in {COOKIE, LOOPBACK} & set(self.client.cookies):
            seed(str(self.client.cookies[name]))
        return begun

    def csrf(self, path: str = "/") -> str:
        """The token in the forms of a page."""
        found = re.search(r'name="csrf" value="([0-9a-f]{64})"', self.get(path).text)
        assert found
        return found[1]

    def secret(self) -> str:
        return str(self.client.cookies[COOKIE])


@contextmanager
def served(
    casework: Casework, config: ProviderConfig, folder: Path, certificate: tuple[Path, Path] | None
) -> Iterator[Site]:
    """The service where the provider sends browsers back to; with a certificate it is on a network."""
    secret = folder / "client_secret"
    secret.write_text(config.secret)
    trusting = ssl.create_default_context(cafile=str(certificate[0]) if certificate else None)
    network = Network(config.service, opened=certificate is not None)
    with ExitStack() as closing:
        site = Site(config.service, config.issuer, trusting, closing)
        identity = identity_of(casework, demonstrated(config.issuer, secret))
        app = create_app(casework, now=lambda: clock.now() + site.shift, network=network, identity=identity)
        port = int(config.service.rpartition(":")[2])
        closing.enter_context(running(app, port, Certificate(*certificate) if certificate else None))
        yield site


@contextmanager
def running(app: FastAPI, port: int, certificate: Certificate | None) -> Iterator[None]:
    made = guarded(ConnectionLimits(), certificate=certificate)
    config = uvicorn.Config(app, http=made, log_config=None, lifespan="off", access_log=False, proxy_headers=False)
    server = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", port)) as listening:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            while not server.started:
                time.sleep(0.005)
            yield
        finally:
            server.should_exit = True
            thread.join()
