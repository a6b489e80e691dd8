"""A store in a temporary folder, and items to put into it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from hubwatch import identity, item_ids
from hubwatch.models import Evidence, Item, Source, SourceState, Tag
from hubwatch.store import items, sources
from hubwatch.store.db import Store, open_for_writing

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "hubwatch.db"


@pytest.fixture(scope="session")
def empty_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the tables once: a copy is quicker than making them for each test."""
    made = tmp_path_factory.mktemp("store") / "empty.db"
    open_for_writing(made).close()
    return made


@pytest.fixture
def store(path: Path, empty_store: Path) -> Iterator[Store]:
    path.parent.mkdir()
    shutil.copy(empty_store, path)
    with open_for_writing(path) as opened:
        yield opened


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def make_item() -> Callable[..., Item]:
    """Make an item; `age` in days sets its date, `topics` maps a topic to its score."""

    def make(title: str, **given: Any) -> Item:
        age = given.pop("age", 1.0)
        topics = given.pop("topics", {})
        source = given.pop("source", "lift")
        published = given.pop("published", NOW - timedelta(days=age))
        first_seen = given.pop("first_seen", NOW)
        url = given.pop("url", f"https://example.org/{'-'.join(title.lower().split())}")
        tags = tuple(
            Tag(topic=topic, score=score, evidence=(Evidence(words=topic, where="title", weight=1.0),))
            for topic, score in topics.items()
        )
        return Item(
            id=given.pop("id", item_ids.item_id(source, given.get("guid"), url, title, published)),
            source=source,
            title=title,
            url=url,
            published=published,
            first_seen=first_seen,
            updated=given.pop("updated", first_seen),
            effective=given.pop("effective", published or first_seen),
            tags=given.pop("tags", tags),
            **given,
        )

    return make


@pytest.fixture
def save(store: Store) -> Callable[..., None]:
    """Save items as new (or changed ones), each under its own source."""

    def put(*new: Item, changed: tuple[Item, ...] = (), **given: Any) -> None:
        for source in dict.fromkeys(item.source for item in (*new, *changed)):
            items.save(
                store,
                source,
                identity.Resolution(
                    new=tuple(item for item in new if item.source == source),
                    changed=tuple(item for item in changed if item.source == source),
                ),
                SourceState(source=source),
                now=NOW,
                **given,
            )

    return put


@pytest.fixture
def network(store: Store) -> None:
    """Three sources of two hubs in two states."""
    from hubwatch.models import Hub

    hubs = (
        Hub(id="lift", kind="institute", name="LIFT", state="MI"),
        Hub(id="america-makes", kind="institute", name="America Makes", state="OH"),
    )
    found = (
        Source(id="lift", name="LIFT News", url="https://lift.example/feed/", hub="lift"),
        Source(id="lift-calls", name="LIFT Calls", url="https://lift.example/calls/", hub="lift"),
        Source(id="am", name="America Makes", url="https://am.example/feed/", hub="america-makes"),
    )
    sources.register(store, found, hubs)
