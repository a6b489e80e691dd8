"""Count items by topic, hub, kind or state in equal stretches of time, the empty ones included."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hubwatch.models import Digest, Filters, Item, Trend
from hubwatch.store import trends
from hubwatch.store.db import Store
from hubwatch.store.query import ItemQuery
from hubwatch.store.trends import Bucket, By
from hubwatch.workflows import matching

_CHARTED = 8  # topics that a digest draws
_MONTHS = 12
LONG_AGO = 1970  # what is undated and old stands before this year


def collect(
    store: Store,
    filters: Filters,
    *,
    by: By,
    bucket: Bucket,
    now: datetime,
    names: Mapping[str, str] | None = None,
) -> tuple[Trend, ...]:
    """Return the trends of the matching items, the largest first."""
    since, until = period(filters, now=now)
    asked = replace(filters, since=since)
    counts: dict[str, Counter[date]] = {}
    for start, key, number in _counts(store, asked, by=by, bucket=bucket, now=now):
        if by == "topic" and filters.topics and key not in filters.topics:
            continue  # an item of a wanted topic counts for that topic, not for its others
        if start.year >= LONG_AGO:
            counts.setdefault(key, Counter())[start] += number
    # A time that begins before the first item is drawn from the first item on.
    first = min((start for counted in counts.values() for start in counted), default=since.date())
    starts = tuple(_starts(max(since.date(), first), until.date(), bucket))
    found = [
        Trend(
            key=key,
            name=(names or {}).get(key, key),
            starts=starts,
            counts=tuple(counted[start] for start in starts),
        )
        for key, counted in counts.items()
    ]
    return tuple(sorted((t for t in found if t.total), key=lambda t: (-t.total, t.key)))


def of_digest(
    store: Store, digest: Digest, wanted: tuple[str, ...], *, names: Mapping[str, str] | None = None
) -> tuple[Trend, ...]:
    """Return how the topics of a digest went over the last year, by month: the wanted ones, else its own."""
    topics = wanted or tuple(topic for topic, _ in _topics(digest).most_common(_CHARTED))
    if not topics:
        return ()
    filters = Filters(topics=topics[:_CHARTED])
    return collect(store, filters, by="topic", bucket="month", now=digest.created, names=names)


def period(filters: Filters, *, now: datetime) -> tuple[datetime, datetime]:
    """Return the time that is asked for in UTC: the last twelve months where nothing else is said."""
    until = min(filters.until or now, now).astimezone(UTC)  # what lies ahead has no items to draw
    return (filters.since or year_before(until)).astimezone(UTC), until


def year_before(now: datetime) -> datetime:
    """Return the first moment of the month eleven months ago: twelve months with the one that runs."""
    months = max(now.year * 12 + now.month - _MONTHS, 12)
    return datetime(months // 12, months % 12 + 1, 1, tzinfo=UTC)


def bucket_for(since: datetime, until: datetime) -> Bucket:
    """Choose stretches so that there are neither few nor very many of them."""
    days = (until - since) / timedelta(days=1)
    return "day" if days <= 31 else "week" if days <= 190 else "month"


def _topics(digest: Digest) -> Counter[str]:
    return Counter(tag.topic for m in digest.ranked for tag in m.item.tags if tag.is_given)


def _counts(
    store: Store, filters: Filters, *, by: By, bucket: Bucket, now: datetime
) -> Iterator[tuple[date, str, int]]:
    if filters.min_score:
        yield from _scored(store, filters, by=by, bucket=bucket, now=now)
        return
    query = ItemQuery(filters=filters, now=now)
    for count in trends.counts_over_time(store, query, by=by, bucket=bucket):
        yield date.fromisoformat(count.start), count.key, count.items


def _scored(
    store: Store, filters: Filters, *, by: By, bucket: Bucket, now: datetime
) -> Iterator[tuple[date, str, int]]:
    """Count by loading the items: only the score of a whole item tells whether it is above the least one."""
    for item in matching.every_item(store, filters, now=now):
        start = start_of(item.effective.date(), bucket)
        for key in _keys(item, by):
            yield start, key, 1


def _keys(item: Item, by: By) -> tuple[str, ...]:
    if by == "topic":
        return tuple(tag.topic for tag in item.tags if tag.is_given)
    key = {"hub": item.hub, "state": item.state, "kind": item.kind}[by]
    return (key,) if key else ()


def start_of(day: date, bucket: Bucket) -> date:
    """Return the first day of the stretch that a day lies in."""
    if bucket == "month":
        return day.replace(day=1)
    return day - timedelta(days=day.weekday()) if bucket == "week" else day


def _starts(first: date, last: date, bucket: Bucket) -> Iterator[date]:
    start = start_of(first, bucket)
    while start <= last:
        yield start
        if bucket == "month":
            start = (start.replace(day=28) + timedelta(days=4)).replace(day=1)
        else:
            start += timedelta(days=7 if bucket == "week" else 1)
