"""Sources that are ready together are saved together; each whole or not at all, and none waits long."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Coroutine
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from hubwatch.errors import StoreError
from hubwatch.identity import Resolution
from hubwatch.models import Item, Source, SourceState
from hubwatch.store.db import Store
from hubwatch.workflows.preparing import Prepared
from hubwatch.workflows.taking_in import Saving, TakenIn

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def prepared(name: str) -> Prepared:
    item = Item(id=name, source=name, title=f"News of {name}", first_seen=NOW, updated=NOW, effective=NOW)
    return Prepared(resolution=Resolution(new=(item,)), story_keys={name: ()})


class Sources:
    """Sources that are prepared when they are told to be."""

    def __init__(self, store: Store) -> None:
        self.saving = Saving(store)
        self.asked: dict[str, asyncio.Future[Prepared]] = {}

    def begin(self, *names: str) -> list[asyncio.Task[TakenIn]]:
        self.asked |= {name: asyncio.get_running_loop().create_future() for name in names}
        return [asyncio.create_task(self._save(name)) for name in names]

    async def _save(self, name: str) -> TakenIn:
        source = Source(id=name, name=name, url=f"https://{name}.example/feed")
        return await self.saving.save(source, self.asked[name], SourceState(source=name, etag=name), now=NOW)

    async def tell(self, name: str, found: Prepared | Exception | None = None) -> None:
        await asyncio.sleep(0)
        if isinstance(found, Exception):
            self.asked[name].set_exception(found)
        else:
            self.asked[name].set_result(found or prepared(name))
        for _ in range(3):
            await asyncio.sleep(0)


def stored(store: Store) -> list[str]:
    """Name the sources that have their item and their validators; never one without the other."""
    items = [row[0] for row in store.rows("SELECT source FROM items ORDER BY number")]
    assert sorted(items) == [row[0] for row in store.rows("SELECT source FROM source_states ORDER BY 1")]
    return items


def run(work: Callable[[], Coroutine[Any, Any, None]]) -> None:
    asyncio.run(asyncio.wait_for(work(), timeout=5))


def test_one_that_is_alone_is_saved_at_once(store: Store) -> None:
    async def work() -> None:
        sources = Sources(store)
        (task,) = sources.begin("a")
        await sources.tell("a")
        assert task.result().new == 1
        assert stored(store) == ["a"]

    run(work)


def test_what_is_ready_while_more_comes_is_saved_in_one_transaction(store: Store) -> None:
    async def work() -> None:
        sources = Sources(store)
        tasks = sources.begin(*"abcdef")
        begun: list[str] = []
        store.trace(lambda sql: begun.append(sql) if sql.startswith("BEGIN") else None)
        for name in "abc":
            await sources.tell(name)
        assert begun == []
        await sources.tell("d")  # enough
        assert len(begun) == 1
        await sources.tell("e")
        await sources.tell("f")  # no more is coming
        store.trace(None)
        assert len(begun) == 2
        assert [(await task).new for task in tasks] == [1] * 6
        assert stored(store) == list("abcdef")

    run(work)


def test_what_fails_to_be_prepared_keeps_nobody_waiting(store: Store) -> None:
    async def work() -> None:
        sources = Sources(store)
        tasks = sources.begin("a", "b")
        await sources.tell("a")
        await sources.tell("b", ValueError("odd"))
        assert stored(store) == ["a"]
        assert isinstance((await asyncio.gather(*tasks, return_exceptions=True))[1], ValueError)

    run(work)


def test_one_that_cannot_be_saved_is_no_loss_to_the_others(store: Store) -> None:
    async def work() -> None:
        sources = Sources(store)
        tasks = sources.begin("a", "b", "c")
        await sources.tell("a")
        (item,) = prepared("b").resolution.new
        odd = replace(item, title=None)  # type: ignore[arg-type]
        await sources.tell("b", Prepared(resolution=Resolution(new=(item, odd)), story_keys={"b": ()}))
        await sources.tell("c")
        assert stored(store) == ["a", "c"]
        results = await asyncio.gather(*tasks, return_exceptions=True)
        assert [isinstance(each, TakenIn) for each in results] == [True, False, True]

    run(work)


def test_what_is_ready_when_a_sync_is_interrupted_is_saved(store: Store) -> None:
    async def work() -> None:
        sources = Sources(store)
        tasks = sources.begin("a", "b", "c")
        await sources.tell("a")
        await sources.tell("b")
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        assert stored(store) == ["a", "b"]

    run(work)


def test_a_store_that_fails_is_told_to_everyone(store: Store) -> None:
    async def work() -> None:
        sources = Sources(store)
        tasks = sources.begin("a", "b")
        store.write("DROP TABLE source_states")
        await sources.tell("a")
        await sources.tell("b")
        results = await asyncio.gather(*tasks, return_exceptions=True)
        assert [type(each) for each in results] == [StoreError, StoreError]

    run(work)


def test_a_store_that_another_holds_is_waited_for_once(store: Store) -> None:
    async def work() -> None:
        sources = Sources(store)
        tasks = sources.begin("a", "b", "c")
        begun: list[str] = []
        store.write("PRAGMA busy_timeout = 1")
        other = sqlite3.connect(store.path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        store.trace(lambda sql: begun.append(sql) if sql.startswith("BEGIN") else None)
        for name in "abc":
            await sources.tell(name)
        results = await asyncio.gather(*tasks, return_exceptions=True)
        other.close()
        store.trace(None)
        assert [type(each) for each in results] == [StoreError] * 3
        assert len(begun) == 1

    run(work)
