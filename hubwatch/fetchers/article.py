"""What an item's own page says of it: title, date, summary; for lists that leave these out."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from lxml.html import HtmlElement

from hubwatch.errors import ParseError
from hubwatch.fetchers.outline import fold, parse_html
from hubwatch.models import Document
from hubwatch.models.dataclass import dataclass
from hubwatch.text import dates

_DATE_META = (
    "article:published_time", "og:published_time", "datepublished", "date.issued", "dc.date.issued",
    "dcterms.created", "dcterms.issued", "dc.date", "dcterms.date", "citation_publication_date", "pubdate",
    "publishdate", "publish-date", "publish_date", "parsely-pub-date", "sailthru.date", "date",
)  # fmt: skip
_TITLE_META = ("og:title", "twitter:title", "dc.title", "citation_title")
_SUMMARY_META = ("og:description", "description", "twitter:description", "dc.description")
_ARTICLE = re.compile(r"(?:^|/)(?:\w*article|blogposting|report|webpage|pressrelease)$", re.IGNORECASE)
_DATE_CLASS = re.compile(
    r"(?:^|[\s_-])(?:date|published|posted|pubdate|byline|meta|timestamp|time)(?:$|[\s_-])"
)
_NOT_OWN = ("nav", "footer", "aside")
_LINES = 60  # elements after the headline in which its date is looked for
_LONGEST_LINE = 160
_DEEPEST = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """What one article's page says; unknown is None."""

    title: str | None = None
    published: datetime | None = None
    summary: str | None = None


def read(document: Document, *, now: datetime) -> Article:
    """Read an article's page; what it does not say stays None."""
    try:
        root = parse_html(document)
    except ParseError:
        return Article()
    meta = _meta(root)
    described = next(_described(root), {})
    published = (
        _moment(described.get("datePublished"), now)
        or next((found for name in _DATE_META if (found := _moment(meta.get(name), now))), None)
        or _in_text(root, now=now)
    )
    heading = next((fold("".join(h.itertext())) for h in root.iter("h1") if _is_own(h)), None)
    title = (
        _text(described.get("headline"))
        or heading
        or next((meta[n] for n in _TITLE_META if meta.get(n)), None)
    )
    summary = next((meta[name] for name in _SUMMARY_META if meta.get(name)), None)
    return Article(title=title or _page_title(root), published=published, summary=summary)


def _meta(root: HtmlElement) -> dict[str, str]:
    found: dict[str, str] = {}
    for element in root.iter("meta"):
        name = (
            (element.get("property") or element.get("name") or element.get("itemprop") or "").strip().lower()
        )
        content = fold(element.get("content") or "")
        if name and content:
            found.setdefault(name, content[:2000])
    return found


def _described(root: HtmlElement) -> Iterator[dict[str, Any]]:
    """Yield the JSON-LD objects that describe an article with a date."""
    for script in root.iter("script"):
        if "ld+json" in (script.get("type") or ""):
            try:
                data = json.loads(script.text or "")
            except (ValueError, RecursionError):
                continue
            yield from (each for each in _objects(data) if _is_article(each))


def _objects(data: object, depth: int = 0) -> Iterator[dict[str, Any]]:
    if depth > _DEEPEST:
        return
    if isinstance(data, list):
        for each in data[:200]:
            yield from _objects(each, depth + 1)
    elif isinstance(data, dict):
        yield data
        yield from _objects(data.get("@graph"), depth + 1)


def _is_article(data: dict[str, Any]) -> bool:
    types = data.get("@type")
    names = types if isinstance(types, list) else [types]
    return "datePublished" in data and any(isinstance(name, str) and _ARTICLE.search(name) for name in names)


def _moment(value: object, now: datetime) -> datetime | None:
    return dates.parse(value, now=now) if isinstance(value, str) else None


def _text(value: object) -> str | None:
    return fold(value)[:500] or None if isinstance(value, str) else None


def _in_text(root: HtmlElement, *, now: datetime) -> datetime | None:
    """Find the date that stands by the headline: a <time>, an element named so, or a short line."""
    for element in root.iter("time"):
        if _is_own(element):
            found = _moment(element.get("datetime") or fold("".join(element.itertext())), now)
            if found:
                return found
    for element in _after_headline(root):
        text = fold("".join(element.itertext())) if len(element) < 8 else ""
        named = _DATE_CLASS.search(f" {(element.get('class') or '').lower()} ")
        if text and len(text) <= (_LONGEST_LINE if named else 80):
            days = [found for found in dates.find(text, now=now) if found.precision == "day"]
            if days and days[0].when <= now:
                return days[0].when
    return None


def _after_headline(root: HtmlElement) -> Iterator[HtmlElement]:
    heading = next((h for h in root.iter("h1") if _is_own(h)), None)
    seen = heading is None
    left = _LINES
    for element in root.iter():
        if element is heading:
            seen = True
        elif seen and isinstance(element.tag, str):
            left -= 1
            if left < 0:
                return
            if _is_own(element):
                yield element


def _is_own(element: HtmlElement) -> bool:
    return not any(parent.tag in _NOT_OWN for parent in element.iterancestors())


def _page_title(root: HtmlElement) -> str | None:
    title = root.find(".//title")
    if title is None:
        return None
    # "Headline | Site": the longest part is the headline.
    parts = re.split(r"\s+[|–—»·]\s+|\s+-\s+", fold("".join(title.itertext())))
    return max(parts, key=len)[:500] or None
