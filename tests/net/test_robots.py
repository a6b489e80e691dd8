"""robots.txt by RFC 9309."""

from __future__ import annotations

import time

import pytest

from hubwatch.net import robots

TABLE = {
    "empty file": ("", "/x", True),
    "empty rule": ("User-agent: *\nDisallow:", "/x", True),
    "everything": ("User-agent: *\nDisallow: /", "/x", False),
    "robots.txt itself": ("User-agent: *\nDisallow: /", "/robots.txt", True),
    "a prefix": ("User-agent: *\nDisallow: /news", "/newsletter", False),
    "another path": ("User-agent: *\nDisallow: /news", "/about", True),
    "case counts in paths": ("User-agent: *\nDisallow: /News", "/news", True),
    "longest wins": ("User-agent: *\nDisallow: /news\nAllow: /news/public", "/news/public/1", True),
    "order does not": ("User-agent: *\nAllow: /news/public\nDisallow: /news", "/news/public/1", True),
    "allow wins a tie": ("User-agent: *\nDisallow: /a\nAllow: /a", "/a", True),
    "wildcard": ("User-agent: *\nDisallow: /*/private", "/a/b/private/1", False),
    "wildcard misses": ("User-agent: *\nDisallow: /*/private", "/private", True),
    "end": ("User-agent: *\nDisallow: /*.pdf$", "/a/b.pdf", False),
    "end misses": ("User-agent: *\nDisallow: /*.pdf$", "/a/b.pdf?x", True),
    "end without wildcard": ("User-agent: *\nDisallow: /a$", "/a", False),
    "end without wildcard misses": ("User-agent: *\nDisallow: /a$", "/ab", True),
    "wildcards may not overlap": ("User-agent: *\nDisallow: /aba*ab$", "/abab", True),
    "query": ("User-agent: *\nDisallow: /*?paged=", "/news?paged=2", False),
    "our own group alone": ("User-agent: hubwatch\nDisallow: /a\n\nUser-agent: *\nDisallow: /b", "/b", True),
    "our own group": ("User-agent: *\nAllow: /\n\nUser-agent: HubWatch/2.0\nDisallow: /a", "/a", False),
    "two groups of ours are one": (
        "User-agent: hubwatch\nDisallow: /a\nUser-agent: *\nDisallow: /c\nUser-agent: hubwatch\nDisallow: /b",
        "/a",
        False,
    ),
    "several names on one group": ("User-agent: x\nUser-agent: hubwatch\nDisallow: /a", "/a", False),
    "another's group": ("User-agent: hubwatcher\nDisallow: /", "/a", True),
    "an empty group of ours allows": (
        "User-agent: *\nDisallow: /\n\nUser-agent: hubwatch\nDisallow:",
        "/a",
        True,
    ),
    "rules before any group": ("Disallow: /", "/a", True),
    "sitemap lines between": ("User-agent: hubwatch\nSitemap: /s.xml\nDisallow: /a", "/a", False),
    "comments": ("# hi\nUser-agent: * # all\nDisallow: /a # no", "/a", False),
    "no spaces": ("user-agent:*\ndisallow:/a", "/a", False),
    "CR line ends": ("User-agent: *\rDisallow: /a\r", "/a", False),
    "byte order mark": ("\ufeffUser-agent: *\nDisallow: /a", "/a", False),
    "escapes": ("User-agent: *\nDisallow: /caf%C3%A9", "/caf%c3%a9", False),
    "bare letters": ("User-agent: *\nDisallow: /café", "/caf%C3%A9", False),
    "needless escapes": ("User-agent: *\nDisallow: /%7Ea%62c", "/~abc", False),
    "an escaped slash is another": ("User-agent: *\nDisallow: /a%2Fb", "/a/b", True),
    "a path without slash": ("User-agent: *\nDisallow: news", "/news", False),
    "not a robots.txt": ("<!doctype html><p>Disallow: /", "/a", True),
}


@pytest.mark.parametrize(("text", "path", "allowed"), TABLE.values(), ids=TABLE)
def test_what_may_be_asked(text: str, path: str, allowed: bool) -> None:
    assert robots.parse(text.encode()).allow(path.encode()) is allowed


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("User-agent: *\nCrawl-delay: 5", 5.0),
        ("User-agent: *\nCrawl-delay: 0.5\n", 0.5),
        ("User-agent: *\nCrawl-delay: 86400", 30.0),
        ("User-agent: *\nCrawl-delay: inf", 30.0),
        ("User-agent: *\nCrawl-delay: nan", None),
        ("User-agent: *\nCrawl-delay: -1", None),
        ("User-agent: *\nCrawl-delay: soon", None),
        ("User-agent: other\nCrawl-delay: 5", None),
        ("User-agent: *\nCrawl-delay: 5\n\nUser-agent: hubwatch\nCrawl-delay: 2\nDisallow: /x", 2.0),
        ("User-agent: *\nCrawl-delay: 5\n\nUser-agent: hubwatch\nDisallow: /x", None),
    ],
)
def test_the_crawl_delay_is_that_of_our_group(text: str, expected: float | None) -> None:
    assert robots.parse(text.encode()).crawl_delay_s == expected


@pytest.mark.parametrize(
    "text",
    [
        "User-agent: *\n" + "Disallow: /" + "*a" * 5000 + "b\n",
        "User-agent: *\n" + ("Disallow: /" + "*a" * 14 + "*b\n") * 2000,
        "User-agent: x\n" * 40_000,
        "\x00\xff" * 200_000,
    ],
    ids=["many wildcards", "many rules", "many names", "rubbish"],
)
def test_a_hostile_file_holds_up_nothing(text: str) -> None:
    begun = time.process_time()
    robots.parse(text.encode()[: robots.MAX_BYTES]).allow(b"/" + b"a" * 4000)
    assert time.process_time() - begun < 2


@pytest.mark.parametrize("text", [text for text, _, _ in TABLE.values()], ids=TABLE)
def test_what_is_kept_of_a_file_reads_as_the_file(text: str) -> None:
    rules = robots.parse(f"{text}\nCrawl-delay: 2.5\nSitemap: /s.xml".encode())
    kept = robots.write(rules)
    assert robots.parse(kept.encode()) == rules
    assert len(kept) <= len(text) + 80


def test_what_is_kept_of_a_file_is_plain_text() -> None:
    kept = robots.write(
        robots.parse("User-agent: *\nDisallow: /\x1b[2J\u202e<b>\nSitemap: /\x1b[31m.xml".encode())
    )
    assert kept.replace("\n", " ").isprintable()
    assert "\u202e" not in kept


def test_sitemaps_are_named_for_everybody() -> None:
    text = b"Sitemap: https://example.org/a.xml\nUser-agent: other\nDisallow: /\nsitemap:/b.xml # x\nSitemap:"
    assert robots.parse(text).sitemaps == ("https://example.org/a.xml", "/b.xml")
