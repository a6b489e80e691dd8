"""Addresses: absolute, canonical, comparable, masked."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hubwatch.text import urls

BASE = "https://site.org/news/index.html"
ABSOLUTE = {
    "absolute": ("https://a.org/x?b=1#c", "https://a.org/x?b=1#c"),
    "relative": ("item.html", "https://site.org/news/item.html"),
    "rooted": ("/item/", "https://site.org/item/"),
    "no scheme": ("//a.org/x", "https://a.org/x"),
    "query only": ("?p=12", "https://site.org/news/index.html?p=12"),
    "white space around": (" \n/x\t ", "https://site.org/x"),
    "white space inside": ("/a b", "https://site.org/a%20b"),
    "line break inside": ("/a\nb", "https://site.org/ab"),
    "upper case host": ("HTTP://A.ORG/X", "http://a.org/X"),
    "default port": ("https://a.org:443/", "https://a.org/"),
    "other port": ("http://a.org:8080/", "http://a.org:8080/"),
    "default port and path": ("http://a.org:80/x?y=1", "http://a.org/x?y=1"),
    "the other scheme's port": ("http://a.org:443/x", "http://a.org:443/x"),
    "port with a zero before it": ("http://a.org:08080/x", "http://a.org:8080/x"),
    "port out of range and path": ("http://a.org:65536/x", None),
    "numeric host": ("http://10.0.0.7:8080/x", "http://10.0.0.7:8080/x"),
    "no path": ("https://a.org", "https://a.org/"),
    "credentials": ("https://user:pw@a.org/x", "https://a.org/x"),
    "backslash": ("http://public\\@127.0.0.1/", "http://public/@127.0.0.1/"),
    "non-ascii path": ("/é", "https://site.org/%C3%A9"),
    "non-ascii host": ("https://bücher.de/", "https://xn--bcher-kva.de/"),
    "quotes": ("/a\"b'<c>", "https://site.org/a%22b'%3Cc%3E"),
    "dots": ("https://a.org/x/../y", "https://a.org/y"),
    "ipv6": ("http://[::1]:81/x", "http://[::1]:81/x"),
    "bidi": ("/a\u202eb", "https://site.org/ab"),
    "script": ("javascript:alert(1)", None),
    "hidden script": ("java\tscript:alert(1)", None),
    "data": ("data:text/html,x", None),
    "mail": ("mailto:a@b.org", None),
    "file": ("file:///etc/passwd", None),
    "ftp": ("ftp://a.org/", None),
    "empty": ("  ", None),
    "bad port": ("http://a.org:99999/", None),
    "bad bracket": ("http://[::1/", None),
    "no host": ("http:///x", None),
    "no host in the page's own scheme": ("https:///x", None),
    "a form that nobody filled in": ("https://", None),
    "no host but a query": ("https://?p=1", None),
    "slashes alone": ("//", None),
    "empty label": ("http://a..org/", None),
    "too long": ("/" + "a" * 5000, None),
}


@pytest.mark.parametrize(("href", "expected"), ABSOLUTE.values(), ids=ABSOLUTE.keys())
def test_a_link_is_resolved_as_a_browser_would(href: str, expected: str | None) -> None:
    assert urls.absolute(BASE, href) == expected


CANONICAL = {
    "campaign": ("https://a.org/x?utm_source=rss&id=3&utm_medium=x", "https://a.org/x?id=3"),
    "click ids": ("https://a.org/x?fbclid=1&gclid=2&mc_cid=3&mc_eid=4", "https://a.org/x"),
    "order kept": ("https://a.org/x?b=2&a=1", "https://a.org/x?b=2&a=1"),
    "escaped ampersand": ("https://a.org/x?a=1&amp;utm_source=y", "https://a.org/x?a=1"),
    "origin": ("https://a.org/x?ref=rss", "https://a.org/x"),
    "a reference that means something": ("https://a.org/x?ref=1234", "https://a.org/x?ref=1234"),
    "fragment": ("https://a.org/x#comments", "https://a.org/x"),
    "hash route": ("https://a.org/#/news/1", "https://a.org/#/news/1"),
    "www kept": ("https://www.a.org/x/", "https://www.a.org/x/"),
    "no address": ("tag:a.org,2025:1", "tag:a.org,2025:1"),
}


@pytest.mark.parametrize(("url", "expected"), CANONICAL.values(), ids=CANONICAL.keys())
def test_tracking_and_fragments_go(url: str, expected: str) -> None:
    assert urls.canonical(url) == expected


@pytest.mark.parametrize(
    "url",
    [
        "https://a.org/news/x",
        "http://a.org/news/x",
        "https://www.a.org/news/x/",
        "https://A.org/news/x/index.html",
        "https://a.org/news//x/",
        "https://a.org:443/news/x#top",
        "https://a.org/%6Eews/x?utm_campaign=1",
    ],
)
def test_spellings_of_one_address_share_a_key(url: str) -> None:
    assert urls.key(url) == "a.org/news/x"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://a.org/?p=1", "https://a.org/?p=2"),
        ("https://a.org/x", "https://a.org/X"),
        ("https://a.org/x", "https://a.org:8080/x"),
        ("https://a.org/#/1", "https://a.org/#/2"),
        ("https://a.org/a%2Fb", "https://a.org/a/b"),
    ],
)
def test_different_addresses_have_different_keys(one: str, other: str) -> None:
    assert urls.key(one) != urls.key(other)


def test_escapes_differ_only_in_case() -> None:
    assert urls.key("https://a.org/%c3%a9") == urls.key("https://a.org/é")


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://A.org/x", "a.org:443"),
        ("http://a.org:8080", "a.org:8080"),
        ("http://a.org", "a.org:80"),
        ("http://[::1]:5/", "[::1]:5"),
        ("http://a.org:x/", ""),
    ],
)
def test_the_host_carries_its_port(url: str, expected: str) -> None:
    assert urls.host(url) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://user:pw@a.org/x", "https://***@a.org/x"),
        ("cannot read https://a.org/?token=s3cret&p=1", "cannot read https://a.org/?token=***&p=1"),
        ("https://a.org/?p=1&api_key=abc", "https://a.org/?p=1&api_key=***"),
        ("https://a.org/?access_token=abc#x", "https://a.org/?access_token=***#x"),
        ("mail me@a.org about monkey=1", "mail me@a.org about monkey=1"),
        ("https://me:p@ss@a.org/x", "https://***@a.org/x"),
        ("'https://me:p/ss@a.org/x' is bad", "'https://***@a.org/x' is bad"),
        ("https://me:p#ss?x@a.org/x", "https://***@a.org/x"),
        ("https:/me:pass@a.org/x", "https:/***@a.org/x"),
        ("//me:pass@a.org", "//***@a.org"),
        ("the proxy me:p#ss@a.org:8080 is none", "the proxy ***@a.org:8080 is none"),
        ("https://a.org/@me/feed", "https://a.org/@me/feed"),
        ("https://a.org:8080/@me/feed", "https://a.org:8080/@me/feed"),
        ("https://a.org/web/http://b.org/@me", "https://a.org/web/http://b.org/@me"),
        (r"C:\Users\me@work\config.toml", r"C:\Users\me@work\config.toml"),
        ("me@a.org: 550 no; you@a.org: 550 no", "me@a.org: 550 no; you@a.org: 550 no"),
    ],
)
def test_secrets_are_masked(text: str, expected: str) -> None:
    assert urls.mask(text) == expected


@given(st.text(max_size=60), st.sampled_from(["", "http://", "//", "https://a.org/", "\\\\"]))
def test_every_link_that_is_let_through_is_safe(text: str, prefix: str) -> None:
    link = urls.absolute(BASE, prefix + text)
    if link is not None:
        assert link.startswith(("http://", "https://"))
        assert link.isascii()
        assert link.isprintable()
        assert not set(link) & set(' "<>\\^`{|}')
        assert urls.canonical(urls.canonical(link)) == urls.canonical(link)
        assert urls.key(urls.canonical(link)) == urls.key(link)
