"""What the store has of each hub: how many items its sources brought, and when the last one was published."""

from __future__ import annotations

from datetime import datetime

from hubwatch.store.db import Store

_DATED = "1950"  # what came undated with a first reading stands at 1900


def activity(store: Store) -> dict[str, tuple[int, datetime | None]]:
    """Return for each hub with sources in the store its number of items and the time of the latest."""
    rows = store.rows("SELECT hub, sum(items), max(newest) FROM sources WHERE hub IS NOT NULL GROUP BY hub")
    return {
        hub: (int(items), datetime.fromisoformat(newest) if newest and newest >= _DATED else None)
        for hub, items, newest in rows
    }
