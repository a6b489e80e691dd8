"""Take what a source said into the store: recognize it, find its stories, save it as one."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial

from hubwatch import identity, stories
from hubwatch.models import Item, Source, SourceState
from hubwatch.models.dataclass import dataclass
from hubwatch.store import items as item_store
from hubwatch.store.db import Store
from hubwatch.workflows.preparing import Prepared

# Sources in one transaction: most of what it writes are the same few pages of keys, for one or for all.
_TOGETHER = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenIn:
    """How many items were new and updated, and what a person should know of it."""

    found: int
    new: int
    updated: int
    notices: tuple[str, ...] = ()


def recognize(
    store: Store, source: Source, items: Sequence[Item], *, is_page: bool, is_whole: bool = True
) -> identity.Resolution:
    """Tell which items are new, changed or known."""
    known = item_store.known(store, source.id, items)
    found = identity.resolve(items, known, is_page=is_page)
    return found if is_whole or not items else _without_change_of(items[-1], found)


def _without_change_of(last: Item, found: identity.Resolution) -> identity.Resolution:
    """Leave a known item what it was where a document breaks off: half its text is no edit."""
    kept = tuple(each for each in found.changed if each.content_hash != last.content_hash)
    ids = (each.id for each in found.changed if each not in kept)
    return replace(found, changed=kept, unchanged=(*found.unchanged, *ids))


def save(store: Store, source: Source, prepared: Prepared, state: SourceState, *, now: datetime) -> TakenIn:
    """Find the stories of what is new and store everything with the source's state in one transaction."""
    resolution, keys = prepared.resolution, prepared.story_keys
    changed = resolution.changed
    assigned = _assign(store, resolution.new, keys)
    new = tuple(replace(item, story=assigned.get(item.id, item.id)) for item in resolution.new)
    item_store.save(
        store,
        source.id,
        replace(resolution, new=new),
        state,
        now=now,
        story_keys=keys,
    )
    unchanged = len(resolution.unchanged)
    return TakenIn(
        found=len(new) + len(changed) + unchanged,
        new=len(new),
        updated=len(changed),
        notices=resolution.notices,
    )


def _assign(store: Store, new: Sequence[Item], keys: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """Return the story of every new item."""
    wanted = stories.reach(new, keys)
    if not wanted:
        return {}
    candidates = item_store.story_candidates(store, wanted)
    return stories.find(new, candidates, keys)


class Saving:
    """Saves sources that are ready at about the same time in one transaction; one that is alone, at once."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._coming = 0  # that are being prepared
        self._ready: list[tuple[Callable[[], TakenIn], asyncio.Future[TakenIn]]] = []

    async def save(
        self, source: Source, preparing: Awaitable[Prepared], state: SourceState, *, now: datetime
    ) -> TakenIn:
        """Save what a source said once it is prepared and no more are about to be, or enough are."""
        saved: asyncio.Future[TakenIn] = asyncio.get_running_loop().create_future()
        self._coming += 1
        try:
            prepared = await preparing
            self._ready.append((partial(save, self._store, source, prepared, state, now=now), saved))
            del prepared  # kept no longer than until it is saved
        finally:
            self._coming -= 1
            if self._ready and (len(self._ready) >= _TOGETHER or not self._coming):
                ready, self._ready = self._ready, []
                self._save(ready)
        return await saved

    def _save(self, ready: Sequence[tuple[Callable[[], TakenIn], asyncio.Future[TakenIn]]]) -> None:
        taken: list[TakenIn] | None = None
        try:
            with self._store.transaction():
                taken = []
                taken += (save() for save, _ in ready)
        except Exception as error:  # noqa: BLE001 - told to whom it concerns
            if taken is not None and len(ready) > 1:  # one of them is at fault, and no other's loss
                for each in ready:
                    self._save([each])
                return
            for _, saved in ready:  # a store that others hold would keep each of them waiting
                if not saved.done():
                    saved.set_exception(error)
            return
        for (_, saved), one in zip(ready, taken, strict=True):
            if not saved.done():  # else nobody waits for it any more
                saved.set_result(one)
