"""The demo's sites as they would stand on the web: feeds, a WordPress route, a page, one that is down."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from email.utils import format_datetime
from html import escape

from hubwatch.catalog.demo import DemoItem, DemoSite
from hubwatch.models import Source
from hubwatch.net.loopback import Answer

_DATE = re.compile(r"\{\+(\d+)\}")
_PATHS = {
    "rss": ("/feed/", "feed"),
    "atom": ("/atom.xml", "feed"),
    "wordpress": ("/wp-json/wp/v2/posts", "wordpress"),
    "page": ("/news/", "auto"),
    "nothing": ("/feed/", "feed"),
}


def answers(site: DemoSite, *, now: datetime) -> dict[str, Answer]:
    """Return what a demo site answers, by path."""
    path, _ = _PATHS[site.serves]
    if site.serves == "nothing":
        return {path: Answer(body=b"<h1>Service unavailable</h1>", status=503)}
    if site.serves == "page":
        body, kind = _page(site, now=now), "text/html; charset=utf-8"
    elif site.serves == "wordpress":
        body, kind = _wordpress(site, now=now), "application/json"
    elif site.serves == "atom":
        body, kind = _atom(site, now=now), "application/atom+xml"
    else:
        body, kind = _rss(site, now=now), "application/rss+xml"
    return {path: Answer(body=body.encode(), content_type=kind)}


def source(site: DemoSite, base: str, states: Mapping[str, str | None]) -> Source:
    """Return the source that reads a demo site served at `base`."""
    path, kind = _PATHS[site.serves]
    return Source(
        id=site.id,
        name=site.name,
        url=base + path,
        kind=kind,  # type: ignore[arg-type]  # the table above holds nothing else
        hub=site.hub,
        state=states.get(site.hub),
    )


def _when(item: DemoItem, now: datetime) -> datetime:
    # To the hour, so that a second look at the site finds the same bytes.
    return (now - timedelta(days=item.days_ago, hours=2)).replace(minute=0, second=0, microsecond=0)


def _summary(item: DemoItem, now: datetime) -> str:
    def day(found: re.Match[str]) -> str:
        due = now + timedelta(days=int(found[1]))
        return f"{due:%B} {due.day}, {due.year}"

    return _DATE.sub(day, item.summary)


def _rss(site: DemoSite, *, now: datetime) -> str:
    items = "".join(
        f"<item><title>{escape(i.title)}</title><link>{escape(i.url)}</link>"
        f'<guid isPermaLink="false">{site.id}-{number}</guid>'
        f"<pubDate>{format_datetime(_when(i, now))}</pubDate>"
        f"<description>{escape(_summary(i, now))}</description></item>"
        for number, i in enumerate(site.items)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel>'
        f"<title>{escape(site.name)}</title><link>https://example.org/</link>{items}</channel></rss>"
    )


def _atom(site: DemoSite, *, now: datetime) -> str:
    entries = "".join(
        f"<entry><id>urn:hubwatch:{site.id}:{number}</id><title>{escape(i.title)}</title>"
        f'<link rel="alternate" href="{escape(i.url)}"/><updated>{_when(i, now).isoformat()}</updated>'
        f"<published>{_when(i, now).isoformat()}</published>"
        f'<summary type="text">{escape(_summary(i, now))}</summary></entry>'
        for number, i in enumerate(site.items)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><feed xmlns="http://www.w3.org/2005/Atom">'
        f"<title>{escape(site.name)}</title><id>urn:hubwatch:{site.id}</id>"
        f"<updated>{now.replace(minute=0, second=0, microsecond=0).isoformat()}</updated>{entries}</feed>"
    )


def _wordpress(site: DemoSite, *, now: datetime) -> str:
    posts = [
        {
            "id": number,
            "date_gmt": _when(i, now).replace(tzinfo=None).isoformat(),
            "link": i.url,
            "guid": {"rendered": f"https://example.org/?p={number}"},
            "title": {"rendered": escape(i.title)},
            "excerpt": {"rendered": f"<p>{escape(_summary(i, now))}</p>"},
            "content": {"rendered": f"<p>{escape(_summary(i, now))}</p>"},
        }
        for number, i in enumerate(site.items)
    ]
    return json.dumps(posts)


def _page(site: DemoSite, *, now: datetime) -> str:
    blocks = "".join(
        f'<article><h3><a href="{escape(i.url)}">{escape(i.title)}</a></h3>'
        f'<time datetime="{_when(i, now):%Y-%m-%d}">{_when(i, now):%B %d, %Y}</time>'
        f"<p>{escape(_summary(i, now))}</p></article>"
        for i in site.items
    )
    return (
        f'<!doctype html><html lang="en"><head><title>News | {escape(site.name)}</title></head><body>'
        '<nav><a href="/">Home</a> <a href="/about/">About</a> <a href="/members/">Members</a></nav>'
        f"<main><h1>News</h1>{blocks}</main><footer><a href='/privacy/'>Privacy</a></footer></body></html>"
    )
