"""What to look for in the store, and the statement that finds it by its indexes, newest first.

Every statement is made of branches. A branch walks one index in the order of time and stops at the limit;
what else an item has to fulfil is looked up row by row. So a list costs the same whatever the store's size.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import field
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from hubwatch.models import Filters, Profile, Sort
from hubwatch.models.dataclass import dataclass
from hubwatch.store import deliveries, names, values
from hubwatch.store.db import Store

GIVEN = 0.5  # from this score on a tag counts as given; the partial index topics_by_time says the same
_MANY_SOURCES = 64  # up to here each source is walked by itself and stops at the limit
_RARE = 3000  # up to so many hits of the full-text index are all looked at
_RANKED = 10_000  # newest items among which the likeliest are looked for
# Weights, as in the formula of `profiles`; wanted words in the title give a bonus too.
_ORGANIZATION, _KEYWORD, _PLACE, _IN_TITLE = "0.8", "0.6", "0.3", "0.74"
_OPEN_CALL = "0.08"
_RECENT = timedelta(days=90)  # a call of this age may be open without a deadline
_WINDOW = 20_000  # newest items in which a common word is looked for first


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemQuery:
    """What a list is to hold: AND between the parts, OR within a filter and within the profile."""

    filters: Filters = field(default_factory=Filters)
    profile: Profile | None = None
    text: str | None = None  # a query of `search`, as it was typed
    new_for: str | None = None  # the profile ('' without one) that must not have been shown the item
    now: datetime | None = None  # needed with new_for and with the order by relevance
    order: Sort = "newest"  # which ones, where there are more than the limit; the others need now
    limit: int = 1000  # items at most, unless filters.limit asks for more

    @property
    def cap(self) -> int:
        """How many items at most: enough to choose the filters' limit from, after stories became one."""
        return max(self.limit, 4 * (self.filters.limit or 0))


def _expression(typed: str) -> str:
    from hubwatch.store import phrases  # its patterns cost 5 ms, and most lists need none

    return phrases.expression(typed)


def _any_phrase(wanted: tuple[str, ...], *, columns: str = "") -> str | None:
    if not wanted:
        return None
    from hubwatch.store import phrases

    return phrases.any_phrase(wanted, columns=columns)


# Nearly those that `profiles` holds for open, by indexes alone.
_OPEN_CALLS = (
    "SELECT number FROM items INDEXED BY calls_by_deadline WHERE kind = 'call' AND deadline >= ?"
    " UNION ALL SELECT number FROM items INDEXED BY items_by_kind WHERE kind = 'call' AND effective >= ?"
)


class Sql(NamedTuple):
    """A piece of SQL with the values bound in it."""

    text: str
    params: tuple[Any, ...] = ()


class _Branch(NamedTuple):
    """One index to walk: table with its alias, the columns that hold the item's number and time."""

    table: str
    number: str
    effective: str
    where: Sql = Sql("1")
    weight: str = "NULL"  # how much this way of matching counts (0..1); NULL: by the item's best topic


def newest(store: Store, query: ItemQuery, *, limit: int) -> Sql:
    """Return the statement for (number, effective, weight) of the newest items that match."""
    conditions, branches = _plan(store, query)
    limited = [
        Sql(
            f"SELECT * FROM ({branch.text} ORDER BY effective DESC, number DESC LIMIT ?)",
            (*branch.params, limit),
        )
        for branch in (_joined(branch, conditions, query.filters) for branch in branches)
    ]
    united = joined_by(" UNION ALL ", limited)
    if len(limited) == 1:
        return united
    return Sql(
        f"SELECT number, effective, max(weight) AS weight FROM ({united.text}) GROUP BY number"
        " ORDER BY effective DESC, number DESC LIMIT ?",
        (*united.params, limit),
    )


def best(store: Store, query: ItemQuery) -> Sql:
    """Return the same for the items likeliest to rank high: of many newest, by topic and age.

    The weights and the age come near to the formula of `profiles`, which decides in the end.
    """
    if query.now is None:
        raise ValueError("the order by relevance needs ItemQuery.now")
    many = newest(store, query, limit=max(_RANKED, query.cap))
    return Sql(
        f"SELECT number, effective, weight FROM ({many.text}) AS c"
        " ORDER BY coalesce(weight, max(0.4, coalesce("
        f"(SELECT max(b.score) FROM item_topics AS b WHERE b.item = c.number AND b.score >= {GIVEN}), 0)))"
        " * (0.8 + 2.8 / (14 + max(julianday(?) - julianday(effective), 0)))"
        f" + {_OPEN_CALL} * (number IN ({_OPEN_CALLS})) DESC, effective DESC LIMIT ?",
        (
            *many.params,
            values.to_time(query.now),
            values.to_date(query.now),
            values.to_time(query.now - _RECENT),
            query.cap,
        ),
    )


