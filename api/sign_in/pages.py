"""The pages of sign-in: small, without scripts, and with nothing fetched."""

from collections.abc import Iterable, Iterator, Sequence
from html import escape
from typing import Final
from urllib.parse import urlencode, urlsplit

from fastapi import Request
from fastapi.responses import HTMLResponse

from api.access.session import Browser, Session, acting_in
from api.described.page import DIGEST, STYLE
from api.identity.acting import Capacity, Identity, Somebody
from api.identity.issuers import Issuer
from domain.store.sessions import GoingOn
from domain.values.places import in_role
from domain.values.words import moment

ALL: Final = "all"
"""What a form says that ends all sessions but the one that it is sent in."""
_PAGE: Final = """\
<!doctype html>
<html lang="nb"><head><meta charset="utf-8"><title>{title} – ALIS</title>
<meta name="viewport" content="width=device-width"><link rel="icon" href="data:,">
<style>{style}</style></head><body>{header}<main>
<h1>{title}</h1>
{body}
</main></body></html>
"""


def policy(issuers: Iterable[Issuer], framed_by_issuers: str = "'none'") -> dict[str, str]:
    """The headers of a page; its forms may lead to ourselves, and from there on to the issuers.

    The referrer goes to our own pages alone: without it a browser would send `Origin: null` with their forms.
    """
    rules = (
        "default-src 'none'",
        f"style-src 'sha256-{DIGEST}'",
        "img-src data:",
        f"form-action 'self' {origins(issuers)}".rstrip(),
        "base-uri 'none'",
        f"frame-ancestors {framed_by_issuers}",
    )
    return {"Content-Security-Policy": "; ".join(rules), "Referrer-Policy": "same-origin"}


def origins(issuers: Iterable[Issuer]) -> str:
    """Where the issuers are, as a policy names it."""
    parts = [urlsplit(each.issuer) for each in issuers]
    return " ".join(sorted({f"{each.scheme}://{each.netloc}" for each in parts}))


def page(title: str, body: str, issuers: Iterable[Issuer], header: str = "", status: int = 200) -> HTMLResponse:
    """A page."""
    text = _PAGE.format(title=escape(title), style=STYLE, header=header, body=body)
    return HTMLResponse(text, status, policy(issuers))


def ended(issuers: Sequence[Issuer]) -> HTMLResponse:
    """Answer an issuer that shows it in a frame."""
    text = _PAGE.format(title="Du er logget ut", style=STYLE, header="", body="<p>Økten her er avsluttet.</p>")
    return HTMLResponse(text, headers=policy(issuers, origins(issuers) or "'none'"))


def which_issuer(issuers: Sequence[Issuer], return_to: str) -> HTMLResponse:
    """Where somebody can sign in."""
    links = "\n".join(
        f'<li><a href="/sign-in?{escape(urlencode({"issuer": each.name, "return_to": return_to}))}">'
        f"{escape(each.name)}</a></li>"
        for each in issuers
    )
    return page("Logg inn", f"<p>Velg hvor du vil logge inn.</p>\n<ul>\n{links}\n</ul>", issuers)


def not_signed_in(why: str, issuers: Sequence[Issuer], status: int) -> HTMLResponse:
    """A sign-in that came to nothing."""
    body = f'<p>{escape(why)}</p>\n<p><a href="/sign-in">Logg inn på nytt</a></p>'
    return page("Du er ikke logget inn", body, issuers, status=status)


def which_role(
    session: Session, somebody: Somebody, chosen: Capacity | None, return_to: str, issuers: Sequence[Issuer]
) -> HTMLResponse:
    """In which role, and for whom, somebody acts."""
    header = signed_in_as(session, somebody, chosen)
    if not somebody.capacities:
        body = (
            "<p>Du er logget inn, men har ikke fått noen rolle her. Den som gir tilganger hos deg, kan gi deg den "
            f"rollen du trenger. Logg ut, og logg inn igjen når du har fått den.</p>{_for_doctors(session, issuers)}"
        )
        return page("Du har ingen rolle her", body, issuers, header)
    forms = "\n".join(
        f'<form method="post" action="/choose"><input type="hidden" name="csrf" value="{session.csrf}">'
        f'<input type="hidden" name="return_to" value="{escape(return_to)}">'
        f'<button name="capacity" value="{escape(value(each))}">{escape(told(each))}</button></form>'
        for each in somebody.capacities
    )
    body = f"<p>Velg rollen du vil handle i; du kan bytte når du vil.</p>\n{forms}"
    return page("Hvilken rolle vil du handle i?", body, issuers, header)


