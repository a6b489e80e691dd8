"""Fetching, against a real server on loopback."""

from __future__ import annotations

import asyncio
import gzip
from typing import Any

import pytest

from hubwatch.errors import FetchError
from hubwatch.models import Document, FetchSettings, Request, Unchanged
from hubwatch.net import bodies
from hubwatch.net.download import Downloader, user_agent

AGENT = user_agent("me@example.com")
SETTINGS = FetchSettings(delay_s=0, timeout_s=10)
OWN = frozenset({"127.0.0.1"})


def fetch(
    url: str, *, settings: FetchSettings = SETTINGS, clock: Any = None, env: Any = None, **how: Any
) -> Document | Unchanged:
    """Ask for one address in a run of its own."""

    async def run() -> Document | Unchanged:
        async with Downloader(settings, AGENT, clock=clock, env=env or {}) as downloader:
            return await downloader.get(Request(url=url, **{"private_ok": OWN, **how}))

    return asyncio.run(run())


def document(url: str, **how: Any) -> Document:
    """Ask for one address that answers with a body."""
    answer = fetch(url, **how)
    assert isinstance(answer, Document)
    return answer


def failure(url: str, **how: Any) -> FetchError:
    """Ask for one address that cannot be had."""
    with pytest.raises(FetchError) as caught:
        fetch(url, **how)
    return caught.value


def test_a_body_comes_with_what_its_answer_said(site: Any) -> None:
    url = site.answer("/feed", "hello", headers={"ETag": '"a"', "X-More": "1"}, content_type="text/xml")

    got = document(url)

    assert (got.status, got.body, got.content_type, got.etag) == (200, b"hello", "text/xml", '"a"')
    assert (got.url, got.requested_url, got.permanent_url) == (url, url, None)
    assert got.headers["x-more"] == "1"
    assert got.size_bytes == 5


# --- the request ------------------------------------------------------------------------------


def test_a_request_looks_like_a_good_guest(site: Any) -> None:
    document(site.answer("/feed?x=%7Ea+b&y=|", "x", headers={"Set-Cookie": "a=b"}))

    (asked,) = site.log
    assert (asked.method, asked.path) == ("GET", "/feed?x=%7Ea+b&y=|")
    assert set(asked.headers) == {"host", "user-agent", "accept", "accept-encoding"}
    assert asked.headers["host"] == site.name
    assert asked.headers["user-agent"] == AGENT
    assert asked.headers["accept"].startswith("application/rss+xml, application/atom+xml")
    assert asked.headers["accept-encoding"] == "gzip"


def test_cookies_are_never_sent_back(site: Any) -> None:
    site.answer("/a", "x", headers={"Set-Cookie": "a=b; Path=/"})

    async def run() -> None:
        async with Downloader(SETTINGS, AGENT, env={}) as downloader:
            for _ in range(2):
                await downloader.get(Request(url=site.url("/a"), private_ok=OWN))

    asyncio.run(run())
    assert len(site.log) == 2
    assert all("cookie" not in asked.headers for asked in site.log)


def test_a_json_body_is_posted(site: Any) -> None:
    document(site.answer("/search", "{}"), json_body='{"keyword": "additive"}')

    (asked,) = site.log
    assert (asked.method, asked.body) == ("POST", b'{"keyword": "additive"}')
    assert asked.headers["content-type"] == "application/json"


@pytest.mark.parametrize(
    ("contact", "expected"),
    [
        (None, "hubwatch/{} (+https://github.com/hubwatch/hubwatch)"),
        ("me@example.com", "hubwatch/{} (+https://github.com/hubwatch/hubwatch; me@example.com)"),
        ("a\r\nX: b (c)", "hubwatch/{} (+https://github.com/hubwatch/hubwatch; aX: b c)"),
        ("Ünï", "hubwatch/{} (+https://github.com/hubwatch/hubwatch; n)"),
    ],
    ids=["none", "mail", "header injection", "not ASCII"],
)
def test_the_user_agent_names_us_and_the_contact(contact: str | None, expected: str) -> None:
    from hubwatch import __version__

    assert user_agent(contact) == expected.format(__version__)