def soonest(store: Store, query: ItemQuery) -> Sql:
    """Return the same for the items whose deadlines come next, and the newest of all beside them."""
    if query.now is None:
        raise ValueError("the order by deadline needs ItemQuery.now")
    wanted = all_of([Sql("i.deadline >= ?", (values.to_date(query.now),)), *conditions_on(store, query)])
    others = newest(store, query, limit=query.cap)
    return Sql(
        "SELECT number, effective, NULL AS weight FROM (SELECT i.number, i.effective"
        f" FROM items AS i INDEXED BY items_by_deadline WHERE {wanted.text}"
        " ORDER BY i.deadline, i.number LIMIT ?)"
        f" UNION SELECT number, effective, NULL FROM ({others.text})",
        (*wanted.params, query.cap, *others.params),
    )


def window(store: Store, query: ItemQuery) -> Sql:
    """Return the statement for the items that lead in the order asked for, about as many as the limit."""
    if query.order == "relevance":
        return best(store, query)
    if query.order == "deadline":
        return soonest(store, query)
    return newest(store, query, limit=query.cap)


def every(store: Store, query: ItemQuery) -> Sql:
    """Return the statement for (number, effective) of all items that match, in no order."""
    conditions, branches = _plan(store, query, bounded=False)
    found = [_joined(branch, conditions, query.filters, weighted=False) for branch in branches]
    return joined_by(" UNION ", found)


def conditions_on(store: Store, query: ItemQuery) -> list[Sql]:
    """Return everything an item `i` has to fulfil, for statements that walk an index of their own."""
    found = _Conditions(store, query)
    return [
        *found.filters(skip=""),
        *found.profile(),
        *found.always(),
        *_window("i.effective", query.filters),
    ]


def joined_by(between: str, pieces: Iterable[Sql]) -> Sql:
    """Join pieces of SQL by a word between them."""
    pieces = list(pieces)
    return Sql(between.join(p.text for p in pieces), tuple(v for p in pieces for v in p.params))


def all_of(pieces: Iterable[Sql]) -> Sql:
    """Join conditions by AND."""
    return joined_by(" AND ", list(pieces) or [Sql("1")])


def _window(effective: str, filters: Filters) -> list[Sql]:
    found = []
    if filters.since is not None:
        found.append(Sql(f"{effective} >= ?", (values.to_time(filters.since),)))
    if filters.until is not None:
        found.append(Sql(f"{effective} <= ?", (values.to_time(filters.until),)))
    return found


def _joined(branch: _Branch, conditions: Sequence[Sql], filters: Filters, *, weighted: bool = True) -> Sql:
    table = branch.table
    weight = f", {branch.weight} AS weight" if weighted else ""
    if conditions and branch.number != "i.number":
        # CROSS JOIN keeps SQLite from turning the order of the walk around.
        table += f" CROSS JOIN items AS i ON i.number = {branch.number}"
    where = all_of([branch.where, *_window(branch.effective, filters), *conditions])
    return Sql(
        f"SELECT {branch.number} AS number, {branch.effective} AS effective{weight}"
        f" FROM {table} WHERE {where.text}",
        where.params,
    )


def _plan(store: Store, query: ItemQuery, *, bounded: bool = True) -> tuple[list[Sql], list[_Branch]]:
    conditions = _Conditions(store, query)
    driver, branches = _drive(store, query, bounded=bounded)
    wanted = [*conditions.filters(skip=driver), *conditions.always()]
    if driver != "profile":
        wanted += conditions.profile()
    return wanted, branches


# --- which index to walk -------------------------------------------------------------------------


