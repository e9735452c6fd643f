"""`Forwarded` as RFC 7239 writes it, and which of its hops is believed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.door.forwarded import Hop, caller, read
from deploy.network import Address


def inside(address: Address | None) -> bool:
    """Our own proxies have addresses in 10.0.0.0/8, or the one of IPv6."""
    return str(address).startswith("10.") or str(address) == "2001:db8::f"


@pytest.mark.parametrize(
    ("text", "hops"),
    [
        ("for=192.0.2.60;proto=http;by=203.0.113.43", [Hop("192.0.2.60", "http")]),
        ('For="[2001:db8:cafe::17]:4711"', [Hop("2001:db8:cafe::17")]),
        (
            'for="192.0.2.43:47011";Proto=HTTPS;host="alis.example:443"',
            [Hop("192.0.2.43", "https", "alis.example:443")],
        ),
        ("for=192.0.2.43, for=198.51.100.17", [Hop("192.0.2.43"), Hop("198.51.100.17")]),
        ('for=_gazonk;host="a\\"b"', [Hop("_gazonk", None, 'a"b')]),
        ("for=unknown", [Hop("unknown")]),
        ('for="_hidden:_port"', [Hop("_hidden")]),
        ("proto=https", [Hop("unknown", "https")]),
        (" for=192.0.2.1 ; proto=https ,, for=192.0.2.2;", [Hop("192.0.2.1", "https"), Hop("192.0.2.2")]),
        ('for=192.0.2.1;ext="a, for=10.0.0.1"', [Hop("192.0.2.1")]),
        ("", []),
    ],
)
def test_each_hop_is_read(text: str, hops: list[Hop]) -> None:
    assert read(text) == hops


@pytest.mark.parametrize(
    "text",
    [
        "192.0.2.43",
        "for=",
        "for = 192.0.2.43",
        "for=[2001:db8::1]",
        'for="2001:db8::1"',
        "for=192.0.2.43:80",
        'for="192.0.2.43',
        "for=192.0.2.43;for=192.0.2.44",
        "for=999.0.2.43",
        "for=alis.example",
        "for=192.0.2.43 proto=https",
        "for=192.0.2.43, for=«her»",
    ],
)
def test_what_is_not_written_as_it_should_be_says_nothing_at_all(text: str) -> None:
    assert read(text) == []
    assert caller([text], inside) is None


@pytest.mark.parametrize(
    ("lines", "node"),
    [
        (["for=192.0.2.60;proto=https"], "192.0.2.60"),
        (["for=192.0.2.60, for=10.0.0.5"], "192.0.2.60"),
        (["for=192.0.2.60", "for=10.0.0.5, for=10.0.0.6"], "192.0.2.60"),
        (["for=127.0.0.1, for=192.0.2.60, for=10.0.0.5"], "192.0.2.60"),
        (["for=127.0.0.1", "for=192.0.2.60"], "192.0.2.60"),
        (['for=192.0.2.60, for="[2001:db8::f]"'], "192.0.2.60"),
        (['for=192.0.2.60, for="[::ffff:10.0.0.5]"'], "192.0.2.60"),
        (["for=127.0.0.1, for=unknown"], "unknown"),
        (["for=127.0.0.1, for=_hidden, for=10.0.0.5"], "_hidden"),
        (["for=127.0.0.1, proto=https"], "unknown"),
        (["for=10.0.0.7, for=10.0.0.5"], "10.0.0.7"),
    ],
)
def test_the_last_hop_that_is_not_ours_asked_whatever_stands_before_it(lines: list[str], node: str) -> None:
    found = caller(lines, inside)
    assert found is not None
    assert found.node == node


@given(st.text(st.characters(max_codepoint=255), max_size=60))
def test_no_text_before_what_our_own_proxy_says_makes_somebody_else_of_the_caller(text: str) -> None:
    found = caller([text, "for=192.0.2.60;proto=https"], inside)
    assert found in {None, Hop("192.0.2.60", "https")}
