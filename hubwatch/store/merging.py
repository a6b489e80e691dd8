"""The union of two stores: what the other has and this one has not comes over; of what both have, the newer.

Doing it again changes nothing. What was pruned here stays pruned.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from hubwatch.errors import StoreError, UsageError
from hubwatch.models.dataclass import dataclass
from hubwatch.store import indexing, sources, twins, writing
from hubwatch.store.db import WAYS_TO_READ, Store, open_for_reading

_ITEM = (
    "id, source, title, url, guid, summary, published, first_seen, updated, effective, kind, kind_reason,"
    " money_usd, deadline, story, authors, categories, content_hash, arrived_old"
)
_CHANGING = (
    "title",
    "url",
    "guid",
    "summary",
    "published",
    "updated",
    "effective",
    "kind",
    "kind_reason",
    "money_usd",
    "deadline",
    "authors",
    "categories",
    "content_hash",
)

# The id here of an item `o` of the other store: its own, but for twins (see twins.py).
_ID = "coalesce((SELECT t.ours FROM temp.twins AS t WHERE t.theirs = o.id), o.id)"
# merging: which number of the other store becomes which number here, for all that is written.
_CHOOSE = (
    "CREATE TEMP TABLE merging (theirs INTEGER PRIMARY KEY, ours INTEGER NOT NULL UNIQUE, is_new INTEGER)",
    "INSERT INTO merging SELECT o.number, ?1 + row_number() OVER (ORDER BY o.number), 1 FROM other.items AS o"
    f" WHERE NOT EXISTS (SELECT 1 FROM items AS i WHERE i.id = {_ID})"
    f" AND NOT EXISTS (SELECT 1 FROM pruned AS p WHERE p.id = {_ID})",
    "INSERT INTO merging SELECT o.number, i.number, 0 FROM other.items AS o"
    f" JOIN items AS i ON i.id = {_ID} WHERE o.updated > i.updated"
    # What only was read later there says nothing new.
    " AND (o.content_hash, o.url, o.guid, o.published) IS NOT (i.content_hash, i.url, i.guid, i.published)",
)
_REPLACE = (
    "INSERT INTO revisions (item, seen, title, url, summary, content, published)"
    " SELECT i.number, o.updated, i.title, i.url, i.summary, t.content, i.published"
    " FROM temp.merging AS m JOIN items AS i ON i.number = m.ours JOIN texts AS t ON t.item = i.number"
    " JOIN other.items AS o ON o.number = m.theirs WHERE m.is_new = 0",
    *(
        f"DELETE FROM {table} WHERE item IN (SELECT ours FROM temp.merging WHERE is_new = 0)"
        for table in ("texts", "item_topics", "near_topics", "item_organizations")
    ),
    f"UPDATE items SET {', '.join(f'{column} = o.{column}' for column in _CHANGING)}"
    " FROM temp.merging AS m JOIN other.items AS o ON o.number = m.theirs"
    " WHERE m.is_new = 0 AND items.number = m.ours",
)
_BRING_OVER = (
    f"INSERT INTO items (number, {_ITEM}) SELECT m.ours, {_ITEM} FROM other.items AS o"
    " JOIN temp.merging AS m ON m.theirs = o.number WHERE m.is_new = 1",
    "INSERT INTO texts SELECT m.ours, t.content, t.forms FROM other.texts AS t"
    " JOIN temp.merging AS m ON m.theirs = t.item",
    "INSERT INTO item_topics SELECT m.ours, t.topic, t.score, t.effective, t.evidence"
    " FROM other.item_topics AS t JOIN temp.merging AS m ON m.theirs = t.item",
    "INSERT INTO near_topics SELECT m.ours, n.topics FROM other.near_topics AS n"
    " JOIN temp.merging AS m ON m.theirs = n.item",
    "INSERT OR IGNORE INTO organizations (name) SELECT name FROM other.organizations ORDER BY number",
    "INSERT OR IGNORE INTO organization_words SELECT w.word, mine.number FROM other.organization_words AS w"
    " JOIN other.organizations AS o ON o.number = w.organization"
    " JOIN main.organizations AS mine ON mine.name = o.name",
    "INSERT INTO item_organizations SELECT m.ours, x.position, mine.number, x.effective"
    " FROM other.item_organizations AS x JOIN temp.merging AS m ON m.theirs = x.item"
    " JOIN other.organizations AS o ON o.number = x.organization"
    " JOIN main.organizations AS mine ON mine.name = o.name",
    *(
        f"INSERT OR IGNORE INTO {table} SELECT k.key, m.ours FROM other.{table} AS k"
        " JOIN temp.merging AS m ON m.theirs = k.item"
        for table in ("item_keys", "story_keys")
    ),
)
_SAID = "title, url, summary, content, published"
# What an item said once, there and not here; also what it still says there and was edited here.
_REVISE = (
    f"INSERT INTO revisions (item, seen, {_SAID}) SELECT item, seen, {_SAID} FROM (SELECT i.number AS item,"
    " r.seen, r.title, r.url, r.summary, r.content, r.published FROM other.revisions AS r"
    f" JOIN other.items AS o ON o.number = r.item JOIN main.items AS i ON i.id = {_ID}"
    " UNION ALL SELECT i.number, i.updated, o.title, o.url, o.summary, t.content, o.published"
    f" FROM other.items AS o JOIN main.items AS i ON i.id = {_ID} JOIN other.texts AS t ON t.item = o.number"
    " WHERE o.updated < i.updated AND o.content_hash IS NOT i.content_hash) AS said"
    " WHERE NOT EXISTS (SELECT 1 FROM main.revisions AS m WHERE m.item = said.item AND"
    " (m.title, m.url, m.summary, m.content, m.published) IS"
    " (said.title, said.url, said.summary, said.content, said.published)) ORDER BY seen",
)
_UNITE = (
    "UPDATE items SET story = t.ours FROM temp.twins AS t WHERE t.theirs = items.story",
    # A story that has got another leader here takes along what retells it there.
    "UPDATE items SET story = l.story FROM items AS l WHERE items.story <> items.id AND l.id = items.story"
    " AND l.story <> l.id",
    "UPDATE items SET first_seen = o.first_seen FROM other.items AS o"
    f" WHERE items.id = {_ID} AND o.first_seen < items.first_seen",
    "INSERT OR IGNORE INTO deliveries SELECT i.number, d.profile, d.shown_at FROM other.deliveries AS d"
    f" JOIN other.items AS o ON o.number = d.item JOIN main.items AS i ON i.id = {_ID}",
    # A reader known only there: what arrived here in its time has not been shown to it either.
    "INSERT OR IGNORE INTO readers SELECT r.profile, r.first_run, coalesce((SELECT min(i.number)"
    " FROM main.items AS i LEFT JOIN temp.twins AS t ON t.ours = i.id"
    " LEFT JOIN other.items AS o ON o.id = coalesce(t.theirs, i.id) WHERE o.number >= r.from_item"
    " OR i.first_seen >= strftime('%Y-%m-%dT%H:%M:%SZ', r.first_run, '-14 days')), ?1 + 1)"
    " FROM other.readers AS r",
    "INSERT INTO hub_members SELECT hub, organization, first_seen, last_seen FROM other.hub_members WHERE 1"
    " ON CONFLICT (hub, organization) DO UPDATE SET first_seen = min(first_seen, excluded.first_seen),"
    " last_seen = max(last_seen, excluded.last_seen)",
    "INSERT INTO hosts SELECT host, blocked_until FROM other.hosts WHERE 1 ON CONFLICT (host)"
    " DO UPDATE SET blocked_until = max(blocked_until, excluded.blocked_until)",
    # Tags by other rules: the next sync tags everything anew.
    "DELETE FROM meta WHERE name = 'rules'"
    " AND value IS NOT (SELECT value FROM other.meta WHERE name = 'rules')"
    " AND EXISTS (SELECT 1 FROM temp.merging)",
)
_PRUNED = (
    "CREATE TEMP TABLE merging_pruned (theirs INTEGER PRIMARY KEY, ours INTEGER NOT NULL)",
    "INSERT INTO merging_pruned SELECT p.number, ?1 + row_number() OVER (ORDER BY p.number)"
    " FROM other.pruned AS p WHERE NOT EXISTS (SELECT 1 FROM items AS i WHERE i.id = p.id)"
    " AND NOT EXISTS (SELECT 1 FROM main.pruned AS mine WHERE mine.id = p.id)",
    "INSERT INTO pruned SELECT m.ours, p.id, p.source, p.title, p.url, p.guid, p.published, p.first_seen,"
    " p.effective, p.content_hash FROM other.pruned AS p"
    " JOIN temp.merging_pruned AS m ON m.theirs = p.number",
    "INSERT OR IGNORE INTO item_keys SELECT k.key, m.ours FROM other.item_keys AS k"
    " JOIN temp.merging_pruned AS m ON m.theirs = k.item",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """What came over: how many items were new here, how many newer; ids of the new ones."""

    added: int
    updated: int
    new: tuple[str, ...]


def merge(store: Store, other: Path, settle: Callable[[tuple[str, ...]], None] | None = None) -> Merged:
    """Take over everything that the other store has and this one has not, in one transaction.

    `settle` is called with the ids of the new items before it ends, to do what only others can decide.
    """
    if other.exists() and store.path.exists() and other.samefile(store.path):
        raise UsageError(f"{other} is this store itself", hint="name another store")
    if not other.exists():
        raise UsageError(f"there is no store {other}", hint="check the path")
    open_for_reading(other).close()  # refused here if it is none, brought up to date if it is older
    with _attached(store, other), store.transaction():
        _merge_sources(store)
        twins.find(store, other)
        last = writing.last_number(store)
        for sql in _CHOOSE:
            store.write(sql, (last,) if "?1" in sql else ())
        replaced = [row[0] for row in store.rows("SELECT ours FROM temp.merging WHERE is_new = 0")]
        indexed = indexing.forget(store, replaced)
        for sql in (*_REPLACE, *_BRING_OVER, *_REVISE):
            store.write(sql)
        indexing.enter(store, indexed)
        last = writing.last_number(store)
        for sql in (*_UNITE, *_PRUNED):
            store.write(sql, (last,) if "?1" in sql else ())
        sources.count_anew(store)
        new = store.rows(
            "SELECT i.id FROM temp.merging AS m JOIN items AS i ON i.number = m.ours WHERE m.is_new = 1"
            " ORDER BY i.number"
        )
        ids = tuple(row[0] for row in new)
        store.write("DROP TABLE temp.twins")
        store.write("DROP TABLE temp.merging")
        store.write("DROP TABLE temp.merging_pruned")
        if settle is not None:
            settle(ids)
    indexing.catch_up(store)
    return Merged(added=len(ids), updated=len(replaced), new=ids)


def _merge_sources(store: Store) -> None:
    columns = [row[1] for row in store.rows("PRAGMA main.table_info(source_states)")]
    listed = ", ".join(columns)
    store.write("INSERT OR IGNORE INTO sources SELECT * FROM other.sources")
    store.write(
        f"INSERT INTO source_states ({listed}) SELECT {listed} FROM other.source_states WHERE 1"
        f" ON CONFLICT (source) DO UPDATE SET {', '.join(f'{c} = excluded.{c}' for c in columns[1:])}"
        " WHERE coalesce(excluded.last_asked, '') > coalesce(source_states.last_asked, '')"
    )


@contextmanager
def _attached(store: Store, other: Path) -> Iterator[None]:
    _attach(store, other, *WAYS_TO_READ)
    try:
        yield
    finally:
        store.write("DETACH DATABASE other")


def _attach(store: Store, other: Path, way: str, *more: str) -> None:
    try:
        store.write("ATTACH DATABASE ? AS other", (f"{other.absolute().as_uri()}?{way}",))
        store.row("SELECT count(*) FROM other.sqlite_master")
    except StoreError:
        with suppress(StoreError):  # it may not have come so far
            store.write("DETACH DATABASE other")
        if not more:
            raise
        _attach(store, other, *more)
