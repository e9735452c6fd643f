"""Signing in and out in a browser, and choosing in which role one acts."""

import re
from collections.abc import Mapping, Sequence
from typing import Annotated, Final
from urllib.parse import parse_qsl, urlencode

from fastapi import APIRouter, Depends, Request, Response, status
from fastapi.responses import RedirectResponse

from api.access.limited import address_of, count
from api.access.session import Browser, Session, acting_in, of_issuer
from api.http.bodies import MOST_BYTES, content_of
from api.http.problems import Problem
from api.http.services import Services
from api.identity.acting import Identity, Somebody
from api.identity.code_flow import AnswerRefused, Asked, CodeFlow, IssuerSilent
from api.identity.issuers import Issuer
from api.identity.keys import KeysUnavailable
from api.sign_in import pages
from deploy.network import Network

router = APIRouter(include_in_schema=False)
_LOCAL: Final = re.compile(r"/(?![/\\])[!-\[\]-~]{0,500}", re.ASCII)
"""A path of our own: two slashes would begin another host's address, and browsers read a backslash as a slash."""
_SILENT: Final = "Innloggingstjenesten svarer ikke akkurat nå. Prøv igjen om litt."
_UNKNOWN: Final = "Innloggingen ble ikke begynt i denne nettleseren, er brukt, eller er eldre enn ti minutter."


def local(path: str) -> str:
    """A path to go back to, or the first page for anything that would lead elsewhere."""
    return path if _LOCAL.fullmatch(path) else "/"


async def _form(request: Request) -> Mapping[str, str]:
    """The fields of a form."""
    content = await content_of(request, MOST_BYTES)
    return dict(parse_qsl(content.decode("utf-8", "replace"), keep_blank_values=True))


Form = Annotated[Mapping[str, str], Depends(_form)]


class _Asking:
    """What a browser that signs in or out has to do with."""

    def __init__(self, request: Request) -> None:
        count(request, address_of(request))
        self.request = request
        self.browser = Browser(request)
        self.services: Services = request.app.state.services
        self.network: Network = request.app.state.network
        self.identity: Identity | None = request.app.state.identity
        self.flow: CodeFlow | None = request.app.state.code_flow

    @property
    def issuers(self) -> Sequence[Issuer]:
        """Those that people can sign in at."""
        return [each for each in (self.identity.issuers if self.identity else ()) if each.sign_in]

    @property
    def from_elsewhere(self) -> bool:
        """Whether another's page has led the browser here, so that nobody has asked us to sign in yet."""
        return self.request.headers.get("sec-fetch-site") in {"cross-site", "same-site"}

    @property
    def under_own_name(self) -> bool:
        """Whether the browser is where the issuers will send it back to, and its cookies with it."""
        return self.network.opened or self.request.headers["host"].lower() == self.network.name

    def signed_in(self) -> tuple[Session, Somebody] | None:
        """The session of this browser, and who signed in in it."""
        session = self.browser.session()
        if session is None or self.identity is None:
            return None
        return session, self.identity.somebody(session.signed_in.believed)

    def refused(self, why: str, code: int = status.HTTP_400_BAD_REQUEST) -> Response:
        """Say that nobody is signed in."""
        return pages.not_signed_in(why, self.issuers, code)


def _asking(request: Request) -> _Asking:
    return _Asking(request)


Here = Annotated[_Asking, Depends(_asking)]


@router.get("/sign-in")
def sign_in(here: Here, issuer: str = "", return_to: str = "/") -> Response:
    """Send the browser to an issuer, or ask to which, also where another's page has led here: then it takes a click."""
    if not here.under_own_name:
        asked = urlencode({"issuer": issuer, "return_to": local(return_to)})
        return _see(f"{here.network.public}/sign-in?{asked}")
    named = [each for each in here.issuers if issuer in {"", each.name}]
    if not named or here.flow is None:
        return here.refused("Ingen kan logge inn her ennå, for det er ikke satt opp hvem som går god for dem.")
    if len(named) > 1 or here.from_elsewhere:
        return pages.which_issuer(named, local(return_to))
    asked_for = Asked.of(named[0], local(return_to))
    try:
        response = _see(here.flow.address(named[0], asked_for))
    except IssuerSilent:
        return here.refused(_SILENT, status.HTTP_503_SERVICE_UNAVAILABLE)
    bound = here.browser.bound(response)
    sessions = here.services.casework.store.sessions
    sessions.begin_sign_in(f"{bound} {asked_for.state}", asked_for.kept(), here.services.now())
    return response


