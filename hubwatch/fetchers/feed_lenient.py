"""Feeds that are broken, truncated or odd, by feedparser. It is given bytes in a BytesIO and nothing else:
anything else it takes for a file name or an address, and opens it."""

from __future__ import annotations

import io
import itertools
import re
from collections.abc import Iterable, Mapping
from typing import Any

import feedparser

from hubwatch.errors import ParseError
from hubwatch.fetchers import feed_entry, feed_text, limit, refusals
from hubwatch.fetchers.feed_entry import NOTHING, Link, Text
from hubwatch.models import Document, Page, RawItem
from hubwatch.text.numbers import counted

MAX_TEXT = 3_000_000  # characters given to feedparser, which needs a second for each million of broken ones
LONGEST_WORD = 1_000
MOST_CATEGORIES = 200  # of one item
MOST_NAMESPACES = 500  # by their prefixes
MOST_DECLARATIONS = 20_000  # of these: some feeds declare the same one on every element
MOST_BASES = 6_000
LONGEST_BASES = 300_000  # of all together

_START = re.compile(r"<(?:[\w.-]+:)?(?:rss|rdf|feed|channel)[\s>]", re.IGNORECASE)
_END = re.compile(r"</(?:[\w.-]+:)?(?:rss|rdf|feed)\s*>", re.IGNORECASE)
_ITEM = re.compile(r"<(/?)(?:[\w.-]+:)?(?:item|entry)(?=[\s>])", re.IGNORECASE)
# What takes feedparser quadratic time: long words in authors, many categories, namespaces or nested bases.
_LONG_TEXT = re.compile(rf"(>[^<>]{{{feed_entry.FIELD_LIMIT}}})[^<>]++")
_LONG_WORD = re.compile(rf"(?<![\w.+-])([\w.+-]{{{LONGEST_WORD}}})[\w.+-]++")
_LONG_NAME = re.compile(
    r"(<(?:[\w.-]+:)?(?:author|creator|publisher|owner|name|email|managingEditor|webMaster|keywords|tags)"
    r"\b[^<>]{0,200}>\s*(?:<!\[CDATA\[)?[^<]{1000})[^<]++",
    re.IGNORECASE,
)
_CATEGORY = re.compile(r"<(?:[\w.-]+:)?(?:category|subject|keywords)\b", re.IGNORECASE)
_PREFIX = re.compile(r"\bxmlns:([^\s=<>]{1,100})", re.IGNORECASE)
_BASE = re.compile(r"\bbase\s*=\s*(?:\"[^\"]*|'[^']*)", re.IGNORECASE)
_VOID = re.compile(r"<(area|br|col|hr|img|input|link|meta|source|wbr)((?:\s[^<>]*)?)></\1>")
_PREFIXED = re.compile(r"<([\w-]+):(?:item|entry)[\s>]")
_SAID = re.compile(r">\s*(\w+)\s*<")
_LONGEST_SKIPPED = 4_000  # characters of skipHours or skipDays
_HEADERS = {"content-type": "application/xml; charset=utf-8"}
_READ = frozenset({"text/plain", "text/html", "application/xhtml+xml", ""})


def read(document: Document, *, max_items: int = limit.MAX_ITEMS) -> Page:
    """Read whatever feedparser can make of the document; ParseError if that is no feed."""
    text = feed_text.clean(document)
    start = _START.search(text)
    if start is None:
        raise refusals.not_a_feed(document)
    if start.start() and not text.startswith("<?"):
        text = text[start.start() :]
    truncated = not _END.search(text, max(0, len(text) - 4_000))
    text, left_out = feed_text.limit_items(text, max_items)
    problems = limit.notice(left_out, max_items)
    text = _LONG_TEXT.sub(r"\1", text)
    if len(text) > MAX_TEXT:
        problems += ("the feed is broken and very long, so only its first part was read",)
    text = _bounded(_declared(feed_text.escape_bare(text[:MAX_TEXT])), document)
    parsed = _parse(text, document)
    if not parsed["version"]:
        raise refusals.not_a_feed(document)
    is_atom = str(parsed["version"]).startswith("atom")
    entries = list(parsed["entries"])
    problems = problems or limit.notice(len(entries) - max_items, max_items)
    is_broken = bool(parsed["bozo"])
    items = [
        _item(document.url, entry, is_atom=is_atom, is_broken=is_broken) for entry in entries[:max_items]
    ]
    items = _without_broken_end(items, text)
    if truncated and not items:
        raise ParseError("short-body", "the feed breaks off before its first item is whole", url=document.url)
    if not entries and _ITEM.search(feed_text.ASIDE.sub("", text)):
        raise ParseError("unreadable", "the feed is too broken for any item to be read", url=document.url)
    if truncated:
        problems += (f"the feed breaks off in the middle; {counted(len(items), 'item')} of it could be read",)
    feed: Mapping[str, Any] = parsed["feed"]
    return Page(
        items=tuple(items),
        title=feed_entry.feed_title(_detail(feed, "title", is_atom=is_atom)),
        ttl_s=feed_entry.ttl_s(
            _get(feed, "ttl"), _get(feed, "sy_updateperiod"), _get(feed, "sy_updatefrequency")
        ),
        quiet_hours=feed_entry.quiet_hours(_skipped(text, "skiphours"), _skipped(text, "skipdays")),
        next_url=feed_entry.older_url(document.url, _links(feed)),
        problems=problems,
        complete=not truncated,
        how=f"{feedparser.api.SUPPORTED_VERSIONS.get(parsed['version'], 'feed')}, read leniently",
    )


