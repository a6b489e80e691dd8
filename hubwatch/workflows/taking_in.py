"""Take what a source said into the store: recognize it, find its stories, save it as one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from hubwatch import identity, stories
from hubwatch.models import Item, Source, SourceState
from hubwatch.models.dataclass import dataclass
from hubwatch.store import items as item_store
from hubwatch.store.db import Store
from hubwatch.workflows.preparing import Prepared


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenIn:
    """How many items were new and updated, and what a person should know of it."""

    found: int
    new: int
    updated: int
    notices: tuple[str, ...] = ()


def recognize(store: Store, source: Source, items: Sequence[Item], *, is_page: bool) -> identity.Resolution:
    """Tell which items are new, changed or known."""
    known = item_store.known(store, source.id, items)
    return identity.resolve(items, known, is_page=is_page)


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
