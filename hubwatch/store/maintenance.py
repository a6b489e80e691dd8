"""Care of the store: checked, copied while in use, relieved of what is old."""

from __future__ import annotations

import os
import sqlite3
from datetime import datetime
from pathlib import Path

from hubwatch.errors import StoreError
from hubwatch.models import CALL_OPEN_DAYS
from hubwatch.store import indexing, sources, values
from hubwatch.store.db import Store, fault, require

# What must hold beyond what SQLite watches: a count of breaches, and the sentence for it.
_INVARIANTS = (
    (
        "SELECT count(*) FROM items WHERE number NOT IN (SELECT item FROM texts)",
        "{} items have no text",
    ),
    (
        "SELECT count(*) FROM item_topics AS t JOIN items AS i ON i.number = t.item"
        " WHERE t.effective <> i.effective",
        "{} tags stand at another time than their item",
    ),
    (
        "SELECT count(*) FROM (SELECT topic FROM"
        " (SELECT topic, 1 AS items FROM item_topics WHERE score >= 0.5"
        " UNION ALL SELECT topic, -items FROM topic_totals) GROUP BY topic HAVING sum(items) <> 0)",
        "{} topics have another number of items than they say",
    ),
    (
        "SELECT count(*) FROM item_organizations AS o JOIN items AS i ON i.number = o.item"
        " WHERE o.effective <> i.effective",
        "{} names of organizations stand at another time than their item",
    ),
    (
        "SELECT count(*) FROM sources AS s"
        " WHERE s.items <> (SELECT count(*) FROM items AS i WHERE i.source = s.id)",
        "{} sources have another number of items than they say",
    ),
    (
        "SELECT count(*) FROM items AS i WHERE i.story <> i.id"
        " AND NOT EXISTS (SELECT 1 FROM items AS l WHERE l.id = i.story)"
        " AND NOT EXISTS (SELECT 1 FROM pruned AS l WHERE l.id = i.story)",
        "{} items belong to a story that is not there",
    ),
    (
        "SELECT count(*) FROM items AS i JOIN pruned AS p ON p.id = i.id OR p.number = i.number",
        "{} items are there although they were deleted",
    ),
    (
        "SELECT count(*) FROM items WHERE NOT (first_seen GLOB '????-??-??T??:??:??Z'"
        " AND effective GLOB '????-??-??T??:??:??Z'"
        " AND coalesce(published, first_seen) GLOB '????-??-??T??:??:??Z')",
        "{} items have a time that cannot be read",
    ),
)


def check(store: Store) -> tuple[str, ...]:
    """Look for damage; return one sentence for each fault that was found."""
    found = [f"SQLite: {row[0]}" for row in store.rows("PRAGMA integrity_check(20)") if row[0] != "ok"]
    broken = store.rows("PRAGMA foreign_key_check")
    if broken:
        tables = ", ".join(sorted({row[0] for row in broken}))
        found.append(f"{len(broken)} rows belong to something that is not there, in {tables}")
    for sql, sentence in _INVARIANTS:
        row = store.row(sql)
        if row and row[0]:
            found.append(sentence.format(row[0]))
    found += _check_index(store)
    return tuple(found)


def _check_index(store: Store) -> list[str]:
    """Compare the search index with the items; a store that is only read cannot be asked for it."""
    if not store.writable:
        return []
    indexing.catch_up(store)
    try:
        store.write("INSERT INTO search (search, rank) VALUES ('integrity-check', 1)")
    except StoreError as error:
        return [f"the search index does not fit the items: {error.message}"]
    return []


