"""Hostile feeds: nothing is opened, nothing is asked for, nothing grows out of bounds."""

from __future__ import annotations

import contextlib
import itertools
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from hubwatch.errors import ParseError
from hubwatch.fetchers import feed, feed_lenient, sitemap
from hubwatch.models import Document, Page, Source

SOURCE = Source(id="hub", name="Hub", url="https://site.example/feed/")
SAMPLES = [path.read_bytes() for path in sorted((Path(__file__).parent.parent / "data/feeds").glob("*.xml"))]
_WATCHED: list[list[str]] = []


def _hook(event: str, arguments: Any) -> None:
    if _WATCHED and event in ("open", "socket.connect", "socket.getaddrinfo", "urllib.Request"):
        _WATCHED[-1].append(f"{event} {arguments[0]!r}")


sys.addaudithook(_hook)


@pytest.fixture
def touched() -> Iterator[list[str]]:
    """Every file opened and every connection tried while the test runs."""
    _WATCHED.append([])
    yield _WATCHED[-1]
    _WATCHED.pop()


def document(body: bytes | str) -> Document:
    raw = body.encode() if isinstance(body, str) else body
    url, now = "https://site.example/feed/", datetime(2026, 10, 6, tzinfo=UTC)
    return Document(url=url, requested_url=url, status=200, body=raw, fetched_at=now)


def outcome(body: bytes | str) -> Page | str:
    try:
        return feed.parse(document(body), SOURCE)
    except ParseError as error:
        return error.code


def rss(items: str, doctype: str = "") -> str:
    return (
        f'<?xml version="1.0"?>{doctype}<rss version="2.0"><channel><title>T</title>{items}</channel></rss>'
    )


SECRET = "secret-of-this-file"


@pytest.mark.parametrize(
    "reader", [lambda found: feed.parse(found, SOURCE), feed_lenient.read], ids=["door", "lenient"]
)
@pytest.mark.parametrize(
    "body", ["{path}", "file://{path}", "http://127.0.0.1:9/feed.xml", "feed://127.0.0.1:9/x"]
)
def test_a_body_that_names_a_place_opens_nothing(
    reader: Any, body: str, tmp_path: Path, touched: list[str]
) -> None:
    secret = tmp_path / "feed.xml"
    secret.write_text(rss(f"<item><title>{SECRET}</title></item>"))
    touched.clear()
    with pytest.raises(ParseError) as caught:
        reader(document(body.format(path=secret)))
    assert SECRET not in caught.value.message
    assert touched == []


@pytest.mark.parametrize(
    "doctype",
    [
        pytest.param('<!DOCTYPE rss [<!ENTITY x SYSTEM "file://{path}">]>', id="external entity"),
        pytest.param('<!DOCTYPE rss [<!ENTITY x SYSTEM "http://127.0.0.1:9/x">]>', id="external address"),
        pytest.param('<!DOCTYPE rss SYSTEM "file://{path}">', id="external DTD"),
        pytest.param(
            '<!DOCTYPE rss [<!ENTITY % p SYSTEM "file://{path}"><!ENTITY % q "<!ENTITY x SYSTEM \'file://{path}\'>">'
            "%p;%q;]>",
            id="parameter entities",
        ),
        pytest.param(
            '<!-- <rss> --><!DOCTYPE rss [<!ENTITY x SYSTEM "file://{path}">]>', id="after a comment"
        ),
    ],
)
def test_external_entities_are_not_read(doctype: str, tmp_path: Path, touched: list[str]) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text(SECRET)
    body = rss("<item><title>A &x; B</title></item>", doctype.format(path=secret))
    touched.clear()
    page = outcome(body)
    assert SECRET not in str(page)
    assert [event for event in touched if "secret" in event or "connect" in event or "getaddr" in event] == []


def _many(pattern: str, count: int) -> str:
    return "".join(pattern.format(n) for n in range(count))


def _laughs(levels: int, width: int, prolog: str = "") -> str:
    names = [f"l{level}" for level in range(levels)]
    declared = '<!ENTITY l0 "lol">' + "".join(
        f'<!ENTITY {name} "{f"&{below};" * width}">' for below, name in itertools.pairwise(names)
    )
    return rss(f"<item><title>&{names[-1]};</title></item>", f"{prolog}<!DOCTYPE rss [{declared}]>")


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(_laughs(10, 10), id="billion laughs"),
        pytest.param(_laughs(3, 900), id="flat and wide"),
        pytest.param(_laughs(10, 10, "<!-- <rss> -->\n"), id="after a comment"),
        pytest.param(
            rss(
                "<item><title>" + "&a;" * 100_000 + "</title></item>",
                f'<!DOCTYPE rss [<!ENTITY a "{"x" * 2000}">]>',
            ),
            id="quadratic",
        ),
        pytest.param(
            rss("&a;", '<!DOCTYPE rss [<!ENTITY a "&b;"><!ENTITY b "&a;">]>'),
            id="in a circle",
        ),
    ],
)
def test_a_bomb_is_refused_at_once(body: str) -> None:
    start = time.perf_counter()
    for bomb in (body, body.encode("utf-16"), " \n" + body):
        assert outcome(bomb) == "unreadable"
    assert time.perf_counter() - start < 0.6  # 0.2 s each


