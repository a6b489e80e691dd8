"""Make a store of so many items for the measurement of lists: tagged short items, ten years of them.

The first fifty thousand go the way of a sync; the others are these again, under other ids and at other times.
"""

from __future__ import annotations

import random
import sqlite3
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import feeds

from hubwatch import facts, identity, item_ids, stories
from hubwatch.catalog import vocabulary
from hubwatch.models import Hub, Item, Source, SourceState
from hubwatch.store import items as item_store
from hubwatch.store import sources
from hubwatch.store.db import Store, open_for_writing

_SOURCES = 400
_BATCH = 4000
_BASE = 50_000
_POOL = 800  # items that are tagged; the others take their facts over
_DAYS = 3650


def _pool(rng: random.Random, now: datetime) -> list[Item]:
    rules = facts.compile_rules(vocabulary.load())
    made = []
    for _ in range(_POOL):
        text = ". ".join(feeds.words(rng, rng.randrange(10, 30)) for _ in range(6))
        item = Item(
            id="", source="", title=feeds.title(rng), summary=text[:280], content=text,
            first_seen=now, updated=now, effective=now,
        )  # fmt: skip
        made.append(facts.tag(item, rules))
    return made


def _item(number: int, like: Item, rng: random.Random, now: datetime, total: int, days: float) -> Item:
    from dataclasses import replace

    source = f"s{number % _SOURCES:04d}"
    when = now - timedelta(days=days * (1 - number / total), seconds=rng.randrange(3600))
    title = f"{like.title} {feeds.words(rng, 3)}"
    url = f"https://{source}.example.org/{when:%Y/%m}/{number}/"
    deadline = when.date() + timedelta(days=number % 60) if like.deadline else None
    return replace(
        like, id=item_ids.item_id(source, None, url, title, when), source=source, title=title, url=url,
        published=when, effective=when, first_seen=when, updated=when, deadline=deadline,
        content=f"{like.content} {feeds.words(rng, 20)}",
    )  # fmt: skip


def _fill(store: Store, total: int, days: float, now: datetime) -> None:
    rng = random.Random(total)
    pool = _pool(rng, now)
    hubs = tuple(Hub(id=f"h{n}", kind="institute", name=f"Hub {n}", state="OH") for n in range(40))
    followed = tuple(
        Source(id=f"s{n:04d}", name=f"Site {n}", url=f"https://s{n}.example.org/feed/", hub=f"h{n % 40}")
        for n in range(_SOURCES)
    )
    sources.register(store, followed, hubs)
    for start in range(0, total, _BATCH):
        made = [
            _item(n, rng.choice(pool), rng, now, total, days)
            for n in range(start, min(start + _BATCH, total))
        ]
        by_source: dict[str, list[Item]] = {}
        for item in made:
            by_source.setdefault(item.source, []).append(item)
        with store.transaction():
            for source, some in by_source.items():
                keys = {item.id: stories.keys(item) for item in some}
                new = identity.Resolution(new=tuple(some))
                state = SourceState(source=source, last_success=now)
                item_store.save(store, source, new, state, now=now, story_keys=keys)


_SHIFTED = ("published", "first_seen", "updated", "effective")
_MANY_TABLES = ("items", "texts", "item_topics", "item_organizations", "item_keys", "story_keys")


def _multiply(path: Path, base: int, times: int, days: float) -> None:
    """Enter all items again, each time under other numbers, ids and keys, and later in time."""
    db = sqlite3.connect(path)
    db.executescript("PRAGMA synchronous = OFF; PRAGMA cache_size = -200000; PRAGMA temp_store = MEMORY")
    for copy in range(1, times):
        for table in _MANY_TABLES:
            columns = [row[1] for row in db.execute(f"PRAGMA table_info({table})")]
            asked = ", ".join(_shifted(column, copy, base, days) for column in columns)
            source = f"{table} WHERE {'number' if table == 'items' else 'item'} <= {base}"
            db.execute(f"INSERT INTO {table} ({', '.join(columns)}) SELECT {asked} FROM {source}")
        db.commit()
    db.execute(f"UPDATE sources SET items = items * {times}")
    db.execute("UPDATE meta SET value = ? WHERE name = 'indexed_to'", (str(base * times),))
    db.execute("INSERT INTO search (search) VALUES ('rebuild')")
    db.commit()
    db.close()


def _shifted(column: str, copy: int, base: int, days: float) -> str:
    if column in ("number", "item"):
        return f"{column} + {copy * base}"
    if column in ("id", "story"):
        return f"printf('g%03x', {copy}) || substr({column}, 5)"
    if column == "key":
        return f"(key & ~1048575) | ((key + {copy * 7919}) & 1048575)"
    if column in _SHIFTED:
        return f"strftime('%Y-%m-%dT%H:%M:%SZ', {column}, '+{copy * days:.4f} days')"
    if column == "deadline":
        return f"date(deadline, '+{copy * days:.4f} days')"
    return f"{column} || '{copy}/'" if column == "url" else column


def main() -> None:
    """Make the store that the command line names."""
    path, total = Path(sys.argv[1]), int(sys.argv[2])
    base = min(total, _BASE)
    days = _DAYS * base / total
    with open_for_writing(path) as store:
        _fill(store, base, days, datetime.now(UTC) - timedelta(days=_DAYS - days))
    if total > base:
        _multiply(path, base, total // base, days)


if __name__ == "__main__":
    main()
