"""Make a store of so many items for the measurement of lists: tagged short items, ten years of them."""

from __future__ import annotations

import random
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import feeds

from hubwatch import facts, identity, stories
from hubwatch.catalog import vocabulary
from hubwatch.models import Hub, Item, Source, SourceState
from hubwatch.store import items as item_store
from hubwatch.store import sources
from hubwatch.store.db import open_for_writing

_SOURCES = 400
_BATCH = 500
_POOL = 3000  # items that are tagged; the others take their facts over
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


def _item(number: int, like: Item, rng: random.Random, now: datetime, total: int) -> Item:
    from dataclasses import replace

    source = f"s{number % _SOURCES:04d}"
    when = now - timedelta(days=_DAYS * (1 - number / total), seconds=rng.randrange(3600))
    title = f"{like.title} {feeds.words(rng, 3)}"
    url = f"https://{source}.example.org/{when:%Y/%m}/{number}/"
    return replace(
        like, id=identity.item_id(source, None, url, title, when), source=source, title=title, url=url,
        published=when, effective=when, first_seen=when, updated=when,
        content=f"{like.content} {feeds.words(rng, 20)}",
    )  # fmt: skip


def main() -> None:
    """Make the store that the command line names."""
    path, total = Path(sys.argv[1]), int(sys.argv[2])
    rng = random.Random(total)
    now = datetime.now(UTC)
    pool = _pool(rng, now)
    hubs = tuple(Hub(id=f"h{n}", kind="institute", name=f"Hub {n}", state="OH") for n in range(40))
    followed = tuple(
        Source(id=f"s{n:04d}", name=f"Site {n}", url=f"https://s{n}.example.org/feed/", hub=f"h{n % 40}")
        for n in range(_SOURCES)
    )
    with open_for_writing(path) as store:
        sources.register(store, followed, hubs)
        for start in range(0, total, _BATCH * 8):
            made = [
                _item(n, rng.choice(pool), rng, now, total)
                for n in range(start, min(start + _BATCH * 8, total))
            ]
            with store.transaction():
                by_source: dict[str, list[Item]] = {}
                for item in made:
                    by_source.setdefault(item.source, []).append(item)
                for source, some in by_source.items():
                    keys = {item.id: stories.keys(item) for item in some}
                    new = identity.Resolution(new=tuple(some))
                    state = SourceState(source=source, last_success=now)
                    item_store.save(store, source, new, state, now=now, story_keys=keys)


if __name__ == "__main__":
    main()
