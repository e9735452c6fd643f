"""A real OpenID provider for the tests, started when it is first needed, at which anybody can be anybody.

In the tests somebody is written as `kommune:1804` (a municipality's machine), `saksbehandler:ada`, `lege:9000001`, or
`person:ef; role=revisor; organisation=1804`.
"""

import atexit
import base64
import hashlib
import json
import socket
import tempfile
from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import httpx2

from api.identity.acting import Identity
from api.identity.issuers import Issuer, issuers_in
from deploy import clock
from deploy.issuer import FOLDER, SCOPE, ProviderConfig, claims_of, provider
from domain.casework.service import Casework
from domain.rulebook.release import release_reference
from domain.values.places import role_of
from tests.logged import seed
from workers.access.signing_in import token_of

FIRM: Final = "999990010"
"""The firm of auditors that every revisor of the tests works for."""
OFFICE: Final = "999990029"
SUPPLIER: Final = "999990037"
SUPPLIED: Final = "leverandor"
"""The client of a supplier that asks for Bodø."""
Json = dict[str, Any]


@cache
def config() -> ProviderConfig:
    """The provider of this process, running."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    newest = release_reference().lists[-1].by_code.values()
    machines = {each.code: {"consumer": each.organisation_number} for each in newest if each.organisation_number}
    machines[SUPPLIED] = {"consumer": machines["1804"]["consumer"], "supplier": SUPPLIER}
    made = ProviderConfig(port, anybody=True, machines=machines, seconds=4 * 3600)
    seed(made.secret)
    running = ExitStack()
    running.enter_context(provider(made))
    atexit.register(running.close)
    return made


@cache
def issuers() -> tuple[Issuer, ...]:
    """What the service is told of the provider."""
    [only] = issuers_in(FOLDER / "issuers.toml")
    return (only.model_copy(update={"issuer": config().issuer}),)


def identity(casework: Casework) -> Identity:
    """Who acts, as the service finds it out."""
    return Identity(
        issuers(), casework.store.persons, casework.links.ids_of, casework.municipalities, clock.now, clock.new_person
    )


@dataclass(frozen=True, slots=True)
class Acting:
    """Somebody as the tests write them."""

    name: str
    role: str
    organisation: str | None


def acting(written: str) -> Acting:
    """Read `kind:name; role=…; organisation=…`."""
    subject, *stated = (each.strip() for each in written.split(";"))
    more = dict(each.split("=", 1) for each in stated)
    name = subject.partition(":")[2]
    role = more.get("role") or role_of(subject) or ""
    own = name if role == "municipality" and name.isdigit() else None
    return Acting(name, role, more.get("organisation") or own)


@cache
def token(written: str) -> str:
    """An access token of somebody, from the real provider; no part of it may stand in a log."""
    given = _token(written)
    seed(given.rpartition(".")[2])
    return given


def _token(written: str) -> str:
    who = acting(written)
    if who.role == "municipality" and who.name == who.organisation:
        return machine_token(release_reference().lists[-1].current(who.name))
    return token_of(config().issuer, encoded(claims(who)))


def machine_token(client: str) -> str:
    """An access token of a municipality's machine."""
    asked = {"grant_type": "client_credentials", "scope": SCOPE}
    answer = httpx2.post(f"{config().issuer}/token", data=asked, auth=(client, config().secret), trust_env=False)
    return str(answer.raise_for_status().json()["access_token"])


def claims(who: Acting) -> Json:
    """What the provider says of a person who is stated whole; the same name is the same person in any role."""
    person: Json = {"name": who.name}
    if who.role == "municipality":
        municipality = release_reference().lists[-1].by_code[str(who.organisation)]
        person["altinn"] = {"alis-soknad": [municipality.organisation_number]}
    elif who.role == "revisor":
        person["altinn"] = {"alis-revisjon": [FIRM]}
    elif who.role == "alis_office":
        person["altinn"] = {"alis-kontor": [OFFICE]}
    elif who.role == "doctor":
        person["hpr"] = who.name if who.name.isdigit() else "9999999"
    else:
        person["roles"] = [who.role]
    last = int.from_bytes(hashlib.sha256(who.name.encode()).digest()[:3]) % 10_000_000
    return claims_of(last, person)


def encoded(person: Json) -> str:
    """A person stated whole, as the provider takes it where anybody can sign in."""
    return base64.urlsafe_b64encode(json.dumps(person).encode()).decode().rstrip("=")


def headers(written: str) -> dict[str, str]:
    """The headers of a request by somebody."""
    who = acting(written)
    found = {"Authorization": f"Bearer {token(written)}"}
    if who.organisation and who.role in {"revisor", "alis_office"}:
        found["Alis-Organisation"] = who.organisation
    return found


def typed(arguments: Iterable[str]) -> tuple[list[str], dict[str, str]]:
    """What is typed of a command, and the environment in which somebody acts: `--as` is written as in the tests."""
    asked = [str(each) for each in arguments]
    if "--as" not in asked:
        return asked, {}
    at = asked.index("--as")
    role = f"; role={asked[asked.index('--role') + 1]}" if "--role" in asked else ""
    return asked[:at] + asked[at + 2 :], {"ALIS_TOKEN": token(f"{asked[at + 1]}{role}"), **settings()}


@cache
def settings() -> dict[str, str]:
    """The setting that names this provider."""
    folder = tempfile.TemporaryDirectory(prefix="alis-issuers-")
    atexit.register(folder.cleanup)
    file = Path(folder.name, "issuers.toml")
    file.write_text((FOLDER / "issuers.toml").read_text("utf-8").replace("http://127.0.0.1:8001", config().issuer))
    return {"ALIS_ISSUERS_FILE": str(file)}
