"""Sitemaps, news sitemaps and sitemap indexes, gzipped or not, to RawItems. Pure."""

from __future__ import annotations

import re
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice
from xml.etree import ElementTree

from hubwatch.errors import ParseError
from hubwatch.fetchers import feed_names, feed_text, refusals
from hubwatch.fetchers.limit import MAX_ITEMS, notice
from hubwatch.models import Document, Page, RawItem, Source
from hubwatch.text import urls

MAX_INFLATED = 50_000_000  # the sitemap protocol's own limit
MAX_LISTED = 5000  # of an index that are looked at; the largest honest ones name some hundreds
MAX_CHILDREN = 1_000
_SAME_DAY = 5  # addresses, from which on a day that most of them share says nothing of any

_ROOT = re.compile(r"<(?:[\w.-]+:)?(urlset|sitemapindex)[\s>]", re.IGNORECASE)
_NEWS_SITEMAP = re.compile(r"news|post|blog|article|press|stor(?:y|ies)|release", re.IGNORECASE)
_OTHER_SITEMAP = re.compile(r"categor|tag|author|user|product|image|video|page[-_s]|page\.", re.IGNORECASE)
# /news/title, /2025/11/title, /press-releases/title: an article below a list, not the list itself.
_NEWS_PATH = re.compile(
    r"/(?:[\w-]*news[\w-]*|blogs?|posts?|press(?:[-_]\w+)*|articles?|stories|updates|announcements|media|releases"
    r"|(?:19|20)\d\d(?:/\d{1,2})?)/[^/?#]{6,}/?(?:[?#]|$)",
    re.IGNORECASE,
)
_LAST_ENTRY = re.compile(r"</(?:[\w.-]+:)?(?:url|sitemap)\s*>", re.IGNORECASE)


def parse(document: Document, source: Source, *, max_items: int = MAX_ITEMS) -> Page:
    """Read a sitemap's addresses; only news sitemaps have titles. Of an index nothing: see `children`."""
    root, complete = _tree(document)
    if _local(root) == "sitemapindex":
        count = sum(1 for _ in _entries(root, "sitemap"))
        return Page(how=f"index of {count:,} sitemaps", complete=complete)
    items = [item for item in (_item(document.url, entry) for entry in _entries(root, "url")) if item.url]
    left_out = len(items) - max_items
    if left_out > 0:
        # Stable, so that those without a date keep the publisher's order, after the dated ones.
        items.sort(key=lambda item: item.published or item.updated or "", reverse=True)
    is_news = any(item.title for item in items)
    problems = notice(left_out, max_items)
    if not complete:
        problems += (f"the sitemap breaks off in the middle; {len(items)} addresses of it could be read",)
    return Page(
        items=tuple(items[:max_items]),
        problems=problems,
        complete=complete,
        how="news sitemap" if is_news else "sitemap",
    )


def children(document: Document) -> tuple[str, ...]:
    """List the sitemaps that a sitemap index names, last changed first; none of a plain sitemap."""
    root, _ = _tree(document)
    found = []
    for entry in islice(_entries(root, "sitemap"), MAX_LISTED):
        fields = _fields(entry)
        url = urls.absolute(document.url, fields.get("loc", ""))
        if url:
            found.append((fields.get("lastmod", ""), url))
    found.sort(key=lambda pair: pair[0], reverse=True)
    return tuple(dict.fromkeys(url for _, url in found))[:MAX_CHILDREN]


def news_children(document: Document) -> tuple[str, ...]:
    """List the sitemaps of an index that may hold news: those named so first, those of pages and tags not."""
    urls_ = [url for url in children(document) if url != document.url]
    named = [url for url in urls_ if _NEWS_SITEMAP.search(url.rsplit("/", 1)[-1])]
    others = [url for url in urls_ if url not in named and not _OTHER_SITEMAP.search(url.rsplit("/", 1)[-1])]
    return (*named, *others)


def news_only(page: Page) -> Page:
    """Keep the addresses that look like articles, where some do: a sitemap lists the imprint, too."""
    news = articles(page)
    if not news or len(news) == len(page.items):
        return page
    return replace(
        page, items=news, how=f"{page.how}: {len(news)} of {len(page.items)} addresses are articles"
    )


def without_build_days(page: Page) -> Page:
    """Leave out a day of change that most of the addresses share: the whole site was built then."""
    days = Counter(item.updated[:10] for item in page.items if item.updated)
    day, count = days.most_common(1)[0] if days else ("", 0)
    if count < _SAME_DAY or count * 2 <= len(page.items):
        return page
    items = (replace(i, updated=None) if (i.updated or "")[:10] == day else i for i in page.items)
    return replace(page, items=tuple(items))


def articles(page: Page) -> tuple[RawItem, ...]:
    """Return the addresses of a sitemap that look like articles: titled, or below a list of news."""
    return tuple(item for item in page.items if item.title or (item.url and _NEWS_PATH.search(item.url)))


def _tree(document: Document) -> tuple[ElementTree.Element, bool]:
    """The root element, and whether the document is whole."""
    document = _inflated(document)
    text = feed_text.clean(document)
    root = _ROOT.search(text)
    if root is None:
        raise refusals.not_a_feed(document, "a sitemap")
    text = text[root.start() :]
    tree = _parsed(text)
    if tree is None:
        text = feed_text.escape_bare(text)
        tree = _parsed(text)
    if tree is not None:
        return tree, True
    # Cut off or broken: up to the last entry that is whole.
    end = max((match.end() for match in _LAST_ENTRY.finditer(text)), default=0)
    name = re.match(r"<([\w.:-]+)", text)
    tree = _parsed(f"{text[:end]}</{name[1]}>") if name and end else None
    if tree is None:
        raise ParseError("unreadable", "the sitemap is too broken to be read", url=document.url)
    return tree, False


def _parsed(text: str) -> ElementTree.Element | None:
    if "<!DOCTYPE" in text:
        return None
    try:
        return ElementTree.XML(text.encode("utf-8", "replace"))
    except (ElementTree.ParseError, ValueError):
        return None


def _inflated(document: Document) -> Document:
    """A body that is a gzip file of its own (`sitemap.xml.gz`), opened within bounds."""
    if not document.body.startswith(b"\x1f\x8b"):
        return document
    inflater = zlib.decompressobj(31)
    try:
        body = inflater.decompress(document.body, MAX_INFLATED)
    except zlib.error as error:
        raise ParseError("unreadable", "the sitemap's gzip file is broken", url=document.url) from error
    if inflater.unconsumed_tail:
        raise ParseError("unreadable", "the sitemap's gzip file inflates beyond 50 MB", url=document.url)
    return replace(document, body=body)


def _entries(root: ElementTree.Element, name: str) -> Iterator[ElementTree.Element]:
    return (child for child in root if _local(child) == name)


def _item(base: str, entry: ElementTree.Element) -> RawItem:
    fields = _fields(entry)
    news: dict[str, str] = {}
    for child in entry:
        if _local(child) == "news":
            news = _fields(child)
    url = urls.absolute(base, fields.get("loc", ""))
    return RawItem(
        guid=url,
        url=url,
        title=news.get("title", ""),
        published=news.get("publication_date") or None,
        updated=fields.get("lastmod") or None,
        categories=_keywords(news.get("keywords", "").split(",")),
    )


def _fields(element: ElementTree.Element) -> dict[str, str]:
    return {_local(child): (child.text or "").strip()[:10_000] for child in element}


def _local(element: ElementTree.Element) -> str:
    return feed_names.split(element.tag)[1]


def _keywords(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word.strip() for word in words if word.strip()))