def _declared(text: str) -> str:
    """Take off the prefix of all elements where the document uses one that it does not declare."""
    used = _PREFIXED.search(text)
    if used is None or f"xmlns:{used[1]}" in text:
        return text
    return re.sub(rf"(</?){used[1]}:", r"\1", text)


def _skipped(text: str, name: str) -> list[str]:
    """Return what skipHours or skipDays lists, of which feedparser keeps the last only."""
    tag = re.search(rf"<{name}\s*>", text, re.IGNORECASE)
    if tag is None:
        return []
    inside = text[tag.end() : tag.end() + _LONGEST_SKIPPED]
    return _SAID.findall(re.split(rf"</{name}", inside, maxsplit=1, flags=re.IGNORECASE)[0])


def _bounded(text: str, document: Document) -> str:
    """Take out or refuse what feedparser would spend minutes on."""
    bases, prefixes = _BASE.findall(text), _PREFIX.findall(text)
    if (
        len(prefixes) > MOST_DECLARATIONS
        or len(set(prefixes)) > MOST_NAMESPACES
        or len(bases) > MOST_BASES
        or sum(map(len, bases)) > LONGEST_BASES
    ):
        raise ParseError("unreadable", "the feed is too odd to be read safely", url=document.url)
    text = _LONG_NAME.sub(r"\1", _LONG_WORD.sub(r"\1", text))
    if len(_CATEGORY.findall(text)) <= MOST_CATEGORIES:
        return text
    starts = [0, *(tag.start() for tag in _ITEM.finditer(text)), len(text)]
    return "".join(_with_few_categories(text[a:b]) for a, b in itertools.pairwise(starts))


def _with_few_categories(item: str) -> str:
    starts = [tag.start() for tag in _CATEGORY.finditer(item)]
    return item if len(starts) <= MOST_CATEGORIES else item[: starts[MOST_CATEGORIES]] + item[starts[-1] :]


def _parse(text: str, document: Document) -> Mapping[str, Any]:
    body = io.BytesIO(text.encode("utf-8", "replace"))
    try:
        # No content-location: ids stay as they were written, links are resolved by us.
        # No sanitizing: the text is made plain later, and it takes two thirds of the time.
        result: Mapping[str, Any] = feedparser.parse(
            body, response_headers=_HEADERS, sanitize_html=False, resolve_relative_uris=False
        )
    except Exception as error:  # on hostile input it lets through errors of every sort
        raise ParseError("unreadable", "the feed is too broken to be read", url=document.url) from error
    return result


def _item(base: str, said: Mapping[str, Any], *, is_atom: bool, is_broken: bool) -> RawItem:
    entry = dict(said)  # feedparser's own dictionary answers for keys it does not have
    guid = _get(entry, "id")
    updated = _get(entry, "updated")
    published = _get(entry, "published") or _get(entry, "created") or ("" if is_atom else updated)
    authors = entry.get("authors", ())
    if len(authors) == 1 and _get(entry, "author"):
        # As it was written: feedparser cuts mail addresses of newer top-level domains in two.
        authors = [{"name": _get(entry, "author")}]
    contents = [_typed(part, is_atom=is_atom) for part in entry.get("content", ())]
    return feed_entry.raw_item(
        base,
        # Of broken documents, feedparser gives it as it is written.
        guid=guid.replace("&amp;", "&") if is_broken else guid,
        # The flag is off once a link was seen, be it an empty one.
        guid_is_link=bool(entry.get("guidislink")) or "link" in entry,
        links=_links(entry),
        original_link=_get(entry, "feedburner_origlink"),
        title=_detail(entry, "title", is_atom=is_atom),
        summary=_detail(entry, "summary", is_atom=is_atom),
        contents=[text for text in contents if text.value],
        published=published,
        updated=updated,
        authors=[_author(author) for author in authors],
        categories=[_category(tag) for tag in entry.get("tags", ())],
    )


def _get(fields: Mapping[str, Any], key: str) -> str:
    value = dict(fields).get(key)
    return value.strip() if isinstance(value, str) else ""


def _detail(fields: Mapping[str, Any], key: str, *, is_atom: bool) -> Text:
    # Without the detail it is a copy of the content.
    detail = dict(fields).get(f"{key}_detail") or {"type": "text/html"}
    value = _VOID.sub(r"<\1\2/>", _get(fields, key))
    return Text(value, str(detail.get("type") or "text/plain") if is_atom else None)


def _typed(part: Mapping[str, Any], *, is_atom: bool) -> Text:
    type_ = str(part.get("type") or "")
    if is_atom and type_ not in _READ:
        return NOTHING  # a picture, or a file of its own
    return Text(_VOID.sub(r"<\1\2/>", str(part.get("value") or "")), type_ if is_atom else None)


def _links(fields: Mapping[str, Any]) -> list[Link]:
    return [
        Link(str(link["href"]), str(link.get("rel") or "alternate"), str(link.get("type") or "text/html"))
        for link in dict(fields).get("links", ())
        if link.get("href")
    ]


def _author(author: Mapping[str, Any]) -> str:
    return feed_entry.author_name(str(author.get("name") or author.get("email") or ""))


def _category(tag: Mapping[str, Any]) -> str:
    return str(tag.get("label") or tag.get("term") or "")


def _without_broken_end(items: Iterable[RawItem], text: str) -> list[RawItem]:
    """Drop a last item that was cut off before its link or its title came."""
    kept = list(items)
    is_open = False
    for tag in _ITEM.finditer(text):
        is_open = not tag[1]
    if kept and is_open and (kept[-1].url is None or not kept[-1].title):
        kept.pop()
    return kept
