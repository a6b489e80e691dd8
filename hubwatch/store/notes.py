"""Notes about the store as a whole: how far the index has come, which rules the tags were given by."""

from __future__ import annotations

from hubwatch.store import values
from hubwatch.store.db import Store


def note(store: Store, name: str) -> str | None:
    """Return a note, None if there is none of that name."""
    row = store.row("SELECT value FROM meta WHERE name = ?", (name,))
    return row[0] if row else None


def set_note(store: Store, name: str, value: str) -> None:
    """Write a note."""
    store.write(
        "INSERT INTO meta (name, value) VALUES (?, ?)"
        " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        (name, values.to_text(value)),
    )
