"""Feeds as WordPress makes them: 30 posts of full text, about 134 KB, 31 KB gzipped; the same every time."""

from __future__ import annotations

import gzip
import html
import json
import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import cache, lru_cache
from itertools import pairwise
from pathlib import Path

ITEMS = 30
_SHARED = 0.02  # of all posts are one of so many releases that several sites carry
_RELEASES = 60
NOW = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
_GOLD = Path(__file__).parent.parent / "data" / "gold"
_PARAGRAPHS = 11  # of a post: 4.3 KB with its markup
_OWN_SENTENCES = 250  # of one site, which repeats itself: gzip makes a quarter of it
_WRAP = (
    '<p class="wp-block-paragraph">{}</p>\n',
    "<p><strong>{}</strong></p>\n",
    '<p>{} <a href="https://news.example.org/{}/" target="_blank" rel="noreferrer noopener">More</a></p>\n',
    '<h3 class="wp-block-heading">{}</h3>\n',
    '<ul class="wp-block-list">\n<li>{}</li>\n</ul>\n',
)
_FIGURE = (
    '<figure class="wp-block-image size-large"><img loading="lazy" decoding="async" width="1024"'
    ' height="{h}" src="https://cdn.example.org/wp-content/uploads/{y}/{n}-1024x{h}.jpg" alt="{a}"'
    ' class="wp-image-{n}" srcset="https://cdn.example.org/wp-content/uploads/{y}/{n}-1024x{h}.jpg 1024w,'
    ' https://cdn.example.org/wp-content/uploads/{y}/{n}-300x{h}.jpg 300w" sizes="(max-width: 1024px)'
    ' 100vw, 1024px" /></figure>\n'
)


@cache
def _followers() -> dict[str, list[str]]:
    """Map each word to those that follow it in real announcements: the labeled items of the tests."""
    found: dict[str, list[str]] = {}
    for path in sorted(_GOLD.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            item = json.loads(line)
            for said in (item["title"], item["summary"]):
                words = said.split()
                for word, following in pairwise(words):
                    found.setdefault(word, []).append(following)
    return found


@cache
def _words() -> tuple[str, ...]:
    return tuple(_followers())


def words(rng: random.Random, count: int) -> str:
    """Return words that follow each other as in announcements, and that hardly two sites share in a row."""
    followers, all_words = _followers(), _words()
    said = [rng.choice(all_words)]
    while len(said) < count:
        said.append(rng.choice(followers.get(said[-1]) or all_words))
    return " ".join(said)


def title(rng: random.Random) -> str:
    """Return a title of an announcement."""
    name = words(rng, rng.randrange(7, 12)).rstrip(".,;:")
    return name[:1].upper() + name[1:]


def text(rng: random.Random, count: int, site: int) -> list[str]:
    """Return some of the sentences that a site uses."""
    return rng.choices(_of_site(site), k=count)


@lru_cache(maxsize=128)
def _of_site(site: int) -> tuple[str, ...]:
    rng = random.Random(f"site {site}")
    return tuple(words(rng, rng.randrange(10, 30)) for _ in range(_OWN_SENTENCES))


def body(rng: random.Random, site: int) -> str:
    """Return the HTML of one post."""
    number = rng.randrange(10_000, 99_999)
    height = rng.randrange(400, 800)
    parts = [_FIGURE.format(h=height, y="2026/01", n=number, a=html.escape(title(rng)))]
    for place in range(_PARAGRAPHS):
        wrap = _WRAP[rng.choice((0, 0, 0, 0, 1, 2, 3, 4))]
        said = html.escape(". ".join(text(rng, 1 if place % 4 == 3 else 2, site)) + ".", quote=False)
        parts.append(wrap.format(said.replace("'", "&#8217;"), number + place))
    return "".join(parts)


def _post(origin: str, feed: int, number: int) -> str:
    """Return one <item>; number 0 is the oldest, and a later state of the feed has higher ones."""
    rng = random.Random(f"{feed}/{number}")
    if rng.random() < _SHARED:
        # The same release on several sites: a story.
        feed_of_text = 100_000 + rng.randrange(_RELEASES)
        rng = random.Random(f"release {feed_of_text}")
    else:
        feed_of_text = feed
    name = html.escape(title(rng), quote=False)
    age = timedelta(hours=67 * (ITEMS - number) + feed % 13)
    categories = "".join(f"\t\t<category><![CDATA[{word}]]></category>\n" for word in name.split()[:4])
    excerpt = html.escape(" ".join(text(rng, 2, feed_of_text)), quote=False)
    link = f"{origin}/{2026}/{number:03d}/post-{feed}-{number}/"
    return (
        f"\t<item>\n\t\t<title>{name}</title>\n\t\t<link>{link}</link>\n"
        f"\t\t<comments>{link}#respond</comments>\n\t\t<dc:creator><![CDATA[editor]]></dc:creator>\n"
        f"\t\t<pubDate>{format_datetime(NOW - age)}</pubDate>\n{categories}"
        f'\t\t<guid isPermaLink="false">{origin}/?p={number + 100}</guid>\n'
        f'\t\t<description><![CDATA[<p>{excerpt} [&#8230;]</p>\n<p>The post <a href="{link}">{name}</a>'
        f' first appeared on <a href="{origin}">Site {feed}</a>.</p>\n]]></description>\n'
        f"\t\t<content:encoded><![CDATA[{body(rng, feed_of_text)}]]></content:encoded>\n"
        f"\t\t<slash:comments>0</slash:comments>\n\t</item>\n"
    )


def feed(origin: str, number: int, generation: int = 0) -> bytes:
    """Return feed `number` in its state `generation`: each state has one new post and one old one less."""
    newest = ITEMS + generation
    posts = "".join(_post(origin, number, n) for n in range(newest - 1, newest - 1 - ITEMS, -1))
    head = (
        '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"\n'
        '\txmlns:content="http://purl.org/rss/1.0/modules/content/"\n'
        '\txmlns:dc="http://purl.org/dc/elements/1.1/"\n'
        '\txmlns:atom="http://www.w3.org/2005/Atom"\n'
        '\txmlns:sy="http://purl.org/rss/1.0/modules/syndication/"\n'
        '\txmlns:slash="http://purl.org/rss/1.0/modules/slash/">\n<channel>\n'
        f"\t<title>Site {number}</title>\n"
        f'\t<atom:link href="{origin}/feed/" rel="self" type="application/rss+xml" />\n'
        f"\t<link>{origin}</link>\n\t<description>News</description>\n"
        "\t<sy:updatePeriod>hourly</sy:updatePeriod>\n\t<sy:updateFrequency>1</sy:updateFrequency>\n"
        "\t<generator>https://wordpress.org/?v=6.4</generator>\n"
    )
    return (head + posts + "</channel>\n</rss>\n").encode()


def zipped(bodies: Sequence[bytes]) -> list[bytes]:
    """Return the bodies as a server sends them."""
    return [gzip.compress(each, 6, mtime=0) for each in bodies]
