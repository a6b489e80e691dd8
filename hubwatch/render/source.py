"""One source in full: how it is read, how that went, when it is asked next; as plain lines and as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from hubwatch.models import SourceHealth
from hubwatch.render import json, lists, words
from hubwatch.render.tables import wrap
from hubwatch.text import ages, urls

_LABEL = 13


def lines(row: SourceHealth, *, followed: bool, now: datetime) -> Iterator[str]:
    """Write one source for reading; `followed` says whether the configuration asks it at all."""
    source = row.source
    yield from wrap(f"{source.name} ({source.id})" if source.name != source.id else source.id)
    for name, value in _fields(row, followed=followed, now=now):
        if value:
            yield from wrap(value, first=f"  {name:<{_LABEL}} ")
    if len(source.candidates) > 1:
        yield "  addresses to try, most trusted first"
        for each in source.candidates:
            yield f"    {urls.mask(each.url)} ({each.kind})"
    if source.homepage:
        yield f"    {urls.mask(source.homepage)} (the homepage, to find its news)"


def as_json(row: SourceHealth, *, followed: bool) -> str:
    """Write one source as a JSON object: the keys of the list, and how it is set up."""
    source = row.source
    more = {
        "followed": followed,
        "every": ages.format_duration(source.every_s) if source.every_s else None,
        "candidates": [{"url": urls.mask(each.url), "kind": each.kind} for each in source.candidates],
        "homepage": urls.mask(source.homepage) if source.homepage else None,
    }
    return json.dumps({**lists.source_object(row), **more}) + "\n"


def _fields(row: SourceHealth, *, followed: bool, now: datetime) -> tuple[tuple[str, str | None], ...]:
    source, state = row.source, row.state
    newest = f", newest {words.age(row.newest, now=now)}" if row.newest else ""
    silent = f"; {lists.silence(row.silent_for_s)}" if row.silent_for_s else ""
    return (
        ("health", lists.health_word(row) if followed else "not followed"),
        ("address", urls.mask(source.url)),
        ("read at", urls.mask(state.url) if state.url and state.url != source.url else None),
        ("read as", state.kind or f"{source.kind}, not read yet"),
        ("holds", source.what if source.what != "news" else None),
        ("hub", source.hub),
        ("state", source.state),
        ("items", f"{row.items:,}{newest}{silent}"),
        ("last success", _moment(state.last_success, now=now) or "never"),
        ("last error", _error(row, now=now)),
        ("next due", lists.due(row, now=now) if followed else "-"),
        ("every", ages.format_duration(source.every_s) if source.every_s else None),
    )


def _error(row: SourceHealth, *, now: datetime) -> str | None:
    state = row.state
    when = _moment(state.last_failure, now=now)
    if not state.failures:
        return f"{when}, read again since" if when else None
    times = f", {state.failures} times in a row" if state.failures > 1 else ""
    code = f" ({state.error_code})" if state.error_code else ""
    return f"{when or 'lately'}{times}: {state.error_message or 'failed'}{code}"


def _moment(when: datetime | None, *, now: datetime) -> str | None:
    return f"{when:%Y-%m-%d %H:%M} UTC ({words.age(when, now=now)})" if when else None
