"""Read items as JSON Lines, write each back with the tag fields added. No store, no network."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from io import BufferedIOBase
from itertools import count
from typing import Any

from hubwatch import catalog, facts
from hubwatch.models import Hub, Item
from hubwatch.normalize import CONTENT_LIMIT
from hubwatch.text import dates, plain
from hubwatch.text.controls import escape_unseen

_TEXTS = ("title", "summary", "content", "url", "source", "hub")
_PIECE = 131_072  # bytes read at once, at most
_AT_ONCE = 256  # lines tagged at once, at most: of more, each fact costs less
_encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False).encode


def run(
    batches: Iterable[Sequence[bytes]], rules: facts.Rules, *, now: datetime
) -> Iterator[tuple[str | None, str | None]]:
    """Yield, for each line, the tagged line or what is wrong with it (named with its number)."""
    numbers = count(1)
    for lines in batches:
        read: list[dict[str, Any] | str] = []  # a record, or what is wrong
        numbered: list[int] = []  # of each the line
        for line, number in zip(lines, numbers, strict=False):
            if line.strip():
                numbered.append(number)
                try:
                    read.append(_read(line))
                except ValueError as error:
                    read.append(f"line {number}: {error}")
        records = [record for record in read if isinstance(record, dict)]
        tagged = iter(facts.tag_all([_item(record, now=now) for record in records], rules))
        for record, number in zip(read, numbered, strict=True):
            if not isinstance(record, dict):
                yield None, record
                continue
            answer = {**record, **_tag_fields(next(tagged))}
            try:
                yield escape_unseen(_encode(answer)) + "\n", None
            except ValueError:
                yield None, f"line {number}: not JSON: it holds NaN, or a number beyond all bounds"


def as_they_come(stream: BufferedIOBase) -> Iterator[list[bytes]]:
    """Yield the lines of a stream, at most 256 at once, and never wait for more while there are some."""
    begun: list[bytes] = []  # of the line whose end has not come yet
    while piece := stream.read1(_PIECE):
        *ended, rest = piece.split(b"\n")
        if ended:
            begun.append(ended[0])
            ended[0] = b"".join(begun)
            begun = []
            for at in range(0, len(ended), _AT_ONCE):
                yield ended[at : at + _AT_ONCE]
        begun.append(rest)
    yield [b"".join(begun)]


def _tag_fields(item: Item) -> dict[str, Any]:
    """Return the tag fields of one item: topics, kind, organizations, money_usd, deadline."""
    return {
        "topics": [
            {"topic": tag.topic, "score": round(tag.score, 3), "matches": list(tag.matches)}
            for tag in item.tags
            if tag.is_given
        ],
        "kind": item.kind,
        "organizations": list(item.organizations),
        "money_usd": _number(item.money_usd),
        "deadline": item.deadline.isoformat() if item.deadline else None,
    }


def _read(line: bytes) -> dict[str, Any]:
    try:
        record = json.loads(line)
    except json.JSONDecodeError as error:
        # json counts lines too, and each of ours is its first.
        raise ValueError(f"not JSON: {error.msg.removesuffix(' at')} at column {error.colno}") from error
    except UnicodeDecodeError as error:
        raise ValueError(f"not UTF-8 text at byte {error.start + 1}") from error
    except ValueError as error:
        raise ValueError("not JSON that can be read: a number has too many digits") from error
    except RecursionError as error:
        raise ValueError("not JSON that can be read: nested too deeply") from error
    if not isinstance(record, dict):
        raise ValueError("not a JSON object; write one object a line")
    for name in ("title", "summary", "content"):
        if not isinstance(record.get(name, ""), str | None):
            raise ValueError(f"'{name}' is not a string")
    return record


def _item(record: dict[str, Any], *, now: datetime) -> tuple[Item, Hub | None]:
    """Return the item that a record describes, and its hub."""
    texts = {name: str(record.get(name) or "") for name in _TEXTS}
    published = record.get("published")
    when = dates.parse(str(published), now=now) if published else None
    item = Item(
        id="",
        source=texts["source"],
        # What some facts cost grows with the square of a text's length.
        title=plain.to_line(texts["title"], limit=CONTENT_LIMIT),
        summary=plain.to_paragraphs(texts["summary"], limit=CONTENT_LIMIT),
        content=plain.to_paragraphs(texts["content"], limit=CONTENT_LIMIT),
        url=texts["url"] or None,
        published=when,
        first_seen=when or datetime(1900, 1, 1, tzinfo=UTC),
        updated=now,
        effective=when or now,
    )
    return item, catalog.find_hub(texts["hub"]) if texts["hub"] else None


def _number(value: float | None) -> int | float | None:
    return int(value) if value is not None and value == int(value) else value
