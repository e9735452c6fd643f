"""Whether a request is let in at all: from where, over what, and under which name the service was asked.

Only the service's own names are answered: that keeps out web pages whose host name resolves to an address of ours (DNS
rebinding). Who asks, and what they may, comes after this.
"""

import re
from collections.abc import MutableMapping
from dataclasses import dataclass, replace
from typing import Any, Final

from fastapi.datastructures import Headers

from api.door import forwarded
from api.http.problems import Problem
from deploy.network import Address, Network, address_of

Scope = MutableMapping[str, Any]
METRICS: Final = "/metrics"
PROBES: Final = ("/api/v1/health", "/api/v1/ready")
"""Where a proxy looks whether the service lives; it asks for itself then, and nothing there is about anybody."""
_OWN: Final = re.compile(r"(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d{1,5})?", re.ASCII | re.IGNORECASE)
_OWN_NAMES: Final = "navnene localhost, 127.0.0.1 og [::1]"
_OF_PROXIES: Final = (
    "forwarded",
    "x-forwarded-for",
    "x-forwarded-host",
    "x-forwarded-port",
    "x-forwarded-proto",
    "x-real-ip",
)


@dataclass(frozen=True, slots=True)
class _Caller:
    """Who asks, over what, and by which names; `here` is this machine itself, with no proxy between."""

    address: str
    scheme: str
    hosts: tuple[str, ...]
    here: bool = False
    for_itself: bool = False
    """A proxy or one who reads the numbers, neither of which knows the public name."""


def check(scope: Scope, network: Network) -> None:
    """Refuse who may not come in; leave in the scope who asks, and how, as if no proxy stood between."""
    headers = Headers(raw=list(scope["headers"]))
    caller = _caller(scope, headers, network)
    counts = caller.here or network.counts(address_of(caller.address))
    if scope["path"] == METRICS and not counts:
        raise Problem("not-scraper")
    if not caller.for_itself:
        _check_name(caller, network)
    if network.opened:
        _tell(scope, caller)


def _caller(scope: Scope, headers: Headers, network: Network) -> _Caller:
    peer, hosts = _peer(scope), tuple(headers.getlist("host"))
    through = any(name in headers for name in _OF_PROXIES)
    direct = _Caller(str(peer), scope["scheme"], hosts)
    if network.trusts(peer):
        return _through(headers, hosts, network) if through else _proxy_itself(scope["path"], direct, peer)
    if _is_here(scope, peer, network):
        if through:
            raise Problem("untrusted-proxy" if network.opened else "not-loopback")
        return replace(direct, here=True)
    if not network.opened:
        raise Problem("not-loopback")
    counts = scope["path"] == METRICS and network.counts(peer)
    if scope["scheme"] != "https" and not counts:
        raise Problem("not-https", address=network.public)
    return replace(direct, for_itself=counts)


def _through(headers: Headers, hosts: tuple[str, ...], network: Network) -> _Caller:
    """Who asked the outermost of the trusted proxies, and how."""
    hop = forwarded.caller(headers.getlist("forwarded"), network.trusts)
    if hop is None or hop.proto is None:
        raise Problem("not-forwarded")
    if hop.proto != "https":
        raise Problem("not-https", address=network.public)
    return _Caller(hop.node, hop.proto, hosts if hop.host is None else (hop.host,))


def _proxy_itself(path: str, direct: _Caller, peer: Address | None) -> _Caller:
    """A trusted proxy that speaks for nobody, or who asks for the numbers on the same machine as it."""
    here = peer is not None and peer.is_loopback
    if path not in PROBES and not (here and path == METRICS):
        raise Problem("not-forwarded")
    return replace(direct, here=here, for_itself=True)


def _is_here(scope: Scope, peer: Address | None, network: Network) -> bool:
    """Whether this machine asks itself: from loopback, or on a network from the very address that is asked."""
    server = scope.get("server")
    same = network.opened and server is not None and address_of(server[0]) == peer
    return peer is not None and (peer.is_loopback or same)


def _peer(scope: Scope) -> Address | None:
    client = scope.get("client")
    return address_of(client[0]) if client else None


def _check_name(caller: _Caller, network: Network) -> None:
    """Raise `Problem` unless the service was asked by its name; this machine may use those of loopback too."""
    own = [caller.here and _OWN.fullmatch(host) for host in caller.hosts]
    public = [host.lower().removesuffix(":443") == network.name for host in caller.hosts]
    if not own or not (all(own) or (network.opened and all(public))):
        raise Problem("wrong-host", names=network.name if network.opened else _OWN_NAMES)


def _tell(scope: Scope, caller: _Caller) -> None:
    headers = [each for each in scope["headers"] if each[0].decode("latin-1") not in (*_OF_PROXIES, "host")]
    hosts = [(b"host", host.encode("latin-1")) for host in caller.hosts]
    scope.update(client=(caller.address, 0), scheme=caller.scheme, headers=[*hosts, *headers])
