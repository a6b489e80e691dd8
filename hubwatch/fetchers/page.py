"""A page read by the source's own CSS selectors (`[sources.x.page]`), with errors that name the selector."""

from __future__ import annotations

import re
from datetime import datetime

from bs4 import BeautifulSoup, Tag
from soupsieve import SelectorSyntaxError

from hubwatch.errors import ParseError
from hubwatch.fetchers import page_dates
from hubwatch.fetchers.empty_list import says_empty, says_nothing_now
from hubwatch.fetchers.outline import base_of, fold, parse_html, resolve
from hubwatch.fetchers.page_links import next_page
from hubwatch.models import Document, Page, PageSelectors, RawItem, Source
from hubwatch.text import bytes as text_bytes

_LAST_STEP = re.compile(r"^(?P<around>.*[^\s>+~,])[\s>+~]+[^\s>+~,]+$", re.DOTALL)


def parse(document: Document, source: Source) -> Page:
    """Read the items of a page by the source's selectors."""
    selectors = source.page
    if selectors is None:
        raise ParseError(
            "selector", "no selectors are given for this page", url=document.url, source=source.id
        )
    root = parse_html(document)
    soup = BeautifulSoup(text_bytes.decode(document.body, document.content_type), "lxml")
    reader = _Reader(soup, selectors, base_of(root, document.url), document, source)
    following = next_page(root, reader.base, document.url)
    blocks = reader.select(soup, "item", selectors.item)
    if not blocks:
        return reader.none_found(following)
    items = [reader.item(block) for block in blocks]
    reader.check(len(blocks))
    kept = {item.url or item.title: item for item in reversed(items) if item.title or item.url}
    return Page(
        items=tuple(reversed(kept.values())),
        next_url=following,
        problems=reader.problems(len(blocks)),
        is_page=True,
        how=f"page: {len(blocks)} blocks by the selector {selectors.item}",
    )


class _Reader:
    """Applies one source's selectors and counts where each found nothing."""

    def __init__(
        self, soup: BeautifulSoup, selectors: PageSelectors, base: str, document: Document, source: Source
    ) -> None:
        self.soup = soup
        self.selectors = selectors
        self.base = base
        self.document = document
        self.source = source
        self.missing: dict[str, int] = {}

    def fail(self, message: str) -> ParseError:
        return ParseError("selector", message, url=self.document.url, source=self.source.id)

    def select(self, inside: Tag, name: str, selector: str) -> list[Tag]:
        css, _ = _split(selector)
        if not css:
            return [inside]
        try:
            return list(inside.select(css, limit=20_000))
        except (SelectorSyntaxError, NotImplementedError, ValueError) as error:
            line = str(error).splitlines()[0]
            raise self.fail(
                f"the selector {name} = {selector!r} is not one that can be read: {line}"
            ) from error

    def none_found(self, following: str | None) -> Page:
        """Tell a list that is there but empty from one that is gone."""
        around = _LAST_STEP.match(self.selectors.item.strip())
        is_there = around is not None and bool(self.select(self.soup, "item", around["around"]))
        text = fold(self.soup.get_text(" ")[:200_000])
        says_so = says_nothing_now(text, self.source.what)
        if is_there or says_so or says_empty(text):
            note = f"the list is there, but the selector item = {self.selectors.item!r} found no item in it"
            return Page(
                next_url=following, problems=(note,), is_page=True, says_empty=says_so,
                how="page: the list is empty",
            )  # fmt: skip
        raise self.fail(f"the selector item = {self.selectors.item!r} found nothing on the page")

    def value(self, block: Tag, name: str, selector: str | None) -> str | None:
        """Return what a selector gives inside an item: text, or the attribute that it names."""
        if selector is None:
            return None
        _, attribute = _split(selector)
        for tag in self.select(block, name, selector):
            found = tag.get(attribute) if attribute else tag.get_text(" ")
            text = fold(" ".join(found) if isinstance(found, list) else found or "")
            if text:
                return text
        self.missing[name] = self.missing.get(name, 0) + 1
        return None

    def item(self, block: Tag) -> RawItem:
        chosen = self.selectors
        link = chosen.link if chosen.link is None or "@" in chosen.link else f"{chosen.link}@href"
        href = self.value(block, "link", link)
        if chosen.link is None:
            anchor = block if block.name == "a" else block.find("a", href=True)
            href = str(anchor.get("href")) if isinstance(anchor, Tag) else None
        title = self.value(block, "title", chosen.title)
        if chosen.title is None:
            named = block.find(["h1", "h2", "h3", "h4", "h5", "h6"]) or block.find("a", href=True) or block
            title = fold(named.get_text(" "))
        return RawItem(
            url=resolve(self.base, href) if href else None,
            title=(title or "")[:500],
            title_is_html=False,
            summary=(self.value(block, "summary", chosen.summary) or "")[:2000],
            body_is_html=False,
            published=self.date(block),
        )

    def date(self, block: Tag) -> str | None:
        text = self.value(block, "date", self.selectors.date)
        if text is None or (self.selectors.date and "@" in self.selectors.date):
            return text
        return _day(text, self.document.fetched_at) or text[:100]

    def check(self, count: int) -> None:
        """Fail when a selector found nothing in any item."""
        for name in ("title", "link", "date"):
            if self.missing.get(name) == count:
                selector = getattr(self.selectors, name)
                where = f"any of the {count} items" if count > 1 else "the one item"
                raise self.fail(f"the selector {name} = {selector!r} found nothing in {where}")

    def problems(self, count: int) -> tuple[str, ...]:
        return tuple(
            f"the selector {name} = {getattr(self.selectors, name)!r} found nothing "
            f"in {missing} of {count} items"
            for name, missing in self.missing.items()
            if name != "summary"
        )


def _split(selector: str) -> tuple[str, str | None]:
    """Part `time@datetime` into the selector and the attribute that it names."""
    css, at, attribute = selector.rpartition("@")
    if at and re.fullmatch(r"[\w:-]+", attribute) and css.count("[") == css.count("]"):
        return css.strip(), attribute
    return selector.strip(), None


def _day(text: str, now: datetime) -> str | None:
    for found in page_dates.find(text[:400], now=now):
        day = found.as_day()
        if day:
            return day.isoformat()
    return None
