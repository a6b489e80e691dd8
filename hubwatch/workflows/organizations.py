"""Find one organization by what a person types, and gather what is known of it: items, hubs, memberships."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from hubwatch.catalog import aliases
from hubwatch.errors import UnknownNameError
from hubwatch.models import Filters, Item
from hubwatch.profiles import GIVEN
from hubwatch.store import listing, names, organizations
from hubwatch.store.db import Store
from hubwatch.store.organizations import HubTie, Membership, OrganizationCount, OrganizationView
from hubwatch.store.query import ItemQuery
from hubwatch.text.nearest import nearest
from hubwatch.workflows import trends

_ITEMS = 10_000  # of one organization; beyond lies no reading


def collect(store: Store, filters: Filters, *, now: datetime) -> tuple[OrganizationCount, ...]:
    """Return the organizations that the matching items name, most often named first, or newest first."""
    if filters.min_score:
        found = _counted(trends.matching(store, filters, now=now))
    else:
        found = organizations.organizations(store, ItemQuery(filters=filters, now=now))
    if filters.sort == "newest":
        found = tuple(sorted(found, key=lambda o: o.latest, reverse=True))
    return found


def resolve(store: Store, typed: str) -> tuple[str, ...]:
    """Return the names meant: the one typed with those that go on from it, else all that have it within.

    `Boeing` means Boeing and Boeing Research; `Dayton` means no one organization, but several.
    """
    same = frozenset(aliases.others(typed))
    listed = (m.organization for m in organizations.members(store))
    members = (name for name in listed if name in same or names.is_within(typed, name))
    known = dict.fromkeys((*organizations.like(store, typed), *members))
    wanted = names.words(typed)
    if is_meant(typed, known):
        meant = (n for n in known if n in same or names.words(n)[: len(wanted)] == wanted)
        return tuple(
            sorted(meant, key=lambda name: (names.words(name) != wanted, name not in same, len(name)))
        )
    if not known:
        everyone = (*organizations.every_name(store), *(m.organization for m in organizations.members(store)))
        raise UnknownNameError(
            "organization", typed, nearest(typed, everyone), hint="hubwatch orgs lists those of the last year"
        )
    return tuple(sorted(known))


def is_meant(typed: str, found: Iterable[str]) -> bool:
    """Tell whether one of these is what was typed, in full or by another of its names."""
    same = frozenset(aliases.others(typed))
    wanted = names.words(typed)
    return any(name in same or names.words(name) == wanted for name in found)


def named(
    store: Store, found: Sequence[str], filters: Filters, *, now: datetime
) -> tuple[OrganizationCount, ...]:
    """Return how often each of these organizations is named; those that only a list of members has too."""
    counts = organizations.organizations(
        store, ItemQuery(filters=replace(filters, organizations=tuple(found)), now=now)
    )
    wanted = {aliases.printed(name) for name in found}
    return tuple(count for count in counts if aliases.printed(count.name) in wanted)


def view(store: Store, found: Sequence[str], filters: Filters, *, now: datetime) -> OrganizationView:
    """Return one organization in full, under all these names."""
    asked = replace(filters, organizations=tuple(found))
    query = ItemQuery(filters=asked, now=now, limit=_ITEMS)
    items = tuple(
        item for item in listing.select(store, query) if not {*found}.isdisjoint(item.organizations)
    )
    members = [m for m in organizations.members(store) if m.organization in found]
    if filters.hubs:
        members = [m for m in members if m.hub in filters.hubs]
    return OrganizationView(name=found[0], names=tuple(found), ties=_ties(items, members), items=items)


def _ties(items: Iterable[Item], members: Iterable[Membership]) -> tuple[HubTie, ...]:
    by_hub: dict[str, list[Item]] = {}
    for item in items:
        if item.hub:
            by_hub.setdefault(item.hub, []).append(item)
    listed: dict[str, list[Membership]] = {}
    for member in members:
        listed.setdefault(member.hub, []).append(member)
    ties = [_tie(hub, by_hub.get(hub, ()), listed.get(hub, ())) for hub in {**by_hub, **listed}]
    return tuple(sorted(ties, key=lambda tie: (-tie.items, tie.listed_since is None, tie.hub)))


def _tie(hub: str, items: Sequence[Item], listed: Sequence[Membership]) -> HubTie:
    topics = Counter(tag.topic for item in items for tag in item.tags if tag.score >= GIVEN)
    return HubTie(
        hub=hub,
        name=hub,
        items=len(items),
        since=min((item.effective for item in items), default=None),
        latest=max((item.effective for item in items), default=None),
        topics=tuple(topic for topic, _ in topics.most_common()),
        listed_since=min((m.first_seen for m in listed), default=None),
        listed_until=max((m.last_seen for m in listed), default=None),
    )


def _counted(items: Iterable[Item]) -> tuple[OrganizationCount, ...]:
    counts: Counter[str] = Counter()
    hubs: dict[str, Counter[str]] = {}
    latest: dict[str, datetime] = {}
    written: dict[str, dict[str, None]] = {}  # the printed name to those in the texts
    for item in items:
        for name in item.organizations:
            written.setdefault(aliases.printed(name), {})[name] = None
        for name in dict.fromkeys(map(aliases.printed, item.organizations)):
            counts[name] += 1
            latest[name] = max(latest.get(name, item.effective), item.effective)
            if item.hub:
                hubs.setdefault(name, Counter())[item.hub] += 1
    return tuple(
        OrganizationCount(
            name=name if name in written[name] else next(iter(written[name])),
            items=count,
            hubs=tuple(hub for hub, _ in hubs.get(name, Counter()).most_common()),
            latest=latest[name],
        )
        for name, count in counts.most_common()
    )
