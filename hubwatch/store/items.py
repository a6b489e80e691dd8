"""Items in the store: recognized, saved with their source's state in one transaction, read one by one.

What only a sync needs is imported where it is used: lists do without, and save 15 ms.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from itertools import takewhile
from typing import TYPE_CHECKING

from hubwatch.errors import UnknownNameError, UsageError
from hubwatch.store import indexing, listing, sources, values
from hubwatch.store.db import Row, Store
from hubwatch.store.query import Sql

if TYPE_CHECKING:
    from hubwatch.identity import KnownItem, Resolution
    from hubwatch.models import Carried, Item, Revision, SourceState, Tag

_COMPARED = 3000  # characters of a text: `stories` looks at no more
_TELLING = 6  # letters of an id that two items hardly share by chance
_CANDIDATES = 40  # a key that more items share says little; the newest are the likeliest


def is_empty(store: Store) -> bool:
    """Tell whether there is not a single item."""
    return store.row("SELECT 1 FROM items LIMIT 1") is None


def known(store: Store, source: str, items: Sequence[Item]) -> tuple[KnownItem, ...]:
    """Return what the store has of this source by the same guid, link or title as any of these items."""
    from hubwatch.store import writing

    keys = sorted({key for item in items for key in writing.match_keys(item)})
    ids = [item.id for item in items]
    found = []
    for table in ("items", "pruned"):
        found += store.rows(
            "SELECT i.id, i.guid, i.url, i.title, i.published, i.content_hash, i.first_seen,"
            " i.effective, (SELECT count(*) FROM revisions AS r WHERE r.item = i.number),"
            f" '{table}' = 'pruned' FROM {table} AS i WHERE i.source = ?1 AND i.number IN"
            " (SELECT item FROM item_keys WHERE key IN (SELECT value FROM json_each(?2))"
            f" UNION SELECT number FROM {table} WHERE id IN (SELECT value FROM json_each(?3)))",
            (source, json.dumps(keys), json.dumps(ids)),
        )
    return tuple(_to_known(row) for row in found)


def save(
    store: Store,
    source: str,
    resolution: Resolution,
    state: SourceState | None,
    *,
    now: datetime,
    story_keys: Mapping[str, tuple[str, ...]] | None = None,
) -> None:
    """Save what a source said and what is remembered of it, all or nothing; the unchanged is not written."""
    from hubwatch.store import writing

    keys = story_keys or {}
    with store.transaction():
        if resolution.new or resolution.changed:
            store.write("INSERT OR IGNORE INTO sources (id, name) VALUES (?, ?)", (source, source))
            added = writing.insert(store, resolution.new, keys) if resolution.new else 0
            if resolution.changed:
                writing.update(store, resolution.changed, keys)
            sources.count_in(store, source, added)
        if state is not None:
            sources.save_states(store, (state,))
    if resolution.new:
        indexing.put_off(store)


def set_stories(store: Store, stories: Mapping[str, str]) -> None:
    """Put items into stories; what retold one of them goes with it."""
    with store.transaction():
        store.write_many(
            "UPDATE items SET story = ?2 WHERE id = ?1 AND story IS NOT ?2", list(stories.items())
        )
        store.write_many(
            "UPDATE items SET story = ?2 WHERE story = ?1 AND story <> id AND ?1 <> ?2", list(stories.items())
        )


def get(store: Store, id_prefix: str) -> Item:
    """Return one item with its full text by its id or the beginning of it that no other has."""
    prefix = id_prefix.strip().lower()
    rows = store.rows(
        "SELECT id FROM items WHERE id >= ? AND id < ? ORDER BY id LIMIT 6",
        (values.to_text(prefix), values.to_text(prefix) + "\U0010ffff"),
    )
    ids = [row[0] for row in rows] if prefix else []
    if prefix in ids:
        ids = [prefix]
    if not ids:
        hint = "ids stand in hubwatch digest --json and hubwatch search"
        raise UnknownNameError("item", id_prefix, _nearest(store, prefix), hint=hint)
    if len(ids) > 1:
        message = f"'{id_prefix}' is ambiguous: more than one id begins so"
        raise UsageError(message, hint=f"several begin so: {', '.join(ids)}")
    return by_ids(store, ids)[0]


def _nearest(store: Store, wrong: str) -> str | None:
    """Return the id that begins most like a wrong one; None where that may be by chance."""
    rows = store.rows(
        "SELECT * FROM (SELECT id FROM items WHERE id < ?1 ORDER BY id DESC LIMIT 1) "
        "UNION ALL SELECT * FROM (SELECT id FROM items WHERE id > ?1 ORDER BY id LIMIT 1)",
        (values.to_text(wrong),),
    )

    def shared(id_: str) -> int:
        return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(wrong, id_, strict=False)))

    found = max((row[0] for row in rows), key=shared, default="")
    return found if shared(found) >= max(_TELLING, len(wrong) / 2) else None


def by_ids(store: Store, ids: Iterable[str]) -> tuple[Item, ...]:
    """Return these items with their full text and the topics that they came close to, in order of arrival.

    Ids that are unknown are passed over.
    """
    items = listing.with_contents(
        store,
        listing.read(
            store,
            Sql(
                f"{listing.SELECT} WHERE i.id IN (SELECT value FROM json_each(?)) ORDER BY i.number",
                (json.dumps(list(ids)),),
            ),
        ),
    )
    near = _near_topics(store, [item.id for item in items])
    return tuple(replace(item, tags=(*item.tags, *near.get(item.id, ()))) for item in items)


def _near_topics(store: Store, ids: Sequence[str]) -> dict[str, list[Tag]]:
    from hubwatch.models import Tag

    rows = store.rows(
        "SELECT i.id, n.topics FROM items AS i CROSS JOIN near_topics AS n ON n.item = i.number"
        " WHERE i.id IN (SELECT value FROM json_each(?))",
        (json.dumps(ids),),
    )
    return {
        item: [
            Tag(topic=topic, score=score, evidence=listing.to_evidence(pieces))
            for topic, score, pieces in json.loads(topics)
        ]
        for item, topics in rows
    }


def revisions(store: Store, item: str) -> tuple[Revision, ...]:
    """Return what an item said before, newest first."""
    rows = store.rows(
        "SELECT r.seen, r.title, r.url, r.summary, r.published FROM items AS i"
        " CROSS JOIN revisions AS r ON r.item = i.number WHERE i.id = ? ORDER BY r.seen DESC, r.rowid DESC",
        (item,),
    )
    from hubwatch.models import Revision

    return tuple(
        Revision(
            seen=datetime.fromisoformat(seen),
            title=title,
            url=url,
            summary=summary,
            published=values.from_time(published),
        )
        for seen, title, url, summary, published in rows
    )


def carried(store: Store, stories: Iterable[str]) -> dict[str, tuple[Carried, ...]]:
    """Return everything that tells each of these stories, where that is more than one item."""
    from hubwatch.models import Carried

    wanted = json.dumps(sorted(set(stories)))
    columns = "i.source, i.url, s.name, i.id FROM json_each(?) AS w CROSS JOIN items AS i"
    source = " CROSS JOIN sources AS s ON s.id = i.source"
    followers = store.rows(
        f"SELECT i.story, {columns} ON i.story = w.value AND i.story <> i.id{source} ORDER BY i.number",
        (wanted,),
    )
    told = json.dumps(sorted({row[0] for row in followers}))
    leaders = store.rows(f"SELECT i.id, {columns} ON i.id = w.value{source}", (told,))
    found: dict[str, list[Carried]] = {}
    for story, source_id, url, name, item in (*leaders, *followers):
        found.setdefault(story, []).append(Carried(source=source_id, url=url, source_name=name, item=item))
    return {story: tuple(members) for story, members in found.items() if len(members) > 1}


def deadlines(store: Store, stories: Iterable[str]) -> dict[str, tuple[tuple[str | None, date], ...]]:
    """Return the last days that the calls which tell each of these stories name, each with its hub."""
    wanted = json.dumps(sorted(set(stories)))
    found: dict[str, tuple[tuple[str | None, date], ...]] = {}
    for mates in ("i.id = w.value", "i.story = w.value AND i.story <> i.id"):
        rows = store.rows(
            f"SELECT w.value, s.hub, i.deadline FROM json_each(?) AS w CROSS JOIN items AS i ON {mates}"
            " CROSS JOIN sources AS s ON s.id = i.source"
            " WHERE i.kind = 'call' AND i.deadline IS NOT NULL",
            (wanted,),
        )
        for story, hub, day in rows:
            found[story] = (*found.get(story, ()), (hub, date.fromisoformat(day)))
    return found


def story_candidates(
    store: Store, reach: Mapping[str, tuple[datetime, datetime] | None]
) -> dict[str, list[Item]]:
    """Return for each key the newest items that have it too, with what tells whether two are one.

    `reach` gives the keys, each with the first and last time of publication wanted, or None for any; items
    without such a time are always wanted.
    """
    from hubwatch.store.keys import to_key

    names = {to_key(key): key for key in reach}
    rows = store.rows(
        # Of each key the newest: those before the last of as many as are wanted do not count.
        "SELECT k.key, i.number, i.published FROM json_each(?1) AS w CROSS JOIN story_keys AS k"
        " ON k.key = w.value AND k.item >= coalesce((SELECT item FROM story_keys WHERE key = w.value"
        " ORDER BY item DESC LIMIT 1 OFFSET ?2), 0)"
        " CROSS JOIN items AS i ON i.number = k.item"
        # Hardly any key of something new is there: that alone is looked up before its newest.
        " WHERE EXISTS (SELECT 1 FROM story_keys WHERE key = w.value) ORDER BY k.item DESC",
        (json.dumps(list(names)), _CANDIDATES - 1),
    )
    met = ((names[key], number, published) for key, number, published in rows)
    shared = [(key, number) for key, number, published in met if _is_within(published, reach[key])]
    items = _comparable(store, {number for _, number in shared})
    found: dict[str, list[Item]] = {}
    for key, number in shared:
        found.setdefault(key, []).append(items[number])
    return found


def _is_within(published: str | None, span: tuple[datetime, datetime] | None) -> bool:
    if published is None or span is None:
        return True
    first, last = map(values.to_time, span)
    return (first or "") <= published <= (last or "")


def _comparable(store: Store, numbers: Iterable[int]) -> dict[int, Item]:
    """Read of these items what tells whether two are one announcement; no tags, no organizations."""
    from hubwatch.models import Item

    rows = store.rows(
        "SELECT i.number, i.id, i.source, i.title, i.url, i.summary, coalesce(substr(t.content, 1, ?2), ''),"
        " i.published, i.first_seen, i.updated, i.effective, i.story"
        " FROM items AS i LEFT JOIN texts AS t ON t.item = i.number"
        " WHERE i.number IN (SELECT value FROM json_each(?1))",
        (json.dumps(sorted(numbers)), _COMPARED),
    )
    time = datetime.fromisoformat
    return {
        number: Item(
            id=item_id, source=source, title=title, url=url, summary=summary, content=content,
            published=values.from_time(published), first_seen=time(first_seen), updated=time(updated),
            effective=time(effective), story=story,
        )
        for number, item_id, source, title, url, summary, content, published, first_seen, updated,
        effective, story in rows
    }  # fmt: skip


def _to_known(row: Row) -> KnownItem:
    from hubwatch import identity, item_ids
    from hubwatch.text import urls

    item_id, guid, url, title, published, content_hash, first_seen, effective, revised, is_pruned = row
    return identity.KnownItem(
        id=item_id,
        guid=guid,
        url_key=urls.key(url) if url else None,
        title_key=item_ids.title_key(title),
        published=values.from_time(published),
        first_seen=datetime.fromisoformat(first_seen),
        effective=datetime.fromisoformat(effective),
        content_hash=content_hash or "",
        title=title,
        revisions=revised,
        is_pruned=bool(is_pruned),
    )
