"""Take what a source said into the store: normalize, recognize, tag, find stories, save as one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from hubwatch import facts, identity, normalize, stories
from hubwatch.models import Hub, Item, Page, Source, SourceState
from hubwatch.models.dataclass import dataclass
from hubwatch.store import items as item_store
from hubwatch.store.db import Store

Tag = Callable[[Sequence[Item]], tuple[Item, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenIn:
    """How many items were new and updated, and what a person should know of it."""

    found: int
    new: int
    updated: int
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A page's items; with the story keys of each, by id, where they are tagged already."""

    items: tuple[Item, ...]
    story_keys: Mapping[str, tuple[str, ...]] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """What a source said, tagged, with the keys by which stories are found."""

    resolution: identity.Resolution
    story_keys: Mapping[str, tuple[str, ...]]


def make(page: Page, source: Source, *, now: datetime, first_reading: bool, tag: Tag | None = None) -> Made:
    """Normalize a page's items, and tag all of them where `tag` is given. Needs no store."""
    items = normalize.normalize_all(page, source, now=now, first_reading=first_reading)
    if tag is None:
        return Made(items=items)
    tagged = tag(items)
    return Made(items=tagged, story_keys={item.id: stories.keys(item) for item in tagged})


def recognize(store: Store, source: Source, made: Made, *, is_page: bool) -> identity.Resolution:
    """Tell which items are new, changed or known."""
    known = item_store.known(store, source.id, made.items)
    return identity.resolve(made.items, known, is_page=is_page)


def prepare(resolution: identity.Resolution, tag: Tag) -> Prepared:
    """Tag what is new or changed, and make its story keys. Needs no store."""
    return with_keys(replace(resolution, new=tag(resolution.new), changed=tag(resolution.changed)), {})


def with_keys(resolution: identity.Resolution, known: Mapping[str, tuple[str, ...]]) -> Prepared:
    """Add the story keys of what is new or changed and tagged, those known already taken over."""
    some = (*resolution.new, *resolution.changed)
    keys = {item.id: known.get(item.id) or stories.keys(item) for item in some}
    return Prepared(resolution=resolution, story_keys=keys)


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


def tagger(rules: facts.Rules, hub: Hub | None) -> Tag:
    """Return what tags the items of a hub's source."""
    return lambda items: tuple(facts.tag_all([(item, hub) for item in items], rules))


def _assign(store: Store, new: Sequence[Item], keys: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """Return the story of every new item."""
    wanted = {key for item in new for key in keys[item.id]}
    if not wanted:
        return {}
    candidates = item_store.story_candidates(store, wanted)
    return stories.find(new, candidates, keys)
