"""Sitemaps, news sitemaps and indexes."""

from __future__ import annotations

import gzip
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from hubwatch.errors import ParseError
from hubwatch.fetchers import sitemap
from hubwatch.models import Document, RawItem, Source

SOURCE = Source(id="hub", name="Hub", url="https://hub.example/sitemap.xml")
REAL = sorted((Path(__file__).parents[2] / ".." / "shared" / "pages").glob("*/sitemap.xml"))
SET = '<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


def document(body: bytes | str) -> Document:
    raw = body.encode() if isinstance(body, str) else body
    url, now = "https://hub.example/sitemap.xml", datetime(2026, 10, 6, tzinfo=UTC)
    return Document(url=url, requested_url=url, status=200, body=raw, fetched_at=now)


PLAIN = (
    f"{SET}>\n<url><loc>\n https://hub.example/news/1 </loc><lastmod>2026-10-01</lastmod></url>"
    "<url><loc>/news/2?a=1&amp;b=2</loc></url><url><loc>mailto:x@hub.example</loc></url><url/></urlset>"
)
NEWS = (
    f'{SET} xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
    ' xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"><url><loc>https://hub.example/n</loc>'
    "<news:news><news:publication><news:name>Hub</news:name><news:language>en</news:language></news:publication>"
    "<news:publication_date>2026-10-05T08:00:00Z</news:publication_date><news:title>R&amp;D day</news:title>"
    "<news:keywords>am, metals, am</news:keywords></news:news>"
    "<image:image><image:loc>https://hub.example/x.jpg</image:loc><image:title>No</image:title></image:image>"
    "</url></urlset>"
)
INDEX = (
    '<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
    "<sitemap><loc>/a.xml</loc><lastmod>2025-01-01</lastmod></sitemap>"
    "<sitemap><loc>https://hub.example/b.xml.gz</loc><lastmod>2026-10-01</lastmod></sitemap>"
    "<sitemap><loc>file:///etc/passwd</loc></sitemap></sitemapindex>"
)


@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gzip"])
def test_a_plain_sitemap(pack: type[bytes]) -> None:
    page = sitemap.parse(document(pack(PLAIN.encode())), SOURCE)
    assert page.items == (
        RawItem(guid="https://hub.example/news/1", url="https://hub.example/news/1", updated="2026-10-01"),
        RawItem(guid="https://hub.example/news/2?a=1&b=2", url="https://hub.example/news/2?a=1&b=2"),
    )
    assert (page.how, page.complete, page.problems) == ("sitemap", True, ())


def test_bare_ampersands_are_borne() -> None:
    page = sitemap.parse(document(PLAIN.replace("a=1&amp;b=2", "a=1&copy=2&b=2")), SOURCE)
    assert [item.url for item in page.items] == [
        "https://hub.example/news/1",
        "https://hub.example/news/2?a=1&copy=2&b=2",
    ]
    assert page.complete


def test_a_news_sitemap() -> None:
    page = sitemap.parse(document(NEWS), SOURCE)
    assert page.how == "news sitemap"
    assert [(i.title, i.published, i.categories) for i in page.items] == [
        ("R&D day", "2026-10-05T08:00:00Z", ("am", "metals"))
    ]


def test_an_index_names_its_children_latest_first() -> None:
    assert sitemap.children(document(INDEX)) == ("https://hub.example/b.xml.gz", "https://hub.example/a.xml")
    page = sitemap.parse(document(INDEX), SOURCE)
    assert (page.items, page.next_url, page.how) == ((), None, "index of 3 sitemaps")


def test_an_index_is_no_child_of_its_own() -> None:
    at = replace(document(INDEX), url="https://hub.example/a.xml")
    assert sitemap.news_children(at) == ("https://hub.example/b.xml.gz",)


def test_a_plain_sitemap_has_no_children() -> None:
    assert sitemap.children(document(PLAIN)) == ()


def test_over_the_limit_the_latest_stay() -> None:
    urls = "".join(f"<url><loc>/{n}</loc><lastmod>2026-01-{n:02d}</lastmod></url>" for n in range(1, 29))
    page = sitemap.parse(
        document(f"{SET}><url><loc>/undated</loc></url>{urls}</urlset>"), SOURCE, max_items=2
    )
    assert [item.url for item in page.items] == ["https://hub.example/28", "https://hub.example/27"]
    assert page.problems == ("27 items over the limit of 2 left out",)


def test_a_truncated_sitemap_gives_what_is_whole() -> None:
    page = sitemap.parse(document(PLAIN[: PLAIN.index("b=2")]), SOURCE)
    assert [item.url for item in page.items] == ["https://hub.example/news/1"]
    assert not page.complete
    assert "breaks off" in page.problems[0]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "empty"),
        (b"<html><title>404 Not Found</title></html>", "soft-404"),
        (b"<rss/>", "not-a-feed"),
        (b"<urlset", "not-a-feed"),
        (b"<urlset >", "unreadable"),
        (b"\x1f\x8bbroken", "unreadable"),
        (gzip.compress(b"<urlset>" + b" " * 60_000_000), "unreadable"),
    ],
    ids=["empty", "HTML", "a feed", "cut at once", "cut", "broken gzip", "gzip bomb"],
)
def test_what_is_no_sitemap_is_named(body: bytes, code: str) -> None:
    with pytest.raises(ParseError) as caught:
        sitemap.parse(document(body), SOURCE)
    assert caught.value.code == code


@pytest.mark.skipif(not REAL, reason="the sitemaps of real sites are not beside this checkout")
def test_sitemaps_of_real_sites_are_read() -> None:
    for path in REAL:
        body = path.read_bytes()
        found = sitemap.parse(document(body), SOURCE).items or sitemap.children(document(body))
        assert len(found) == body.count(b"<loc>"), path