# --- conditional requests ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "etag",
    ['"abc"', 'W/"abc"', "unquoted", '"caf\xe9"', '""', '"a,b"'],
    ids=["quoted", "weak", "unquoted", "latin-1", "empty", "comma"],
)
def test_an_etag_goes_back_byte_for_byte(site: Any, etag: str) -> None:
    url = site.feed("/feed", "x", etag=etag)
    first = document(url)

    again = fetch(url, etag=first.etag)

    assert isinstance(again, Unchanged)
    assert site.log[1].headers["if-none-match"] == etag
    assert "if-modified-since" not in site.log[1].headers


@pytest.mark.parametrize(
    "date",
    ["Sun, 22 Nov 2026 12:00:00 GMT", "22.11.2026 12:00", "Sunday, 22-Nov-26 12:00:00 GMT"],
    ids=["as it should be", "odd", "old form"],
)
def test_last_modified_goes_back_byte_for_byte(site: Any, date: str) -> None:
    url = site.feed("/feed", "x", last_modified=date)
    first = document(url)

    assert isinstance(fetch(url, last_modified=first.last_modified), Unchanged)
    assert site.log[1].headers["if-modified-since"] == date
    assert "if-none-match" not in site.log[1].headers


def test_both_validators_go_back_together(site: Any) -> None:
    url = site.feed("/feed", "x", etag='"a"', last_modified="Sun, 22 Nov 2026 12:00:00 GMT")
    first = document(url)
    fetch(url, etag=first.etag, last_modified=first.last_modified)

    assert site.log[1].headers["if-none-match"] == '"a"'
    assert site.log[1].headers["if-modified-since"] == "Sun, 22 Nov 2026 12:00:00 GMT"


def test_a_304_tells_new_validators_and_freshness(site: Any) -> None:
    url = site.answer("/feed", status=304, headers={"ETag": '"b"', "Cache-Control": "max-age=7200"})

    got = fetch(url, etag='"a"')

    assert isinstance(got, Unchanged)
    assert (got.etag, got.last_modified) == ('"b"', None)
    assert got.headers["cache-control"] == "max-age=7200"


def test_a_304_that_nobody_asked_for_is_a_failure(site: Any) -> None:
    assert failure(site.answer("/feed", status=304)).code == "http-304"


def test_validators_are_not_sent_where_a_redirect_leads(site: Any) -> None:
    site.answer("/new", "x", headers={"ETag": '"new"'})
    got = document(site.redirect("/old", "/new", 301), etag='"old"')

    assert site.asked("/old")[0].headers["if-none-match"] == '"old"'
    assert "if-none-match" not in site.asked("/new")[0].headers
    assert (got.etag, got.url) == ('"new"', site.url("/new"))


def test_validators_of_a_redirects_target_are_sent_there_only(site: Any) -> None:
    target = site.feed("/new", "x", etag='"new"')
    got = fetch(site.redirect("/old", "/new", 302), etag='"new"', validators_url=target)

    assert isinstance(got, Unchanged)
    assert "if-none-match" not in site.asked("/old")[0].headers
    assert got.url == target


# --- redirects --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("chain", "permanent"),
    [
        ([301], True),
        ([308], True),
        ([302], False),
        ([303], False),
        ([307], False),
        ([301, 308], True),
        ([302, 301], False),
    ],
    ids=str,
)
def test_only_permanent_hops_give_a_permanent_address(site: Any, chain: list[int], permanent: bool) -> None:
    for number, status in enumerate(chain):
        site.redirect(f"/{number}", f"/{number + 1}", status)
    end = site.answer(f"/{len(chain)}", "x")

    got = document(site.url("/0"))

    assert got.url == end
    assert got.requested_url == site.url("/0")
    assert got.permanent_url == (end if permanent else None)


def test_permanent_hops_count_up_to_the_first_temporary_one(site: Any) -> None:
    site.redirect("/0", "/1", 301)
    site.redirect("/1", "/2", 302)
    site.answer("/2", "x")

    assert document(site.url("/0")).permanent_url == site.url("/1")


