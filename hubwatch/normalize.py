"""RawItem to Item: plain text, UTC dates, canonical address, an id that lasts; every field has its bound."""

from __future__ import annotations

import functools
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import unquote, urlsplit

from hubwatch import item_ids
from hubwatch.models import Item, Page, RawItem, Source
from hubwatch.text import controls, dates, plain, urls

TITLE_LIMIT = 500
SUMMARY_LIMIT = 2000
CONTENT_LIMIT = 100_000
EXCERPT_LIMIT = 500  # of the content, where the publisher gives no summary
NAME_LIMIT = 200  # of an author, a category, an organization
NAMES_LIMIT = 50  # of each of these
GUID_LIMIT = 1000
# What an undated item of a first reading counts as: old, found by search and --since 1900-01-01.
LONG_AGO = datetime(1900, 1, 1, tzinfo=UTC)

# What publishing systems put after a summary.
_TAIL = re.compile(
    r"\s*(?:The post .{1,300} (?:first appeared|appeared first) on .{1,200}"
    r"|(?:\[?(?:…|\.\.\.)\]?\s*)?[\[(]?\b(?:Read (?:the )?(?:more|full (?:story|article|post))|Learn more"
    r"|Continue reading(?: .{1,120})?)[.»›→>)\]\s]*)$"
)
_TAIL_HINTS = ("The post ", "Read ", "Learn more", "Continue reading")
_TAIL_LENGTH = 600
_BEFORE_HINT = 8  # characters of a tail that may stand before its hint: ` [...] [Read more`
_ELLIPSIS = re.compile(r"\s*\[(?:…|\.\.\.)\]$")


def normalize(raw: RawItem, source: Source, *, now: datetime, first_reading: bool) -> Item | None:
    """Make an item of what the publisher said; None if it has neither title, text nor address."""
    url = _address(raw, source)
    title = plain.to_line(raw.title, is_html=raw.title_is_html, limit=TITLE_LIMIT)
    content = plain.to_paragraphs(raw.content, is_html=raw.body_is_html, limit=CONTENT_LIMIT)
    summary = _summary(raw, title, content)
    title = title or _title_from(summary if raw.summary.strip() else content, url)
    if not title:
        return None
    guid = _guid(raw.guid)
    published = dates.parse(raw.published, now=now) or dates.parse(raw.updated, now=now)
    organizations = _names(raw.organizations)
    deadline = dates.parse_day(raw.deadline, now=now)
    return Item(
        id=item_ids.item_id(source.id, guid, url, title, published),
        source=source.id,
        title=title,
        url=url,
        guid=guid,
        summary=summary,
        content=content,
        published=published,
        first_seen=now,
        updated=now,
        effective=_effective(published, now, first_reading),
        authors=_names(raw.authors),
        categories=_names(raw.categories),
        organizations=organizations,
        deadline=deadline,
        what=source.what,
        content_hash=item_ids.hash_of(
            title, summary, content, deadline=deadline, organizations=organizations
        ),
    )


def normalize_all(page: Page, source: Source, *, now: datetime, first_reading: bool) -> tuple[Item, ...]:
    """Make the items of one document, each once and each with an id of its own, in the document's order."""
    raws = _one_per_address(page.items) if page.is_page else page.items
    made = [normalize(raw, source, now=now, first_reading=first_reading) for raw in raws]
    items = _without_copies([item for item in made if item is not None])
    groups: dict[str, list[int]] = defaultdict(list)
    for place, item in enumerate(items):
        groups[item.id].append(place)
    for places in groups.values():
        taken: set[str] = set()
        for place in _oldest_first(items, places) if len(places) > 1 else ():
            items[place] = item_ids.with_free_id(items[place], taken)
            taken.add(items[place].id)
    unique: dict[str, Item] = {}
    for item in items:
        unique.setdefault(item.id, item)
    return tuple(unique.values())


# --- fields -----------------------------------------------------------------------------------


def _address(raw: RawItem, source: Source) -> str | None:
    for href in (raw.url, raw.guid if raw.guid and raw.guid.startswith(("http://", "https://")) else None):
        link = urls.absolute(source.url, href) if href else None
        if link is not None:
            return urls.canonical(link)
    return None


def _guid(guid: str | None) -> str | None:
    text = " ".join(controls.strip_controls(guid or "").split())
    if len(text) > GUID_LIMIT:
        return item_ids.further_id(text, "")
    return text or None


