"""What was seen of sources, as text for people and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from hubwatch.models import Sight
from hubwatch.render import json, tables, words
from hubwatch.text import urls

_FIRST = 5  # items shown of one source


def one(sight: Sight, *, now: datetime) -> Iterator[str]:
    """Explain what was recognized at one source, by what, and its first items."""
    yield f"{sight.source.id}: {urls.mask(sight.source.url)}"
    if sight.error is not None:
        yield f"  not readable: {sight.error}"
        if sight.suggestion:
            yield f"  suggestion: {sight.suggestion}"
        return
    yield f"  read at: {urls.mask(sight.url or '')} ({sight.kind})"
    if sight.how:
        yield f"  recognized by: {sight.how}"
    yield f"  items: {len(sight.items)}" + (
        f", newest {words.age(sight.newest, now=now)}" if sight.newest else ""
    )
    yield from (f"  note: {problem}" for problem in sight.problems)
    for item in sight.items[:_FIRST]:
        day = f"{item.published:%Y-%m-%d}" if item.published else "undated   "
        yield f"    {day}  {item.title}"
        yield f"                {item.url or ''}"
    if len(sight.items) > _FIRST:
        yield f"    and {len(sight.items) - _FIRST:,} more"


def table(sights: Sequence[Sight], *, now: datetime) -> Iterator[str]:
    """Write one line a source, those that need a look first, then the sum."""
    ordered = sorted(sights, key=lambda s: (s.error is None, not _note(s), s.source.id))
    rows = [
        (
            s.source.id,
            "failed" if s.error else s.kind or "",
            f"{len(s.items):,}" if s.error is None else "-",
            words.age(s.newest, now=now) if s.newest else "-",
            _note(s),
        )
        for s in ordered
    ]
    yield from tables.table(rows, ("source", "is", "items", "newest", "note"), stretch=4)
    failed = sum(s.error is not None for s in sights)
    yield f"{len(sights) - failed} of {len(sights)} can be read"


def _note(sight: Sight) -> str:
    """Say what is wrong, what to write instead, and what was noticed on the way."""
    if sight.error:
        return words.what_happened(sight.error)
    return "; ".join(filter(None, (sight.suggestion, *sight.problems)))


def as_json(sights: Sequence[Sight]) -> str:
    """Write what was seen as a JSON array."""
    return json.array(_object(sight) for sight in sights)


def _object(sight: Sight) -> dict[str, object]:
    error = {"code": sight.error_code, "message": sight.error} if sight.error is not None else None
    return {
        "source": sight.source.id,
        "url": urls.mask(sight.source.url),
        "read_at": urls.mask(sight.url) if sight.url else None,
        "kind": sight.kind,
        "how": sight.how,
        "http_status": sight.http_status,
        "items": len(sight.items),
        "newest": json.moment(sight.newest),
        "first": [
            {"title": item.title, "url": item.url, "published": json.moment(item.published)}
            for item in sight.items[:_FIRST]
        ],
        "problems": list(sight.problems),
        "suggestion": sight.suggestion,
        "error": error,
    }
