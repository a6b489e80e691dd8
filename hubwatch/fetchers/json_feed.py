"""JSON Feed 1 and 1.1 to RawItems. Pure."""

from __future__ import annotations

from typing import Any

from hubwatch.errors import ParseError
from hubwatch.fetchers import feed_entry, json_body
from hubwatch.fetchers.feed_entry import Link, Text
from hubwatch.fetchers.limit import MAX_ITEMS, notice
from hubwatch.models import Document, Page, RawItem, Source
from hubwatch.text import urls


def parse(document: Document, source: Source, *, max_items: int = MAX_ITEMS) -> Page:
    """Read a JSON Feed; ParseError if it is JSON of another sort."""
    feed = json_body.load(document, "a JSON Feed")
    if not isinstance(feed, dict) or not _is_feed(feed):
        raise ParseError("not-a-feed", "the JSON that came is no JSON Feed", url=document.url)
    entries = json_body.dicts_of(feed.get("items"))
    next_url = json_body.text_of(feed.get("next_url"))
    version = json_body.text_of(feed.get("version")).rstrip("/").rpartition("/")[2] or "(version not said)"
    problems = notice(len(entries) - max_items, max_items)
    ended = feed.get("expired") is True
    if ended:
        problems += ("the publisher says that this feed has ended for good",)
    return Page(
        items=tuple(_item(document.url, entry) for entry in entries[:max_items]),
        title=feed_entry.feed_title(Text(json_body.text_of(feed.get("title")), "text/plain")),
        next_url=urls.absolute(document.url, next_url) if next_url else None,
        problems=problems,
        ended=ended,
        how=f"JSON Feed {version}"[:40],
    )


def _is_feed(feed: dict[str, Any]) -> bool:
    if not isinstance(feed.get("items"), list):
        return False
    # Some generators forget the version; the other two are enough to know it by.
    return "jsonfeed.org/version" in json_body.text_of(feed.get("version")) or (
        "version" not in feed and "title" in feed and ("home_page_url" in feed or "feed_url" in feed)
    )


def _item(base: str, entry: dict[str, Any]) -> RawItem:
    get = json_body.text_of
    links = [Link(get(entry.get(key))) for key in ("url", "external_url") if get(entry.get(key))]
    markup, text = get(entry.get("content_html")), get(entry.get("content_text"))
    authors = json_body.dicts_of(entry.get("authors")) or json_body.dicts_of([entry.get("author")])
    tags = entry.get("tags")
    return feed_entry.raw_item(
        base,
        guid=get(entry.get("id")),
        guid_is_link=True,
        links=links,
        title=Text(get(entry.get("title")), "text/plain"),
        summary=Text(get(entry.get("summary")), "text/plain"),
        contents=[Text(markup, "text/html")] if markup else [Text(text, "text/plain")],
        published=get(entry.get("date_published")),
        updated=get(entry.get("date_modified")),
        authors=[get(author.get("name")) for author in authors],
        categories=[get(tag) for tag in tags] if isinstance(tags, list) else (),
    )
