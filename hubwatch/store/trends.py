"""How many items over time, by topic, hub, kind or state; and how many each topic has in all."""

from __future__ import annotations

from collections import Counter
from typing import Literal

from hubwatch.models import GIVEN
from hubwatch.models.dataclass import dataclass
from hubwatch.store import candidates
from hubwatch.store.db import Store
from hubwatch.store.query import ItemQuery

By = Literal["topic", "hub", "kind", "state"]
Bucket = Literal["day", "week", "month"]

_BUCKETS: dict[Bucket, str] = {
    "day": "substr(c.effective, 1, 10)",
    "week": "date(c.effective, 'weekday 0', '-6 days')",  # its Monday
    "month": "substr(c.effective, 1, 7) || '-01'",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """How many items one topic (hub, kind, ...) had in one stretch of time."""

    start: str  # ISO date of its first day
    key: str
    items: int


def counts_over_time(store: Store, query: ItemQuery, *, by: By, bucket: Bucket) -> tuple[Count, ...]:
    """Count the matching items by stretch of time; what has no hub (state, topic) is left out."""
    start = _BUCKETS[bucket]
    is_by_source = by in ("hub", "state")
    columns = ("number", "effective", "source") if is_by_source else ("number", "effective")
    chosen = candidates.every(store, query, *columns)
    if by == "topic":
        sql = (
            f"SELECT {start}, t.topic, count(*) FROM ({chosen.text}) AS c"
            f" CROSS JOIN item_topics AS t ON t.item = c.number WHERE t.score >= {GIVEN} GROUP BY 1, 2"
        )
    elif is_by_source:
        sql = f"SELECT {start}, c.source, count(*) FROM ({chosen.text}) AS c GROUP BY 1, 2"
    else:
        sql = (
            f"SELECT {start}, i.kind, count(*) FROM ({chosen.text}) AS c"
            " CROSS JOIN items AS i ON i.number = c.number GROUP BY 1, 2"
        )
    rows = store.rows(sql, chosen.params)
    if is_by_source:
        owner: dict[str, str | None] = dict(store.rows(f"SELECT id, {by} FROM sources"))
        totals: Counter[tuple[str, str]] = Counter()
        for first, source, items in rows:
            key = owner.get(source)
            if key:
                totals[first, key] += items
        rows = [(first, key, items) for (first, key), items in totals.items()]
    return tuple(Count(start=first, key=key, items=items) for first, key, items in sorted(rows))


def topic_counts(store: Store) -> dict[str, int]:
    """Return for each topic how many items have it."""
    return dict(store.rows("SELECT topic, items FROM topic_totals WHERE items > 0"))
