"""Signing in from a terminal at the demonstration's issuer: one click of an invented person, and a token."""

import base64
import hashlib
import secrets
from typing import Final
from urllib.parse import parse_qs, urlsplit

import httpx2

from deploy.issuer import ANSWER, TERMINAL

_SCOPE: Final = "openid profile"
_TIMEOUT_SECONDS: Final = 10.0


class NotSignedIn(Exception):
    """The issuer knows no such person."""


class NotAnswered(NotSignedIn):
    """The issuer does not answer."""


def token_of(issuer: str, person: str) -> str:
    """An access token of a person, by authorization code and PKCE; raises `NotSignedIn` or `NotAnswered`."""
    verifier = secrets.token_urlsafe(48)
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
    asked = {
        "client_id": TERMINAL,
        "response_type": "code",
        "scope": _SCOPE,
        "redirect_uri": ANSWER,
        "state": secrets.token_urlsafe(16),
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }
    try:
        with httpx2.Client(base_url=issuer, timeout=_TIMEOUT_SECONDS, trust_env=False) as client:
            interaction = client.get("/auth", params=asked).headers["location"]
            resumed = client.post(f"{interaction}/as/{person}").headers["location"]
            answer = parse_qs(urlsplit(client.get(resumed).headers["location"]).query)
            if answer["state"] != [asked["state"]]:
                raise NotSignedIn
            exchanged = {
                "grant_type": "authorization_code",
                "code": answer["code"][0],
                "redirect_uri": ANSWER,
                "client_id": TERMINAL,
                "code_verifier": verifier,
            }
            return str(client.post("/token", data=exchanged).raise_for_status().json()["access_token"])
    except httpx2.TransportError:
        raise NotAnswered from None
    except (httpx2.HTTPError, KeyError, ValueError):
        raise NotSignedIn from None
