"""Lists of items as values, without their full text: what a query matches, open calls, how many there are."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from hubwatch.models import CALL_OPEN_DAYS, Evidence, Item, Tag
from hubwatch.store import candidates, values
from hubwatch.store.db import Row, Store
from hubwatch.store.query import ItemQuery, Sql, all_of, joined_by

CALL_OPEN = timedelta(days=CALL_OPEN_DAYS)

_LONG_AGO = "1970"  # what was undated and old when it arrived has an effective time before this year

# Calls: what is open by how soon it ends, then what has no deadline, then what is over, the latest first.
_BY_DEADLINE = (
    "coalesce({0}.deadline < ?, 0), abs(julianday(coalesce({0}.deadline, '9999-12-31')) - julianday(?))"
)

_COLUMNS = (
    "i.number, i.id, i.source, i.title, i.url, i.guid, i.summary, i.published, i.first_seen, i.updated,"
    " i.effective, i.authors, i.categories, i.kind, i.kind_reason, i.money_usd, i.deadline, i.story,"
    " s.name, s.hub, s.state, s.what"
)
SELECT = f"SELECT {_COLUMNS} FROM items AS i CROSS JOIN sources AS s ON s.id = i.source"


def select(store: Store, query: ItemQuery) -> tuple[Item, ...]:
    """Return items that match, newest first, with tags and organizations, without their full text.

    Where more match than the limit allows, the order says which: the newest, the likeliest to rank high,
    or those due next.
    """
    chosen = candidates.window(store, query)
    return read(
        store,
        Sql(
            f"SELECT {_COLUMNS} FROM ({chosen.text}) AS c CROSS JOIN items AS i ON i.number = c.number"
            " CROSS JOIN sources AS s ON s.id = i.source ORDER BY i.effective DESC, i.number DESC",
            chosen.params,
        ),
    )


def by_numbers(store: Store, numbers: Iterable[int]) -> dict[int, Item]:
    """Return the items of these numbers in order of arrival, without their full text."""
    wanted = json.dumps(list(numbers))
    found = _read_numbered(
        store,
        Sql(
            f"{SELECT} WHERE i.number IN (SELECT value FROM json_each(?)) ORDER BY i.number",
            (wanted,),
        ),
    )
    return dict(found)


def count_stories(store: Store, query: ItemQuery, *, at_most: int) -> tuple[int, bool]:
    """Count the announcements that match, each once however many carry it; tell whether that is all.

    Of very many items only `at_most` are looked at: their number is then the least that there are.
    """
    chosen = candidates.every(store, query, "number")
    # Items less those that retell something, but for stories of which only retellings are among them.
    row = store.row(
        f"WITH chosen (number) AS (SELECT number FROM ({chosen.text}) LIMIT ?),"
        " retelling (story) AS (SELECT i.story FROM chosen AS c"
        " CROSS JOIN items AS i INDEXED BY retold ON i.number = c.number AND i.story <> i.id)"
        " SELECT (SELECT count(*) FROM chosen), (SELECT count(*) FROM retelling),"
        " (SELECT count(DISTINCT story) FROM retelling WHERE NOT EXISTS"
        " (SELECT 1 FROM items AS l WHERE l.id = retelling.story AND l.number IN chosen))",
        (*chosen.params, at_most),
    )
    items, retellings, led_from_without = row or (0, 0, 0)
    return items - retellings + led_from_without, items < at_most


def calls(store: Store, query: ItemQuery, *, now: datetime, include_closed: bool = False) -> tuple[Item, ...]:
    """Return project calls, open ones unless asked: those due next, then those without a known deadline.

    Where there are more than the limit and the newest are asked for, it is these.
    """
    today = now.date().isoformat()
    chosen = _calls(store, query, now=now, include_closed=include_closed)
    by_deadline = query.filters.sort != "newest"
    order = (f"{_BY_DEADLINE}, " if by_deadline else "") + "{0}.effective DESC, {0}.number"
    days = (today, today) if by_deadline else ()
    return read(
        store,
        Sql(
            f"SELECT {_COLUMNS} FROM"
            f" (SELECT u.number FROM ({chosen.text}) AS u ORDER BY {order.format('u')} LIMIT ?) AS c"
            " CROSS JOIN items AS i ON i.number = c.number CROSS JOIN sources AS s ON s.id = i.source"
            f" ORDER BY {order.format('i')}",
            (*chosen.params, *days, query.cap, *days),
        ),
    )


def _calls(store: Store, query: ItemQuery, *, now: datetime, include_closed: bool) -> Sql:
    """Return the statement for the calls that may be among the first: each sort by an index in its order."""
    narrowed = all_of(candidates.conditions_on(store, query))
    # By days and not by hours, as `profiles.is_open` tells.
    today, lately = now.date().isoformat(), f"{now.date() - CALL_OPEN}T00:00:00Z"
    oldest = "" if include_closed else lately
    sorts = [
        ("calls_by_deadline", Sql("i.deadline >= ?", (today,)), "i.deadline, "),
        ("items_by_kind", Sql("i.deadline IS NULL AND i.effective >= ?", (oldest,)), ""),
    ]
    if include_closed:
        sorts.append(("calls_by_deadline", Sql("i.deadline < ?", (today,)), "i.deadline DESC, "))
    else:
        # What a list of calls held when it was first read, though old by --since: see profiles.is_open.
        listed = Sql(
            "i.deadline IS NULL AND i.effective < ? AND i.published IS NULL AND i.first_seen >= ?"
            " AND i.source IN (SELECT id FROM sources WHERE what = 'project-calls')",
            (_LONG_AGO, lately),
        )
        sorts.append(("items_by_kind", listed, ""))
    if query.filters.sort == "newest":
        sorts = [(index, where, "") for index, where, _ in sorts]
    branches = [
        Sql(
            f"SELECT * FROM (SELECT i.number, i.deadline, i.effective FROM items AS i INDEXED BY {index}"
            f" WHERE i.kind = 'call' AND {where.text} AND {narrowed.text}"
            f" ORDER BY {order}i.effective DESC, i.number LIMIT ?)",
            (*where.params, *narrowed.params, query.cap),
        )
        for index, where, order in sorts
    ]
    return joined_by(" UNION ALL ", branches)


def read(store: Store, sql: Sql) -> tuple[Item, ...]:
    """Return the items of a statement that selects what SELECT does."""
    return tuple([item for _, item in _read_numbered(store, sql)])


def _read_numbered(store: Store, sql: Sql) -> list[tuple[int, Item]]:
    rows = store.rows(sql.text, sql.params)
    numbers = json.dumps([row[0] for row in rows])
    tags = _tags(store, numbers)
    organizations = _organizations(store, numbers)
    return [(row[0], _to_item(row, tags.get(row[0], ()), organizations.get(row[0], ()))) for row in rows]


def with_contents(store: Store, items: Sequence[Item]) -> tuple[Item, ...]:
    """Return these items with their full text."""
    rows = store.rows(
        "SELECT i.id, t.content FROM items AS i JOIN texts AS t ON t.item = i.number"
        " WHERE i.id IN (SELECT value FROM json_each(?))",
        (json.dumps([item.id for item in items]),),
    )
    contents: dict[str, str] = dict(rows)
    return tuple(replace(item, content=contents.get(item.id, "")) for item in items)


def _tags(store: Store, numbers: str) -> dict[int, tuple[Tag, ...]]:
    rows = store.rows(
        "SELECT item, topic, score, evidence FROM item_topics"
        " WHERE item IN (SELECT value FROM json_each(?)) ORDER BY item, score DESC, topic",
        (numbers,),
    )
    # One call reads the evidence of all rows: an array of their arrays.
    evidence = json.loads(f"[{','.join(row[3] for row in rows)}]")
    found: dict[int, list[Tag]] = {}
    for (item, topic, score, _), pieces in zip(rows, evidence, strict=True):
        found.setdefault(item, []).append(Tag(topic=topic, score=score, evidence=to_evidence(pieces)))
    return {item: tuple(tags) for item, tags in found.items()}


def to_evidence(pieces: Iterable[list[Any]]) -> tuple[Evidence, ...]:
    """Return the evidence of a tag as it is kept in JSON."""
    return tuple([Evidence(words=words, where=where, weight=weight) for words, where, weight in pieces])


def _organizations(store: Store, numbers: str) -> dict[int, tuple[str, ...]]:
    rows = store.rows(
        "SELECT x.item, o.name FROM item_organizations AS x"
        " CROSS JOIN organizations AS o ON o.number = x.organization"
        " WHERE x.item IN (SELECT value FROM json_each(?)) ORDER BY x.item, x.position",
        (numbers,),
    )
    found: dict[int, list[str]] = {}
    for item, name in rows:
        found.setdefault(item, []).append(name)
    return {item: tuple(names) for item, names in found.items()}


def _to_item(row: Row, tags: tuple[Tag, ...], organizations: tuple[str, ...]) -> Item:
    time = datetime.fromisoformat
    return Item(
        id=row[1],
        source=row[2],
        title=row[3],
        url=row[4],
        guid=row[5],
        summary=row[6],
        published=time(row[7]) if row[7] else None,
        first_seen=time(row[8]),
        updated=time(row[9]),
        effective=time(row[10]),
        authors=values.from_list(row[11]),
        categories=values.from_list(row[12]),
        tags=tags,
        kind=row[13],
        kind_reason=row[14],
        organizations=organizations,
        money_usd=row[15],
        deadline=values.from_date(row[16]),
        story=row[17],
        source_name=row[18],
        hub=row[19],
        state=row[20],
        what=row[21],
    )