def test_a_bomb_in_a_sitemap_is_refused() -> None:
    with pytest.raises(ParseError):
        sitemap.parse(
            document(_laughs(10, 10).replace("<rss", "<urlset").replace("</rss", "</urlset")), SOURCE
        )


def test_many_escapes_are_no_bomb() -> None:
    page = outcome(rss(f"<item><title>{'&amp;' * 111_000}</title></item>"))
    assert isinstance(page, Page)
    assert page.items[0].title == "&" * 111_000


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(rss("<item>" + "<a>" * 100_000 + "</a>" * 100_000 + "</item>"), id="closed"),
        pytest.param(
            rss("<item><description>" + "<b>" * 100_000 + "x" + "</b>" * 100_000 + "</description></item>"),
            id="in text",
        ),
        pytest.param("<feed>" * 100_000, id="feeds"),
    ],
)
def test_deep_nesting_is_survived(body: str) -> None:
    start = time.perf_counter()
    outcome(body)
    assert time.perf_counter() - start < 10


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("\x00" * 100_000, id="NULs"),
        pytest.param(rss("<item><title>A\x00B</title></item>"), id="a NUL in a title"),
        pytest.param(
            rss("<item><title>&#xD800;&#99999999999;&#0;&#x110000;</title>&</item>"), id="character numbers"
        ),
        pytest.param(rss("<item><link>http://[</link><guid>http://[::1</guid>&</item>"), id="bad addresses"),
        pytest.param(
            '<rss version="2.0" xml:base="http://["><item><link>x</link></item></rss>', id="bad base"
        ),
        pytest.param("<" * 200_000, id="less-than signs"),
        pytest.param("<rss>" + "<!--" * 50_000, id="open comments"),
        pytest.param("<!DOCTYPE rss [" + '<!ENTITY a "b' * 20_000, id="open declarations"),
        pytest.param("<rss " + "a='b' " * 50_000 + ">", id="attributes"),
        pytest.param(rss(f"<item>&<author>{'a' * 200_000}@</author></item>"), id="a long word for an author"),
        pytest.param(rss(f"<item><author>{'a' * 200_000}@</author></item>"), id="the same, well-formed"),
        pytest.param(rss("<item>&" + _many("<category>c{}</category>", 30_000) + "</item>"), id="categories"),
        pytest.param(rss(f"<item>&<keywords>{_many('k{},', 30_000)}</keywords></item>"), id="keywords"),
        pytest.param(
            "<rss " + _many("xmlns:a{0}='x{0}' ", 20_000) + ">" + _many("<a{}:b/>", 20_000) + "</rss>",
            id="namespaces",
        ),
        pytest.param("<rss>" + "<a xml:base='abcdefghijklm/'>" * 30_000, id="nested bases"),
        pytest.param("[" * 200_000, id="JSON nested"),
        pytest.param('{"items": ' + "9" * 10_000 + "}", id="JSON number"),
    ],
)
def test_odd_bytes_end_in_items_or_a_plain_reason(body: str) -> None:
    start = time.perf_counter()
    outcome(body)
    assert time.perf_counter() - start < 10


# A low line stands for a space.
_PIECES = (
    "<item> </item> <title> </title> <link> ]]> <![CDATA[ & &lt; &# &#x; <!DOCTYPE_x_[ <!ENTITY_a_'b'> ]> "
    "<?xml_ ?> <!-- --> </rss> <feed_xmlns='http://www.w3.org/2005/Atom'> <entry> \" ' _xml:base='http://[' "
    "< <image> <source> <content_type='xhtml'><div> mode='base64' <guid> &#55296; \x00 \x1b]52; \x92 </html> "
    "<html> <rss"
)
_EDIT = st.tuples(
    st.floats(0, 1),  # where
    st.integers(0, 60),  # how much goes
    st.sampled_from([piece.replace("_", " ").encode("latin-1") for piece in _PIECES.split(" ")])
    | st.binary(max_size=8),
)


@given(
    sample=st.sampled_from(SAMPLES),
    edits=st.lists(_EDIT, max_size=6),
)
@example(sample=b"<rss><channel><item><title>&#xDFFF;", edits=[])
@settings(max_examples=150, deadline=5_000, suppress_health_check=[HealthCheck.too_slow])
def test_mutated_feeds_never_raise_anything_else(
    sample: bytes, edits: list[tuple[float, int, bytes]]
) -> None:
    for where, dropped, put_in in edits:
        position = int(where * len(sample))
        sample = sample[:position] + put_in + sample[position + dropped :]
    assert isinstance(outcome(sample), Page | str)
    with contextlib.suppress(ParseError):
        assert isinstance(feed_lenient.read(document(sample), max_items=100), Page)