def test_five_redirects_are_followed_and_no_more(site: Any) -> None:
    for number in range(9):
        site.redirect(f"/{number}", f"/{number + 1}")
    site.answer("/9", "x")

    assert document(site.url("/4")).body == b"x"
    site.log.clear()
    error = failure(site.url("/3"))
    assert error.code == "too-many-redirects"
    assert len(site.log) == 6


@pytest.mark.parametrize(
    ("location", "path"),
    [
        ("b", "/dir/b"),
        ("../b?c=1#d", "/b?c=1"),
        ("?page=2", "/dir/a?page=2"),
        (" /b ", "/b"),
        ("/caf%c3%a9", "/caf%c3%a9"),
        ("/café".encode().decode("latin-1"), "/caf%C3%A9"),
        ("/caf\xe9", "/caf%C3%A9"),
        ("/a b", "/a%20b"),
    ],
    ids=["beside", "above", "query", "padded", "escaped", "UTF-8", "latin-1", "space"],
)
def test_redirects_are_resolved_as_a_browser_would(site: Any, location: str, path: str) -> None:
    site.answer(path, "there")

    assert document(site.redirect("/dir/a", location)).body == b"there"


@pytest.mark.parametrize(
    ("location", "code"),
    [
        ("file:///etc/hosts", "bad-scheme"),
        ("ftp://127.0.0.1/x", "bad-scheme"),
        ("gopher://127.0.0.1/", "bad-scheme"),
        ("javascript:alert(1)", "bad-scheme"),
        ("data:text/xml,<rss/>", "bad-scheme"),
        ("http://127.0.0.1:99999/", "bad-url"),
        ("http://127.0.0.2:1/", "refused-address"),
        ("http://localhost:1/", "refused-address"),
        ("http://2130706433:1/", "refused-address"),
        ("http://127.1:1/", "refused-address"),
        ("http://0x7f000001:1/", "refused-address"),
        ("http://0177.0.0.1:1/", "bad-url"),
        ("http://[::ffff:127.0.0.1]:1/", "refused-address"),
        ("http://[::1]:1/", "refused-address"),
        ("http://0:1/", "refused-address"),
        ("http://169.254.169.254/latest/meta-data/", "refused-address"),
        ("http://10.0.0.1/", "refused-address"),
        ("http://100.64.0.1/", "refused-address"),
        ("//127.0.0.2:1/", "refused-address"),
        ("http://public\\@127.0.0.1/", "bad-url"),
    ],
    ids=str,
)
def test_a_redirect_leads_nowhere_else(site: Any, location: str, code: str) -> None:
    assert failure(site.redirect("/feed", location)).code == code


def test_a_source_may_be_led_to_any_port_of_its_own_host(site: Any, loopback: Any) -> None:
    other = loopback()
    other.answer("/x", "there")

    assert document(site.redirect("/feed", other.url("/x"))).body == b"there"


def test_a_private_host_must_be_named(site: Any, loopback: Any) -> None:
    other = loopback("127.0.0.2")
    url = site.redirect("/feed", other.answer("/x", "there"))

    assert failure(url).code == "refused-address"
    assert other.connections == 0
    assert document(url, settings=FetchSettings(delay_s=0, allow_private=("127.0.0.2",))).body == b"there"


def test_without_leave_no_private_address_is_asked(site: Any) -> None:
    error = failure(site.answer("/feed", "x"), private_ok=frozenset())

    assert error.code == "refused-address"
    assert site.connections == 0
    assert "allow_private" in (error.hint or "")


# --- bounds -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "how",
    [
        {"hang": True},
        {"body": "x" * 99, "hang_body": True},
        {"body": "x" * 99, "drip_s": 0.02},
        {"body": "x" * 99, "drip_head_s": 0.02},
        {"body": gzip.compress(b"x" * 99), "drip_s": 0.02, "headers": {"Content-Encoding": "gzip"}},
    ],
    ids=["silent", "silent after the head", "body drips", "head drips", "gzip drips"],
)
def test_the_time_limit_holds_for_everything(site: Any, how: dict[str, Any]) -> None:
    error = failure(site.answer("/feed", **how), timeout_s=0.2)

    assert error.code == "timeout"
    assert "0.2 s" in error.message


