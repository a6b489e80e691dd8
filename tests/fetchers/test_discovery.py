"""What is proposed for a page, and in which order."""

# ruff: noqa: E501 - markup is easier to read in one piece
from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest

from hubwatch.fetchers import discovery
from hubwatch.models import Document

URL = "https://hub.example.org/about/"
LIST = "".join(
    f"<article><h2><a href='/news/{n}/'>An announcement of some length, number {n}</a></h2><time datetime='2025-11-0{n}'>x"
    "</time></article>"
    for n in range(1, 6)
)


def _document(body: str | bytes, url: str = URL, content_type: str = "text/html") -> Document:
    data = body.encode() if isinstance(body, str) else body
    now = datetime(2026, 1, 1, tzinfo=UTC)
    return Document(
        url=url, requested_url=url, status=200, body=data, content_type=content_type, fetched_at=now
    )


def _short(body: str, url: str = URL) -> list[tuple[str, str]]:
    return [
        (one.kind, one.url.removeprefix("https://hub.example.org"))
        for one in discovery.propose(_document(body, url))
    ]


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("<?xml version='1.0'?>\n<rss version='2.0'><channel/></rss>", "feed"),
        ("\ufeff<feed xmlns='http://www.w3.org/2005/Atom'/>", "feed"),
        ("<?xml version='1.0'?><!-- x --><rdf:RDF xmlns='http://purl.org/rss/1.0/'/>", "feed"),
        ('{"version": "https://jsonfeed.org/version/1.1", "items": []}', "feed"),
        ("<?xml version='1.0'?><urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'/>", "sitemap"),
    ],
)
def test_the_document_itself(body: str, kind: str) -> None:
    found = discovery.propose(_document(body))
    assert [(one.kind, one.url) for one in found] == [(kind, URL)]


def test_the_order_is_the_contracts() -> None:
    html = f"""<html><head><link rel="https://api.w.org/" href="https://hub.example.org/wp-json/">
    <link rel="alternate" type="application/rss+xml" title="Hub » Comments Feed" href="/comments/feed/">
    <link rel="alternate" type="application/rss+xml" title="Hub » Feed" href="/feed/">
    <link rel="alternate" type="application/json" href="/wp-json/wp/v2/pages/7">
    <link rel="sitemap" href="/news-sitemap.xml"></head>
    <body><nav><a href="/blog/">Blog</a><a href="/press/">Press Releases</a><a href="/news/">News</a></nav>
    <main>{LIST}</main><a href="/other.rss">RSS</a></body></html>"""
    assert _short(html) == [
        ("feed", "/feed/"),
        ("feed", "/other.rss"),
        ("wordpress", "/wp-json/wp/v2/posts"),
        ("page", "/about/"),
        ("follow", "/news/"),
        ("follow", "/press/"),
        ("follow", "/blog/"),
        ("sitemap", "/news-sitemap.xml"),
        ("sitemap", "/sitemap.xml"),
    ]


NAMED = "<link rel='alternate' type='application/rss+xml' title='{}' href='{}'>"


@pytest.mark.parametrize(
    ("title", "href"),
    [
        ("Hub » Job Listings Feed", "/?feed=job_feed"),
        ("Hub » Feed", "/jobs/feed/"),
        ("Hub Podcast", "/hub-talk/feed/"),
        ("Hub » Podcast Category Feed", "/category/podcast/feed/"),
        ("Hub » Products Feed", "/shop/feed/"),
    ],
)
def test_a_feed_of_something_else_than_news_is_not_proposed(title: str, href: str) -> None:
    feed = ("feed", href)
    aside = NAMED.format(title, href)
    assert feed not in _short(f"<html><head>{aside}</head><body></body></html>")
    assert feed not in _short(f"<html><body><a href='{href}'>{title}</a></body></html>")
    # Whoever names a page of jobs or podcasts means those.
    page = "https://hub.example.org/podcast/jobs/shop/"
    assert feed in _short(f"<html><head>{aside}</head><body></body></html>", page)


@pytest.mark.parametrize(
    ("title", "href"),
    [
        ("Product Development Institute » Feed", "/feed/"),
        ("Careers in Casting - News", "/news/feed/"),
        ("Product news", "/product-news.rss"),
        ("Shopfloor", "/shopfloor/feed/"),
    ],
)
def test_a_feed_of_news_may_have_such_a_word_in_its_name(title: str, href: str) -> None:
    assert _short(f"<html><head>{NAMED.format(title, href)}</head></html>")[0] == ("feed", href)