def _drive(store: Store, query: ItemQuery, *, bounded: bool) -> tuple[str, list[_Branch]]:
    """Choose what is walked, by what usually leaves least; say which filter is thereby fulfilled."""
    filters, profile = query.filters, query.profile
    limit = max(_RANKED if query.order == "relevance" else 0, query.cap) if bounded else None
    if query.text is not None:
        return "text", [_by_text(store, _expression(query.text), filters, limit)]
    if filters.topics:
        return "topics", [_by_topic(topic) for topic in dict.fromkeys(filters.topics)]
    if filters.organizations:
        numbers = names.organizations_like(store, filters.organizations)
        return "organizations", [_by_organization(number) for number in numbers] or [_NOTHING]
    if filters.keywords:
        return "keywords", _by_keywords(store, filters.keywords, filters, limit) or [_NOTHING]
    if filters.hubs or filters.states:
        return "places", _by_sources(_sources_of(store, filters.hubs, filters.states, together=True))
    if filters.sources:
        return "sources", [*_by_sources(filters.sources), *_by_mates(filters.sources)]
    if profile is not None and _is_union(profile):
        return "profile", _by_profile(store, profile, filters, limit)
    if filters.kinds:
        kinds = dict.fromkeys(filters.kinds)
        return "kinds", [_by_items(Sql("i.kind = ?", (kind,))) for kind in kinds]
    # A bound that every time fulfils makes the walk a search of the index in SQLite's plan. Beside a
    # real one it must not stand: SQLite would begin the walk at the wrong one of the two.
    return "", [_by_items(Sql("i.effective >= '0'") if filters.since is None else Sql("1"))]


def _is_union(profile: Profile) -> bool:
    return bool(profile.topics or profile.hubs or profile.states or profile.keywords or profile.organizations)


def _by_items(where: Sql) -> _Branch:
    return _Branch("items AS i", "i.number", "i.effective", where)


_NOTHING = _by_items(Sql("i.number = -1"))


def _by_topic(topic: str) -> _Branch:
    where = Sql(f"t.topic = ? AND t.score >= {GIVEN}", (topic,))
    return _Branch("item_topics AS t", "t.item", "t.effective", where, "t.score")


def _by_organization(number: int) -> _Branch:
    where = Sql("o.organization = ?", (number,))
    return _Branch("item_organizations AS o", "o.item", "o.effective", where, _ORGANIZATION)


def _by_sources(sources: Sequence[str]) -> list[_Branch]:
    if len(sources) <= _MANY_SOURCES:
        return [_by_items(Sql("i.source = ?", (source,))) for source in sources] or [_NOTHING]
    return [_by_items(_any("i.source", sources))]


def _by_mates(sources: Sequence[str]) -> list[_Branch]:
    """Walk what others carry of these sources' announcements: the same story, told elsewhere."""
    own = _any("s.source", sources)
    followers = "items AS s CROSS JOIN items AS i ON i.story = s.id AND i.story <> i.id"
    leaders = "items AS s CROSS JOIN items AS i ON i.id = s.story"
    siblings = "items AS s CROSS JOIN items AS i ON i.story = s.story AND i.story <> i.id"
    retold = Sql(f"{own.text} AND s.story <> s.id", own.params)
    return [
        _Branch(followers, "i.number", "i.effective", own),
        _Branch(leaders, "i.number", "i.effective", retold),
        _Branch(siblings, "i.number", "i.effective", retold),
    ]


def _by_profile(store: Store, profile: Profile, filters: Filters, limit: int | None) -> list[_Branch]:
    branches = [_by_topic(topic) for topic in dict.fromkeys(profile.topics)]
    if profile.hubs or profile.states:
        places = _by_sources(_sources_of(store, profile.hubs, profile.states, together=False))
        branches += [branch._replace(weight=_PLACE) for branch in places]
    numbers = names.organizations_like(store, profile.organizations)
    branches += [_by_organization(number) for number in numbers]
    named = _any_phrase(profile.organizations, columns="title summary")
    if named:
        branches.append(_by_text(store, named, filters, limit, weight=_ORGANIZATION))
    branches += _by_keywords(store, profile.keywords, filters, limit)
    return branches or [_NOTHING]


def _profile_expression(profile: Profile) -> str | None:
    """Return what finds the profile's keywords anywhere, and its organizations in title or summary."""
    found = (
        _any_phrase(profile.keywords),
        _any_phrase(profile.organizations, columns="title summary"),
    )
    return " OR ".join(f"({one})" for one in found if one) or None


