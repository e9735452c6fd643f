"""The session of a browser: found by its cookie, begun by a sign-in, and believed only from our own pages."""

import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Any, Final, Self

from fastapi import Request, Response

from api.http.problems import Problem
from api.http.services import Services
from api.identity.acting import Capacity, Identity, Somebody
from api.identity.code_flow import SignedIn
from api.identity.issuers import Issuer
from api.identity.tokens import Believed
from deploy.network import Network
from domain.store.sessions import SIGN_IN_LASTS, GoingOn, Sessions, name_of

CSRF: Final = "Alis-CSRF"
"""The header in which a page sends the session's token; a form has it in the field `csrf`."""
_SAFE: Final = frozenset({"GET", "HEAD"})


@dataclass(frozen=True, slots=True)
class Session:
    """A session that is going on."""

    secret: str
    signed_in: SignedIn
    chosen: Capacity | None = None

    @property
    def csrf(self) -> str:
        """What a form must say to be one of ours: nobody can make it who has not the cookie."""
        return hmac.new(self.secret.encode(), b"csrf", sha256).hexdigest()

    def content(self) -> dict[str, Any]:
        """As it is kept."""
        believed, chosen = self.signed_in.believed, self.chosen
        return {
            "issuer": believed.issuer.issuer,
            "claims": dict(believed.claims),
            "id_token": self.signed_in.id_token,
            "chosen": chosen and [chosen.role, chosen.organisation, chosen.hpr],
        }

    @classmethod
    def of(cls, secret: str, content: Mapping[str, Any], issuers: Mapping[str, Issuer]) -> Self | None:
        """As it was kept; None if its issuer is believed no more."""
        issuer = issuers.get(content["issuer"])
        if issuer is None:
            return None
        chosen = Capacity(*content["chosen"]) if content["chosen"] else None
        return cls(secret, SignedIn(Believed(issuer, content["claims"]), content["id_token"]), chosen)


class Browser:
    """A browser that asks: what its cookies say, and what they are called where it asks."""

    def __init__(self, request: Request) -> None:
        self._request = request
        self._services: Services = request.app.state.services
        self._identity: Identity | None = request.app.state.identity
        self._network: Network = request.app.state.network
        self._secure = self._network.public.startswith("https://")
        self.session_cookie = "__Host-alis" if self._secure else "alis_loopback"
        self.sign_in_cookie = f"{self.session_cookie}{'-' if self._secure else '_'}sign_in"

    @property
    def _sessions(self) -> Sessions:
        return self._services.casework.store.sessions

    @property
    def _lasting(self) -> tuple[timedelta, timedelta]:
        limits = self._services.limits
        return timedelta(minutes=limits.session_idle_minutes), timedelta(hours=limits.session_hours)

    def session(self) -> Session | None:
        """The session that goes on, if any."""
        secret = self._request.cookies.get(self.session_cookie)
        if secret is None or self._identity is None:
            return None
        content = self._sessions.find(secret, self._services.now(), *self._lasting)
        issuers = {each.issuer: each for each in self._identity.issuers}
        return Session.of(secret, content, issuers) if content else None

    def begin(self, signed_in: SignedIn, person: str, response: Response) -> None:
        """Begin a person's session under a new secret, in place of one that goes on."""
        now = self._services.now()
        self._sessions.forget_old(now, *self._lasting)
        self.end(response)
        made = Session(secrets.token_urlsafe(32), signed_in)
        claims = signed_in.believed.claims
        known_as = str(claims.get("sid") or secrets.token_urlsafe(32))
        of = of_issuer(signed_in.believed.issuer.issuer, known_as)
        self._sessions.begin(made.secret, made.content(), of, person, now)
        self._give(response, self.session_cookie, made.secret)

    def bound(self, response: Response) -> str:
        """A secret that ties a sign-in to this browser; several tabs share it."""
        secret = self._request.cookies.get(self.sign_in_cookie) or secrets.token_urlsafe(32)
        self._give(response, self.sign_in_cookie, secret, int(SIGN_IN_LASTS.total_seconds()))
        return secret

    def choose(self, session: Session, chosen: Capacity) -> None:
        """Act in a capacity from now on."""
        self._sessions.keep(session.secret, Session(session.secret, session.signed_in, chosen).content())

    def others(self, session: Session, somebody: Somebody) -> list[GoingOn]:
        """The sessions of somebody that go on in other browsers."""
        going_on = self._sessions.going_on(somebody.ids, self._services.now(), *self._lasting)
        return [each for each in going_on if each.name != name_of(session.secret)]

    def end_other(self, somebody: Somebody, name: str) -> None:
        """End a session of somebody in another browser."""
        self._sessions.end_one_of(somebody.ids, name)

    def end(self, response: Response) -> None:
        """End the session, if any, here."""
        secret = self._request.cookies.get(self.session_cookie)
        if secret is not None:
            self._sessions.end(secret)
        self._take(response, self.session_cookie)

    def _give(self, response: Response, name: str, value: str, seconds: int | None = None) -> None:
        """Set a cookie that only we read, and that no other page's form sends."""
        response.set_cookie(name, value, max_age=seconds, secure=self._secure, httponly=True, samesite="lax")

    def _take(self, response: Response, name: str) -> None:
        """Remove a cookie."""
        response.delete_cookie(name, secure=self._secure, httponly=True, samesite="lax")

    def check_ours(self, session: Session, token: str | None) -> None:
        """Raise `Problem` (not-from-our-page) where something is asked for by another's page, or without the token."""
        headers = self._request.headers
        site, origin = headers.get("sec-fetch-site"), headers.get("origin")
        own = {self._network.public, f"{self._request.url.scheme}://{headers['host'].lower()}"}
        fits = site in {None, "same-origin"} and (origin is None or origin.lower() in own)
        if not fits or (site is None and origin is None) or not _is_token(session, token):
            raise Problem("not-from-our-page")

    def check_request(self, session: Session) -> None:
        """The same of a request that may change something, with the token in its header."""
        if self._request.method not in _SAFE:
            self.check_ours(session, self._request.headers.get(CSRF))


def _is_token(session: Session, token: str | None) -> bool:
    return token is not None and hmac.compare_digest(token.encode(), session.csrf.encode())


def of_issuer(issuer: str, sid: str) -> str:
    """What a session is called by its issuer."""
    return f"{issuer} {sid}"


def acting_in(somebody: Somebody, session: Session) -> Capacity | None:
    """The capacity that somebody acts in: the one that they chose, if they still have it, or their only one."""
    if session.chosen in somebody.capacities:
        return session.chosen
    return somebody.capacities[0] if len(somebody.capacities) == 1 else None