@router.get("/sign-in/answer")
def answer(here: Here) -> Response:
    """Begin a session, if the issuer's answer is one to what this browser asked."""
    given = dict(here.request.query_params)
    bound = here.request.cookies.get(here.browser.sign_in_cookie)
    sessions = here.services.casework.store.sessions
    kept = bound and sessions.take_sign_in(f"{bound} {given.get('state', '')}", here.services.now())
    asked = Asked(**kept) if kept else None
    issuer = next((each for each in here.issuers if asked and each.issuer == asked.issuer), None)
    if asked is None or issuer is None or here.flow is None or here.identity is None:
        return here.refused(_UNKNOWN)
    try:
        signed_in = here.flow.answered(issuer, asked, given)
    except AnswerRefused as refused:
        return here.refused(f"Du ble ikke logget inn, fordi {refused}.")
    except (IssuerSilent, KeysUnavailable):
        return here.refused(_SILENT, status.HTTP_503_SERVICE_UNAVAILABLE)
    somebody = here.identity.somebody(signed_in.believed)
    only = len(somebody.capacities) == 1
    response = _see(asked.return_to if only else f"/choose?{urlencode({'return_to': asked.return_to})}")
    here.browser.begin(signed_in, somebody.person, response)
    return response


@router.get("/choose")
def choose(here: Here, return_to: str = "/") -> Response:
    """Ask in which role somebody acts."""
    found = here.signed_in()
    if found is None:
        return _sign_in_first("/choose")
    session, somebody = found
    return pages.which_role(session, somebody, acting_in(somebody, session), local(return_to), here.issuers)


@router.post("/choose")
def chosen(here: Here, form: Form) -> Response:
    """Act in another role, or for another municipality."""
    found = here.signed_in()
    if found is None:
        return _sign_in_first("/choose")
    session, somebody = found
    here.browser.check_ours(session, form.get("csrf"))
    wanted = {pages.value(each): each for each in somebody.capacities}.get(form.get("capacity", ""))
    if wanted is None:
        raise Problem("not-your-role")
    here.browser.choose(session, wanted)
    return _see(local(form.get("return_to", "/")))


@router.get("/sessions")
def sessions(here: Here) -> Response:
    """Tell somebody who they are here, and where they are signed in."""
    found = here.signed_in()
    if found is None:
        return _sign_in_first("/sessions")
    session, somebody = found
    chosen_role = acting_in(somebody, session)
    return pages.own_sessions(session, somebody, chosen_role, here.browser.others(session, somebody), here.issuers)


@router.post("/sessions/end")
def end_sessions(here: Here, form: Form) -> Response:
    """End one's own session in another browser, or all of them but this one."""
    found = here.signed_in()
    if found is None:
        return _sign_in_first("/sessions")
    session, somebody = found
    here.browser.check_ours(session, form.get("csrf"))
    named = form.get("session", "")
    for each in here.browser.others(session, somebody):
        if named in {pages.ALL, each.name}:
            here.browser.end_other(somebody, each.name)
    return _see("/sessions")


@router.post("/sign-out")
def sign_out(here: Here, form: Form) -> Response:
    """End the session here, and send the browser to end it at the issuer."""
    session = here.browser.session()
    if session is None:
        return _see("/")
    here.browser.check_ours(session, form.get("csrf"))
    signed_in = session.signed_in
    there = here.flow and here.flow.sign_out(signed_in.believed.issuer, signed_in.id_token)
    response = _see(there or "/")
    here.browser.end(response)
    return response


@router.get("/sign-in/ended")
def ended(here: Here, iss: str = "", sid: str = "") -> Response:
    """An issuer tells, in a frame of its own page, that its session has ended (front-channel logout)."""
    if iss and sid:
        here.services.casework.store.sessions.end_of_issuer(of_issuer(iss, sid))
    return pages.ended(here.issuers)


def _sign_in_first(return_to: str) -> RedirectResponse:
    return _see(f"/sign-in?{urlencode({'return_to': return_to})}")


def _see(address: str) -> RedirectResponse:
    return RedirectResponse(address, status.HTTP_303_SEE_OTHER)