def _summary(raw: RawItem, title: str, content: str) -> str:
    summary = plain.to_line(raw.summary, is_html=raw.body_is_html, limit=SUMMARY_LIMIT)
    summary = _without_tail(summary)
    if summary and summary != title:
        return summary
    start = _without_tail(controls.shorten(content[: EXCERPT_LIMIT * 2].replace("\n", " "), EXCERPT_LIMIT))
    return start if start != title else ""


def _without_tail(text: str) -> str:
    end = max(len(text) - _TAIL_LENGTH, 0)
    places = [place for hint in _TAIL_HINTS if (place := text.find(hint, end)) >= 0]
    if places:
        start = max(min(places) - _BEFORE_HINT, end)
        text = (text[:start] + _TAIL.sub("", text[start:])).rstrip()
    return _ELLIPSIS.sub("…", text) if text.endswith("]") else text


def _title_from(text: str, url: str | None) -> str:
    """Take a title from the first sentence or words of a text, else from the words of an address."""
    if text:
        first = text.split("\n", 1)[0]
        sentence = re.match(r".{20,100}?[.!?](?=\s|$)", first)
        return sentence[0] if sentence else controls.shorten(first, 80)
    if url is None:
        return ""
    parts = urlsplit(url)
    slug = next((part for part in reversed(parts.path.split("/")) if part), "")
    words = plain.to_line(re.sub(r"[-_+]+|\.\w{2,5}$", " ", unquote(slug)), is_html=False, limit=TITLE_LIMIT)
    return words[:1].upper() + words[1:] if words else parts.netloc


def _effective(published: datetime | None, now: datetime, first_reading: bool) -> datetime:
    if published is not None:
        return min(published, now)
    return LONG_AGO if first_reading else now


def _names(values: Sequence[str]) -> tuple[str, ...]:
    if not values:
        return ()
    return tuple(dict.fromkeys(filter(None, map(_name, values[:NAMES_LIMIT]))))


def _name(value: str) -> str:
    return _short_name(value) if len(value) <= NAME_LIMIT else plain.to_line(value, limit=NAME_LIMIT)


@functools.lru_cache(maxsize=2048)  # authors and categories come again from item to item
def _short_name(value: str) -> str:
    return plain.to_line(value, limit=NAME_LIMIT)


# --- several or one ---------------------------------------------------------------------------


def _one_per_address(raws: Sequence[RawItem]) -> list[RawItem]:
    """On a page one address is one item: the first with a title, completed from the others."""
    by_address: dict[str, list[RawItem]] = defaultdict(list)
    for place, raw in enumerate(raws):
        by_address[urls.key(raw.url) if raw.url else f"#{place}"].append(raw)
    chosen = []
    for group in by_address.values():
        best = next((raw for raw in group if raw.title.strip()), group[0])
        chosen.append(
            replace(
                best,
                published=next((raw.published for raw in (best, *group) if raw.published), None),
                summary=next((raw.summary for raw in (best, *group) if raw.summary), ""),
            )
        )
    return chosen


def _without_copies(items: Sequence[Item]) -> list[Item]:
    """Leave out what stands twice: the same title under the same guid or link."""
    kept: list[Item] = []
    by_name: dict[tuple[str, str, str], list[int]] = defaultdict(list)
    for item in items:
        title = item_ids.title_key(item.title)
        names = [("guid", item.guid, title)] if item.guid else []
        names += [("url", urls.key(item.url), title)] if item.url else []
        names += [] if names else [("title", item.id, title)]
        twin = next((place for name in names for place in by_name[name] if _is_copy(item, kept[place])), None)
        if twin is None:
            for name in names:
                by_name[name].append(len(kept))
            kept.append(item)
        elif _fullness(item) > _fullness(kept[twin]):
            kept[twin] = item
    return kept


def _is_copy(item: Item, other: Item) -> bool:
    """Whether two items with one title and a shared guid or link are one announcement."""
    same_day = item.published == other.published or item.published is None or other.published is None
    if item.guid == other.guid:
        return same_day or item.url == other.url
    # One landing page for several items: the publisher's guids and dates tell them apart.
    return same_day or item.guid is None or other.guid is None


def _fullness(item: Item) -> tuple[bool, float, int, str]:
    """Rank copies, whatever their order: dated, earlier, longer."""
    age = -item.published.timestamp() if item.published else 0.0
    return item.published is not None, age, len(item.summary) + len(item.content), item.guid or ""


def _oldest_first(items: Sequence[Item], places: Sequence[int]) -> list[int]:
    """Order items that share an id, the earliest first; undated ones by place: feeds put the oldest last."""
    far = datetime.max.replace(tzinfo=UTC)
    return sorted(places, key=lambda place: (items[place].published or far, -place))
