"""Who is named in the items, with which hubs and how often; and who stands in a hub's list of members."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from hubwatch.models import Item
from hubwatch.store import names, values
from hubwatch.store import query as queries
from hubwatch.store.db import Store
from hubwatch.store.query import ItemQuery


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganizationCount:
    """One organization over a set of items."""

    name: str
    items: int
    hubs: tuple[str, ...]  # by how often, most first
    latest: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership:
    """An organization in a hub's list of members, and when it was first and last seen there."""

    hub: str
    organization: str
    first_seen: datetime
    last_seen: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class HubTie:
    """What is known of an organization at one hub: how often it was named there, and whether it is listed."""

    hub: str
    name: str
    items: int = 0
    since: datetime | None = None  # the first item that names it
    latest: datetime | None = None
    topics: tuple[str, ...] = ()  # of those items, the most frequent first
    listed_since: datetime | None = None  # in the hub's list of members: first and last seen there
    listed_until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganizationView:
    """One organization in full: the names it goes by, its hubs, the items that name it."""

    name: str
    names: tuple[str, ...] = ()
    ties: tuple[HubTie, ...] = ()
    items: tuple[Item, ...] = ()  # newest first

    @property
    def latest(self) -> datetime | None:
        """The time of the latest item."""
        return self.items[0].effective if self.items else None


def organizations(store: Store, query: ItemQuery) -> tuple[OrganizationCount, ...]:
    """Return the organizations that the matching items name, most often named first."""
    chosen = queries.every(store, query)
    rows = store.rows(
        "SELECT x.organization, i.source, count(*), max(x.effective)"
        f" FROM ({chosen.text}) AS c CROSS JOIN item_organizations AS x ON x.item = c.number"
        " CROSS JOIN items AS i ON i.number = c.number GROUP BY x.organization, i.source",
        chosen.params,
    )
    hub_of: dict[str, str | None] = dict(store.rows("SELECT id, hub FROM sources"))
    counts: dict[int, int] = {}
    latest: dict[int, str] = {}
    hubs: dict[int, dict[str, int]] = {}
    for number, source, count, newest in rows:
        counts[number] = counts.get(number, 0) + count
        latest[number] = max(latest.get(number, ""), newest)
        hub = hub_of.get(source)
        if hub:
            of_hub = hubs.setdefault(number, {})
            of_hub[hub] = of_hub.get(hub, 0) + count
    name_of: dict[int, str] = dict(store.rows("SELECT number, name FROM organizations"))
    found = [
        OrganizationCount(
            name=name_of[number],
            items=count,
            hubs=_by_number(hubs.get(number, {})),
            latest=datetime.fromisoformat(latest[number]),
        )
        for number, count in counts.items()
    ]
    return tuple(sorted(found, key=lambda o: (-o.items, -o.latest.timestamp(), o.name.casefold())))


def _by_number(counts: dict[str, int]) -> tuple[str, ...]:
    return tuple(sorted(counts, key=lambda hub: (-counts[hub], hub)))


def like(store: Store, wanted: str) -> tuple[str, ...]:
    """Return the names of the organizations that are this one or have it within their name."""
    numbers = names.organizations_like(store, (wanted,))
    found = [store.row("SELECT name FROM organizations WHERE number = ?", (number,)) for number in numbers]
    return tuple(sorted(row[0] for row in found if row))


def every_name(store: Store) -> tuple[str, ...]:
    """Return the names of all organizations, to find the nearest one to a misspelled name."""
    return tuple(row[0] for row in store.rows("SELECT name FROM organizations ORDER BY name"))


def save_members(store: Store, hub: str, organizations: Iterable[str], *, now: datetime) -> int:
    """Note who stands in a hub's list of members; return how many were not known there."""
    seen = values.to_time(now)
    rows = [(hub, values.to_text(name), seen, seen) for name in dict.fromkeys(organizations) if name]
    with store.transaction():
        before = store.row("SELECT count(*) FROM hub_members WHERE hub = ?", (hub,))
        store.write_many(
            "INSERT INTO hub_members (hub, organization, first_seen, last_seen) VALUES (?, ?, ?, ?)"
            " ON CONFLICT (hub, organization) DO UPDATE SET last_seen = max(last_seen, excluded.last_seen)",
            rows,
        )
        after = store.row("SELECT count(*) FROM hub_members WHERE hub = ?", (hub,))
    return int(after[0] - before[0]) if after and before else 0


def members(store: Store, *, hub: str | None = None, name: str | None = None) -> tuple[Membership, ...]:
    """Return the known memberships, of one hub or of organizations with this name within theirs."""
    where, params = ("WHERE hub = ?", (hub,)) if hub is not None else ("", ())
    rows = store.rows(
        f"SELECT hub, organization, first_seen, last_seen FROM hub_members {where}"
        " ORDER BY hub, organization",
        params,
    )
    return tuple(
        Membership(
            hub=row[0],
            organization=row[1],
            first_seen=datetime.fromisoformat(row[2]),
            last_seen=datetime.fromisoformat(row[3]),
        )
        for row in rows
        if name is None or names.is_within(name, row[1])
    )
