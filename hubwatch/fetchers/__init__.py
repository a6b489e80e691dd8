"""The table: kind of source -> parse function, and the protocol that they meet; listed by hand.

Each is imported when first used: feedparser and BeautifulSoup are slow to load, and most runs need neither.
What finds more, or other things, in the same document counts `politeness.READERS` up.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from hubwatch.errors import ParseError, SourceError
from hubwatch.fetchers.limit import MAX_ITEMS, cut
from hubwatch.models import Document, Page, Source


class Parser(Protocol):
    """Reads one document of its kind; raises ParseError when it is something else."""

    def __call__(self, document: Document, source: Source, *, max_items: int = MAX_ITEMS) -> Page:
        """Read the document's items, `max_items` at most."""
        ...


def parse(document: Document, source: Source, kind: str, *, max_items: int = MAX_ITEMS) -> Page:
    """Read a document as the given kind; the error names address and source."""
    try:
        page = PARSERS[kind](document, source, max_items=max_items)
    except SourceError as error:
        error.url = error.url or document.url
        error.source = error.source or source.id
        raise
    return cut(page, max_items)


def _feed(document: Document, source: Source, *, max_items: int = MAX_ITEMS) -> Page:
    from hubwatch.fetchers import feed

    return feed.parse(document, source, max_items=max_items)


def _wordpress(document: Document, source: Source, *, max_items: int = MAX_ITEMS) -> Page:
    from hubwatch.fetchers import wordpress

    return wordpress.parse(document, source, max_items=max_items)


def _sitemap(document: Document, source: Source, *, max_items: int = MAX_ITEMS) -> Page:
    from hubwatch.fetchers import sitemap

    return sitemap.parse(document, source, max_items=max_items)


def _grants_gov(document: Document, source: Source, *, max_items: int = MAX_ITEMS) -> Page:
    from hubwatch.fetchers import grants_gov

    return grants_gov.parse(document, source, max_items=max_items)


def _structured(document: Document, source: Source, *, max_items: int = MAX_ITEMS) -> Page:
    from hubwatch.fetchers import structured

    return structured.parse(document, source)


def _news_list(document: Document, source: Source, *, max_items: int = MAX_ITEMS) -> Page:
    from hubwatch.fetchers import news_list

    return news_list.parse(document, source)


def _page(document: Document, source: Source, *, max_items: int = MAX_ITEMS) -> Page:
    """Read a page by the source's selectors, else by what it says in schema.org terms, else by its looks."""
    from hubwatch.fetchers import refusals

    # First: a "not found" page with a list of popular stories would else be read as the news.
    hindrance = refusals.obstacle(document, "a list of news")
    if hindrance is not None:
        raise hindrance
    if source.page is not None:
        from hubwatch.fetchers import page

        return page.parse(document, source)
    found = _described_or_listed(document, source)
    # "No articles found" beside "Loading articles..." is what a script has yet to decide.
    unread = None if found.items else refusals.by_script(document, surely=True)
    if unread is not None:
        raise unread
    return found


def _described_or_listed(document: Document, source: Source) -> Page:
    from hubwatch.fetchers import refusals

    try:
        found = _structured(document, source)
    except ParseError:
        found = Page()
    try:
        return found if found.items else _news_list(document, source)
    except ParseError as error:
        raise refusals.by_script(document) or error from error


PARSERS: Mapping[str, Parser] = {
    "feed": _feed,
    "wordpress": _wordpress,
    "sitemap": _sitemap,
    "grants-gov": _grants_gov,
    "page": _page,
    "structured": _structured,
    "news-list": _news_list,
}
