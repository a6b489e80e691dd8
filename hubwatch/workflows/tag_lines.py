"""Read items as JSON Lines, write each back with the tag fields added. No store, no network."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from typing import Any

from hubwatch import catalog, facts
from hubwatch.models import Item
from hubwatch.text import dates, plain

_TEXTS = ("title", "summary", "content", "url", "source", "hub")
_GIVEN = 0.5


def run(
    lines: Iterable[bytes], rules: facts.Rules, *, now: datetime
) -> Iterator[tuple[str | None, str | None]]:
    """Yield, for each line, the tagged line or what is wrong with it (named with its number)."""
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            record = _read(line)
        except ValueError as error:
            yield None, f"line {number}: {error}"
            continue
        yield json.dumps({**record, **tag_fields(record, rules, now=now)}, ensure_ascii=False) + "\n", None


def tag_fields(record: dict[str, Any], rules: facts.Rules, *, now: datetime) -> dict[str, Any]:
    """Return the tag fields of one record: topics, kind, organizations, money_usd, deadline."""
    texts = {name: str(record.get(name) or "") for name in _TEXTS}
    hub = catalog.find_hub(texts["hub"]) if texts["hub"] else None
    tagged = facts.tag(
        _item(texts, record.get("published"), now=now),
        rules,
        hub_topics=hub.topics if hub else (),
        hub_names=(hub.name, *((hub.acronym,) if hub.acronym else ())) if hub else (),
    )
    return {
        "topics": [
            {"topic": tag.topic, "score": round(tag.score, 3), "matches": list(tag.matches)}
            for tag in tagged.tags
            if tag.score >= _GIVEN
        ],
        "kind": tagged.kind,
        "organizations": list(tagged.organizations),
        "money_usd": _number(tagged.money_usd),
        "deadline": tagged.deadline.isoformat() if isinstance(tagged.deadline, date) else None,
    }


def _read(line: bytes) -> dict[str, Any]:
    try:
        record = json.loads(line)
    except json.JSONDecodeError as error:
        # json counts lines too, and each of ours is its first.
        raise ValueError(f"not JSON: {error.msg} at column {error.colno}") from error
    except UnicodeDecodeError as error:
        raise ValueError(f"not UTF-8 text at byte {error.start + 1}") from error
    except RecursionError as error:
        raise ValueError("not JSON that can be read: nested too deeply") from error
    if not isinstance(record, dict):
        raise ValueError("not a JSON object; write one object a line")
    for name in ("title", "summary", "content"):
        if not isinstance(record.get(name, ""), str | None):
            raise ValueError(f"'{name}' is not a string")
    return record


def _item(texts: dict[str, str], published: object, *, now: datetime) -> Item:
    when = dates.parse(str(published), now=now) if published else None
    return Item(
        id="",
        source=texts["source"],
        title=plain.to_line(texts["title"]),
        summary=plain.to_paragraphs(texts["summary"]),
        content=plain.to_paragraphs(texts["content"]) if texts["content"] else "",
        url=texts["url"] or None,
        published=when,
        first_seen=when or datetime(1900, 1, 1, tzinfo=UTC),
        updated=now,
        effective=when or now,
    )


def _number(value: float | None) -> int | float | None:
    return int(value) if value is not None and value == int(value) else value
