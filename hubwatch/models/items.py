"""Items as they are kept, with their tags."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Literal

from hubwatch.models.dataclass import dataclass

if TYPE_CHECKING:
    from hubwatch.models.words import ItemKind

CALL_OPEN_DAYS = 90  # a call without a known deadline counts as open for this long
GIVEN = 0.5  # from this score on a tag counts as given; the store's index topics_by_time says the same


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One piece of why a tag was given: the words, where they stand, what they weigh."""

    words: str
    where: Literal["title", "summary", "content", "hub"]
    weight: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """One topic on one item, 0..1, with its evidence."""

    topic: str
    score: float
    evidence: tuple[Evidence, ...] = ()

    @property
    def is_given(self) -> bool:
        """Tell whether it counts; what is below only came close."""
        return self.score >= GIVEN

    @property
    def matches(self) -> tuple[str, ...]:
        """The words that gave it, each once, in order of weight."""
        return tuple(dict.fromkeys(e.words for e in self.evidence if e.where != "hub"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One announcement, article, call or event, as we keep it. All text is plain."""

    id: str
    source: str
    title: str
    url: str | None = None
    guid: str | None = None
    summary: str = ""
    content: str = ""
    published: datetime | None = None
    first_seen: datetime
    updated: datetime
    effective: datetime  # the time --since counts by: published, else first_seen, else 1900 (see normalize)
    authors: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    tags: tuple[Tag, ...] = ()  # best first; those below 0.5 only where one item is looked at
    kind: ItemKind = "other"
    kind_reason: str | None = None
    organizations: tuple[str, ...] = ()
    money_usd: float | None = None
    deadline: date | None = None
    story: str | None = None  # id of the story's first item; None until stories were looked at
    content_hash: str = ""  # of what the publisher gave, before tagging (item_ids.content_hash)
    source_name: str | None = None  # from here on: filled by the store when it reads
    hub: str | None = None
    state: str | None = None
    what: str = "news"  # what its source is there for (project-calls, ...); known from the reading on


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """What an item said before it was edited, and when that was seen to be replaced."""

    seen: datetime
    title: str
    summary: str = ""
    url: str | None = None
    published: datetime | None = None
