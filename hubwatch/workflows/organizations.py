"""Find one organization by what a person types, and gather what is known of it: items, hubs, memberships."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hubwatch import digest
from hubwatch.catalog import aliases
from hubwatch.errors import UnknownNameError
from hubwatch.models import Filters, Item, Match
from hubwatch.profiles import is_named
from hubwatch.store import listing, names, organizations
from hubwatch.store.db import Store
from hubwatch.store.organizations import HubTie, Membership, OrganizationCount, OrganizationView
from hubwatch.store.query import ItemQuery
from hubwatch.text.nearest import nearest
from hubwatch.workflows import matching, trends
from hubwatch.workflows.digest import with_carried

_ITEMS = 10_000  # of one organization; beyond lies no reading
_NEVER = datetime.min.replace(tzinfo=UTC)
_LEFT = timedelta(days=90)  # who was not seen for so long while the list was read stands in it no more


def collect(store: Store, filters: Filters, *, now: datetime) -> tuple[OrganizationCount, ...]:
    """Return the organizations that the matching items name, most often named first, or newest first."""
    if filters.min_score:
        found = _counted(matching.every_item(store, filters, now=now))
    else:
        found = organizations.organizations(store, ItemQuery(filters=filters, now=now))
    if filters.sort == "newest":
        found = tuple(sorted(found, key=lambda one: one.latest or _NEVER, reverse=True))
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
    store: Store, typed: str, found: Sequence[str], filters: Filters, *, now: datetime
) -> tuple[OrganizationCount, ...]:
    """Return how often each of these organizations is named; those that only a list of members has too.

    One that is counted under another name than was typed says by which of its names it was found.
    """
    asked = filters if filters.organizations else replace(filters, organizations=tuple(found))
    counts = {aliases.printed(count.name): count for count in collect(store, asked, now=now)}
    meant: dict[str, list[str]] = {}
    for name in found:
        meant.setdefault(aliases.printed(name), []).append(name)
    unnamed = [_unnamed(printed, some) for printed, some in meant.items() if printed not in counts]
    rows = [count for printed, count in counts.items() if printed in meant]
    rows += sorted(unnamed, key=lambda one: one.rank)
    return tuple(_known_as(row, typed, meant[aliases.printed(row.name)]) for row in rows)


def _unnamed(printed: str, names: Sequence[str]) -> OrganizationCount:
    name = printed if printed in names else names[0]
    return OrganizationCount(name=name, items=0, stories=0, hubs=(), latest=None)


def _known_as(count: OrganizationCount, typed: str, known: Sequence[str]) -> OrganizationCount:
    if names.is_within(typed, count.name):
        return count
    return replace(count, known_as=next((name for name in known if names.is_within(typed, name)), None))


def view(
    store: Store, found: Sequence[str], filters: Filters, *, now: datetime, lately: datetime
) -> OrganizationView:
    """Return one organization in full, under all these names, and how many stories of it came lately."""
    matched, is_all = _matching(store, found, filters, now=now)
    is_narrowed = replace(filters, limit=None, sort=Filters().sort) != Filters()
    without_filters = 0
    if is_narrowed and not matched:
        without_filters = _stories(m.item for m in _matching(store, found, Filters(), now=now)[0])
    items = [m.item for m in matched]
    return OrganizationView(
        name=found[0],
        names=tuple(found),
        ties=_ties(items, organizations.members(store), found, filters),
        items=len(items),
        told=with_carried(store, digest.build(matched, title=found[0], now=now, sort="newest")).ranked,
        lately=_stories(item for item in items if item.effective >= lately),
        is_all=is_all,
        is_narrowed=is_narrowed,
        without_filters=without_filters,
        latest=max(_times(items), default=None),
    )


def _matching(
    store: Store, found: Sequence[str], filters: Filters, *, now: datetime
) -> tuple[list[Match], bool]:
    """Return the items that name the organization and match, and whether these are all."""
    asked = replace(filters, organizations=tuple(found))
    selected = listing.select(store, ItemQuery(filters=asked, now=now, limit=_ITEMS))
    other_names = aliases.others_of(filters.organizations)
    wanted = frozenset(found)
    naming = [
        item
        for item in selected
        if not wanted.isdisjoint(item.organizations) and _names_too(item, filters, other_names)
    ]
    return list(matching.matches(store, naming, asked, now=now)), len(selected) < _ITEMS


def _names_too(item: Item, filters: Filters, other_names: Mapping[str, tuple[str, ...]]) -> bool:
    """Tell whether the item also names what --org asks for beside the organization that is shown."""
    return not filters.organizations or any(
        is_named(item.organizations, name, other_names.get(name, ())) for name in filters.organizations
    )


def _times(items: Iterable[Item]) -> list[datetime]:
    """Return when the items were published, as far as that is known."""
    return [item.effective for item in items if item.effective.year >= trends.LONG_AGO]


def _stories(items: Iterable[Item]) -> int:
    return len({item.story or item.id for item in items})


def _ties(
    items: Iterable[Item], members: Sequence[Membership], found: Sequence[str], filters: Filters
) -> tuple[HubTie, ...]:
    by_hub: dict[str, list[Item]] = {}
    for item in items:
        if item.hub:
            by_hub.setdefault(item.hub, []).append(item)
    listed: dict[str, list[Membership]] = {}
    last_read: dict[str, datetime] = {}
    for member in members:
        last_read[member.hub] = max(last_read.get(member.hub, member.last_seen), member.last_seen)
        if member.organization in found and (not filters.hubs or member.hub in filters.hubs):
            listed.setdefault(member.hub, []).append(member)
    ties = [
        _tie(hub, by_hub.get(hub, ()), listed.get(hub, ()), last_read.get(hub))
        for hub in {**by_hub, **listed}
    ]
    return tuple(sorted(ties, key=lambda tie: (-tie.stories, tie.listed_since is None, tie.hub)))


def _tie(hub: str, items: Sequence[Item], listed: Sequence[Membership], last_read: datetime | None) -> HubTie:
    topics = Counter(tag.topic for item in items for tag in item.tags if tag.is_given)
    until = max((m.last_seen for m in listed), default=None)
    return HubTie(
        hub=hub,
        items=len(items),
        stories=_stories(items),
        since=min(_times(items), default=None),
        latest=max(_times(items), default=None),
        topics=tuple(topic for topic, _ in topics.most_common()),
        listed_since=min((m.first_seen for m in listed), default=None),
        listed_until=until,
        is_listed=until is not None and last_read is not None and last_read - until <= _LEFT,
    )


def _counted(items: Iterable[Item]) -> tuple[OrganizationCount, ...]:
    naming: dict[str, list[Item]] = {}  # by printed name
    written: dict[str, dict[str, None]] = {}  # the printed name to those in the texts
    for item in items:
        for name in item.organizations:
            written.setdefault(aliases.printed(name), {})[name] = None
        for name in dict.fromkeys(map(aliases.printed, item.organizations)):
            naming.setdefault(name, []).append(item)
    found = [
        OrganizationCount(
            name=name if name in written[name] else next(iter(written[name])),
            items=len(some),
            stories=_stories(some),
            hubs=tuple(hub for hub, _ in Counter(item.hub for item in some if item.hub).most_common()),
            latest=max(_times(some), default=None),
        )
        for name, some in naming.items()
    ]
    return tuple(sorted(found, key=lambda one: one.rank))
