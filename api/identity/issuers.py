"""The settings file of issuers: whose tokens are believed, and which role each claim stands for."""

import tomllib
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Final, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from deploy.problems import SettingsProblem
from domain.values.words import ROLES

Shape = Literal[
    "consumer",
    "system_user",
    "altinn_resource",
    "altinn_service",
    "entra_organisation",
    "claim",
    "hpr_number",
    "linked_hpr",
]
"""How an issuer tells who somebody acts for; see `api/identity/claims.py`."""
_NAMED_BY: Final = {"altinn_resource", "altinn_service", "claim"}


def is_loopback(host: str | None) -> bool:
    """Whether an address is this machine itself."""
    try:
        return host == "localhost" or (host is not None and ip_address(host).is_loopback)
    except ValueError:
        return False


def _protected(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(parts.hostname)):
        raise ValueError
    return url


def _known_role(role: str) -> str:
    if role not in ROLES:
        raise ValueError
    return role


Url = Annotated[str, AfterValidator(_protected)]


class _Setting(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class RoleRule(_Setting):
    """A role, and what a token must say for it.

    `name` is the resource or service that Altinn knows us by, or the claim; `value` what the claim must hold, `scope`
    the scope that a machine must have, `organisation` the only organisation that it holds for.
    """

    role: Annotated[str, AfterValidator(_known_role)]
    shape: Shape
    name: str | None = None
    value: str | None = None
    scope: str | None = None
    organisation: Annotated[str, Field(pattern=r"^[0-9]{9}$")] | None = None

    def is_whole(self) -> bool:
        """Whether it says all that its shape needs: a machine's rule its scope, one with a name its name.

        Whoever is linked to an HPR number is a doctor, and nothing else.
        """
        if self.shape == "linked_hpr" and self.role != "doctor":
            return False
        if self.shape in {"consumer", "system_user"}:
            return self.scope is not None
        return (self.name is not None) == (self.shape in _NAMED_BY) and (self.shape != "claim" or bool(self.value))


class SignIn(_Setting):
    """How people sign in at an issuer: as which client, and what is asked for."""

    client_id: str
    client_secret_file: Path | None = None
    scope: str = "openid profile"
    acr_values: str | None = None
    authorization_details: str | None = None
    resource: str | None = None


class Issuer(_Setting):
    """An issuer whose tokens are believed. `acr` are the levels that do; empty where it has none to tell of."""

    name: str
    issuer: Url
    audience: str
    algorithms: tuple[Literal["RS256", "RS384", "RS512", "PS256", "ES256"], ...] = ("RS256",)
    acr: tuple[str, ...] = ()
    acr_claim: str = "acr"
    jwks_uri: Url | None = None
    sign_in: SignIn | None = None
    roles: tuple[RoleRule, ...]

    def is_whole(self) -> bool:
        """Whether every rule can be followed, and an ID token of ours cannot pass for an access token."""
        ours = self.sign_in.client_id if self.sign_in else None
        return bool(self.algorithms) and ours != self.audience and all(rule.is_whole() for rule in self.roles)


_FILE: Final = TypeAdapter(dict[Literal["issuers"], tuple[Issuer, ...]])


def issuers_in(file: Path) -> tuple[Issuer, ...]:
    """The issuers of a settings file; raises `SettingsProblem`, which says where it is wrong."""
    try:
        found = _FILE.validate_python(tomllib.loads(file.read_text("utf-8"))).get("issuers", ())
    except OSError:
        raise SettingsProblem(f"Utstederfilen {file} kan ikke leses.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsProblem(f"Utstederfilen {file} er ikke gyldig TOML: {error}.") from None
    except ValidationError as error:
        place = ".".join(str(each) for each in error.errors(include_input=False)[0]["loc"])
        raise SettingsProblem(f"Utstederfilen {file} kan ikke brukes; se på {place}.") from None
    names = [each.issuer for each in found]
    unusable = [each.name for each in found if not each.is_whole() or names.count(each.issuer) > 1]
    if unusable or not found:
        raise SettingsProblem(f"Utstederfilen {file} kan ikke brukes; se på {unusable[0] if unusable else 'issuers'}.")
    return found
