"""`Forwarded` (RFC 7239): what trusted proxies say of whoever asked them."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from deploy.network import Address, address_of

_WORD: Final = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_NEXT: Final = re.compile(
    rf'[ \t]*(?:(?P<name>{_WORD})=(?:(?P<token>{_WORD})|"(?P<quoted>(?:[^"\\]|\\.)*)"))?[ \t]*(?P<end>[;,]|\Z)',
    re.ASCII,
)
_NODE: Final = re.compile(
    r"(?:\[(?P<v6>[0-9a-f:.]+)\]|(?P<v4>\d+(?:\.\d+){3})|(?P<hidden>unknown|_[a-z0-9._-]+))(?::(?:\d{1,5}|_[a-z0-9._-]+))?",
    re.ASCII | re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Hop:
    """What one proxy says: from whom it had the request, over which protocol, and under which name it was asked."""

    node: str = "unknown"
    """An address, or the word by which the proxy hides it."""
    proto: str | None = None
    host: str | None = None

    @property
    def address(self) -> Address | None:
        """The address, where it is one."""
        return address_of(self.node)


def caller(lines: Iterable[str], trusts: Callable[[Address | None], bool]) -> Hop | None:
    """The last hop that no trusted proxy stands for, and which a trusted one tells of.

    Everything before it anybody can have written. None where nothing is said, or nothing that can be read.
    """
    hops = read(", ".join(lines))
    outside = [hop for hop in hops if not trusts(hop.address)]
    if outside:
        return outside[-1]
    return hops[0] if hops else None


def read(text: str) -> list[Hop]:
    """All hops in the order in which they were added; none where it is not written as it should be."""
    try:
        return [_hop(element) for element in _elements(text) if element]
    except ValueError:
        return []


def _elements(text: str) -> Iterator[dict[str, str]]:
    said: dict[str, str] = {}
    for name, value, end in _pairs(text):
        if name in said:
            raise ValueError
        if name:
            said[name] = value
        if end != ";":
            yield said
            said = {}


def _pairs(text: str) -> Iterator[tuple[str, str, str]]:
    """Each name in lower case, its value, and what stands after them; an empty name where there is no pair."""
    at, end = 0, ";"
    while end:
        found = _NEXT.match(text, at)
        if found is None:
            raise ValueError
        at, end = found.end(), found["end"]
        value = found["token"] or re.sub(r"\\(.)", r"\1", found["quoted"] or "")
        yield (found["name"] or "").lower(), value, end


def _hop(said: Mapping[str, str]) -> Hop:
    node = _NODE.fullmatch(said.get("for", "unknown"))
    if node is None or (not node["hidden"] and address_of(node["v6"] or node["v4"]) is None):
        raise ValueError
    shown = node["v6"] or node["v4"] or node["hidden"]
    return Hop(shown.lower(), said.get("proto", "").lower() or None, said.get("host"))