def test_the_time_limit_is_shared_by_all_redirects(site: Any) -> None:
    for number in range(4):
        site.redirect(f"/{number}", f"/{number + 1}", delay_s=0.04)
    site.answer("/4", "x", delay_s=0.04)

    assert failure(site.url("/0"), timeout_s=0.12).code == "timeout"
    assert document(site.url("/0"), timeout_s=10).body == b"x"


@pytest.mark.parametrize(
    "how",
    [
        {"body": b"x" * 2000},
        {"body": b"x" * 1000, "endless": True},
        {"body": b"x" * 100, "headers": {"Content-Length": "999999"}, "hang_body": True},
    ],
    ids=["known length", "endless", "announced"],
)
def test_a_body_over_the_limit_is_refused(site: Any, how: dict[str, Any]) -> None:
    error = failure(site.answer("/feed", **how), max_bytes=1500)

    assert error.code == "too-large"
    assert "1,500" in error.message


def test_a_body_of_just_the_limit_is_taken(site: Any) -> None:
    assert len(document(site.answer("/feed", b"x" * 1500), max_bytes=1500).body) == 1500


def test_a_gzip_bomb_stops_at_the_limit(site: Any) -> None:
    import tracemalloc

    url = site.bomb("/feed", 50_000_000)
    tracemalloc.start()
    try:
        error = failure(url, max_bytes=2_000_000)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert error.code == "too-large"
    assert peak < 8_000_000


@pytest.mark.parametrize("status", [301, 404, 503])
def test_the_bodies_of_refusals_are_not_read(site: Any, status: int) -> None:
    url = site.bomb("/feed", 50_000_000, status=status)

    assert failure(url).code == f"http-{status}"


@pytest.mark.parametrize(
    "encoding",
    ["br", "deflate", "zstd", "gzip, gzip", "gzip, br", "compress", "x-unheard-of", "\x1b[31mx\x9b"],
)
def test_an_encoding_that_was_not_asked_for_is_refused(site: Any, encoding: str) -> None:
    error = failure(site.answer("/feed", "x", headers={"Content-Encoding": encoding}))

    assert error.code == "bad-encoding"
    assert error.message.isprintable()


@pytest.mark.parametrize(
    ("mend", "body"),
    [
        (lambda z: z, b"hello" * 100),
        (lambda z: z + z, b"hello" * 200),
        (lambda z: z + b"\0" * 20, b"hello" * 100),
        (lambda z: z + b"\0" * 20 + z, b"hello" * 200),
        (lambda z: z + b"\r\n<!-- served in 3 ms -->" + z, b"hello" * 100),
        (lambda z: b"", b""),
    ],
    ids=["plain", "two members", "padded", "padded between", "junk behind", "empty"],
)
def test_gzip_is_inflated(site: Any, mend: Any, body: bytes) -> None:
    packed = mend(gzip.compress(b"hello" * 100))
    got = document(site.answer("/feed", packed, headers={"Content-Encoding": "GZip"}))

    assert got.body == body
    assert got.size_bytes == len(packed)


@pytest.mark.parametrize("filling", [b"\0", b"<br>"])
def test_what_follows_gzip_counts_as_body(site: Any, filling: bytes) -> None:
    packed = gzip.compress(b"hello") + filling * 50_000
    head = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n"  # how long it is, it does not say
    assert failure(site.answer("/feed", raw=head + packed), max_bytes=30_000).code == "too-large"


@pytest.mark.parametrize(
    "damage",
    [
        lambda z: z[:-9],
        lambda z: z[:20] + b"x" * 40,
        lambda z: b"<rss/>",
        lambda z: z + z[:-9],
        lambda z: z + z[:20] + b"x" * 40,
    ],
)
def test_damaged_gzip_is_named(site: Any, damage: Any) -> None:
    packed = damage(gzip.compress(bytes(range(256)) * 9))

    assert failure(site.answer("/feed", packed, headers={"Content-Encoding": "gzip"})).code == "bad-gzip"


