"""Feed every reader of documents with mutated real ones, for as long as told; print what went wrong.

`python tests/faults/fuzz.py --minutes 5` prints one line of figures and ends with 1 when an input raised
anything but a ParseError, took too long, or left text in an item that could harm a terminal. What is found is
printed as a Python literal, to be put among the cases of a test.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from hubwatch import fetchers, identity, normalize
from hubwatch.errors import HubwatchError
from hubwatch.fetchers import article, discovery, feed_fast, members, opml
from hubwatch.models import Document, Page, Source
from hubwatch.net import robots
from hubwatch.text import bytes as text_bytes
from hubwatch.text import controls, dates, plain, urls

DATA = Path(__file__).parent.parent / "data"
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
SLOW_S = 5.0  # of processor time, for one input of at most LARGEST
LARGEST = 60_000
KINDS = ("feed", "page", "structured", "news-list", "wordpress", "sitemap", "grants-gov")
TYPES = (
    None,
    "text/xml",
    "text/html; charset=utf-8",
    "application/json",
    "text/html; charset=utf-16",
    "x; charset=\x00",
)

PIECES: tuple[bytes, ...] = (
    b"<", b">", b"</", b"/>", b"<!--", b"-->", b"<![CDATA[", b"]]>", b"<!DOCTYPE x [", b"]>", b"<?xml ",
    b"?>", b"&", b"&amp;", b"&#0;", b"&#x1b;", b"&#xD800;", b"&#99999999999;", b"&nope;",
    b"&amp;amp;#8217;", b"\x00", b"\x1b]52;c;eA==\x07", b"\xff", b"\xfe\xff", b"\xef\xbb\xbf",
    b"\xc0\x80", b"\xed\xa0\x80", b"\xe2\x80\xae", b"\xc2\x9b31m", b"\r", b"\n" * 50, b'"', b"'", b"{",
    b"}", b"[", b"]", b",", b":", b"null", b"true", b"1e999", b"-1", b'"\\ud800"', b"9" * 400,
    b"[" * 300, b"<item>", b"</item>", b"<entry>", b"<channel>", b"<rss>",
    b"<feed xmlns='http://www.w3.org/2005/Atom'>", b"<rdf:RDF>", b"<title>", b"<link>", b"<link href='",
    b"<guid>", b"<pubDate>", b"<updated>", b"<content:encoded>", b"<ttl>", b"<category>",
    b"<time datetime='", b"<script type='application/ld+json'>", b"</script>", b"<div>" * 200,
    b"<table><tr><td>", b"<base href='", b"javascript:alert(1)", b"file:///etc/passwd", b"http://[",
    b"http://\\@127.0.0.1", b"//", b"?" * 50, b"%00", b"%zz", b"xn--a", b"31 Feb 2026",
    b"2026-13-45T99:99:99Z", b"1762164000", b"0000-00-00", b"99999-01-01", b"Mon, 00 Xxx 0000",
    b"12/31/69", b"yesterday", b"3 days ago", b"999999999999 days ago", b"charset=utf-7",
    b"encoding='ebcdic'", b"xml:base='http://a/'", b"<urlset>", b"<loc>", b"<lastmod>",
    b"<sitemapindex>", b" " * 3000, b"a" * 3000, b"\xe2\x80\x8b" * 300, "🙂é鋁".encode(),
)  # fmt: skip


def seeds(more: Path | None) -> list[bytes]:
    """Return the saved documents and some made ones, cut to a size that allows many examples."""
    found = [path for folder in (DATA, more) if folder for path in sorted(folder.rglob("*"))]
    chosen = [
        path
        for path in found
        if path.suffix in (".xml", ".rss", ".atom", ".json", ".html", ".toml", ".jsonl")
    ]
    return [body for body in (path.read_bytes()[:LARGEST] for path in chosen) if body] + made()


def made() -> list[bytes]:
    """Write one document of each sort that is not among the saved ones."""
    posts = [
        {
            "id": n, "link": f"https://example.org/{n}", "title": {"rendered": f"Story {n} &#8211; of it"},
            "date_gmt": "2026-11-01T10:00:00", "excerpt": {"rendered": "<p>Words</p>"},
            "content": {"rendered": "x"},
        }
        for n in range(5)
    ]  # fmt: skip
    items = [{"id": n, "url": f"https://example.org/{n}", "title": f"Story {n}"} for n in range(5)]
    blocks = "".join(
        f"<article class='post'><h3><a href='/news/{n}'>A story of some length, number {n}</a></h3>"
        f"<time datetime='2026-11-{n + 1:02}'>Nov {n + 1}</time><p>Words about it.</p></article>"
        for n in range(8)
    )
    described = [
        {"@type": "NewsArticle", "headline": f"Story {n}", "url": f"/n/{n}", "datePublished": "2026-11-01"}
        for n in range(5)
    ]
    page = f"<html><head><title>News</title></head><body><main>{blocks}</main></body></html>"
    linked = json.dumps({"@context": "https://schema.org", "@graph": described})
    sitemap = "".join(
        f"<url><loc>https://example.org/news/{n}</loc><lastmod>2026-11-01</lastmod></url>" for n in range(9)
    )
    texts = (
        json.dumps(posts), json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": items}), page,
        page.replace("</head>", f"<script type='application/ld+json'>{linked}</script></head>"),
        f"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{sitemap}</urlset>",
        "User-agent: *\nDisallow: /a*b$\nCrawl-delay: 3\n",
        "<opml version='2.0'><body><outline text='a' xmlUrl='http://a.example/'/></body></opml>",
    )  # fmt: skip
    return [text.encode() for text in texts]


def mutate(body: bytes, chance: random.Random, others: list[bytes]) -> bytes:
    """Spoil a document in a few places."""
    data = bytearray(body)
    for _ in range(chance.choice((1, 1, 2, 3, 5, 9, 20))):
        at = chance.randrange(len(data) + 1)
        end = min(len(data), at + chance.choice((0, 1, 2, 8, 40, 300, 5000)))
        match chance.randrange(9):
            case 0:
                del data[at:end]
            case 1:
                data[at:end] = chance.choice(PIECES)
            case 2:
                data[at:at] = chance.choice(PIECES) * chance.choice((1, 1, 2, 30))
            case 3:
                data[at:at] = data[at:end] * chance.choice((1, 2, 20))
            case 4:
                del data[at:]
            case 5 if at < len(data):
                data[at] ^= 1 << chance.randrange(8)
            case 6:
                other = chance.choice(others)
                start = chance.randrange(len(other) + 1)
                data[at:end] = other[start : start + 2000]
            case 7:
                del data[:at]
            case _:
                data[at:at] = bytes(chance.randrange(256) for _ in range(chance.choice((1, 4, 16))))
    return bytes(data[:LARGEST])


def document(body: bytes, content_type: str | None) -> Document:
    url = "https://example.org/news/"
    return Document(
        url=url, requested_url=url, status=200, body=body, content_type=content_type, fetched_at=NOW
    )  # fmt: skip


def readers() -> Iterator[tuple[str, Callable[[Document], Page | None]]]:
    for kind in KINDS:
        source = Source(id="one", name="One", url="https://example.org/news/", kind=kind)
        yield kind, lambda found, kind=kind, source=source: fetchers.parse(found, source, kind)
    yield "fast", feed_fast.read
    yield "discovery", lambda found: _none(discovery.propose(found), discovery.platforms(found))
    yield "members", lambda found: _none(members.parse(found))
    yield "article", lambda found: _none(article.read(found, now=NOW))
    yield "robots", lambda found: _none(robots.parse(found.body).allow(b"/news/?a=1"))
    yield "opml", lambda found: _none(opml.parse(found.body, "list"))
    yield "texts", lambda found: _none(_texts(found))


def _none(*_: object) -> None:
    return None


def _texts(found: Document) -> None:
    text = text_bytes.decode(found.body, found.content_type)
    for part in (text[:300], text[-300:]):
        dates.parse(part, now=NOW)
        tuple(dates.find(part, now=NOW))
        urls.key(part)
        urls.absolute("https://example.org/", part)
        _check(plain.to_line(part))
        _check(plain.to_paragraphs(part).replace("\n", ""))


def take_in(page: Page, source: Source) -> None:
    """Take a page in twice, as two syncs would; nothing may be new the second time."""
    first = normalize.normalize_all(page, source, now=NOW, first_reading=True)
    for item in first:
        for text in (
            item.title,
            item.summary,
            item.content.replace("\n", ""),
            item.url or "",
            item.guid or "",
        ):
            _check(text)
        if item.url is not None and not item.url.startswith(("http://", "https://")):
            raise AssertionError(f"an address that is none: {item.url!r}")
        if item.published is not None and not 1900 <= item.published.year <= NOW.year + 1:
            raise AssertionError(f"a date out of bounds: {item.published}")
    if len({item.id for item in first}) != len(first):
        raise AssertionError("two items share an id")
    identity.resolve(first, (), is_page=page.is_page)


def _check(text: str) -> None:
    if text != controls.strip_controls(text):
        raise AssertionError(f"controls are left: {text[:80]!r}")
    text.encode("utf-8")


def attack(body: bytes, content_type: str | None) -> Iterator[tuple[str, str]]:
    """Give one input to every reader; yield what went wrong."""
    source = Source(id="one", name="One", url="https://example.org/news/", kind="feed")
    found = document(body, content_type)
    for name, read in readers():
        began = time.process_time()
        try:
            page = read(found)
            if page is not None:
                take_in(page, source)
        except HubwatchError:
            pass  # a plain reason
        except Exception:  # noqa: BLE001 - whatever it is, it is what we look for
            yield name, traceback.format_exc(limit=-3)
        took_s = time.process_time() - began
        if took_s > SLOW_S:
            yield name, f"took {took_s:.1f} s"


def main() -> int:
    """Attack for so long and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=5)
    parser.add_argument("--more", type=Path, help="a folder with further documents to begin with")
    parser.add_argument("--keep", type=Path, help="a folder for the inputs that went wrong")
    parser.add_argument("--inputs", type=int, default=10**9)
    parser.add_argument("--seed", type=int, default=20261122)
    given = parser.parse_args()
    chance = random.Random(given.seed)
    bodies = seeds(given.more)
    until = time.monotonic() + 60 * given.minutes
    inputs, faults = 0, Counter[str]()
    while time.monotonic() < until and inputs < given.inputs:
        body = mutate(chance.choice(bodies), chance, bodies)
        content_type = chance.choice(TYPES)
        inputs += 1
        for reader, what in attack(body, content_type):
            place = f"{reader}: {what.strip().splitlines()[-1][:120]}"
            faults[place] += 1
            if faults[place] == 1:
                if given.keep:
                    (given.keep / f"fault-{len(faults)}.bin").write_bytes(body)
                print(f"--- {place} ({content_type})\n{what}", file=sys.stderr)
    for place, count in faults.most_common():
        print(f"  {count} x {place}")
    print(f"{inputs} inputs from {len(bodies)} documents, 14 readers each: {len(faults)} kinds of faults")
    return 1 if faults else 0


if __name__ == "__main__":
    raise SystemExit(main())