def _sources_of(
    store: Store, hubs: Sequence[str], states: Sequence[str], *, together: bool
) -> tuple[str, ...]:
    pieces = [_any(column, wanted) for column, wanted in (("hub", hubs), ("state", states)) if wanted]
    where = joined_by(" AND " if together else " OR ", pieces)
    rows = store.rows(f"SELECT id FROM sources WHERE {where.text}", where.params)
    return tuple(row[0] for row in rows)


# --- the full-text index -------------------------------------------------------------------------


def _by_keywords(
    store: Store, keywords: tuple[str, ...], filters: Filters, limit: int | None
) -> list[_Branch]:
    """Walk the items with one of these phrases; for a ranking, those with it in the title apart."""
    anywhere, in_title = _any_phrase(keywords), _any_phrase(keywords, columns="title")
    found = [_by_text(store, anywhere, filters, limit)] if anywhere else []
    if in_title and limit is not None:
        found.append(_by_text(store, in_title, filters, limit, weight=_IN_TITLE))
    return found


def _by_text(
    store: Store, expression: str, filters: Filters, limit: int | None, *, weight: str = _KEYWORD
) -> _Branch:
    """Walk the hits. The newest hits of a common word are looked for among the newest items first."""
    match = Sql("search MATCH ? AND rowid >= ?", (expression, _low(store, filters)))
    if limit is not None and _is_common(store, match):
        return _among_newest(store, expression, filters, limit)._replace(weight=weight)
    table = (
        f"(SELECT rowid AS hit FROM search WHERE {match.text}) AS f CROSS JOIN items AS i ON i.number = f.hit"
    )
    # The values of the table expression come before those of the conditions.
    return _Branch(table, "i.number", "i.effective", Sql("1", match.params), weight)


def _is_common(store: Store, match: Sql) -> bool:
    sql = f"SELECT count(*) FROM (SELECT 1 FROM search WHERE {match.text} LIMIT {_RARE + 1})"
    row = store.row(sql, match.params)
    return bool(row and row[0] > _RARE)


def _among_newest(store: Store, expression: str, filters: Filters, limit: int) -> _Branch:
    size = _WINDOW
    while True:
        row = store.row(
            "SELECT effective FROM items WHERE effective <= ? ORDER BY effective DESC LIMIT 1 OFFSET ?",
            (values.to_time(filters.until) or "9", size),
        )
        since = max(row[0] if row else "", values.to_time(filters.since) or "")
        low = lowest_number(store, since)
        hits = Sql(
            "i.effective >= ? AND i.number IN (SELECT rowid FROM search WHERE search MATCH ? AND rowid >= ?)",
            (since, expression, low),
        )
        branch = _by_items(hits)
        if row is None or since != row[0]:
            return branch
        enough = store.row(
            f"SELECT count(*) FROM (SELECT 1 FROM {branch.table} WHERE {hits.text} LIMIT {limit})",
            hits.params,
        )
        if enough and enough[0] >= limit:
            return branch
        size *= 10


def _low(store: Store, filters: Filters) -> int:
    return lowest_number(store, values.to_time(filters.since) or "")


def lowest_number(store: Store, since: str) -> int:
    """Return the lowest number of the items from this time on: hits below it need not be looked at."""
    if not since:
        return 0
    row = store.row("SELECT min(number) FROM items INDEXED BY items_by_time WHERE effective >= ?", (since,))
    return row[0] or 0 if row else 0


# --- what else an item has to fulfil ---------------------------------------------------------------


def _any(column: str, wanted: Sequence[Any]) -> Sql:
    unique = tuple(dict.fromkeys(wanted))
    if not unique:
        # Nothing fulfils it. A plain 0 would do, but SQLite finds no plan for it with a given index.
        return Sql(f"{column} <> {column}")
    return Sql(f"{column} IN ({', '.join('?' * len(unique))})", unique)


