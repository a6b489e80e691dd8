"""The rows behind an item: made when it is new, replaced when it changed. Call it inside a transaction."""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping, Sequence

from hubwatch import item_ids
from hubwatch.models import Item, Tag
from hubwatch.store import indexing, names, phrases, values
from hubwatch.store.db import Row, Store
from hubwatch.store.deliveries import OLD_ON_ARRIVAL
from hubwatch.store.keys import to_key
from hubwatch.text import urls

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode

_NEAR = 4  # topics that are no tags but come closest: as many as are shown ...
_NEAR_SCORE = 0.3  # ... of those that have about half the weight of a tag

StoryKeys = Mapping[str, tuple[str, ...]]


def insert(store: Store, items: Sequence[Item], story_keys: StoryKeys) -> int:
    """Enter new items; one whose id is known already, or was pruned, is passed over. Return how many."""
    items = _without_known(store, items)
    first = last_number(store) + 1
    numbered = list(enumerate(items, start=first))
    store.write_many(
        "INSERT INTO items (number, id, source, title, url, guid, summary, published, first_seen, updated,"
        " effective, kind, kind_reason, money_usd, deadline, story, authors, categories, content_hash,"
        " arrived_old) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [_to_row(number, item) for number, item in numbered],
    )
    _insert_details(store, numbered, story_keys)
    return len(numbered)


def update(store: Store, items: Sequence[Item], story_keys: StoryKeys) -> None:
    """Replace items that changed, and keep what they said before."""
    numbered = with_numbers(store, items)
    numbers = [number for number, _ in numbered]
    _keep_revisions(store, numbered)
    indexed = indexing.forget(store, numbers)
    store.write_many(
        "UPDATE items SET title = ?, url = ?, guid = ?, summary = ?, published = ?, updated = ?,"
        " effective = ?, kind = ?, kind_reason = ?, money_usd = ?, deadline = ?, story = coalesce(?, story),"
        " authors = ?, categories = ?, content_hash = ? WHERE number = ?",
        [_to_changes(number, item) for number, item in numbered],
    )
    store.write_many("DELETE FROM texts WHERE item = ?", [(number,) for number, _ in numbered])
    clear_facts(store, numbers)
    _insert_details(store, numbered, story_keys)
    indexing.enter(store, indexed)


def with_numbers(store: Store, items: Sequence[Item]) -> list[tuple[int, Item]]:
    """Return items with their numbers; those that the store does not have are passed over."""
    known: dict[str, int] = dict(
        store.rows(
            "SELECT id, number FROM items WHERE id IN (SELECT value FROM json_each(?))",
            (json.dumps([item.id for item in items]),),
        )
    )
    return [(known[item.id], item) for item in items if item.id in known]


def last_number(store: Store) -> int:
    """Return the highest number that an item has or had."""
    row = store.row(
        "SELECT max(coalesce((SELECT max(number) FROM items), 0),"
        " coalesce((SELECT max(number) FROM pruned), 0))"
    )
    return int(row[0]) if row else 0


def clear_facts(store: Store, numbers: Sequence[int]) -> None:
    """Remove the tags and organizations of these items."""
    for table in ("item_topics", "near_topics", "item_organizations"):
        store.write_many(f"DELETE FROM {table} WHERE item = ?", [(number,) for number in numbers])


def insert_facts(store: Store, numbered: Sequence[tuple[int, Item]]) -> None:
    """Enter the tags and organizations of these items."""
    times = {number: values.to_time(item.effective) for number, item in numbered}
    store.write_many(
        "INSERT INTO item_topics (item, topic, score, effective, evidence) VALUES (?, ?, ?, ?, ?)",
        [
            (number, tag.topic, tag.score, times[number], _to_json(_pieces(tag)))
            for number, item in numbered
            for tag in item.tags
            if tag.is_given
        ],
    )
    near = [
        (number, [tag for tag in item.tags if not tag.is_given and tag.score >= _NEAR_SCORE][:_NEAR])
        for number, item in numbered
    ]
    store.write_many(
        "INSERT INTO near_topics (item, topics) VALUES (?, ?)",
        [
            (number, _to_json([(tag.topic, tag.score, _pieces(tag)) for tag in tags]))
            for number, tags in near
            if tags
        ],
    )
    named = {name: values.to_text(name) for _, item in numbered for name in item.organizations}
    numbers = names.numbers_of(store, list(named.values()))
    store.write_many(
        "INSERT INTO item_organizations (item, position, organization, effective) VALUES (?, ?, ?, ?)",
        [
            (number, position, numbers[named[name]], times[number])
            for number, item in numbered
            for position, name in enumerate(dict.fromkeys(item.organizations))
        ],
    )


