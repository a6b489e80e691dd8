"""Who is named in the items, with which hubs and how often; and who stands in a hub's list of members."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime

from hubwatch.catalog import aliases
from hubwatch.models import Match
from hubwatch.models.dataclass import dataclass
from hubwatch.store import candidates, names, values
from hubwatch.store.db import Row, Store
from hubwatch.store.query import ItemQuery, Sql, all_of


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganizationCount:
    """One organization over a set of items."""

    name: str
    items: int
    stories: int  # the same, but what several publishers told counts once
    hubs: tuple[str, ...]  # by how often, most first
    latest: datetime | None
    known_as: str | None = None  # another name of it, where that is the one that was asked for

    @property
    def rank(self) -> tuple[float | str, ...]:
        """What organizations are ordered by: the most often named first."""
        latest = self.latest.timestamp() if self.latest else 0.0
        return (-self.stories, -self.items, -latest, self.name.casefold())


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
    items: int = 0
    stories: int = 0  # the same, but what this hub told several times counts once
    since: datetime | None = None  # the first item that names it, of those whose date is known
    latest: datetime | None = None
    topics: tuple[str, ...] = ()  # of those items, the most frequent first
    listed_since: datetime | None = None  # in the hub's list of members: first and last seen there
    listed_until: datetime | None = None
    is_listed: bool = False  # still, when that list was read for the last time


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganizationView:
    """One organization in full: the names it goes by, its hubs, the items that name it."""

    name: str
    names: tuple[str, ...] = ()
    ties: tuple[HubTie, ...] = ()
    items: int = 0  # that name it and match
    told: tuple[Match, ...] = ()  # the same, each story once, newest first
    lately: int = 0  # stories of the last year among them
    is_all: bool = True  # there are no more of them than were looked at
    is_narrowed: bool = False  # filters were asked for
    without_filters: int = 0  # stories, where no item matches the filters
    latest: datetime | None = None


def organizations(store: Store, query: ItemQuery) -> tuple[OrganizationCount, ...]:
    """Return the organizations that the matching items name, most often named first.

    One that goes by several names is counted once an item, under its printed name if that is among them.
    """
    chosen = candidates.every(store, query, "number", "effective", "source")
    name_of: dict[int, str] = dict(store.rows("SELECT number, name FROM organizations"))
    one_of = _fold(name_of)
    rows = store.rows(
        "SELECT x.organization, s.hub, count(*), max(x.effective)"
        f" FROM ({chosen.text}) AS c CROSS JOIN sources AS s ON s.id = c.source"
        " CROSS JOIN item_organizations AS x ON x.item = c.number GROUP BY x.organization, s.hub",
        chosen.params,
    )
    rows += _named_twice(store, query, one_of)
    counts: dict[int, int] = {}
    latest: dict[int, str] = {}
    hubs: dict[int, dict[str, int]] = {}
    for written, hub, count, newest in rows:
        number = one_of[written] if written in one_of else int(written)
        counts[number] = counts.get(number, 0) + count
        latest[number] = max(latest.get(number, ""), newest)
        if hub:
            of_hub = hubs.setdefault(number, {})
            of_hub[hub] = of_hub.get(hub, 0) + count
    retold = _retold(store, query, chosen, one_of)
    found = [
        OrganizationCount(
            name=name_of[number],
            items=count,
            stories=count - retold[number],
            hubs=_by_number(hubs.get(number, {})),
            latest=values.dated(latest[number]),
        )
        for number, count in counts.items()
    ]
    return tuple(sorted(found, key=lambda one: one.rank))


def _fold(name_of: Mapping[int, str]) -> dict[int, int]:
    """Return which number stands for which, where several are names of one organization."""
    numbers: dict[str, list[int]] = {}
    for number, name in name_of.items():
        printed = aliases.printed(name)
        same = numbers.setdefault(printed, [])
        same.insert(0 if name == printed else len(same), number)
    return {number: same[0] for same in numbers.values() if len(same) > 1 for number in same}


def _named_twice(store: Store, query: ItemQuery, one_of: Mapping[int, int]) -> list[Row]:
    """Return what is to be taken off again: items that have two names of one organization."""
    twice = store.rows(
        "SELECT f.value, x.item, 1 - count(*) FROM json_each(?) AS f"
        " CROSS JOIN item_organizations AS x ON x.organization = CAST(f.key AS INTEGER) AND x.effective >= ?"
        " GROUP BY 1, 2 HAVING count(*) > 1",
        (json.dumps(one_of), values.to_time(query.filters.since) or ""),
    )
    if not twice:
        return []
    wanted = all_of(candidates.conditions_on(store, query))
    return store.rows(
        "SELECT json_extract(t.value, '$[0]'), s.hub, sum(json_extract(t.value, '$[2]')), ''"
        " FROM json_each(?) AS t CROSS JOIN items AS i ON i.number = json_extract(t.value, '$[1]')"
        " CROSS JOIN sources AS s ON s.id = i.source"
        f" WHERE {wanted.text} GROUP BY 1, 2",
        (json.dumps(twice), *wanted.params),
    )


def _retold(store: Store, query: ItemQuery, chosen: Sql, one_of: Mapping[int, int]) -> Counter[int]:
    """Return how many of the items that name an organization retell what another of them told already.

    Few items retell anything, and an index holds them alone: only these and what they retell are looked at.
    """
    retelling = store.rows(
        f"SELECT r.story, x.organization, x.item FROM ({chosen.text}) AS c"
        " CROSS JOIN items AS r INDEXED BY retold ON r.number = c.number AND r.story <> r.id"
        " CROSS JOIN item_organizations AS x ON x.item = c.number",
        chosen.params,
    )
    if not retelling:
        return Counter()
    wanted = all_of(candidates.conditions_on(store, query))
    leading = store.rows(
        "SELECT i.id, x.organization, x.item FROM json_each(?) AS t CROSS JOIN items AS i ON i.id = t.value"
        f" CROSS JOIN item_organizations AS x ON x.item = i.number WHERE {wanted.text}",
        (json.dumps(list({story for story, _, _ in retelling})), *wanted.params),
    )
    tellers: dict[tuple[int, str], set[int]] = {}
    for story, written, item in (*retelling, *leading):
        tellers.setdefault((one_of.get(written, written), story), set()).add(item)
    found: Counter[int] = Counter()
    for (number, _), items in tellers.items():
        found[number] += len(items) - 1
    return found


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


def members(store: Store, *, hub: str | None = None) -> tuple[Membership, ...]:
    """Return the known memberships, all or those of one hub."""
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
    )
