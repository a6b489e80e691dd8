"""The feeds of real sites, served on loopback: every item is stored once with its title, address and date."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import feedparser
import pytest

from hubwatch import facts
from hubwatch.catalog import vocabulary
from hubwatch.models import FetchSettings, Filters, Source
from hubwatch.net.clock import SystemClock
from hubwatch.store import listing, query
from hubwatch.store.db import open_for_writing
from hubwatch.workflows import sync

PAGES = Path(__file__).parents[2].parent / "shared" / "pages"
FEEDS = sorted(PAGES.glob("*/feed.xml"))


@pytest.mark.skipif(not FEEDS, reason="the folder of real pages is not beside this checkout")
def test_every_item_is_stored_and_a_second_sync_stores_nothing(site: Any, tmp_path: Path) -> None:
    sources, expected = [], 0
    for number, path in enumerate(FEEDS):
        body = path.read_bytes()
        etag = f'"{path.parent.name}"' if number % 2 else None  # every other server ignores validators
        url = site.feed(f"/{path.parent.name}/feed.xml", body, etag=etag)
        sources.append(Source(id=path.parent.name, name=path.parent.name, url=url, kind="feed"))
        links = {
            (entry.get("id") or entry.get("link"), entry.get("title"))
            for entry in feedparser.parse(path).entries
        }
        expected += len(links)
    plan = sync.Plan(
        sources=tuple(sources),
        hubs={},
        settings=FetchSettings(delay_s=0.0),
        user_agent="hubwatch/test",
        force=True,
    )
    rules = facts.compile_rules(vocabulary.load())
    with open_for_writing(tmp_path / "x.db") as store:
        report = sync.run(store, plan, clock=SystemClock(), load_rules=lambda: rules)
        assert report.failed == 0
        assert report.new == expected
        everything = query.ItemQuery(filters=Filters(since=datetime(1900, 1, 1, tzinfo=UTC)), limit=100_000)
        items = listing.select(store, everything)
        assert len(items) == expected
        assert all(item.title and item.url and item.published for item in items)
        again = sync.run(store, plan, clock=SystemClock(), load_rules=lambda: rules)
        assert {outcome.status for outcome in again.outcomes} == {"unchanged"}
        assert (again.new, again.updated) == (0, 0)