def match_keys(item: Item) -> tuple[int, ...]:
    """Return the hashes that an item is known again by: of its guid, its link and its title."""
    return _match_keys(item.source, item.guid, item.url, item.title)


@functools.lru_cache(maxsize=1024)  # asked when an item is looked for, and again when it is stored
def _match_keys(source: str, guid: str | None, url: str | None, title: str) -> tuple[int, ...]:
    found = []
    if guid:
        found.append(to_key(source, "guid", guid))
    if url:
        found.append(to_key(source, "url", urls.key(url)))
    folded = item_ids.title_key(title)
    if folded:
        found.append(to_key(source, "title", folded))
    return tuple(found)


def _without_known(store: Store, items: Sequence[Item]) -> list[Item]:
    ids = json.dumps([item.id for item in items])
    known = {
        row[0]
        for table in ("items", "pruned")
        for row in store.rows(f"SELECT id FROM {table} WHERE id IN (SELECT value FROM json_each(?))", (ids,))
    }
    fresh = {item.id: item for item in items if item.id not in known}
    return list(fresh.values())


def _insert_details(store: Store, numbered: Sequence[tuple[int, Item]], story_keys: StoryKeys) -> None:
    store.write_many(
        "INSERT INTO texts (item, content, forms) VALUES (?, ?, ?)",
        [(number, values.to_text(item.content), _forms(item)) for number, item in numbered],
    )
    store.write_many(
        "INSERT OR IGNORE INTO item_keys (key, item) VALUES (?, ?)",
        [(key, number) for number, item in numbered for key in match_keys(item)],
    )
    store.write_many(
        "INSERT OR IGNORE INTO story_keys (key, item) VALUES (?, ?)",
        [(to_key(key), number) for number, item in numbered for key in story_keys.get(item.id, ())],
    )
    insert_facts(store, numbered)


def _forms(item: Item) -> str:
    return values.to_text(phrases.joined_forms(item.title, item.summary, item.content))


def _pieces(tag: Tag) -> list[tuple[str, str, float]]:
    return [(e.words, e.where, e.weight) for e in tag.evidence]


def _to_json(value: object) -> str:
    return values.to_text(_encode(value))


def _to_row(number: int, item: Item) -> Row:
    effective = values.to_time(item.effective)
    same = item.published is item.effective
    return (
        number,
        item.id,
        item.source,
        values.to_text(item.title),
        values.to_text_or_none(item.url),
        values.to_text_or_none(item.guid),
        values.to_text(item.summary),
        effective if same else values.to_time(item.published),
        values.to_time(item.first_seen),
        values.to_time(item.updated),
        effective,
        item.kind,
        values.to_text_or_none(item.kind_reason),
        values.to_real(item.money_usd),
        values.to_date(item.deadline),
        item.story,
        values.to_list(item.authors),
        values.to_list(item.categories),
        item_ids.content_hash(item),
        int(item.first_seen - item.effective > OLD_ON_ARRIVAL),
    )


def _to_changes(number: int, item: Item) -> Row:
    row = _to_row(number, item)
    return (*row[3:8], *row[9:19], number)


def _keep_revisions(store: Store, numbered: Sequence[tuple[int, Item]]) -> None:
    store.write_many(
        "INSERT INTO revisions (item, seen, title, url, summary, content, published)"
        " SELECT i.number, ?, i.title, i.url, i.summary, coalesce(t.content, ''), i.published"
        " FROM items AS i LEFT JOIN texts AS t ON t.item = i.number WHERE i.number = ?",
        [(values.to_time(item.updated), number) for number, item in numbered],
    )
