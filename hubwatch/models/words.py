"""The words that stand for kinds of items, sources, orders and outcomes."""

from __future__ import annotations

from typing import Literal

ItemKind = Literal[
    "call", "award", "membership", "event", "workforce", "policy", "research", "facility", "people", "other"
]
ITEM_KINDS: tuple[ItemKind, ...] = (
    "call",
    "award",
    "membership",
    "event",
    "workforce",
    "policy",
    "research",
    "facility",
    "people",
    "other",
)
SourceKind = Literal["auto", "feed", "page", "wordpress", "sitemap", "grants-gov"]
SOURCE_KINDS: tuple[SourceKind, ...] = ("auto", "feed", "page", "wordpress", "sitemap", "grants-gov")
What = Literal["news", "project-calls", "events", "members", "press", "policy"]
WHATS: tuple[What, ...] = ("news", "project-calls", "events", "members", "press", "policy")
Sort = Literal["relevance", "newest", "deadline"]
Status = Literal["ok", "unchanged", "failed", "skipped", "unreached"]
