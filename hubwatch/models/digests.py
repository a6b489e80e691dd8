"""What is shown of what a person wants."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Literal

from hubwatch.models.dataclass import dataclass

if TYPE_CHECKING:
    from hubwatch.models.items import Item
    from hubwatch.models.words import Sort


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """The same announcement at another source."""

    source: str
    url: str | None
    source_name: str | None = None
    item: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """An item that fits, how well (0..1), and why, in words."""

    item: Item
    score: float
    reasons: tuple[str, ...] = ()
    ground: Literal["topic", "organization", "keyword", "place", "any"] = "any"  # the strongest of them
    also: tuple[Carried, ...] = ()
    open_by: Literal["deadline", "recency"] | None = None  # an open call: by what it counts as open
    context: str | None = None  # search: the hit in its surroundings, marked with U+E000 and U+E001


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One heading of a digest with its matches, in the order they are read."""

    title: str
    matches: tuple[Match, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trend:
    """How many items one topic (hub, kind, state) had in each stretch of time, the oldest first."""

    key: str
    name: str
    starts: tuple[date, ...]  # the first day of each stretch; the same for all trends of one answer
    counts: tuple[int, ...]

    @property
    def total(self) -> int:
        """All items of the time."""
        return sum(self.counts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """Matches grouped for reading, with what the footer tells."""

    title: str
    created: datetime
    sections: tuple[Section, ...] = ()
    ranked: tuple[Match, ...] = ()  # the same matches, best first: the order for programs
    since: datetime | None = None
    until: datetime | None = None
    left_out: int = 0  # matching items that the limit kept out
    left_out_at_least: bool = False  # there may be more of them
    filtered_out: int = 0  # with --new: those that the filters kept out
    filtered_out_at_least: bool = False  # there may be more of them
    open_calls: int = 0  # that match too and are not shown; only for formats that people read
    open_calls_at_least: bool = False  # there may be more of them
    next_due: date | None = None  # of these the next
    narrowed: tuple[str, ...] = ()  # the options that narrow it, for the command that lists these
    health: tuple[str, ...] = ()  # sources failing or silent, one sentence each
    profile: str | None = None
    sort: Sort = "relevance"
    asked_for: Literal["time", "new", "search", "calls", "all calls"] = "time"  # says what to try instead
    trends: tuple[Trend, ...] = ()  # its topics over the last year; only for formats that draw them