@pytest.mark.parametrize(
    ("how", "code"),
    [
        ({"body": "half", "cut": True}, "short-body"),
        ({"reset": True}, "protocol"),
        ({"raw": b"SSH-2.0-OpenSSH_9.9\r\n\r\n"}, "protocol"),
        ({"raw": b"HTTP/1.1 200 OK\r\nX: " + b"a" * 200_000 + b"\r\n\r\n"}, "protocol"),
        ({"raw": b"HTTP/1.1 103 Early Hints\r\nX: y\r\n\r\n" * 9000}, "protocol"),
        ({"raw": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel"}, "short-body"),
        ({"raw": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhello"}, "short-body"),
        ({"status": 404}, "http-404"),
        ({"status": 410}, "gone"),
        ({"status": 503}, "http-503"),
        ({"status": 599}, "http-599"),
        ({"status": 206, "body": "x"}, "http-206"),
        ({"status": 300}, "http-300"),
        ({"status": 301}, "http-301"),
    ],
    ids=lambda each: str(each)[:40],
)
def test_each_fault_has_its_name(site: Any, how: dict[str, Any], code: str) -> None:
    error = failure(site.answer("/feed", **how))

    assert error.code == code
    assert error.url == site.url("/feed")
    assert "\n" not in error.message
    assert error.status == how.get("status") or error.status in (None, 200)


@pytest.mark.parametrize(
    ("body", "headers", "code"),
    [
        (b"1\r\nx\r\n" * 2_000, b"Transfer-Encoding: chunked\r\n", "protocol"),
        (gzip.compress(b"") * 3000, b"Content-Encoding: gzip\r\n", "bad-gzip"),
    ],
    ids=["crumbs", "thousands of gzip parts"],
)
def test_a_body_that_is_dear_to_take_is_given_up(
    site: Any, body: bytes, headers: bytes, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bodies, "_MOST_PIECES", 1_000)
    url = site.answer("/feed", raw=b"HTTP/1.1 200 OK\r\n" + headers + b"\r\n" + body)

    assert failure(url).code == code


@pytest.mark.parametrize(
    "location",
    [
        "http://127.0.0.1/" + "a" * 20_000,
        "http://" + "a@" * 20_000,
        "http://127.0.0.1/\x1b]0;x\x07",
        "http://[x",
        "http://\u202ecom.evil/",
    ],
    ids=["endless", "endless user", "escape sequence", "half an IPv6", "bidi"],
)
def test_an_odd_redirect_is_one_short_clean_line(site: Any, location: str) -> None:
    error = failure(site.redirect("/feed", location.encode().decode("latin-1")))

    assert error.code == "bad-url"
    assert len(error.message) < 400
    assert error.message.isprintable()
    assert (error.url or "").isprintable()


def test_a_closed_port_is_a_connect_failure(loopback: Any) -> None:
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    error = failure(f"http://127.0.0.1:{port}/")

    assert error.code == "connect"
    assert "refused" in error.message


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("file:///etc/hosts", "bad-scheme"),
        ("ftp://example.org/", "bad-scheme"),
        ("example.org/feed", "bad-scheme"),
        ("", "bad-scheme"),
        ("http://[::1", "bad-url"),
        ("http:///x", "bad-url"),
        ("http://exa mple.org/", "bad-url"),
    ],
    ids=str,
)
def test_only_http_addresses_are_asked(url: str, code: str) -> None:
    assert failure(url).code == code


# --- secrets ----------------------------------------------------------------------------------


def test_credentials_go_to_their_host_and_into_no_text(site: Any, loopback: Any) -> None:
    other = loopback()
    other.answer("/x", "there")
    site.redirect("/far", other.url("/x"), 301)
    site.redirect("/near", "/end", 301)
    site.answer("/end", "here")
    site.answer("/gone", status=410)
    base = f"http://me:s3cr%20et@{site.name}"

    near, far = document(f"{base}/near"), document(f"{base}/far")

    assert site.asked("/near")[0].headers["authorization"] == "Basic bWU6czNjciBldA=="
    assert site.asked("/end")[0].headers["authorization"] == "Basic bWU6czNjciBldA=="
    assert "authorization" not in other.log[0].headers
    assert "s3cr" not in near.url + far.url
    assert near.permanent_url is None
    error = failure(f"{base}/gone?token=hush")
    assert "s3cr" not in f"{error} {error.url}"
    assert "hush" not in f"{error} {error.url}"
