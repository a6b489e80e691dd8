"""Lists that a page describes for machines: schema.org JSON-LD, microdata, microformats (h-entry)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice
from typing import Any

from lxml.html import HtmlElement

from hubwatch.errors import ParseError
from hubwatch.fetchers.outline import base_of, fold, parse_html, resolve
from hubwatch.fetchers.page_links import fold_url, next_page
from hubwatch.models import Document, Page, RawItem, Source

MAX_NODES = 20_000
_ARTICLES = re.compile(r"^(?:\w*article|\w*posting|report|pressrelease)$")
_PARTED = re.compile(r"\s+(?:[|–—»·-]|&#821[12];)\s+")
_EVENT = re.compile(r"^(?:\w*event|eventseries|hackathon)$")


def parse(document: Document, source: Source) -> Page:
    """Read the list that the page's own markup for machines describes."""
    root = parse_html(document)
    page = find(root, document.url, events=source.what == "events")
    if page is None:
        raise ParseError(
            "no-list",
            "no list in JSON-LD, microdata or h-entry on the page",
            url=document.url,
            source=source.id,
        )
    return page


def find(root: HtmlElement, url: str, *, events: bool = False) -> Page | None:
    """Return the page's described list, or None; the page's own single article is no list."""
    base = base_of(root, url)
    for name, read in (("JSON-LD", _json_ld), ("microdata", _microdata), ("h-entry", _h_entry)):
        items = _distinct(read(root, base, events), url)
        if len(items) >= 2:
            return Page(
                items=_without_site(root, items),
                next_url=next_page(root, base, url),
                is_page=True,
                how=f"{name}: {len(items)} {'events' if events else 'articles'}",
            )
    return None


def _distinct(items: Iterable[RawItem], url: str) -> tuple[RawItem, ...]:
    """Keep one item an address, without the page itself."""
    here = fold_url(url)
    kept: dict[str, RawItem] = {}
    for item in islice(items, MAX_NODES):
        if item.url and item.title:
            key = fold_url(item.url)
            if key != here:
                kept.setdefault(key, item)
    return tuple(kept.values())


def _without_site(root: HtmlElement, items: tuple[RawItem, ...]) -> tuple[RawItem, ...]:
    """Take off the name of the site that some plugins (All in One SEO) write behind every headline."""
    titles = [item.title or "" for item in items]
    ends = {_PARTED.split(title)[-1] for title in titles}
    end = ends.pop()
    if ends or len(items) < 3 or end in titles or end not in fold(root.findtext(".//title") or ""):
        return items
    cuts = [[match.start() for match in _PARTED.finditer(title)][-1] for title in titles]
    return tuple(
        replace(item, title=title[:cut]) for item, title, cut in zip(items, titles, cuts, strict=True)
    )


def _is_wanted(types: Iterable[str], events: bool) -> bool:
    names = [name.rsplit("/", 1)[-1].lower() for name in types]
    if events:
        return any(_EVENT.match(name) for name in names)
    return any(_ARTICLES.match(name) and name != "jobposting" for name in names)


# --- JSON-LD ------------------------------------------------------------------------------------


def _json_ld(root: HtmlElement, base: str, events: bool) -> Iterator[RawItem]:
    for script in root.iter("script"):
        if (script.get("type") or "").split(";")[0].strip().lower() != "application/ld+json":
            continue
        for node in _nodes(_load(script.text or "")):
            if _is_wanted(_strings(node.get("@type")), events):
                item = _from_node(node, base)
                if item:
                    yield item


def _load(text: str) -> Any:
    text = text.strip().removeprefix("<!--").removesuffix("-->").strip().rstrip(";")
    try:
        return json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return None


def _nodes(value: Any) -> Iterator[dict[str, Any]]:
    """Yield all objects of a JSON value in document order, without recursion."""
    stack = [value]
    seen = 0
    while stack and seen < MAX_NODES:
        seen += 1
        here = stack.pop()
        if isinstance(here, dict):
            yield here
            stack.extend(reversed(list(here.values())))
        elif isinstance(here, list):
            stack.extend(reversed(here))


def _strings(value: Any) -> list[str]:
    return [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, str)]


