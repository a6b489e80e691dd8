"""Lists as aligned plain text that fits the width, and as JSON: topics, trends, sources."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from hubwatch.models import SourceHealth, Topic, Trend
from hubwatch.render import json, tables, words
from hubwatch.text import urls
from hubwatch.text.numbers import counted

_PHRASES = 5  # of those in which a term does not count, as many as are shown


def topics_table(topics: Sequence[Topic], counts: Mapping[str, int]) -> Iterator[str]:
    """Write the topics with their counts."""
    rows = [(topic.id, f"{counts.get(topic.id, 0):,}", topic.name) for topic in topics]
    yield from tables.table(rows, ("topic", "items", "name"), stretch=2)


def topic_lines(
    topic: Topic, counts: Mapping[str, int], cancelled: Mapping[str, Sequence[str]]
) -> Iterator[str]:
    """Write one topic in full, and which of the user's terms do not count within which phrases."""
    yield from tables.wrap(f"{topic.name} ({topic.id}), {counted(counts.get(topic.id, 0), 'item')}")
    if topic.description:
        yield from tables.wrap(topic.description)
    for heading, terms in (("terms", topic.terms), ("weak terms", topic.weak), ("not", topic.cancels)):
        if terms:
            yield ""
            yield f"{heading} ({len(terms):,}):"
            yield from tables.listed(terms, indent="  ")
    if cancelled:
        yield ""
        yield "your terms, and in which phrases they do not count:"
    for term, phrases in cancelled.items():
        more = f" and {len(phrases) - _PHRASES} more" if len(phrases) > _PHRASES else ""
        yield from tables.wrap(f"{term}: {', '.join(phrases[:_PHRASES])}{more}", first="  ", rest="    ")


def topics_json(topics: Sequence[Topic], counts: Mapping[str, int]) -> str:
    """Write the topics as a JSON array."""
    return json.array(
        {
            "topic": topic.id,
            "name": topic.name,
            "description": topic.description,
            "items": counts.get(topic.id, 0),
            "terms": list(topic.terms),
            "weak": list(topic.weak),
            "not": list(topic.cancels),
        }
        for topic in topics
    )


def trends_json(trends: Sequence[Trend], *, by: str, bucket: str) -> str:
    """Write the numbers of trends as a JSON array."""
    return json.array(
        {
            "key": trend.key,
            "name": trend.name,
            "by": by,
            "bucket": bucket,
            "total": trend.total,
            "counts": [
                {"start": start.isoformat(), "items": count}
                for start, count in zip(trend.starts, trend.counts, strict=True)
            ],
        }
        for trend in trends
    )


def sources_table(rows: Sequence[SourceHealth], *, now: datetime) -> Iterator[str]:
    """Write the sources with their health."""
    cells = [
        (
            row.source.id,
            health_word(row),
            f"{row.items:,}",
            _newest(row, now=now),
            due(row, now=now),
            _note(row),
        )
        for row in rows
    ]
    yield from tables.table(
        cells, ("source", "health", "items", "newest", "next due", "note"), stretch=5, spare=(3, 2)
    )


def sources_json(rows: Sequence[SourceHealth]) -> str:
    """Write the sources with their health as a JSON array."""
    return json.array(source_object(row) for row in rows)


def health_word(row: SourceHealth) -> str:
    """Say how a source is, in a word."""
    state = row.state
    if not row.source.enabled:
        return "disabled"
    if state.ended:
        return "ended"
    if state.last_asked is None:
        return "not asked"
    if state.failures:
        return "unreached" if row.source.builtin and state.last_success is None else "failing"
    return "silent" if row.silent_for_s else "ok"


def source_object(row: SourceHealth) -> dict[str, object]:
    """Return one source with its health as an object."""
    source, state = row.source, row.state
    error = {"code": state.error_code, "message": state.error_message} if state.failures else None
    return {
        "source": source.id,
        "name": source.name,
        "url": urls.mask(source.url),
        "kind": source.kind,
        "what": source.what,
        "hub": source.hub,
        "state": source.state,
        "enabled": source.enabled,
        "builtin": source.builtin,
        "health": health_word(row),
        "read_at": urls.mask(state.url) if state.url else None,
        "read_as": state.kind,
        "items": row.items,
        "newest": json.moment(row.newest),
        "last_success": json.moment(state.last_success),
        "last_failure": json.moment(state.last_failure),
        "failures": state.failures,
        "error": error,
        "next_due": json.moment(state.next_due) if _is_asked(row) else None,
    }


def _newest(row: SourceHealth, *, now: datetime) -> str:
    return words.age(row.newest, now=now) if row.newest else "-"


def due(row: SourceHealth, *, now: datetime) -> str:
    """Say when a source is asked next; one that is disabled or ended never is."""
    when = row.state.next_due
    if not _is_asked(row):
        return "-"
    if when is None or when <= now:
        return "now"
    minutes = max(round((when - now).total_seconds() / 60), 1)
    hours = round(minutes / 60)
    if hours < 48:
        return f"in {hours} h" if minutes >= 60 else f"in {minutes} min"
    return f"in {round(hours / 24)} days"


def silence(seconds: int) -> str:
    """Say for how long a source has been silent, where that is far longer than usual."""
    return f"nothing new for {counted(seconds // 86_400, 'day')}, which is unusual"


def _is_asked(row: SourceHealth) -> bool:
    return row.source.enabled and not row.state.ended


def _note(row: SourceHealth) -> str:
    if row.state.failures:
        times = f" ({row.state.failures} times)" if row.state.failures > 1 else ""
        return words.what_happened(row.state.error_message or "failed") + times
    if row.silent_for_s:
        return silence(row.silent_for_s)
    publisher, _, part = row.source.name.rpartition(": ")
    # "LIFT: members" of the catalog: several sources of one publisher differ at the end, which is cut first.
    return f"{part}: {publisher}" if publisher and row.source.builtin else row.source.name
