"""Going through all items in steps to tag them anew, and where an interrupted walk goes on."""

from __future__ import annotations

import json
from collections.abc import Sequence

from hubwatch.models import Item
from hubwatch.store import listing, values, writing
from hubwatch.store.db import Store
from hubwatch.store.notes import note, set_note
from hubwatch.store.query import Sql

_FINGERPRINT = "rules"
_PROGRESS = "retagged"


def fingerprint(store: Store) -> str | None:
    """Return the fingerprint of the rules that all items were tagged by."""
    return note(store, _FINGERPRINT)


def is_tagged_by(store: Store, fingerprint: str) -> bool:
    """Tell whether all items, if there are any, are tagged by these rules."""
    return note(store, _FINGERPRINT) == fingerprint or store.row("SELECT 1 FROM items LIMIT 1") is None


def finish(store: Store, fingerprint: str) -> None:
    """Note that all items are tagged by these rules."""
    with store.transaction():
        set_note(store, _FINGERPRINT, fingerprint)
        store.write("DELETE FROM meta WHERE name = ?", (_PROGRESS,))


def progress(store: Store, fingerprint: str) -> int:
    """Return the number after which an interrupted walk with the same rules goes on, 0 for none."""
    found = json.loads(note(store, _PROGRESS) or "{}")
    return int(found.get("after", 0)) if found.get("rules") == fingerprint else 0


def batch(store: Store, *, after: int, size: int = 500) -> tuple[int, tuple[Item, ...]]:
    """Return the next items with their full text, and the number of the last; none when all were seen."""
    rows = store.rows("SELECT number FROM items WHERE number > ? ORDER BY number LIMIT ?", (after, size))
    if not rows:
        return after, ()
    last = rows[-1][0]
    items = listing.read(
        store,
        Sql(f"{listing.SELECT} WHERE i.number > ? AND i.number <= ? ORDER BY i.number", (after, last)),
    )
    return last, listing.with_contents(store, items)


def remaining(store: Store, *, after: int) -> int:
    """Count the items after this number."""
    row = store.row("SELECT count(*) FROM items WHERE number > ?", (after,))
    return int(row[0]) if row else 0


def save_tags(store: Store, items: Sequence[Item], *, after: int, fingerprint: str) -> None:
    """Replace what the rules say of these items and note how far the walk has come, in one transaction."""
    with store.transaction():
        numbered = writing.with_numbers(store, items)
        store.write_many(
            "UPDATE items SET kind = ?1, kind_reason = ?2, money_usd = ?3, deadline = ?4"
            " WHERE number = ?5 AND (kind IS NOT ?1 OR kind_reason IS NOT ?2 OR money_usd IS NOT ?3"
            " OR deadline IS NOT ?4)",
            [
                (
                    item.kind,
                    values.to_text_or_none(item.kind_reason),
                    values.to_real(item.money_usd),
                    values.to_date(item.deadline),
                    number,
                )
                for number, item in numbered
            ],
        )
        writing.clear_facts(store, [number for number, _ in numbered])
        writing.insert_facts(store, numbered)
        set_note(store, _PROGRESS, json.dumps({"after": after, "rules": fingerprint}))
