"""Whether a token is believed: signed by a known key of a known issuer, for us, now, and at the right level."""

import json
import re
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from joserfc import jws, jwt
from joserfc.errors import ExpiredTokenError, InvalidClaimError, JoseError, MissingClaimError
from joserfc.jwt import JWTClaimsRegistry

from api.identity.claims import is_machine
from api.identity.issuers import Issuer
from api.identity.keys import IssuerKeys

_SHAPE: Final = re.compile(r"[A-Za-z0-9_-]{1,4000}\.[A-Za-z0-9_-]{1,60000}\.[A-Za-z0-9_-]{1,4000}", re.ASCII)
_LEEWAY_SECONDS: Final = 10
_REMEMBERED_SECONDS: Final = 2.0
"""A key withdrawn by another process is refused after this time at the latest."""
_WHY: Final = {
    "nbf": "det gjelder ikke ennå",
    "iat": "det er ikke utstedt ennå",
    "aud": "det er ikke utstedt til denne tjenesten",
    "iss": "det er utstedt av en annen",
}
Withdrawn = Callable[[], frozenset[tuple[str, str]]]


class TokenRefused(Exception):
    """The token is not believed; the message says why, in Norwegian, after «fordi»."""


@dataclass(frozen=True, slots=True)
class Believed:
    """What an issuer says of somebody."""

    issuer: Issuer
    claims: Mapping[str, Any]


class Tokens:
    """Checks tokens of several issuers."""

    def __init__(self, issuers: Iterable[Issuer], withdrawn: Withdrawn, now: Callable[[], datetime]) -> None:
        self._issuers = {each.issuer: (each, IssuerKeys(each)) for each in issuers}
        self._ask_withdrawn = withdrawn
        self._withdrawn: frozenset[tuple[str, str]] = frozenset()
        self._asked = -_REMEMBERED_SECONDS
        self._now = now

    def believed(self, token: str) -> Believed:
        """What an access token says; raises `TokenRefused` or `KeysUnavailable`."""
        issuer = self._issuer_of(token)
        claims = self.claims(issuer, token, issuer.audience)
        if issuer.acr and claims.get(issuer.acr_claim) not in issuer.acr:
            raise TokenRefused("innloggingen ikke er på høyt nok nivå")
        if "cnf" in claims:
            raise TokenRefused("det er bundet til en nøkkel som bare den det ble gitt til, har")
        if not is_machine(claims) and not (claims.get("pid") or claims.get("sub")):
            raise TokenRefused("det ikke sier hvem det gjelder")
        return Believed(issuer, claims)

    def claims(self, issuer: Issuer, token: str, audience: str, **more: str) -> Mapping[str, Any]:
        """The claims of a token of an issuer for an audience; `more` are claims with the only value that will do."""
        kid = self._key_named(token)
        key = self._issuers[issuer.issuer][1].key(kid)
        if key is None or self._is_withdrawn(issuer.issuer, kid):
            raise TokenRefused("nøkkelen det er signert med, ikke er blant utstederens")
        try:
            claims = jwt.decode(token, key, algorithms=list(issuer.algorithms)).claims
            self._registry(issuer, audience, more).validate(claims)
        except ExpiredTokenError:
            raise TokenRefused("det er utløpt") from None
        except MissingClaimError:
            raise TokenRefused("det mangler noe som må stå i det") from None
        except InvalidClaimError as error:
            raise TokenRefused(_WHY.get(str(error.claim), "noe i det ikke stemmer")) from None
        except (JoseError, ValueError, TypeError, KeyError):
            raise TokenRefused("signaturen ikke stemmer") from None
        return claims

    def _issuer_of(self, token: str) -> Issuer:
        """The issuer that a token names, which its signature must then be of."""
        try:
            claims = jws.extract_compact(token.encode()).payload if _SHAPE.fullmatch(token) else b""
            stated = _members(claims).get("iss")
        except (JoseError, ValueError, RecursionError):
            raise TokenRefused("det ikke kan leses") from None
        if not isinstance(stated, str) or stated not in self._issuers:
            raise TokenRefused("utstederen ikke er kjent")
        return self._issuers[stated][0]

    def _is_withdrawn(self, issuer: str, kid: str) -> bool:
        """Whether an operator has withdrawn a key, as of some seconds ago at most."""
        if time.monotonic() - self._asked >= _REMEMBERED_SECONDS:
            self._withdrawn, self._asked = self._ask_withdrawn(), time.monotonic()
        return (issuer, kid) in self._withdrawn

    @staticmethod
    def _key_named(token: str) -> str:
        try:
            kid = jws.extract_compact(token.encode()).headers().get("kid")
        except (JoseError, ValueError):
            raise TokenRefused("det ikke kan leses") from None
        if not isinstance(kid, str) or not kid:
            raise TokenRefused("det ikke sier hvilken nøkkel det er signert med")
        return kid

    def _registry(self, issuer: Issuer, audience: str, more: Mapping[str, str]) -> JWTClaimsRegistry:
        wanted: dict[str, Any] = {name: {"essential": True, "value": value} for name, value in more.items()}
        return JWTClaimsRegistry(
            now=int(self._now().timestamp()),
            leeway=_LEEWAY_SECONDS,
            iss={"essential": True, "value": issuer.issuer},
            aud={"essential": True, "value": audience},
            exp={"essential": True},
            iat={"essential": True},
            **wanted,
        )


def _members(payload: bytes) -> Mapping[str, Any]:
    found = json.loads(payload)
    return found if isinstance(found, dict) else {}
