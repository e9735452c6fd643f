"""Authorization code with PKCE (OpenID Connect): where a browser is sent, and what its answer is worth."""

import base64
import hashlib
import hmac
import secrets
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final, Self
from urllib.parse import urlencode, urlsplit

import httpx2

from api.identity.issuers import Issuer, SignIn, is_loopback
from api.identity.keys import metadata
from api.identity.tokens import Believed, TokenRefused, Tokens

_TIMEOUT_SECONDS: Final = 5.0
_AGE_SECONDS: Final = 3600.0


class IssuerSilent(Exception):
    """The issuer does not answer, or not as it should."""


class AnswerRefused(Exception):
    """The answer is not one to what was asked; the message says why, in Norwegian, after «fordi»."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked of an issuer: kept here until the answer, and never in the browser."""

    issuer: str
    state: str
    nonce: str
    verifier: str
    return_to: str

    @classmethod
    def of(cls, issuer: Issuer, return_to: str) -> Self:
        """A new question, with chance in it that nobody can guess."""
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        return cls(issuer.issuer, state, nonce, verifier, return_to)

    def kept(self) -> dict[str, Any]:
        """As it is kept."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """What an issuer says of whoever has signed in, and its token that says so."""

    believed: Believed
    id_token: str


class CodeFlow:
    """Signs people in at the issuers that have a client for it; `public` is the address that they come back to."""

    def __init__(self, tokens: Tokens, public: str) -> None:
        self._tokens = tokens
        self._public = public
        self._metadata: dict[str, tuple[float, Mapping[str, Any]]] = {}

    @property
    def _redirect_uri(self) -> str:
        return f"{self._public}/sign-in/answer"

    def address(self, issuer: Issuer, asked: Asked) -> str:
        """Where the browser is sent; raises `IssuerSilent`."""
        ours = _client(issuer)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(asked.verifier.encode()).digest()).decode().rstrip("=")
        parameters = {
            "response_type": "code",
            "client_id": ours.client_id,
            "redirect_uri": self._redirect_uri,
            "scope": ours.scope,
            "state": asked.state,
            "nonce": asked.nonce,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
            "acr_values": ours.acr_values,
            "authorization_details": ours.authorization_details,
            "resource": ours.resource,
            "ui_locales": "nb",
        }
        return _with(self._endpoint(issuer, "authorization_endpoint"), parameters)

    def answered(self, issuer: Issuer, asked: Asked, answer: Mapping[str, str]) -> SignedIn:
        """Whom the issuer says has signed in; raises `AnswerRefused` or `IssuerSilent`."""
        found = self._about(issuer)
        named = answer.get("iss")
        if named != issuer.issuer and (named or found.get("authorization_response_iss_parameter_supported")):
            raise AnswerRefused("svaret kommer fra en annen innloggingstjeneste")
        if not hmac.compare_digest(answer.get("state", ""), asked.state):
            raise AnswerRefused("svaret gjelder en annen innlogging")
        if "error" in answer or "code" not in answer:
            raise AnswerRefused("innloggingen ble avbrutt")
        id_token = self._redeemed(issuer, asked, answer["code"])
        try:
            claims = self._tokens.claims(issuer, id_token, _client(issuer).client_id, nonce=asked.nonce)
        except TokenRefused:
            raise AnswerRefused("beviset fra innloggingstjenesten ikke kan brukes") from None
        if issuer.acr and claims.get(issuer.acr_claim) not in issuer.acr:
            raise AnswerRefused("innloggingen ikke er på høyt nok nivå")
        return SignedIn(Believed(issuer, claims), id_token)

    def sign_out(self, issuer: Issuer, id_token: str) -> str | None:
        """Where a browser signs out at the issuer too; None where it has no such address, or does not answer."""
        try:
            endpoint = self._endpoint(issuer, "end_session_endpoint")
        except IssuerSilent:
            return None
        hints = {"id_token_hint": id_token, "client_id": _client(issuer).client_id}
        return _with(endpoint, {**hints, "post_logout_redirect_uri": f"{self._public}/"})

    def _redeemed(self, issuer: Issuer, asked: Asked, code: str) -> str:
        ours, endpoint = _client(issuer), self._endpoint(issuer, "token_endpoint")
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._redirect_uri,
            "code_verifier": asked.verifier,
        }
        try:
            secret = ours.client_secret_file and ours.client_secret_file.read_text("utf-8").strip()
            with self._http(issuer) as client:
                if secret:
                    response = client.post(endpoint, data=form, auth=(ours.client_id, secret))
                else:
                    response = client.post(endpoint, data={**form, "client_id": ours.client_id})
                found = response.json().get("id_token") if response.is_success else None
        except (httpx2.HTTPError, OSError, ValueError, AttributeError) as error:
            raise IssuerSilent from error
        if not isinstance(found, str):
            raise AnswerRefused("koden i svaret er brukt eller utløpt")
        return found

    def _endpoint(self, issuer: Issuer, name: str) -> str:
        found = self._about(issuer).get(name)
        parts = urlsplit(found) if isinstance(found, str) else None
        if parts is None or (parts.scheme != "https" and not is_loopback(parts.hostname)):
            raise IssuerSilent
        return str(found)

    def _about(self, issuer: Issuer) -> Mapping[str, Any]:
        known = self._metadata.get(issuer.issuer)
        if known is None or time.monotonic() - known[0] > _AGE_SECONDS:
            try:
                with self._http(issuer) as client:
                    known = self._metadata[issuer.issuer] = time.monotonic(), metadata(client, issuer)
            except (httpx2.HTTPError, ValueError, KeyError, TypeError) as error:
                raise IssuerSilent from error
        return known[1]

    @staticmethod
    def _http(issuer: Issuer) -> httpx2.Client:
        return httpx2.Client(timeout=_TIMEOUT_SECONDS, trust_env=not is_loopback(urlsplit(issuer.issuer).hostname))


def _client(issuer: Issuer) -> SignIn:
    assert issuer.sign_in  # noqa: S101 - only such issuers are offered
    return issuer.sign_in


def _with(address: str, parameters: Mapping[str, str | None]) -> str:
    given = {name: value for name, value in parameters.items() if value is not None}
    return f"{address}{'&' if '?' in address else '?'}{urlencode(given)}"