class _Conditions:
    """The parts of a query as conditions on an item `i`."""

    def __init__(self, store: Store, query: ItemQuery) -> None:
        self._store = store
        self._query = query
        self._low: int | None = None

    def filters(self, *, skip: str) -> list[Sql]:
        """Return one condition for each filter that is set, but for the one already fulfilled."""
        f = self._query.filters
        found = {
            "text": self._hit(_expression(self._query.text)) if self._query.text is not None else None,
            "topics": self._topics(f.topics),
            "organizations": self._organizations(f.organizations),
            "keywords": self._phrases(f.keywords),
            "places": self._places(f.hubs, f.states, together=True),
            "sources": self._sources(f.sources),
            "kinds": _any("i.kind", f.kinds) if f.kinds else None,
        }
        return [condition for name, condition in found.items() if condition and name != skip]

    def profile(self) -> list[Sql]:
        """Return the profile's union as one condition."""
        profile = self._query.profile
        if profile is None or not _is_union(profile):
            return []
        expression = _profile_expression(profile)
        found = (
            self._topics(profile.topics),
            self._organizations(profile.organizations),
            self._hit(expression) if expression else None,
            self._places(profile.hubs, profile.states, together=False),
        )
        united = joined_by(" OR ", [condition for condition in found if condition])
        return [Sql(f"({united.text})", united.params)]

    def always(self) -> list[Sql]:
        """Return what narrows whatever is walked: the profile's kinds, exclusions, what is new."""
        query, found = self._query, []
        profile = query.profile
        if profile is not None and profile.kinds:
            found.append(_any("i.kind", profile.kinds))
        excluded = _any_phrase((*query.filters.exclude, *(profile.exclude if profile else ())))
        if excluded:
            hit = self._hit(excluded)
            found.append(Sql(f"NOT {hit.text}", hit.params))
        if query.new_for is not None:
            found.append(self._new(query.new_for))
        return found

    def _topics(self, topics: Sequence[str]) -> Sql | None:
        if not topics:
            return None
        wanted = _any("x.topic", topics)
        return Sql(
            "EXISTS (SELECT 1 FROM item_topics AS x WHERE x.item = i.number"
            f" AND x.score >= {GIVEN} AND {wanted.text})",
            wanted.params,
        )

    def _organizations(self, wanted: Sequence[str]) -> Sql | None:
        if not wanted:
            return None
        numbers = _any("y.organization", names.organizations_like(self._store, wanted))
        return Sql(
            f"EXISTS (SELECT 1 FROM item_organizations AS y WHERE y.item = i.number AND {numbers.text})",
            numbers.params,
        )

    def _phrases(self, wanted: tuple[str, ...]) -> Sql | None:
        if not wanted:
            return None
        expression = _any_phrase(wanted)
        return self._hit(expression) if expression else Sql("0")

    def _places(self, hubs: Sequence[str], states: Sequence[str], *, together: bool) -> Sql | None:
        if not (hubs or states):
            return None
        return _any("i.source", _sources_of(self._store, hubs, states, together=together))

    def _sources(self, sources: Sequence[str]) -> Sql | None:
        if not sources:
            return None
        own, mates = _any("i.source", sources), _any("m.source", sources)
        return Sql(
            f"({own.text}"
            f" OR EXISTS (SELECT 1 FROM items AS m WHERE m.id = i.story AND {mates.text})"
            " OR EXISTS (SELECT 1 FROM items AS m WHERE m.story = i.story AND m.story <> m.id"
            f" AND {mates.text}))",
            (*own.params, *mates.params, *mates.params),
        )

    def _hit(self, expression: str) -> Sql:
        if self._low is None:
            self._low = _low(self._store, self._query.filters)
        return Sql(
            "i.number IN (SELECT rowid FROM search WHERE search MATCH ? AND rowid >= ?)",
            (expression, self._low),
        )

    def _new(self, profile: str) -> Sql:
        if self._query.now is None:
            raise ValueError("ItemQuery.new_for needs ItemQuery.now")
        now = self._query.now
        first = deliveries.first_new(self._store, profile, now=now)
        since = "" if deliveries.first_run(self._store, profile) else deliveries.first_window(now)
        shown = "JOIN deliveries AS v ON v.item = m.number AND v.profile = ?"
        return Sql(
            "i.effective >= ? AND i.number >= ? AND i.arrived_old = 0"
            " AND NOT EXISTS (SELECT 1 FROM deliveries AS v WHERE v.item = i.number AND v.profile = ?)"
            f" AND NOT EXISTS (SELECT 1 FROM items AS m {shown} WHERE m.id = i.story)"
            f" AND NOT EXISTS (SELECT 1 FROM items AS m {shown} WHERE m.story = i.story AND m.story <> m.id)",
            (since, first, profile, profile, profile),
        )
