"""Take what a source said into the store: normalize, recognize, tag, find stories, save as one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from hubwatch import facts, identity, normalize, stories
from hubwatch.models import Hub, Item, Page, Source, SourceState
from hubwatch.store import items as item_store
from hubwatch.store.db import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenIn:
    """How many items were new and updated, and what a person should know of it."""

    found: int
    new: int
    updated: int
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """What a source said, tagged, with the keys by which stories are found."""

    resolution: identity.Resolution
    story_keys: Mapping[str, tuple[str, ...]]


def recognize(
    store: Store, source: Source, page: Page, *, now: datetime, first_reading: bool
) -> identity.Resolution:
    """Normalize a page's items and tell which are new, changed or known."""
    incoming = normalize.normalize_all(page, source, now=now, first_reading=first_reading)
    known = item_store.known(store, source.id, incoming)
    return identity.resolve(incoming, known, is_page=page.is_page)


def prepare(resolution: identity.Resolution, rules: facts.Rules, hub: Hub | None) -> Prepared:
    """Tag what is new or changed, and make its story keys. Needs no store: it may run anywhere."""
    new = tuple(_tagged(item, rules, hub) for item in resolution.new)
    changed = tuple(_tagged(item, rules, hub) for item in resolution.changed)
    return Prepared(
        resolution=replace(resolution, new=new, changed=changed),
        story_keys={item.id: stories.keys(item) for item in (*new, *changed)},
    )


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
        stories={item_id: story for item_id, story in assigned.items() if item_id not in keys},
    )
    unchanged = len(resolution.unchanged)
    return TakenIn(
        found=len(new) + len(changed) + unchanged,
        new=len(new),
        updated=len(changed),
        notices=resolution.notices,
    )


def _tagged(item: Item, rules: facts.Rules, hub: Hub | None) -> Item:
    if hub is None:
        return facts.tag(item, rules)
    names = (hub.name, *((hub.acronym,) if hub.acronym else ()))
    return facts.tag(item, rules, hub_topics=hub.topics, hub_names=names)


def _assign(store: Store, new: Sequence[Item], keys: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """Return the story of every item that belongs to one, stored items whose story changes included."""
    wanted = {key for item in new for key in keys[item.id]}
    if not wanted:
        return {}
    candidates = item_store.story_candidates(store, wanted)
    return {item.id: item.story for item in stories.assign(new, candidates, keys) if item.story}
