"""Which index is walked for a query: what usually leaves least, newest first.

A branch walks one index in the order of time and stops at the limit; what else an item has to fulfil is
looked up row by row. So a list costs the same whatever the store's size.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from hubwatch.models import GIVEN, Profile
from hubwatch.store import names
from hubwatch.store.conditions import (
    Conditions,
    any_phrase,
    has_phrase,
    is_hit,
    lowest_number,
    sources_of,
    typed_expression,
)
from hubwatch.store.db import Store
from hubwatch.store.query import ItemQuery, Sql, all_of, any_of, within
from hubwatch.store.values import to_time

_MANY_SOURCES = 64  # up to here each source is walked by itself and stops at the limit
_RARE = 3000  # up to so many hits of the full-text index are all looked at
_WINDOW = 4  # newest items for each hit wanted, in which a common word is looked for first
_WIDER = 16  # times as many, at most, where these do not hold enough
# Weights, as in the formula of `profiles`; wanted words in the title give a bonus too.
_ORGANIZATION, _KEYWORD, _PLACE, _IN_TITLE = "0.8", "0.6", "0.3", "0.74"


class Branch(NamedTuple):
    """One index to walk: table with its alias, the columns that hold the item's number, time and source."""

    table: str
    number: str
    effective: str
    where: Sql = Sql("1")
    weight: str = "NULL"  # how much this way of matching counts (0..1); NULL: by the item's best topic
    begins: bool = False  # whether `where` says where the time begins
    reads_items: bool = False  # whether `where` looks at the item
    source: str = "i.source"

    def statement(self, query: ItemQuery, conditions: Sequence[Sql], *columns: str) -> Sql:
        """Return the statement for these columns (number, effective...) of what fulfils the conditions."""
        filters = replace(query.filters, since=None) if self.begins else query.filters
        where = [self.where, *within(self.effective, filters), *conditions]
        is_timed = len(where) > 1 or "effective" in columns
        reads_items = (
            self.reads_items
            or conditions
            or "source" in columns
            or (is_timed and self.effective == "i.effective")
        )
        table = self.table
        if self.number != "i.number" and reads_items:
            # CROSS JOIN keeps SQLite from turning the order of the walk around.
            table += f" CROSS JOIN items AS i ON i.number = {self.number}"
        selected = ", ".join(f"{getattr(self, column)} AS {column}" for column in columns)
        wanted = all_of(where)
        return Sql(f"SELECT {selected} FROM {table} WHERE {wanted.text}", wanted.params)


def plan(
    store: Store, query: ItemQuery, *, limit: int | None, by_source: bool = False
) -> tuple[list[Sql], list[Branch]]:
    """Return the branches to walk for so many items (None: all), and the conditions beside them.

    Where everything is to be counted by its source, the walk may be source by source.
    """
    driver = _driver(query)
    conditions = Conditions(store, query)
    wanted = [*conditions.filters(skip=driver), *conditions.always()]
    if driver != "profile":
        wanted += conditions.profile()
    if by_source and not driver and not wanted:
        return wanted, [_SOURCE_BY_SOURCE]
    return wanted, _Walks(store, query, wanted, limit).of(driver)


def _driver(query: ItemQuery) -> str:
    """Return which part of the query is fulfilled by the walk."""
    filters, profile = query.filters, query.profile
    asked = {
        "text": query.text is not None,
        "topics": filters.topics,
        "organizations": filters.organizations,
        "keywords": filters.keywords,
        "places": filters.hubs or filters.states,
        "sources": filters.sources,
        "profile": profile is not None and profile.is_union,
        "kinds": filters.kinds,
    }
    return next((part for part, is_asked in asked.items() if is_asked), "")


