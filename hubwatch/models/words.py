"""The words that stand for kinds of items, sources, orders and outcomes."""

from __future__ import annotations

from typing import Literal, get_args

ItemKind = Literal[
    "call", "award", "membership", "event", "workforce", "policy", "research", "facility", "people", "other"
]
ITEM_KINDS: tuple[ItemKind, ...] = get_args(ItemKind)
SourceKind = Literal["auto", "feed", "page", "wordpress", "sitemap", "grants-gov"]
SOURCE_KINDS: tuple[SourceKind, ...] = get_args(SourceKind)
What = Literal["news", "project-calls", "events", "members", "press", "policy"]
WHATS: tuple[What, ...] = get_args(What)
Sort = Literal["relevance", "newest", "deadline"]
SORTS: tuple[Sort, ...] = get_args(Sort)
Status = Literal["ok", "unchanged", "failed", "skipped", "unreached"]