def _for_doctors(session: Session, issuers: Sequence[Issuer]) -> str:
    """What a doctor can do who signed in where HPR numbers are not known."""
    elsewhere = [each.name for each in issuers if _has(each, "hpr_number")]
    if not elsewhere or not _has(session.signed_in.believed.issuer, "linked_hpr"):
        return ""
    where = escape(" eller ".join(elsewhere))
    return f"<p>Er du lege, må du logge inn med {where} én gang først. Etter det er du kjent som lege her også.</p>"


def _has(issuer: Issuer, shape: str) -> bool:
    return any(rule.shape == shape for rule in issuer.roles)


def own_sessions(
    session: Session,
    somebody: Somebody,
    chosen: Capacity | None,
    others: Sequence[GoingOn],
    issuers: Sequence[Issuer],
) -> HTMLResponse:
    """Who somebody is here, and their sessions in other browsers."""
    body = (
        f"<p>Id-en din her er <code>person:{escape(somebody.person)}</code>. Gi den til kommunen som skal oppnevne deg "
        "som koordinator, eller til driften hvis du logger inn flere steder og skal regnes som én.</p>"
        f"<h2>Andre steder du er logget inn</h2>{''.join(_elsewhere(session, others))}"
    )
    return page("Innloggingen din", body, issuers, signed_in_as(session, somebody, chosen))


def _elsewhere(session: Session, others: Sequence[GoingOn]) -> Iterator[str]:
    if not others:
        yield "<p>Du er ikke logget inn i noen annen nettleser.</p>"
        return
    yield "<ul>"
    for each in others:
        told = f"Logget inn {moment(each.began_at)}, sist brukt {moment(each.seen_at)}"
        yield f"<li>{told} {_ending(session, each.name, 'Avslutt')}</li>"
    yield f"</ul>{_ending(session, ALL, 'Avslutt alle de andre')}"


def _ending(session: Session, named: str, label: str) -> str:
    return (
        f'<form method="post" action="/sessions/end"><input type="hidden" name="csrf" value="{session.csrf}">'
        f'<button name="session" value="{escape(named)}">{label}</button></form>'
    )


def signed_in_as(session: Session, somebody: Somebody, chosen: Capacity | None) -> str:
    """The head of every page: who is signed in, in which role and for whom, and how to change that."""
    name, acts = escape(somebody.name), f", {escape(told(chosen))}" if chosen else ""
    change = ' <a href="/choose">Bytt</a>' if len(somebody.capacities) > 1 else ""
    return (
        f'<header><form method="post" action="/sign-out"><p>Logget inn som <strong>{name}</strong>{acts}.'
        f'{change} <a href="/sessions">Innloggingen din</a> '
        f'<input type="hidden" name="csrf" value="{session.csrf}"><button>Logg ut</button></p></form></header>'
    )


def header_of(request: Request) -> tuple[str, dict[str, str]]:
    """The head of a page that is not one of these, and the headers that it needs."""
    identity: Identity | None = request.app.state.identity
    issuers = [each for each in (identity.issuers if identity else ()) if each.sign_in]
    session = Browser(request).session()
    if session is None or identity is None:
        return '<header><p><a href="/sign-in">Logg inn</a></p></header>' if issuers else "", policy(issuers)
    somebody = identity.somebody(session.signed_in.believed)
    return signed_in_as(session, somebody, acting_in(somebody, session)), policy(issuers)


def told(capacity: Capacity) -> str:
    """A role and whom it is for, in words."""
    return in_role(capacity.role, capacity.organisation)


def value(capacity: Capacity) -> str:
    """How a form names a role and whom it is for."""
    return "|".join((capacity.role, capacity.organisation or "", capacity.hpr or ""))
