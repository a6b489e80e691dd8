"""What an item is known by: its id, its folded title, the hash of what it says. Pure."""

from __future__ import annotations

import functools
import hashlib
import re
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, datetime

from hubwatch.models import Item
from hubwatch.text import folding, urls

# What changes at every fetch without anybody having edited anything: clock times, ages, counters, nonces.
# Every form starts with a digit, so that the search over all text that comes skips from digit to digit.
_VOLATILE = re.compile(
    r"[0-9](?<![\d:]\d)(?:\d?:\d\d(?::\d\d)?(?:\.\d+)?(?:\s*[ap]\.?m\b\.?)?"
    r"|\d{3}-\d\d-\d\dt[\d:.]+(?:z|[+-][\d:]+)?"
    r"|\d*\s+(?:second|minute|hour|day|week|month)s?\s+ago\b"
    r"|[\d,.]{0,20}k?\s+(?:views?|reads?|comments?|likes?|shares?|visitors?)\b"
    r"|\w{9,}\b)"
)


@functools.lru_cache(maxsize=4096)  # a list's titles are asked several times, stage after stage
def title_key(title: str) -> str:
    """Fold a title to its words and numbers: case, accents and punctuation do not count."""
    return " ".join(folding.words(title)) or folding.fold(title).strip()


def item_id(source: str, guid: str | None, url: str | None, title: str, published: datetime | None) -> str:
    """Make the id that an item keeps for ever and everywhere, of its guid, else link, else title with day.

    The first 16 hexadecimal digits of SHA-256 over source, kind of key and key, parted by newlines. Stores
    depend on it: it must never change.
    """
    if guid:
        return _digest(source, "guid", guid)
    if url:
        return _digest(source, "url", urls.key(url))
    return _digest(source, "title", title_key(title), published.date().isoformat() if published else "")


def further_id(first: str, title: str, *more: str) -> str:
    """Make the id of an item whose own key is taken by another of the same list."""
    return _digest(first, title_key(title), *more)


def with_free_id(item: Item, taken: Collection[str]) -> Item:
    """Give an item whose id is taken (a guid reused, a shared link) one that adds title, link and day.

    Under an id that is taken still comes what nothing tells from the item that has it.
    """
    own = item.id
    if own in taken:
        own = further_id(own, item.title)
    if own in taken:
        own = further_id(own, item.url or "", item.published.isoformat() if item.published else "")
    return item if own == item.id else replace(item, id=own)


def content_hash(item: Item) -> str:
    """Hash what the publisher gave: 12 digits of title and fields, 12 of the text but its volatile parts."""
    if item.content_hash:
        return item.content_hash
    return hash_of(
        item.title,
        " ".join(item.summary.split()),
        " ".join(item.content.split()),
        deadline=item.deadline,
        money_usd=item.money_usd,
        organizations=item.organizations,
    )


def hash_of(
    title: str,
    summary: str,
    content: str,
    *,
    deadline: date | None,
    organizations: Sequence[str],
    money_usd: float | None = None,
) -> str:
    """Make the same hash of an item's parts; only single blanks and newlines part the words of its text."""
    head = _digest(title, str(deadline or ""), str(money_usd or ""), "; ".join(organizations))
    text = f"{summary}\n{content}".lower()
    body = _VOLATILE.sub("", text)
    # Nearly always nothing is volatile, and there are no gaps to close.
    words = body.replace("\n", " ").strip() if body == text else " ".join(body.split())
    return head[:12] + _digest(words)[:12]


def _digest(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode("utf-8", "replace")).hexdigest()[:16]