def _from_node(node: dict[str, Any], base: str) -> RawItem | None:
    address = node.get("url") or node.get("mainEntityOfPage") or node.get("@id")
    if isinstance(address, list) and address:
        address = address[0]
    if isinstance(address, dict):
        address = address.get("@id") or address.get("url")
    url = resolve(base, address) if isinstance(address, str) else None
    title = next(
        (text for key in ("headline", "name", "title") for text in _strings(node.get(key)) if text), ""
    )
    if url is None or not title:
        return None
    published = next(
        (
            text
            for key in ("datePublished", "dateCreated", "startDate")
            for text in _strings(node.get(key))
            if text
        ),
        None,
    )
    return RawItem(
        url=url,
        title=fold(title)[:500],
        summary=next(iter(_strings(node.get("description"))), "")[:2000],
        published=published,
        updated=next(iter(_strings(node.get("dateModified"))), None),
        authors=_people(node.get("author")),
    )


def _people(value: Any) -> tuple[str, ...]:
    names = []
    for one in value if isinstance(value, list) else [value]:
        name = one.get("name") if isinstance(one, dict) else one
        if isinstance(name, str) and name:
            names.append(fold(name)[:200])
    return tuple(names[:10])


# --- microdata ----------------------------------------------------------------------------------


def _microdata(root: HtmlElement, base: str, events: bool) -> Iterator[RawItem]:
    for scope in root.iterfind(".//*[@itemtype]"):
        if not _is_wanted((scope.get("itemtype") or "").split(), events):
            continue
        properties = _properties(scope)
        url = properties.get("url") or properties.get("mainEntityOfPage")
        title = properties.get("headline") or properties.get("name")
        if url and title:
            yield RawItem(
                url=resolve(base, url),
                title=title[:500],
                title_is_html=False,
                summary=properties.get("description", "")[:2000],
                body_is_html=False,
                published=properties.get("datePublished") or properties.get("startDate"),
                updated=properties.get("dateModified"),
            )


def _properties(scope: HtmlElement) -> dict[str, str]:
    """Return the first value of each property of a scope, those of scopes inside it left out."""
    found: dict[str, str] = {}
    stack = list(reversed(scope))
    while stack:
        element = stack.pop()
        if not isinstance(element.tag, str):
            continue
        for name in (element.get("itemprop") or "").split():
            value = _value(element)
            if value:
                found.setdefault(name, value)
            if name in ("headline", "name"):
                link = element if element.tag == "a" else element.find(".//a[@href]")
                if link is not None and link.get("href"):
                    found.setdefault("url", link.get("href"))
        if element.get("itemscope") is None:
            stack.extend(reversed(element))
    return found


def _value(element: HtmlElement) -> str:
    for attribute in ("content", "datetime", "href" if element.tag in ("a", "link", "area") else "itemid"):
        # A headline that is a link is known by its text, and its address by the link.
        if attribute == "href" and element.get("itemprop") not in ("url", "mainEntityOfPage"):
            continue
        if element.get(attribute):
            return str(element.get(attribute)).strip()
    return fold("".join(element.itertext()))[:2000]


# --- microformats -------------------------------------------------------------------------------


def _h_entry(root: HtmlElement, base: str, events: bool) -> Iterator[RawItem]:
    wanted = "h-event" if events else "h-entry"
    for entry in root.iterfind(".//*[@class]"):
        if wanted not in entry.get("class", "").split():
            continue
        link = _by_class(entry, "u-url")
        name = _by_class(entry, "p-name")
        if name is None or (link is None and name.tag != "a"):
            continue
        day = _by_class(entry, "dt-published")
        if day is None and events:
            day = _by_class(entry, "dt-start")
        summary = _by_class(entry, "p-summary")
        target = link if link is not None else name
        yield RawItem(
            url=resolve(base, target.get("href") or ""),
            title=fold("".join(name.itertext()))[:500],
            title_is_html=False,
            summary=fold("".join(summary.itertext()))[:2000] if summary is not None else "",
            body_is_html=False,
            published=(day.get("datetime") or fold("".join(day.itertext()))) if day is not None else None,
        )


def _by_class(entry: HtmlElement, name: str) -> HtmlElement | None:
    for element in islice(entry.iterfind(".//*[@class]"), 300):
        if name in element.get("class", "").split():
            return element
    return None