def back_up(store: Store, target: Path, *, replace: bool = False) -> None:
    """Copy the store to a new file as it is at this moment; a sync may go on meanwhile.

    A file that is there already is only replaced where that is asked for, and never by nothing.
    """
    _refuse(store, target, replace=replace)
    partial = target.with_name(target.name + ".partial")
    try:
        partial.unlink(missing_ok=True)
        os.close(os.open(partial, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        copy = sqlite3.connect(partial)
        try:
            store.copy_to(copy)
        finally:
            copy.close()
        for ending in ("-wal", "-journal", "-shm"):
            # Left by whoever died over an earlier copy: SQLite would enter it into this one.
            target.with_name(target.name + ending).unlink(missing_ok=True)
        partial.replace(target)
    except sqlite3.Error as error:
        raise fault(error, target) from error
    except OSError as error:
        raise StoreError(f"cannot write the backup {target}: {error.strerror}", path=str(target)) from error
    finally:
        if partial.exists():
            partial.unlink()


def _refuse(store: Store, target: Path, *, replace: bool) -> None:
    """Raise a fault where there is nothing to copy, or where the copy would be in the way of something."""
    require(store.path, "to back up")
    if target.is_dir():
        sentence, hint = "it is a folder", "name a file in it"
    elif target.exists() and target.samefile(store.path):
        sentence, hint = "it is the store itself", "name another file"
    elif target.exists() and not replace:
        sentence, hint = "it is there already", "name another file, or replace it with --force"
    elif not target.parent.is_dir():
        sentence, hint = f"there is no folder {target.parent}", "make the folder first"
    else:
        return
    raise StoreError(f"cannot write the backup {target}: {sentence}", path=str(target), hint=hint)


# Not `effective`, which puts what came undated with a first reading in 1900: how old that is, nobody knows.
_TIME = "coalesce(published, first_seen)"
# A call is as old as the last day on which it could be answered. ?1 is the limit.
_LAST_DAY = f"coalesce(deadline, date({_TIME}, '+{CALL_OPEN_DAYS} days'))"
_OLD = f"{_TIME} < ?1 AND NOT (kind = 'call' AND {_LAST_DAY} >= ?1)"


def younger(store: Store, *, older_than: datetime, than: datetime) -> int:
    """Count the items that `prune` would delete although they are younger than a certain time."""
    row = store.row(
        f"SELECT count(*) FROM items WHERE {_OLD} AND {_TIME} >= ?2",
        (values.to_time(older_than), values.to_time(than)),
    )
    return int(row[0]) if row else 0


def prune(store: Store, *, older_than: datetime) -> int:
    """Delete what is older; its ids are kept, so that it does not come back as new. Return how many."""
    params = (values.to_time(older_than),)
    with store.transaction():
        numbers = [row[0] for row in store.rows(f"SELECT number FROM items WHERE {_OLD}", params)]
        indexing.forget(store, numbers)
        _keep_as_shown(store, params)
        store.write(
            "INSERT INTO pruned (number, id, source, title, url, guid, published, first_seen, effective,"
            " content_hash) SELECT number, id, source, title, url, guid, published, first_seen, effective,"
            f" content_hash FROM items WHERE {_OLD}",
            params,
        )
        store.write("DELETE FROM items WHERE number IN (SELECT number FROM pruned)")
        for table in ("story_keys", "deliveries"):
            store.write(f"DELETE FROM {table} WHERE item IN (SELECT number FROM pruned)")
        store.write(
            "DELETE FROM organizations WHERE number NOT IN (SELECT organization FROM item_organizations)"
        )
        _lead_anew(store)
        sources.count_anew(store)
    store.write("VACUUM")
    return len(numbers)


def _keep_as_shown(store: Store, params: tuple[str | None]) -> None:
    """Note for what is left of a story that it was shown: only what goes may have been marked."""
    for mates in ("m.id = i.story", "m.story = i.story AND m.story <> m.id"):
        store.write(
            "INSERT OR IGNORE INTO deliveries (item, profile, shown_at)"
            " SELECT m.number, d.profile, d.shown_at FROM deliveries AS d"
            f" CROSS JOIN items AS i ON i.number = d.item CROSS JOIN items AS m ON {mates}"
            f" WHERE i.number IN (SELECT number FROM items WHERE {_OLD})",
            params,
        )


def _lead_anew(store: Store) -> None:
    """Let the oldest that is left lead a story whose first item is gone."""
    rows = store.rows(
        "SELECT story, id FROM items AS i WHERE story <> id"
        " AND NOT EXISTS (SELECT 1 FROM items AS l WHERE l.id = i.story) GROUP BY story HAVING min(number)"
    )
    store.write_many("UPDATE items SET story = ?2 WHERE story = ?1 AND story <> id", rows)
    store.write_many("UPDATE items SET story = ?2 WHERE id = ?2", rows)
