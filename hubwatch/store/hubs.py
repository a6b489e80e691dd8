"""What the store has of each hub: how many items its sources brought, and when the last one was published."""

from __future__ import annotations

from datetime import datetime

from hubwatch.models import Hub, Item, SourceHealth
from hubwatch.models.dataclass import dataclass
from hubwatch.store import values
from hubwatch.store.db import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class HubRow:
    """One line of `hubwatch hubs`: a hub, what the store has of it, how far away it is."""

    hub: Hub
    items: int = 0
    newest: datetime | None = None  # when its last item was published (or first seen)
    miles: float | None = None  # from the place that was asked for


@dataclass(frozen=True, slots=True, kw_only=True)
class HubView:
    """Everything known of one hub: `hubwatch hubs NAME`."""

    row: HubRow
    sources: tuple[SourceHealth, ...] = ()
    followed: frozenset[str] = frozenset()  # ids of those sources that sync asks
    latest: tuple[Item, ...] = ()
    calls: tuple[Item, ...] = ()  # open ones, by deadline
    members: int = 0  # organizations in its list of members


def activity(store: Store) -> dict[str, tuple[int, datetime | None]]:
    """Return for each hub with sources in the store its number of items and the time of the latest."""
    rows = store.rows("SELECT hub, sum(items), max(newest) FROM sources WHERE hub IS NOT NULL GROUP BY hub")
    return {hub: (int(items), values.dated(newest)) for hub, items, newest in rows}