def test_a_feed_of_events_stands_behind_that_of_the_news() -> None:
    feeds = NAMED.format("Hub » Events Feed", "/events/feed/") + NAMED.format("Hub » Feed", "/feed/")
    found = _short(f"<html><head>{feeds}</head></html>")
    assert found[:2] == [("feed", "/feed/"), ("feed", "/events/feed/")]
    there = _short(f"<html><head>{feeds}</head></html>", "https://hub.example.org/events/")
    assert there[0] == ("feed", "/events/feed/")


def test_what_was_read_comes_along() -> None:
    found = {
        one.kind: one
        for one in discovery.propose(_document(f"<html><body><main>{LIST}</main></body></html>"))
    }
    assert found["page"].page is not None
    assert len(found["page"].page.items) == 5
    assert "5 blocks" in found["page"].why


def test_structured_data_comes_before_the_looks() -> None:
    script = (
        "["
        + ",".join(f'{{"@type": "NewsArticle", "headline": "A{n}", "url": "/a/{n}"}}' for n in range(3))
        + "]"
    )
    html = f"<html><head><script type='application/ld+json'>{script}</script></head><body><main>{LIST}</main></body></html>"
    assert [kind for kind, _ in _short(html)][:2] == ["structured", "page"]


@pytest.mark.parametrize(
    ("name", "href", "kind"),
    [
        ("News", "/n", "follow"),
        ("Latest News", "/n", "follow"),
        ("News & Events", "/n", "follow"),
        ("Newsroom", "/n", "follow"),
        ("Press Releases", "/n", "follow"),
        ("View all news", "/n", "follow"),
        ("Announcements", "/n", "follow"),
        ("", "/newsroom/", "follow"),
        ("Newsletter signup", "/n", None),
        ("News", "https://other.example.com/news", None),
        ("News", "https://news.hub.example.org/", "follow"),
        ("News", "#news", None),
        ("News", "javascript:void(0)", None),
        ("Contact", "/contact", None),
    ],
)
def test_links_that_name_the_news(name: str, href: str, kind: str | None) -> None:
    found = [
        one.kind
        for one in discovery.propose(_document(f"<html><body><a href='{href}'>{name}</a></body></html>"))
    ]
    assert ("follow" in found) is (kind == "follow")


def test_wordpress_is_known_by_its_paths() -> None:
    html = "<html><head><link rel='stylesheet' href='/wp-content/themes/x/style.css'></head><body><p>x</p></body></html>"
    assert ("wordpress", "/wp-json/wp/v2/posts") in _short(html)
    assert discovery.platforms(_document(html)) == ("wordpress",)


@pytest.mark.parametrize(
    ("html", "platform"),
    [
        ("<meta name='generator' content='WordPress 6.4'>", "wordpress"),
        ("<meta content='Drupal 10 (https://www.drupal.org)' name='Generator'>", "drupal"),
        ("<meta name='generator' content='Hugo 0.120'>", "hugo"),
        ("<meta name='generator' content='Wix.com Website Builder'>", "wix"),
        ("<script src='https://static1.squarespace.com/x.js'></script>", "squarespace"),
        ("<html data-wf-site='5f'><link href='https://assets.website-files.com/webflow.css'>", "webflow"),
    ],
)
def test_platforms_are_recognized(html: str, platform: str) -> None:
    assert discovery.platforms(_document(html))[0] == platform


@pytest.mark.parametrize(
    ("platforms", "first"),
    [
        ((), "https://hub.example.org/news/feed/"),
        (("wordpress",), "https://hub.example.org/news/feed/"),
        (("squarespace",), "https://hub.example.org/news?format=rss"),
        (("wix",), "https://hub.example.org/blog-feed.xml"),
        (("drupal",), "https://hub.example.org/rss.xml"),
        (("hugo",), "https://hub.example.org/news/index.xml"),
    ],
)
def test_the_likeliest_place_comes_first(platforms: tuple[str, ...], first: str) -> None:
    found = discovery.well_known("https://hub.example.org/news/", platforms)
    assert found[0].url == first
    assert len({one.url for one in found}) == len(found) <= 12


def test_a_broken_page_proposes_nothing_and_breaks_nothing() -> None:
    assert discovery.propose(_document(b"")) == ()
    assert discovery.propose(_document(b"\x00\xff\xfe" * 10)) is not None


@pytest.mark.parametrize(
    "html",
    [
        "<a href='{}'>News</a>".format("sitemap" * 35_000),
        "<link rel=alternate type=application/rss+xml href=/rss.xml title='{}'>".format("comment " * 31_000),
    ],
    ids=["address", "title"],
)
def test_a_word_without_end_holds_up_nothing(html: str) -> None:
    began = time.process_time()
    discovery.propose(_document(html))
    assert time.process_time() - began < 3  # looked through from each word on, 20 s
