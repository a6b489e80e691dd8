"""The door for feeds: RSS 0.9x to 2.0, RSS 1.0, Atom and JSON Feed to RawItems. Chooses who reads."""

from __future__ import annotations

from hubwatch.fetchers import feed_fast
from hubwatch.fetchers.limit import MAX_ITEMS
from hubwatch.models import Document, Page, Source


def parse(document: Document, source: Source, *, max_items: int = MAX_ITEMS) -> Page:
    """Read a document as a feed of any format; ParseError says what it is if it is none."""
    if _is_json(document.body):
        from hubwatch.fetchers import json_feed

        return json_feed.parse(document, source, max_items=max_items)
    page = feed_fast.read(document, max_items=max_items)
    if page is not None:
        return page
    # Deferred: feedparser takes 50 ms to import, and most runs never need it.
    from hubwatch.fetchers import feed_lenient

    return feed_lenient.read(document, max_items=max_items)


def _is_json(body: bytes) -> bool:
    return body[:64].lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"[")
