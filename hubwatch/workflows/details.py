"""Ask the own pages of new items for what their list does not say: the date, and for sitemaps the title."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from hubwatch.errors import SourceError
from hubwatch.models import Document, Item, Page, Source
from hubwatch.models.dataclass import dataclass
from hubwatch.text import plain, urls
from hubwatch.workflows.reading import Budget, Reader

if TYPE_CHECKING:
    from hubwatch.fetchers.article import Article

# What makes the next one not worth asking: the items are stored without.
ENOUGH = ("budget", "host-blocked", "http-429")
_BUSY = ("http-429", "http-503", "bot-wall")  # may be so for this article alone, and always
# And this when it comes twice in a row: a single article may lead to a host that is gone, or be broken.
UNREACHED = ("timeout", "connect", "dns", "robots-unavailable", "http-503", "bot-wall")
# What has a title does without the rest.
_COSTLY = ("timeout", "http-503")
MOST = 10  # own pages in one run of a source; the list's first, which are its newest


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """What the own pages said of items, by id; which could not answer now; why no others were asked."""

    items: Mapping[str, Item]
    busy: Mapping[str, SourceError]  # by address
    hindered: SourceError | None = None


def wanted(items: Sequence[Item], kind: str, page: Page, *, most: int = MOST) -> tuple[Item, ...]:
    """Choose the new items whose own page is to be asked."""
    if kind == "sitemap":
        untitled = {urls.key(raw.url) for raw in page.items if raw.url and not raw.title}
        return tuple(item for item in items if item.url and urls.key(item.url) in untitled)[:most]
    if not page.is_page:
        return ()
    return tuple(item for item in items if item.url and item.published is None)[:most]


async def fill_in(
    reader: Reader, source: Source, items: Sequence[Item], budget: Budget, *, titles: bool, now: datetime
) -> Filled:
    """Ask the items' own pages; `titles`: for the title, too."""
    from hubwatch.fetchers import article, refusals

    filled: dict[str, Item] = {}
    busy: dict[str, SourceError] = {}
    was_reached = True
    for item in items:
        try:
            answer = await reader.ask(source, item.url or "", budget, kind="page")
            refused = refusals.obstacle(answer, "an article") if isinstance(answer, Document) else None
            if refused is not None:
                raise refused
        except SourceError as error:
            is_reached = error.code not in UNREACHED
            if error.code in _BUSY or not (is_reached or was_reached):
                busy[item.url or ""] = error
            is_costly = error.code in _COSTLY and not titles
            if error.code in ENOUGH or is_costly or not (is_reached or was_reached):
                return Filled(items=filled, busy=busy, hindered=error)
            was_reached = is_reached
            continue
        was_reached = True
        if isinstance(answer, Document):
            found = article.read(answer, now=now)
            filled[item.id] = _with(item, found, titles=titles, now=now)
    return Filled(items=filled, busy=busy)


def _with(item: Item, found: Article, *, titles: bool, now: datetime) -> Item:
    title = plain.to_line(found.title, is_html=False, limit=500) if titles and found.title else ""
    if title:
        item = replace(item, title=title)
    if found.published is not None and (titles or item.published is None):
        # A sitemap's date is that of the last change, which may be when the whole site was built.
        item = replace(item, published=found.published, effective=min(found.published, now))
    if not item.summary and found.summary:
        item = replace(item, summary=plain.to_paragraphs(found.summary, is_html=False, limit=2000))
    # What the list itself says has not changed: the next reading of it must find the item as it is.
    return item
