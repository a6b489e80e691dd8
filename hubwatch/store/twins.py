"""What two stores have under two ids: one announcement that each met under another guid or link."""

from __future__ import annotations

import json
from itertools import groupby
from pathlib import Path

from hubwatch import identity
from hubwatch.store import items
from hubwatch.store.db import Store, open_for_reading

_TABLE = "CREATE TEMP TABLE twins (theirs TEXT PRIMARY KEY, ours TEXT NOT NULL UNIQUE)"
# Keys are looked up from ours: there is no way from an item to its keys.
_UNKNOWN = (
    "SELECT DISTINCT o.source, o.id FROM main.item_keys AS m CROSS JOIN other.item_keys AS k ON k.key = m.key"
    " CROSS JOIN other.items AS o ON o.number = k.item"
    " WHERE NOT EXISTS (SELECT 1 FROM items AS i WHERE i.id = o.id)"
    " AND NOT EXISTS (SELECT 1 FROM pruned AS p WHERE p.id = o.id) ORDER BY o.source, o.id"
)


def find(store: Store, other: Path) -> None:
    """Note in temp.twins which items of the attached store are here under another id."""
    store.write(_TABLE)
    unknown = store.rows(_UNKNOWN)
    if not unknown:
        return
    with open_for_reading(other) as theirs:
        for source, rows in groupby(unknown, key=lambda row: row[0]):
            incoming = items.by_ids(theirs, [row[1] for row in rows])
            known = items.known(store, source, incoming)
            there = _also_there(store, [old.id for old in known])
            pairs = identity.pair(incoming, [old for old in known if old.id not in there])
            store.write_many(
                "INSERT INTO twins (theirs, ours) VALUES (?, ?)", [(item.id, old.id) for item, old in pairs]
            )


def _also_there(store: Store, ids: list[str]) -> set[str]:
    rows = store.rows(
        "SELECT id FROM other.items WHERE id IN (SELECT value FROM json_each(?1))"
        " UNION SELECT id FROM other.pruned WHERE id IN (SELECT value FROM json_each(?1))",
        (json.dumps(ids),),
    )
    return {row[0] for row in rows}
