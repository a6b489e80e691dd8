"""Addresses taken apart."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from hubwatch.errors import FetchError
from hubwatch.net import robots, targets
from hubwatch.text.controls import strip_controls

TABLE = {
    "plain": ("http://a.org/feed", "a.org:80", b"/feed", b"a.org"),
    "no path": ("http://a.org", "a.org:80", b"/", b"a.org"),
    "query alone": ("http://a.org?x=1", "a.org:80", b"/?x=1", b"a.org"),
    "https": ("https://a.org/", "a.org:443", b"/", b"a.org"),
    "port": ("https://a.org:8443/", "a.org:8443", b"/", b"a.org:8443"),
    "default port": ("http://a.org:80/", "a.org:80", b"/", b"a.org"),
    "capitals": ("HTTP://A.Org/Feed", "a.org:80", b"/Feed", b"a.org"),
    "closing dot": ("http://a.org./", "a.org:80", b"/", b"a.org"),
    "escapes stay": ("http://a.org/%7Ex%2F?a=%20+b", "a.org:80", b"/%7Ex%2F?a=%20+b", b"a.org"),
    "what must be escaped": ('http://a.org/a b?c="d"', "a.org:80", b"/a%20b?c=%22d%22", b"a.org"),
    "not ASCII": ("http://münchen.test/ä", "xn--mnchen-3ya.test:80", b"/%C3%A4", b"xn--mnchen-3ya.test"),
    "IPv6": ("http://[::1]:8080/", "::1:8080", b"/", b"[::1]:8080"),
    "fragment": ("http://a.org/x#y", "a.org:80", b"/x", b"a.org"),
    "padded": ("  http://a.org/x\n", "a.org:80", b"/x", b"a.org"),
    "credentials": ("http://me:pw@a.org/x", "a.org:80", b"/x", b"a.org"),
}


@pytest.mark.parametrize(("url", "key", "path", "host"), TABLE.values(), ids=TABLE)
def test_an_address_is_asked_as_it_was_written(url: str, key: str, path: bytes, host: bytes) -> None:
    target = targets.parse(url)

    assert (target.key, target.path, target.host_header) == (key, path, host)
    assert "#" not in target.url
    assert "pw" not in target.url


@pytest.mark.parametrize("place", ["a.org:0", "a.org:-1", "a.org:65536", "a." * 2000 + "org"])
def test_a_place_that_cannot_be_is_no_address(place: str) -> None:
    with pytest.raises(FetchError) as caught:
        targets.follow(targets.parse("http://a.org/"), f"http://{place}/x")

    assert caught.value.code == "bad-url"
    assert len(caught.value.message) < 400


@pytest.mark.parametrize(
    ("start", "location", "expected"),
    [
        ("http://me:pw@a.org/", "/x", True),
        ("http://me:pw@a.org/", "https://a.org/x", True),
        ("https://me:pw@a.org/", "https://a.org/x", True),
        ("http://me:pw@a.org:8080/", "https://a.org/x", False),
        ("http://me:pw@a.org/", "http://a.org:81/x", False),
        ("http://me:pw@a.org/", "http://b.org/x", False),
        ("http://me:pw@a.org/", "http://x.a.org/x", False),
        ("http://a.org/", "/x", False),
    ],
)
def test_credentials_stay_with_their_host(start: str, location: str, expected: bool) -> None:
    assert (targets.follow(targets.parse(start), location).authorization is not None) is expected


def _read(url: str, *, redirected: bool) -> targets.Target | FetchError:
    try:
        return targets.follow(targets.parse("http://here.test/x"), url) if redirected else targets.parse(url)
    except FetchError as error:
        return error


@settings(max_examples=200, deadline=None)
@given(
    st.text(max_size=60),
    st.sampled_from(["", "http://", "https://a.org/", "http://a.org:", "//", "http://["]),
    st.booleans(),
)
@example("0\r\x850", "", False)
@example("0\r0", "http://", True)
def test_no_text_breaks_the_reading_of_addresses(text: str, start: str, redirected: bool) -> None:
    found = _read(start + text, redirected=redirected)

    if isinstance(found, FetchError):
        assert found.code in ("bad-url", "bad-scheme")
        assert strip_controls(found.message) == found.message
        assert len(found.message.splitlines()) == 1
    else:
        assert found.path.startswith(b"/")
        assert all(0x21 <= byte <= 0x7E for byte in found.path + found.host_header)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["User-agent", "Allow", "Disallow", "Crawl-delay", "x"]),
            st.text(alphabet="/ab*$%?# .hubwatch\x00é", max_size=12) | st.just("*"),
        ),
        max_size=12,
    ),
    st.text(alphabet="/ab%?.", max_size=12),
)
def test_no_robots_txt_breaks_its_reading(lines: list[tuple[str, str]], path: str) -> None:
    body = "\n".join(f"{name}: {value}" for name, value in lines)

    assert robots.parse(body.encode()).allow(f"/{path}".encode()) in (True, False)
