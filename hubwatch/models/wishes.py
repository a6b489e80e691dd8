"""What a person wants to see."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from hubwatch.models.dataclass import dataclass

if TYPE_CHECKING:
    from hubwatch.models.words import Sort


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What a person wants: a union of topics, hubs, states, keywords, organizations; narrowed by the rest."""

    name: str
    topics: tuple[str, ...] = ()
    hubs: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    organizations: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    min_score: float = 0.3
    email: str | None = None

    @property
    def is_union(self) -> bool:
        """Tell whether it wants something in particular: an item must then match by one of these."""
        return bool(self.topics or self.hubs or self.states or self.keywords or self.organizations)

    @property
    def lists(self) -> dict[str, tuple[str, ...]]:
        """What it names, by the keys of the config."""
        keys = ("topics", "hubs", "states", "kinds", "keywords", "organizations", "exclude")
        return {key: getattr(self, key) for key in keys}


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """The filters of the command line, checked: OR within one, AND between them."""

    topics: tuple[str, ...] = ()
    hubs: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    organizations: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    min_score: float | None = None
    limit: int | None = None
    sort: Sort = "relevance"
