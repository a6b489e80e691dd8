"""The parts of a query as conditions on an item `i`, looked up row by row while some index is walked."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from hubwatch.models import GIVEN
from hubwatch.store import deliveries, names
from hubwatch.store.db import Store
from hubwatch.store.query import ItemQuery, Sql, any_of, joined_by
from hubwatch.store.values import to_time


def typed_expression(typed: str) -> str:
    """Return what a person typed, as an expression for the full-text index."""
    from hubwatch.store import phrases  # its patterns cost 5 ms, and most lists need none

    return phrases.expression(typed)


def any_phrase(wanted: tuple[str, ...], *, columns: str = "") -> str | None:
    """Return the expression that finds any of these phrases, None where there are none."""
    if not wanted:
        return None
    from hubwatch.store import phrases

    return phrases.any_phrase(wanted, columns=columns)


def has_phrase(wanted: Sequence[str], *columns: str) -> Sql:
    """Return the condition that an item `i` has one of these phrases as it stands, here or anywhere.

    The index knows only the stems of words: by it, `universal` stands wherever `university` does.
    """
    phrases = "\n".join(" ".join(phrase.split()) for phrase in wanted)
    # The full text lies apart from the item: it is read last, and only where it matters.
    pieces = [f"has_any(i.{column}, ?)" for column in columns or ("title", "summary")]
    if not columns:
        pieces.append("has_any((SELECT x.content FROM texts AS x WHERE x.item = i.number), ?)")
    return Sql(f"({' OR '.join(pieces)})", (phrases,) * len(pieces))


def sources_of(
    store: Store, hubs: Sequence[str], states: Sequence[str], *, together: bool
) -> tuple[str, ...]:
    """Return the sources of these hubs and states: of both at once, or of either."""
    pieces = [any_of(column, wanted) for column, wanted in (("hub", hubs), ("state", states)) if wanted]
    where = joined_by(" AND " if together else " OR ", pieces)
    rows = store.rows(f"SELECT id FROM sources WHERE {where.text}", where.params)
    return tuple(row[0] for row in rows)


def lowest_number(store: Store, since: str | None) -> int:
    """Return the lowest number of the items from this time on: hits below it need not be looked at."""
    if not since:
        return 0
    row = store.row("SELECT min(number) FROM items INDEXED BY items_by_time WHERE effective >= ?", (since,))
    return row[0] or 0 if row else 0


def is_hit(expression: str, low: int) -> Sql:
    """Return the condition that the full-text index finds an item by an expression, from this number on."""
    return Sql(
        "i.number IN (SELECT rowid FROM search WHERE search MATCH ? AND rowid >= ?)", (expression, low)
    )


class Conditions:
    """Makes the conditions of one query."""

    def __init__(self, store: Store, query: ItemQuery) -> None:
        self._store = store
        self._query = query
        self._low: int | None = None

    def filters(self, *, skip: str) -> list[Sql]:
        """Return one condition for each filter that is set, but for the one already fulfilled."""
        f = self._query.filters
        made: dict[str, Callable[[], Sql | None]] = {
            "text": lambda: self._typed(self._query.text),
            "topics": lambda: self._topics(f.topics),
            "organizations": lambda: self._organizations(f.organizations),
            "keywords": lambda: self._phrases(f.keywords),
            "places": lambda: self._places(f.hubs, f.states, together=True),
            "sources": lambda: self._sources(f.sources),
            "kinds": lambda: any_of("i.kind", f.kinds) if f.kinds else None,
        }
        found = [make() for name, make in made.items() if name != skip]
        return [condition for condition in found if condition]

    def profile(self) -> list[Sql]:
        """Return the profile's union as one condition."""
        profile = self._query.profile
        if profile is None or not profile.is_union:
            return []
        found = (
            self._topics(profile.topics),
            self._organizations(profile.organizations),
            self._phrases(profile.organizations, "title", "summary"),
            self._phrases(profile.keywords),
            self._places(profile.hubs, profile.states, together=False),
        )
        united = joined_by(" OR ", [condition for condition in found if condition])
        return [Sql(f"({united.text})", united.params)]

    def always(self) -> list[Sql]:
        """Return what narrows whatever is walked: the profile's kinds, exclusions, what is new."""
        query, found = self._query, []
        profile = query.profile
        if profile is not None and profile.kinds:
            found.append(any_of("i.kind", profile.kinds))
        excluded = self._phrases((*query.filters.exclude, *(profile.exclude if profile else ())))
        if excluded:
            found.append(Sql(f"NOT {excluded.text}", excluded.params))
        if query.new_for is not None:
            found.append(self._new(query.new_for))
        return found

    def _typed(self, text: str | None) -> Sql | None:
        return None if text is None else self._hit(typed_expression(text))

    def _topics(self, topics: Sequence[str]) -> Sql | None:
        if not topics:
            return None
        wanted = any_of("x.topic", topics)
        return Sql(
            "EXISTS (SELECT 1 FROM item_topics AS x WHERE x.item = i.number"
            f" AND x.score >= {GIVEN} AND {wanted.text})",
            wanted.params,
        )

    def _organizations(self, wanted: Sequence[str]) -> Sql | None:
        if not wanted:
            return None
        numbers = any_of("y.organization", names.organizations_like(self._store, wanted))
        return Sql(
            f"EXISTS (SELECT 1 FROM item_organizations AS y WHERE y.item = i.number AND {numbers.text})",
            numbers.params,
        )

    def _phrases(self, wanted: tuple[str, ...], *columns: str) -> Sql | None:
        if not wanted:
            return None
        expression = any_phrase(wanted, columns=" ".join(columns))
        if not expression:
            return any_of("i.number", ())
        both = joined_by(" AND ", (self._hit(expression), has_phrase(wanted, *columns)))
        return Sql(f"({both.text})", both.params)

    def _places(self, hubs: Sequence[str], states: Sequence[str], *, together: bool) -> Sql | None:
        if not (hubs or states):
            return None
        return any_of("i.source", sources_of(self._store, hubs, states, together=together))

    def _sources(self, sources: Sequence[str]) -> Sql | None:
        if not sources:
            return None
        own, mates = any_of("i.source", sources), any_of("m.source", sources)
        return Sql(
            f"({own.text}"
            f" OR EXISTS (SELECT 1 FROM items AS m WHERE m.id = i.story AND {mates.text})"
            " OR EXISTS (SELECT 1 FROM items AS m WHERE m.story = i.story AND m.story <> m.id"
            f" AND {mates.text}))",
            (*own.params, *mates.params, *mates.params),
        )

    def _hit(self, expression: str) -> Sql:
        if self._low is None:
            self._low = lowest_number(self._store, to_time(self._query.filters.since))
        return is_hit(expression, self._low)

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