class _Walks:
    """Makes the branches of one query."""

    def __init__(self, store: Store, query: ItemQuery, wanted: Sequence[Sql], limit: int | None) -> None:
        self._store = store
        self._query = query
        self._wanted = wanted  # beside the walk
        self._limit = limit

    def of(self, driver: str) -> list[Branch]:
        """Return the branches that fulfil one part of the query."""
        query, filters = self._query, self._query.filters
        match driver:
            case "text":
                return [self._text(typed_expression(query.text or ""))]
            case "topics":
                return _topics(filters.topics)
            case "organizations":
                return self._organizations(filters.organizations) or [_NOTHING]
            case "keywords":
                return self._keywords(filters.keywords) or [_NOTHING]
            case "places":
                return _sources(sources_of(self._store, filters.hubs, filters.states, together=True))
            case "sources":
                return [*_sources(filters.sources), *_mates(filters.sources)]
            case "kinds":
                return [_items(Sql("i.kind = ?", (kind,))) for kind in dict.fromkeys(filters.kinds)]
        if driver == "profile" and query.profile is not None:
            return self._profile(query.profile) or [_NOTHING]
        # A bound that every time fulfils makes the walk a search of the index in SQLite's plan. Beside a
        # real one it must not stand: SQLite would begin the walk at the wrong one of the two.
        return [_items(Sql("i.effective >= '0'") if filters.since is None else Sql("1"))]

    def _profile(self, profile: Profile) -> list[Branch]:
        branches = _topics(profile.topics)
        if profile.hubs or profile.states:
            places = sources_of(self._store, profile.hubs, profile.states, together=False)
            branches += [branch._replace(weight=_PLACE) for branch in _sources(places)]
        branches += self._organizations(profile.organizations)
        branches += self._phrases(profile.organizations, "title", "summary", weight=_ORGANIZATION)
        return [*branches, *self._keywords(profile.keywords)]

    def _organizations(self, wanted: Sequence[str]) -> list[Branch]:
        return [
            Branch(
                "item_organizations AS o",
                "o.item",
                "o.effective",
                Sql("o.organization = ?", (number,)),
                _ORGANIZATION,
            )
            for number in names.organizations_like(self._store, wanted)
        ]

    def _keywords(self, keywords: tuple[str, ...]) -> list[Branch]:
        """Walk the items with one of these phrases; for a ranking, those with it in the title apart."""
        found = self._phrases(keywords)
        if self._limit is not None:
            found += self._phrases(keywords, "title", weight=_IN_TITLE)
        return found

    def _phrases(self, wanted: tuple[str, ...], *columns: str, weight: str = _KEYWORD) -> list[Branch]:
        expression = any_phrase(wanted, columns=" ".join(columns))
        return [self._text(expression, has_phrase(wanted, *columns), weight=weight)] if expression else []

    def _text(self, expression: str, really: Sql | None = None, *, weight: str = _KEYWORD) -> Branch:
        """Walk the hits. The newest hits of a common word are looked for among the newest items.

        `really` is what an item must fulfil beside being a hit.
        """
        low = lowest_number(self._store, to_time(self._query.filters.since))
        match = Sql("search MATCH ? AND rowid >= ?", (expression, low))
        if self._limit is not None and self._is_common(match):
            return self._among_newest(expression, really, self._limit)._replace(weight=weight)
        table = f"(SELECT rowid AS hit FROM search WHERE {match.text}) AS f"
        # The values of the table expression come before those of the conditions.
        text, params = really or Sql("1")
        where = Sql(text, (*match.params, *params))
        return Branch(table, "f.hit", "i.effective", where, weight, reads_items=really is not None)

    def _is_common(self, match: Sql) -> bool:
        row = self._store.row(
            f"SELECT count(*) FROM (SELECT 1 FROM search WHERE {match.text} LIMIT {_RARE + 1})", match.params
        )
        return bool(row and row[0] > _RARE)

    def _among_newest(self, expression: str, really: Sql | None, limit: int) -> Branch:
        """Walk just so many of the newest items that enough of them match, by what else is asked too."""
        size = _WINDOW * limit
        # Each hit that has to be read costs: enough to show will do, for the word may be rarer than its stem,
        # and where it is very rare the last walk is over all, rather than one more that only counts.
        enough = min(limit, self._query.cap) if really else limit
        filters = self._query.filters
        while True:
            row = self._store.row(
                "SELECT effective FROM items WHERE effective <= ? ORDER BY effective DESC LIMIT 1 OFFSET ?",
                (to_time(filters.until) or "9", size),
            )
            since = max(row[0] if row else "", to_time(filters.since) or "")
            hits = is_hit(expression, lowest_number(self._store, since))
            where = all_of([Sql("i.effective >= ?", (since,)), hits, *([really] if really else [])])
            # Else SQLite fetches each hit's row to see its time, which the index tells of all in one stretch.
            branch = Branch(
                "items AS i INDEXED BY items_by_time", "i.number", "i.effective", where, begins=True
            )
            if row is None or since != row[0]:
                return branch
            matching = branch.statement(self._query, self._wanted, "number")
            counted = self._store.row(
                f"SELECT count(*) FROM ({matching.text} LIMIT ?)", (*matching.params, enough)
            )
            found = counted[0] if counted else 0
            if found >= enough:
                return branch
            # As many as should hold enough at this rate, and a quarter more.
            needed = max(2 * size, size * enough * 5 // (4 * max(found, 1)))
            size = needed if really else min(needed, _WIDER * size)


def _items(where: Sql) -> Branch:
    return Branch("items AS i", "i.number", "i.effective", where)


_NOTHING = _items(Sql("i.number = -1"))
# Everything by an index that tells the source too: for all else, each item would have to be fetched for it.
_SOURCE_BY_SOURCE = Branch(
    "sources AS f CROSS JOIN items AS i INDEXED BY items_by_source ON i.source = f.id",
    "i.number",
    "i.effective",
)


def _topics(topics: Sequence[str]) -> list[Branch]:
    return [
        Branch(
            "item_topics AS t",
            "t.item",
            "t.effective",
            Sql(f"t.topic = ? AND t.score >= {GIVEN}", (topic,)),
            "t.score",
        )
        for topic in dict.fromkeys(topics)
    ]


def _sources(sources: Sequence[str]) -> list[Branch]:
    if len(sources) <= _MANY_SOURCES:
        return [_items(Sql("i.source = ?", (source,))) for source in sources] or [_NOTHING]
    return [_items(any_of("i.source", sources))]


def _mates(sources: Sequence[str]) -> list[Branch]:
    """Walk what others carry of these sources' announcements: the same story, told elsewhere."""
    own = any_of("s.source", sources)
    followers = "items AS s CROSS JOIN items AS i ON i.story = s.id AND i.story <> i.id"
    leaders = "items AS s CROSS JOIN items AS i ON i.id = s.story"
    siblings = "items AS s CROSS JOIN items AS i ON i.story = s.story AND i.story <> i.id"
    retold = Sql(f"{own.text} AND s.story <> s.id", own.params)
    return [
        Branch(followers, "i.number", "i.effective", own),
        Branch(leaders, "i.number", "i.effective", retold),
        Branch(siblings, "i.number", "i.effective", retold),
    ]
