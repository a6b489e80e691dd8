"""The directory of hubs, joined with what the store has of each: rows of a list, and one hub in full."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from hubwatch import catalog
from hubwatch.models import Filters, Hub, Item, Source
from hubwatch.profiles import is_open
from hubwatch.store import hubs, listing, organizations
from hubwatch.store.db import Store
from hubwatch.store.hubs import HubRow, HubView
from hubwatch.store.query import ItemQuery
from hubwatch.workflows import health, matching

_LATEST = 5  # items shown of one hub
_CALLS = 10


def rows(store: Store, chosen: Sequence[Hub], miles: Mapping[str, float] | None = None) -> tuple[HubRow, ...]:
    """Return one row a hub, in the order given."""
    activity = hubs.activity(store)
    far = miles or {}
    found = []
    for hub in chosen:
        items, newest = activity.get(hub.id, (0, None))
        found.append(HubRow(hub=hub, items=items, newest=newest, miles=far.get(hub.id)))
    return tuple(found)


def view(store: Store, row: HubRow, followed: Sequence[Source], *, now: datetime) -> HubView:
    """Return everything known of one hub; `followed` are the sources that sync asks."""
    hub = row.hub
    own = Filters(hubs=(hub.id,))
    asked = {source.id: source for source in followed if source.hub == hub.id}
    known = {source.id: source for source in catalog.all_sources() if source.hub == hub.id}
    return HubView(
        row=row,
        sources=health.rows(store, tuple({**known, **asked}.values()), now=now),
        followed=frozenset(source.id for source in asked.values() if source.enabled),
        latest=_told_once(listing.select(store, ItemQuery(filters=own, limit=4 * _LATEST)))[:_LATEST],
        calls=_open_calls(store, own, now=now)[:_CALLS],
        members=len(organizations.members(store, hub=hub.id)),
    )


def _open_calls(store: Store, own: Filters, *, now: datetime) -> tuple[Item, ...]:
    calls = listing.calls(store, ItemQuery(filters=own, limit=4 * _CALLS), now=now)
    known = matching.with_deadlines(store, calls)
    return _told_once([item for item in known if is_open(item, today=now.date())])


def _told_once(items: Sequence[Item]) -> tuple[Item, ...]:
    """Keep the first of each story: a hub's feeds often carry the same announcement."""
    stories: dict[str, Item] = {}
    for item in items:
        stories.setdefault(item.story or item.id, item)
    return tuple(stories.values())
