"""What the store found, matched item by item: by the scores, and by keywords in text that was not loaded."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from hubwatch.models import Filters, Item, Match, Profile
from hubwatch.profiles import match
from hubwatch.store import items, listing
from hubwatch.store.db import Store
from hubwatch.store.query import ItemQuery

_AT_ONCE = 1000  # items whose full text may be in hand
_EVERYTHING = 10_000_000
_ZONES = timedelta(days=1)  # what two calendars may differ by
_FARTHEST = timedelta(days=400)  # as for a deadline without a year, see facts/deadlines.py


def matches(
    store: Store, found: Sequence[Item], filters: Filters, profile: Profile | None = None, *, now: datetime
) -> Iterator[Match]:
    """Yield those of the items that match, in their order."""
    keywords = (*filters.keywords, *(profile.keywords if profile else ()))
    other_names = _other_names(filters, profile)
    for at in range(0, len(found), _AT_ONCE):
        some = with_deadlines(store, found[at : at + _AT_ONCE])
        in_text = _found_in_text(store, some, keywords) if keywords else {}
        for item in some:
            one = match(
                item,
                profile,
                filters,
                now=now,
                in_text=in_text.get(item.id, ()),
                other_names=other_names,
            )
            if one is not None:
                yield one


def with_deadlines(store: Store, found: Sequence[Item]) -> Sequence[Item]:
    """Give calls that name no deadline the one that another report of them names."""
    bare = [item for item in found if item.kind == "call" and item.deadline is None]
    told = items.deadlines(store, [item.story for item in bare if item.story]) if bare else {}
    days = {item.id: _last_day(item, told[item.story]) for item in bare if item.story in told}
    return [replace(item, deadline=days[item.id]) if item.id in days else item for item in found]


def _last_day(call: Item, told: Sequence[tuple[str | None, date]]) -> date | None:
    """Choose what the call's own hub says, else what others say that can be true of it.

    Anyone may reprint a call: no report closes it before it was published or keeps it open for years.
    """
    own = [day for hub, day in told if hub is not None and hub == call.hub]
    first = call.published.date() - _ZONES if call.published else date.min
    last = (call.published or call.first_seen).date() + _FARTHEST
    return max(own or [day for _, day in told if first <= day <= last], default=None)


def every_item(store: Store, filters: Filters, *, now: datetime) -> Iterator[Item]:
    """Give all matching items whose score suffices, newest first."""
    found = listing.select(store, ItemQuery(filters=filters, now=now, limit=_EVERYTHING))
    return (one.item for one in matches(store, found, filters, now=now))


def _found_in_text(
    store: Store, found: Sequence[Item], keywords: tuple[str, ...]
) -> dict[str, tuple[str, ...]]:
    # The full-text search and its patterns cost 8 ms, which a list without keywords need not pay.
    from hubwatch.store import search

    return search.found_in_text(store, found, keywords)


def _other_names(filters: Filters, profile: Profile | None) -> Mapping[str, tuple[str, ...]]:
    """Return by which names else the wanted organizations go; the table is only read where some are."""
    names = (*filters.organizations, *(profile.organizations if profile else ()))
    if not names:
        return {}
    from hubwatch.catalog import aliases

    return aliases.others_of(names)
