"""Merge another store into this one, and find the stories that the items of both tell together."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from hubwatch import stories
from hubwatch.models import Item
from hubwatch.store import items, merging
from hubwatch.store.db import Store
from hubwatch.store.merging import Merged

_BATCH = 1000  # items that are looked at together; their texts are in memory


def run(store: Store, other: Path) -> Merged:
    """Take over what the other store has, as if both had been read into one: all of it or nothing."""
    return merging.merge(store, other, lambda new: _unite(store, new))


def _unite(store: Store, new: tuple[str, ...]) -> None:
    """Look at the new items in the order of their arrival, as a sync would have done."""
    waiting = set(new)
    for start in range(0, len(new), _BATCH):
        batch = new[start : start + _BATCH]
        arrived = items.by_ids(store, batch)
        keys = {item.id: stories.keys(item) for item in arrived}
        known = items.story_candidates(store, stories.reach(arrived, keys))
        # What comes later has no story here yet: the one that it had there must not decide.
        candidates = {
            key: [replace(c, story=None) if c.id in waiting else c for c in found]
            for key, found in known.items()
        }
        assigned = stories.find([replace(item, story=None) for item in arrived], candidates, keys)
        items.set_stories(store, _stories(arrived, assigned))
        waiting.difference_update(batch)


def _stories(arrived: tuple[Item, ...], assigned: dict[str, str]) -> dict[str, str]:
    """Keep an item that is alone here in the story that it had there: its fellows may have been edited."""
    leading = {story for item_id, story in assigned.items() if story != item_id}
    found = dict(assigned)
    for item in arrived:
        if assigned[item.id] == item.id and item.story and item.id not in leading:
            found[item.id] = assigned.get(item.story, item.story)
    return found
