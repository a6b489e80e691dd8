"""What the two readers of feeds (and JSON Feed) share: one entry's fields, as found, to a RawItem. Pure."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from hubwatch.models import RawItem
from hubwatch.text import plain, urls

FIELD_LIMIT = 200_000  # characters kept of any one field: a 5 MB title stays bounded
MANY = 100  # authors or categories of one entry

_PAGE_TYPES = frozenset({"text/html", "application/xhtml+xml", "html", "xhtml"})
_TEXT_TYPES = frozenset({"text", "text/plain", "plain"})
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_LEFT_OF_MAIL = re.compile(r"\(\s*\)|<\s*>|&lt;\s*&gt;")
_PERIODS = {"hourly": 3_600, "daily": 86_400, "weekly": 604_800, "monthly": 2_592_000, "yearly": 31_536_000}
_LONGEST_NAME = 500  # of an author; the search for an address in it is slow on long words
_LONGEST_TTL_S = 31_536_000


class Text(NamedTuple):
    """A text construct: its value, and the media type that the publisher gave it (None: not said)."""

    value: str
    type: str | None = None

    @property
    def is_text(self) -> bool:
        """Whether the publisher says that it is plain text."""
        return self.type in _TEXT_TYPES


class Link(NamedTuple):
    """A link of an entry or a feed, with the href as far as xml:base resolves it."""

    href: str
    rel: str = "alternate"
    type: str = "text/html"


NOTHING = Text("")


def raw_item(
    base: str,
    *,
    guid: str = "",
    guid_is_link: bool = False,
    links: Sequence[Link] = (),
    original_link: str = "",
    title: Text = NOTHING,
    summary: Text = NOTHING,
    contents: Sequence[Text] = (),
    published: str = "",
    updated: str = "",
    authors: Iterable[str] = (),
    categories: Iterable[str] = (),
) -> RawItem:
    """Build the RawItem of one entry; `base` is the document's address."""
    content = max(contents, key=lambda text: len(text.value)) if contents else NOTHING
    if summary.value == content.value:
        summary = NOTHING  # said twice; a summary is cut from the content later
    bodies = [text for text in (summary, content) if text.value]
    body_is_html = not bodies or not all(text.is_text for text in bodies)
    return RawItem(
        guid=guid[:FIELD_LIMIT] or None,
        url=_url(base, links, original_link, guid if guid_is_link else ""),
        title=title.value[:FIELD_LIMIT],
        title_is_html=not title.is_text,
        summary=_body(summary, body_is_html),
        content=_body(content, body_is_html),
        body_is_html=body_is_html,
        published=published[:FIELD_LIMIT] or None,
        updated=updated[:FIELD_LIMIT] or None,
        authors=_once(authors),
        categories=_once(categories),
    )


def author_name(text: str) -> str:
    """Take the name out of `jane@example.org (Jane Roe)` and the like; an address alone stays."""
    text = text[:_LONGEST_NAME].strip()
    if "@" not in text:
        # Jekyll prints an author that is not filled in as a table of Ruby's: {"name"=>nil, ...}
        return "" if text.startswith("{") and "=>nil" in text else text
    mail = _MAIL.search(text)
    if not mail:
        return text
    rest = _LEFT_OF_MAIL.sub("", text.replace(mail.group(), "")).strip()
    if rest.startswith("("):
        rest = rest[1:]
    if rest.endswith(")"):
        rest = rest[:-1]
    return rest.strip() or mail.group()


_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def feed_title(title: Text) -> str | None:
    """Make the feed's own title plain."""
    return plain.to_line(title.value[:FIELD_LIMIT], is_html=not title.is_text, limit=300) or None


def ttl_s(ttl: str, period: str, frequency: str) -> int | None:
    """Read the publisher's pace: `ttl` in minutes, else sy:updatePeriod over sy:updateFrequency."""
    minutes = _number(ttl)
    if minutes:
        return min(minutes * 60, _LONGEST_TTL_S)
    if period.strip().lower() in _PERIODS:
        return _PERIODS[period.strip().lower()] // (_number(frequency) or 1) or None
    return None


def quiet_hours(hours: Iterable[str], days: Iterable[str]) -> tuple[int, ...]:
    """Read skipHours and skipDays (RSS 2.0, in GMT) as hours of the week; () where no hour would be left."""
    skipped = {_number(hour) % 24 for hour in hours if hour.strip().isdecimal()}  # 24 is midnight to some
    named = {day.strip().lower() for day in days}
    found = tuple(
        day * 24 + hour
        for day, name in enumerate(_DAYS)
        for hour in range(24)
        if name in named or hour in skipped
    )
    return found if len(found) < 24 * len(_DAYS) else ()


def older_url(base: str, links: Iterable[Link]) -> str | None:
    """Find the address of the next older part of the same feed (RFC 5005)."""
    by_rel = {link.rel: link.href for link in reversed(list(links)) if link.href}
    href = by_rel.get("prev-archive") or by_rel.get("next")
    return urls.absolute(base, href) if href else None


def _url(base: str, links: Sequence[Link], original: str, guid: str) -> str | None:
    alternate = [link for link in links if link.rel == "alternate" and link.href]
    if len(alternate) > 1:
        alternate.sort(key=lambda link: link.type not in _PAGE_TYPES)
    candidates = [original, *[link.href for link in alternate]]
    if not alternate and guid.startswith(("http://", "https://", "/")):
        candidates.append(guid)
    for href in candidates:
        if href and (url := urls.absolute(base, href[:FIELD_LIMIT])):
            return url
    return None


def _body(text: Text, is_html: bool) -> str:
    value = text.value[:FIELD_LIMIT]
    # One flag stands for summary and content: plain text beside markup becomes markup.
    return html.escape(value, quote=False) if is_html and text.is_text else value


def _once(values: Iterable[str]) -> tuple[str, ...]:
    stripped = [value.strip()[:FIELD_LIMIT] for value in values]
    return tuple(dict.fromkeys(filter(None, stripped)))[:MANY]


def _number(text: str) -> int:
    text = text.strip()
    return int(text) if text.isdecimal() and len(text) < 10 else 0
