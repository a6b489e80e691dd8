"""What each profile has been shown, item by item, so that a digest of what is new shows everything once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from hubwatch.store import values
from hubwatch.store.db import Store

FIRST_LOOK_BACK = timedelta(days=14)
OLD_ON_ARRIVAL = timedelta(days=30)  # older than this when it was first seen: not news any more


def first_run(store: Store, profile: str) -> datetime | None:
    """Return when this profile was first shown what is new; None if it never was."""
    row = store.row("SELECT first_run FROM readers WHERE profile = ?", (profile,))
    return values.from_time(row[0]) if row else None


def first_new(store: Store, profile: str, *, now: datetime) -> int:
    """Return the number from which on items may be new to this profile.

    It is a place in the order of arrival, not a time, so that a clock set back loses nothing.
    """
    row = store.row("SELECT from_item FROM readers WHERE profile = ?", (profile,))
    return row[0] if row else _look_back(store, now)


def mark(store: Store, profile: str, items: Iterable[str], *, now: datetime) -> None:
    """Note that these items, and what tells the same stories, have been shown; also that nothing was new."""
    shown_at = values.to_time(now)
    with store.transaction():
        first = first_new(store, profile, now=now)
        store.write(
            "INSERT OR IGNORE INTO readers (profile, first_run, from_item) VALUES (?, ?, ?)",
            (profile, shown_at, first),
        )
        store.write_many(
            "INSERT OR IGNORE INTO deliveries (item, profile, shown_at)"
            " SELECT m.number, ?, ? FROM items AS i JOIN items AS m"
            " ON m.number = i.number OR m.id = i.story OR (m.story = i.story AND m.story <> m.id)"
            " WHERE i.id = ?",
            [(profile, shown_at, item) for item in items],
        )


def first_window(now: datetime) -> str:
    """Return the time before which nothing can be new to a profile that runs for the first time."""
    return values.to_time(now - FIRST_LOOK_BACK - OLD_ON_ARRIVAL) or ""


def _look_back(store: Store, now: datetime) -> int:
    """Return the first item that arrived in the 14 days before a profile's first run."""
    row = store.row(
        "SELECT min(number) FROM items WHERE effective >= ? AND first_seen >= ?",
        (first_window(now), values.to_time(now - FIRST_LOOK_BACK)),
    )
    if row and row[0] is not None:
        return int(row[0])
    row = store.row("SELECT coalesce(max(number), 0) + 1 FROM items")
    return int(row[0]) if row else 1
